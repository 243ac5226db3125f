"""The same figures as ``rules.grouped`` makes row by row, asked of an extract in columns."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from fractions import Fraction
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rapport.science import talking_therapies as nhs

from ..extract import questions
from ..extract.engines import Engine
from ..extract.questions import JUDGED, KINDS, NEVER
from ..extract.tables import WHOLE, Columns
from . import rules

Groups = dict[str, rules.Tally]


def grouped(
    engine: Engine, columns: Columns, *, asked: questions.Asked, judge: rules.Judge, me: str
) -> tuple[rules.Tally, rules.Tally, Groups]:
    """Everybody, one's own, and each group, as ``rules.grouped`` gives them.

    Args:
        me: the staff id whose own clients are counted apart; empty: nobody's.
    """
    known = columns.clinicians.to_pylist()
    staff = {one["responsible"]: one["staff"] for one in known}
    ends = columns.ends.to_pylist()

    def of(number: int) -> list[dict[str, Any]]:
        return [one for one in ends if one["instrument"] == columns.name(number)]

    own = of(asked.instrument)
    judged = engine.put("judged", _judged(own, judge))
    treated = None
    if asked.pair is not None:
        one, other = (of(number) for number in asked.pair)
        treated = _treated(engine, one, other)
    scale = 1 if all(end["total"] % WHOLE == 0 for end in own) else WHOLE
    rows = engine.answer(questions.sums(engine.tables, asked, judged, treated))
    made = _Made({number for number, who in staff.items() if who == me}, asked.by)
    for group, mine, row in _by_group(rows, made.me):
        more = _tally(row, scale)
        if treated is not None:
            more.judge(_service(row))
        made.add(group, more, mine=mine)
    named = (rows[name].to_pylist() for name in ("group", "responsible", "paired"))
    for group, number, paired in zip(*named, strict=True):
        if paired:
            made.say_whose(group, number, staff[number], paired)
    return made.whole, made.mine, made.groups


def pairs(
    engine: Engine, columns: Columns, *, asked: questions.Asked, judge: rules.Judge
) -> Iterator[tuple[str, str, float, bool]]:
    """Of each client with two scores that can be compared: whose, problem, first score, better.

    Raises:
        rules.Unjudged: nobody published for this measure what a reliable change is.
    """
    staff = {one["responsible"]: one["staff"] for one in columns.clinicians.to_pylist()}
    name = columns.name(asked.instrument)
    own = [one for one in columns.ends.to_pylist() if one["instrument"] == name]
    judged = engine.put("judged", _judged(own, judge))
    rows = engine.answer(questions.pairs(engine.tables, asked, judged)).to_pylist()
    for row in rows:
        if row["class_"] is None:
            raise rules.Unjudged
        points = row["first_total"] / WHOLE
        better = row["class_"] in rules.BETTER
        yield staff[row["responsible"]], row["problem"], points, better


MEASURES = (nhs.PHQ_9, nhs.GAD_7)


class _Made:
    """Adds up what a group and a clinician came to."""

    def __init__(self, me: set[int], by: str) -> None:
        self.whole, self.mine, self.groups = rules.Tally(), rules.Tally(), Groups()
        self.me, self._by = me, by

    def _of(self, group: str, *, mine: bool) -> Iterator[rules.Tally]:
        yield self.whole
        if mine:
            yield self.mine
        if self._by and (self._by != "band" or group):  # without a first score no band
            yield self.groups.setdefault(group, rules.Tally())

    def add(self, group: str, more: rules.Tally, *, mine: bool) -> None:
        for tally in self._of(group, mine=mine):
            tally.merge(more)

    def say_whose(self, group: str, number: int, who: str, pairs: int) -> None:
        for tally in self._of(group, mine=number in self.me):
            tally.whose[who] += pairs


def _by_group(rows: pa.Table, me: set[int]) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """What the rows of a group's clinicians come to, one's own apart."""
    mine = pc.is_in(rows["responsible"], pa.array(sorted(me), pa.int32()))
    names = [name for name in rows.column_names if name not in ("group", "responsible")]
    added = rows.append_column("mine", mine).group_by(["group", "mine"])
    for row in added.aggregate([(name, "sum") for name in names]).to_pylist():
        yield row["group"], row["mine"], {name: row[f"{name}_sum"] or 0 for name in names}


def _tally(row: dict[str, Any], scale: int) -> rules.Tally:
    def whole(value: int, power: int) -> Any:
        """Of thousandths, or of their products."""
        return value // WHOLE**power if scale == 1 else Fraction(value, WHOLE**power)

    found = rules.Tally(
        clients=row["clients"], paired=row["paired"], apart=row["apart"],
        prorated=row["prorated"], first=whole(row["first"], 1), last=whole(row["last"], 1),
        first_squares=whole(row["first_squares"], 2), last_squares=whole(row["last_squares"], 2),
        products=whole(row["products"], 2),
    )  # fmt: skip
    found.classes.update({name: row[name] for name in questions.CLASSES if row[name]})
    return found


def _end(row: Mapping[str, Any], place: str) -> rules.End:
    """An end as an extract keeps it. Which sheet it was is not kept: the first is not the last."""
    points = row["total"] / WHOLE
    return rules.End(
        sheet=place, total=int(points) if points.is_integer() else points,
        form=(row["version"], row["language"]), band=row["band"], prorated=row["prorated"],
        clinical=row["clinical"],
    )  # fmt: skip


def _judged(ends: list[dict[str, Any]], judge: rules.Judge) -> pa.Table:
    """Each pair of ends that may be compared, and what became of it."""
    rows = []
    for one, other in product(ends, repeat=2):
        if (one["version"], one["language"]) != (other["version"], other["language"]):
            continue
        first, last = _end(one, "first"), _end(other, "last")
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
    known, rows = list[nhs.Scores](), []
    nobody: dict[str, Any] = {"end": NEVER}
    for one, other in product([nobody, *ends], repeat=2):
        first = _end(one, "first") if one is not nobody else None
        last = _end(other, "last") if other is not nobody else None
        scores = rules.scores(first, last)
        kind = nhs.kind(measure, scores)
        if kind not in numbers:
            numbers[kind] = len(known)
            known.append(scores)
        rows.append({"first": one["end"], "last": other["end"], "kind": numbers[kind]})
    return pa.Table.from_pylist(rows, schema=KINDS), known


def _treated(
    engine: Engine, one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> questions.Treated:
    """Tables by which an episode is judged: kinds of either pair of ends, then the verdict."""
    (low, lows), (fear, fears) = (
        _kinds(ends, measure) for ends, measure in zip((one, other), MEASURES, strict=True)
    )
    rows = [
        {"one": a, "other": b, "completed": done} | _numbers(_single(x, y, done=done))
        for (a, x), (b, y) in product(enumerate(lows), enumerate(fears))
        for done in (False, True)
    ]
    return questions.Treated(
        engine.put("kinds_of_one", low), engine.put("kinds_of_other", fear),
        engine.put("verdicts", _small(pa.Table.from_pylist(rows))),
        tuple(_numbers(_single(lows[0], fears[0], done=False))), nhs.LEAST_CONTACTS,
    )  # fmt: skip


def _small(table: pa.Table) -> pa.Table:
    """Its numbers in 32 bits, which are added up faster."""
    types = [pa.int32() if one.type == pa.int64() else one.type for one in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, types, strict=True))))


def _single(low: nhs.Scores, fear: nhs.Scores, *, done: bool) -> nhs.Service:
    contacts = nhs.LEAST_CONTACTS if done else 0
    return nhs.service([nhs.Episode(contacts, depression=low, anxiety=fear)])


def _numbers(service: nhs.Service) -> dict[str, int]:
    """A service as whole numbers that may be added up."""
    found = {}
    for each in fields(nhs.Service):
        value = getattr(service, each.name)
        if isinstance(value, nhs.Rate):
            found[f"{each.name}_of"] = value.denominator
            value = value.numerator
        found[f"{each.name}_is"] = value
    return found


def _service(row: dict[str, Any]) -> nhs.Service:
    """The service that such numbers, added up, tell of."""
    made: dict[str, Any] = {}
    for each in fields(nhs.Service):
        number = row[f"{each.name}_is"]
        of = row.get(f"{each.name}_of")
        made[each.name] = number if of is None else nhs.Rate(number, of)
    return nhs.Service(**made)
