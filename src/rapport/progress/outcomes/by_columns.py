"""The same figures as ``rules.grouped`` makes row by row, asked of an extract in columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rapport.science import talking_therapies as nhs

from ..extract import questions
from ..extract.engines import Engine
from ..extract.questions import JUDGED, KINDS, NEVER, named
from ..extract.tables import NONE, WHOLE, Columns
from . import anxiety, rules

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

    own, measures = of(asked.instrument), {one.id: one for _about, one in anxiety.INSTEAD}
    mine = {number for number, who in staff.items() if who == me}
    asked = _with_means(replace(asked, me=next(iter(mine), NONE)), own, judge)
    engine.put("asked", asked.values)
    engine.put("judged", _judged(own, judge))
    treated = None
    if asked.pair is not None:
        treated = _treated(engine, [
            (name, measures.get(columns.name(number), nhs.GAD_7), of(number))
            for name, number in named(asked)
        ])  # fmt: skip
    scale = 1 if all(end["total"] % WHOLE == 0 for end in own) else WHOLE
    reasons = (rules.PLANNED, rules.DROPPED)
    rows = engine.answer(questions.sums(asked.shape, reasons, treated))
    made = _Made(mine, asked.by)
    for group, theirs, row in _by_group(rows, mine):
        more = _tally(row, scale)
        if treated is not None:
            more.judge(_service(row))
        made.add(group, more, mine=theirs)
    counts = (rows[name].to_pylist() for name in ("group", "responsible", "clients", "paired"))
    for group, number, clients, paired in zip(*counts, strict=True):
        made.say_whose(group, number, staff[number], clients, paired)
    for row in engine.answer(questions.waits(asked.shape)).to_pylist():
        made.say_waited(row)
    return made.whole, made.mine, made.groups


def pairs(
    engine: Engine, columns: Columns, *, asked: questions.Asked, judge: rules.Judge
) -> Iterator[tuple[str, str, float, float, bool]]:
    """Of each client with two scores that can be compared: whose, problem, both scores, better.

    Raises:
        rules.Unjudged: nobody published for this measure what a reliable change is.
    """
    staff = {one["responsible"]: one["staff"] for one in columns.clinicians.to_pylist()}
    name = columns.name(asked.instrument)
    own = [one for one in columns.ends.to_pylist() if one["instrument"] == name]
    asked = _with_means(asked, own, judge)
    engine.put("asked", asked.values)
    engine.put("judged", _judged(own, judge))
    rows = engine.answer(questions.pairs(asked.shape)).to_pylist()
    for row in rows:
        if row["class_"] is None:
            raise rules.Unjudged
        first, last = row["first_total"] / WHOLE, row["last_total"] / WHOLE
        better = row["class_"] in rules.BETTER
        yield staff[row["responsible"]], row["problem"], first, last, better


class _Made:
    """Adds up what a group and a clinician came to."""

    def __init__(self, me: set[int], by: str) -> None:
        self.whole, self.mine = rules.Tally(), rules.Tally()
        self.groups: Groups = defaultdict(rules.Tally)
        self._me, self._by = me, by

    def _of(self, group: str, *, mine: bool) -> Iterator[rules.Tally]:
        yield self.whole
        if mine:
            yield self.mine
        if rules.in_group(self._by, group):
            yield self.groups[group]

    def add(self, group: str, more: rules.Tally, *, mine: bool) -> None:
        for tally in self._of(group, mine=mine):
            tally.merge(more)

    def say_whose(self, group: str, number: int, who: str, clients: int, pairs: int) -> None:
        for tally in self._of(group, mine=number in self._me):
            tally.whom[who] += clients
            if pairs:
                tally.whose[who] += pairs

    def say_waited(self, row: dict[str, Any]) -> None:
        for tally in self._of(row["group"], mine=row["mine"]):
            if row["wait"] is None:
                tally.unknown[row["unknown"]] += row["n"]
            else:
                tally.waits[row["wait"]] += row["n"]


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
        clients=row["clients"], said=row["said"], planned=row["planned"], dropped=row["dropped"],
        paired=row["paired"], apart=row["apart"],
        prorated=row["prorated"], first=whole(row["first"], 1), last=whole(row["last"], 1),
        first_squares=whole(row["first_squares"], 2), last_squares=whole(row["last_squares"], 2),
        products=whole(row["products"], 2), **{name: row[name] for name in questions.GOALS},
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


NOBODY: dict[str, Any] = {"end": NEVER}  # the end that is not there


def _with_means(
    asked: questions.Asked, ends: list[dict[str, Any]], judge: rules.Judge
) -> questions.Asked:
    """The same, saying from how far apart on means of two are told from error."""
    if judge.means is None:
        return asked
    highest = max((end["total"] for end in ends), default=0) / WHOLE + 1
    return replace(asked, means=judge.least(highest), lower=judge.better == "lower")


def _judged(ends: list[dict[str, Any]], judge: rules.Judge) -> pa.Table:
    """What became of each pair of ends, where they may be compared."""
    rows = []
    for one, other in product([NOBODY, *ends], repeat=2):
        row = {"pair": questions.pair(one["end"], other["end"]), "comparable": False,
               "prorated": False, "first_total": 0, "last_total": 0, "class_": None,
               "crossed": False, **dict.fromkeys(questions.GOALS, False)}  # fmt: skip
        if NOBODY not in (one, other) and _form(one) == _form(other):
            first, last = _end(one, "first"), _end(other, "last")
            row |= {
                "comparable": True, "prorated": first.prorated or last.prorated,
                "first_total": one["total"], "last_total": other["total"],
                "class_": judge.classed(first, last),
                "crossed": bool(judge.clinical(first)) and judge.clinical(last) is False,
                **dict(zip(questions.GOALS, judge.reached(first, last), strict=True)),
            }  # fmt: skip
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=JUDGED)


def _form(end: dict[str, Any]) -> tuple[Any, ...]:
    return end["version"], end["language"]


class _Kinds:
    """Kinds of pairs of ends, numbered, each with a measure and scores judged as all of it are."""

    def __init__(self) -> None:
        self.known: list[tuple[nhs.Measure, nhs.Scores]] = []
        self._numbers: dict[nhs.Kind, int] = {}

    def of(
        self, ends: list[dict[str, Any]], measure: nhs.Measure, *, instead: bool = False
    ) -> list[dict[str, int]]:
        """The number of each pair's kind; ``instead``: of those alone that can be compared."""
        rows = []
        for one, other in product(ends if instead else [NOBODY, *ends], repeat=2):
            if instead and _form(one) != _form(other):
                continue
            first = _end(one, "first") if one is not NOBODY else None
            last = _end(other, "last") if other is not NOBODY else None
            number = self._number(measure, rules.scores(first, last))
            rows.append({"pair": questions.pair(one["end"], other["end"]), "kind": number})
        return rows

    def _number(self, measure: nhs.Measure, scores: nhs.Scores) -> int:
        kind = nhs.kind(measure, scores)
        if kind not in self._numbers:
            self._numbers[kind] = len(self.known)
            self.known.append((measure, scores))
        return self._numbers[kind]


Measured = tuple[str, nhs.Measure, list[dict[str, Any]]]
"""A name for its tables, how it is judged, and its ends."""


def _treated(engine: Engine, given: list[Measured]) -> questions.Treated:
    """Tables by which an episode is judged: kinds of either pair of ends, then the verdict."""
    lows, fears = _Kinds(), _Kinds()
    (one, _one, low), *others = given
    kinds = {one: lows.of(low, nhs.PHQ_9)}
    for n, (name, measure, ends) in enumerate(others):
        kinds[name] = fears.of(ends, measure, instead=bool(n))
    cases = product(lows.known, fears.known, (False, True))
    rows = [{"case": case} | _verdict(x[1], *y, done=done)
            for case, (x, y, done) in enumerate(cases)]  # fmt: skip
    for name, found in kinds.items():  # numbered so that a case is its kinds added up
        step = 2 * len(fears.known) if name == one else 2
        table = [row | {"kind": step * row["kind"]} for row in found]
        engine.put(f"kinds_of_{name}", pa.Table.from_pylist(table, schema=KINDS))
    treated = questions.Treated(tuple(rows[0])[1:], nhs.LEAST_CONTACTS)
    engine.put("verdicts", pa.Table.from_pylist(rows, schema=treated.verdicts))
    return treated


@lru_cache(maxsize=4096)
def _verdict(
    low: nhs.Scores, measure: nhs.Measure, fear: nhs.Scores, *, done: bool
) -> dict[str, int]:
    """What one episode adds to the service's numbers."""
    contacts = nhs.LEAST_CONTACTS if done else 0
    episode = nhs.Episode(contacts, depression=low, anxiety=fear, anxiety_measure=measure)
    return _numbers(nhs.service([episode]))


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
