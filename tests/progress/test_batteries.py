"""An assessment from its question to its report."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from rapport.people.export import record
from rapport.progress.batteries import actions, giving, named, plainly, queries, reporting, rules
from rapport.progress.batteries.kept import CannotPlan
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking
from rapport.progress.models import Assessment, AssessmentReport, PlannedTest
from tests.factories import (
    NOW,
    AnAsked,
    AnInformant,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)

from .held_here import asked_of, built, question
from .tested_here import BORN, LINES, asked_in, elsewhere, loaded, planned, scored

pytestmark = pytest.mark.django_db
PHQ = {str(n): 1 for n in range(1, 9)} | {"9": 2}


@pytest.fixture
def by(ana):
    return ana.account


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], legal_name="Mara Kern", birth_on=BORN)


@pytest.fixture
def plan(mara, by):
    return planned(mara, by)


def results(test):
    return {one["scale"]: one["result"] for one in test.results["scales"]}


def names(assessment):
    return [one.title or one.instrument for one in queries.tests(assessment)]


def answers(client, by, name="phq-9", given=PHQ, source="PAPER"):
    return measures.enter(by=by, client=client, instrument=name, version=1, answers=given,
                          source=source, answered_on=time.today(), now=NOW)  # fmt: skip


# The plan ---------------------------------------------------------------------------------


def test_tests_stand_in_the_order_they_are_put_in(plan, mara, by):
    first, second = asked_in(plan, by), elsewhere(plan, by)
    asked_in(plan, by, "gad-7", minutes=5)
    assert names(plan) == ["phq-9", "Block test", "gad-7"]
    actions.move(by=by, client=mara, test=second, to="up")
    assert names(plan) == ["Block test", "phq-9", "gad-7"]
    actions.move(by=by, client=mara, test=first, to="down")
    assert names(plan) == ["Block test", "gad-7", "phq-9"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "ELSEWHERE", "title": " "}, "title"),
        ({"kind": "ELSEWHERE", "title": "x" * 201}, "title"),
        ({"kind": "QUESTIONNAIRE", "instrument": "no-such"}, "instrument"),
        ({"kind": "QUESTIONNAIRE", "instrument": ""}, "instrument"),
        ({"kind": "SEANCE", "title": "x"}, "kind"),
        ({"kind": "ELSEWHERE", "title": "x", "scales": ["y"] * 41}, "scales"),
        ({"kind": "ELSEWHERE", "title": "x", "scales": ["y" * 121]}, "scales"),
        ({"kind": "ELSEWHERE", "title": "x", "minutes": 0}, "minutes"),
        ({"kind": "ELSEWHERE", "title": "x", "minutes": 601}, "minutes"),
    ],
)
def test_a_test_that_cannot_be_is_refused_at_its_field(plan, mara, by, given, field):
    with pytest.raises(CannotPlan) as problem:
        actions.add(by=by, client=mara, assessment=plan, **given)
    assert problem.value.field == field
    assert not PlannedTest.objects.exists()


def test_a_plan_has_an_end_and_an_assessment_a_question(plan, mara, by):
    for _n in range(40):
        elsewhere(plan, by)
    with pytest.raises(CannotPlan):
        elsewhere(plan, by)
    for text in ("", "x" * 5001):
        with pytest.raises(CannotPlan):
            planned(mara, by, question=text)
    couple = ClientOf(kind="COUPLE", care_team=[by.staff])
    with pytest.raises(CannotPlan):
        planned(couple, by)
    assert actions.reword(by=by, client=mara, assessment=plan, question=" Why? ").question == "Why?"


def test_a_table_that_was_not_released_is_not_chosen(plan, by):
    with pytest.raises(CannotPlan):
        elsewhere(plan, by, table=loaded(by, release=False))


def test_time_is_kept_with_its_breaks_and_who_gave_it(plan, mara, by):
    test = elsewhere(plan, by, minutes=30)
    for do, minutes in (("start", 0), ("stop", 12), ("start", 20), ("stop", 25)):
        giving.keep_time(by=by, client=mara, test=test, do=do, now=NOW + timedelta(minutes=minutes))
    (line,) = queries.lines(by=by, assessment=plan, now=NOW)
    assert (line.minutes, line.test.minutes, line.test.by_id) == (17, 30, by.pk)
    assert line.test.state == "PLANNED"  # timed, but nothing came of it yet
    given = {"by": by, "client": mara, "test": test, "now": NOW}
    giving.settle(minutes=40, note=" Tired. ", left_out=True, **given)
    row = queries.test(by=by, test_id=test.pk)
    assert (row.state, row.note, row.minutes) == ("LEFT_OUT", "Tired.", 40)
    giving.settle(minutes=None, note="", left_out=False, **given)
    assert queries.test(by=by, test_id=test.pk).state == "PLANNED"


def test_what_is_left_out_stays_so_when_its_clock_is_stopped_elsewhere(plan, mara, by):
    given = {"by": by, "client": mara, "test": elsewhere(plan, by), "now": NOW}
    giving.keep_time(do="start", **given)
    giving.settle(minutes=None, note="", left_out=True, **given)
    giving.keep_time(do="stop", **given)
    assert queries.tests(plan)[0].state == "LEFT_OUT"


def test_an_assessment_has_as_many_scores_as_its_report_can_show(plan, by, monkeypatch):
    monkeypatch.setattr(rules, "MOST_ROWS", 3)
    first, second = elsewhere(plan, by), elsewhere(plan, by)
    scored(first, by)
    with pytest.raises(CannotPlan, match="at most 3 scores"):
        scored(second, by)
    scored(first, by)  # entered anew, it takes no more room
    scored(second, by, Memory=1)


def test_a_clock_that_runs_stops_when_the_plan_is_finished(plan, mara, by):
    test = elsewhere(plan, by)
    giving.keep_time(by=by, client=mara, test=test, do="start", now=NOW)
    later = NOW + timedelta(minutes=20)
    actions.finish(by=by, client=mara, assessment=plan, now=later)
    (line,) = queries.lines(by=by, assessment=plan, now=later)
    assert (line.minutes, line.test.state) == (20, "PLANNED")


def test_what_is_finished_is_not_changed_until_it_is_opened_again(plan, mara, by):
    test = elsewhere(plan, by)
    actions.finish(by=by, client=mara, assessment=plan, now=NOW)
    for call in (
        lambda: elsewhere(plan, by), lambda: scored(test, by),
        lambda: actions.move(by=by, client=mara, test=test, to="up"),
        lambda: giving.keep_time(by=by, client=mara, test=test, do="start", now=NOW),
        lambda: actions.reword(by=by, client=mara, assessment=plan, question="Why?"),
    ):  # fmt: skip
        with pytest.raises(CannotPlan):
            call()
    actions.reopen(by=by, client=mara, assessment=plan)
    scored(test, by)


def test_what_was_answered_since_the_plan_began_stands_in_it(plan, mara, by):
    asked_in(plan, by)
    asked_in(plan, by, "gad-7")
    asking.ask(by=by, client=mara, instruments=["gad-7"], way="LINK", now=NOW)
    sheet = answers(mara, by)
    phq, gad = queries.lines(by=by, assessment=plan, now=NOW)
    assert (phq.sheet.pk, phq.is_done, phq.waits) == (sheet.pk, True, False)
    assert (gad.sheet, gad.is_done, gad.waits) == (None, False, True)
    later = planned(mara, by, now=NOW + timedelta(days=2))
    asked_in(later, by)
    (again,) = queries.lines(by=by, assessment=later, now=NOW)
    assert again.sheet is None


def test_what_others_answer_about_the_client_is_no_test_of_the_plan(plan, mara, by):
    asked_in(plan, by)
    asked_in(plan, by, "gad-7")
    ASheet(client=mara, informant=AnInformant(client=mara), answered_at=NOW)
    AnAsked(client=mara, instrument="gad-7", informant=AnInformant(client=mara, kind="TEACHER"))
    found = queries.lines(by=by, assessment=plan, now=NOW)
    assert [(one.sheet, one.waits) for one in found] == [(None, False), (None, False)]


def test_an_interview_is_the_practices_own_questionnaire_asked_by_the_clinician(plan, mara, by):
    olga = Colleague(roles=["OWNER", "CLINICIAN"])
    form = built(olga.account, question(), question(ask_if=["1", ">=", 5]))
    asked_in(plan, by, form.code, kind="INTERVIEW")
    answers(mara, by, form.code, {"1": 2}, source="INTERVIEW")
    (line,) = queries.lines(by=by, assessment=plan, now=NOW)
    assert line.sheet.source == "INTERVIEW"


# Batteries --------------------------------------------------------------------------------


def test_a_battery_holds_tests_and_nothing_of_the_client(plan, mara, by):
    own = asked_of(mara, by, "PROBLEMS", "Sleeping alone")
    table = loaded(by)
    asked_in(plan, by, own.code)
    asked_in(plan, by, minutes=4)
    elsewhere(plan, by, table=table, minutes=30)
    kept = named.keep(by=by, name=" Intake  battery ", tests=queries.tests(plan), now=NOW)
    assert kept.name == "Intake battery"
    assert [one["instrument"] or one["title"] for one in kept.tests] == ["phq-9", "Block test"]

    noa = ClientOf(care_team=[by.staff])
    begun = planned(noa, by, battery=kept)
    assert names(begun) == ["phq-9", "Block test"]
    block = queries.tests(begun)[1]
    assert (block.scales, block.minutes, block.table_id) == (["Memory", "Speed"], 30, table.pk)


def test_batteries_have_names_of_their_own(plan, by):
    with pytest.raises(CannotPlan):
        named.keep(by=by, name="Intake", tests=queries.tests(plan), now=NOW)  # no test in it
    elsewhere(plan, by)
    first = named.keep(by=by, name="Intake", tests=queries.tests(plan), now=NOW)
    with pytest.raises(CannotPlan):
        named.keep(by=by, name="Intake", tests=queries.tests(plan), now=NOW)
    named.retire(by=by, battery=first, now=NOW)
    assert queries.batteries(by=by) == []
    named.keep(by=by, name="Intake", tests=queries.tests(plan), now=NOW)
    with pytest.raises(CannotPlan):
        named.reopen(by=by, battery=first)


# Scores -----------------------------------------------------------------------------------


def test_raw_scores_are_looked_up_by_age_and_sex(plan, by):
    test = scored(elsewhere(plan, by), by, loaded(by), sex="female")
    found = results(test)
    assert (test.state, test.done_on, test.results["age"]) == ("DONE", NOW.date(), 39 * 12 + 9)
    assert (found["Memory"]["z"], found["Memory"]["percentile"]) == (1.5, 94)
    assert found["Memory"]["any_sex"] is True  # the table has no line of women alone
    assert (found["Speed"]["z"], found["Speed"]["any_sex"]) == (2, False)
    assert (found["Speed"]["row"]["line"], found["Speed"]["from_table"]) == (6, False)


def test_beside_the_table_nothing_is_filled_in(plan, mara, by):
    table = loaded(by)
    found = results(scored(elsewhere(plan, by), by, table, Memory=31, Speed=12, Nothing=3))
    assert [found[name]["missing"] for name in ("Memory", "Speed", "Nothing")] == [
        "raw", None, "scale",
    ]  # fmt: skip
    child = ClientOf(care_team=[by.staff], birth_on=NOW.date() - timedelta(days=3000))
    assert results(scored(elsewhere(planned(child, by), by), by, table))["Memory"]["missing"] == (
        "age"
    )
    unknown = ClientOf(care_team=[by.staff], birth_on=None)
    found = results(scored(elsewhere(planned(unknown, by), by), by, table))
    assert found["Memory"]["missing"] == "age_unknown"


def test_the_age_is_that_of_the_day_of_testing(plan, by):
    on = BORN.replace(year=2008) - timedelta(days=1)  # the day before the eighteenth birthday
    test = scored(elsewhere(plan, by), by, loaded(by), on=on)
    assert (test.results["age"], results(test)["Memory"]["missing"]) == (17 * 12 + 11, "age")


def test_a_new_version_changes_no_result_that_is_kept(plan, mara, by):
    table = loaded(by)
    test = scored(elsewhere(plan, by), by, table)
    loaded(by, table=table, lines=LINES.replace(",65,94,", ",80,,"), title="Anew")
    row = queries.test(by=by, test_id=test.pk)
    assert (results(row)["Memory"]["z"], row.results["version"]["number"]) == (1.5, 1)
    assert row.results["version"]["title"] == "Invented norms"
    anew = scored(row, by, table)
    assert (results(anew)["Memory"]["z"], anew.results["version"]["number"]) == (3, 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"sex": "other"}, "sex"), ({"on": NOW.date() + timedelta(days=1)}, "done_on"),
     ({"on": NOW.date().replace(year=1800)}, "done_on")],
    ids=["sex", "tomorrow", "long ago"],
)  # fmt: skip
def test_scores_that_cannot_be_are_refused(plan, by, given, field):
    with pytest.raises(CannotPlan) as problem:
        scored(elsewhere(plan, by), by, **given)
    assert problem.value.field == field


def test_without_a_table_raw_scores_stand_alone(plan, by):
    test = scored(elsewhere(plan, by), by)
    assert test.results["version"] is None
    assert results(test) == {"Memory": None, "Speed": None}
    with pytest.raises(CannotPlan):
        giving.score(by=by, client=plan.client, test=test, raws={}, sex="any", done_on=NOW.date(),
                     now=NOW)  # fmt: skip


# The report -------------------------------------------------------------------------------


def saved(plan, by, *, pairs=(), plain_lines=None, seen="", **texts):
    said = {"findings": "", "summary": "", "advice": ""} | texts
    return reporting.save(
        by=by, client=plan.client, assessment=plan, how="observed", level=0.95, pairs=pairs,
        texts=said, plain={"intro": "We looked.", "advice": ""}, plain_lines=plain_lines or {},
        now=NOW, seen=seen,
    )  # fmt: skip


def test_a_report_keeps_its_numbers_and_each_version_stays(plan, mara, by):
    asked_in(plan, by)
    test = elsewhere(plan, by)
    table = loaded(by)
    scored(test, by, table)
    answers(mara, by)
    first = saved(plan, by, findings="Quick.")
    assert [one["raw"] for one in first.content["rows"]] == [10, 25, 30]
    assert saved(plan, by, findings="Quick.").pk == first.pk  # the same again
    scored(queries.test(by=by, test_id=test.pk), by, table, Memory=15)
    second = saved(plan, by, findings="Quick.")
    assert (second.number, [one["raw"] for one in second.content["rows"]]) == (2, [10, 15])
    assert AssessmentReport.objects.get(pk=first.pk).content["rows"][1]["raw"] == 25
    assert "Quick" not in str(list(AssessmentReport.objects.values()))


def test_a_report_of_results_that_nobody_saw_is_not_kept(plan, by):
    test = elsewhere(plan, by)
    scored(test, by, loaded(by))
    lines = queries.lines(by=by, assessment=plan, now=NOW)
    seen = reporting.stamp(None, reporting.rows_of(lines))
    first = saved(plan, by, seen=seen, findings="Quick.")
    assert saved(plan, by, seen=seen, findings="Quick.").pk == first.pk  # sent twice
    with pytest.raises(CannotPlan, match="another version"):
        saved(plan, by, seen=seen, findings="Slow.")
    seen = reporting.stamp(first, first.content["rows"])
    scored(queries.test(by=by, test_id=test.pk), by, Memory=1)
    with pytest.raises(CannotPlan, match="results have changed"):
        saved(plan, by, seen=seen, findings="Slow.")
    assert AssessmentReport.objects.count() == 1


def test_differences_are_of_rows_there_are(plan, by):
    test = elsewhere(plan, by)
    scored(test, by, loaded(by), Memory=25, Speed=30, Order=3)
    rows = reporting.rows_of(queries.lines(by=by, assessment=plan, now=NOW))
    keys = [one["key"] for one in rows]
    kept = saved(plan, by, pairs=[keys[:2], [keys[0], keys[2]], ["made", "up"]])
    assert kept.content["pairs"] == [keys[:2]]  # Order has no reliability


def test_answers_to_look_at_are_kept_without_the_words(plan, mara, by):
    asked_in(plan, by)
    sheet = answers(mara, by)
    (critical,) = saved(plan, by).content["critical"]
    assert (critical["sheet"], critical["answers"]) == (str(sheet.pk), {"9": 2})
    assert "better off" not in str(AssessmentReport.objects.get().content)  # "dead" is hex, too


def test_what_is_left_out_is_in_no_report(plan, mara, by):
    test = elsewhere(plan, by)
    scored(test, by)
    giving.settle(by=by, client=mara, test=test, minutes=None, note="", left_out=True, now=NOW)
    assert saved(plan, by).content["rows"] == []


def test_plain_words_count_people_and_name_no_number_of_the_test(plan, by):
    scored(elsewhere(plan, by), by, loaded(by), Memory=25, Speed=30, Order=99, Nothing=1)
    rows = reporting.rows_of(queries.lines(by=by, assessment=plan, now=NOW))
    assert [plainly.sentence(one) for one in rows] == [
        "Memory: better than about 9 in 10 people of the same age.",
        "Speed: better than about 8 in 10 people.",
        "", "",
    ]  # fmt: skip
    lower = loaded(by, better="lower")
    scored(elsewhere(planned(plan.client, by), by), by, lower)
    other = Assessment.objects.order_by("-made_at", "-pk").exclude(pk=plan.pk).get()
    other.client = plan.client
    (memory, _speed) = reporting.rows_of(queries.lines(by=by, assessment=other, now=NOW))
    assert plainly.sentence(memory) == "Memory: higher than about 9 in 10 people of the same age."


def test_an_unknown_interval_and_a_text_without_end_are_refused(plan, by):
    for given in ({"findings": "x" * 5001}, {"how": "guessed"}):
        with pytest.raises(CannotPlan):
            if "how" in given:
                reporting.save(by=by, client=plan.client, assessment=plan, level=0.95, pairs=[],
                               texts={}, plain={}, plain_lines={}, now=NOW, **given)  # fmt: skip
            else:
                saved(plan, by, **given)


# Who may, and what leaves -----------------------------------------------------------------


def test_a_stranger_plans_nothing_and_a_supervisor_reads(plan, mara, ana, ben):
    with pytest.raises(Denied):
        planned(mara, ben.account)
    with pytest.raises(Assessment.DoesNotExist):
        queries.get(by=ben.account, assessment_id=plan.pk)
    SupervisedBy(supervisor=ben, supervisee=ana)
    ben.roles = ["SUPERVISOR"]
    ben.save()
    assert queries.get(by=ben.account, assessment_id=plan.pk).question == "Why is school hard?"
    with pytest.raises(Denied):
        elsewhere(plan, ben.account)


def test_another_clients_assessment_is_not_changed_by_way_of_ones_own(plan, by):
    noa = ClientOf(care_team=[by.staff])
    with pytest.raises(Assessment.DoesNotExist):
        actions.finish(by=by, client=noa, assessment=plan, now=NOW)


def test_everything_of_it_is_audited_under_the_client(plan, mara, by):
    scored(elsewhere(plan, by), by)
    verbs = AuditEntry.objects.filter(about=mara.pk).values_list("verb", flat=True)
    assert list(verbs).count("assessment.plan") == 3


def test_the_export_holds_plan_results_and_report_and_no_table(plan, mara, by):
    scored(elsewhere(plan, by), by, loaded(by))
    saved(plan, by, findings="Quick.")
    told = [one.shown for one in record.collected(by=by, client=mara)]
    text = str(told)
    assert "Why is school hard?" in text and "Quick." in text and "Block test" in text
    assert "Invented norms" in text  # where a result was looked up
    assert "Order" not in text  # a scale of the table that nobody was tested in
