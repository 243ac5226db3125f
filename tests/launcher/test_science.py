"""rapport science: statistics for people who have a CSV file and no practice."""

import json
import subprocess
import sys

import pytest

from tests.launcher.conftest import ROOT, environment, rapport

PHASES = "phase,score\n" + "".join(
    f"{phase},{score}\n"
    for phase, scores in (("A", "20 20 26 25 22 23"), ("B", "28 25 24 27 30 30 29"))
    for score in scores.split()
)
NAP = ["nap", "--better", "lower"]
SURE = ["change", "--sd", "5", "--reliability", "0.8"]


def said(*words, input):
    """The results of one run, as JSON says them."""
    done = rapport("science", *words, "--json", input=input)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_nap_of_a_published_example():
    """Parker, Vannest & Davis (2011): NAP 38.5/42."""
    (found,) = said("nap", "--better", "higher", input=PHASES)

    assert (found["before"], found["after"], found["enough"]) == (6, 7, True)
    assert found["nap"] == pytest.approx(38.5 / 42)
    assert found["tau"] == pytest.approx(35 / 42)
    assert found["tau_u"] == pytest.approx(31 / 42)  # 35 - 4 of the trend
    assert found["low"] < found["nap"] < found["high"]


def test_cases_are_told_apart_and_missing_scores_left_out():
    table = "case;phase;score\nx;A;5\ny;A;9\nx;A;\nx;B;1\ny;B;9\n"

    x, y = said("nap", "--better", "lower", input=table)

    assert (x["case"], x["before"], x["nap"], x["se"], x["enough"]) == ("x", 1, 1, None, False)
    assert (y["case"], y["nap"]) == ("y", 0.5)


def test_instability_goes_over_valid_pairs_only():
    """20 18 17, nothing, 15 14 14 10: 4.4, not 3.667. In one column an empty line is no answer."""
    scores = "20 18 17 x 15 14 14 10".replace("x", "").split(" ")
    days = "".join(f"{day},{score}\n" for day, score in enumerate(scores))

    for table in ("score\n" + "\n".join(scores) + "\n", "time,score\n" + days):
        (found,) = said("mssd", input=table)
        assert (found["mssd"], found["pairs"], found["n"]) == (4.4, 5, 7)
        assert (found["expected"], found["inertia"]) == (8, None)


def test_times_may_be_dates():
    table = "time,score\n2030-01-30,1\n2030-01-31,3\n2030-02-01,2\n2030-02-03,9\n"

    (found,) = said("mssd", "--expected", "5", input=table)

    assert (found["pairs"], found["mssd"], found["compliance"]) == (2, 2.5, 0.8)


def test_reliable_change_of_a_published_example():
    """Jacobson & Truax (1991): SD 7.5, reliability .80, from 32.5 to 47.5."""
    words = ("change", "--sd", "7.5", "--reliability", "0.8")
    table = "case\tearlier\tlater\nx\t32.5\t47.5\n"

    (found,) = said(*words, input=table)
    assert (round(found["index"], 2), found["reliable"]) == (3.16, True)
    assert "outcome" not in found
    (found,) = said(*words, "--better", "higher", "--cutoff", "40", input=table)
    assert (found["case"], found["outcome"], found["crossed"]) == ("x", "recovered", True)


def test_without_json_it_is_a_table_for_people(tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text(PHASES)

    done = rapport("science", "nap", "--better", "higher", str(file))

    head, line = done.stdout.splitlines()
    assert dict(zip(head.split()[1:], line.split(), strict=True)) == {
        "before": "6", "after": "7", "enough": "yes", "nap": "0.917", "se": "0.069",
        "low": "0.597", "high": "0.986", "tau": "0.833", "tau_u": "0.738", "tau_bc": "0.624",
        "corrected": "no",
    }  # fmt: skip


@pytest.mark.parametrize(
    "statistic, words",
    [
        ("nap", ["NAP    =", "Newcombe (2006)", "Tau-U =", "Tarlow (2017)"]),
        ("mssd", ["MSSD = mean", "In units of the values squared", "Jahng, Wood & Trull (2008)"]),
        ("change", ["S_diff  = sqrt(2) * SEM", "in scale points", "Jacobson & Truax (1991)"]),
    ],
)
def test_it_explains_formula_units_and_source(statistic, words):
    done = rapport("science", statistic, "--explain", input="")

    assert done.returncode == 0
    assert [word for word in words if word not in done.stdout] == []


@pytest.mark.parametrize(
    "words, table, sentence",
    [
        (["nap"], PHASES, "Say which way is improvement: --better lower or --better higher."),
        (NAP, "phase,score\nA,1\nB,two\n",
         "Line 3, column score: 'two' is no number. Write it like 12 or 12.5."),
        (NAP, "phase,score\nA,1\nB,nan\n", "Line 3, column score: 'nan'"),
        (NAP, 'phase,score\nA,1\nB,"1,5"\n', "Line 3, column score: '1,5'"),
        (NAP, "phase,score\nA,1\n,2\n", "Line 3, column phase: it is empty"),
        (NAP, "phase,score\nA,1\nB,2\nC,3\n", "Line 4, column phase: 'C' is"),
        (NAP, "phase,score\nA,1\nA,2\n", "Line 3, column phase: there is one"),
        (NAP, "phase,score\nA,1\nB,\n", "Line 3, column score: phase 'B' has"),
        ([*NAP, "--confidence", "95"], PHASES,
         "The case that begins on line 2: confidence must be between 0 and 1, got 95.0."),
        (NAP, "score\n1\n", "Line 1: there is no column phase."),
        (NAP, "phase,score,score\nA,1,2\n", "Line 1, column score: it stands"),
        (NAP, "phase,score\nA,1,2\n", "Line 2: 3 cells stand under 2"),
        (NAP, "phase,score\n", "There are no rows below the head."),
        (NAP, "", "Line 1: there is no column phase."),
        (NAP, 'phase,score\nA,"1\n', "Line 2: this is no CSV"),
        (["mssd"], "time,score\n1,2\n1,3\n", "Line 3, column time: it is not after the one"),
        (["mssd"], "time,score\nMonday,2\n", "Line 2, column time: 'Monday' is no time."),
        (["mssd"], "time,score\ninf,2\n", "Line 2, column time: 'inf' is no time."),
        (["mssd", "--expected", "1"], "score\n1\n2\n", "The case that begins on line 2: 2 answers"),
        (["change"], "earlier,later\n1,2\n", "Say --sd and --reliability of the sample"),
        ([*SURE, "--sd", "0"], "earlier,later\n1,2\n", "sd must be positive"),
        ([*SURE, "--cutoff", "10"], "earlier,later\n1,2\n",
         "A cut-off needs --better lower or --better higher."),
        (SURE, "earlier,later\n1,\n",
         "Line 2, column later: it is empty."),
        (SURE, "earlier,later\n1,1e308\n", "Line 2, column later: 1e+308 lies beyond any scale."),
        (["mssd"], "time,score\n1e300,2\n", "Line 2, column time: 1e+300 lies beyond any scale."),
        (["mssd"], "score\n-1e13\n", "Line 2, column score: -1e+13 lies beyond any scale."),
        (["mssd", "--power", "nan"], "score\n1\n", "--power is from 0 to 10, not nan."),
        (["mssd", "--power", "-1"], "score\n1\n", "--power is from 0 to 10, not -1."),
        (["mssd", "--widest", "0"], "score\n1\n", "--widest is above 0, not 0."),
        ([*SURE, "--sd", "1e-320"], "earlier,later\n1,2\n", "--sd is above 0, not 9.99989e-321."),
        ([*SURE, "--threshold", "nan"], "earlier,later\n1,2\n", "--threshold is above 0, not nan."),
        ([*SURE, "--better", "lower", "--cutoff", "inf"], "earlier,later\n1,2\n",
         "--cutoff is a number of points, not inf."),
        (["mssd", "nowhere.csv"], "", "nowhere.csv cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_named_with_its_place(words, table, sentence, capsys, feed):
    code = feed(["science", *words], table.encode())

    said = capsys.readouterr()
    assert (code, said.out) == (1, "")
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1


def test_bytes_that_are_no_text_are_named_with_their_line(capsys, feed):
    assert feed(["science", "mssd"], b"score\n1\n\xff\n") == 1
    assert capsys.readouterr().err.startswith("Line 3: this is no UTF-8.")


def test_a_file_from_windows_is_read_too(capsys, feed):
    assert feed(["science", "mssd", "--json"], b"\xef\xbb\xbfScore\r\n1\r\n2\r\n") == 0
    assert json.loads(capsys.readouterr().out)["mssd"] == 1


def test_it_needs_neither_django_nor_numpy_nor_a_practice(tmp_path):
    program = (
        "import sys; from rapport import cli; code = cli.main(['science', 'mssd', '--json']);"
        "from django.conf import settings;"
        "print(code, settings.configured, 'numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), cwd=tmp_path, input="score\n1\n2\n",
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[1] == "0 False False", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_who_reads_only_the_first_line_is_not_bothered():
    table = "earlier,later\n" + "1,2\n" * 50_000
    call = [
        sys.executable,
        "-m",
        "rapport",
        "science",
        "change",
        "--sd",
        "5",
        "--reliability",
        ".8",
    ]
    with subprocess.Popen(call, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:  # fmt: skip
        run.stdout.close()
        run.stdin.write(table)
        run.stdin.close()
        assert run.stderr.read() == ""
        assert run.wait(60) == 0
