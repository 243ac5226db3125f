"""Paper that is keyed twice: it counts once both are alike, or somebody has decided."""

import pytest

from rapport.core.policy import Denied, System
from rapport.progress.keying import actions, queries, rules
from rapport.progress.measures.actions import CannotAnswer, enter
from rapport.progress.models import Alert, Keyed, Score, Sheet
from tests.factories import NOW, ClientOf

pytestmark = pytest.mark.django_db
BY = System("test")
CALM = {str(n): 1 for n in range(1, 9)} | {"9": 0}
RISKY = CALM | {"9": 2}


def key(client, answers=CALM, by=BY, **given):
    said = {"instrument": "phq-9", "version": 1, "answered_on": NOW.date(), "now": NOW} | given
    return actions.key(by=by, client=client, answers=answers, **said)


def again(client, keyed, answers, by=BY):
    return actions.key_again(by=by, client=client, keyed=keyed, answers=answers, now=NOW)


def test_alike_it_is_one_sheet_keyed_twice_and_nothing_counted_before(ana, mara):
    keyed = key(mara, by=ana.account)
    assert not Sheet.objects.exists() and not Score.objects.exists()
    assert queries.waiting_of(by=BY, client=mara) == [keyed]

    done = again(mara, keyed, CALM)
    sheet = Sheet.objects.get()
    assert (done.sheet, done.state, sheet.keyed_times, sheet.source) == (sheet, "DONE", 2, "PAPER")
    assert (sheet.score.total_rounded, sheet.entered_by) == (8, ana.account)
    assert queries.waiting_of(by=BY, client=mara) == []
    with pytest.raises(CannotAnswer, match="meanwhile"):
        again(mara, keyed, CALM)
    assert Sheet.objects.count() == 1


def test_what_may_not_be_asked_here_is_not_keyed_either(mara):
    with pytest.raises(CannotAnswer, match="conditions"):
        key(mara, {str(n): 0 for n in range(1, 11)}, instrument="core-10")
    with pytest.raises(CannotAnswer, match="not asked here any more"):
        key(mara, instrument="own-of-nobody")
    assert not Keyed.objects.exists()


def test_what_differs_is_decided_item_by_item_and_who_did_is_kept(ana, mara):
    keyed = again(mara, key(mara), CALM | {"1": 3, "2": None})
    assert (keyed.state, Sheet.objects.exists()) == ("DIFFERS", False)
    with pytest.raises(CannotAnswer) as refusal:
        actions.decide(by=BY, client=mara, keyed=keyed, chosen={"1": "second"}, now=NOW)
    assert list(refusal.value.items) == ["2"] and not Sheet.objects.exists()

    chosen = {"1": "second", "2": "first"}
    done = actions.decide(by=ana.account, client=mara, keyed=keyed, chosen=chosen, now=NOW)
    assert done.sheet.answers == CALM | {"1": 3, "10": None}
    assert (done.decided_by, done.decided_at) == (ana.account, NOW)
    stored = Keyed.objects.get()
    assert (stored.first["answers"]["1"], stored.second["answers"]["1"]) == (1, 3)


def test_a_risky_answer_raises_its_alert_with_the_first_keying_and_the_sheet_joins_it(mara):
    keyed = key(mara, RISKY)
    alert = Alert.objects.get()
    assert (alert.asked, alert.draft) == (keyed.asked, {"9": 2})
    again(mara, keyed, RISKY)
    alert.refresh_from_db()
    assert alert.sheet == Sheet.objects.get() and Alert.objects.count() == 1


def test_a_risk_that_only_the_second_keying_has_is_looked_at_too(mara):
    again(mara, key(mara), RISKY)
    assert Alert.objects.count() == 1 and not Sheet.objects.exists()


def test_one_that_is_thrown_away_comes_back_where_it_was(mara):
    for keyed in (key(mara), again(mara, key(mara), RISKY)):
        state = keyed.state
        actions.drop(by=BY, client=mara, keyed=keyed)
        assert keyed not in queries.waiting_of(by=BY, client=mara)
        actions.take_back(by=BY, client=mara, keyed=keyed)
        keyed.refresh_from_db()
        assert keyed.state == state


def test_what_cannot_be_keyed_is_refused_and_strangers_key_nothing(ana, ben, mara):
    for answers, item in (({"1": 9}, "1"), ({}, ""), ({"99": 1}, "99")):
        with pytest.raises(CannotAnswer) as refusal:
            key(mara, answers)
        assert item in refusal.value.items
    with pytest.raises(CannotAnswer, match="changed"):
        key(mara, version=7)
    with pytest.raises(CannotAnswer, match="own|gave"):
        key(ClientOf(kind="COUPLE", care_team=[ana]))
    with pytest.raises(Denied):
        key(mara, by=ben.account)
    with pytest.raises(Denied):
        actions.key_twice(by=ben.account, wanted=True, now=NOW)
    assert not Keyed.objects.exists()


def test_keyed_once_where_once_is_enough_is_marked(mara):
    given = {"by": BY, "client": mara, "instrument": "phq-9", "version": 1, "answers": CALM,
             "answered_on": NOW.date(), "now": NOW}  # fmt: skip
    assert [enter(source=how, **given).keyed_times for how in ("PAPER", "INTERVIEW")] == [1, 0]


def test_facts_that_differ_are_decided_like_answers():
    one, other = {"sex": "female"}, {}
    assert rules.decided(one, other, {}, ["sex"]) == (one, ["sex"])
    assert rules.decided(one, other, {"sex": "second"}, ["sex"]) == ({"sex": None}, [])
