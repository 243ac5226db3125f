"""The service view's question, as one expression that every engine answers alike.

Sums of whole numbers alone: no engine adds fractions in its own order, so DuckDB on a laptop
and Spark on a hundred machines say the same to the last digit. Rates, intervals and effects are
made of these sums afterwards, by ``rapport.science``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from rapport.science.change import Class

from .tables import MOST_ENDS

CLASSES: tuple[Class, ...] = ("recovered", "improved", "unchanged", "deteriorated")
NEVER = -1  # the end of an episode that has none


@dataclass(frozen=True)
class Asked:
    """Which episodes, and how they are told apart.

    Attributes:
        since, until: the first and the last day on which an episode ended, in ``tables.days``.
        instrument: its number in ``scores``.
        problem, modality, band: that one alone; empty: all.
        by: the column groups are made by; empty: no groups.
        pair: numbers of two more instruments, of which complete sheets alone count; or none.
    """

    since: int
    until: int
    instrument: int
    problem: str = ""
    modality: str = ""
    band: str = ""
    by: str = ""
    pair: tuple[int, int] | None = None


JUDGED = pa.schema([
    ("first", pa.int32()), ("last", pa.int32()),  # rows of ENDS
    ("comparable", pa.bool_()),
    ("prorated", pa.bool_()),
    ("first_total", pa.int64()), ("last_total", pa.int64()),
    ("class_", pa.string()),  # of CLASSES; null: nobody published what a reliable change is
])  # fmt: skip
KINDS = pa.schema([("first", pa.int32()), ("last", pa.int32()), ("kind", pa.int32())])
"""For one of the pair: what its two ends come to, as a number of the caller's."""


@dataclass(frozen=True)
class Treated:
    """What the rules about a pair of questionnaires need, as tables of the engine.

    Attributes:
        one, other: kinds of two ends, as KINDS says.
        verdicts: by ``one``, ``other`` and ``completed``: whole numbers to be added up.
        names: those numbers' columns.
        contacts: from so many sessions kept an episode is completed.
    """

    one: Any
    other: Any
    verdicts: Any
    names: tuple[str, ...]
    contacts: int


def ended(tables: Mapping[str, Any], asked: Asked) -> Any:
    """One row for each client: their latest episode that ended in the range, with its ends.

    Columns: problem, modality, responsible, contacts, first, last, band, and with a pair
    one_first, one_last, other_first, other_last; an end that is not there is NEVER, and so is
    the last one where there is but one sheet.
    """
    range_ = tables["episodes"].filter(_.closed >= asked.since, _.closed <= asked.until)
    latest = range_.group_by("client").agg(order=_.order.max())
    mine, scores = range_.semi_join(latest, "order"), tables["scores"]
    numbers = [asked.instrument, *(asked.pair or ())]
    some = scores.filter(_.instrument.isin(sorted(set(numbers))))
    within = mine.select("order", "client", "opened", "closed").join(some, "client")
    within = within.select("order", "opened", "closed", "instrument", "day", "complete", "at")
    within = within.filter(_.day >= _.opened, _.day <= _.closed)
    own = within.instrument == asked.instrument
    ends = {"first_at": within.at.min(where=own), "last_at": within.at.max(where=own)}
    for name, number in zip(("one", "other"), asked.pair or (), strict=False):
        whole = (within.instrument == number) & within.complete
        ends[f"{name}_first_at"] = within.at.min(where=whole)
        ends[f"{name}_last_at"] = within.at.max(where=whole)
    kept = ("problem", "modality", "responsible", "contacts")
    both = mine.left_join(within.group_by("order").agg(**ends), "order").select(*kept, *ends)
    read = {}
    for name in (name.removesuffix("first_at") for name in ends if name.endswith("first_at")):
        first, last = both[f"{name}first_at"], both[f"{name}last_at"]
        read[f"{name}first"] = _end(first)
        read[f"{name}last"] = _end(last.nullif(first))  # one sheet is no two ends
    found = both.mutate(**read)
    bands = tables["ends"].select("end", "band")
    found = found.left_join(bands, [("first", "end")]).select(*kept, *read, "band")
    found = found.mutate(band=_.band.fill_null(""))
    for name in ("problem", "modality", "band"):
        if wanted := getattr(asked, name):
            found = found.filter(found[name] == wanted)
    return found


def _end(at: Any) -> Any:
    """The row of ENDS in the low bits of a place in time."""
    return (at % MOST_ENDS).fill_null(NEVER).cast("int32")


def sums(
    tables: Mapping[str, Any], asked: Asked, judged: Any, treated: Treated | None = None
) -> Any:
    """For each group and clinician: clients, pairs, sums of their totals, classes, verdicts.

    Args:
        judged: what each pair of ends is, as JUDGED says.
    """
    pairs = _judged(ended(tables, asked), judged)
    verdicts = {}
    if treated is not None:
        pairs = _with_verdicts(pairs, treated)
        verdicts = {name: pairs[name].sum() for name in treated.names}
    twice = pairs.last != NEVER
    comparable = pairs.comparable.fill_null(False)
    paired = twice & comparable
    f, l = pairs.first_total, pairs.last_total  # noqa: E741
    classes = {name: (paired & (pairs.class_ == name).fill_null(False)).sum() for name in CLASSES}
    prorated = pairs.prorated.fill_null(False)
    group = pairs[asked.by] if asked.by else ibis.literal("")
    return pairs.group_by([group.name("group"), pairs.responsible]).agg(
        clients=pairs.count(), paired=paired.sum(), apart=(twice & ~comparable).sum(),
        prorated=(paired & prorated).sum(),
        first=f.sum(where=paired), last=l.sum(where=paired),
        first_squares=(f * f).sum(where=paired), last_squares=(l * l).sum(where=paired),
        products=(f * l).sum(where=paired), **classes, **verdicts,
    )  # fmt: skip


def pairs(tables: Mapping[str, Any], asked: Asked, judged: Any) -> Any:
    """Each client's two ends that can be compared: responsible, problem, first_total, class_."""
    found = _judged(ended(tables, asked), judged).filter(_.last != NEVER, _.comparable)
    return found.select("responsible", "problem", "first_total", "class_")


def _judged(found: Any, judged: Any) -> Any:
    these = judged.rename(of_first="first", of_last="last")
    pairs = found.left_join(these, [("first", "of_first"), ("last", "of_last")])
    return pairs.drop("of_first", "of_last")


def _with_verdicts(found: Any, treated: Treated) -> Any:
    for name, known in (("one", treated.one), ("other", treated.other)):
        these = known.rename({name: "kind", "of_first": "first", "of_last": "last"})
        at = [(f"{name}_first", "of_first"), (f"{name}_last", "of_last")]
        found = found.left_join(these, at).drop("of_first", "of_last")
    found = found.mutate(completed=_.contacts >= treated.contacts)
    these = treated.verdicts.rename(of_one="one", of_other="other", of_all="completed")
    at = [("one", "of_one"), ("other", "of_other"), ("completed", "of_all")]
    return found.left_join(these, at).drop("of_one", "of_other", "of_all")
