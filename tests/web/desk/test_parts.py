"""A questionnaire that comes to parts and no total: each part over time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time as clock
from rapport.progress.measures import actions as measures
from rapport.progress.packs import actions as packs
from tests.factories import NOW, APlace, APractice, ClientOf, Colleague
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


def page(ana, mara):
    said = inside(ana.account).get(f"/desk/clients/{mara.pk}/course/dass-21/")
    assert said.status_code == 200
    return said.content.decode()


def test_each_part_is_drawn_and_said_by_itself(ana, mara):
    for weeks, answer in ((4, 3), (2, 1), (0, 0)):
        entered(ana, mara, answer, weeks)
    text = page(ana, mara)

    assert "No score yet" not in text
    for part in ("Depression", "Anxiety", "Stress"):
        assert f"<bdi>{part}</bdi></h2>" in text
    assert text.count("<p>0, normal; 42 less than on") == 3
    assert 'aria-label="Stress. DASS-21: 3 scores' in text
    assert "more than measurement error" not in text


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
    assert len(counted()) == len(few) <= 12
