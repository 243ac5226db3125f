"""The owner sees how old the newest backup is, and has one made."""

from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.core.backup.models import BackupRecord
from rapport.core.models import Job
from tests.factories import APractice, Colleague

from .stepping import inside

pytestmark = pytest.mark.django_db
WARNING = "None was made for two days"


@pytest.fixture
def owner():
    APractice()
    return inside(Colleague(roles=["OWNER"]).account)


def record(age, **given):
    return BackupRecord.objects.create(
        made_at=clock.now() - age, digest=b"", size=1_500_000, **given
    )


def page(browser):
    return browser.get("/desk/practice/backups/").content.decode()


def test_without_one_it_says_so_and_warns(owner):
    said = page(owner)
    assert "There is no backup yet" in said
    assert WARNING in said


def test_a_fresh_one_shows_its_age_and_no_warning(owner):
    record(timedelta(hours=3), restore_tested_at=clock.now())
    said = page(owner)
    assert "3\xa0hours old" in said
    assert "its database read from end to end" in said
    assert WARNING not in said


def test_an_old_one_warns_and_a_failed_one_does_not_count(owner):
    record(timedelta(days=3))
    record(timedelta(hours=1), outcome="OSError")
    said = page(owner)
    assert "3\xa0days old" in said
    assert WARNING in said
    assert "Look whether the disk is full" in said


def test_asking_twice_makes_one(owner):
    for _ in range(2):
        assert owner.post("/desk/practice/backups/make/").status_code == 302
    assert Job.objects.filter(name="backup.make").count() == 1


def test_who_is_no_owner_gets_no_backup():
    APractice()
    browser = inside(Colleague(roles=["CLINICIAN"]).account)
    assert browser.post("/desk/practice/backups/make/").status_code == 404
    assert not Job.objects.exists()
