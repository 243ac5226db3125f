"""One table says of every figure what is here, what the peer needs, and whether the goal is met."""

import json

import pytest
from bench import figures, science
from bench.figures import Figure

NEAR, FAR = {"REML": (1e-9, 1e-6)}, {"REML": (2e-6, 1e-6)}


@pytest.mark.parametrize(
    ("figure", "row"),
    [
        (Figure("growth", 0.05, "lme4", 2.6, 20, differs=NEAR),
         ("50 ms", "lme4", "2.6 s", "52", "20 times", "met")),
        (Figure("growth", 0.05, "lme4", 2.6, 60),
         ("50 ms", "lme4", "2.6 s", "52", "60 times", "missed")),
        (Figure("growth", 0.05, "lme4", 2.6, 20, differs=FAR),  # fast, and another answer
         ("50 ms", "lme4", "2.6 s", "52", "20 times", "missed: REML")),
        (Figure("growth", 0.05, "lme4", 2.6, 20, differs={"REML": (float("nan"), 1e-6)}),
         ("50 ms", "lme4", "2.6 s", "52", "20 times", "missed: REML")),
        (Figure("growth", 0.05, "lme4", None, 20, why="R is missing"),
         ("50 ms", "lme4", "-", "-", "20 times", "not measured: R is missing")),
        (Figure("service view", 1.1, "by hand", 1.0, 1.2, "at most"),
         ("1.1 s", "by hand", "1 s", "1.1", "at most 1.2 times", "met")),
        (Figure("service view", 1.3, "by hand", 1.0, 1.2, "at most"),
         ("1.3 s", "by hand", "1 s", "1.3", "at most 1.2 times", "missed")),
        (Figure("memory", 201, goal=200, by="limit", unit="MB"),
         ("201 MB", "-", "-", "-", "at most 200 MB", "missed")),
        (Figure("theta", 65e-6, goal=0.15, by="limit"),
         ("65 us", "-", "-", "-", "at most 150 ms", "met")),
    ],
)  # fmt: skip
def test_a_row_says_both_the_goal_and_whether_it_is_met(figure, row):
    assert figure.row()[1:] == row


def test_the_table_holds_what_the_parts_kept(tmp_path, monkeypatch, capsys):
    kept = tmp_path / "figures"
    monkeypatch.setenv(figures.KEPT, str(kept))
    good = Figure("growth, 100,000 rows", 0.05, "lme4", 2.6, 20, differs=NEAR)
    bad = Figure("memory", 201, goal=200, by="limit", unit="MB")

    assert (figures.said(good), figures.said(bad)) == (True, False)

    assert "differs by 1.0e-09 in REML (at most 1e-06)" in capsys.readouterr().out
    head, *rows = science.printed(figures.kept(kept)).splitlines()
    assert head.split() == ["work", "here", "peer", "peer's", "ratio", "goal"]
    assert [row.split()[-1] for row in rows] == ["met", "missed"]
    assert json.loads(kept.read_text().splitlines()[0])["goal"] == 20
