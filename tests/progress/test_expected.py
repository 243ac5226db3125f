"""Signals of clients who may not be on track: raised once, for one person, ended by a step."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import time
from rapport.core.jobs import run_due
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, System
from rapport.people.models import CareTeamMember
from rapport.progress.expected import actions, queries, rules, said
from rapport.progress.measures import actions as measures
from rapport.progress.models import Score, Signal
from tests.factories import (
    NOW,
    AFit,
    AnEpisode,
    AScore,
    ASheet,
    ASignal,
    ClientOf,
    Colleague,
    SupervisedBy,
)

WEEK = timedelta(weeks=1)
BY = System("test")


def scored(client, total, weeks, **sheet):
    """A score so many weeks after the first, and what it gives reason for."""
    more = {"status": sheet.pop("status")} if "status" in sheet else {}
    at = NOW - timedelta(weeks=30) + weeks * WEEK
    row = ASheet(client=client, answered_at=at, **sheet)
    AScore(sheet=row, total=total, total_rounded=total, **more,
           band="moderate" if 10 <= total < 15 else "severe")  # fmt: skip
    return next(iter(actions.look(by=BY, sheet_id=row.pk, now=NOW)), None)


def kinds(signal):
    return [one["kind"] for one in signal.reasons]


def states():
    return list(Signal.objects.order_by("at").values_list("level", "state"))


def test_the_second_score_in_succession_is_red_and_stands_for_the_first(mara, ana):
    assert scored(mara, 14, 0) is None
    first = scored(mara, 20, 1)
    second = scored(mara, 21, 2)

    assert kinds(first) == kinds(second) == ["worse than at intake", "worse than at best"]
    assert second.owner == ana
    assert second.learned_at is None
    assert states() == [("AMBER", "FOLLOWED"), ("RED", "OPEN")]


def test_an_answer_is_compared_when_it_arrives_and_raises_one_signal_however_often(mara):
    given = {"by": BY, "client": mara, "instrument": "phq-9", "version": 1, "source": "PAPER"}
    for days, points in ((14, 1), (7, 3)):
        with time.at(NOW - timedelta(days=days)):
            sheet = measures.enter(
                answers={str(n): points for n in range(1, 10)}, now=time.now(),
                answered_on=time.today(), **given,
            )  # fmt: skip
            run_due()

    (again,) = actions.look(by=BY, sheet_id=sheet.pk, now=NOW)

    signal = Signal.objects.get()
    assert signal == again
    assert (signal.score.sheet, signal.score.total_rounded) == (sheet, 27)


def test_with_a_fit_the_band_speaks_and_without_enough_like_it_the_rules(mara):
    fit = AFit()
    scored(mara, 14, 0)

    first = scored(mara, 18, 1)  # 4 worse than at first: less than the measure errs
    second = scored(mara, 18, 2)

    assert kinds(first) == ["beyond the expected range"]
    found = first.reasons[0]["numbers"]
    assert found["expected"] == pytest.approx(13.2 - 2.2 * 0.6931, abs=0.001)  # log 2
    assert found["score"] > found["bound"] > found["expected"]
    assert (second.level, second.learned_at) == ("RED", fit.learned_at)

    jonas = ClientOf(care_team=[Colleague()])
    scored(jonas, 22, 0)  # 4 began like this
    for week in range(1, 7):
        last = scored(jonas, 20, week)
    assert [(one["kind"], one["ground"]) for one in last.reasons] == [
        ("no improvement by session", "rule")
    ]
    assert last.learned_at is None


@pytest.mark.parametrize("change", [{"version": 2}, {"verdict": "WITHHELD"}])
def test_a_fit_of_another_version_or_one_that_does_not_hold_says_nothing(mara, change):
    AFit(**change)
    scored(mara, 14, 0)

    assert scored(mara, 18, 1) is None


def test_a_first_sign_eases_by_itself_and_a_red_one_waits_for_a_person(mara):
    scored(mara, 14, 0)
    scored(mara, 20, 1)
    assert scored(mara, 14, 2) is None
    assert states() == [("AMBER", "EASED")]

    scored(mara, 21, 3)
    scored(mara, 22, 4)
    assert scored(mara, 14, 5) is None
    assert states()[-1] == ("RED", "OPEN")


def test_a_corrected_sheet_takes_its_signal_along_or_changes_it(mara):
    scored(mara, 14, 0)
    signal = scored(mara, 21, 1)
    wrong = signal.score.sheet

    def corrected(old, total):
        new = ASheet(client=mara, answered_at=old.answered_at)
        AScore(sheet=new, total=total, total_rounded=total)
        type(old).objects.filter(pk=old.pk).update(replaced_by=new)
        return new, next(iter(actions.look(by=BY, sheet_id=new.pk, now=NOW)), None)

    new, found = corrected(wrong, 12)
    assert found is None
    assert states() == [("AMBER", "WITHDRAWN")]

    _newer, found = corrected(new, 25)
    assert found.reasons[0]["numbers"]["score"] == 25

    first = Score.objects.order_by("at").first().sheet
    _first, found = corrected(first, 24)  # now 25 is hardly worse than at first
    assert found is None
    assert {state for _level, state in states()} == {"WITHDRAWN"}


def test_a_score_that_is_late_to_arrive_is_history(mara):
    scored(mara, 14, 0)
    scored(mara, 15, 3)

    assert scored(mara, 24, 1) is None
    assert not Signal.objects.exists()


def test_other_languages_are_not_compared_and_prorated_ones_are_marked(mara):
    scored(mara, 14, 0)
    assert scored(mara, 24, 1, language="de") is None
    assert scored(mara, 24, 2, version=2) is None

    assert scored(mara, 22, 3, status="PRORATED").prorated


def test_an_earlier_episode_does_not_count(mara, ana):
    today = time.today()
    AnEpisode(client=mara, responsible=ana, opened_on=today - timedelta(weeks=40),
              closed_on=today - timedelta(weeks=29), close_reason="COMPLETED")  # fmt: skip
    scored(mara, 5, 0)
    scored(mara, 20, 3)

    assert scored(mara, 21, 4) is None


def test_a_recorded_step_ends_it_and_a_mistake_is_taken_back_on_the_day(mara, ana, ben, join):
    join(mara, ben)
    scored(mara, 14, 0)
    signal = scored(mara, 21, 1)
    record = {"by": ana.account, "signal": signal, "now": NOW}

    for what, words, field in (("NOTHING", " ", "words"), ("DANCED", "x", "what")):
        with pytest.raises(actions.CannotRecord) as refused:
            actions.record(what=what, words=words, **record)
        assert refused.value.field == field

    step = actions.record(what="ALLIANCE", words=" We spoke of it. ", **record)
    assert (signal.state, step.words) == ("DONE", "We spoke of it.")
    for by, later in ((ben.account, NOW), (ana.account, NOW + timedelta(days=1))):
        with pytest.raises(actions.CannotRecord):
            actions.undo(by=by, signal=signal, step=step, now=later)

    actions.undo(by=ana.account, signal=signal, step=step, now=NOW)
    assert Signal.objects.get().state == "OPEN"
    with pytest.raises(actions.CannotRecord):
        actions.undo(by=ana.account, signal=signal, step=step, now=NOW)
    assert [one.words for one in queries.steps(by=ana.account, signal=signal)] == [step.words]
    assert AuditEntry.objects.filter(verb="signal.record", allowed=True).count() == 2
    with pytest.raises(Denied):
        actions.record(**record | {"by": Colleague().account}, what="PLAN", words="")


def test_a_form_sent_twice_records_one_step_and_its_undoing_stands(mara, ana):
    scored(mara, 14, 0)
    signal = scored(mara, 21, 1)
    sent = {"by": ana.account, "signal": signal, "now": NOW, "once": uuid4()}
    spoken = {"what": "ALLIANCE", "words": " We spoke of it. "}

    first = actions.record(**sent, **spoken)
    assert actions.record(**sent, **spoken) == first
    actions.undo(by=ana.account, signal=signal, step=first, now=NOW)
    assert Signal.objects.get().state == "OPEN"

    again = actions.record(**sent, **spoken)  # the page from before, sent once more on purpose
    other = actions.record(**sent, what="ALLIANCE", words="And of the plan.")
    unkeyed = actions.record(**sent | {"once": None}, **spoken)

    assert len({first, again, other, unkeyed}) == 4
    assert Signal.objects.get().state == "DONE"


def test_taken_back_after_a_later_signal_the_later_one_stands_for_it(mara, ana):
    scored(mara, 14, 0)
    first = scored(mara, 21, 1)
    step = actions.record(by=ana.account, signal=first, what="PLAN", words="", now=NOW)
    scored(mara, 22, 2)

    actions.undo(by=ana.account, signal=first, step=step, now=NOW)

    assert states() == [("AMBER", "FOLLOWED"), ("RED", "OPEN")]


def test_it_is_for_its_owner_and_for_the_team_once_the_owner_has_left_it(mara, ana, ben, join):
    join(mara, ben)
    supervisor = Colleague(roles=["CLINICIAN", "SUPERVISOR"])
    SupervisedBy(supervisor=supervisor, supervisee=ana)
    signal = ASignal(score=AScore(sheet=ASheet(client=mara)), owner=ana)

    def for_whom():
        return [who for who in (ana, ben, supervisor)
                if queries.first_for(by=who.account, most=5)]  # fmt: skip

    assert for_whom() == [ana]
    assert list(queries.open_to(by=supervisor.account)) == [signal]

    CareTeamMember.objects.filter(client=mara, staff=ana).update(until_on=time.today())
    assert for_whom() == [ben]


def test_the_expected_range_of_a_client_and_why_there_is_none(mara, ana):
    def course():
        return queries.courses_of(by=ana.account, client=mara, names=["phq-9"])["phq-9"]

    assert course().why == "no score"
    scored(mara, 14, 0)
    assert course().why == "nothing learned"
    fit = AFit(verdict="TOO_FEW", course=None, episodes=41)
    assert course().why == "too few"
    assert "there are 41" in said.sentence(course())
    fit.delete()

    fit = AFit()
    assert course().points == ()
    assert course().ahead[0].middle == pytest.approx(13.2)
    for week in (1, 2, 3):
        scored(mara, 6, week)
    found = course()
    assert found.why == ""
    assert (found.points[0].at, found.points[-1].at) == (
        NOW - timedelta(weeks=30), NOW - timedelta(weeks=27)
    )  # fmt: skip
    assert found.ahead[0].middle < found.points[-1].middle  # three low scores were seen
    assert found.ahead[-1].at == NOW - timedelta(weeks=10)
    for one in (*found.points, *found.ahead):
        assert 0 <= one.low <= one.middle <= one.high <= 27
    assert "400 ended episodes" in said.sentence(found)

    fit.near = {"moderate": 29}
    fit.save()
    assert course().why == "too few near"
    stranger = Colleague()
    assert (
        queries.courses_of(by=stranger.account, client=mara, names=["phq-9"])["phq-9"].why
        == "no score"
    )


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([(1, "en"), (1, "de"), (2, "en")])),
             max_size=12)
)  # fmt: skip
def test_a_series_is_of_one_form_and_its_times_ascend(some):
    given = [rules.Scored(n, NOW + timedelta(days=d), 5, form)
             for n, (d, form) in enumerate(sorted(some))]  # fmt: skip

    found = rules.series(given, version=1)

    if found is None:
        assert all(one.form[0] != 1 for one in given)
        return
    assert {one.form for one in (found.intake, *found.later)} == {found.intake.form}
    assert all(a < b for a, b in zip((0.0, *found.times), found.times, strict=False))
