"""A course of scores as large as a word, to stand in a line of a list. Pure.

It is no chart: its numbers stand beside it, and ``words`` says all of it to whoever does not see.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape

WIDTH, HEIGHT, EDGE = 96, 28, 4


def draw(
    points: Sequence[tuple[datetime, float]], *, lowest: float, highest: float, words: str
) -> str:
    """The drawing as SVG text, earlier to the left, on the full scale; colours are classes.

    Args:
        points: at least one, the oldest first.
    """
    start, end = points[0][0], points[-1][0]
    places = [(_x(at, start, end), _y(value, lowest, highest)) for at, value in points]
    line = " ".join(f"{x:g},{y:g}" for x, y in places)
    x, y = places[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" direction="ltr" '
        f'aria-label="{escape(words)}"><polyline class="spark__line" points="{line}"></polyline>'
        f'<circle class="spark__last" cx="{x:g}" cy="{y:g}" r="3"></circle></svg>'
    )


def _x(at: datetime, start: datetime, end: datetime) -> float:
    share = (at - start) / (end - start) if end > start else 1.0
    return round(EDGE + share * (WIDTH - 2 * EDGE), 1)


def _y(value: float, lowest: float, highest: float) -> float:
    share = (value - lowest) / ((highest - lowest) or 1)
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)
