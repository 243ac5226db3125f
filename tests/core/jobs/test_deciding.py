"""What the owner may decide about a job that was given up."""

from datetime import UTC, datetime

import pytest

from rapport.core import jobs, time
from rapport.core.jobs import CannotDecide, Job, job
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, Nobody
from tests.factories import Colleague

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga():
    return Colleague(roles=["OWNER"]).account


@pytest.fixture
def spilt():
    job("tea.make")(lambda: None)
    with time.at(NOW):
        made = jobs.enqueue("tea.make", unique="pot")
    made.state, made.attempts, made.finished_at, made.error = "DEAD", 5, NOW, "ValueError"
    made.save()
    return made


def test_an_owner_lets_a_job_run_again(olga, spilt):
    again = jobs.retry(by=olga, job=spilt, now=NOW)

    assert (again.state, again.attempts, again.finished_at) == ("QUEUED", 0, None)
    assert AuditEntry.objects.get().verb == "job.retry"
    assert jobs.run_due(NOW) == 1


def test_an_owner_throws_a_job_away(olga, spilt):
    jobs.discard(by=olga, job=spilt)

    assert not Job.objects.exists()
    assert AuditEntry.objects.get().verb == "job.discard"


@pytest.mark.parametrize("decide", ["retry", "discard"])
def test_nobody_else_decides(spilt, decide):
    more = {"now": NOW} if decide == "retry" else {}
    for by in (Nobody(), Colleague(roles=["CLINICIAN"]).account):
        with pytest.raises(Denied):
            getattr(jobs, decide)(by=by, job=spilt, **more)

    assert Job.objects.get().state == "DEAD"


def test_only_given_up_jobs_are_decided_about(olga, spilt):
    jobs.retry(by=olga, job=spilt, now=NOW)

    with pytest.raises(CannotDecide, match="running again"):
        jobs.retry(by=olga, job=spilt, now=NOW)
    with pytest.raises(CannotDecide, match="running again"):
        jobs.discard(by=olga, job=spilt)


def test_a_job_whose_work_another_does_is_not_run_again(olga, spilt):
    jobs.enqueue("tea.make", unique="pot")

    with pytest.raises(CannotDecide, match="same work"):
        jobs.retry(by=olga, job=spilt, now=NOW)


def test_a_job_without_a_key_runs_again(olga, spilt):
    Job.objects.update(unique_key=None)
    job("tea.pour")(lambda: None)
    jobs.enqueue("tea.pour")

    assert jobs.retry(by=olga, job=spilt, now=NOW).state == "QUEUED"
