"""Which backups are kept, by the days on which they were made."""

from datetime import UTC, datetime, timedelta

from rapport.core.backup.rules import file_name, keep_rule

NOW = datetime(2030, 12, 24, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_week_of_days_five_of_weeks_a_year_of_months():
    nightly = [NOW - n * DAY for n in range(800)]

    kept = keep_rule(nightly, NOW)

    assert {NOW - n * DAY for n in range(7)} <= kept
    assert len({at.isocalendar()[:2] for at in kept}) >= 5
    assert {(at.year, at.month) for at in kept} >= {(2030, month) for month in range(1, 13)}
    assert len(kept) <= 7 + 5 + 12


def test_of_a_day_the_newest_is_kept():
    morning, evening = NOW.replace(hour=8) - DAY, NOW.replace(hour=20) - DAY

    assert keep_rule([morning, evening, NOW], NOW) == {evening, NOW}


def test_a_practice_that_was_closed_loses_none_of_its_history():
    old = [NOW - timedelta(days=900 + n) for n in range(5)]

    assert keep_rule(old, NOW) == set(old)


def test_a_clock_that_went_wrong_deletes_nothing():
    ahead = [NOW + n * DAY for n in range(1, 40)]

    assert set(ahead) <= keep_rule([*ahead, NOW], NOW)


def test_none_are_kept_of_none():
    assert keep_rule([], NOW) == set()


def test_a_name_tells_when_and_nothing_else():
    assert file_name(NOW, "1a2b") == "20301224-031000-1a2b.age"
