"""Adaptive tests: asked, answered one by one as the engine chooses, handed in, kept, compared."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from rapport.core.policy import Denied, System
from rapport.people.export import record
from rapport.progress.adapting import actions, queries, rules
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, banks, course, instruments, left
from rapport.progress.measures.links import Holder
from rapport.progress.models import AdaptiveTest, Alert, Asked, Sheet
from rapport.progress.own.saying import CannotKeep
from rapport.progress.schedules import actions as schedules
from rapport.progress.schedules import conditions, following
from tests.factories import NOW, Colleague
from tests.launcher.conftest import environment
from tests.science.adaptive import slow

from .held_here import licensed, words_of

BANK, RISK = "promis-depression", "EDDEP39"
ITEMS = banks.get(BANK).content.graded
FIVE = ("EDDEP04", "EDDEP05", "EDDEP06", "EDDEP07", "EDDEP09")
LATER = NOW + timedelta(days=28)


@pytest.fixture
def olga(db):
    return Colleague(roles=["OWNER", "CLINICIAN"], display_name="Olga").account


@pytest.fixture
def typed(olga):
    licensed(olga, BANK, items=words_of(BANK))


def ask(ana, mara, now=NOW, **stops):
    return actions.ask(
        by=ana.account, client=mara, bank=BANK, way="LINK", stops=rules.Stops(**stops), now=now
    ).asked  # fmt: skip


def fresh(asked):
    return Asked.objects.select_related("client__data_key").get(pk=asked.pk)


def running(asked):
    row = fresh(asked)
    return queries.running(asked=row, item=measures.form_of(row.instrument, row.version))


def say(asked, answer, key=None, turn=None, now=NOW):
    test = running(asked)
    return actions.take(
        by=Holder(asked.pk), asked=asked, key=key or test.coming, answer=answer,
        turn=test.turn if turn is None else turn, now=now,
    )  # fmt: skip


def hand_in(asked, now=NOW):
    return actions.hand_in(by=Holder(asked.pk), asked=asked, version=asked.version, now=now)


def answered(asked, choose, now=NOW):
    """Answer whatever comes; ``choose`` says how, by key. The sheet."""
    while (key := running(asked).coming) is not None:
        say(asked, choose(key), now=now)
    return hand_in(asked, now=now)


def test_a_run_asks_what_a_search_finds_and_everybody_the_risk_item(ana, mara, typed):
    asked, given, order = ask(ana, mara), {}, []

    while (key := running(asked).coming) != RISK:
        assert key == slow.chosen(ITEMS, given, shut={RISK})
        given[key] = (len(order) * 2) % 5
        order.append(key)
        say(asked, given[key] + 1)
    say(asked, 1)
    sheet = hand_in(asked)

    theta, se = slow.estimate(ITEMS, given)
    result = queries.result(sheet=sheet)
    assert [one["key"] for one in result.steps] == [*order, RISK]
    assert (result.theta, result.se) == pytest.approx((theta, se), abs=1e-6)
    assert sheet.score.total == pytest.approx(50 + 10 * theta, abs=1e-3)
    assert sheet.score.status == "SCORED" and sheet.score.risk is False
    assert result.interval == pytest.approx((result.t - 19.6 * se, result.t + 19.6 * se), abs=1e-4)
    assert [one["se"] < 0.3 for one in result.steps if one["counts"]].index(True) >= 3
    assert (result.bank, result.version, sheet.version) == (BANK, 1, 101)


@pytest.mark.parametrize(
    "stops, many, why",
    [
        ({}, 4, "precise"),
        ({"least": 6}, 6, "precise"),
        ({"below_se": 0.2, "most": 4}, 4, "long enough"),
    ],
)
def test_the_rules_for_stopping_stop(ana, mara, typed, stops, many, why):
    sheet = answered(ask(ana, mara, **stops), lambda key: 1 if key == RISK else 3)

    result = queries.result(sheet=sheet)
    assert (result.asked, result.ended) == (many + 1, why)
    assert result.steps[-1] == result.steps[-1] | {"key": RISK, "answer": 1, "counts": False}
    assert result.steps[-1]["theta"] == result.steps[-2]["theta"]


def test_only_what_has_words_is_asked(ana, mara, olga):
    with pytest.raises(asking.CannotAsk):
        ask(ana, mara)
    licensed(olga, BANK, items=words_of(BANK, *FIVE, RISK))

    sheet = answered(ask(ana, mara, below_se=0.2), lambda key: 1)

    result = queries.result(sheet=sheet)
    assert {one["key"] for one in result.steps} == {*FIVE, RISK}
    assert result.ended == "nothing left"
    (mine,) = [one for one in queries.offers() if one.item.id == BANK]
    assert (mine.there, mine.of, mine.is_ready) == (5, 27, True) and len(mine.best) == 3
    (other,) = [one for one in queries.offers() if one.item.id != BANK]
    assert (other.there, other.needs, other.best, other.is_ready) == (0, 4, [], False)


def test_text_that_lacks_the_risk_item_or_is_too_little_is_refused(olga):
    with pytest.raises(CannotKeep) as refused:
        licensed(olga, BANK, items=words_of(BANK, *FIVE[:2]))
    assert set(refused.value.fields) == {f"item-{RISK}", "item-EDDEP06", "item-EDDEP07"}
    with pytest.raises(CannotKeep) as refused:
        licensed(olga, BANK, items=words_of(BANK, *FIVE) | {"EDDEP14": "x" * 3000})
    assert set(refused.value.fields) == {f"item-{RISK}", "item-EDDEP14"}
    assert queries.offer_of(BANK).mute == [RISK]


def test_going_back_recomputes(ana, mara, typed):
    asked = ask(ana, mara)
    for answer in (1, 1):
        say(asked, answer)
    before = running(asked)
    first, second = before.order

    say(asked, 5, key=second)

    after = running(asked)
    assert after.order == [first, second] and after.turn == 3
    given = {first: 0, second: 4}
    assert after.coming == slow.chosen(ITEMS, given, shut={RISK}) != before.coming
    assert after.sitting.trait.theta == pytest.approx(slow.estimate(ITEMS, given)[0], abs=1e-6)
    say(asked, 1, key=first)  # two back is too far
    assert running(asked).answers == {first: 1, second: 5}


def test_going_back_from_the_risk_item_opens_the_test_again(ana, mara, typed):
    asked = ask(ana, mara)
    while running(asked).coming != RISK:
        say(asked, 3)
    last = running(asked).order[-1]

    say(asked, None, key=last)

    assert running(asked).coming not in (None, RISK)


def test_two_tabs_do_not_answer_twice(ana, mara, typed):
    asked = ask(ana, mara)
    shown = running(asked)
    say(asked, 3, key=shown.coming, turn=0)

    say(asked, 3, key=shown.coming, turn=0)  # a lost answer is sent again
    say(asked, 5, key=shown.coming, turn=0)  # from a tab that lay open

    now = running(asked)
    assert now.answers == {shown.coming: 3} and now.turn == 1


def test_an_answer_the_question_does_not_have_is_refused(ana, mara, typed):
    asked = ask(ana, mara)
    for answer in (0, 6, -1):
        with pytest.raises(measures.CannotAnswer):
            say(asked, answer)
    assert running(asked).answers == {}


def test_more_answers_than_anybody_gives_are_refused(ana, mara, typed):
    asked = ask(ana, mara)
    Asked.objects.filter(pk=asked.pk).update(keeps=300, kept_at=NOW)
    with pytest.raises(measures.CannotAnswer, match="Wait a minute"):
        say(asked, 1)


def test_a_test_is_handed_in_once_and_only_at_its_end(ana, mara, typed):
    asked = ask(ana, mara)
    say(asked, 2)
    with pytest.raises(measures.CannotAnswer, match="still waits"):
        hand_in(asked)
    sheet = answered(asked, lambda key: 2)

    assert hand_in(asked).pk == sheet.pk and Sheet.objects.count() == 1
    with pytest.raises(measures.Closed):
        say(asked, 3, key=RISK, turn=0)
    assert fresh(asked).draft == {}


def test_a_test_in_which_all_is_passed_is_not_handed_in(ana, mara, typed):
    asked = ask(ana, mara, most=4)
    with pytest.raises(measures.CannotAnswer, match="at least one"):
        answered(asked, lambda key: None)
    say(asked, 1, key=RISK)

    sheet = hand_in(asked)
    assert (sheet.score.status, sheet.score.total) == ("NOT_SCORABLE", None)


@pytest.mark.parametrize("answer, rings", [(1, False), (2, True), (5, True), (None, False)])
def test_any_answer_but_the_healthiest_to_the_risk_item_raises_the_alert(
    ana, mara, typed, answer, rings
):
    sheet = answered(ask(ana, mara), lambda key: answer if key == RISK else 3)

    found = Alert.objects.filter(client=mara)
    assert [(one.rule, one.sheet_id) for one in found] == ([("self-harm", sheet.pk)] * rings)


def test_a_risky_answer_that_is_left_raises_it_too(ana, mara, typed):
    asked = ask(ana, mara)
    while running(asked).coming != RISK:
        say(asked, 3)
    say(asked, 4)

    later = NOW + timedelta(minutes=11)
    assert left.oldest(now=later) == [asked.pk]
    left.look_after(by=left.BY, asked=fresh(asked), now=later)

    assert Alert.objects.get().rule == "self-harm"


def test_a_test_that_stands_to_be_asked_stops_as_usual(ana, mara, typed):
    """Asked like any other questionnaire, without a word about stopping."""
    given = {"by": ana.account, "client": mara, "way": "LINK", "now": NOW}
    (put,) = asking.ask(instruments=[BANK], **given)

    sheet = answered(put.asked, lambda key: 3)

    assert queries.result(sheet=sheet).stops == rules.STANDARD


@pytest.mark.parametrize(
    "field, given",
    [("below_se", {"below_se": 0.1}), ("least", {"least": 0}), ("most", {"most": 99}),
     ("most", {"least": 5, "most": 4})],
)  # fmt: skip
def test_settings_out_of_bounds_are_refused_at_their_field(ana, mara, typed, field, given):
    with pytest.raises(asking.CannotAsk) as refused:
        ask(ana, mara, **given)
    assert refused.value.field == field and not Asked.objects.exists()


def test_what_is_no_bank_is_not_asked_adaptively(ana, mara, typed):
    with pytest.raises(asking.CannotAsk) as refused:
        actions.ask(by=ana.account, client=mara, bank="phq-9", way="LINK", stops=rules.STANDARD,
                    now=NOW)  # fmt: skip
    assert refused.value.field == "bank"


def test_a_stranger_asks_nothing_and_answers_nothing(ana, ben, mara, typed):
    with pytest.raises(Denied):
        ask(ben, mara)
    asked = ask(ana, mara)
    with pytest.raises(Denied):
        actions.take(by=ben.account, asked=asked, key="EDDEP29", answer=1, turn=0, now=NOW)
    with pytest.raises(Denied):
        actions.hand_in(by=ben.account, asked=asked, version=101, now=NOW)


def test_it_is_neither_entered_from_paper_nor_corrected(ana, mara, typed):
    given = {"by": ana.account, "client": mara, "now": NOW}
    with pytest.raises(measures.CannotAnswer, match="step by step"):
        measures.enter(instrument=BANK, version=101, answers={"EDDEP29": 1}, source="PAPER",
                       answered_on=NOW.date(), **given)  # fmt: skip
    sheet = answered(ask(ana, mara), lambda key: 1)
    with pytest.raises(measures.CannotAnswer, match="not corrected"):
        measures.correct(sheet=sheet, answers={"EDDEP29": 2}, **given)


def test_two_tests_are_compared_and_a_third_person_sees_neither(ana, ben, mara, typed):
    first = answered(ask(ana, mara), lambda key: 1 if key == RISK else 4)
    second = answered(ask(ana, mara, now=LATER), lambda key: 1, now=LATER)

    found = course.of(by=ana.account, client=mara, instrument=BANK)
    assert [one.sheet for one in found.points] == [first.pk, second.pk]
    sheets = [first.pk, second.pk]
    kept = queries.results(by=ana.account, client=mara, sheets=sheets)
    assert set(kept) == set(sheets)
    before, result = queries.before(by=ana.account, client=mara, sheet=second)
    assert before.pk == first.pk and result == kept[first.pk]
    assert queries.before(by=ana.account, client=mara, sheet=first) is None
    assert queries.results(by=ben.account, client=mara, sheets=sheets) == {}
    earlier, later = kept[first.pk], kept[second.pk]
    assert rules.compared((earlier.t, earlier.t_se), (later.t, later.t_se)).reliable


def test_the_result_is_sealed_and_words_never_leave(ana, mara, olga, typed):
    answered(ask(ana, mara), lambda key: 2)

    with connection.cursor() as cursor:
        cursor.execute("SELECT result FROM progress_adaptivetest")
        assert b"EDDEP" not in bytes(cursor.fetchone()[0])
    (kept,) = [one for one in record.collected(by=ana.account, client=mara)
               if one.part.name == "adaptive_tests"]  # fmt: skip
    assert "EDDEP29" in str(kept.shown) and "Typed words" not in str(kept.shown)


def test_a_rule_about_what_follows_may_name_the_risk_and_no_single_item(typed):
    content = instruments.find(BANK).content

    assert conditions.offered(content) == ["risk:self-harm"]


def test_a_rule_about_its_risk_asks_what_follows(ana, mara, olga, typed):
    schedules.recheck(by=olga, instrument=BANK, condition="risk:self-harm", then="phq-9",
                      after_days=1, now=NOW)  # fmt: skip
    sheet = answered(ask(ana, mara), lambda key: 3)
    (made,) = following.result_came(by=System("test"), sheet_id=sheet.pk, now=NOW)
    assert made.instrument == "phq-9"


def test_the_result_opens_by_the_parameters_that_were_kept_with_it(ana, mara, typed):
    sheet = answered(ask(ana, mara), lambda key: 3)
    row = AdaptiveTest.objects.get(asked__sheet=sheet)
    row.client = mara

    found = queries.read(row.result)

    assert found.sitting.trait.theta == pytest.approx(found.theta, abs=1e-5)
    row.result = {}
    row.save()
    assert queries.result(sheet=sheet) is None
    row.delete()
    assert queries.result(sheet=sheet) is None


def test_a_step_loads_neither_scipy_nor_numba():
    code = (
        "import sys; from rapport.progress.adapting import rules;"
        "from rapport.science.adaptive.items import GradedItem as G;"
        "assert 'numpy' not in sys.modules;"
        "rules.sitting([G('a', 1.0, (0.0,))], [], ['a'], rules.STANDARD, {}).next;"
        "print([n for n in ('scipy', 'numba') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"
