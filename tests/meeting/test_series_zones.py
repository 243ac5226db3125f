"""A land changes its clocks' rules after all: what is booked keeps its hour on the wall."""

import shutil
import zoneinfo
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files

import pytest

from rapport.core import time as clock
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import enforcement
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, Occupancy
from rapport.meeting.series import resting
from rapport.meeting.series.jobs import keep_the_hour
from rapport.meeting.series.rules import Rule
from tests.factories import AnAppointment, APlace, APractice, ClientOf, Colleague

from .test_series import BEFORE, BY, MONDAY, begin, booked, move, nth, whole

pytestmark = pytest.mark.django_db

BERLIN = "Europe/Berlin"


def forget():
    zoneinfo.ZoneInfo.clear_cache()
    clock._zone.cache_clear()


@pytest.fixture
def newer_table(tmp_path):
    """A function that lets Berlin have the clocks of another zone from now on."""

    def put(zone):
        (tmp_path / "Europe").mkdir(exist_ok=True)
        with files("tzdata.zoneinfo").joinpath(zone).open("rb") as source:
            with (tmp_path / BERLIN).open("wb") as target:
                shutil.copyfileobj(source, target)
        zoneinfo.reset_tzpath(to=[str(tmp_path)])
        forget()

    yield put
    zoneinfo.reset_tzpath()
    forget()


@pytest.fixture
def ana():
    APractice()
    return Colleague(at=[APlace()], legal_name="Ana Roth")


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def three(client, ana, at=10, **more):
    return begin(client, ana, Rule("WEEKLY", times=3), zone=BERLIN, at=time(at), **more)


def starts(series):
    return [one.starts_at.hour for one in booked(series)]


def test_the_hour_is_kept_on_the_wall(ana, mara, newer_table):
    series = three(mara, ana)
    assert starts(series) == [9, 9, 9]

    newer_table("Etc/GMT-3")
    keep_the_hour(now=BEFORE)

    assert starts(series) == [7, 7, 7]
    assert {row.starts_at.hour for row in Occupancy.objects.all()} == {7}
    whole()
    keep_the_hour(now=BEFORE)
    assert {one.revision for one in booked(series)} == {2}


def test_a_whole_day_of_sessions_moves_together(ana, newer_table):
    """Each takes the hour that the one before it gives up."""
    all_day = [three(ClientOf(care_team=[ana]), ana, at=hour, minutes=60) for hour in range(8, 18)]

    newer_table("Etc/GMT-2")
    keep_the_hour(now=BEFORE)

    assert [starts(one)[0] for one in all_day] == list(range(6, 16))
    whole()


def test_what_somebody_moved_stays_and_what_is_over_too(ana, mara, newer_table):
    series = three(mara, ana)
    moved = move(booked(series)[1], lasting(booked(series)[1].starts_at + timedelta(hours=5), 50))

    newer_table("Etc/GMT-3")
    keep_the_hour(now=booked(series)[0].ends_at)

    assert starts(series) == [9, 14, 7]
    assert Appointment.objects.get(pk=moved.pk).due_at.hour == 7


def test_one_whose_new_hour_is_taken_stays_where_it_is_held(ana, mara, newer_table):
    series = three(mara, ana)
    nine = datetime.combine(nth(1), time(7, 30), tzinfo=UTC)
    AnAppointment(client=ClientOf(), clinician=ana, starts_at=nine)

    newer_table("Etc/GMT-3")
    keep_the_hour(now=BEFORE)

    assert starts(series) == [7, 9, 7]
    assert list(enforcement.never_twice()) == []
    assert list(enforcement.every_time_is_held()) == []


def test_hours_that_are_kept_for_a_pause_follow(ana, mara, newer_table):
    series = three(mara, ana)
    rest = resting.pause(by=BY, series=series, from_on=MONDAY, until_on=nth(1), offered=False,
                         revision=series.revision, now=BEFORE)  # fmt: skip

    newer_table("Etc/GMT-3")
    keep_the_hour(now=BEFORE)

    held = Occupancy.objects.filter(left_out__isnull=False)
    assert {row.starts_at.hour for row in held} == {7}
    resting.resume(by=BY, pause=rest, on=MONDAY, now=BEFORE)
    assert starts(series) == [7, 7, 7]
    whole()


def test_one_that_was_cancelled_is_not_touched(ana, mara, newer_table):
    series = three(mara, ana)
    one = booked(series)[1]
    appointments.cancel(by=BY, appointment=one, side="CLIENT", revision=1, now=BEFORE)

    newer_table("Etc/GMT-3")
    keep_the_hour(now=BEFORE)

    one.refresh_from_db()
    assert (one.status, one.starts_at.hour) == ("CANCELLED", 9)


def test_two_whose_new_hours_would_be_the_same_do_not_both_move(ana, mara, newer_table):
    """Both are due in Berlin; one was made when clocks there were said to be elsewhere."""
    first = three(mara, ana)
    newer_table("Etc/GMT-3")
    second = three(ClientOf(care_team=[ana]), ana)
    assert (starts(first), starts(second)) == ([9, 9, 9], [7, 7, 7])

    newer_table("Etc/GMT-2")
    keep_the_hour(now=BEFORE)

    assert sorted([starts(first)[0], starts(second)[0]]) in ([7, 8], [8, 9])
    assert list(enforcement.never_twice()) == []
    assert list(enforcement.every_time_is_held()) == []
