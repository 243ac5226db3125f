"""Items to test with: the published PROMIS banks, and small ones of many shapes."""

from hypothesis import strategies as st

from rapport.progress.measures import banks
from rapport.science.adaptive.items import GradedItem

DEPRESSION = banks.get("promis-depression").content.graded
ANXIETY = banks.get("promis-anxiety").content.graded
MIXED = (
    GradedItem("two", 1.3, (0.4,)),
    GradedItem("three", 0.8, (-1.0, 0.7)),
    GradedItem("four", 2.1, (-0.5, 0.3, 1.4)),
    GradedItem("five", 1.6, (-1.5, -0.2, 0.9, 2.2)),
)


def named(bank, *keys):
    return [item for key in keys for item in bank if item.key == key]


THRESHOLDS = st.sets(st.integers(-30, 30), min_size=1, max_size=4)


@st.composite
def items(draw, most=5):
    count = draw(st.integers(1, most))
    return [
        GradedItem(
            f"i{n}",
            draw(st.floats(0.3, 4.0)),
            tuple(b / 10 for b in sorted(draw(THRESHOLDS))),
        )
        for n in range(count)
    ]
