"""Names, clocks and what a job's function asks for."""

from datetime import timedelta

import pytest

from rapport.core.jobs import UnknownJob, cron, job, registry


def test_a_name_belongs_to_one_job():
    job("tea.make")(lambda: None)

    with pytest.raises(ValueError, match="two jobs"):
        job("tea.make")(lambda: None)


def test_a_name_fits_its_column():
    with pytest.raises(ValueError, match="too long"):
        job("t" * 101)(lambda: None)


def test_a_job_nobody_knows_is_named():
    with pytest.raises(UnknownJob, match="'tea.drink'"):
        registry.spec("tea.drink")


def test_a_job_says_how_it_wants_to_run():
    @job("tea.make", attempts=2, lease=timedelta(minutes=5))
    def make(*, cup_id, now, progress, once):
        """Make tea."""

    spec = registry.spec("tea.make")
    assert (spec.attempts, spec.lease, spec.outside) == (2, timedelta(minutes=5), True)
    assert spec.wants == {"now", "progress", "once"}
    assert make.job == "tea.make"


def test_what_commits_in_one_piece_has_no_progress_to_show():
    with pytest.raises(ValueError, match="progress"):
        job("tea.make", outside=False)(lambda *, progress: None)


def test_a_clock_strikes_for_the_job_below_it():
    @cron("tea.daily", "16:00", zone="Europe/London")
    @job("tea.make")
    def make():
        """Make tea."""

    assert registry.CLOCKS["tea.daily"].job == "tea.make"
    assert registry.CLOCKS["tea.daily"].zone == "Europe/London"
    assert "tea.daily" not in registry.SPECS


def test_a_plain_function_becomes_a_job_called_like_its_clock():
    cron("tea.daily", "16:00")(lambda: None)

    assert registry.CLOCKS["tea.daily"].job == "tea.daily"
    assert "tea.daily" in registry.SPECS


def test_a_name_belongs_to_one_clock():
    cron("tea.daily", "16:00")(lambda: None)

    with pytest.raises(ValueError, match="two clocks"):
        cron("tea.daily", "17:00")(lambda: None)
