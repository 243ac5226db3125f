"""Groups to compare with: what can be entered, and what it is chosen and corrected by."""

from datetime import timedelta

import pytest

from rapport.core.policy import Denied
from rapport.progress.chosen import actions, entering, figures, queries, rules
from rapport.progress.measures import course, instruments, judging
from rapport.progress.measures.judging import Way
from rapport.progress.models import Choice, ComparisonGroup, ComparisonVersion
from tests.factories import NOW, AScore, ASheet, ClientOf, Colleague

from .grouped_here import TREATED, WAITED, entered

SPAN = (0, 27)
LATER = NOW + timedelta(days=1)
REGRESSION, CORRECTED, HAGEMAN = judging.OF_GROUPS


def wrong(treated=False, **more):
    given = (TREATED if treated else WAITED) | more
    found = figures.read(given, treated=treated, span=SPAN, year=2030)
    return {name: code for name, (code, _about) in found.wrong.items()}


def test_a_group_as_it_is_printed_is_read_with_point_or_comma():
    found = figures.read(WAITED | {"earlier_sd": "5,25", "people": " Adults\n waiting "},
                         treated=False, span=SPAN, year=2030)  # fmt: skip
    assert not found.wrong
    assert (found.values["earlier_sd"], found.values["people"]) == (5.25, "Adults waiting")
    assert (found.values["days"], found.values["n"]) == (42, 27)
    assert "reliability" not in found.values
    assert not wrong(treated=True)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("people", " ", "missing"), ("source", "", "missing"), ("note", "x" * 501, "long"),
        ("n", "2", "whole"), ("n", "27.5", "whole"), ("n", "100001", "whole"), ("n", "٣٣", "whole"),
        ("year", "1879", "year"), ("year", "2031", "year"), ("apart", "0", "apart"),
        ("apart", "523", "apart"), ("apart", "some", "apart"),
        ("earlier_mean", "", "not_a_number"), ("later_sd", "nan", "not_a_number"),
        ("earlier_mean", "-0.1", "outside"), ("later_mean", "27.5", "outside"),
        ("earlier_sd", "0", "no_spread"), ("later_sd", "-3", "no_spread"),
        ("earlier_sd", "25", "too_wide"), ("correlation", "1", "no_correlation"),
        ("correlation", "-1", "no_correlation"), ("correlation", "75", "no_correlation"),
    ],
    ids=lambda one: one[:6].strip() if isinstance(one, str) and one.isascii() else "x",
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(field, text, code):
    assert wrong(**{field: text}) == {field: code}


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"reliability": "1"}, {"reliability": "no_reliability"}),
        ({"reliability": ""}, {"reliability": "no_reliability"}),
        # SE 5 sqrt(.5) = 3.54, its square 12.5, and that of the differences 30: nothing is left
        ({"reliability": "0.4"}, {"reliability": "all_error"}),
    ],
)
def test_a_treated_group_must_differ_by_more_than_the_measure_errs(more, where):
    assert wrong(treated=True, **more) == where


def test_scores_cannot_scatter_further_than_all_at_the_two_ends():
    """By hand, 0 to 27 and a mean of 9: sqrt(9 x 18) = 12.73, of 27 people times sqrt(27/26)."""
    assert figures.widest(9, SPAN, 10**6) == pytest.approx(12.73, abs=0.06)
    assert figures.widest(9, SPAN, 27) == pytest.approx(12.97, abs=0.06)
    assert wrong(earlier_mean="9", earlier_sd="13") == {}
    assert wrong(earlier_mean="9", earlier_sd="13.2") == {"earlier_sd": "too_wide"}
    assert wrong(earlier_mean="0", earlier_sd="2") == {"earlier_sd": "too_wide"}
    assert wrong(n="2", earlier_sd="13.9") == {"n": "whole"}  # whatever its size, it could be


def test_figures_are_shown_to_be_corrected_as_they_were_typed():
    for given, treated in ((WAITED, False), (TREATED, True)):
        values = figures.read(given, treated=treated, span=SPAN, year=2030).values
        assert figures.typed({"reliability": None} | values, "{:g}".format) == given


@pytest.mark.parametrize(
    ("group", "methods"),
    [
        (WAITED, (REGRESSION, CORRECTED)), (TREATED, (HAGEMAN,)),
        (WAITED | {"correlation": "-0.2"}, (REGRESSION,)),
    ],
    ids=["waited", "treated", "negative"],
)  # fmt: skip
def test_which_methods_can_go_by_a_group(group, methods):
    treated = group is TREATED
    values = figures.read(group, treated=treated, span=SPAN, year=2030).values
    made = figures.group("made", values, treated=treated)
    assert judging.by_group(made) == methods
    form = rules.with_groups(instruments.get("phq-9").content, [made, made])
    assert form.groups[0] is made
    assert [one for one in judging.OF_GROUPS if judging.numbers(form, one)] == list(methods)


def test_what_takes_groups():
    takes = {
        name: rules.takes_groups(instruments.find(name).content)
        for name in ("phq-9", "gad-2", "dass-21", "dass-21_depression", "c-ssrs-screener")
    }
    assert [name for name, yes in takes.items() if yes] == ["phq-9", "gad-2", "dass-21_depression"]
    findings = instruments.find("c-ssrs-screener")
    assert queries.grouped(findings) is findings


# With a database --------------------------------------------------------------------------


@pytest.fixture
def olga(db):
    return Colleague(roles=["OWNER"])


@pytest.fixture
def ana(db):
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def scored(client, *totals, form="phq-9"):
    for days, total in zip(range(len(totals), 0, -1), totals, strict=True):
        sheet = ASheet(client=client, instrument=form, answered_at=NOW - timedelta(days=days))
        AScore(sheet=sheet, instrument=form, total=total, total_rounded=total, band="")


def choose(olga, version, method, *, now=NOW, **way):
    form = version.group.instrument
    return actions.choose(by=olga.account, instrument=form, what=queries.code(version),
                          way=Way(method, **way), now=now)  # fmt: skip


def decided(ana, mara, form="phq-9"):
    return course.of(by=ana.account, client=mara, instrument=form).last.since_first.decided


def correct(olga, group, seen, *, now=LATER, **more):
    given = (TREATED if group.treated else WAITED) | more
    return entering.correct(by=olga.account, group=group, seen=seen, given=given, now=now)


@pytest.mark.parametrize(
    ("method", "treated", "level", "stays", "changed"),
    [
        # b = .75 x 4/5 = .6, foretold 15 + .6 x 4 = 17.4; S = 4 sqrt(.4375 x 26/25) = 2.698, error
        # 2.698 sqrt(1 + 1/27 + 16/650) = 2.780; t(25) 2.060 and 1.708: 11.67 at 95, 12.65 at 90 %
        (REGRESSION, False, 95, 12, 11), (REGRESSION, False, 90, 13, 12),
        # foretold 20 - 1 = 19; error sqrt(2) x 5 x sqrt(.25) = 3.536: 12.07 at 95, 13.18 at 90 %
        (CORRECTED, False, 95, 13, 12), (CORRECTED, False, 90, 14, 13),
        # SE = 5 sqrt(.16) = 2; R = 1 - 8/30 = .7333; foretold 20 + 6 x .2667 / .7333 = 22.18, error
        # sqrt(2) x 2 / sqrt(.7333) = 3.303; one side 1.65 and 1.28: 16.73 at 95, 17.95 at 90 %
        (HAGEMAN, True, 95, 17, 16), (HAGEMAN, True, 90, 18, 17),
    ],
    ids=str,
)  # fmt: skip
def test_each_method_by_hand_from_the_group_to_the_verdict(
    olga, ana, mara, method, treated, level, stays, changed
):
    version = entered(olga.account, treated=treated)
    choose(olga, version, method, level=level)
    other = ClientOf(care_team=[ana])
    scored(mara, 20, stays)
    scored(other, 20, changed)
    for client, says in ((mara, False), (other, True)):
        verdict = decided(ana, client)
        assert (verdict.method, verdict.reliable) == (method, says)
        assert verdict.number.population == version.people


def test_a_group_changes_no_verdict_before_it_is_chosen(olga, ana, mara):
    scored(mara, 20, 12)
    entered(olga.account)
    assert decided(ana, mara).method == "published"


def test_what_was_not_judged_by_anything_is_judged_by_a_group(olga, ana, mara):
    """GAD-2, 0 to 6: nothing is published. From 5 foretold 3 + .5 x 2 = 4, error by hand below."""
    scored(mara, 5, 1, form="gad-2")
    assert decided(ana, mara, "gad-2") is None
    assert "gad-2" not in [one.form.id for one in queries.listed(by=olga.account)]
    # b = .5 x 1.5/1.5; S = 1.5 sqrt(.75 x 26/25) = 1.325, error 1.325 sqrt(1 + 1/27 + 4/58.5) =
    # 1.393, t(25) 2.060: 4 - 2.87 = 1.13
    version = entered(olga.account, "gad-2", earlier_mean="3", earlier_sd="1.5", later_mean="3",
                      later_sd="1.5", correlation="0.5")  # fmt: skip
    assert "gad-2" in [one.form.id for one in queries.listed(by=olga.account)]
    assert decided(ana, mara, "gad-2") is None
    choose(olga, version, REGRESSION)
    assert decided(ana, mara, "gad-2").reliable is True


def test_a_chosen_cut_off_stays_where_a_group_is_entered(olga):
    """The ISI has cut-offs alone."""
    way = Way(cutoff="clinical")
    actions.choose(by=olga.account, instrument="isi", what="", way=way, now=NOW)
    entered(olga.account, "isi")
    item = queries.grouped(queries.item(instruments.get("isi")))
    assert item.content.way.cutoff == "clinical" and len(item.content.groups) == 1
    (row,) = [one for one in queries.listed(by=olga.account) if one.form.id == "isi"]
    assert row.form.way.cutoff == "clinical" and len(row.form.groups) == 1


def test_a_part_has_groups_of_its_own(olga):
    version = entered(olga.account, "dass-21_depression")
    choose(olga, version, CORRECTED)
    form = queries.item(instruments.get("dass-21_depression")).content
    assert judging.in_use(form) == CORRECTED
    assert judging.in_use(queries.item(instruments.get("dass-21_anxiety")).content) != CORRECTED


def test_corrected_figures_count_at_once_and_both_are_kept(olga, ana, mara):
    scored(mara, 20, 12)
    version = entered(olga.account)
    choose(olga, version, REGRESSION, level=90)
    assert decided(ana, mara).reliable is True  # 12.65
    # foretold 15 + .6 x 4, less twice the scatter: of 54 instead of 27 points it is below 11
    second = correct(olga, version.group, 1, later_sd="8")
    assert decided(ana, mara).reliable is False
    assert [one.number for one in queries.versions(by=olga.account, group=version.group)] == [2, 1]
    first, last = Choice.objects.order_by("chosen_at")
    assert (first.group, last.group, last.level) == (version, second, 90)
    assert (last.method, last.chosen_by, last.chosen_at) == (REGRESSION, olga.account, LATER)
    assert ComparisonVersion.objects.get(number=1).later_sd == 4


def test_a_group_not_in_use_is_corrected_without_a_choice(olga):
    version = entered(olga.account)
    correct(olga, version.group, 1, n="40")
    assert not Choice.objects.exists()
    (one,) = queries.groups(by=olga.account, form=instruments.get("phq-9").content)
    assert (one.version.n, one.used, one.fits) == (40, False, True)


def test_what_cannot_be_corrected(olga):
    version = entered(olga.account)
    choose(olga, version, CORRECTED)
    with pytest.raises(entering.CannotEnter) as problem:
        correct(olga, version.group, 1, correlation="-0.1")
    assert set(problem.value.fields) == {"correlation"}
    correct(olga, version.group, 1, n="40")
    with pytest.raises(entering.CannotEnter, match="in the meantime"):
        correct(olga, version.group, 1, n="50")
    assert version.group.versions.count() == 2


def test_a_group_in_use_cannot_end_and_an_ended_one_is_not_offered(olga):
    version = entered(olga.account)
    choose(olga, version, REGRESSION)
    with pytest.raises(entering.CannotEnter, match="judged by this group"):
        entering.end(by=olga.account, group=version.group, now=LATER)
    actions.choose(by=olga.account, instrument="phq-9", what="change:nhs", way=Way("published"),
                   now=LATER)  # fmt: skip
    for now in (LATER, LATER + timedelta(days=1)):
        row = entering.end(by=olga.account, group=version.group, now=now)
        assert row.ended_at == LATER
    with pytest.raises(actions.CannotChoose):
        choose(olga, version, REGRESSION)
    with pytest.raises(entering.CannotEnter, match="ended"):
        correct(olga, row, 1)
    entering.reopen(by=olga.account, group=row)
    choose(olga, version, REGRESSION, now=LATER + timedelta(days=2))


def test_the_figures_before_and_those_of_another_measure_cannot_be_chosen(olga):
    version = entered(olga.account)
    correct(olga, version.group, 1)
    other = entered(olga.account, "gad-7", earlier_mean="12", later_mean="12")
    for one in (version, other):
        with pytest.raises(actions.CannotChoose) as problem:
            actions.choose(by=olga.account, instrument="phq-9", what=queries.code(one),
                           way=Way("published"), now=NOW)  # fmt: skip
        assert problem.value.part == "what"


def test_a_group_that_does_not_go_with_the_method_is_refused_in_words(olga):
    waited, treated = entered(olga.account), entered(olga.account, treated=True)
    for version, method in ((treated, REGRESSION), (waited, HAGEMAN)):
        with pytest.raises(actions.CannotChoose, match="does not go with the method"):
            choose(olga, version, method)


def test_figures_of_another_version_of_the_questionnaire_judge_nothing(olga, ana, mara):
    scored(mara, 20, 12)
    version = entered(olga.account)
    choose(olga, version, REGRESSION)
    ComparisonVersion.objects.update(form_version=7)
    assert decided(ana, mara).method == "published"
    (one,) = queries.groups(by=olga.account, form=instruments.get("phq-9").content)
    assert (one.used, one.fits) == (True, False)
    assert queries.offered(instruments.get("phq-9").content) == []


def test_a_measure_the_library_has_no_more_stops_nothing(olga):
    version = entered(olga.account)
    choose(olga, version, REGRESSION)
    Choice.objects.update(instrument="gone")
    assert queries.every()["gone"].groups == ()


@pytest.mark.parametrize("instrument", ["none", "dass-21", "promis-depression"])
def test_a_group_is_of_something_that_is_scored(olga, instrument):
    with pytest.raises(entering.CannotEnter):
        entered(olga.account, instrument)


def test_who_may_not_choose_may_not_enter(olga, ana):
    version = entered(olga.account)
    for act in (
        lambda: entered(ana.account), lambda: correct(ana, version.group, 1),
        lambda: entering.end(by=ana.account, group=version.group, now=NOW),
        lambda: entering.reopen(by=ana.account, group=version.group),
    ):  # fmt: skip
        with pytest.raises(Denied):
            act()
    assert ComparisonGroup.objects.count() == ComparisonVersion.objects.count() == 1


def test_the_in_use_and_the_open_come_before_the_ended(olga):
    ended = entered(olga.account, people="First")
    entering.end(by=olga.account, group=ended.group, now=NOW)
    entered(olga.account, people="Second", now=LATER)
    form = instruments.get("phq-9").content
    found = queries.groups(by=olga.account, form=form)
    assert [one.version.people for one in found] == ["Second", "First"]
    assert str(ended) == f"comparison version {ended.pk}"
    assert str(ended.group) == f"comparison group {ended.group.pk}"
