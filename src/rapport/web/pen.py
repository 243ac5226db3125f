"""Writing a drawing down as SVG: shapes and words, with classes or with colours."""

from dataclasses import dataclass, field
from html import escape
from typing import Literal

from .plot import INK, Shape

Ink = Literal["classes", "attributes"]


@dataclass
class Pen:
    """What was drawn so far."""

    ink: Ink
    parts: list[str] = field(default_factory=list)

    def _look(self, name: str) -> str:
        if self.ink == "classes":
            plain = name.partition("--")[0]
            return f'class="{plain} {name}"' if plain != name else f'class="{name}"'
        return " ".join(f'{key}="{value}"' for key, value in INK[name].items())

    def add(
        self, tag: str, look: str, *, title: str = "", point: int | None = None,
        **attributes: float | str,
    ) -> None:  # fmt: skip
        """Draw a shape.

        Args:
            look: the name of its colours. title: what it says to a pointer that rests on it.
            point: which of the dots it is.
        """
        said = " ".join(f'{key}="{value:g}"' if isinstance(value, float) else f'{key}="{value}"'
                        for key, value in attributes.items())  # fmt: skip
        if point is not None and self.ink == "classes":
            said += f' data-point="{point}"'
        inside = f"<title>{escape(title)}</title>" if title else ""
        self.parts.append(f"<{tag} {self._look(look)} {said}>{inside}</{tag}>")

    def text(
        self, words: str, look: str, x: float, y: float, anchor: str = "start", title: str = ""
    ) -> None:
        """Write words at a place."""
        hint = f"<title>{escape(title)}</title>" if title else ""
        self.parts.append(
            f'<text {self._look(look)} x="{x:g}" y="{round(y, 1):g}" text-anchor="{anchor}">'
            f"{hint}{escape(words)}</text>"
        )


def shaped(shape: Shape, x: float, y: float, big: float) -> tuple[str, dict[str, float | str]]:
    """The tag and the attributes of a dot in this shape."""
    far, half = 7 * big, 5 * big
    if shape == "diamond":
        to = f"{far:g}"
        return "path", {"d": f"M{x:g} {y - far:g}l{to} {to}l-{to} {to}l-{to} -{to}z"}
    if shape == "square":
        return "rect", {"x": round(x - half, 1), "y": round(y - half, 1), "width": 2 * half,
                        "height": 2 * half}  # fmt: skip
    return "circle", {"cx": x, "cy": y, "r": 5.5 * big}


def along(places: list[tuple[float, float]]) -> str:
    """Places one after the other, as the path between them."""
    return "L".join(f"{x:g} {y:g}" for x, y in places)
