"""R finds what is found here: mixed models by lme4, nonoverlap and Tau-U of single cases.

Run: rapport prove peers --database sqlite
The benchmark compares speed with these peers, and says so where they differ. R comes from Debian's
packages.
"""

import shutil

import pytest
from bench import growth, single

from rapport.cli.commands import test


@pytest.fixture(autouse=True, scope="module")
def _r():
    test.install("r-cran-lme4", found=shutil.which("Rscript"))


def test_what_r_finds_of_single_cases_is_what_is_found_here():
    before, after = (table[:40].tolist() for table in single.cases(40))

    _peer, seconds, off = single.theirs(list(zip(before, after, strict=True)))

    assert off < single.EXACT and seconds > 0


@pytest.mark.parametrize("therapists", [False, True])
def test_what_lme4_finds_is_what_is_found_here(therapists):
    data = growth.made(4_000)
    peer = growth.theirs(data, therapists=therapists)
    assert peer is not None, "R is here and lme4 is not: apt-get install r-cran-lme4"

    ours = growth.ours(data, therapists=therapists)

    found = growth.apart(ours, peer)
    assert [name for name, (much, most) in found.items() if much > most] == []
    wrong = growth.apart(ours, [*peer[:-1], peer[-1] * 1.001])
    assert [name for name, (much, most) in wrong.items() if much > most] == ["variances"]
