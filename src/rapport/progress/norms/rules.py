"""What a norm table may hold, what is wrong with one and where. No database, no clock."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

MOST_LINES, MOST_SCALES, LONGEST = 5000, 100, 120
MOST_BYTES = 1024 * 1024
FAULTS_SHOWN = 50
OLDEST = 130 * 12  # months
LARGEST = 100_000
MOST_EDUCATION = 40  # years
STANDARDS = ("t", "z", "percentile", "scaled", "iq")
SEXES = {"": "any", "any": "any", "all": "any", "*": "any", "female": "female", "f": "female",
         "male": "male", "m": "male"}  # fmt: skip
EDUCATION = ("education_from", "education_to")
COLUMNS = frozenset({"scale", "sex", "age_from", "age_to", *EDUCATION, "raw", "raw_from", "raw_to",
                     "mean", "sd", "reliability", *STANDARDS})  # fmt: skip

Code = Literal[
    "column_missing", "column_twice", "column_unknown", "column_instead", "standards", "cells",
    "missing", "number", "sex", "age", "order", "reliability", "percentile", "sd", "long", "signs",
    "ages_overlap", "raws_overlap", "scales", "lines", "empty", "education",
    "education_overlap", "rate_scale", "rate_same", "rate_points", "rate_percent", "rates_order",
]  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which line of the file, in which column, and why.

    Attributes:
        about: what helps to mend it: the other line, or the name of a column.
    """

    line: int
    column: str
    code: Code
    about: str = ""


@dataclass
class Read:
    """A file as it was read. ``rows`` are whole only where there are no ``faults``.

    Attributes:
        kind: the standard score that the table gives, or ``group`` for means and deviations.
        rows: each with ``line``, ``scale``, ``sex``, ``ages`` (first and last month, both
            counted in), ``education`` where it tells people apart by it (first and last year, both
            counted in), ``reliability``, and ``raws``, ``value``, ``percentile`` or
            ``mean``, ``sd``.
    """

    kind: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(lines: Iterable[tuple[int, Sequence[str]]]) -> Read:
    """A table out of its lines, the names of the columns first."""
    found, given = Read(), iter(lines)
    number, header = next(given, (1, ()))
    names = [one.strip().lower().replace(" ", "_") for one in header]
    found.faults += _header_wrong(names, number)
    if found.faults:
        return found
    found.kind = next((one for one in STANDARDS if one in names and one != "percentile"), "")
    found.kind = found.kind or ("percentile" if "percentile" in names else "group")
    for line, cells in given:
        if len(found.rows) == MOST_LINES:
            found.faults.append(Fault(line, "", "lines", str(MOST_LINES)))
            break
        if len(cells) != len(names):
            found.faults.append(Fault(line, "", "cells", str(len(names))))
            continue
        row, wrong = _row(found.kind, line, dict(zip(names, cells, strict=True)))
        found.rows.append(row)
        found.faults += wrong
    if not found.rows and not found.faults:
        found.faults.append(Fault(number, "", "empty"))
    if not found.faults:
        found.faults += _together(found.rows, number)
    return found


def _header_wrong(names: Sequence[str], line: int) -> list[Fault]:
    """What the names of the columns lack, or have too much."""
    wrong = [Fault(line, one, "column_unknown") for one in names if one not in COLUMNS]
    wrong += [Fault(line, one, "column_twice")
              for one in sorted({one for one in names if names.count(one) > 1})]  # fmt: skip
    have = set(names)
    wrong += [Fault(line, one, "column_missing")
              for one in ("scale", "age_from", "age_to") if one not in have]  # fmt: skip
    if have & set(EDUCATION):
        wrong += [Fault(line, one, "column_missing") for one in EDUCATION if one not in have]
    group, standards = have & {"mean", "sd"}, have & set(STANDARDS)
    raws = have & {"raw", "raw_from", "raw_to"}
    if group:
        wrong += [Fault(line, one, "column_missing") for one in sorted({"mean", "sd"} - have)]
        wrong += [Fault(line, one, "column_instead") for one in sorted(raws | standards)]
    else:
        if raws not in ({"raw"}, {"raw_from", "raw_to"}):
            wrong.append(Fault(line, "raw", "column_missing"))
        if not standards or len(standards - {"percentile"}) > 1:
            wrong.append(Fault(line, "", "standards"))
    return wrong


def _row(
    kind: str, line: int, cells: Mapping[str, str]
) -> tuple[dict[str, Any], list[Fault]]:  # fmt: skip
    wrong: list[Fault] = []

    def number(column: str, *, needed: bool = True) -> float | None:
        text = cells.get(column, "").strip()
        if not text and not needed:
            return None
        value = number_in(text)
        if value is None:
            wrong.append(Fault(line, column, "number" if text else "missing"))
        return value

    row: dict[str, Any] = {"line": line, **_who(line, cells, wrong)}
    row["reliability"] = number("reliability", needed=False)
    if row["reliability"] is not None and not 0 <= row["reliability"] <= 1:
        wrong.append(Fault(line, "reliability", "reliability"))
    if kind == "group":
        row |= {"mean": number("mean"), "sd": number("sd")}
        if row["sd"] is not None and row["sd"] <= 0:
            wrong.append(Fault(line, "sd", "sd"))
        return row, wrong
    row |= {"raws": _raws(line, cells, number, wrong), "value": number(kind)}
    row["percentile"] = number("percentile", needed=kind == "percentile") \
        if kind != "percentile" else row["value"]  # fmt: skip
    if row["percentile"] is not None and not 0 < row["percentile"] < 100:
        wrong.append(Fault(line, "percentile", "percentile"))
    return row, wrong


def _who(line: int, cells: Mapping[str, str], wrong: list[Fault]) -> dict[str, Any]:
    """Of which scale and of whom a line speaks."""
    scale = " ".join(cells["scale"].split())
    if not scale:
        wrong.append(Fault(line, "scale", "missing"))
    elif len(scale) > LONGEST:
        wrong.append(Fault(line, "scale", "long", str(LONGEST)))
    elif any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in scale):
        wrong.append(Fault(line, "scale", "signs"))
    sex = SEXES.get(cells.get("sex", "").strip().lower())
    if sex is None:
        wrong.append(Fault(line, "sex", "sex"))
    ages = [months_in(cells[name], last=name == "age_to") for name in ("age_from", "age_to")]
    for name, age in zip(("age_from", "age_to"), ages, strict=True):
        if age is None:
            wrong.append(Fault(line, name, "age" if cells[name].strip() else "missing"))
    first, last = ages
    if first is not None and last is not None and first > last:
        wrong.append(Fault(line, "age_to", "order"))
    return {"scale": scale, "sex": sex, "ages": ages, **_schooled(line, cells, wrong)}


def _schooled(
    line: int, cells: Mapping[str, str], wrong: list[Fault]
) -> dict[str, list[int]]:  # fmt: skip
    """Of how many years of education a line speaks; nothing where it speaks of everybody."""
    texts = [cells.get(name, "").strip() for name in EDUCATION]
    if not any(texts):
        return {}
    years = [years_in(text) for text in texts]
    for name, text, year in zip(EDUCATION, texts, years, strict=True):
        if year is None:
            wrong.append(Fault(line, name, "education" if text else "missing"))
    known = [year for year in years if year is not None]
    if known != sorted(known):
        wrong.append(Fault(line, "education_to", "order"))
    return {"education": known}


def _raws(
    line: int, cells: Mapping[str, str], number: Callable[[str], float | None], wrong: list[Fault]
) -> list[float | None]:
    if "raw" in cells:
        value = number("raw")
        return [value, value]
    low, high = number("raw_from"), number("raw_to")
    if low is not None and high is not None and low > high:
        wrong.append(Fault(line, "raw_to", "order"))
    return [low, high]


def _together(rows: Sequence[Mapping[str, Any]], line: int) -> list[Fault]:
    """Lines that contradict each other: a raw score would stand in two of them."""
    groups: dict[tuple[str, ...], dict[tuple[int, int], list[Mapping[str, Any]]]] = {}
    schooled: dict[tuple[str, str], dict[tuple[int, ...], int]] = {}
    for row in rows:
        whom, years = (row["scale"], row["sex"]), tuple(row.get("education", ()))
        of = groups.setdefault((*whom, str(years)), {})
        of.setdefault(tuple(row["ages"]), []).append(row)
        if years:
            schooled.setdefault(whom, {}).setdefault(years, row["line"])
    wrong: list[Fault] = []
    if len({scale for scale, *_whom in groups}) > MOST_SCALES:
        wrong.append(Fault(line, "scale", "scales", str(MOST_SCALES)))
    for spans in schooled.values():
        for (before, first), (after, second) in pairwise(sorted(spans.items())):
            if after[0] <= before[1]:
                wrong.append(Fault(second, "education_from", "education_overlap", str(first)))
    for bands in groups.values():
        for (before, lines), (after, later) in pairwise(sorted(bands.items())):
            if after[0] <= before[1]:
                wrong.append(Fault(later[0]["line"], "age_from", "ages_overlap",
                                   str(lines[0]["line"])))  # fmt: skip
        for lines in bands.values():
            inside = sorted(lines, key=lambda row: row.get("raws", [0, 0]))
            for one, other in pairwise(inside):
                if "raws" not in one or other["raws"][0] <= one["raws"][1]:
                    wrong.append(Fault(other["line"], "raw", "raws_overlap", str(one["line"])))
    return wrong


def number_in(text: str) -> float | None:
    """A number with a point or a comma for its decimals, or None."""
    text = text.strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?\d{1,9}([.,]\d{1,9})?", text, re.ASCII):
        return None
    value = float(text.replace(",", "."))
    if abs(value) > LARGEST:
        return None
    return int(value) if value == int(value) else value


def years_in(text: str) -> int | None:
    """Whole years of education, from 0 to ``MOST_EDUCATION``, or None."""
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or int(text) > MOST_EDUCATION:
        return None
    return int(text)


def months_in(text: str, *, last: bool) -> int | None:
    """An age in months out of years (``12``) or years and months (``12:06``), or None.

    Args:
        last: up to this age: 12 lasts until the day before the thirteenth birthday.
    """
    found = re.fullmatch(r"(\d{1,3})(?::(\d{1,2}))?", text.strip(), re.ASCII)
    if found is None:
        return None
    years, months = int(found[1]), found[2]
    if months is None:
        age = years * 12 + (11 if last else 0)
    elif int(months) > 11:
        return None
    else:
        age = years * 12 + int(months)
    return age if age < OLDEST + 12 else None


# Looking up -------------------------------------------------------------------------------

Missing = Literal[
    "scale", "age_unknown", "age", "education_unknown", "education", "sex", "raw"
]  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """The line that holds, or why none does.

    Attributes:
        any_sex: norms of everybody stand in, because there are none of this sex alone.
        any_education: norms of any education stand in, because there are none of these years.
        ages: whether the table tells ages of this scale apart.
    """

    row: Mapping[str, Any] | None
    missing: Missing | None = None
    any_sex: bool = False
    any_education: bool = False
    ages: bool = False


def look_up(
    rows: Sequence[Mapping[str, Any]], *, scale: str, sex: str, age: int | None, raw: float,
    education: int | None = None,
) -> Looked:  # fmt: skip
    """The line of a table for a raw score. Nothing is filled in beside what it holds.

    Args:
        sex: ``female``, ``male`` or ``any``; one without lines of its own is looked up in "any".
        age: in months on the day of testing; None: not known.
        education: in whole years; None: not known. Lines of all education stand in for years that
            have none of their own.
    """
    of_scale = [row for row in rows if row["scale"] == scale]
    if not of_scale:
        return Looked(None, "scale")
    ages = len({tuple(row["ages"]) for row in of_scale}) > 1
    if age is None:
        return Looked(None, "age_unknown", ages=ages)
    of_age = [row for row in of_scale if row["ages"][0] <= age <= row["ages"][1]]
    if not of_age:
        return Looked(None, "age", ages=ages)
    of_sex = [row for row in of_age if row["sex"] in (sex, "any")]
    if not of_sex:
        return Looked(None, "sex", ages=ages)
    taught = [row for row in of_sex if _taught(row, education)]
    if not taught:
        return Looked(None, "education_unknown" if education is None else "education", ages=ages)
    own = [row for row in taught if row["sex"] == sex]
    used = own or taught
    near = [row for row in used if "education" in row]
    found = {
        "any_sex": sex != "any" and not own, "ages": ages,
        "any_education": not near and any("education" in row for row in of_sex),
    }  # fmt: skip
    row = next((row for row in near or used if _holds(row, raw)), None)
    return Looked(row, "raw" if row is None else None, **found)


def _taught(row: Mapping[str, Any], education: int | None) -> bool:
    """Whether a line speaks of somebody of so many years of education."""
    if "education" not in row:
        return True
    first, last = row["education"]
    return education is not None and bool(first <= education <= last)


def _holds(row: Mapping[str, Any], raw: float) -> bool:
    if "raws" not in row:
        return True
    low, high = row["raws"]
    return bool(low <= raw <= high)


def scales_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The scales of a table, in its order."""
    return list(dict.fromkeys(row["scale"] for row in rows))


def by_education(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a table tells people apart by their years of education."""
    return any("education" in row for row in rows)
