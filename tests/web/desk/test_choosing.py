"""Whoever is chosen from a list is taken, wherever they stand in it."""

import pytest

from rapport.core import jobs
from rapport.people.models import Client
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .test_imports import GOOD, read

pytestmark = pytest.mark.django_db

NAMES = ["Ada", "Ben", "Cleo"]


@pytest.fixture
def team():
    APractice()
    place = APlace()
    return {
        name: Colleague(legal_name=name, roles=["CLINICIAN", "SUPERVISOR", "OWNER"], at=[place])
        for name in NAMES
    }


@pytest.mark.parametrize("name", NAMES)
def test_any_clinician_takes_a_new_client(team, name):
    body = {
        "legal_name": "Mara", "kind": "ADULT", "status": "ACTIVE",
        "clinician": str(team[name].pk), "place": str(team[name].places.get().pk),
    }  # fmt: skip

    answer = inside(team["Ben"].account).post("/desk/clients/admit/", body)

    assert answer.status_code == 302, answer.content.decode()
    assert Client.objects.get().care_team.get().staff == team[name]


@pytest.mark.parametrize("name", NAMES)
def test_anybody_on_the_team_carries_an_episode(team, name):
    mara = ClientOf(care_team=team.values())
    body = {"responsible": str(team[name].pk), "on": "2026-01-01"}

    page = f"/desk/clients/{mara.pk}/episodes/open/"
    answer = inside(team["Ben"].account).post(page, body)

    assert answer.status_code == 302, answer.content.decode()
    assert mara.episodes.get().responsible == team[name]


@pytest.mark.parametrize("name", NAMES)
def test_any_supervisor_is_set(team, name):
    ines = Colleague(roles=["INTERN"])
    body = {"supervisor": str(team[name].pk), "from_on": "2026-01-01"}

    answer = inside(team["Ben"].account).post(f"/desk/staff/{ines.pk}/supervise/", body)

    assert answer.status_code == 302, answer.content.decode()
    assert ines.supervised_by.get().supervisor == team[name]


@pytest.mark.parametrize("name", NAMES)
def test_any_clinician_takes_those_who_come_by_a_table(team, name):
    browser = inside(team["Ben"].account)
    page = read(browser, GOOD)
    place = team[name].places.get()

    answer = browser.post(f"{page}begin/", {"clinician": str(team[name].pk), "place": place.pk,
                                            "status": "ACTIVE"})  # fmt: skip
    jobs.run_due(loud=True)

    assert answer.status_code == 302, answer.content.decode()
    assert {one.staff for c in Client.objects.all() for one in c.care_team.all()} == {team[name]}
