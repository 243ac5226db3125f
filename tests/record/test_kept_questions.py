"""Questions about notes whose statements are kept answer each person as if composed anew."""

import pytest
from django.db import connections

from rapport.core.policy import System
from rapport.record.models import Note
from rapport.record.notes import queries
from tests.factories import AnAppointment, ANote, APlace, APractice, ClientOf, Colleague
from tests.factories import SupervisedBy as Supervised

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    APractice()
    house = APlace()
    ana, ben = Colleague(at=[house]), Colleague(at=[house])
    ines, sam = Colleague(roles=["INTERN"]), Colleague(roles=["SUPERVISOR"])
    Supervised(supervisor=sam, supervisee=ines)
    for team, author in (([ana], ana), ([ana, ben], ben), ([ines], ines)):
        client = ClientOf(care_team=team, place=house)
        meeting = AnAppointment(client=client, clinician=author)
        ANote(client=client, author=author, appointment=meeting)
        ANote(client=client, author=author, state="WAITING", supervisor=sam)
        ANote(client=client, author=author, state="RETURNED", supervisor=sam)
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    connections["default"].__dict__.pop("prepared", None)
    return [one.account for one in (ana, ben, ines, sam, fay, ana)] + [System("test")]


def test_what_waits(people):
    for by in people:
        every = list(queries.waiting(by=by))
        first = queries.first_waiting(by=by, most=2)
        assert [one.pk for one in first] == [one.pk for one in every][:2]
        assert all(one.of == len(every) for one in first)


def test_one_note(people):
    for by in people:
        seen = set(Note.objects.clinical_to(by))
        for note in Note.objects.all():
            try:
                found = queries.get(by=by, note_id=note.pk)
            except Note.DoesNotExist:
                found = None
            assert (found == note) is (note in seen)


def test_notes_about_meetings_and_of_a_client(people):
    meetings = [note.appointment_id for note in Note.objects.exclude(appointment=None)]
    for by in people:
        mine = Note.objects.clinical_to(by).filter(author=by.staff, appointment__in=meetings)
        about = queries.of_appointments(by=by, appointments=meetings)
        assert set(about.values()) == set(mine)
        for note in Note.objects.select_related("client"):
            seen = set(Note.objects.clinical_to(by).filter(client=note.client))
            assert set(queries.of_client(by=by, client=note.client, most=9)) == seen
