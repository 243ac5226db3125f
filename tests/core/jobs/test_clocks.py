"""Clocks strike once per tick, whoever looks and however late."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from rapport.core import jobs, time
from rapport.core.jobs import Job, cron
from rapport.core.models import Tick

NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def daily_tea(monkeypatch):
    monkeypatch.setattr(time, "_zone_sources", [lambda: "Europe/Berlin"])
    cron("tea.daily", "16:00")(lambda: None)


@pytest.mark.django_db
def test_a_new_clock_waits_for_its_next_tick():
    assert jobs.strike(NINE) == 0
    assert jobs.strike(NINE + timedelta(hours=5, minutes=59)) == 0
    assert jobs.strike(NINE + timedelta(hours=6)) == 1
    assert jobs.strike(NINE + timedelta(hours=6)) == 0

    assert Job.objects.get().unique_key == "tea.daily@2030-01-07T15:00Z"
    assert str(Tick.objects.get()) == "tick tea.daily"


@pytest.mark.django_db
def test_a_week_asleep_is_made_up_for_once():
    jobs.strike(NINE)

    assert jobs.strike(NINE + 7 * DAY) == 1
    assert Job.objects.get().unique_key == "tea.daily@2030-01-13T15:00Z"


@pytest.mark.django_db
def test_while_a_tick_still_waits_no_other_is_added():
    jobs.strike(NINE)
    jobs.strike(NINE + DAY)

    assert jobs.strike(NINE + 2 * DAY) == 0
    assert Job.objects.count() == 1
    Job.objects.update(state="DONE")
    assert jobs.strike(NINE + 3 * DAY) == 1


@pytest.mark.django_db
def test_a_clock_with_its_own_zone_keeps_to_it():
    cron("tea.kathmandu", "16:00", zone="Asia/Kathmandu")(lambda: None)
    jobs.strike(NINE)

    jobs.strike(NINE + timedelta(hours=2))

    assert Job.objects.get().unique_key == "tea.kathmandu@2030-01-07T10:15Z"


@pytest.mark.django_db
def test_a_clock_that_was_turned_back_does_not_strike_twice():
    jobs.strike(NINE)
    jobs.strike(NINE + DAY)
    Job.objects.update(state="DONE")

    assert jobs.strike(NINE + DAY - timedelta(hours=20)) == 0
    assert jobs.strike(NINE + DAY) == 0


@pytest.mark.django_db
def test_a_tick_from_a_clock_gone_astray_is_forgotten():
    jobs.strike(datetime(2099, 1, 1, tzinfo=UTC))

    assert jobs.strike(NINE) == 0
    assert jobs.strike(NINE + DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_strike_once():
    jobs.strike(NINE)
    start, struck = threading.Barrier(4), []

    def schedule():
        start.wait()
        struck.append(jobs.strike(NINE + DAY))
        connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(struck) == [0, 0, 0, 1]
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_scheduler_that_read_too_early_is_told_that_it_is_late(monkeypatch):
    jobs.strike(NINE)
    update = Tick.objects.filter

    def another_was_faster(**asked):
        update(name="tea.daily").update(last_at=NINE + DAY)
        return update(**asked)

    monkeypatch.setattr(Tick.objects, "filter", another_was_faster)

    assert jobs.strike(NINE + DAY) == 0
    assert not Job.objects.exists()
