"""A questionnaire that comes to parts and no total: each part over time."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time as clock
from rapport.core.jobs import run_due
from rapport.progress.measures import actions as measures
from rapport.progress.models import Signal
from rapport.progress.packs import actions as packs
from tests.factories import (
    NOW,
    AnAccount,
    AnAsked,
    AnEpisode,
    APhase,
    APlace,
    APractice,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague(roles=["OWNER", "CLINICIAN"], at=[APlace()])


@pytest.fixture
def mara(ana):
    packs.accept(by=ana.account, pack="dass", version=1, use="FREE", now=NOW)
    return ClientOf(care_team=[ana])


def entered(ana, mara, answer, weeks, **given):
    now = clock.now()
    return measures.enter(
        by=ana.account, client=mara, instrument="dass-21", version=1, source="PAPER",
        answers={str(n): answer for n in range(1, 22)} | given, facts={},
        answered_on=clock.local(now).date() - timedelta(weeks=weeks), now=now,
    )  # fmt: skip


def page(ana, mara, instrument="dass-21"):
    said = inside(ana.account).get(f"/desk/clients/{mara.pk}/course/{instrument}/")
    assert said.status_code == 200
    return said.content.decode()


def plain(said):
    assert said.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", said.content.decode()).split())


def test_each_part_is_drawn_and_said_by_itself(ana, mara):
    for weeks, answer in ((4, 3), (2, 1), (0, 0)):
        entered(ana, mara, answer, weeks)
    text = page(ana, mara)

    assert "No score yet" not in text and "stayed open" not in text
    for part in ("Depression", "Anxiety", "Stress"):
        assert f"<bdi>{part}</bdi></a></h2>" in text
        assert f'aria-label="DASS-21 {part}: 3 scores' in text
    assert text.count("<p>0, normal; 42 less than on") == 3


def test_phases_are_compared_of_each_part_and_not_of_a_whole_without_a_number(ana, mara):
    APhase(client=mara, letter="B", on=clock.today() - timedelta(weeks=3))
    for weeks, answer in ((4, 3), (2, 1), (0, 0)):
        entered(ana, mara, answer, weeks)

    assert "Phases beside each other" not in page(ana, mara)
    assert "Phases beside each other" in page(ana, mara, "dass-21_stress")


def test_a_part_with_too_much_open_breaks_its_own_line_alone(ana, mara):
    entered(ana, mara, 3, 4)
    entered(ana, mara, 1, 2, **{"3": None, "5": None, "10": None})  # of depression
    text = page(ana, mara)

    latest = [part for part in ("moderate", "severe", "mild", "normal")
              for _ in range(text.count(f"<p>14, {part}; 28 less than on"))]  # fmt: skip
    assert len(latest) == 2  # anxiety and stress


def test_it_takes_as_many_statements_for_twelve_as_for_two(ana, mara):
    def counted():
        with CaptureQueriesContext(connection) as said:
            page(ana, mara)
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", 'INSERT INTO "people_session')
        return [q["sql"] for q in said if not q["sql"].startswith(marks)]

    for weeks in (2, 1):
        entered(ana, mara, 2, weeks)
    page(ana, mara)
    few = counted()
    for weeks in range(3, 13):
        entered(ana, mara, 1, weeks)
    assert len(counted()) == len(few) <= 15  # two of them of the bar, to an owner


DEPRESSION = ("3", "5", "10", "13", "16", "17", "21")


def worse(ana, mara):
    """Of depression alone, by more than the DASS-21 errs."""
    entered(ana, mara, 1, 4)
    entered(ana, mara, 1, 0, **dict.fromkeys(DEPRESSION, 3))
    run_due()


def test_a_part_has_a_page_with_bands_and_the_arithmetic_of_its_change(ana, mara):
    worse(ana, mara)
    text = page(ana, mara, "dass-21_depression")

    assert "DASS-21 Depression over time" in text
    assert "42, extremely severe; 28 more than on" in text
    assert "more than measurement error explains" in text
    assert "Henry &amp; Crawford (2005)" in text
    assert f"/desk/clients/{mara.pk}/course/dass-21_depression/" in page(ana, mara)
    assert inside(ana.account).get(
        f"/desk/clients/{mara.pk}/course/dass-21_sorrow/"
    ).status_code == 404  # fmt: skip


def test_the_picture_has_each_part_with_its_own_reading(ana, mara):
    worse(ana, mara)
    browser = inside(ana.account)
    text = plain(browser.get(f"/desk/clients/{mara.pk}/picture/"))

    for part in ("Anxiety", "Depression", "Stress"):
        assert text.count(f"DASS-21 {part} {part} (DASS-21)") == 1
    assert text.index("DASS-21 Anxiety") < text.index("DASS-21 Depression")
    assert "it went from 14 to 42, more than measurement error explains: it got worse." in text
    assert text.count("It is the same as on") == 2
    pdf = browser.post(f"/desk/clients/{mara.pk}/picture/pdf/")
    assert pdf.content.startswith(b"%PDF")


def test_a_part_that_got_worse_needs_a_look_and_stands_in_the_caseload(ana, mara):
    worse(ana, mara)
    browser = inside(ana.account)

    assert "DASS-21 Depression" in plain(browser.get("/desk/also/"))
    signal = plain(browser.get(f"/desk/signals/{Signal.objects.get().pk}/"))
    assert "Worse than at first" in signal and "Henry &amp; Crawford (2005)" in signal
    caseload = plain(browser.get("/desk/caseload/"))
    assert "DASS-21 Depression" in caseload
    assert "DASS-21 Stress:" not in caseload  # a line shows the measure of its first reason


def test_the_client_sees_each_part_in_plain_words(ana):
    packs.accept(by=ana.account, pack="dass", version=1, use="FREE", now=NOW)
    mara = ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))
    worse(ana, mara)
    portal = inside(mara.account, "portal")

    assert "Depression (DASS-21)" in plain(portal.get("/portal/picture/"))
    assert "of 42" in plain(portal.get("/portal/course/dass-21_depression/"))


def test_outcomes_are_counted_by_a_part_and_what_came_back_by_the_whole(ana):
    packs.accept(by=ana.account, pack="dass", version=1, use="FREE", now=NOW)
    today = clock.today()
    for _ in range(12):
        client = ClientOf(care_team=[ana])
        entered(ana, client, 3, 10)
        entered(ana, client, 1, 2)
        AnEpisode(client=client, responsible=ana, opened_on=today - timedelta(weeks=11),
                  closed_on=today - timedelta(weeks=1), close_reason="COMPLETED")  # fmt: skip
        AnAsked(client=client, instrument="dass-21", state="ANSWERED",
                asked_at=clock.now() - timedelta(weeks=2))  # fmt: skip

    text = plain(inside(ana.account).get("/desk/outcomes/", {"instrument": "dass-21_depression"}))
    assert "DASS-21 Depression" in text
    assert "Of 12 clients whose care ended, 12 have a first and a last" in text
    assert "Of 12 DASS-21 Depression that were asked in that time, 12 were answered." in text
