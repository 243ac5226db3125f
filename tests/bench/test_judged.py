"""The benchmark compares two ways to the same result."""

import numpy as np
from bench import judged


def test_the_block_and_pandas_find_the_same():
    pairs = judged.made(20_000)

    found = judged.in_a_block(pairs)

    np.testing.assert_array_equal(found.name, judged.in_pandas(pairs))
    assert all(found.counts().values())
