"""By what change is judged: the first number of the file, unless a practice chose otherwise."""

from datetime import timedelta

import pytest

from rapport.core.policy import Denied, System
from rapport.progress.chosen import actions, queries, rules
from rapport.progress.chosen.rules import Chosen
from rapport.progress.expected import actions as expected
from rapport.progress.measures import course, instruments, judging
from rapport.progress.measures.judging import Way
from rapport.progress.measures.published import GroupOf, NormOf
from rapport.progress.models import Choice
from rapport.progress.own import typed
from tests.factories import NOW, AScore, ASheet, ClientOf, Colleague

PCL = instruments.get("pcl-5").content
PHQ = instruments.get("phq-9").content
LATER = NOW + timedelta(days=1)


def test_every_number_a_change_can_be_judged_by_is_there_to_choose():
    assert list(rules.options(PCL)) == ["change:va", "change:va-second", "change:nhs"]
    assert list(rules.options(PHQ)) == ["change:nhs", "norm:nhs-start", "norm:german-population"]
    assert rules.is_open(PCL) and rules.is_open(instruments.get("phq-2").content)
    assert not rules.is_open(instruments.get("gad-2").content)


def test_a_cut_off_by_a_fact_is_offered_where_it_is_the_first_alone():
    assert list(rules.cutoffs(instruments.get("audit-c").content)) == ["by-sex", "uk"]
    assert list(rules.cutoffs(instruments.get("pc-ptsd-5").content)) == ["va"]


def test_what_is_chosen_stands_first_and_the_others_beside_it():
    by_change = rules.by(PCL, Chosen("change:nhs"))
    assert [one.name for one in by_change.changes][:1] == ["nhs"]
    assert len(by_change.changes) == len(PCL.changes)
    by_norm = rules.by(PHQ, Chosen("norm:german-population"))
    assert [one.name for one in by_norm.norms] == ["german-population", "nhs-start"]
    assert by_norm.way.method == "jacobson-truax" and judging.decides(by_norm) is PHQ.norms[1]
    by_cutoff = rules.by(PHQ, Chosen("change:nhs", Way(cutoff="sensitive")))
    assert (by_cutoff.cutoffs[0].name, by_cutoff.way.cutoff) == ("sensitive", "sensitive")
    first = rules.by(PHQ, Chosen("change:nhs", Way(cutoff="developers")))
    assert first.way.cutoff == ""  # as it was kept with each score
    assert isinstance(rules.options(PHQ)["norm:nhs-start"], NormOf)


@pytest.mark.parametrize("what", ["", "change:gone", "norm:nhs-start"])
def test_a_number_the_file_has_no_more_changes_nothing(what):
    assert rules.by(PCL, Chosen(what)) is PCL
    once = rules.by(PCL, Chosen("change:nhs"))
    assert rules.by(once, Chosen("change:va")).changes[0].name == "nhs"


@pytest.mark.parametrize(
    ("what", "way", "part"),
    [
        ("norm:nhs-start", Way("published"), "what"),
        ("change:nhs", Way("jacobson-truax"), "what"),
        ("change:nhs", Way("regression-based"), "method"),
        ("change:nhs", Way("hageman-arrindell"), "method"),
        ("change:gone", Way("published"), "what"),
        ("norm:nhs-start", Way("edwards-nunnally", ends=2), "ends"),
        ("change:nhs", Way(level=80), "level"),
        ("change:nhs", Way(ends=3), "ends"),
        ("change:nhs", Way(cutoff="none"), "cutoff"),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_part(what, way, part):
    with pytest.raises(rules.Unfit) as problem:
        rules.checked(PHQ, Chosen(what, way))
    assert problem.value.part == part
    assert rules.by(PHQ, Chosen(what, way)) is PHQ


def test_a_shell_with_the_practices_text_is_judged_as_the_shell_is():
    """ISI: cut-offs 10, 14 and 15; a typed text is version 101 of the shell's version 1."""
    shell = instruments.get("isi").content
    said = {"title": "x", "intro": "", "items": {one.key: "x" for one in shell.items},
            "answers": {}, "own": {}}  # fmt: skip
    text = typed.filled("isi", 101, {"since": 101, "words": {"en": said}}).content
    strict = Chosen("", Way(cutoff="clinical"))
    for form in (rules.by(text, strict), rules.by(shell, strict)):
        assert judging.clinical(form, True, 14, 101) is False
        assert judging.clinical(form, True, 15, 101) is True
        assert judging.clinical(form, True, 14, 201) is True  # of another version of the shell


def test_each_number_is_of_a_kind():
    group = GroupOf(
        name="made", source="by hand", dated=2030, evidence="seen", treated=False, n=9,
        earlier_mean=15, earlier_sd=5, later_mean=14, later_sd=5, correlation=0.5,
    )  # fmt: skip
    kinds = [rules.kind_of(one) for one in (PHQ.changes[0], PHQ.norms[0], group)]
    assert kinds == ["change", "norm", "group"]


@pytest.mark.django_db
def test_an_owners_choice_judges_every_course_and_the_one_before_is_kept():
    olga, ana = Colleague(roles=["OWNER"]), Colleague()
    mara = ClientOf(care_team=[ana])
    for days, total in ((0, 50), (7, 38)):
        sheet = ASheet(client=mara, instrument="pcl-5", answered_at=NOW + timedelta(days=days))
        AScore(sheet=sheet, instrument="pcl-5", total=total, total_rounded=total, band="")

    def reliable():
        found = course.of(by=ana.account, client=mara, instrument="pcl-5")
        return found.last.since_first.reliable, found.last.since_first.published.name

    assert reliable() == (False, "va")
    actions.choose(by=olga.account, instrument="pcl-5", what="change:nhs", now=NOW)
    assert reliable() == (True, "nhs")
    actions.choose(by=olga.account, instrument="pcl-5", what="change:va-second", now=LATER)

    assert reliable() == (False, "va-second")
    (one,) = [one for one in queries.listed(by=olga.account) if one.form.id == "pcl-5"]
    assert (one.chosen.what, [row.what for row in one.history]) == (
        "change:va-second", ["change:va-second", "change:nhs"],
    )  # fmt: skip
    assert queries.every() == {"pcl-5": Chosen("change:va-second")}


@pytest.mark.django_db
def test_what_is_not_there_and_who_may_not_are_refused():
    olga, ana = Colleague(roles=["OWNER"]), Colleague()
    for instrument, what in (("none", "change:nhs"), ("pcl-5", "change:none")):
        with pytest.raises(actions.CannotChoose):
            actions.choose(by=olga.account, instrument=instrument, what=what, now=NOW)
    with pytest.raises(Denied):
        actions.choose(by=ana.account, instrument="pcl-5", what="change:nhs", now=NOW)
    assert not Choice.objects.exists()


@pytest.mark.django_db
def test_method_confidence_and_cut_off_judge_every_course_and_those_of_the_past():
    """By hand, CORE-10: SEM = 7.7 sqrt(1 - .9) = 2.435, of a difference 3.4436; 5.66 at 90 and
    6.75 at 95 %. From 17 to 11 are 6 points; cut-offs 11 and 13."""
    olga, ana = Colleague(roles=["OWNER"]), Colleague()
    mara = ClientOf(care_team=[ana])
    for days, total in ((0, 17), (7, 11)):
        sheet = ASheet(client=mara, instrument="core-10", answered_at=NOW + timedelta(days=days))
        AScore(sheet=sheet, instrument="core-10", total=total, total_rounded=total, band="",
               above_cutoff=total >= 11)  # fmt: skip

    def found():
        last = course.of(by=ana.account, client=mara, instrument="core-10").last
        return last.since_first.reliable, last.since_first.decided.method, last.above_cutoff

    assert found() == (True, "published", True)
    for n, (level, cutoff, says) in enumerate([(95, "", False), (90, "depression", True)]):
        way = Way("jacobson-truax", level, cutoff=cutoff)
        actions.choose(by=olga.account, instrument="core-10", what="norm:clinical", way=way,
                       now=NOW + timedelta(days=n))  # fmt: skip
        assert found() == (says, "jacobson-truax", not cutoff)


@pytest.mark.parametrize(
    ("what", "method", "raised"),
    [("change:nhs", "published", 1), ("norm:nhs-start", "jacobson-truax", 0)],
)
def test_a_signal_goes_by_what_was_chosen(mara, what, method, raised):
    """From 14 to 20: published 6; Jacobson and Truax 6.10, of a deviation of 5.5 and .84."""
    owner = Colleague(roles=["OWNER"])
    actions.choose(by=owner.account, instrument="phq-9", what=what, way=Way(method), now=NOW)
    for days, total in ((14, 14), (7, 20)):
        sheet = ASheet(client=mara, answered_at=NOW - timedelta(days=days))
        AScore(sheet=sheet, total=total, total_rounded=total)

    found = expected.look(by=System("test"), sheet_id=sheet.pk, now=NOW)

    assert len(found) == raised
