"""How many statements a page takes is fixed, whatever the practice has grown to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.contact.models import Notice
from rapport.core import audit
from rapport.core.models import Job
from rapport.people.models import GroupMember
from tests.factories import (
    NOW,
    AContact,
    AnAsk,
    AnAsked,
    AnEpisode,
    APlace,
    APractice,
    ARelatedPerson,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
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
CLIENT_PAGE = 8


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


OWNERS = {"/desk/practice/trail/": 9, "/desk/practice/mail/": 7, "/desk/practice/jobs/": 6}


@pytest.mark.parametrize("address", OWNERS)
def test_what_only_owners_read_takes_as_many_for_many(house, address):
    olga = Colleague(roles=["OWNER"], at=[house])
    browser = inside(olga.account)
    browser.get(address)
    few = counted(browser, address)
    for number in range(20):
        ana = Colleague(at=[house])
        mara = ClientOf(care_team=[ana], place=house)
        audit.record(verb="client.open", by=ana.account, subject={"client": mara})
        Job.objects.create(name=f"some.work-{number}", state="DEAD", run_at=NOW, created_at=NOW,
                           finished_at=NOW)  # fmt: skip
        Notice.objects.create(kind="message", account_id=ana.account_id, created_at=NOW,
                              state="SENT")  # fmt: skip
    many = counted(browser, address)

    assert len(many) <= OWNERS[address], "\n".join(many)
    assert len(many) - len(few) <= 1, "\n".join(many)  # names, asked for once there are some


def test_a_colleagues_page(house):
    olga = Colleague(roles=["OWNER"], at=[house])
    ana = Colleague(at=[house])
    browser, address = inside(olga.account), f"/desk/staff/{ana.pk}/"
    browser.get(address)
    few = counted(browser, address)
    for _ in range(10):
        ClientOf(care_team=[ana], place=house)
        SupervisedBy(supervisor=ana, supervisee=Colleague(at=[house]))
    many = counted(browser, address)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 10, "\n".join(many)


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


def test_the_measures_of_a_client_take_as_many_for_forty_sheets_as_for_two(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/measures/"

    def grown(by):
        for number in range(by):
            AScore(sheet=ASheet(client=mara))
            AnAsked(client=mara)
            AnAsk(client=mara, instrument=f"some-{number}", ended_at=NOW)
        return counted(browser, address)

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 10, "\n".join(many)


def test_a_sheet_and_its_arithmetic(house):
    ana = Colleague(at=[house])
    sheet = AScore(sheet=ASheet(client=ClientOf(care_team=[ana], place=house))).sheet
    browser, address = inside(ana.account), f"/desk/measures/{sheet.pk}/"
    browser.get(address)
    assert len(counted(browser, address)) <= 9
