"""Marks on a client's time: who sets them, what was said before, and the way back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from rapport.core.policy import Denied
from rapport.people.models import Account
from rapport.progress.marks import actions, queries
from rapport.progress.marks.actions import CannotMark
from rapport.progress.models import Mark
from tests.factories import NOW, AMark, AnAccount, ClientOf, Colleague

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def note(ana, mara):
    def call(words="Lost her job", by=ana.account, **given):
        given = {"kind": "EVENT", "on": YESTERDAY, "shared": False, "now": NOW} | given
        return actions.note(by=by, client=mara, words=words, **given)

    return call


@pytest.fixture
def own(mara):
    """Mara herself, signed in to the portal."""
    mara.account = AnAccount(realm="PORTAL")
    mara.save(update_fields=["account"])
    return Account.objects.get(pk=mara.account.pk)


def words(by, client, **given):
    return [one.words for one in queries.of(by=by, client=client, **given)]


def test_what_happened_stands_in_its_order_and_its_words_lie_sealed(ana, mara, note):
    note(words="  Began\n a new job ", on=TODAY)
    first = note(words="Lost her job", on=TODAY - timedelta(days=90))
    assert words(ana.account, mara) == ["Lost her job", "Began a new job"]
    assert words(ana.account, mara, first=YESTERDAY) == ["Began a new job"]
    assert words(ana.account, mara, last=YESTERDAY) == ["Lost her job"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM progress_mark")
        assert all(b"job" not in bytes(row[0]) for row in cursor.fetchall())
    assert "job" not in str(first)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "a" * 301}, "words"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": date(1630, 1, 1)}, "on"),
        ({"kind": "GOAL"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(note, given, field):
    with pytest.raises(CannotMark) as problem:
        note(**given)
    assert problem.value.field == field
    assert not Mark.objects.exists()


def test_a_correction_keeps_what_was_said_before(ana, mara, note):
    mark = note(words="Lost her jop")
    given = {"by": ana.account, "client": mara, "kind": "EVENT", "on": YESTERDAY, "shared": True,
             "now": NOW}  # fmt: skip
    second = actions.correct(mark=mark, words="Lost her job", **given)
    third = actions.correct(mark=second, words="Lost her post", **given)
    assert words(ana.account, mara) == ["Lost her post"]
    assert [one.words for one in queries.before(third)] == ["Lost her job", "Lost her jop"]
    mark.refresh_from_db()
    for late in (mark, second):
        with pytest.raises(CannotMark, match="in the meantime"):
            actions.correct(mark=Mark.objects.get(pk=late.pk), words="Again", **given)


def test_two_who_correct_at_once_leave_one_correction(ana, mara, note):
    mark = note()
    twin = Mark.objects.get(pk=mark.pk)
    given = {"by": ana.account, "client": mara, "kind": "EVENT", "on": YESTERDAY, "shared": True,
             "now": NOW}  # fmt: skip
    actions.correct(mark=mark, words="One", **given)
    with pytest.raises(CannotMark, match="in the meantime"):
        actions.correct(mark=twin, words="Other", **given)
    assert words(ana.account, mara) == ["One"]


def test_what_was_removed_comes_back(ana, mara, note):
    mark = note()
    actions.remove(by=ana.account, client=mara, mark=mark, now=NOW)
    assert words(ana.account, mara) == []
    with pytest.raises(CannotMark):
        actions.remove(by=ana.account, client=mara, mark=mark, now=NOW)
    actions.bring_back(by=ana.account, client=mara, mark=mark)
    assert words(ana.account, mara) == ["Lost her job"]


def test_a_client_sees_what_is_shared_and_changes_what_is_theirs(ana, mara, note, own):
    note(words="Relapse feared")
    note(words="First week back at work", kind="MILESTONE", shared=True)
    mine = actions.note_own(by=own, on=TODAY, words="My sister visited", now=NOW)
    assert words(own, mara) == ["First week back at work", "My sister visited"]
    better = actions.correct_own(by=own, mark=mine, on=TODAY, words="Both sisters came", now=NOW)
    actions.remove_own(by=own, mark=better, now=NOW)
    assert words(own, mara) == ["First week back at work"]
    actions.bring_back_own(by=own, mark=better)
    assert words(ana.account, mara)[-1] == "Both sisters came"
    assert [(one.by_client, one.kind) for one in queries.before(better)] == [(True, "EVENT")]


def test_nobody_changes_what_somebody_else_said(ana, mara, note, own):
    theirs, mine = note(), actions.note_own(by=own, on=TODAY, words="Mine", now=NOW)
    other = ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))
    noa = Account.objects.get(pk=other.account.pk)
    for by, mark in ((own, theirs), (noa, mine)):
        with pytest.raises(CannotMark, match="not yours"):
            actions.remove_own(by=by, mark=mark, now=NOW)
    with pytest.raises(CannotMark, match="client's own words"):
        actions.remove(by=ana.account, client=mara, mark=mine, now=NOW)
    with pytest.raises(CannotMark, match="not of this client"):
        actions.remove(by=ana.account, client=other, mark=theirs, now=NOW)
    with pytest.raises(Denied):
        note(by=Colleague().account)
    for by in (noa, Colleague().account):
        with pytest.raises(Mark.DoesNotExist):
            queries.own(by=by, own_mark_id=mine.pk)
    with pytest.raises(Mark.DoesNotExist):
        queries.get(by=Colleague().account, mark_id=mine.pk)


def test_a_client_who_notes_and_notes_is_stopped_kindly(own):
    for n in range(actions.MOST_A_DAY):
        actions.note_own(by=own, on=TODAY, words=f"Number {n}", now=NOW)
    with pytest.raises(CannotMark, match="tomorrow"):
        actions.note_own(by=own, on=TODAY, words="One more", now=NOW)
    actions.note_own(by=own, on=TODAY, words="The day after", now=NOW + timedelta(days=1))


def test_the_database_knows_what_a_clients_own_mark_is(mara):
    for given in ({"shared": False}, {"kind": "MILESTONE", "shared": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AMark(client=mara, by_client=True, **given)
