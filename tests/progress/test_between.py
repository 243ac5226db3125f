"""How much lies between clinicians: from how many it is told, to whom, and in which direction."""

import numpy as np
import pytest

from rapport.progress.outcomes.between import Missing, Told, told
from rapport.progress.outcomes.clinicians import Case


def cases(clinicians=20, each=60, *, tau=3.0, seed=7):
    """Clients get 5 points better, more or less by clinician; the first clinician is the best."""
    chance = np.random.default_rng(seed)
    parts = np.sort(chance.normal(0, tau, clinicians))[::-1]
    made = []
    for n, part in enumerate(parts):
        for _ in range(each):
            start = float(chance.normal(15, 3))
            end = start - 5 - part + float(chance.normal(0, 4))
            made.append(Case(f"c{n:02}", "", start, end, end < start))
    return made


@pytest.mark.parametrize(
    ("clinicians", "each", "said"),
    [(20, 59, Missing(1180, 20)), (19, 80, Missing(1520, 19)), (3, 3, Missing(None, 3))],
)
def test_from_too_few_it_is_said_what_is_missing(clinicians, each, said):
    assert told(cases(clinicians, each), me="c00", better="lower") == said


def test_the_share_has_an_interval_that_holds_the_truth():
    found = told(cases(40), me="", better="lower")

    assert isinstance(found, Told)
    assert (found.clients, found.clinicians, found.adjusted) == (2400, 40, ("start",))
    assert found.share.low < 9 / 25 < found.share.high  # 3^2 of 3^2 + 4^2
    assert found.mine is None


def test_ones_own_part_is_in_points_and_better_is_more():
    every = cases()

    best, worst = (told(every, me=me, better="lower") for me in ("c00", "c19"))

    assert isinstance(best, Told) and isinstance(worst, Told)
    assert best.mine is not None and worst.mine is not None
    assert best.mine.low > 0 > worst.mine.high
    turned = [Case(c.responsible, c.problem, -c.start, -c.end, c.better) for c in every]
    same = told(turned, me="c00", better="higher")
    assert isinstance(same, Told) and same.mine is not None
    assert same.mine.size == pytest.approx(best.mine.size)


def test_nine_clients_tell_nothing_of_their_clinician():
    every = cases() + cases(1, 9)
    every = [c if n < 1200 else Case("me", "", c.start, c.end, c.better)
             for n, c in enumerate(every)]  # fmt: skip

    found = told(every, me="me", better="lower")

    assert isinstance(found, Told) and found.mine is not None
    assert (found.mine.standing, found.mine.size) == ("suppressed", None)


def test_where_clinicians_do_not_differ_the_share_is_none_and_own_parts_are_not_told():
    found = told(cases(tau=0.0, seed=8), me="c00", better="lower")

    assert isinstance(found, Told) and found.mine is not None
    assert found.share.low == 0
    assert found.mine.standing == "too little data"


def test_a_case_mix_that_cannot_be_told_is_left_out_and_said():
    every = [Case(c.responsible, "", 15.0, c.end, c.better) for c in cases()]

    found = told(every, me="", better="lower")

    assert isinstance(found, Told) and found.adjusted is None


def test_scores_that_do_not_differ_tell_nothing():
    every = [Case(c.responsible, "", 15.0, 10.0, better=True) for c in cases()]

    assert told(every, me="c00", better="lower") is None
