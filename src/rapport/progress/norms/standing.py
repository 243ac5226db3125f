"""What a raw score comes to by a line of a norm table, kept with the result. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from rapport.science import norms

from .rules import Looked


def standing(kind: str, looked: Looked, raw: float) -> dict[str, Any]:
    """A result as it is kept: how it came about, so that a later version changes nothing.

    Args:
        kind: of the table.

    Returns:
        ``missing`` where the table has no line for it, and nothing is reckoned. Else ``z`` and
        ``percentile``; ``from_table`` says whether the percentile stands in the table or is the
        normal curve's; ``row`` is the line as it was.
    """
    if looked.row is None:
        return {"missing": looked.missing, "any_sex": looked.any_sex, "ages": looked.ages}
    row = looked.row
    if kind == "group":
        z = norms.z_among(raw, mean=row["mean"], sd=row["sd"])
    elif kind == "percentile":
        z = norms.z_at(row["value"])
    else:
        z = norms.z_of(row["value"], _known(kind))
    percent = row.get("percentile")
    return {
        "missing": None, "any_sex": looked.any_sex, "ages": looked.ages, "kind": kind,
        "row": dict(row), "z": z, "reliability": row["reliability"],
        "percentile": norms.percentile(z) if percent is None else percent,
        "from_table": percent is not None,
        **({"any_education": True} if looked.any_education else {}),
    }  # fmt: skip


def shown_as(kind: str) -> norms.Kind:
    """The standard score a table's results are shown as: its own, else T."""
    return "t" if kind in ("group", "percentile") else _known(kind)


def value_of(result: Mapping[str, Any]) -> float:
    """The standard score of a result, as its table has it, else T."""
    return norms.standard(result["z"], shown_as(result["kind"]))


def interval(result: Mapping[str, Any], *, how: str, level: float) -> norms.Interval | None:
    """The interval of a result's standard score; None where no reliability is known.

    Args:
        how: ``observed`` or ``true``: around which score it lies.
    """
    reliability = result["reliability"]
    if reliability is None:
        return None
    mean, sd = norms.SCALES[shown_as(result["kind"])]
    value = value_of(result)
    if how == "true":
        return norms.around_true(value, mean=mean, sd=sd, reliability=reliability, level=level)
    return norms.around_observed(value, sd=sd, reliability=reliability, level=level)


def t_of(result: Mapping[str, Any]) -> float:
    """A result as a T score, by which words and differences go."""
    return norms.standard(result["z"], "t")


def apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> norms.Difference | None:
    """The difference of two results of one table, as T scores; None where it cannot be judged."""
    reliabilities = (one["reliability"], other["reliability"])
    if None in reliabilities or sum(reliabilities) >= 2:
        return None
    return norms.difference(t_of(one), t_of(other), sd=10, reliabilities=reliabilities)


def in_words(bands: list[list[Any]], result: Mapping[str, Any]) -> str:
    """The practice's word for a result, by its whole T score; "" where it has none."""
    t = math.floor(t_of(result) + 0.5)
    return next((str(name) for low, high, name in bands if low <= t <= high), "")


def _known(kind: str) -> norms.Kind:
    return next(one for one in norms.SCALES if one == kind)
