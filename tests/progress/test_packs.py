"""Packs: off until an owner accepts the conditions, off again when that is withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import library, shape
from rapport.core.policy import Denied, System
from rapport.progress.measures import actions as sheets
from rapport.progress.measures import asking, instruments, rules
from rapport.progress.models import Acceptance, Asked, Sheet
from rapport.progress.packs import actions, queries
from rapport.progress.packs.library import PACKS, Pack, holder
from tests.factories import NOW, AnAsk, ClientOf, Colleague

ANSWERS = {str(n): 0 for n in range(1, 11)}


@pytest.fixture
def olga(db):
    return Colleague(roles=["OWNER"])


@pytest.fixture
def ana(db):
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def accept(olga, pack="core", **given):
    said = {"version": 1, "use": "FREE", "now": NOW} | given
    return actions.accept(by=olga.account, pack=pack, **said)


def ask(ana, mara, *names):
    return asking.ask(by=ana.account, client=mara, instruments=names, way="LINK", now=NOW)


def enter(ana, mara):
    return sheets.enter(
        by=ana.account, client=mara, instrument="core-10", version=1, answers=ANSWERS,
        source="PAPER", answered_on=NOW.date(), now=NOW,
    )  # fmt: skip


def test_every_pack_names_questionnaires_of_class_b_that_have_words_in_its_own_folder():
    named = [one for item in PACKS.find().values() for one in item.content.instruments]

    assert len(set(named)) == len(named)
    worded = {id for id, item in instruments.with_words().items()
              if item.content.licence.class_ == "B"}  # fmt: skip
    assert worded == set(named)
    for item in PACKS.find().values():
        folder = library.root().joinpath("packs", item.id)
        assert "not under the licence of Rapport" in folder.joinpath("LICENCE.txt").read_text()
        assert item.words["en"].conditions
        for one in item.content.instruments:
            assert folder.joinpath(f"{one}.en.toml").is_file()
            assert instruments.get(one).words["en"].licence.attribution


def test_a_pack_is_off_until_an_owner_accepts_and_off_again_when_it_is_withdrawn(olga, ana, mara):
    assert "core-10" not in queries.askable() and "phq-9" in queries.askable()
    for refused in (lambda: ask(ana, mara, "core-10"), lambda: enter(ana, mara)):
        with pytest.raises((asking.CannotAsk, sheets.CannotAnswer), match="not accepted"):
            refused()

    accept(olga, use="PAID")

    row = Acceptance.objects.get()
    assert (row.accepted_by, row.accepted_at, row.version) == (olga.account, NOW, 1)
    assert "core-10" in queries.askable() and "audit" not in queries.askable()
    (put,) = ask(ana, mara, "core-10")

    actions.withdraw(by=olga.account, pack="core", now=NOW + timedelta(days=1))

    assert "core-10" not in queries.askable()
    with pytest.raises(asking.CannotAsk, match="not accepted"):
        asking.known("core-10")
    sheet = sheets.answer(
        by=System("test"), asked=put.asked, answers=ANSWERS, version=1, now=NOW
    )  # what was asked before can still be answered, and is read
    assert sheets.form_of(sheet.instrument, 1).words["en"].items["6"]
    assert Sheet.objects.count() == 1


def test_what_a_pack_no_longer_allows_keeps_nothing_else_from_being_asked(olga, ana, mara):
    accept(olga)
    ask(ana, mara, "phq-9", "core-10")
    actions.withdraw(by=olga.account, pack="core", now=NOW)
    AnAsk(client=mara, instrument="core-10")

    assert not asking.is_known("core-10") and asking.is_known("phq-9")
    assert Asked.objects.count() == 2


def test_newer_conditions_are_to_be_accepted_anew(olga, monkeypatch):
    accept(olga)
    item = PACKS.get("core")
    newer = {**PACKS.find(), "core": replace(item, content=replace(item.content, version=2))}
    monkeypatch.setattr(type(PACKS), "find", lambda _self: newer)

    assert not queries.may_ask("core-10")
    one = queries.one(by=olga.account, pack="core")
    assert (one.is_on, one.is_outdated) == (False, True)
    with pytest.raises(actions.CannotAccept, match="have changed"):
        accept(olga)
    accept(olga, version=2)
    one = queries.one(by=olga.account, pack="core")
    assert (one.is_on, [row.version for row in one.before]) == (True, [1])


@pytest.mark.parametrize(
    "given, field",
    [({"pack": "none"}, ""), ({"use": "FUN"}, "use"), ({"version": 7}, ""),
     ({"pack": "audit", "use": "PAID", "permitted_by": "  "}, "permission")],
)  # fmt: skip
def test_what_cannot_be_accepted_is_refused_with_advice(olga, given, field):
    with pytest.raises(actions.CannotAccept) as refusal:
        accept(olga, **given)
    assert refusal.value.field == field
    assert not Acceptance.objects.exists()


def test_a_paid_practice_names_who_permitted_it_where_the_conditions_leave_it_out(olga):
    accept(olga, "audit", use="PAID", permitted_by="  WHO,\n by mail  ")
    assert Acceptance.objects.get().permission == "WHO, by mail"


def test_accepting_twice_and_withdrawing_twice_is_once(olga):
    accept(olga)
    with pytest.raises(actions.CannotAccept, match="already"):
        accept(olga)
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.create(
            pack="core", version=1, use="FREE", accepted_by=olga.account, accepted_at=NOW
        )
    actions.withdraw(by=olga.account, pack="core", now=NOW)
    with pytest.raises(actions.CannotAccept, match="off already"):
        actions.withdraw(by=olga.account, pack="core", now=NOW)


def test_who_is_no_owner_accepts_nothing(ana):
    with pytest.raises(Denied):
        accept(ana)
    with pytest.raises(Denied):
        actions.withdraw(by=ana.account, pack="core", now=NOW)


@pytest.mark.parametrize(
    "change, advice",
    [({"instruments": []}, "name each questionnaire once"),
     ({"instruments": ["a", "a"]}, "name each questionnaire once"),
     ({"licence": {"class": "A"}}, "words of class B"),
     ({"licence": {"attribution": None}}, "line that its makers ask for")],
)  # fmt: skip
def test_a_pack_that_makes_no_sense_is_refused(change, advice):
    licence = {"class": "B", "text": "t", "rights_holder": "h", "source": "s",
               "checked_on": NOW.date(), "attribution": "©"}  # fmt: skip
    licence = {k: v for k, v in {**licence, **change.pop("licence", {})}.items() if v is not None}
    table = {"id": "x", "version": 1, "licence_name": "L", "commercial": True,
             "instruments": ["a"], "licence": licence} | change  # fmt: skip
    with pytest.raises(shape.DoesNotFit, match=advice):
        shape.read(Pack, table)


def test_what_a_body_cannot_have_is_shut_only_where_that_was_said():
    key = instruments.get("phq-sads").content.key
    assert rules.shut(key, {"sex": "male"}) == {"A6"}
    assert rules.shut(key, {"sex": "female"}) == rules.shut(key, {}) == set()


def test_the_pack_of_a_questionnaire(db):
    assert (holder("core-10"), holder("phq-9")) == ("core", "")
    with pytest.raises(library.NotInLibrary):
        queries.one(by=None, pack="none")
