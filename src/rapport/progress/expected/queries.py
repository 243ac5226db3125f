"""Reading signals, fits, and what is expected of one client. Within what ``by`` may read."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When, Window

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
from rapport.people.episodes.models import Episode
from rapport.people.models import CareTeamMember

from ..measures import instruments
from ..measures.models import Score
from ..measures.questionnaire import Instrument
from . import rules
from .models import Fit, Signal, SignalStep

MOST, MOST_OF_ALL = 400, 1_200  # scores of one questionnaire, and of all, that are looked at
STEPS = 24  # points of a band
AHEAD = 4.0  # weeks that a band goes on after the latest score, at least
NEAR = ("client__data_key", "owner", "score__sheet")

Why = Literal["", "no score", "nothing learned", "too few", "too few near", "withheld",
              "changed since", "no change published"]  # fmt: skip


@dataclass(frozen=True)
class Point:
    """Where the score of somebody like this lies at ``at``, in scale points: the 80 % band.

    Four in five scores lie from ``low`` to ``high``; ``middle`` is what is expected.
    """

    at: datetime
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Expected:
    """What is expected of one client, or why nothing is drawn.

    Attributes:
        points: given the intake, from the intake to the latest score: what each score is
            compared with. Empty where nothing is drawn.
        ahead: given the intake and all scores so far, from the latest score on.
        why: the reason why none is drawn; empty where one is.
        episodes: how many ended episodes it was learned from. near: of them with such an intake.
        learned_at: when.
    """

    instrument: str
    points: tuple[Point, ...] = ()
    ahead: tuple[Point, ...] = ()
    why: Why = ""
    episodes: int = 0
    near: int = 0
    learned_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """A client's comparable scores beside the fit there is."""

    form: Instrument
    series: rules.Series
    fit: Fit | None
    near: int

    @property
    def why(self) -> Why:
        """Why the fit does not hold for this client; empty where it does."""
        fit = self.fit
        if fit is None or not fit.verdict:
            return "nothing learned"
        if fit.version != self.form.version:
            return "changed since"
        if fit.verdict == Fit.Verdict.WITHHELD:
            return "withheld"
        if fit.verdict == Fit.Verdict.NO_CHANGE:
            return "no change published"
        return "" if fit.verdict != Fit.Verdict.TOO_FEW else "too few"


def standing(*, client_id: uuid.UUID, form: Instrument, scores: QuerySet[Score]) -> Standing | None:
    """The comparable scores among ``scores`` of the care that goes on, and the fit beside them.

    Three statements. Called from an action, or with scores that ``by`` may read.
    """
    return _standings(client_id, {form.id: form}, scores)[form.id]


def _standings(
    client_id: uuid.UUID, forms: dict[str, Instrument], scores: QuerySet[Score]
) -> dict[str, Standing | None]:
    """For each questionnaire, in three statements; None where there is no score."""
    days = list(Episode.objects.filter(client=client_id).values_list("opened_on", "closed_on"))
    begun = rules.since(
        [opened for opened, closed in days if closed is None],
        [closed for _opened, closed in days if closed is not None],
    )
    read: dict[str, list[rules.Scored]] = {}
    for name, one in _read(scores, forms, client_id, begun):
        read.setdefault(name, []).append(one)
    fits = {one.instrument: one for one in Fit.objects.filter(instrument__in=forms)}
    return {
        name: _standing(form, read.get(name, []), fits.get(name)) for name, form in forms.items()
    }


def _standing(form: Instrument, scored: list[rules.Scored], fit: Fit | None) -> Standing | None:
    found = rules.series(scored, version=form.version)
    if found is None or not form.has_total:
        return None
    least, most = form.key.span(form.key.total)
    part = rules.stretch(found.intake, least=least, most=most)
    return Standing(form, found, fit, (fit.near if fit else {}).get(part, 0))


def _read(
    scores: QuerySet[Score], names: Iterable[str], client_id: uuid.UUID, begun: date | None
) -> Iterable[tuple[str, rules.Scored]]:
    names = list(names)
    rows = scores.filter(
        client=client_id, instrument__in=names, total_rounded__isnull=False,
        sheet__replaced_by=None,
    )  # fmt: skip
    columns = ("instrument", "pk", "at", "total_rounded", "sheet__version", "sheet__language",
               "band", "status")  # fmt: skip
    most = MOST if len(names) == 1 else MOST_OF_ALL
    for name, pk, at, total, version, language, band, status in reversed(
        rows.order_by("-at", "-pk").values_list(*columns)[:most]
    ):
        if begun is None or clock.local(at).date() >= begun:
            prorated = status == Score.Status.PRORATED
            yield name, rules.Scored(pk, at, total, (version, language), band, prorated)


def courses_of(*, by: Any, client: Client, names: Iterable[str]) -> dict[str, Expected]:
    """The expected ranges of a client on questionnaires of the library, or why none is drawn.

    Three statements, and NumPy. Of the care that goes on alone; scores of another version or
    language than its first are not compared.

    Raises:
        NotInLibrary: there is no such questionnaire.
    """
    forms = {name: instruments.get(name).content for name in names}
    if not forms:
        return {}
    found = _standings(client.pk, forms, Score.objects.clinical_to(by))
    return {name: _expected(name, found[name]) for name in forms}


def _expected(instrument: str, found: Standing | None) -> Expected:
    if found is None:
        return Expected(instrument, why="no score")
    fit = found.fit
    said = Expected(instrument, why=found.why, near=found.near)
    if fit is not None:
        said = replace(said, episodes=fit.episodes, learned_at=fit.learned_at)
    if said.why or fit is None:
        return said
    from . import judging  # noqa: PLC0415  NumPy, where a band is drawn

    series = found.series
    about = judging.known(fit, series.intake.total, found.near)
    if about is None:
        return replace(said, why="too few near")

    def points(edges: list[judging.Edge]) -> tuple[Point, ...]:
        start = series.intake.at
        return tuple(Point(start + o.week * rules.WEEK, o.low, o.middle, o.high) for o in edges)

    last = series.times[-1] if series.times else 0.0
    later = _between(last, max(fit.planned or 0.0, last + AHEAD))
    if not series.later:
        return replace(said, ahead=points(judging.from_intake(about, later)))
    return replace(
        said, points=points(judging.from_intake(about, _between(0.0, last))),
        ahead=points(judging.ahead(about, series, later)),
    )  # fmt: skip


def _between(first: float, last: float) -> list[float]:
    return [first + (last - first) * n / STEPS for n in range(STEPS + 1)]


# Signals ----------------------------------------------------------------------------------


def get(*, by: Any, signal_id: uuid.UUID) -> Signal:
    """One signal of a client whose clinical record ``by`` may read, with key and score.

    Raises:
        Signal.DoesNotExist: none, or not for ``by``.
    """
    return Signal.objects.clinical_to(by).select_related(*NEAR).get(pk=signal_id)


def step(*, by: Any, step_id: uuid.UUID) -> SignalStep:
    """One recorded step of a client whose clinical record ``by`` may read.

    Raises:
        SignalStep.DoesNotExist: none, or not for ``by``.
    """
    return SignalStep.objects.clinical_to(by).select_related("signal__client").get(pk=step_id)


def steps(*, by: Any, signal: Signal) -> list[SignalStep]:
    """What was recorded about a signal that ``by`` has opened, in order."""
    rows = list(signal.steps.select_related("staff").order_by("at", "pk"))
    for row in rows:
        row.client = signal.client  # its key is loaded already
    return rows


def _pressing() -> Any:
    """Red before amber."""
    return Case(When(level=Signal.Level.RED, then=Value(0)), default=Value(1))


def open_to(*, by: Any) -> QuerySet[Signal]:
    """Signals to be looked at, of clients whom ``by`` treats: red first, then the latest.

    Whose record was put away stands in no list.
    """
    found: QuerySet[Signal] = Signal.objects.clinical_to(by).filter(state=Signal.State.OPEN)
    return (
        found.filter(client__archived_at=None)
        .select_related("client", "owner")
        .order_by(_pressing(), "-at", "pk")
    )


def first_for(*, by: Any, most: int) -> list[Signal]:
    """The first signals that are for ``by``; ``of`` on each is how many there are in all.

    Those they own, and those of their care teams' clients whose owner has left the team.
    """
    if by.staff is None:
        return []
    what, values = scopes.asker(by)
    return _first_for(what, most, **values, staff=by.staff.pk)


@prepared
def _first_for(
    what: str, most: int, *, mine: Any, today: Any, now: Any, staff: Any
) -> QuerySet[Signal]:
    there = CareTeamMember.objects.filter(
        Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today, client=OuterRef("client")
    )
    nobodys = ~Exists(there.filter(staff=OuterRef("owner"))) & Exists(there.filter(staff=staff))
    found = open_to(by=scopes.Asker(what, mine, today, now)).filter(Q(owner=staff) | nobodys)
    return found.annotate(of=Window(Count("pk")))[:most]


def open_of(*, by: Any, client: Client) -> list[Signal]:
    """What is to be looked at of a client, as far as ``by`` may read it; one a questionnaire."""
    what, values = scopes.asker(by)
    return _open_of(what, **values, client=client.pk)


@prepared
def _open_of(what: str, *, mine: Any, today: Any, now: Any, client: Any) -> QuerySet[Signal]:
    found = open_to(by=scopes.Asker(what, mine, today, now))
    return found.select_related(None).filter(client=client)[:20]


def of_client(*, by: Any, client: Client, most: int = 50) -> list[Signal]:
    """A client's signals, ended ones too, the latest first, as far as ``by`` may read them."""
    found = Signal.objects.clinical_to(by).filter(client=client)
    return list(found.select_related("owner").order_by("-at", "pk")[:most])


def fits(*, by: Any) -> list[Fit]:
    """What was learned of each questionnaire that is still in the library. About nobody."""
    every = Fit.objects.order_by("instrument")
    return [one for one in every if instruments.is_in_library(one.instrument)]
