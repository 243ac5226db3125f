"""Taking clients over: whole rows or none, nobody twice, and recorded."""

import logging

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.people.clients.actions import CannotKeep
from rapport.people.imports import actions, words
from rapport.people.imports.rules import Problem
from rapport.people.imports.table import NoTable
from rapport.people.models import Client, Contact, Episode
from tests.factories import APlace, APractice, Colleague

pytestmark = pytest.mark.django_db

BY = System("cli")
GOOD = "name,dob,mail,phone\nMara Lindgren,1990-05-04,mara@example.net,+49 30 901820\nOle,,,\n"


@pytest.fixture
def house():
    APractice()
    place = APlace()
    place.ana = Colleague(at=[place])
    return place


def planned(text, by=BY):
    return actions.plan(by=by, raw=text.encode(), order="iso", now=clock.now())


def done(house, text, by=BY, clinician=None):
    return actions.carry_out(
        by=by, plan=planned(text), place=house, clinician=clinician or house.ana, now=clock.now()
    )


def test_a_plan_changes_nothing(house):
    plan = planned(GOOD)
    assert (plan.rows, len(plan.entries), plan.problems) == (2, 2, [])
    assert not Client.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_row_becomes_a_client_with_contacts_a_clinician_and_an_episode(house):
    assert done(house, GOOD) == (2, [])
    mara = Client.objects.get(sort_name="mara lindgren")
    assert str(mara.birth_on) == "1990-05-04"
    assert {c.plain for c in mara.contacts.all()} == {"mara@example.net", "+4930901820"}
    assert [m.staff for m in mara.care_team.all()] == [house.ana]
    assert Episode.objects.count() == 2


def test_a_second_run_admits_nobody(house):
    done(house, GOOD)
    again = planned(GOOD)
    assert [(p.line, p.code) for p in again.problems] == [(2, "here_already"), (3, "here_already")]
    assert done(house, GOOD) == (0, [])
    assert Client.objects.count() == 2


def test_who_came_meanwhile_is_not_admitted_twice(house):
    plan = planned(GOOD)
    done(house, GOOD)
    admitted, left = actions.carry_out(
        by=BY, plan=plan, place=house, clinician=house.ana, now=clock.now()
    )
    assert (admitted, [p.code for p in left]) == (0, ["here_already"] * 2)


def test_rows_with_a_problem_stay_out_and_the_others_come_in(house):
    text = f"name,mail,phone\n{'x' * 301},,\nOle,not a mail,12\nMara,,\n"
    plan = planned(text)
    assert [(p.line, p.field, p.code) for p in plan.problems] == [
        (2, "legal_name", "too_long"), (3, "phone", "no_phone"), (3, "mail", "no_mail"),
    ]  # fmt: skip
    assert done(house, text) == (1, [])
    assert [c.legal_name for c in Client.objects.all()] == ["Mara"]


def test_a_row_that_fails_late_leaves_nothing_of_itself(house):
    plan = planned(GOOD)
    plan.entries[0].contacts.append(("MAIL", "spoilt meanwhile"))
    admitted, left = actions.carry_out(
        by=BY, plan=plan, place=house, clinician=house.ana, now=clock.now()
    )
    assert (admitted, [(p.line, p.code) for p in left]) == (1, [(2, "not_kept")])
    assert [c.legal_name for c in Client.objects.all()] == ["Ole"]
    assert not Contact.objects.exists()
    assert AuditEntry.objects.filter(verb="client.admit").count() == 1


def test_a_clinician_who_treats_nobody_stops_it_before_the_first(house):
    with pytest.raises(CannotKeep):
        done(house, GOOD, clinician=Colleague(roles=["BILLER"]))
    assert not Client.objects.exists()


def test_who_imported_stands_in_the_trail_and_no_name_does(house, caplog):
    caplog.set_level(logging.DEBUG)
    olga = Colleague(roles=["OWNER"])
    done(house, GOOD, by=olga.account)
    kept = AuditEntry.objects.filter(verb="client.import")
    assert [(e.by, e.allowed) for e in kept] == [(str(olga.account.pk), True)]
    assert "Lindgren" not in str(list(AuditEntry.objects.values_list("subject", "by", "origin")))
    said = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
    assert "Lindgren" not in "\n".join(said)


def test_a_clinician_may_not_import(house):
    with pytest.raises(policy.Denied):
        done(house, GOOD, by=house.ana.account)
    assert not Client.objects.exists()


def test_a_stranger_to_a_client_does_not_learn_of_them(house):
    done(house, GOOD)
    flo = Colleague(roles=["FRONT_DESK"], at=[APlace()])
    assert planned(GOOD, by=flo.account).problems == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "The file is empty."), (",,,\n,,\n", "The file is empty."),
     ("shoe,size\nx,1\n", "The first row names no column"),
     ("name,dob\n", "There is a header and no row below it."),
     ('name\n"Mara', "begins on line 2")],
)  # fmt: skip
def test_a_file_that_is_no_table_of_clients_is_one_sentence(house, text, said):
    with pytest.raises(actions.CannotImport) as refused:
        planned(text)
    assert said in str(refused.value)


def test_every_code_has_a_sentence():
    assert all(words.of_file(NoTable(code, 7)) for code in words.FILE)
    said = [words.of_row(Problem(7, "birth_on", code, 3)) for code in words.ROW]
    assert all(one.startswith("Line 7, birth date: ") and "%(" not in one for one in said)


def test_fifty_thousand_rows_are_planned(house):
    text = "name,dob\n" + "\n".join(f"Client {n:05},1990-05-04" for n in range(50_000))
    plan = planned(text)
    assert (plan.rows, len(plan.entries), plan.problems) == (50_000, 50_000, [])
