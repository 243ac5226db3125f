"""Every page as everybody, exactly as tests/permissions.csv says; it is written by hand.

"yes" opens, "no" is a 404 like a page that is not there, "door" sends to the sign-in.
"""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client as Browser

from rapport.core.models import AuditEntry
from rapport.people.models import Account, Client
from tests.architecture.walk import routes
from tests.factories import (
    AContact,
    AnAccount,
    AnEpisode,
    APlace,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
    SupervisedBy,
)

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
    return {
        "client": mara, "staff": ana, "browsers": browsers,
        "contact": AContact(client=mara), "person": ARelatedPerson(client=mara),
        "episode": AnEpisode(client=mara, responsible=ana), "member": mara.care_team.get(),
        "couple": ClientOf(kind="COUPLE", care_team=[ana], place=here),
    }  # fmt: skip


def address(route, world):
    path = route.path
    if "/members/" in path:
        path = path.replace("<uuid:client_id>", str(world["couple"].pk))
    for name in ("client", "staff", "contact", "person", "episode", "member"):
        path = path.replace(f"<uuid:{name}_id>", str(world[name].pk))
    path = path.replace("<uuid:place_id>", str(world["client"].place_id))
    path = path.replace("<uuid:leaving_id>", str(world["staff"].pk))
    return f"/{path}"


def tabled():
    return {row["address"]: row for row in TABLE}


def pages():
    """Pages that can be looked at; what only changes something is tested with its action."""
    return [r for r in routes() if r.name in tabled()]


def test_the_table_has_every_page_that_can_be_looked_at():
    only_posted = {
        "desk_client_archive", "desk_client_restrict", "desk_colleague_invite",
        "desk_colleague_back", "desk_colleague_withdraw", "desk_supervision_end",
        "desk_place_close", "desk_job_retry", "desk_job_discard", "demo_step",
        "desk_backup_make", "desk_mail_test", "desk_mail_forget",
        "desk_contact_remove", "desk_related_remove", "desk_client_members_add",
        "desk_client_members_remove", "desk_client_part_end", "desk_client_part_back",
        "desk_episode_back", "desk_client_portal_withdraw", "desk_client_portal_close",
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


CARE_TEAM, AND_DESK = {"ana"}, {"ana", "fay"}
POSTED = {
    "desk_contact_remove": AND_DESK, "desk_related_remove": AND_DESK,
    "desk_client_part_end": CARE_TEAM, "desk_client_part_back": set(),
    "desk_episode_back": CARE_TEAM, "desk_client_portal_withdraw": AND_DESK,
    "desk_client_portal_close": AND_DESK,
}  # fmt: skip


@pytest.mark.parametrize("name", POSTED)
@pytest.mark.parametrize("person", ["ana", "ben", "fay", "flo", "bill", "olga", "sam", "ines"])
def test_what_changes_something_around_a_client_asks_too(world, name, person):
    route = next(r for r in routes() if r.name == name)

    answer = world["browsers"][person].post(address(route, world))

    assert answer.status_code == (302 if person in POSTED[name] else 404)


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


SCOPES = {"clinical": "what is clinical", "administrative": "names and contacts",
          "": "–"}  # fmt: skip


def test_the_permission_page_is_the_table_that_decides(world):
    from rapport.core import policy

    page = world["browsers"]["ana"].get("/desk/practice/permissions/").content.decode()
    shown = [
        (found["id"], unescape(found["words"]),
         [unescape(one) for one in re.findall("<li>(.*?)</li>", found["whom"])], found["scope"])
        for found in re.finditer(
            r'<tr id="(?P<id>[^"]+)"><th scope="row">(?P<words>.*?)</th>.*?'
            r'<ul class="whom">(?P<whom>.*?)</ul></td><td[^>]*>(?P<scope>.*?)</td></tr>', page)
    ]  # fmt: skip
    never = re.findall(r'<li id="never-(\w+)">(.*?)</li>', page)

    assert shown == [
        (row.permission, str(row.words), [str(who.words) for who in row.standings],
         SCOPES[row.scope])
        for row in policy.table()
    ]  # fmt: skip
    assert never == [(no.name, str(no.words)) for no in policy.prohibitions()]


def test_the_portal_shows_who_looked(world):
    world["browsers"]["ana"].get(f"/desk/clients/{world['client'].pk}/")

    page = world["browsers"]["mara"].get("/portal/looks/").content.decode()

    assert world["staff"].display_name in page
    assert "opened it" in page
