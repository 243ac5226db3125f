"""How many statements a page takes is fixed, whatever the practice has grown to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.people.models import GroupMember
from tests.factories import (
    AContact,
    AnEpisode,
    APlace,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
)

from .stepping import inside

pytestmark = pytest.mark.django_db

# Statements per page, permission, session and audit included; BEGIN and COMMIT are not
# statements of ours.
MOST = {
    "/desk/": 6,
    "/desk/clients/": 7,
    "/desk/clients/?q=client": 7,
    "/desk/staff/": 8,
    "/desk/practice/": 7,
    "/desk/practice/permissions/": 5,
}
CLIENT_PAGE = 9  # the aim is 8; see CHANGELOG, known shortcomings


def counted(browser, address):
    with CaptureQueriesContext(connection) as said:
        assert browser.get(address).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in said if not q["sql"].startswith(marks)]


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.mark.parametrize("address", MOST)
def test_a_list_takes_as_many_for_forty_as_for_two(house, address):
    ana = Colleague(at=[house])
    browser = inside(ana.account)
    for _ in range(2):
        ClientOf(care_team=[ana], place=house)
    browser.get(address)
    few = counted(browser, address)
    for _ in range(38):
        ClientOf(care_team=[ana], place=house)
        Colleague(at=[house])
    many = counted(browser, address)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST[address], "\n".join(many)


def test_the_client_page(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser = inside(ana.account)
    browser.get(f"/desk/clients/{mara.pk}/")  # the trail's first entry makes its head

    said = counted(browser, f"/desk/clients/{mara.pk}/")
    assert len(said) <= CLIENT_PAGE, "\n".join(said)


OF_A_CLIENT = {"": 10, "episodes/": 8, "history/": 7, "members/": 7, "portal/": 8}


@pytest.mark.parametrize("path", OF_A_CLIENT)
def test_the_pages_of_a_couple_take_as_many_for_twelve_as_for_two(house, path):
    ana = Colleague(at=[house])
    two = ClientOf(kind="COUPLE", care_team=[ana], place=house)
    browser = inside(ana.account)

    def grown(by):
        for _ in range(by):
            member = ClientOf(care_team=[ana], place=house)
            GroupMember.objects.create(client=two, member=member)
            AnEpisode(client=two, responsible=Colleague())
            AContact(client=two)
            ARelatedPerson(client=two)
        return counted(browser, f"/desk/clients/{two.pk}/{path}")

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(10)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= OF_A_CLIENT[path], "\n".join(many)
