"""Reading what a caseload needs: of everybody in a fixed number of statements, then of a page."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients import scopes
from rapport.people.clients.models import Client, GroupMember
from rapport.people.episodes.models import Episode

from ..alerts.models import Alert
from ..chosen import queries as chosen
from ..chosen.rules import Chosen
from ..expected.models import Signal
from ..expected.rules import since
from ..measures import instruments, judging
from ..measures.models import Asked, Score
from ..measures.questionnaire import Instrument
from . import rules
from .rules import Change, Facts, Flag, Why

CARED_FOR = (Client.Status.ACTIVE, Client.Status.WAITING)
AHEAD = (Appointment.Status.BOOKED, Appointment.Status.REQUESTED)
KEPT = Appointment.Status.KEPT
COLUMNS = ("client", "instrument", "at", "total_rounded", "sheet__version", "sheet__language")

Found = dict[uuid.UUID, dict[str, Any]]
Form = tuple[int, str]  # the version and the language that were answered


@dataclass(frozen=True)
class Line:
    """A client in the list, before it is known who that is.

    Attributes:
        whys: the most pressing first; empty: nothing asks for attention.
    """

    client_id: uuid.UUID
    facts: Facts
    whys: tuple[Why, ...]


def lines(
    *, by: Any, now: datetime, whose: uuid.UUID | None, problem: str = "", modality: str = ""
) -> list[Line]:
    """Everybody in care whom ``by`` may read of, who needs attention most first.

    Whose care has ended is among them while an alert or a signal waits. Nine statements, in
    whose number nothing counts how many there are.

    Args:
        whose: on the care team of this staff member; None: everybody ``by`` may read of.
        problem, modality: of an episode that is open.
    """
    rows = _scope(by, whose, problem, modality)
    names = {
        pk: (status, name) for pk, status, name in rows.values_list("pk", "status", "sort_name")
    }
    these = rows.values("pk")
    known: Found = {pk: {"active": status == Client.Status.ACTIVE}
                    for pk, (status, _name) in names.items()}  # fmt: skip
    for read in (_alerts, _flags, _changes, _asked):
        for pk, given in read(these, now).items():
            known[pk] |= given
    _meetings(these, now, known)
    found = []
    for pk, given in known.items():
        facts = Facts(**given)
        found.append(Line(pk, facts, rules.whys(facts, now=now)))
    return sorted(found, key=lambda one: rules.place(
        one.whys, one.facts.changed_at, names[one.client_id][1] + str(one.client_id)))  # fmt: skip


def _scope(by: Any, whose: uuid.UUID | None, problem: str, modality: str) -> QuerySet[Client]:
    waits = Alert.objects.waiting().values("client")
    shows = Signal.objects.filter(state=Signal.State.OPEN).values("client")
    found = Client.objects.clinical_to(by).current()
    found = found.filter(Q(status__in=CARED_FOR) | Q(pk__in=waits) | Q(pk__in=shows))
    if whose is not None:
        found = found.filter(scopes.on_care_team(whose, clock.today()))
    asked = {name: value for name, value in (("problem", problem), ("modality", modality)) if value}
    if asked:
        found = found.filter(
            pk__in=Episode.objects.filter(closed_on=None, **asked).values("client")
        )
    return found


# Of everybody, a statement each: what is known of a client, by the client's id ------------


def _alerts(these: Any, now: datetime) -> Found:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    rows = Alert.objects.waiting().filter(client__in=these).order_by("raised_at", "pk")
    for client, pk, at in rows.values_list("client", "pk", "raised_at"):
        found[client].append((pk, at))
    return {client: {"alerts": tuple(alerts)} for client, alerts in found.items()}


def _flags(these: Any, now: datetime) -> Found:
    """Open signals, each with the run of those it followed."""
    runs: dict[tuple[uuid.UUID, str], list[tuple[datetime, bool]]] = defaultdict(list)
    flags: dict[uuid.UUID, list[Flag]] = defaultdict(list)
    wanted = (Signal.State.OPEN, Signal.State.FOLLOWED)
    rows = Signal.objects.filter(client__in=these, state__in=wanted).order_by("at", "pk")
    columns = ("client", "instrument", "pk", "level", "state", "at")
    for client, instrument, pk, level, state, at in rows.values_list(*columns):
        red = level == Signal.Level.RED
        run = runs[client, instrument]
        run.append((at, red))
        if state == Signal.State.OPEN:
            flags[client].append(Flag(pk, instrument, red, rules.run_since(run)))
    return {client: {"flags": tuple(found)} for client, found in flags.items()}


def _counted(**more: Any) -> QuerySet[Score]:
    """Scores that have a total and were not corrected."""
    return Score.objects.filter(total_rounded__isnull=False, sheet__replaced_by=None, **more)


def _changes(these: Any, now: datetime) -> Found:
    """Of each questionnaire the latest score, and the first of this care to compare it with.

    All scores are read once, the oldest first: asked of the database score by score, SQLite goes
    through every sheet of the practice for each.
    """
    begun = _begun(these)
    read: dict[tuple[uuid.UUID, str], dict[Form, list[float]]] = defaultdict(dict)
    latest: dict[tuple[uuid.UUID, str], tuple[datetime, Form]] = {}
    rows = _counted(client__in=these).order_by("at", "pk").values_list(*COLUMNS)
    for client, instrument, at, total, *version in rows.iterator():
        key, form = (client, instrument), (version[0], version[1])
        latest[key] = (at, form)
        if form in read[key] or _in_care(at, begun.get(client)):
            read[key].setdefault(form, []).append(total)
    measured: dict[uuid.UUID, datetime] = {}
    changes: dict[uuid.UUID, list[Change]] = defaultdict(list)
    forms = _Forms(chosen.every())
    for (client, instrument), (at, spoken) in latest.items():
        measured[client] = max(at, measured.get(client, at))
        scores, found = read[client, instrument].get(spoken, []), forms[instrument]
        if found is not None and scores:
            changes[client].append(_change(found, at, scores))
    return {
        client: {"measured_at": at, "changes": tuple(changes[client])}
        for client, at in measured.items()
    }


def _change(form: Instrument, at: datetime, scores: list[float]) -> Change:
    first, last = judging.ends(form, scores)
    beyond = judging.reliable(form, first, last) is True
    return Change(
        form.id, fmean(first), fmean(last), at, form.better == "lower", beyond, form
    )  # fmt: skip


def _in_care(at: datetime, begun: date | None) -> bool:
    return begun is None or clock.local(at).date() >= begun


class _Forms(dict[str, Instrument | None]):
    """Questionnaires as the practice judges by them; None of what nobody published a change of,
    such as what a practice or a client holds alone."""

    def __init__(self, chosen_by_practice: Mapping[str, Chosen]) -> None:
        self.chosen = chosen_by_practice

    def __missing__(self, name: str) -> Instrument | None:
        found: Instrument | None = None
        if instruments.is_in_library(name):
            found = chosen.judged(instruments.get(name), self.chosen).content
            found = found if judging.in_use(found) else None
        return self.setdefault(name, found)


def _asked(these: Any, now: datetime) -> Found:
    over = Q(state=Asked.State.OPEN, expires_at__lte=now)
    answered = Q(state=Asked.State.ANSWERED)
    waits = Q(state=Asked.State.OPEN, expires_at__gt=now)
    theirs = Asked.objects.filter(client__in=these, informant=None, in_interview=False)
    rows = theirs.values("client").annotate(
        asked=Count("pk", filter=over | answered), answered=Count("pk", filter=answered),
        missed_at=Max("expires_at", filter=over), waits_since=Min("asked_at", filter=waits),
    ).order_by()  # fmt: skip
    return {row.pop("client"): row for row in rows}


def _meetings(these: Any, now: datetime, known: Found) -> None:
    """Sessions held and ahead; of a couple or family they are those of everybody in it."""
    groups = GroupMember.objects.filter(member__in=these)
    rows = Appointment.objects.filter(Q(client__in=these) | Q(client__in=groups.values("client")))
    counted = rows.values("client").annotate(
        held=Count("pk", filter=Q(status=KEPT)), last_at=Max("starts_at", filter=Q(status=KEPT)),
        next_at=Min("starts_at", filter=Q(status__in=AHEAD, starts_at__gte=now)),
    ).order_by()  # fmt: skip
    meetings = {row.pop("client"): row for row in counted}
    for pk, given in meetings.items():
        if pk in known:
            known[pk] |= given
    for member, group in groups.values_list("member", "client"):
        if group in meetings and known[member].get("next_at") is None:
            known[member]["next_at"] = meetings[group]["next_at"]


# Of the lines of one page -----------------------------------------------------------------


@dataclass(frozen=True)
class Trend:
    """The scores of one questionnaire in this care, comparable ones, the oldest first."""

    item: Any
    points: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True)
class Row:
    """A line of a page.

    Attributes:
        trend: of the questionnaire the line is about; None: no score yet.
        reasons: of the signals among the whys, as they were stored, by the signal's id.
        forms: questionnaires the whys are about, by name.
    """

    client: Client
    line: Line
    trend: Trend | None
    reasons: Mapping[uuid.UUID, Any]
    forms: Mapping[str, Any]


MOST = 12_000
"""So many scores, the latest, are read for a page of lines."""


def rows(*, by: Any, page: Iterable[Line]) -> list[Row]:
    """The lines of a page with what they show; of lines that ``lines`` gave ``by`` just now.

    Six statements at most.
    """
    shown = list(page)
    ids = [one.client_id for one in shown]
    people = Client.objects.filter(pk__in=ids).in_bulk()
    scores = _scores(ids)
    why = [one for line in shown for one in line.whys]
    signals = [one.id for one in why if one.reason in ("red", "amber")]
    reasons = dict(Signal.objects.filter(pk__in=signals).values_list("pk", "reasons"))
    main = {
        line.client_id: rules.main(
            [(name, len(points), points[-1][0]) for name, points in scores[line.client_id].items()],
            line.whys,
        )
        for line in shown
    }
    forms = instruments.these({one.instrument for one in why if one.instrument} | {*main.values()})
    return [
        Row(people[pk], line, _trend(forms.get(main[pk]), scores[pk].get(main[pk])), reasons, forms)
        for line in shown if (pk := line.client_id) in people
    ]  # fmt: skip


def _trend(item: Any, points: list[tuple[datetime, float]] | None) -> Trend | None:
    return Trend(item, tuple(points)) if item is not None and points else None


Scores = dict[uuid.UUID, dict[str, list[tuple[datetime, float]]]]


def _scores(ids: list[uuid.UUID]) -> Scores:
    """Comparable scores of this care: as the latest in version and language."""
    begun = _begun(ids)
    found: Scores = {pk: {} for pk in ids}
    forms: dict[tuple[uuid.UUID, str], tuple[int, str]] = {}
    latest = _counted(client__in=ids).order_by("-at", "-pk").values_list(*COLUMNS)[:MOST]
    for client, instrument, at, total, version, language in latest:
        form = forms.setdefault((client, instrument), (version, language))
        if form == (version, language) and _in_care(at, begun.get(client)):
            found[client].setdefault(instrument, []).insert(0, (at, total))
    return found


def _begun(ids: Any) -> dict[uuid.UUID, date | None]:
    """When the care of each began: of ids, or of a statement that gives them."""
    days: dict[uuid.UUID, tuple[list[date], list[date]]] = defaultdict(lambda: ([], []))
    stays = Episode.objects.filter(client__in=ids)
    for client, opened, closed in stays.values_list("client", "opened_on", "closed_on"):
        days[client][closed is not None].append(closed or opened)
    return {client: since(*found) for client, found in days.items()}
