"""The demo can be made at any hour of any day, and then nothing that is over is left open."""

from collections import Counter
from datetime import timedelta

import pytest

from rapport.core import events, verify
from rapport.core import time as clock
from rapport.core.models import Job
from rapport.core.policy import System
from rapport.demo import cast, expected, filling, founding, stories
from rapport.demo.week import Shape
from rapport.meeting.models import Appointment
from rapport.people.models import Account, Client, GroupMember
from rapport.progress.expected import fitting
from rapport.progress.measures import actions as measures
from rapport.progress.measures import instruments
from rapport.progress.models import Alert, Asked, Sheet
from rapport.record.models import Note
from tests.demo.test_weeks import EVENING, LATE, LEAP, NIGHT, NOON, SATURDAY
from tests.factories import ClientOf

pytestmark = pytest.mark.django_db(transaction=True)


def filled(now, clients=10, years=0):
    said = []
    with clock.at(now):
        filling.fill(clients=clients, years=years, seed=1, step=said.append)
    return said


@pytest.mark.parametrize(
    "now", [NIGHT, NOON, EVENING, LATE, SATURDAY, LEAP], ids=lambda one: f"{one:%a-%H%M}"
)
def test_at_whatever_hour_it_is_made_what_is_over_is_settled_and_one_alert_waits(now):
    said = filled(now)
    assert said[0] == "8 colleagues" and "10 clients" in said[-2]
    over = Appointment.objects.filter(ends_at__lte=now, status="BOOKED")
    assert not over.exists()
    ahead = Appointment.objects.filter(starts_at__gt=now)
    states = set(ahead.values_list("status", flat=True))
    assert "BOOKED" in states and states <= {"BOOKED", "REQUESTED", "CANCELLED"}
    alert = Alert.objects.get(acknowledged_at=None)
    assert alert.answer_by > now >= alert.raised_at
    assert alert.owner.account.email == "ana@demo.invalid"
    assert alert.client.legal_name == cast.NAMED[cast.RISK]
    assert {job.name for job in Job.objects.all()} == {
        "contact.reactions.tell_who_owns_it", "progress.reactions.ask_what_was_raised",
        "progress.reactions.compare",
    }  # fmt: skip
    assert not Note.objects.filter(saved_at__gt=now).exists()
    assert not Sheet.objects.filter(answered_at__gt=now).exists()


def test_what_was_made_verifies_and_mara_has_something_to_do():
    filled(NOON)
    assert [str(problem) for _name, problem in verify.everything() if problem] == []
    mara = Account.objects.get(email="mara@demo.invalid").client
    assert Asked.objects.filter(client=mara, state="OPEN", way="PORTAL").count() == 1
    couple = Client.objects.get(kind="COUPLE")
    assert GroupMember.objects.filter(client=couple).count() == 2


@pytest.mark.parametrize("later", range(7))
def test_on_every_day_of_the_week_something_waits_in_maras_portal(later):
    filled(NOON + timedelta(days=later), clients=1)
    mara = Account.objects.get(email="mara@demo.invalid").client
    assert Asked.objects.filter(client=mara, state="OPEN", way="PORTAL").exists()


def test_the_first_client_alone_makes_a_demo_too():
    assert "1 client," in filled(NOON, clients=1)[-1]
    assert not Alert.objects.filter(acknowledged_at=None).exists()


def test_notes_are_by_whoever_met_the_client_and_an_interns_have_two_signatures():
    filled(NOON, clients=20, years=0)
    notes = Note.objects.select_related("author", "supervisor", "appointment")
    assert all(n.appointment is None or n.appointment.clinician_id == n.author_id for n in notes)
    signed = [note for note in notes if note.state == "SIGNED"]
    found = Counter((n.author.has("INTERN"), n.cosigned_at is not None) for n in signed)
    assert found[True, False] == found[False, True] == 0
    assert found[True, True] > 0 and found[False, False] > 0


def test_a_large_demo_has_former_clients_whose_sheets_say_how_scores_move(monkeypatch):
    monkeypatch.setattr(expected, "FORMER", 3)
    began = NOON - timedelta(days=366)
    with clock.at(began):
        shape = Shape(NOON, clock.zone_named("UTC"))
        house = founding.found(System("demo"), began.date(), shape)
    with clock.at(NOON):
        expected.former(house, seed=1)

    ended = list(fitting.ended(instruments.get("phq-9").content))
    assert len(ended) == 3
    assert {len(one.later) for one in ended} <= {3, 6}
    assert Client.objects.exclude(archived_at=None).count() == 3
    assert not (Alert.objects.exists() or Job.objects.exists())
    assert [str(problem) for _name, problem in verify.everything() if problem] == []


def test_a_former_sheet_is_the_one_that_entering_it_from_paper_writes():
    with clock.at(NOON), events.untold():
        client = ClientOf()
        day = clock.local(NOON).date() - timedelta(days=30)
        sheet, score = expected.on_paper(client, 17, day, seed=4)
        entered = measures.enter(
            by=System("demo"), client=client, instrument="phq-9", version=sheet.version, now=NOON,
            source="PAPER", answered_on=day, answers=stories.answers("phq-9", 17, 4),
        )  # fmt: skip

    for made, written in ((sheet, entered), (score, entered.score)):
        names = [one.attname for one in made._meta.concrete_fields]
        values = {name: getattr(made, name) for name in names
                      if name not in ("id", "sheet_id", "whole_id")}  # fmt: skip
        assert values == {name: getattr(written, name) for name in values}
