"""Answers drawn from the graded response model, the same for the same seed."""

import numpy as np

from rapport.science.adaptive.items import GradedItem

NINE = tuple(
    GradedItem(f"i{n}", a, b)
    for n, (a, b) in enumerate(
        [
            (1.2, (-1.2, 0.1, 1.3)),
            (2.4, (-0.4, 0.5, 1.4)),
            (1.7, (-1.0, -0.1, 1.0)),
            (0.9, (-1.6, 0.4, 1.9)),
            (2.0, (0.0, 0.8, 1.7)),
            (1.5, (-0.8, 0.3, 1.2)),
            (2.8, (-0.2, 0.7, 1.6)),
            (1.1, (-1.4, -0.2, 1.5)),
            (1.9, (0.3, 1.0, 2.0)),
        ],
        1,
    )
)


def answers(items, rows, seed):
    """A block of ``rows`` people from a standard normal population."""
    chance = np.random.default_rng(seed)
    theta = chance.normal(size=(rows, 1))
    columns = []
    for item in items:
        above = 1 / (1 + np.exp(-item.discrimination * (theta - np.array(item.thresholds))))
        columns.append((chance.random((rows, 1)) < above).sum(axis=1))
    return np.column_stack(columns).astype(np.int8)


def parameters(items):
    """Shape (items, 1 + thresholds), for items with equally many."""
    return np.array([[item.discrimination, *item.thresholds] for item in items])
