"""When a meeting was kept or missed, the draft lies ready; nothing is opened twice."""

from datetime import timedelta

import pytest

from rapport.core import audit, events, jobs
from rapport.core import time as clock
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.events import AppointmentKept, AppointmentMissed
from rapport.record.models import Note
from tests.factories import AnAppointment

pytestmark = pytest.mark.django_db


def told(fact):
    """Announce ``fact`` as an action would, and run what hears it."""
    with audit.unit():
        events.announce(fact)
    jobs.run_due(now=clock.now())


@pytest.fixture
def met(house):
    return AnAppointment(
        client=house.mara, clinician=house.ana, starts_at=clock.now(), status="KEPT"
    )  # fmt: skip


def test_a_kept_session_has_its_draft_by_who_held_it(house, met):
    told(AppointmentKept(met.pk))
    note = Note.objects.get()

    assert (note.author, note.client, note.kind, note.template) == (
        house.ana, house.mara, "SESSION", "dap",
    )  # fmt: skip
    assert (note.started_at, note.ended_at, note.state) == (met.starts_at, met.ends_at, "DRAFT")


def test_a_session_that_was_called_kept_as_it_began_has_its_draft(house):
    now = clock.now()
    met = AnAppointment(
        client=house.mara, clinician=house.ana, starts_at=now + timedelta(minutes=10)
    )
    meetings.settle(by=house.ana.account, appointment=met, what="KEPT", revision=1, now=now)
    jobs.run_due(now=clock.now())

    assert Note.objects.get().appointment == met


def test_told_twice_or_written_first_it_is_one_draft(begin, met):
    mine = begin(appointment=met, kind="SESSION")
    for _twice in range(2):
        told(AppointmentKept(met.pk))

    assert Note.objects.get().pk == mine.pk


def test_a_missed_session_has_a_draft_of_its_kind(met):
    met.status = "MISSED"
    met.save()
    told(AppointmentMissed(met.pk))

    assert (Note.objects.get().kind, Note.objects.get().started_at) == ("MISSED", None)


def test_what_was_taken_back_meanwhile_opens_nothing(met):
    met.status = "BOOKED"
    met.save()
    told(AppointmentKept(met.pk))

    assert not Note.objects.exists()


def test_a_couple_has_one_draft_about_the_couple(house):
    from tests.factories import ClientOf

    pair = ClientOf(kind="COUPLE", care_team=[house.ana])
    met = AnAppointment(client=pair, clinician=house.ana, starts_at=clock.now(), status="KEPT")
    told(AppointmentKept(met.pk))

    assert Note.objects.get().client == pair
