"""The same figures as ``rules.grouped`` makes row by row, asked of an extract in columns."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import product
from typing import Any

import pyarrow as pa

from rapport.science import talking_therapies as nhs

from ..extract import questions
from ..extract.engines import Engine
from ..extract.questions import JUDGED, KINDS, NEVER
from ..extract.tables import Columns
from . import rules
from .rules import WHOLE

Groups = dict[str, rules.Tally]


def grouped(
    engine: Engine, columns: Columns, *, asked: questions.Asked, judge: rules.Judge, me: str
) -> tuple[rules.Tally, rules.Tally, Groups]:
    """Everybody, one's own, and each group, as ``rules.grouped`` gives them.

    Args:
        me: the staff id whose own clients are counted apart; empty: nobody's.
    """
    staff = dict(zip(*(columns.clinicians[name].to_pylist() for name in ("responsible", "staff")),
                     strict=True))  # fmt: skip
    ends = [one for one in columns.ends.to_pylist()]
    name = columns.instruments[asked.instrument]
    own = [one for one in ends if one["instrument"] == name]
    judged = engine.put("judged", _judged(own, judge))
    made = _Made(me, asked.by)
    for row in engine.answer(questions.sums(engine.tables, asked, judged)).to_pylist():
        made.add(row["group"], staff[row["responsible"]], _tally(row, staff, _scale(own)))
    if asked.pair is not None:
        tables, known = [], []
        for label, number, measure in zip(("one", "other"), asked.pair, MEASURES, strict=True):
            theirs = [e for e in ends if e["instrument"] == columns.instruments[number]]
            table, kinds = _kinds(theirs, measure)
            tables.append(engine.put(f"kinds_of_{label}", table))
            known.append(kinds)
        question = questions.kinds(engine.tables, asked, *tables, contacts=nhs.LEAST_CONTACTS)
        for row in engine.answer(question).to_pylist():
            made.judge(row["group"], staff[row["responsible"]], _service(row, known))
    return made.whole, made.mine, made.groups


MEASURES = (nhs.PHQ_9, nhs.GAD_7)


class _Made:
    """Adds up what a group and a clinician came to."""

    def __init__(self, me: str, by: str) -> None:
        self.whole, self.mine, self.groups = rules.Tally(), rules.Tally(), Groups()
        self._me, self._by = me, by

    def _of(self, group: str, staff: str) -> Iterator[rules.Tally]:
        yield self.whole
        if staff == self._me:
            yield self.mine
        if self._by and (self._by != "band" or group):  # without a first score no band
            yield self.groups.setdefault(group, rules.Tally())

    def add(self, group: str, staff: str, more: rules.Tally) -> None:
        for tally in self._of(group, staff):
            tally.merge(more)

    def judge(self, group: str, staff: str, more: nhs.Service) -> None:
        for tally in self._of(group, staff):
            tally.judge(more)


def _scale(ends: Iterable[dict[str, Any]]) -> int:
    """By what sums of totals are divided: nothing, where every total is a whole number."""
    return WHOLE if any(one["total"] % WHOLE for one in ends) else 1


def _tally(row: dict[str, Any], staff: dict[int, str], scale: int) -> rules.Tally:
    def whole(value: int | None, power: int) -> Any:
        """Of thousandths, or of their products."""
        points = (value or 0), WHOLE**power
        return points[0] // points[1] if scale == 1 else points[0] / points[1]

    classes = {name: row[name] or 0 for name in questions.CLASSES}
    found = rules.Tally(
        clients=row["clients"], paired=row["paired"] or 0, apart=row["apart"] or 0,
        prorated=row["prorated"] or 0, first=whole(row["first"], 1), last=whole(row["last"], 1),
        first_squares=whole(row["first_squares"], 2), last_squares=whole(row["last_squares"], 2),
        products=whole(row["products"], 2),
    )  # fmt: skip
    found.classes.update({name: n for name, n in classes.items() if n})
    if found.paired:
        found.whose[staff[row["responsible"]]] += found.paired
    return found


def _judged(ends: list[dict[str, Any]], judge: rules.Judge) -> pa.Table:
    """Each pair of ends that may be compared, and what became of it."""
    rows = []
    for one, other in product(ends, repeat=2):
        if (one["version"], one["language"]) != (other["version"], other["language"]):
            continue
        first, last = rules.End.of(one, "first"), rules.End.of(other, "last")
        reliable = judge.reliable(first.total, last.total)
        rows.append({
            "first": one["end"], "last": other["end"], "comparable": True,
            "prorated": first.prorated or last.prorated,
            "first_total": one["total"], "last_total": other["total"],
            "class_": rules.classed(first, last, better=judge.better, reliable=reliable),
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=JUDGED)


def _kinds(ends: list[dict[str, Any]], measure: nhs.Measure) -> tuple[pa.Table, list[nhs.Scores]]:
    """The kind of each pair of ends, and for each kind scores that are judged as all of it are."""
    numbers: dict[nhs.Kind, int] = {}
    known, rows = [], []
    nobody: dict[str, Any] = {"end": NEVER}
    for one, other in product([nobody, *ends], repeat=2):
        first = rules.End.of(one, "first") if one is not nobody else None
        last = rules.End.of(other, "last") if other is not nobody else None
        scores = rules.scores(first, last)
        kind = nhs.kind(measure, scores)
        if kind not in numbers:
            numbers[kind] = len(known)
            known.append(scores)
        rows.append({"first": one["end"], "last": other["end"], "kind": numbers[kind]})
    return pa.Table.from_pylist(rows, schema=KINDS), known


def _service(row: dict[str, Any], known: list[list[nhs.Scores]]) -> nhs.Service:
    """What so many episodes of one kind come to."""
    low, fear = known[0][row["one"]], known[1][row["other"]]
    contacts = nhs.LEAST_CONTACTS if row["completed"] else 0
    single = nhs.service([nhs.Episode(contacts, depression=low, anxiety=fear)])
    many, n = dict[str, Any](), row["episodes"]
    for each in fields(nhs.Service):
        value = getattr(single, each.name)
        many[each.name] = (
            nhs.Rate(value.numerator * n, value.denominator * n)
            if isinstance(value, nhs.Rate)
            else value * n
        )
    return nhs.Service(**many)
