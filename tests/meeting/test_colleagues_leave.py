"""Meetings of a colleague who leaves: listed, handed over where they fit, or called off."""

from datetime import time, timedelta

import pytest

from rapport.core import time as clock
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, Series
from rapport.meeting.parting import colleagues
from rapport.meeting.series import actions as series
from rapport.meeting.series.rules import Rule
from tests.factories import (
    NOW,
    AnAppointment,
    ATimeOff,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

BY = System("test")
DAY = timedelta(days=1)
TOMORROW = NOW + DAY


@pytest.fixture(autouse=True)
def at_nine():
    with clock.at(NOW):
        yield


@pytest.fixture
def ana(house):
    return Colleague(at=[house], display_name="Ana")


@pytest.fixture
def ben(house):
    return Colleague(at=[house], display_name="Ben")


@pytest.fixture
def olga(house):
    return Colleague(roles=["OWNER"], at=[house])


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


def book(client, clinician, at, **given):
    return appointments.book(by=BY, client=client, clinician=clinician, slot=lasting(at, 50),
                             now=NOW, place=client.place, **given)  # fmt: skip


def over(olga, ana, ben, on=TOMORROW):
    return colleagues.hand_over(by=olga.account, leaving=ana, staff=ben, on=on.date(), now=NOW)


def test_what_fits_goes_over_and_the_rest_is_named_by_its_time(house, ana, ben, olga, mara):
    stays = book(mara, ana, NOW + timedelta(hours=3))
    goes = book(mara, ana, TOMORROW)
    taken = book(mara, ana, TOMORROW + 2 * DAY)
    book(ClientOf(place=house), ben, TOMORROW + 2 * DAY)
    away = book(mara, ana, TOMORROW + 3 * DAY)
    ATimeOff(staff=ben, starts_at=away.starts_at, ends_at=away.ends_at)
    talk = AType()
    talk.clinicians.add(ana)
    his_not = book(mara, ana, TOMORROW + 4 * DAY, type=talk)
    asked = book(mara, ana, TOMORROW + 5 * DAY, asked_for=True)

    found = over(olga, ana, ben)

    assert found.moved == 1
    assert found.stay == [one.starts_at for one in (taken, away, his_not, asked)]
    for one, who in ((stays, ana), (goes, ben), (taken, ana), (away, ana), (his_not, ana)):
        one.refresh_from_db()
        assert one.clinician == who


def test_a_standing_slot_goes_on_with_who_takes_over(house, ana, ben, olga, mara):
    wanted = series.Wanted(clinician=ana, rule=Rule("WEEKLY"), starts_on=TOMORROW.date(),
                           at=time(10), holidays="KEEP", place=house)  # fmt: skip
    slot = series.begin(by=BY, client=mara, wanted=wanted, now=NOW)
    times = list(slot.appointments.order_by("starts_at").values_list("starts_at", flat=True))
    AnAppointment(client=ClientOf(), clinician=ben, starts_at=times[2])

    found = over(olga, ana, ben, TOMORROW + 7 * DAY)

    later = Series.objects.get(follows=slot)
    assert later.clinician == ben
    assert found.stay == [times[2]] and found.moved == later.appointments.count()
    assert list(slot.appointments.values_list("starts_at", flat=True)) == times[:1]
    theirs = later.appointments.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(theirs)[:3] == [times[1], *times[3:5]]


def test_what_nobody_takes_over_is_called_off(house, ana, olga, mara):
    one = book(mara, ana, TOMORROW)
    earlier = book(mara, ana, NOW + timedelta(hours=3))

    assert colleagues.call_off(by=olga.account, staff=ana, on=TOMORROW.date(), now=NOW) == 1

    one.refresh_from_db()
    earlier.refresh_from_db()
    assert (one.status, one.cancelled_by, earlier.status) == ("CANCELLED", "PRACTICE", "BOOKED")


def test_only_an_owner_does_either(ana, ben, mara):
    one = book(mara, ana, TOMORROW)
    with pytest.raises(Denied):
        over(ben, ana, ben)
    with pytest.raises(Denied):
        colleagues.call_off(by=ben.account, staff=ana, on=TOMORROW.date(), now=NOW)
    assert Appointment.objects.get(pk=one.pk).clinician == ana


class TestThePages:
    def post(self, olga, ana, what="end/", **said):
        address = f"/desk/staff/{ana.pk}/{what}"
        page = inside(olga.account).post(address, said, follow=True)
        return page.content.decode()

    @pytest.fixture(autouse=True)
    def meetings(self, house, ana, ben, mara):
        book(mara, ana, TOMORROW)
        book(mara, ana, TOMORROW + DAY)
        book(ClientOf(place=house), ben, TOMORROW + DAY)

    def test_it_is_said_how_many_there_are_and_when_and_no_name(self, olga, ana):
        page = inside(olga.account).get(f"/desk/staff/{ana.pk}/end/").content.decode()
        assert "2 meetings are booked with this colleague." in page
        assert "8 Jan 2030" in page and "Mara" not in page

    @pytest.mark.parametrize(
        ("what", "says", "states"),
        [
            ("MOVE", "1 was not free for whoever takes over: 9 Jan 2030", ["Ben", "Ana"]),
            ("CALL_OFF", "1 meeting was called off.", ["Ben", "off"]),
            ("STAY", "", ["Ana", "Ana"]),
        ],
    )
    def test_leaving_does_with_them_what_was_chosen(self, olga, ana, ben, mara, what, says, states):
        page = self.post(olga, ana, on=NOW.date(), to=ben.pk, meetings=what)

        assert says in page and ("1 meeting goes to Ben." in page) is (what != "STAY")
        rows = Appointment.objects.filter(client=mara).order_by("starts_at")
        found = ["off" if one.status == "CANCELLED" else one.clinician.display_name for one in rows]
        assert found == states

    def test_who_left_before_hands_them_over_later(self, olga, ana, ben, mara):
        self.post(olga, ana, on=NOW.date(), to="", meetings="MOVE")
        assert Appointment.objects.filter(client=mara, clinician=ana).count() == 2

        page = self.post(olga, ana, "hand-over/", to=ben.pk, meetings="MOVE")

        assert "1 meeting goes to Ben." in page
