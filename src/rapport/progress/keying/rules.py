"""Where two keyings of one sheet differ. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any


def differing(
    first: Mapping[str, Any], second: Mapping[str, Any], items: Sequence[str]
) -> list[str]:
    """Items on which the two are not the same, in the form's order; none is an answer, too."""
    return [item for item in items if first.get(item) != second.get(item)]


def decided(
    first: Mapping[str, Any], second: Mapping[str, Any], chosen: Mapping[str, str],
    items: Sequence[str],
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    """The answers as somebody decided, and the items on which nobody has.

    Args:
        chosen: "first" or "second", by item.
    """
    taken = {item: first.get(item) for item in items}
    open_ = []
    for item in differing(first, second, items):
        if chosen.get(item) not in ("first", "second"):
            open_.append(item)
        elif chosen[item] == "second":
            taken[item] = second.get(item)
    return taken, open_
