"""Every page as everybody, exactly as tests/permissions.csv says; it is written by hand.

"yes" opens, "no" is a 404 like a page that is not there, "door" sends to the sign-in.
"""

import csv
from pathlib import Path

import pytest
from django.test import Client as Browser

from rapport.core.models import AuditEntry
from rapport.people.models import Account, Client
from tests.architecture.walk import routes
from tests.factories import AnAccount, APlace, APractice, ClientOf, Colleague, SupervisedBy

from .stepping import inside

pytestmark = pytest.mark.django_db

TABLE = list(csv.DictReader((Path(__file__).parent.parent / "permissions.csv").open()))
PEOPLE = [name for name in TABLE[0] if name != "address"]
SIGNIN = ("account_", "mfa_", "signin_")  # tested in tests/web/signin
SAID = {200: "yes", 404: "no", 302: "door", 401: "door"}


@pytest.fixture
def world():
    APractice()
    here, elsewhere = APlace(), APlace()
    ana = Colleague(roles=["CLINICIAN"], at=[here])
    ines, sam = Colleague(roles=["INTERN"], at=[here]), Colleague(roles=["SUPERVISOR"], at=[here])
    SupervisedBy(supervisor=sam, supervisee=ines)
    ClientOf(care_team=[ines], place=here)
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(care_team=[ana], place=here, account=account)
    staff = {
        "ana": ana, "ines": ines, "sam": sam,
        "ben": Colleague(roles=["CLINICIAN"], at=[here]),
        "fay": Colleague(roles=["FRONT_DESK"], at=[here]),
        "flo": Colleague(roles=["FRONT_DESK"], at=[elsewhere]),
        "bill": Colleague(roles=["BILLER"], at=[here]),
        "olga": Colleague(roles=["OWNER"], at=[here]),
    }  # fmt: skip
    browsers = {name: inside(person.account) for name, person in staff.items()}
    browsers |= {"nobody": Browser(), "mara": inside(Account.objects.get(pk=account.pk), "portal")}
    return {"client": mara, "staff": ana, "browsers": browsers}


def address(route, world):
    path = route.path.replace("<uuid:client_id>", str(world["client"].pk))
    return "/" + path.replace("<uuid:staff_id>", str(world["staff"].pk))


def tabled():
    return {row["address"]: row for row in TABLE}


def pages():
    """Pages that can be looked at; what only changes something is tested with its action."""
    return [r for r in routes() if r.name in tabled()]


def test_the_table_has_every_page_that_can_be_looked_at():
    only_posted = {
        "desk_client_archive", "desk_client_restrict", "desk_client_export", "desk_colleague_invite",
        "desk_colleague_end", "desk_job_retry", "desk_job_discard", "demo_step",
    }  # fmt: skip
    public = {r.name for r in routes() if r.permission == "public"}
    named = {r.name for r in routes() if not r.name.startswith(SIGNIN)}

    assert named - only_posted - public == set(tabled())


@pytest.mark.parametrize("person", PEOPLE)
def test_each_page_opens_to_whom_the_table_says(world, person):
    browser = world["browsers"][person.split()[0]]

    said = {
        route.name: SAID.get(browser.get(address(route, world)).status_code) for route in pages()
    }

    assert said == {name: row[person] for name, row in tabled().items()}


@pytest.mark.parametrize("person", ["fay", "bill", "sam"])
def test_a_restricted_client_is_not_there_for_the_rest_of_the_house(world, person):
    Client.objects.filter(pk=world["client"].pk).update(restricted=True)
    browser = world["browsers"][person]

    assert browser.get(f"/desk/clients/{world['client'].pk}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "may"),
    [("archive", {"ana"}), ("restrict", {"ana"})],
)
@pytest.mark.parametrize("person", ["ana", "ben", "fay", "bill", "olga", "sam"])
def test_what_changes_a_client_asks_too(world, path, may, person):
    answer = world["browsers"][person].post(f"/desk/clients/{world['client'].pk}/{path}/")

    assert (answer.status_code == 302) == (person in may)
    assert answer.status_code in (302, 404)


def test_refused_and_missing_are_the_same_page(world):
    ben = world["browsers"]["ben"]
    refused = ben.get(f"/desk/clients/{world['client'].pk}/")
    missing = ben.get("/desk/clients/00000000-0000-4000-8000-000000000000/")

    assert (refused.status_code, refused.content) == (missing.status_code, missing.content)


def test_every_look_is_recorded_and_every_refusal(world):
    world["browsers"]["ana"].get(f"/desk/clients/{world['client'].pk}/")
    world["browsers"]["ben"].get(f"/desk/clients/{world['client'].pk}/")

    looks = AuditEntry.objects.filter(verb="client.open").order_by("number")
    assert [entry.allowed for entry in looks] == [True, False]
    assert looks[0].about == world["client"].pk
    assert ["client", str(world["client"].pk)] in looks[1].subject


def test_the_permission_page_is_the_table_that_decides(world):
    from django.utils.html import escape

    from rapport.core import policy

    page = world["browsers"]["ana"].get("/desk/practice/permissions/").content.decode()
    for row in policy.table():
        assert f'id="{row.permission}"' in page
        assert escape(str(row.words)) in page
        assert all(escape(str(standing.words)) in page for standing in row.standings)


def test_the_portal_shows_who_looked(world):
    world["browsers"]["ana"].get(f"/desk/clients/{world['client'].pk}/")

    page = world["browsers"]["mara"].get("/portal/looks/").content.decode()

    assert world["staff"].display_name in page
    assert "opened it" in page
