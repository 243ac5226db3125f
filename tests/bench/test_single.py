"""The benchmark of daily ratings compares two ways to the same result."""

import numpy as np
import pytest
from bench import single

from rapport.science import daily_panel


def test_the_panel_and_pandas_find_the_same():
    values = single.ratings(60)
    theirs = single.in_pandas(single.longer(values))
    ours = daily_panel.describe(values)

    single.agreed(ours, theirs)

    np.testing.assert_allclose(ours.smooth[:, -1], theirs["last"])
    theirs.loc[3, "mssd"] += 0.01
    with pytest.raises(AssertionError):
        single.agreed(ours, theirs)
