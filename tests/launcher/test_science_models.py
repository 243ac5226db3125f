"""rapport science growth and cat: models for people who have a CSV file and no practice."""

import io
import json
import sys

import pytest

from rapport import cli
from tests.science.published import DYESTUFF_2, SLEEPSTUDY

SLEEP = "client,time,score\n" + "".join(
    f"{who},{day},{ms}\n" for who, times in SLEEPSTUDY.items() for day, ms in enumerate(times)
)
LEVELS = "client;time;score\n" + "".join(
    f"{who};{n};{g}\n" for who, given in DYESTUFF_2.items() for n, g in enumerate(given)
)
FEW = "client,time,score\na,0,1\na,1,3\nb,0,2\nb,1,2\n"
BANK = "item,a,b1,b2\nsad,2,-1,0\nsleep,1.2,0,1\nworth,2.5,0.5,\n"
CAT = ["cat", "--bank", "bank.csv"]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command in a folder with a bank; exit code and what was said."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bank.csv").write_text(BANK)

    def call(*words, given):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        return cli.main(["science", *words]), capsys.readouterr()

    return call


@pytest.fixture
def said(run):
    def call(*words, given):
        code, printed = run(*words, "--json", given=given)
        assert (code, printed.err) == (0, "")
        return [json.loads(line) for line in printed.out.splitlines()]

    return call


def test_growth_fits_the_sleep_study_as_lme4_does(said):
    found = {one["what"]: one for one in said("growth", given=SLEEP)}
    value = {what: one["value"] for what, one in found.items()}
    assert value["constant"] == pytest.approx(251.405, abs=1e-3)
    assert value["time"] == pytest.approx(10.467, abs=1e-3)
    assert found["constant"]["se"] == pytest.approx(6.825, abs=1e-3)
    assert found["time"]["se"] == pytest.approx(1.546, abs=1e-3)
    assert value["sd of constant between clients"] == pytest.approx(24.741, rel=1e-3)
    assert value["sd of slope between clients"] == pytest.approx(5.922, rel=1e-3)
    assert value["correlation of both"] == pytest.approx(0.066, abs=1e-3)
    assert value["sd of the rest"] == pytest.approx(25.592, rel=1e-3)
    assert value["-2 log likelihood (REML)"] == pytest.approx(1743.628, abs=1e-3)
    assert (value["rows"], value["clients"]) == (180, 18)
    assert "therapists" not in value and not any("singular" in what for what in found)


def test_growth_names_what_is_singular(said):
    found = [one["what"] for one in said("growth", "--no-slope", given=LEVELS)]
    assert "singular: intercept variance is 0" in found


def test_growth_says_what_to_expect_of_each_client(said):
    found = said("growth", "--bands", "10", "--least", "100", "--most", "600", given=SLEEP)
    assert [one["client"] for one in found] == list(SLEEPSTUDY)
    by = {one["client"]: one for one in found}
    assert by["308"]["seen"] == 10
    # lme4's coef(): 253.66 + 19.67 a day for 308, 211.01 + 1.85 a day for 309
    assert by["308"]["expected"] == pytest.approx(253.66 + 196.66, abs=0.1)
    assert by["309"]["expected"] == pytest.approx(211.01 + 18.48, abs=0.1)
    assert by["308"]["low"] < by["308"]["expected"] < by["308"]["high"]
    (half, *_) = said("growth", "--bands", "10", "--level", "0.5", given=SLEEP)
    assert half["high"] - half["low"] < by["308"]["high"] - by["308"]["low"]


def test_growth_takes_dates_and_therapists_and_leaves_empty_scores_out(said):
    dated = "client,time,score,therapist\n" + "".join(
        f"{who},2030-01-{day + 1:02},{ms},{'x' if int(who) % 2 else 'y'}\n"
        for who, times in SLEEPSTUDY.items() for day, ms in enumerate(times)
    ) + "308,2030-02-01,,y\n"  # fmt: skip
    value = {one["what"]: one["value"] for one in said("growth", given=dated)}
    assert value["time"] == pytest.approx(10.467, abs=1e-2)
    assert (value["rows"], value["therapists"]) == (180, 2)


def test_cat_says_what_a_test_would_have_asked(said):
    table = "case,sad,sleep,worth\nx,2,1,1\ny,0,0,0\nz,,,\n"
    x, y, z = said(*CAT, "--fewest", "1", given=table)
    assert y["theta"] < 0 < x["theta"] and abs(z["theta"]) < 1e-9
    assert (x["asked"], x["ended"], x["t"]) == (
        3,
        "nothing left",
        pytest.approx(50 + 10 * x["theta"]),
    )
    steps = said(*CAT, "--steps", "--longest", "2", given="case,sad,sleep,worth\nx,2,1,1\n")
    assert [step["item"] for step in steps] == x["items"].split()[:2]
    assert steps[1]["se"] < steps[0]["se"]


def test_cat_says_what_to_ask_now(said):
    first, later = said(*CAT, "--next", "--always", "risk", given="case,sad,risk\nx,,\ny,2,\n")
    assert (first["next"], first["asked"]) == (said(*CAT, "--steps", given=(
        "sad,sleep,worth\n1,1,1\n"))[0]["item"], 0)  # fmt: skip
    assert later["next"] != "sad" and later["asked"] == 1
    (done,) = said(*CAT, "--next", "--always", "risk", given="sad,sleep,worth\n1,1,1\n")
    assert done["next"] == "risk"


def test_cat_reads_a_toml_and_the_library(said, tmp_path):
    (tmp_path / "bank.toml").write_text(
        'items = [{ key = "sad", a = 2, b = [-1, 0] }, { key = "sleep", a = 1.2, b = [0, 1] }]'
    )
    table = "sad,sleep\n3,2\n"
    (one,) = said("cat", "--bank", "bank.toml", "--lowest", "1", given=table)
    (same,) = said(*CAT, "--lowest", "1", given=table)
    assert one["theta"] == pytest.approx(same["theta"])
    four = "EDANX01,EDANX40,EDANX41,EDANX53\n1,1,1,1\n"
    (found,) = said("cat", "--bank", "promis-anxiety", given=four)
    assert found["t"] == pytest.approx(40.3, abs=0.06)  # PROMIS Anxiety 4a, raw score 4


def test_cat_runs_on_a_table_without_the_item_that_everybody_is_asked(said):
    (found,) = said("cat", "--bank", "promis-depression", given="EDDEP04,EDDEP06\n1,1\n")
    assert found["items"].split() == ["EDDEP04", "EDDEP06"]


@pytest.mark.parametrize(
    "words, table, sentence",
    [
        (["growth"], "client,time\na,1\n", "Line 1: there is no column score."),
        (["growth"], FEW + "b,2,x\n", "Line 6, column score: 'x' is no number."),
        (["growth"], FEW + "b,soon,1\n", "Line 6, column time: 'soon' is no time."),
        (["growth"], FEW + "b,-1,1\n", "Line 6, column time: it is below 0."),
        (["growth"], FEW + ",2,1\n", "Line 6, column client: it is empty."),
        (["growth", "--most", "2"], FEW, "Line 3, column score: 3 is not between"),
        (["growth", "--level", "80", "--bands", "1"], FEW, "--level lies between 0 and 1"),
        (["growth"], "client,time,score\na,0,1\na,1,2\n", "The table does not determine the model"),
        (["growth"], "client,time,score\na,0,\n", "No row has a score."),
        (["growth"], "client,time,score,therapist\na,0,1,x\na,1,2,y\nb,0,1,x\n",
         "Line 3, column therapist: this client stands with another"),
        (["growth"], "client,time,score,therapist\na,0,1,\n", "Line 2, column therapist: it is"),
        (["cat"], "sad\n1\n", "Say which items: --bank"),
        (["cat", "--bank", "nowhere"], "sad\n1\n", "There is no bank nowhere."),
        (["cat", "--bank", "nowhere.csv"], "sad\n1\n", "nowhere.csv cannot be read"),
        (["cat", "--bank", "nowhere.toml"], "sad\n1\n", "nowhere.toml cannot be read"),
        (CAT, "sad,shoe\n1,1\n", "Line 2, column shoe: bank.csv has no such item."),
        (CAT, "shoe\n1\n", "Line 1: no column is an item of bank.csv."),
        (CAT, "sad\n1\n3\n", "Line 3: sad: answers run from 0 to 2, not 3."),
        (CAT, "sad\n1.5\n", "Line 2, column sad: 1.5 is no answer"),
        ([*CAT, "--below-se", "0"], "sad\n1\n", "below_se must be above 0"),
        ([*CAT, "--next", "--steps"], "sad\n1\n", "Say either --next or --steps."),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_named_with_its_place(run, words, table, sentence):
    code, printed = run(*words, given=table)
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith(sentence), printed.err
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize(
    "bank, sentence",
    [
        ("item,a,b1\nsad,-1,0\n", "bank.csv: Line 2: sad: discrimination must be above 0"),
        ("item,a,b1,b2\nsad,1,1,0\n", "bank.csv: Line 2: sad: thresholds must rise"),
        ("item,a,b1,b2\nsad,1,,0\n", "bank.csv: Line 2, column b1: it is empty"),
        ("item,a,b1\nsad,,0\n", "bank.csv: Line 2, column a: it is empty"),
        ("item,a\nsad,1\n", "bank.csv: Line 1: there is no column b1."),
        ("item,a,b1\nsad,1,0\nsad,1,0\n", "two items are called sad."),
    ],
)
def test_a_bank_that_cannot_be_is_refused_with_its_line(run, tmp_path, bank, sentence):
    (tmp_path / "bank.csv").write_text(bank)
    code, printed = run(*CAT, given="sad\n1\n")
    assert (code, printed.out) == (1, "")
    assert printed.err.startswith(sentence), printed.err


@pytest.mark.parametrize("word", ["growth", "cat"])
def test_it_explains_formula_and_source(run, word):
    code, printed = run(word, "--explain", given="")
    assert code == 0
    source = {"growth": "Bates et al. (2015)", "cat": "Bock & Mislevy (1982)"}[word]
    assert source in printed.out
