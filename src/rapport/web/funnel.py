"""Drawing a funnel as SVG: points without names between limits that narrow as caseloads grow.

Pure. Colours are the classes of ``web/chart.py``; one's own point is filled.
"""

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from .chart import NARROW, WIDE, Size

if TYPE_CHECKING:
    from rapport.progress.outcomes.clinicians import Found, Point

STEPS = (0, 25, 50, 75, 100)  # percent
EVERY = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
"""How far apart numbers of clients may stand on their axis."""


@dataclass(frozen=True)
class Words:
    """What is written in the drawing.

    Attributes:
        whole: what somebody hears who does not see it.
        across: under the axis of caseloads. up: over that of shares.
        target: at the line in the middle.
        inner, outer: at the limits.
        points: of each point, in their order.
    """

    whole: str
    across: str
    up: str
    target: str
    inner: str
    outer: str
    points: tuple[str, ...]


def draw(found: "Found", words: Words, *, size: Size = WIDE) -> str:
    """The drawing as SVG text. Left is small, whatever the direction of the language."""
    return _Drawing(found, words, size).whole()


def both(found: "Found", words: Words) -> list[str]:
    """For a desk and for a phone."""
    return [draw(found, words, size=size) for size in (WIDE, NARROW)]


class _Drawing:
    def __init__(self, found: "Found", words: Words, size: Size) -> None:
        self.found, self.words = found, words
        self.size = replace(size, top=size.top + size.letters)  # for what stands over the axis
        self.least, self.most = found.curve[0].clients, found.curve[-1].clients
        self.parts: list[str] = []

    def whole(self) -> str:
        self._axes()
        self._limits()
        self._points()
        head = (
            f'class="chart__svg chart__svg--{self.size.name}" '
            f'viewBox="0 0 {self.size.width} {self.size.height}" role="img" direction="ltr" '
            f'aria-label="{escape(self.words.whole)}"'
        )
        return f"<svg {head}>{''.join(self.parts)}</svg>"

    def _x(self, clients: float) -> float:
        inner = self.size.end - self.size.left - 24
        share = (clients - self.least) / ((self.most - self.least) or 1)
        return round(self.size.left + 12 + inner * min(max(share, 0.0), 1.0), 1)

    def _y(self, share: float) -> float:
        return round(self.size.foot - min(share, 1.0) * (self.size.foot - self.size.top), 1)

    def _axes(self) -> None:
        size = self.size
        self._line("chart__axis", size.left, size.top, size.left, size.foot)
        self._line("chart__axis", size.left, size.foot, size.end, size.foot)
        for step in STEPS:
            y = self._y(step / 100)
            self._line("chart__axis", size.left - 4, y, size.left, y)
            self._text(f"{step}", size.left - 8, y + size.letters * 0.35, "end")
        for clients in self._round():
            x = self._x(clients)
            self._line("chart__axis", x, size.foot, x, size.foot + 5)
            self._text(f"{clients}", x, size.foot + 8 + size.letters, "middle")
        self._text(self.words.across, (size.left + size.end) / 2, size.height - 2, "middle")
        self._text(self.words.up, 0, size.letters, "start")

    def _round(self) -> range:
        """Round numbers of clients for the axis, as many as do not run into each other."""
        most = self.size.dates
        step = next((one for one in EVERY if (self.most - self.least) / one <= most), EVERY[-1])
        return range(-(-self.least // step) * step, self.most + 1, step)

    def _limits(self) -> None:
        size, last = self.size, self.found.curve[-1]
        labels = []
        for name, look in (("outer", "chart__limit"), ("inner", "chart__limit--inner")):
            for side in (0, 1):
                path = "L".join(
                    f"{self._x(one.clients):g} {self._y(getattr(one, name)[side]):g}"
                    for one in self.found.curve
                )
                kind = "chart__limit" if look == "chart__limit" else f"chart__limit {look}"
                self.parts.append(f'<path class="{kind}" d="M{path}"></path>')
            labels.append((getattr(self.words, name), self._y(getattr(last, name)[1])))
        y = self._y(self.found.target)
        self._line("chart__cut", size.left, y, size.end, y)
        if size.name == "wide":
            below = -float("inf")
            for words, at in sorted([*labels, (self.words.target, y)], key=lambda one: one[1]):
                below = max(at + size.letters * 0.35, below + size.letters + 2)
                self._text(words, size.end + 8, below, "start")

    def _points(self) -> None:
        for n, (one, words) in enumerate(zip(self.found.points, self.words.points, strict=True)):
            tag, where = _shape(one, self._x(one.clients), self._y(one.share))
            look = "chart__dot chart__dot--sure" if one.mine else "chart__dot"
            said = f"<title>{escape(words)}</title>"
            self.parts.append(f'<{tag} {where} class="{look}" data-point="{n}">{said}</{tag}>')

    def _line(self, look: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self.parts.append(
            f'<line class="{look}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"></line>'
        )

    def _text(self, words: str, x: float, y: float, anchor: str) -> None:
        self.parts.append(f'<text class="chart__text" x="{x:g}" y="{round(y, 1):g}" '
                          f'text-anchor="{anchor}">{escape(words)}</text>')  # fmt: skip


def _shape(one: "Point", x: float, y: float) -> tuple[str, str]:
    """A square stands out from the rest by more than chance; a circle does not."""
    if one.stands_out:
        return "rect", f'x="{x - 6:g}" y="{y - 6:g}" width="12" height="12"'
    return "circle", f'cx="{x:g}" cy="{y:g}" r="5.5"'
