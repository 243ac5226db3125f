"""The table of the science's figures says what its parts have printed."""

from bench.science import figures, printed

SAID = """\
processor seconds, one thread; compile time: none
slopes, 100,000 rows: REML 1.0, 30 evaluations, singular: no
  growth        0.050 s   (median of 5)
  lme4          2.600 s   (once) REML differs by 1.0e-09 of it, sigma by 1e-05
  ratio          52.0      (goal 20)
memory of 1000000 rows beyond the data: 90 MB (goal: at most 200)
one case, 6 + 7 points; median of 5, 1000 cases each
  NAP with interval, Tau-U        400.0 us
  baseline-corrected Tau           90.0 us
  R SingleCaseES                30000.0 us   (stated, not measured here)
  ratio                            75.0      (goal 100)
"""


def test_ours_the_peer_s_the_ratio_and_what_is_missed_stand_in_a_row():
    growth, single = figures(SAID.splitlines())
    assert growth.row() == ("slopes, 100,000 rows", "0.050 s", "lme4", "2.600 s", "52.0", "20", "")
    assert (single.ours, single.peer, single.missed) == ("400.0 us", "R SingleCaseES", True)
    head, *rows = printed([growth, single]).splitlines()
    assert head.startswith("work") and len(rows) == 2 and rows[1].endswith("missed")
