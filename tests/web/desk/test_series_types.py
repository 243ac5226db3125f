"""A standing slot of a type: its length, kind, colour and limits hold as for a single hour."""

import pytest

from rapport.meeting.models import Appointment, Series
from tests.factories import AType, Colleague

from .test_series_pages import ana, begun, browser, hidden, house, mara, third, typed

__all__ = ["ana", "browser", "house", "mara"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def couple():
    return AType(name="Couple session", minutes=75, kind="ASSESSMENT", ways=["HERE", "VIDEO"])


def test_the_type_says_how_long_and_of_what_kind(browser, ana, mara, couple):
    usual = AType(name="Session", position=9)
    page = browser.get(f"/desk/clients/{mara.pk}/standing/").content.decode()
    assert "Couple session, 75 minutes" in page and 'name="kind"' not in page
    assert f'value="{usual.pk}" selected' in page  # a session is what mostly stands

    series = begun(browser, ana, mara, type=str(couple.pk), minutes="")

    one = Appointment.objects.filter(series=series).first()
    assert (one.type, one.kind, one.slot.minutes) == (couple, "ASSESSMENT", 75)
    assert "Couple session" in browser.get(f"/desk/series/{series.pk}/").content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [({"way": "PHONE"}, "way"), ({"type": "x"}, "type"), ({"type": ""}, "type")],
)
def test_what_the_type_is_not_offered_as_is_refused(browser, ana, mara, couple, given, field):
    body = typed(ana, mara, type=str(couple.pk)) | given
    answer = browser.post(f"/desk/clients/{mara.pk}/standing/", body)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Series.objects.exists()


def test_who_does_not_offer_it_has_no_standing_slot_of_it(browser, ana, mara, couple, house):
    couple.clinicians.add(Colleague(at=[house]))
    body = typed(ana, mara, type=str(couple.pk))
    answer = browser.post(f"/desk/clients/{mara.pk}/standing/", body)

    assert answer.status_code == 422
    assert "does not offer this type" in answer.content.decode()


def test_changing_all_keeps_the_type_with_its_length(browser, ana, mara, couple):
    series = begun(browser, ana, mara, type=str(couple.pk), minutes="")
    form = browser.get(f"/desk/series/{series.pk}/change/").content.decode()
    assert f'value="{couple.pk}" selected' in form

    browser.post(f"/desk/series/{series.pk}/change/", typed(
        ana, mara, type=str(couple.pk), minutes="", at="11:00", revision=series.revision,
    ))  # fmt: skip

    later = Series.objects.get(follows=series)
    assert (later.type, later.minutes) == (couple, 75)


def test_moving_this_and_following_to_another_type_takes_its_length(browser, ana, mara, couple):
    talk = AType(name="Talk", minutes=25)
    series = begun(browser, ana, mara, type=str(couple.pk), minutes="")
    one = third(series)
    page = browser.get(f"/desk/appointments/{one.pk}/move/")

    answer = browser.post(f"/desk/appointments/{one.pk}/move/", {
        "scope": "FOLLOWING", "on": one.nth_on.isoformat(), "at": "10:00", "minutes": "",
        "type": str(talk.pk), "clinician": str(ana.pk), "way": "HERE",
        "where": f"place:{mara.place_id}", "revision": one.revision,
        "series_revision": hidden(page, "series_revision"),
    })  # fmt: skip

    assert answer.status_code == 302, answer.content.decode()
    later = Series.objects.get(follows=series)
    assert (later.type, later.minutes, later.kind) == (talk, 25, talk.kind)
