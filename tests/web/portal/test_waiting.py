"""In the portal: joining the list for another hour, leaving it, and taking one."""

from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.models import Appointment, FreedHour, Offer, WaitingEntry
from rapport.meeting.waiting import offering
from tests.factories import AFreedHour, AnAccount, APractice, AWaitingEntry, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

GIVEN = {"weekdays": ["1", "3"], "parts": ["AFTERNOON"], "ways": ["VIDEO"], "notice_hours": "3",
         "from_at": "", "until_at": "16:30"}  # fmt: skip


@pytest.fixture
def ana():
    APractice()
    return Colleague(legal_name="Ana Roth")


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))


@pytest.fixture
def page(mara):
    return inside(mara.account, "portal")


def test_joining_says_when_and_is_with_those_who_care_for_one(page, mara, ana):
    assert "Put me on the list" in page.get("/portal/waiting/").content.decode()
    assert page.post("/portal/waiting/", GIVEN).status_code == 302

    entry = WaitingEntry.objects.get(client=mara)
    assert (entry.wants, entry.urgency, entry.weekdays, entry.parts) == (
        "HOUR", 3, [1, 3], ["AFTERNOON"],
    )  # fmt: skip
    assert list(entry.clinicians.all()) == [ana]
    shown = page.get("/portal/waiting/").content.decode()
    assert "You are on the list" in shown and "Monday, Wednesday" in shown


def test_saying_anew_what_would_suit_keeps_the_place(page, mara):
    entry = AWaitingEntry(client=mara)
    assert page.post("/portal/waiting/", GIVEN | {"ways": []}).status_code == 302

    kept = WaitingEntry.objects.get()
    assert (kept.pk, kept.since, kept.ways, kept.weekdays) == (entry.pk, entry.since, [], [1, 3])


def test_nonsense_is_said_beside_its_field_and_nothing_typed_is_lost(page):
    answer = page.post("/portal/waiting/", GIVEN | {"from_at": "17:00"})
    said = answer.content.decode()

    assert answer.status_code == 422
    assert "Choose a time after the first one." in said and 'value="17:00"' in said
    assert not WaitingEntry.objects.exists()
    assert page.post("/portal/waiting/", {"weekdays": ["9"]}).status_code == 422


def test_leaving_and_coming_back(page, mara):
    AWaitingEntry(client=mara)
    page.post("/portal/waiting/leave/")
    page.post("/portal/waiting/leave/")
    assert WaitingEntry.objects.get().state == "WITHDRAWN"
    page.post("/portal/waiting/", GIVEN)

    assert WaitingEntry.objects.filter(state="WAITING").count() == 1


def test_still_looking_is_said_by_one_button(page, mara):
    AWaitingEntry(client=mara, asked_at=clock.now())
    assert "still looking" in page.get("/portal/waiting/").content.decode()
    page.post("/portal/waiting/still/")

    assert WaitingEntry.objects.get().asked_at is None


def offered(mara, ana):
    AWaitingEntry(client=mara)
    start = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    hour = AFreedHour(clinician=ana, starts_at=start)
    offering.offer(by=System("test"), hour=hour, now=clock.now(), how="IN_TURN")
    return Offer.objects.get()


def test_an_hour_on_offer_stands_on_the_first_page_and_is_taken_there(page, mara, ana):
    one = offered(mara, ana)
    assert f"/portal/offers/{one.pk}/" in page.get("/portal/").content.decode()
    shown = page.get(f"/portal/offers/{one.pk}/").content.decode()
    assert "Ana Roth" in shown and "I take it" in shown
    assert (
        "It is yours" in page.post(f"/portal/offers/{one.pk}/", {"answer": "yes"}).content.decode()
    )

    assert Appointment.objects.get().client == mara
    assert "A time has become free" not in page.get("/portal/").content.decode()


def test_of_a_place_on_offer_the_first_page_says_how_often(page, mara, ana):
    one = offered(mara, ana)
    FreedHour.objects.update(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", standing=True)

    for path in ("/portal/", "/portal/waiting/", f"/portal/offers/{one.pk}/"):
        assert "Every second Tuesday, " in page.get(path).content.decode()


def test_nobody_answers_for_another(mara, ana):
    one = offered(mara, ana)
    noa = ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))
    for ask in (inside(noa.account, "portal").get, inside(noa.account, "portal").post):
        assert ask(f"/portal/offers/{one.pk}/").status_code == 404
    assert Offer.objects.get().state == "OFFERED"
