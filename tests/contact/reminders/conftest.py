"""A practice that reminds its clients, one of them with an address, and a meeting ahead."""

from datetime import timedelta

import pytest

from rapport.contact.models import Delivery
from rapport.contact.reminders import actions, delivering, queries
from rapport.contact.reminders.jobs import look
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.appointments.rules import lasting
from rapport.people.circle import actions as circle
from tests.contact.conftest import NOW
from tests.factories import APlace, APractice, ClientOf, Colleague

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY = System("test")


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with time.at(NOW):
        yield


class House:
    """What a test says about reminders, in few words."""

    def __init__(self):
        APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en")
        self.place = APlace()
        self.ana = Colleague(at=[self.place], legal_name="Ana Roth")
        self.mara = ClientOf(legal_name="Mara Lindgren", care_team=[self.ana], place=self.place)

    def reminds(self, offsets=(1440,), order=("mail",), notices=(), links=(), quiet=(None, None),
                before=False):  # fmt: skip
        return actions.set_reminding(
            by=BY, offsets=offsets, order=order, notices=notices, links=links,
            quiet_from=quiet[0], quiet_until=quiet[1], quiet_before=before, now=NOW,
        )  # fmt: skip

    def reached(self, client=None, mail="mara@home.example", safe=True):
        return circle.add_contact(
            by=BY, client=client or self.mara, kind="MAIL", value=mail, safe_to_write=safe
        )

    def called(self, client=None, number="+49 30 901820", **safe):
        return circle.add_contact(
            by=BY, client=client or self.mara, kind="PHONE", value=number, **safe
        )

    def books(self, start, client=None, now=NOW, **given):
        return meetings.book(
            by=BY, client=client or self.mara, clinician=self.ana, slot=lasting(start, 50),
            now=now, place=self.place, **given,
        )  # fmt: skip

    def moves(self, meeting, start, now=NOW):
        meeting.refresh_from_db()
        return meetings.move(
            by=BY, appointment=meeting, slot=lasting(start, 50), revision=meeting.revision,
            now=now, clinician=self.ana, way="HERE", place=self.place,
        )  # fmt: skip

    def cancels(self, meeting, now=NOW):
        meeting.refresh_from_db()
        return meetings.cancel(
            by=BY, appointment=meeting, side="PRACTICE", revision=meeting.revision, now=now
        )

    def chooses(self, client=None, **given):
        usual = {"offsets": None, "order": [], "notices": ["BOOKED", "MOVED", "CANCELLED"],
                 "says": "NEUTRAL", "zone": ""}  # fmt: skip
        return actions.choose(by=BY, client=client or self.mara, now=NOW, **usual | given)


@pytest.fixture
def house(db):
    return House()


def at(instant, loud=False):
    """What the clock does at an instant: look, then send; what failed rests."""
    with time.at(instant):
        look(now=instant)
        jobs.run_due(instant, loud=loud)


def states():
    rows = Delivery.objects.order_by("planned_at", "offset", "channel")
    return [(row.kind, row.channel, row.state) for row in rows]


__all__ = ["BY", "DAY", "HOUR", "NOW", "at", "delivering", "queries", "states"]
