"""Results of tests in words: for the page, for the report and for paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from rapport.progress.batteries import rules
from rapport.progress.norms import rates, standing
from rapport.progress.norms import said as norm_words
from rapport.science import norms

from . import measures


@dataclass(frozen=True)
class Shown:
    """One row of results, ready for a page.

    Attributes:
        notes: what limits it. how: names and values, how the number came about.
    """

    key: str
    test: str
    scale: str
    raw: str
    value: str
    interval: str
    percentile: str
    word: str
    day: str
    sheet: str
    notes: list[str]
    how: list[tuple[str, str]]


def named(test: Any) -> str:
    """What a test is called among clinicians."""
    return test.title or measures.short(test.instrument)


def sex(code: str) -> str:
    """Whose norms were looked up."""
    return {"female": _("female"), "male": _("male")}.get(code, _("everybody"))


def age(months: int | None) -> str:
    """An age in years and months; a dash where none is known."""
    return "–" if months is None else norm_words.age(months)


def number(value: float | None, places: int = 1) -> str:
    """A number to so many places, without zeros at its end."""
    if value is None:
        return "–"
    exact = f"{value:.{places}f}"
    decimals = len(exact.rstrip("0").partition(".")[2]) if "." in exact else 0
    text = number_format(float(exact) + 0.0, decimal_pos=decimals)  # never a zero below zero
    return str(text).replace("-", "−")


def percent(value: float) -> str:
    """A percentile; whoever lies beyond what can be told is said to lie beyond."""
    if value < 0.1:
        return f"< {number(0.1)}"
    if value > 99.9:
        return f"> {number(99.9)}"
    return number(value, 1 if value < 1 or value > 99 else 0)


def shown(rows: Iterable[Mapping[str, Any]], *, how: str, level: float) -> list[Shown]:
    """Rows of a report in words."""
    return [_shown(row, how, level) for row in rules.measured(rows, how=how, level=level)]


def _shown(row: Mapping[str, Any], how: str, level: float) -> Shown:
    result, there = row["result"], row["value"] is not None
    kind = standing.shown_as(result["kind"]) if there else "t"
    places = 2 if kind == "z" else 1
    spread = row["interval"]
    interval = f"{number(spread.low, places)} – {number(spread.high, places)}" if spread else ""
    raw = row["raw"]
    band = _band(row)
    return Shown(
        key=row["key"], test=row["title"] or measures.short(row["instrument"]),
        scale=row["scale"], raw=number(raw, 2),
        value=f"{norm_words.UNITS[kind]} {number(row['value'], places)}" if there else "",
        interval=interval, percentile=percent(result["percentile"]) if there else "",
        word=row["word"] or band, sheet=row.get("sheet", ""),
        day=date_format(date.fromisoformat(row["on"]), "DATE_FORMAT") if row["on"] else "",
        notes=_notes(row), how=_how(row, kind, places, how, level) if there else _asked(row),
    )  # fmt: skip


def _band(row: Mapping[str, Any]) -> str:
    if not row.get("band"):
        return ""
    item = measures.found(row["instrument"])
    named = measures.words(item).bands if item is not None else {}
    return str(named.get(row["band"], row["band"])).lower()


def _notes(row: Mapping[str, Any]) -> list[str]:
    """What limits a result."""
    result = row["result"]
    if result is None:
        return []
    if result["missing"]:
        return [_("No standard score: %(why)s.") % {"why": norm_words.MISSING[result["missing"]]}]
    notes = []
    if result["any_sex"]:
        notes.append(_("Norms of everybody: the table has none of this sex alone."))
    if result.get("any_education"):
        notes.append(_("Norms of any education: the table has none of these years alone."))
    if result["reliability"] is None:
        notes.append(_("No interval: the table gives no reliability."))
    return notes


def _asked(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of which table, of which day and age a result is."""
    version = row["version"]
    if version is None:
        return []
    table = _("%(title)s, version %(n)s") % {"title": version["title"], "n": version["number"]}
    years = row.get("education")
    taught = [] if years is None else [(_("Years of education"), str(years))]
    return [
        (_("Table"), table), (_("Source"), f"{version['source']} ({version['year']})"),
        (_("Whom it is about"), version["population"]), (_("Raw score"), number(row["raw"], 2)),
        (_("Norms of"), sex(row["sex"])), (_("Age on the day"), age(row["age"])), *taught,
    ]  # fmt: skip


def _how(
    row: Mapping[str, Any], kind: norms.Kind, places: int, how: str, level: float
) -> list[tuple[str, str]]:
    result, version, spread = row["result"], row["version"], row["interval"]
    line, steps = result["row"], _asked(row)
    steps.append((_("Line of the file"), _line(line, result["kind"])))
    if result["kind"] == "group":
        steps.append(("z", f"({number(row['raw'], 2)} − {number(line['mean'], 2)}) / "
                           f"{number(line['sd'], 2)} = {number(result['z'], 2)}"))  # fmt: skip
    mean, sd = norms.SCALES[kind]
    if result["kind"] in ("group", "percentile"):
        steps.append(("T", f"50 + 10 × {number(result['z'], 2)} = {number(row['value'])}"))
    by = _("stands in the table") if result["from_table"] else _("by the normal curve from z = "
                                                                 "%(z)s")  # fmt: skip
    steps.append((_("Percentile"), f"{percent(result['percentile'])}, "
                                   f"{by % {'z': number(result['z'], 2)}}"))  # fmt: skip
    if spread is not None:
        steps += _interval(result, spread, (mean, sd, places), how, level)
    if row["word"]:
        steps.append((_("Source of the words"), version["words_source"]))
    return steps


def _line(line: Mapping[str, Any], kind: str) -> str:
    ages = " – ".join(age(months) for months in line["ages"])
    about = {"n": line["line"], "sex": sex(line["sex"]), "ages": ages}
    where = _("%(n)s: %(sex)s, age %(ages)s") % about
    if "education" in line:
        years = "{} – {}".format(*line["education"])
        where = _("%(line)s, %(years)s years of education") % {"line": where, "years": years}
    if kind == "group":
        return where
    low, high = line["raws"]
    span = number(low, 2) if low == high else f"{number(low, 2)} – {number(high, 2)}"
    return f"{where}, {span} → {number(line['value'], 2)}"


def _interval(
    result: Mapping[str, Any], spread: norms.Interval, scale: tuple[float, float, int], how: str,
    level: float,
) -> list[tuple[str, str]]:  # fmt: skip
    mean, sd, places = scale
    r = result["reliability"]
    reach = f"{number(spread.around, places)} ± {number(norms.critical(level), 2)} × "
    ends = f"{number(spread.low, places)} – {number(spread.high, places)}"
    text = f"{reach}{number(spread.error, 2)} = {ends}"
    if how == "true":
        value = standing.value_of(result)
        middle = (_("Estimated true score"),
                  f"{number(mean)} + {number(r, 3)} × ({number(value, places)} − {number(mean)}) "
                  f"= {number(spread.around, places)}")  # fmt: skip
        error = (_("Standard error of estimation"),
                 f"{number(sd)} × √({number(r, 3)} × (1 − {number(r, 3)})) "
                 f"= {number(spread.error, 2)}")  # fmt: skip
        return [middle, error, (level_said(level), text)]
    error = (_("Standard error of measurement"),
             f"{number(sd)} × √(1 − {number(r, 3)}) = {number(spread.error, 2)}")  # fmt: skip
    return [error, (level_said(level), text)]


def level_said(level: float) -> str:
    """The confidence of an interval."""
    return _("%(n)s %% interval") % {"n": number(level * 100)}


def how_said(how: str) -> str:
    """Around what the intervals lie."""
    if how == "true":
        return _("Intervals lie around the estimated true score.")
    return _("Intervals lie around the observed score.")


@dataclass(frozen=True)
class Apart:
    """Two scales of one person beside each other, as T scores.

    Attributes:
        rate: how many of the norm sample lie so far apart; "" where the table says nothing of it.
    """

    one: str
    other: str
    points: str
    error: str
    p: str
    beyond: bool
    rate: str


def apart(rows: Sequence[Mapping[str, Any]], pairs: Sequence[Sequence[str]]) -> list[Apart]:
    """Differences that were chosen to be shown, as far as they can still be judged."""
    by_key = {row["key"]: row for row in rows}
    chosen = [tuple(pair) for pair in pairs]
    found = []
    for first, second in rules.pairs_of(rows):
        if (first, second) not in chosen:
            continue
        one, other = by_key[first], by_key[second]
        d = standing.apart(one["result"], other["result"])
        if d is not None:
            p = f"< {number(0.001, 3)}" if d.p < 0.001 else number(d.p, 3)
            found.append(Apart(one["scale"], other["scale"], number(d.points), number(d.error, 2),
                               p, d.p < 0.05, _rate(one, other)))  # fmt: skip
    return found


def _rate(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How many have two scales at least so far apart, by the table's own standard score."""
    known = [*one.get("apart", []), *other.get("apart", [])]
    steps = rates.between(known, one["scale"], other["scale"])
    if not steps:
        return ""
    points = standing.value_of(one["result"]) - standing.value_of(other["result"])
    found = rates.look_up(steps, points)
    if found is None:
        return "–"
    share = number(found.percent, 1)
    return f"{share} %" if found.exact else _("at most %(n)s %%") % {"n": share}


def rated(found: Sequence[Apart]) -> bool:
    """Whether the table says of any difference how often it is found."""
    return any(one.rate for one in found)


def of_differences(*, rated: bool) -> list[str]:
    """What to know of differences: of chance, and of how often they are found.

    Args:
        rated: whether the table says how often.
    """
    chance = _("The smaller p, the less chance alone would make scales lie so far apart.")
    if not rated:
        return [chance, _("How often such a difference is found among people, the table does not "
                          "say.")]  # fmt: skip
    return [chance, _("The share is of those in the norm sample whose two scales lie at least so "
                      "far apart, whichever is higher; “at most” where the table has no line for "
                      "just this difference, a dash where its smallest is larger.")]  # fmt: skip


@dataclass(frozen=True)
class Critical:
    """Answers of one questionnaire that somebody has to look at."""

    test: str
    sheet: str
    answers: list[tuple[str, str]]


def critical(found: Iterable[Mapping[str, Any]]) -> list[Critical]:
    """The same with the words of questions and answers, where they are here."""
    made = []
    for one in found:
        item = measures.found(one["instrument"], one["version"])
        said = measures.words(item) if item is not None else None
        labels = {q.key: q.labels for q in item.content.items} if item is not None else {}
        answers = []
        for key, answer in one["answers"].items():
            text = said.items.get(key, key) if said is not None else key
            label = said.labels.get(labels.get(key, ""), {}) if said is not None else {}
            answers.append((text, label.get(str(answer), str(answer))))
        made.append(Critical(measures.short(one["instrument"]), one["sheet"], answers))
    return made
