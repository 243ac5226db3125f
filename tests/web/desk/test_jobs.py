"""Work that was given up: tried again or thrown away, and said."""

import pytest

from rapport.core.jobs import registry
from rapport.core.models import Job
from rapport.web.desk.work import WORDS
from tests.factories import NOW, APractice, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga():
    APractice()
    return inside(Colleague(roles=["OWNER"]).account)


def given_up(**given):
    return Job.objects.create(
        name="notice.send", state="DEAD", attempts=8, error="TimeoutError",
        run_at=NOW, created_at=NOW, finished_at=NOW, **given,
    )  # fmt: skip


def test_it_says_how_often_and_why(olga):
    given_up()

    page = olga.get("/desk/practice/jobs/").content.decode()

    assert "send a letter" in page and "8 attempts" in page and "TimeoutError" in page


def test_trying_again_and_throwing_away_are_said(olga):
    one, two = given_up(), given_up()

    page = olga.post(f"/desk/practice/jobs/{one.pk}/retry/", follow=True).content.decode()
    assert "It is tried again now." in page and Job.objects.get(pk=one.pk).state == "QUEUED"
    page = olga.post(f"/desk/practice/jobs/{two.pk}/discard/", follow=True).content.decode()
    assert "Thrown away." in page and not Job.objects.filter(pk=two.pk).exists()
    assert "Nothing was given up." in page


def test_what_runs_again_already_is_left_alone_in_words(olga):
    job = given_up()
    Job.objects.filter(pk=job.pk).update(state="QUEUED")

    for what in ("retry", "discard"):
        page = olga.post(f"/desk/practice/jobs/{job.pk}/{what}/", follow=True).content.decode()
        assert "running again" in page
    assert Job.objects.get(pk=job.pk).state == "QUEUED"


def test_every_job_there_is_has_words_and_no_words_are_left_over():
    ours = {name for name, one in registry.SPECS.items() if one.run.__module__[:8] == "rapport."}

    assert len(ours) > 60
    assert ours ^ set(WORDS) == set()
    assert len({str(words) for words in WORDS.values()}) == len(WORDS)
