"""The service view's question, as one expression that every engine answers alike.

Sums of whole numbers alone: no engine adds fractions in its own order, so DuckDB on a laptop
and Spark on a hundred machines say the same to the last digit. Rates, intervals and effects are
made of these sums afterwards, by ``rapport.science``.

An expression names tables and holds none of them, and what changes from view to view (days, and
what is filtered by) stands in one of them. So an expression is made once, and stated once.
"""

from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from rapport.science.change import Class

from .tables import ENDS, EPISODES, MOST_ENDS, NONE, SCORES

CLASSES: tuple[Class, ...] = ("recovered", "improved", "unchanged", "deteriorated")
GOALS = ("began", "responded", "remitted")
NEVER = -1  # the end of an episode that has none
Reasons = tuple[tuple[str, ...], tuple[str, ...]]
"""How care ended as planned, and how it was broken off, as ``tables.EPISODES`` says it."""


@dataclass(frozen=True)
class Asked:
    """Which episodes, and how they are told apart.

    Attributes:
        since, until: the first and the last day on which an episode ended, in ``tables.days``.
        instrument: its number in ``scores``.
        problem, modality, band: that one alone; empty: all.
        by: the columns groups are made by, with a blank between, as in the groups' names; empty:
            no groups.
        pair: numbers of two more instruments, of which complete sheets alone count; or none.
        means: from so many thousandths on the sum of the first two scores and that of the last
            two are told apart; 0: means are not asked for. lower: less is better.
        instead: by problem, the number of an instrument that takes the place of the second one
            where it was answered twice; the first that was counts.
        me: the number of the clinician whose own clients are counted apart; NONE: nobody's.
    """

    since: int
    until: int
    instrument: int
    problem: str = ""
    modality: str = ""
    band: str = ""
    by: str = ""
    pair: tuple[int, int] | None = None
    means: int = 0
    lower: bool = True
    instead: tuple[tuple[str, int], ...] = ()
    me: int = NONE

    @property
    def shape(self) -> "Asked":
        """The same without what stands in ``values``: all that an expression depends on."""
        problem, modality, band = (name if getattr(self, name) else "" for name in FILTERS)
        return replace(
            self, since=0, until=0, me=NONE, problem=problem, modality=modality, band=band,
            means=int(self.means > 0),
        )  # fmt: skip

    @property
    def values(self) -> pa.Table:
        """What it asks for, as the table "asked"."""
        row = {name: getattr(self, name) for name in ASKED.names}
        return pa.Table.from_pylist([row], schema=ASKED)


FILTERS = ("problem", "modality", "band")
PAIR = ("one", "other")
ASKED = pa.schema([
    ("since", pa.int32()), ("until", pa.int32()),
    ("problem", pa.string()), ("modality", pa.string()), ("band", pa.string()),
    ("means", pa.int64()),
    ("me", pa.int32()),
])  # fmt: skip
JUDGED = pa.schema([
    ("pair", pa.int64()),  # as ``pair`` says, of every two ends, one or both NEVER too
    ("comparable", pa.bool_()),
    ("prorated", pa.bool_()),
    ("first_total", pa.int64()), ("last_total", pa.int64()),
    ("class_", pa.string()),  # of CLASSES; null: nobody published what a reliable change is
    ("crossed", pa.bool_()),  # from the clinical range out of it
    *((name, pa.bool_()) for name in GOALS),
])  # fmt: skip
KINDS = pa.schema([("pair", pa.int64()), ("kind", pa.int32())])
"""For a questionnaire: what each pair of ends comes to, as a number of the caller's; of one that
may stand in for another, the pairs with which it does.
"""


@dataclass(frozen=True)
class Treated:
    """What the rules about two questionnaires need.

    With it go tables of kinds, "kinds_of_one", "kinds_of_other" and one for each of ``instead``,
    and "verdicts": whole numbers to be added up, by ``case``, which is both kinds added up and one
    more where an episode is completed.

    Attributes:
        names: those numbers' columns.
        contacts: from so many sessions kept an episode is completed.
    """

    names: tuple[str, ...]
    contacts: int

    @property
    def verdicts(self) -> pa.Schema:
        """Of that table; its numbers have 32 bits, which are added up faster."""
        return pa.schema([(name, pa.int32()) for name in ("case", *self.names)])


def _table(name: str, schema: pa.Schema) -> Any:
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def pair(first: Any, last: Any) -> Any:
    """Two ends as one number, which is looked up faster than two."""
    return (first + 1) * MOST_ENDS + last + 1


def named(asked: Asked) -> list[tuple[str, int]]:
    """The questionnaires that are judged together, each with the name its tables go by."""
    pair = zip(PAIR, asked.pair or (), strict=False)
    return [*pair, *((f"instead_{n}", number) for n, (_of, number) in enumerate(asked.instead))]


def _latest() -> Any:
    """One row of EPISODES for each client: their latest one that ended in the range."""
    wanted, episodes = _table("asked", ASKED), _table("episodes", EPISODES)
    since, until = wanted.since.as_scalar(), wanted.until.as_scalar()
    range_ = episodes.filter(_.closed >= since, _.closed <= until)
    latest = range_.group_by("client").agg(order=_.order.max())
    return range_.filter(_.order.isin(latest.order))  # no join: so it is made once, and read twice


def _only(found: Any, asked: Asked) -> Any:
    """Those that fit what is asked for."""
    wanted = _table("asked", ASKED)
    for name in FILTERS:
        if getattr(asked, name):
            found = found.filter(found[name] == wanted[name].as_scalar())
    return found


def _by_band(asked: Asked) -> bool:
    return bool(asked.band) or "band" in asked.by.split()


KEPT = ("problem", "modality", "responsible", "contacts", "reason", "wait", "unknown")


def _ended(asked: Asked) -> Any:
    """One row for each client: their latest episode that ended in the range, with its ends.

    Columns: KEPT, last, ends, and with a pair one_ends, other_ends and so on; band if asked for.
    An end that is not there is NEVER, and so is the last one where there is but one sheet;
    ``ends`` are both as one ``pair``. second and before where means are asked for.
    """
    mine, scores = _latest(), _table("scores", SCORES)
    judged = dict(named(asked))
    some = scores.filter(_.instrument.isin(sorted({asked.instrument, *judged.values()})))
    within = mine.select("order", "client", "opened", "closed").join(some, "client")
    within = within.select("order", "opened", "closed", "instrument", "day", "complete", "at")
    within = within.filter(_.day >= _.opened, _.day <= _.closed)
    own = within.instrument == asked.instrument
    ends = {"first_at": within.at.min(where=own), "last_at": within.at.max(where=own)}
    for name, number in judged.items():
        whole = (within.instrument == number) & within.complete
        ends[f"{name}_first_at"] = within.at.min(where=whole)
        ends[f"{name}_last_at"] = within.at.max(where=whole)
    both = mine.left_join(within.group_by("order").agg(**ends), "order")
    both = both.select("order", *KEPT, *ends)
    read: dict[str, Any] = {}
    if asked.means:
        both = _with_inner(both, within.filter(own).select("order", "at"))
        read = {name: _end(both[f"{name}_at"]) for name in ("second", "before")}
    for name in (name.removesuffix("first_at") for name in ends if name.endswith("first_at")):
        first, last = both[f"{name}first_at"], both[f"{name}last_at"]
        two = _end(first), _end(last.nullif(first))  # one sheet is no two ends
        read |= {f"{name}ends": pair(*two)} | ({} if name else {"first": two[0], "last": two[1]})
    found = both.mutate(**read)
    if _by_band(asked):
        bands = _table("ends", ENDS).select("end", "band")
        found = found.left_join(bands, [("first", "end")]).select(*KEPT, *read, "band")
        found = found.mutate(band=_.band.fill_null(""))
    return _only(found, asked)


def _with_inner(both: Any, scores: Any) -> Any:
    """The same with second_at and before_at, where there are four scores or more."""
    ends = both.select("order", "first_at", "last_at")
    each = scores.join(ends, "order")
    inner = each.group_by("order").agg(
        second_at=each.at.min(where=each.at > each.first_at),
        before_at=each.at.max(where=each.at < each.last_at),
    )
    four = inner.filter(_.second_at < _.before_at)
    return both.left_join(four, "order").drop("order_right")


def _end(at: Any) -> Any:
    """The row of ENDS in the low bits of a place in time."""
    return (at % MOST_ENDS).fill_null(NEVER)


@lru_cache(maxsize=64)
def sums(shape: Asked, reasons: Reasons, treated: Treated | None = None) -> Any:
    """For each group and clinician: clients, how their care ended, pairs, sums of their totals,
    classes, goals reached, verdicts.

    Asked of the tables of an extract, "asked", "judged", and what ``treated`` names.

    Args:
        shape: an ``Asked.shape``.
    """
    pairs = _judged(_ended(shape), shape)
    verdicts = {}
    if treated is not None:
        pairs = _with_verdicts(pairs, shape, treated)
        verdicts = {name: pairs[name].sum() for name in treated.names}
    twice = pairs.last != NEVER
    paired = twice & pairs.comparable
    f, l = pairs.first_total, pairs.last_total  # noqa: E741
    classes: dict[str, Any] = {
        name: (paired & (pairs.class_ == name).fill_null(False)).sum() for name in CLASSES
    }  # fmt: skip
    classes |= {name: (paired & pairs[name]).sum() for name in GOALS}
    planned, dropped = (pairs.reason.isin(some).sum() for some in reasons)
    return pairs.group_by([_group(pairs, shape), pairs.responsible]).agg(
        clients=pairs.count(), said=(pairs.reason != "").sum(), planned=planned, dropped=dropped,
        paired=paired.sum(), apart=(twice & ~pairs.comparable).sum(),
        prorated=(paired & pairs.prorated).sum(),
        first=f.sum(where=paired), last=l.sum(where=paired),
        first_squares=(f * f).sum(where=paired), last_squares=(l * l).sum(where=paired),
        products=(f * l).sum(where=paired), **classes, **verdicts,
    )  # fmt: skip


def _group(found: Any, shape: Asked) -> Any:
    columns = [found[name] for name in shape.by.split()] or [ibis.literal("")]
    return reduce(lambda one, other: one + " " + other, columns).name("group")


@lru_cache(maxsize=64)
def waits(shape: Asked) -> Any:
    """For each group and number of days, or why it is not known: how many clients waited so long,
    one's own apart."""
    found = _ended(shape) if _by_band(shape) else _only(_latest(), shape)
    mine = (found.responsible == _table("asked", ASKED).me.as_scalar()).name("mine")
    return found.group_by([_group(found, shape), mine, found.wait, found.unknown]).agg(n=_.count())


@lru_cache(maxsize=64)
def pairs(shape: Asked) -> Any:
    """Each client's two ends that can be compared, with their totals, and class_."""
    found = _judged(_ended(shape), shape).filter(_.last != NEVER, _.comparable)
    return found.select("responsible", "problem", "first_total", "last_total", "class_")


def _judged(found: Any, asked: Asked) -> Any:
    pairs = found.join(_table("judged", JUDGED), [("ends", "pair")])
    return _by_means(pairs, asked) if asked.means else pairs


def _by_means(pairs: Any, asked: Asked) -> Any:
    """The same, judged by the means of two at each end, where all four may be compared."""
    for name in ("first", "second", "before"):
        its = {f"{name}_{what}": what for what in ("end", "total", "version", "language")}
        ends = _table("ends", ENDS).select(*its.values()).rename(its)
        if name == "first":
            ends = ends.drop("first_total")  # it stands in the pair
        pairs = pairs.left_join(ends, [(name, f"{name}_end")])
    alike = [
        pairs[f"first_{what}"] == pairs[f"{name}_{what}"]
        for name in ("second", "before") for what in ("version", "language")
    ]  # fmt: skip
    four = (pairs.comparable & alike[0] & alike[1] & alike[2] & alike[3]).fill_null(False)
    apart = pairs.last_total + pairs.before_total - pairs.first_total - pairs.second_total
    better = apart < 0 if asked.lower else apart > 0
    told = (apart.abs() >= _table("asked", ASKED).means.as_scalar()) & (apart != 0)
    changed = better.ifelse(pairs.crossed.ifelse("recovered", "improved"), "deteriorated")
    return pairs.mutate(class_=four.ifelse(told.ifelse(changed, "unchanged"), pairs.class_))


def _with_verdicts(found: Any, shape: Asked, treated: Treated) -> Any:
    for name, _number in named(shape):
        these = _table(f"kinds_of_{name}", KINDS).rename({name: "kind", f"{name}_pair": "pair"})
        how = "inner" if name in PAIR else "left"
        found = found.join(these, [(f"{name}_ends", f"{name}_pair")], how=how)
    completed = (found.contacts >= treated.contacts).cast("int32")
    other = found.other
    for n, (problem, _number) in reversed(list(enumerate(shape.instead))):
        own = found[f"instead_{n}"]
        other = ibis.ifelse((found.problem == problem) & own.notnull(), own, other)
    found = found.mutate(at_case=found.one + other + completed)
    return found.join(_table("verdicts", treated.verdicts), [("at_case", "case")])
