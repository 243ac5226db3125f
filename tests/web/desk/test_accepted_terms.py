"""Terms on paper or by word: the desk notes it, and from then on late is late."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.meeting.appointments import actions
from rapport.meeting.models import Accepted, Appointment
from tests.factories import (
    NOW,
    AcceptedTerms,
    AnAppointment,
    APlace,
    APractice,
    ClientOf,
    Colleague,
    SomeTerms,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOT_YET = "has not accepted the terms"


@pytest.fixture(autouse=True)
def morning(db):
    with time.at(NOW):
        yield


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def fay(house):
    return inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house)


@pytest.fixture
def terms():
    return SomeTerms(version=3, from_on=NOW.date() - timedelta(days=90))


def booked(ana, mara, hours=10):
    return AnAppointment(client=mara, clinician=ana, starts_at=NOW + hours * HOUR)


def called_off(one, by):
    return actions.cancel(by=by.account, appointment=one, side="CLIENT", revision=one.revision,
                          now=NOW)  # fmt: skip


def text(answer):
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def note(page, mara, **given):
    usual = {"version": "3", "how": "PAPER", "on": NOW.date().isoformat()}
    return page.post(f"/desk/clients/{mara.pk}/terms/", usual | given)


def test_a_client_whom_the_desk_booked_is_late_once_it_is_noted_and_not_before(
    ana, fay, mara, terms
):
    first, second = booked(ana, mara), booked(ana, mara, hours=12)
    page = text(fay.get(f"/desk/appointments/{first.pk}/cancel/"))
    assert "has not accepted them, so it does not count as late" in page
    assert called_off(first, ana).late is False
    page = text(fay.get(f"/desk/appointments/{first.pk}/"))
    assert NOT_YET in page and f"/desk/clients/{mara.pk}/terms/" in page

    assert note(fay, mara).status_code == 302
    row = Accepted.objects.get()
    assert (row.terms, row.how, row.at, row.appointment) == (terms, "PAPER", NOW, None)
    assert row.noted_by.staff.roles == ["FRONT_DESK"]
    assert "it counts as late" in text(fay.get(f"/desk/appointments/{second.pk}/cancel/"))
    assert called_off(second, ana).late is True
    first.refresh_from_db()
    assert first.late is False, "what was called off before stays as it was counted"


def test_counted_as_late_by_hand_it_still_says_that_they_have_not_accepted(ana, fay, mara, terms):
    one = called_off(booked(ana, mara), ana)
    fay.post(f"/desk/appointments/{one.pk}/late/", {"late": "on", "revision": one.revision})
    page = text(fay.get(f"/desk/appointments/{one.pk}/"))

    assert "called off late" in page and NOT_YET in page


@pytest.mark.parametrize("why", ["in time", "accepted", "by the practice", "no terms"])
def test_it_is_said_only_where_it_is_so(ana, fay, mara, why):
    one = booked(ana, mara, hours=30 if why == "in time" else 10)
    version = SomeTerms() if why != "no terms" else None
    if why == "accepted":
        AcceptedTerms(appointment=one, terms=version)
    side = "PRACTICE" if why == "by the practice" else "CLIENT"
    actions.cancel(by=ana.account, appointment=one, side=side, revision=1, now=NOW)

    assert NOT_YET not in text(fay.get(f"/desk/appointments/{one.pk}/"))


def test_sent_twice_it_is_noted_once_and_another_day_or_way_is_another(fay, mara, terms):
    for _ in range(2):
        note(fay, mara)
    note(fay, mara, how="WORD", on=(NOW.date() - timedelta(days=400)).isoformat())

    assert sorted(Accepted.objects.values_list("how", flat=True)) == ["PAPER", "WORD"]
    page = text(fay.get(f"/desk/clients/{mara.pk}/terms/"))
    assert page.count("binds them") == 1
    assert page.index("on paper") < page.index("by word")


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "2030-01-08"), ("on", "0001-01-01"), ("on", "x"), ("version", "9"), ("how", "ONLINE"),
     ("how", "")],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(fay, mara, terms, field, value):
    answer = note(fay, mara, **{field: value})
    page = answer.content.decode()

    assert (answer.status_code, Accepted.objects.count()) == (422, 0)
    assert f'id="id_{field}_error"' in page
    assert field != "on" or f'value="{value}"' in page, "what was typed stays"


def test_noted_by_mistake_it_is_removed_and_one_button_brings_it_back(fay, mara, terms):
    note(fay, mara, how="WORD")
    row, where = Accepted.objects.get(), f"/desk/clients/{mara.pk}/terms/"
    fay.post(f"{where}{row.pk}/remove/")
    assert not Accepted.objects.exists()
    page = text(fay.get(where))
    assert "Removed." in page and 'name="how" value="WORD"' in page
    note(fay, mara, how="WORD")

    assert Accepted.objects.get().how == "WORD"


def test_what_the_client_accepted_themselves_is_not_removed_here(ana, fay, mara, terms):
    row = AcceptedTerms(appointment=booked(ana, mara), terms=terms)
    where = f"/desk/clients/{mara.pk}/terms/"
    assert "/remove/" not in text(fay.get(where))
    fay.post(f"{where}{row.pk}/remove/")

    assert Accepted.objects.get() == row
    assert f"/desk/appointments/{Appointment.objects.get().pk}/" in text(fay.get(where))


def test_another_clients_row_and_a_strangers_page_are_not_there(ana, fay, mara, terms, house):
    note(fay, mara)
    other = ClientOf(care_team=[ana], place=house)
    row = Accepted.objects.get()
    assert fay.post(f"/desk/clients/{other.pk}/terms/{row.pk}/remove/").status_code == 404
    stranger = inside(Colleague().account)
    assert stranger.get(f"/desk/clients/{mara.pk}/terms/").status_code == 404
    assert note(stranger, mara).status_code == 404
    assert Accepted.objects.get() == row


def test_without_any_terms_there_is_nothing_to_note(fay, mara):
    page = text(fay.get(f"/desk/clients/{mara.pk}/terms/"))

    assert "has no terms of calling off yet" in page and "<button" in page
