"""The benchmark compares two ways to the same result."""

import numpy as np
import pandas as pd
import pytest
from bench import scoring

from rapport.progress.measures.instruments import get
from rapport.science import blocks


def test_the_block_and_pandas_find_the_same():
    block = scoring.made(5_000)
    sheets = pd.DataFrame(block, columns=scoring.NAMES).replace(-1, np.nan)
    ours = blocks.score(get("phq-9").content.key, block)

    scoring.agreed(ours, scoring.in_pandas(sheets))

    assert {0, 1, 2} == set(ours.status)
    sheets.loc[0, "1"] = 3 - (block[0, 0] == 3)
    with pytest.raises(AssertionError):
        scoring.agreed(ours, scoring.in_pandas(sheets))
