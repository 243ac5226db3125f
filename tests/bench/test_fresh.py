"""What the benchmark sends is work that nobody has done yet, and the real pages take it."""

import pytest
from bench import bulk, fresh, load, practice

from rapport.core import time
from rapport.meeting.models import Appointment, Occupancy
from rapport.people.models import Client
from rapport.progress.models import Score, Sheet
from rapport.record.models import Note
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house])


@pytest.fixture
def clients(house, ana):
    return [ClientOf(care_team=[ana], place=house) for _ in range(20)]


@pytest.fixture
def booked(house, ana, clients):
    return bulk.appointments(clients, [ana, Colleague(at=[house])], 80)


def sent(who, how, expected, work):
    page = practice.writing(how, expected, work)
    asker = practice.Asker(inside(who.account), "a page", page)
    for _ in range(3):
        asker.go()
    return asker


def test_bulk_fills_the_first_clinicians_day_and_holds_every_time(ana, booked):
    days = [one.starts_at.date() for one in booked if one.clinician_id == ana.pk]
    assert days.count(time.today()) == 8
    assert len(set(days)) == 5
    assert Occupancy.objects.count() == 2 * Appointment.objects.count() == 160


def test_bulk_sheets_are_scored(clients):
    assert bulk.sheets(clients, 40) == 360
    assert Score.objects.filter(status="SCORED").count() == Sheet.objects.count() == 40
    assert Sheet.objects.select_related("client__data_key").first().answers["9"] == 0


def test_every_booking_finds_its_time_free(ana, booked):
    work = fresh.bookings(Client.objects.all(), 3)
    sent(ana, "form", 302, work)
    assert Appointment.objects.count() == 83


def test_every_questionnaire_is_handed_in_once(ana, clients):
    sent(ana, "form", 200, fresh.questionnaires(clients, 3))
    assert Score.objects.filter(total_rounded=8, risk=False).count() == 3


def test_a_draft_is_saved_again_and_again(ana, booked):
    bulk.drafts(booked, ana, 2)
    work = fresh.drafts(ana)
    sent(ana, "draft", 200, work)
    assert sorted(Note.objects.values_list("revision", flat=True)) == [1, 4]


def test_a_page_that_answers_otherwise_is_named_with_its_status_alone(ana, clients):
    work = fresh.questionnaires(clients, 1)
    work[0]["fields"]["version"] = 999
    with pytest.raises(SystemExit) as stopped:
        sent(ana, "form", 200, work)
    assert str(stopped.value) == "a page answered 422, not 200."


def test_every_measured_page_has_a_name():
    assert len(set(load.PAGES)) == len(load.PAGES)
