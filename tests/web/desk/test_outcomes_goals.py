"""Response and remission in what care came to: by hand, sourced, not had by subtraction."""

from datetime import timedelta

import pytest

from rapport.progress.outcomes import queries
from rapport.web import outcomes
from tests.web.stepping import inside

from .test_outcomes import CLOSED, PAGE, START, answered, ended, table, text

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock", "read_from")
]  # fmt: skip

# PHQ-9: 9 halve it or more, 3 of them end below 5; 2 begin below the cut-off of 10
SEVENTEEN = [(16, 7)] * 6 + [(18, 4)] * 3 + [(20, 12)] * 6 + [(8, 2)] * 2


def test_who_responded_and_who_remitted_stand_with_interval_definition_and_source(ana, house):
    for first, last in SEVENTEEN:
        ended(ana, house, first, last)
    browser = inside(ana.account)

    shown, row = text(browser.get(PAGE)), table(browser)["all"]

    assert "Response and remission</h2>" in shown
    assert "9 of 17: 53 % (31 to 74)" in shown
    assert "3 of 17: 18 % (6 to 41)" in shown
    assert "at least 50 % of the way from the first one to the best there is." in shown
    assert "McMillan, Gilbody &amp; Richards (2010)" in shown
    assert "The last score is below 5." in shown
    assert "Kroenke, Spitzer &amp; Williams (2001), J Gen Intern Med 16:606-613: below 5" in shown
    assert (row["response"], row["remission"]) == ("9", "3")
    assert (row["response_low"], row["response_high"]) == ("0.3096", "0.7383")


def test_a_measure_whose_file_defines_neither_shows_neither(ana, house):
    for _ in range(12):
        ended(ana, house, 16, 7, fear=(12, 5))
    browser = inside(ana.account)

    shown, row = text(browser.get(PAGE, {"instrument": "gad-7"})), table(
        browser, instrument="gad-7"
    )["all"]  # fmt: skip

    assert "What became of those with two scores" in shown
    assert "Response" not in shown and "Remission" not in shown
    assert row["paired"] == "12"
    assert [row[name] for name in ("response", "remission", "remission_high")] == ["", "", ""]


def test_a_measure_without_a_cut_off_or_a_reliable_change_shows_them(ana, house):
    """Y-BOCS: 20 to 12 is 40 % of the way, and remission; 12 to 8 began in remission."""
    for first, last in [(20, 12)] * 8 + [(12, 8)] * 4:
        client = ended(ana, house)
        for at, total in zip((1, 20), (first, last), strict=True):
            answered(client, START + timedelta(weeks=at), total, "y-bocs-sr")
    asked = queries.Asked(since=CLOSED, until=CLOSED, instrument="y-bocs-sr")

    found = queries.of_practice(by=ana.account, asked=asked)
    (told,) = [one for one in outcomes.tables(found) if one.title == "Response and remission"]

    assert "Whoever began in remission is in no numerator" in told.about
    assert [said for _name, cells in told.rows for _head, said in cells] == (
        ["8 of 12: 67 % (39 to 86)"] * 2
    )


def test_they_are_told_side_by_side_by_problem_help_and_first_score(ana, house):
    for problem, modality, first, last in (
        ("MOOD", "CBT", 18, 4), ("MOOD", "EMDR", 12, 8), ("LOSS", "CBT", 12, 6),
        ("LOSS", "EMDR", 18, 10),
    ):  # fmt: skip
        for _ in range(10):
            ended(ana, house, first, last, problem=problem, modality=modality)
    browser = inside(ana.account)

    def told(by):
        rows = table(browser, by=by)
        return {name: (row["response"], row["remission"]) for name, row in rows.items()
                if name not in ("all", "own")}  # fmt: skip

    assert told("problem") == {"MOOD": ("10", "10"), "LOSS": ("10", "0")}
    assert told("modality") == {"CBT": ("20", "10"), "EMDR": ("0", "0")}
    assert told("band") == {"moderate": ("10", "0"), "severe": ("10", "10")}
    assert table(browser, band="severe")["all"]["remission"] == "10"


def test_a_small_group_hides_them_with_all_the_rest(ana, house):
    for problem, n in (("MOOD", 14), ("LOSS", 11), ("WORK", 2)):
        for _ in range(n):
            ended(ana, house, 16, 4, problem=problem)
    browser = inside(ana.account)

    rows, alone = table(browser, by="problem"), table(browser, problem="LOSS")["all"]

    assert (rows["MOOD"]["response"], rows["all"]["remission"]) == ("14", "27")
    for row in (rows["LOSS"], rows["WORK"], alone):
        assert {row[name] for name in row if name.startswith(("respon", "remis"))} == {"hidden"}


@pytest.mark.parametrize(
    "asked",
    [{"by": "band"}, {"band": "severe"}, {"band": "mild"}, {"problem": "MOOD", "by": "band"}],
    ids=["side by side", "high", "low", "of a problem"],
)
def test_a_band_that_can_reach_nothing_does_not_give_another_away(ana, house, asked):
    """All who responded, less those of the 20, would be those of the 3: of the 12 nobody can."""
    for n, first, last in ((12, 8, 2), (3, 12, 3), (20, 18, 4)):
        for _ in range(n):
            ended(ana, house, first, last, problem="MOOD")
    browser = inside(ana.account)

    rows = table(browser, **asked)

    assert table(browser)["all"]["response"] == "23"
    narrowed = rows.pop("all")
    assert narrowed["clients"] == ("hidden" if "band" in asked else "35")
    assert {row["clients"] for name, row in rows.items() if name != "own"} <= {"hidden"}


def test_a_problem_with_few_who_began_high_is_told_as_before(ana, house):
    for problem, n, first in (("MOOD", 10, 8), ("MOOD", 2, 16), ("LOSS", 12, 16)):
        for _ in range(n):
            ended(ana, house, first, 2, problem=problem)

    rows = table(inside(ana.account), by="problem")

    assert (rows["MOOD"]["response"], rows["MOOD"]["paired"]) == ("2", "12")


def test_bands_stand_in_their_order_and_not_in_that_of_their_names(ana, house):
    for first in (16, 7, 2):
        for _ in range(10):
            ended(ana, house, first, 2)

    assert list(table(inside(ana.account), by="band")) == ["all", "minimal", "mild", "severe"]
