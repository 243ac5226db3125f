"""Reading what ended episodes came to: one statement, from columns alone, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject, TruncDate

from rapport.core import time as clock
from rapport.people.episodes.models import Episode
from rapport.science import talking_therapies as nhs

from ..chosen import queries as chosen
from ..extract.models import Extract
from ..extract.sessions import first_session, kept_sessions, waited
from ..measures import instruments, judging
from ..measures.models import Score
from ..measures.questionnaire import Instrument
from . import anxiety, goals, narrowing, rules, showing

if TYPE_CHECKING:
    from . import between, clinicians

JUDGED_BY_NHS = (nhs.PHQ_9.id, nhs.GAD_7.id)
TREATED = ("low", "fear", *(f"instead_{n}" for n in range(len(anxiety.INSTEAD))))
CHUNK = 1000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which episodes, and how they are told apart.

    Attributes:
        since, until: the first and the last day on which an episode ended.
        instrument: library id.
        problem, modality, band: that one alone; empty: all.
        by: what the groups are made by; empty: no groups.
        beside: stretches of time, this one among them, of which somebody may see each, and their
            sum; empty: whoever asks may see each client.
    """

    since: date
    until: date
    instrument: str
    problem: str = ""
    modality: str = ""
    band: str = ""
    by: str = ""
    beside: tuple[tuple[date, date], ...] = ()

    @property
    def partial(self) -> bool:
        """Whether what is hidden of it depends on what other views show."""
        return self.narrowed or bool(self.beside)

    @property
    def narrowed(self) -> bool:
        """Whether it is about some of those whose care ended, and not about all of them."""
        return any((self.problem, self.modality, self.band))


@dataclass(frozen=True)
class Outcomes:
    """What came of it.

    Attributes:
        mine: one's own clients, where they may stand beside all of them.
        own: why theirs do or do not stand in the figures about change.
        as_of: the moment the figures are of; None: now.
    """

    asked: Asked
    form: Instrument
    whole: showing.Line
    mine: showing.Line | None
    own: showing.Own
    groups: tuple[showing.Line, ...]
    as_of: datetime | None = None


def of_practice(*, by: Any, asked: Asked) -> Outcomes:
    """The practice's outcomes, and those of ``by``'s own clients where there are enough.

    A client counts once, with the latest episode that ended in the range. Two statements.

    Raises:
        NotInLibrary: there is no such questionnaire.
    """
    form = chosen.item(instruments.get(asked.instrument)).content
    judge = _judge(form)
    me = str(by.staff.pk) if by.staff is not None else ""
    extract, columns = _opened()
    made = _rows(asked, judge, me) if extract is None else _columns(columns, judge, me)
    whole, mine, groups = made(asked)
    everybody, lines = narrowing.narrowed(
        asked, *showing.lines(whole, groups, by_band=asked.by == "band"), made=made
    )
    if asked.by == "band":
        bands = [one.name for one in form.score.total.bands]
        lines.sort(key=lambda one: bands.index(one.name) if one.name in bands else len(bands))
    own, beside = showing.beside(mine, everybody, me=me)
    return Outcomes(
        asked, form, everybody, beside, own, tuple(lines) if asked.by else (),
        extract.made_at if extract is not None else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Clinicians:
    """What may be said of clinicians beside each other; None: nothing can be told.

    Attributes:
        form: the questionnaire as the practice judges by it.
    """

    form: Instrument

    beside: "clinicians.Found | clinicians.Refused"
    between: "between.Told | between.Missing | None"


def of_clinicians(*, by: Any, asked: Asked) -> Clinicians:
    """Whether clinicians' clients got better more or less often than chance and case mix allow,
    and how much of all differences lies between clinicians. One statement.

    Raises:
        NotInLibrary: there is no such questionnaire.
    """
    from . import between, clinicians  # noqa: PLC0415  NumPy, for this page alone

    form = chosen.item(instruments.get(asked.instrument)).content
    judge = _judge(form)
    extract, columns = _opened()
    rows = _cases(asked, judge) if extract is None else _cases_of_columns(columns, asked, judge)
    me = str(by.staff.pk) if by.staff is not None else ""
    try:
        cases = list(rows)
    except rules.Unjudged:
        return Clinicians(form, clinicians.Refused("unjudged"), None)
    return Clinicians(
        form, clinicians.found(cases, me=me), between.told(cases, me=me, better=judge.better)
    )


def _judge(form: Instrument) -> rules.Judge:
    return rules.Judge(
        form.better, lambda one, other: judging.reliable(form, [one], [other]),
        lambda end: judging.clinical(form, end.clinical, end.total, end.form[0]),
        _means(form) if judging.of_means(form) else None, goals.of(form),
    )  # fmt: skip


def _means(form: Instrument) -> rules.Reliable:
    return lambda one, other: judging.reliable(form, [one, one], [other, other])


def _fit(rows: Iterable[rules.Ended], asked: Asked) -> Iterator[rules.Ended]:
    return (
        row for row in rows
        if rules.fits(row, problem=asked.problem, modality=asked.modality, band=asked.band)
    )  # fmt: skip


def _cases(asked: Asked, judge: rules.Judge) -> Iterator[Any]:
    from . import clinicians  # noqa: PLC0415

    for row in _fit(_ended(asked, means=judge.means is not None), asked):
        if row.pair is None:
            continue
        name = rules.classed_by(judge, *row.pair, row.inner)
        better = name in rules.BETTER
        first, last = (one.total for one in row.pair)
        yield clinicians.Case(row.responsible, row.problem, first, last, better)


def _cases_of_columns(columns: Any, asked: Asked, judge: rules.Judge) -> Iterator[Any]:
    from ..extract import engines  # noqa: PLC0415
    from . import by_columns, clinicians  # noqa: PLC0415

    question = _question(columns, asked)
    for row in by_columns.pairs(engines.Duck(columns), columns, asked=question, judge=judge):
        yield clinicians.Case(*row)


def _extract() -> Extract | None:
    return Extract.objects.select_related("data_key").first()


def _opened() -> tuple[Extract | None, Any]:
    """The extract there is with its columns. None: there is none, or its files are not there."""
    found = _extract()
    while found is not None:
        from ..extract import making, tables  # noqa: PLC0415  Arrow, where there is an extract

        try:
            return found, making.opened(found)
        except (FileNotFoundError, tables.Outdated):
            # a newer one came meanwhile, or a backup or an update went without it
            before, found = found, _extract()
            if found == before:
                break
    return None, None


def _rows(asked: Asked, judge: rules.Judge, me: str) -> narrowing.Made:
    """Answers from the rows themselves; read once, and kept where they are looked at again."""
    kept: dict[tuple[date, date], list[rules.Ended]] = {}

    def made(one: Asked) -> tuple[rules.Tally, rules.Tally, Mapping[str, rules.Tally]]:
        days, found = (one.since, one.until), _ended(one, means=judge.means is not None)
        if asked.partial:
            rows: Iterable[rules.Ended] = kept[days] if days in kept else kept.setdefault(
                days, list(found))  # fmt: skip
        else:
            rows = found
        return rules.grouped(_fit(rows, one), judge=judge, by=one.by, me=me)

    return made


def _columns(columns: Any, judge: rules.Judge, me: str) -> narrowing.Made:
    """The same of an extract."""
    from ..extract import engines  # noqa: PLC0415  DuckDB, if asked for
    from . import by_columns  # noqa: PLC0415

    duck = engines.Duck(columns)
    return lambda one: by_columns.grouped(
        duck, columns, asked=_question(columns, one), judge=judge, me=me
    )


def _question(columns: Any, asked: Asked) -> Any:
    from ..extract import questions, tables  # noqa: PLC0415

    numbers = {name: n for n, name in enumerate(columns.instruments)}
    low, fear = (numbers.get(one, tables.NONE) for one in JUDGED_BY_NHS)
    pair = (low, fear) if asked.instrument in JUDGED_BY_NHS else None
    instead = tuple(
        (problem, numbers[measure.id]) for problem, measure in anxiety.INSTEAD
        if pair is not None and measure.id in numbers
    )  # fmt: skip
    return questions.Asked(
        tables.days(asked.since), tables.days(asked.until),
        numbers.get(asked.instrument, tables.NONE), asked.problem, asked.modality, asked.band,
        asked.by, pair, instead=instead,
    )  # fmt: skip


def _ended(asked: Asked, *, means: bool) -> Iterator[rules.Ended]:
    found = Episode.objects.filter(closed_on__gte=asked.since, closed_on__lte=asked.until)
    ends = {"first": _end(asked.instrument, "at"), "last": _end(asked.instrument, "-at")}
    if means:
        ends["second"] = _end(asked.instrument, "at", after=1)
        ends["before"] = _end(asked.instrument, "-at", after=1)
    treated = asked.instrument in JUDGED_BY_NHS
    if treated:
        instead = [measure.id for _about, measure in anxiety.INSTEAD]
        for name, instrument in zip(TREATED, (*JUDGED_BY_NHS, *instead), strict=True):
            ends[f"{name}_first"] = _end(instrument, "at", complete=True)
            ends[f"{name}_last"] = _end(instrument, "-at", complete=True)
        found = found.annotate(contacts=Coalesce(kept_sessions(), 0))
    ends["session"] = first_session()
    columns = ["client_id", "responsible_id", "problem", "modality", "close_reason",
               "first_contact_on", "opened_on", "client__created_at", *ends]  # fmt: skip
    rows = found.annotate(**ends).order_by("client", "-closed_on", "-opened_on", "pk")
    before = None
    for row in rows.values(*columns, *(["contacts"] if treated else [])).iterator(CHUNK):
        if row["client_id"] == before:
            continue
        before = row["client_id"]
        yield rules.Ended(
            str(row["responsible_id"]), row["problem"], row["modality"],
            _read(row["first"]), _read(row["last"]), _treated(row) if treated else None,
            row["close_reason"], *waited(
                asked=row["first_contact_on"], opened=row["opened_on"],
                made=row["client__created_at"], first=row["session"]),
            _read(row.get("second")), _read(row.get("before")),
        )  # fmt: skip


def _within(rows: QuerySet[Any], instant: str) -> QuerySet[Any]:
    """Of the client, from the day the episode opened to the day it closed."""
    day = TruncDate(instant, tzinfo=clock.zone())
    return rows.annotate(on_day=day).filter(
        client=OuterRef("client"), on_day__gte=OuterRef("opened_on"),
        on_day__lte=OuterRef("closed_on"),
    )  # fmt: skip


def _end(instrument: str, order: str, *, complete: bool = False, after: int = 0) -> Subquery:
    """The first or last score there is, or one so many places from it; corrections count alone."""
    rows = _within(Score.objects.filter(instrument=instrument), "at")
    rows = rows.filter(total_rounded__isnull=False, sheet__replaced_by=None)
    if complete:
        rows = rows.filter(status=Score.Status.SCORED)
    tie = "-pk" if order.startswith("-") else "pk"
    said = JSONObject(
        sheet="sheet_id", total="total_rounded", version="sheet__version",
        language="sheet__language", band="band", status="status", clinical="above_cutoff",
    )  # fmt: skip
    return Subquery(
        rows.order_by(order, tie).values(said=said)[after : after + 1], output_field=JSONField()
    )


def _read(said: Any) -> rules.End | None:
    if said is None:
        return None
    clinical = said["clinical"]
    return rules.End(
        sheet=str(said["sheet"]), total=_points(said["total"]),
        form=(said["version"], said["language"]),
        band=said["band"], prorated=said["status"] == Score.Status.PRORATED,
        clinical=None if clinical is None else bool(clinical),
    )  # fmt: skip


def _points(total: float) -> float:
    """JSON does not tell 14 from 14.0."""
    return int(total) if total == int(total) else total


def _treated(row: dict[str, Any]) -> nhs.Episode:
    low, fear, *instead = (
        rules.scores(_read(row[f"{name}_first"]), _read(row[f"{name}_last"])) for name in TREATED
    )
    measure, scores = anxiety.judged_by(row["problem"], fear, instead)
    return nhs.Episode(row["contacts"], depression=low, anxiety=scores, anxiety_measure=measure)
