"""Every page, by every method, as everybody, exactly as tests/permissions.csv says.

The table is written by hand. A column is a person, or a person before another record
("fay, restricted"); those have a word only where an address names a client. A page's methods
are what it takes from whoever may open it: "yes". Any other method is a 405 to them, and to
everybody else each method is the same: "no" is a 404 like a page that is not there, "door"
sends to the sign-in.
"""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client as Browser

from rapport.core import time, vault
from rapport.core.models import AuditEntry, Job
from rapport.people.models import Account, Client, GroupMember, Import, Session, Staff
from rapport.record.models import OtherDraft
from rapport.record.process_notes import actions as process_notes
from tests.architecture.walk import routes
from tests.factories import (
    NOW,
    ABattery,
    AcceptedTerms,
    AConflictCheck,
    AConflictLook,
    AConsent,
    AContact,
    ADailyPause,
    ADailyQuestion,
    AFreedHour,
    AHouseServer,
    AKeyed,
    AMark,
    AnAccount,
    AnAlert,
    AnAppointment,
    AnAsk,
    AnAsked,
    AnAssessment,
    AnAssessmentReport,
    AnEpisode,
    AnEquipment,
    AnInquiry,
    AnInquiryTask,
    AnOffer,
    ANote,
    AnOtherDay,
    AnOutside,
    APause,
    APhase,
    APlace,
    APlanLine,
    APlannedTest,
    APractice,
    APushed,
    ARecheck,
    AReferral,
    ARelatedPerson,
    ARoom,
    AScore,
    ASeries,
    ASheet,
    ASignal,
    ASignalStep,
    ASource,
    AStretch,
    ATimeOff,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.progress.grouped_here import entered
from tests.progress.held_here import built, question
from tests.progress.tested_here import loaded

from .stepping import inside

pytestmark = pytest.mark.django_db

TABLE = list(csv.DictReader((Path(__file__).parent.parent / "permissions.csv").open()))
PEOPLE = [name for name in TABLE[0] if name not in ("address", "methods")]
SIGNIN = ("account_", "mfa_", "signin_")  # tested in tests/web/signin
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MAIN = ("GET", "POST")
OPENS = {200, 302, 422}
MISSING = "00000000-0000-4000-8000-000000000000"
PASSING = ("core.AuditEntry", "core.AuditHead", "people.Session")
"""What a refusal may write: the trail, and that a visit is alive."""
PARTS = 4  # of the table, each a test of its own, so that two can run side by side
FEW = 10  # pages whose traces are taken back at once: PostgreSQL reads past all that still stand


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """One house for all tests of this file; each test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def build():
    APractice()
    here, elsewhere = APlace(), APlace()
    today = time.today()
    staff = {
        "ana": Colleague(roles=["CLINICIAN"], at=[here]),
        "ines": Colleague(roles=["INTERN"], at=[here]),
        "sam": Colleague(roles=["SUPERVISOR"], at=[here]),
        "vera": Colleague(roles=["SUPERVISOR"], at=[here]),
        "rolf": Colleague(roles=["SUPERVISOR"], at=[here]),
        "ben": Colleague(roles=["CLINICIAN"], at=[here]),
        "fay": Colleague(roles=["FRONT_DESK"], at=[here]),
        "flo": Colleague(roles=["FRONT_DESK"], at=[elsewhere]),
        "bill": Colleague(roles=["BILLER"], at=[here]),
        "olga": Colleague(roles=["OWNER"], at=[here]),
        "eve": Colleague(roles=["OWNER", "CLINICIAN"], at=[here]),
    }
    SupervisedBy(supervisor=staff["sam"], supervisee=staff["ines"])
    supervision = SupervisedBy(supervisor=staff["vera"], supervisee=staff["ana"])
    SupervisedBy(supervisor=staff["rolf"], supervisee=staff["ana"], until_on=today)
    mara, noa = (AnAccount(realm=Account.Realm.PORTAL) for _ in range(2))
    team = [staff["ana"], staff["eve"]]
    whose = {
        "own": {"care_team": team, "account": mara},
        "foreign": {"care_team": [staff["ines"]], "account": noa},
        "restricted": {"care_team": team, "restricted": True},
        "archived": {"care_team": team, "archived_at": time.now()},
    }
    clients = {about: ClientOf(place=here, **given) for about, given in whose.items()}
    for given in whose.values():
        given.pop("account", None)
    rows = {
        about: {
            "contact": AContact(client=client),
            "person": ARelatedPerson(client=client),
            "consent": AConsent(client=client),
            "accepted": AcceptedTerms(client=client, appointment=None, how="WORD"),
            "episode": AnEpisode(client=client, responsible=staff["ana"]),
            "asked": AnAsked(client=client, expires_at=time.now() + timedelta(days=7)),
            "interview": AnAsked(
                client=client,
                way="DESK",
                in_interview=True,
                expires_at=time.now() + timedelta(days=7),
            ),
            "rule": AnAsk(client=client),
            "keyed": AKeyed(client=client),
            "differing": AKeyed(
                client=client, state="DIFFERS", second={"answers": {}, "facts": {}}
            ),
            "sheet": AScore(sheet=ASheet(client=client)).sheet,
            "mark": AMark(client=client),
            "assessment": (assessment := AnAssessment(client=client)),
            "test": APlannedTest(assessment=assessment),
            "report": AnAssessmentReport(assessment=assessment),
            "daily_pause": (daily_pause := ADailyPause(plan__client=client)),
            "question": ADailyQuestion(plan=daily_pause.plan),
            "phase": APhase(client=client),
            "member": client.care_team.order_by("staff__pk").exclude(staff=staff["ana"]).get(),
            "couple": ClientOf(kind="COUPLE", place=here, **whose[about]),
            "inside": ClientOf(place=here, **whose[about]),
        }
        for about, client in clients.items()
    }
    for row in rows.values():
        GroupMember.objects.create(client=row["couple"], member=row["inside"])
    visits = {name: (person.account, "desk") for name, person in staff.items()}
    for name, account in {"mara": mara, "noa": noa}.items():
        visits[name] = (Account.objects.get(pk=account.pk), "portal")
    Staff.objects.filter(pk=staff["eve"].pk).update(ended_on=today)
    key = vault.new_key("IMPORT", now=time.now())
    table = Import.objects.create(
        account=staff["fay"].account, data_key=key, table="name\nOle", columns=["legal_name"],
        left_out=[[2, "legal_name", "here_already", 0]], state="READY", good=1,
        created_at=time.now(),
    )  # fmt: skip
    alert = AnAlert(sheet=ASheet(client=clients["own"]), owner=staff["ana"])
    signal = ASignal(score=rows["own"]["sheet"].score, owner=staff["ana"])
    rest = APause(series=ASeries(client=clients["own"], clinician=staff["ana"]))
    job = Job.objects.create(name="none", state="DEAD", run_at=time.now(), created_at=time.now())
    ana, mine = staff["ana"], clients["own"]
    notes = {
        "": ANote(client=mine, author=ana),
        "waiting": ANote(client=mine, author=ana, state="WAITING", supervisor=staff["vera"],
                         signed_at=time.now()),
        "signed": ANote(client=mine, author=ana, state="SIGNED", seal=b"s" * 32,
                        seal_key="00" * 32, signed_at=time.now()),
    }  # fmt: skip
    other = OtherDraft.objects.create(
        client=mine, note=notes[""], sections={"note": "x"}, based_on=1, window=MISSING,
        kept_at=time.now(),
    )  # fmt: skip
    thought = process_notes.write(by=ana.account, client=mine, text="Hm.", now=time.now())
    entry = AWaitingEntry(client=mine, state="OFFERED")
    hour = AFreedHour(clinician=ana, state="RUNNING", starts_at=time.now() + timedelta(days=3))
    offer = AnOffer(hour=hour, entry=entry, answer_by=time.now() + timedelta(hours=9))
    meeting = AnAppointment(client=clients["own"], clinician=staff["ana"])
    outside = AnOutside(staff=staff["ana"], found=[["https://a.example/", "Mine"]])
    asker = ClientOf(place=here, care_team=team, status="INQUIRY")
    inquiry = AnInquiry(client=asker)
    referral = AReferral(inquiry=inquiry)
    asked_about = AConflictCheck(inquiry=inquiry)
    return {
        "inquiry": inquiry, "task": AnInquiryTask(inquiry=inquiry), "referral": referral,
        "referrer": referral.referrer, "heard": ASource(),
        "conflict": AConflictLook(check_of=asked_about, staff=ana),
        "outside": outside, "pushed": APushed(outside=outside, appointment=meeting),
        "table": loaded(ana.account), "battery": ABattery(),
        "group": entered(staff["olga"].account, now=time.now()).group,
        "server": AHouseServer(), "line": APlanLine(), "recheck": ARecheck(),
        "form": built(staff["olga"].account, question(), now=time.now()),
        "entry": entry, "hour": hour, "offer": offer, "notes": notes, "other": other,
        "process_note": thought, "rows": rows, "visits": visits,
        "clients": clients, "client": clients["own"],
        "staff": staff["ana"], "job": job, "leaving": staff["ana"], "place": elsewhere,
        "supervision": supervision, "source": table, "room": ARoom(place=here),
        "equipment": AnEquipment(place=here),
        "appointment": meeting,
        "signal": signal, "step": ASignalStep(signal=signal, staff=staff["ana"]),
        "own_mark": AMark(client=clients["own"], by_client=True, shared=True),
        "alert": alert, "type": AType(bookers=["ACTIVE"]), "stretch": AStretch(staff=ana),
        "day": AnOtherDay(staff=ana), "time_off": ATimeOff(staff=ana, starts_at=time.now()),
        "series": rest.series, "pause": rest,
        "asked_for": AnAppointment(client=clients["own"], clinician=staff["ana"],
                                   status="REQUESTED", starts_at=NOW + timedelta(days=1)),
        "called_off": AnAppointment(client=clients["own"], clinician=staff["ana"],
                                    status="CANCELLED", cancelled_by="CLIENT"),
    }  # fmt: skip


@pytest.fixture
def world(house, db):
    """Everybody has just come in, so that a fresh proof is never asked for."""
    browsers = {name: inside(*visit) for name, visit in house["visits"].items()}
    return house | {"browsers": browsers | {"nobody": Browser()}}


STATE = {
    "desk_note_cosign": "waiting",
    "desk_note_return": "waiting",
    "desk_note_take_back": "waiting",
    "desk_note_add": "signed",
    "desk_note_pdf": "signed",
}
"""In which state a note is where it is not a draft."""
MEETS = {
    "desk_appointment_approve": "asked_for",
    "desk_appointment_decline": "asked_for",
    "desk_appointment_late": "called_off",
}
"""Which meeting it is where it is not one that was booked."""


def address(route, world, about="own"):
    rows = world["rows"][about]
    client = rows["couple"] if "/members/" in route.path else world["clients"][about]
    note = world["notes"][STATE.get(route.name, "")]
    known = world | rows | {"client": client, "note": note}
    known["appointment"] = world[MEETS.get(route.name, "appointment")]

    def key(found):
        row = known.get(found[1])
        return str(row.pk) if row is not None else MISSING

    path = re.sub(r"<uuid:(\w+)_id>", key, route.path)
    path = path.replace("<int:number>", "1").replace("<int:place>", "1")
    path = path.replace("<str:instrument>", "phq-9").replace("<slug:kind>", "goals")
    path = path.replace("<slug:way>", "text")
    path = path.replace("<slug:instrument>", "phq-9").replace("<slug:pack>", "core")
    path = path.replace("<str:shell>", "isi").replace("<slug:key>", "1")
    return "/" + re.sub(r"<uuid:\w+>", MISSING, path)


def body(route, world, about):
    """What an address that means nothing without a body is sent."""
    if route.name == "desk_note_decide":
        return {"other": str(world["other"].pk), "what": "below"}
    if not route.name.startswith("desk_client_members_"):
        return None
    one = world["rows"][about]["inside"] if "remove" in route.name else world["clients"][about]
    return {"member": str(one.pk)}


def tabled():
    return {row["address"]: row for row in TABLE}


def pages():
    return [r for r in routes() if r.permission != "public" and not r.name.startswith(SIGNIN)]


def ask(browser, method, path, body=None):
    """One request whose effects are taken back when it was let in."""
    mark = transaction.savepoint()
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    posted = method == "POST" and body is not None
    answer = browser.post(path, body) if posted else browser.generic(method, path)
    if answer.status_code in OPENS and not to_the_door(answer):
        transaction.savepoint_rollback(mark)
    else:
        transaction.savepoint_commit(mark)
    if {name: morsel.value for name, morsel in browser.cookies.items()} != cookies:
        browser.cookies.load(cookies)
    return answer


def to_the_door(answer):
    return answer.status_code == 302 and "/signin/" in answer.headers["Location"]


def word(answers):
    """What a person is told by the answers, and which methods are taken."""
    if all(to_the_door(answer) for answer in answers.values()):
        return "", "door"
    statuses = {method: answer.status_code for method, answer in answers.items()}
    if set(statuses.values()) == {404}:
        return "", "no"
    if set(statuses.values()) <= OPENS | {405}:
        return " ".join(m for m in METHODS if statuses.get(m) in OPENS), "yes"
    return "", f"mixed: {statuses}"


def row_for(route, world):
    """The table's row for a page as it answers somebody who proved a moment ago who they are.

    Everybody looks and sends a form. The other methods are tried by the first who is let in,
    the first who is refused and the first who is sent to the door.
    """
    Session.objects.update(stepped_up_at=time.now(), last_seen_at=time.now())
    row, taken, met = {"address": route.name, "methods": ""}, set(), set()
    for column in PEOPLE:
        person, _, about = column.split(" (")[0].partition(", ")
        if about and "<uuid:client_id>" not in route.path:
            row[column] = ""
            continue
        path, sent = address(route, world, about or "own"), body(route, world, about or "own")

        def told(methods, browser=world["browsers"][person], path=path, sent=sent):
            return {m: ask(browser, m, path, sent) for m in methods}

        answers = told(MAIN)
        _, row[column] = word(answers)
        if row[column] not in met:
            met.add(row[column])
            methods, row[column] = word(answers | told(m for m in METHODS if m not in MAIN))
            taken |= {methods} if methods else set()
    row["methods"] = " or ".join(sorted(taken))
    return row


@pytest.mark.parametrize("part", range(PARTS))
def test_the_table_is_what_the_pages_answer(world, part):
    before, every, differs = everything(), pages()[part::PARTS], []
    for few in (every[n : n + FEW] for n in range(0, len(every), FEW)):
        mark = transaction.savepoint()
        rows = [row_for(route, world) for route in few]
        differs += [",".join(row.values()) for row in rows if row != tabled().get(row["address"])]
        assert everything() == before, "a refusal changed something"
        transaction.savepoint_rollback(mark)

    if differs:
        said = "\n".join(differs)
        pytest.fail(f"these pages answer otherwise than the table says:\n{said}", pytrace=False)


def test_every_page_stands_in_the_table():
    assert set(tabled()) == {route.name for route in pages()}


def everything():
    """Every row of every table, apart from what a refusal may write."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in PASSING
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_public_and_sign_in_pages_take_reading_and_forms_alone(world, method):
    answers = {
        str(route): Browser().generic(method, address(route, world))
        for route in routes()
        if "<str:" not in route.path and "<int:" not in route.path
        if route.permission == "public"
    }

    took = {n: a.status_code for n, a in answers.items() if a.status_code != 405}
    assert {n: status for n, status in took.items() if not to_the_door(answers[n])} == {}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("person", ["ben", "fay", "olga"])
def test_refused_and_missing_are_alike_to_the_byte(world, person, method):
    browser = world["browsers"][person]
    for route in pages():
        if "<uuid:client_id>" not in route.path:
            continue
        refused = ask(browser, method, address(route, world, "restricted"))
        missing = ask(browser, method, "/" + route.path.replace("<uuid:client_id>", MISSING))

        assert shown(refused) == shown(missing), route
        assert refused.status_code == 404


def shown(answer):
    """All that reaches the browser, without what is random each time."""
    nonce = re.search(r"'nonce-([^']+)'", answer.headers.get("Content-Security-Policy", ""))
    headers = str(sorted(answer.headers.items()))
    body = answer.content.decode()
    if nonce:
        headers, body = (text.replace(nonce[1], "") for text in (headers, body))
    body = re.sub(r'name="csrf(middlewaretoken" value|-token" content)="\w+"', "", body)
    return answer.status_code, headers, body


SLIPPED_IN = {"roles": "OWNER", "role": "OWNER", "practice": "2", "restricted": "on",
              "archived_at": "2020-01-01", "account": MISSING, "balance": "0", "id": MISSING,
              "pk": MISSING, "seen_by": MISSING, "is_active": "", "data_key": MISSING}  # fmt: skip


def test_what_is_slipped_into_a_form_changes_nothing(world):
    ana, own, other = world["browsers"]["ana"], world["client"], world["clients"]["foreign"]
    more = SLIPPED_IN | {"client": str(other.pk), "client_id": str(other.pk)}
    before = everything()
    forms = {
        "contact": {"kind": "MAIL", "value": "m@example.org"},
        "related": {"relation": "PARTNER", "name": "Jo", "may_know": "NOTHING"},
        "edit": {"legal_name": own.legal_name, "status": own.status, "place": own.place_id,
                 "preferred_name": "Mara"},
    }  # fmt: skip
    for page, body in forms.items():
        answer = ana.post(f"/desk/clients/{own.pk}/{page}/", body | more)
        assert answer.status_code == 302, (page, answer.content.decode())

    after = everything()
    changed = {label for label in before if before[label] != after[label]}
    assert changed <= {"people.Client", "people.NameGram", "people.Contact",
                       "people.RelatedPerson", "core.Job"}  # fmt: skip
    fresh = Client.objects.get(pk=own.pk)
    assert (fresh.restricted, fresh.archived_at, fresh.account_id, fresh.data_key_id) == (
        own.restricted, own.archived_at, own.account_id, own.data_key_id
    )  # fmt: skip
    assert [c for c in after["people.Client"] if str(other.pk) in c] == [
        c for c in before["people.Client"] if str(other.pk) in c
    ]
    assert other.contacts.count() == other.related_people.count() == 1


def test_a_body_with_more_gives_nobody_more(world):
    """Appearance is one's own: whatever else is sent along, only that is kept."""
    ana = world["browsers"]["ana"]
    account, staff = Account.objects.get(pk=world["staff"].account_id), world["staff"]
    answer = ana.post("/desk/me/", SLIPPED_IN | {
        "language": "de", "theme": "dark", "realm": "PORTAL", "email": "other@example.org",
    })  # fmt: skip
    fresh = Account.objects.get(pk=account.pk)

    assert answer.status_code == 302
    assert (fresh.language, fresh.theme) == ("de", "dark")
    assert (fresh.realm, fresh.email, fresh.is_active) == (account.realm, account.email, True)
    assert Staff.objects.get(pk=staff.pk).roles == ["CLINICIAN"]


def test_a_supervision_that_ended_yesterday_opens_nothing(world):
    """The table has who supervised until today; a day earlier is not better."""
    staff = world["staff"]
    staff.supervised_by.filter(until_on=time.today()).update(
        until_on=time.today() - timedelta(days=1)
    )

    answer = world["browsers"]["rolf"].get(f"/desk/clients/{world['client'].pk}/")
    assert answer.status_code == 404


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
