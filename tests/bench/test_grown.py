"""What is measured in a young practice and in an old one: true rows, and pages that answer."""

import pytest
from bench import filling, grown, load, practice

from rapport.core import verify
from rapport.meeting.models import Appointment
from rapport.people.models import Client, Staff


@pytest.fixture
def small(db):
    filling.fill(40, 160, shared=True)


def test_a_practice_that_is_poured_holds_every_time(small):
    assert Appointment.objects.filter(series=None).count() == 160
    assert [
        str(one) for name in ("never twice", "appointments") for one in verify.CHECKS[name]()
    ] == []


def test_each_client_is_cared_for_by_whom_they_meet(small):
    ana = Staff.objects.get(account__email=filling.ANA)
    theirs = Client.objects.filter(care_team__staff=ana)
    assert theirs.count() == 2
    met = Appointment.objects.filter(clinician=ana).values("client").distinct()
    assert set(theirs) == set(Client.objects.filter(pk__in=met))


def test_every_page_that_is_measured_is_answered(small):
    browsers, pages = practice.signed_in(), practice.pages(2)
    for name in load.GROWN:
        if name in pages and name != "bare view":
            practice.Asker(browsers[pages[name]["who"]], name, pages[name]).go()
    month = pages["free month"]
    assert practice.statements(browsers[month["who"]], "free month", month) <= 8


def test_every_clock_is_looked_at_but_the_backup(small):
    looked = practice.looks()
    assert {"reminder.look", "series.extend", "waiting.watch", "calendar.round"} <= looked.keys()
    assert "backup.make" not in looked


@pytest.mark.parametrize(
    "few, many, over", [(10, 15, False), (10, 16, True), (1, 2.5, False), (1, 4, True)]
)
def test_what_takes_much_longer_is_marked(few, many, over, capsys):
    grown._line("a page", few, many, 8)
    assert ("over" in capsys.readouterr().out) == over
