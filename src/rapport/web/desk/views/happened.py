"""What happened with a client, across the rooms: one line of time, and what is new since last."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.models import Appointment
from rapport.people.clients import timeline
from rapport.people.models import Consent
from rapport.progress.alerts import queries as alerts
from rapport.progress.measures import queries as measures
from rapport.progress.models import Alert, AlertStep, Sheet
from rapport.record.models import Note
from rapport.record.notes import queries as notes
from rapport.web import informants
from rapport.web import measures as said

MOST = 30

SHOWN = {
    "": gettext_lazy("All"),
    "sessions": gettext_lazy("Sessions"),
    "notes": gettext_lazy("Notes"),
    "measures": gettext_lazy("Measures"),
    "alerts": gettext_lazy("Alerts"),
    "care": gettext_lazy("Care"),
}
CLINICAL = ("notes", "measures", "alerts")
NEWS = ("measures", "alerts", "sessions", "notes")


def shows(treats: bool) -> list[tuple[str, str]]:
    """What the line of time can be narrowed to, with its words."""
    return [(code, str(said)) for code, said in SHOWN.items() if treats or code not in CLINICAL]


@dataclass(frozen=True)
class Entry:
    """One line: when, what in words, and where it is opened.

    Attributes:
        at: on the practice's clock, naive; what has a day alone stands at its end, so that
            the day's own hours come before it.
        timed: whether the hour is known.
    """

    at: datetime
    timed: bool
    show: str
    icon: str
    words: str
    more: str = ""
    url: str = ""
    risk: bool = False

    @property
    def on(self) -> date:
        """The day."""
        return self.at.date()


@dataclass(frozen=True)
class Rows:
    """What each room knows of a client, the latest first, bounded."""

    happened: list[timeline.Happened]
    meetings: list[Appointment]
    notes: list[Note]
    sheets: list[Sheet]
    alerts: list[Alert]
    steps: list[AlertStep]
    consents: list[Consent]


def rows(
    *, by: Any, client: Any, treats: bool, most: int = MOST, skip: int = 0, counted: bool = False
) -> Rows:
    """The latest ``skip + most`` of each kind; of what is clinical only where ``by`` treats.

    Args:
        counted: the meetings say how all of them went.
    """
    upto = skip + most
    of: dict[str, Any] = {"by": by, "client": client, "most": upto}
    raised = alerts.of_client(**of) if treats else []
    return Rows(
        timeline.of(**of),
        meetings.of_client(**of, counted=counted),
        notes.of_client(**of) if treats else [],
        measures.sheets_of(**of) if treats else [],
        raised,
        alerts.steps_of(by=by, alerts=raised) if raised else [],
        list(client.consents.order_by("-given_on", "pk")),
    )


def entries(found: Rows, *, show: str, most: int = MOST, skip: int = 0) -> list[Entry]:
    """At most ``most`` entries of one kind or of all, after the latest ``skip``."""
    every = [
        *_care(found.happened), *_consents(found.consents), *_sessions(found.meetings),
        *_notes(found.notes), *_measures(found.sheets), *_alerts(found.alerts, found.steps),
    ]  # fmt: skip
    chosen = [one for one in every if show in ("", one.show)]
    return sorted(chosen, key=lambda one: one.at, reverse=True)[skip : skip + most]


def _whole(day: date) -> datetime:
    return datetime.combine(day, time.max)


def _local(at: datetime) -> datetime:
    return clock.local(at).replace(tzinfo=None)


def _care(found: Iterable[timeline.Happened]) -> Iterator[Entry]:
    words_of = {
        "episode_opened": _("Episode of care opened with %(who)s"),
        "episode_closed": _("Episode of care closed: %(reason)s"),
        "joined": _("%(who)s joined the care team"),
        "left": _("%(who)s left the care team"),
        "glass": _("%(who)s opened this record by break-glass"),
        "archived": _("Archived"),
        "admitted": _("Admitted"),
    }
    icons = {"glass": "shield", "archived": "archive"}
    for one in found:
        words = words_of[one.what] % {"who": one.who, "reason": one.reason}
        yield Entry(_whole(one.on), False, "care", icons.get(one.what, "users"), words)


def _consents(found: Iterable[Consent]) -> Iterator[Entry]:
    for one in found:
        kind = one.get_kind_display()
        given = _("Consent on file: %(kind)s, version %(version)s") % {
            "kind": kind, "version": one.version,
        }  # fmt: skip
        if one.giver in informants.ROLES:
            given = _("%(consent)s, agreed by %(who)s") % {
                "consent": given, "who": informants.ROLES[one.giver],
            }  # fmt: skip
        yield Entry(_whole(one.given_on), False, "care", "check", given)
        if one.withdrawn_on is not None:
            words = _("Consent withdrawn: %(kind)s") % {"kind": kind}
            yield Entry(_whole(one.withdrawn_on), False, "care", "x", words)


def _sessions(found: Iterable[Appointment]) -> Iterator[Entry]:
    for one in found:
        words = _("%(kind)s, %(way)s, with %(who)s") % {
            "kind": one.get_kind_display(), "way": one.get_way_display(),
            "who": one.clinician.display_name,
        }  # fmt: skip
        url = reverse("desk_appointment", args=[one.pk])
        state = str(one.get_status_display())
        if one.cancelled_by:
            state = f"{state} {one.get_cancelled_by_display()}"
        if one.late:
            state = f"{state}, {_('late')}"
        words = f"{words[:1].upper()}{words[1:]}"
        yield Entry(_local(one.starts_at), True, "sessions", "calendar", words, state, url)


def _notes(found: Iterable[Note]) -> Iterator[Entry]:
    for one in found:
        words = _("Note on a contact: %(kind)s, by %(who)s") % {
            "kind": one.get_kind_display(), "who": one.author.display_name,
        }  # fmt: skip
        state = str(one.get_state_display())
        more = f"{state} · {_('late entry')}" if one.late else state
        url = reverse("desk_note", args=[one.pk])
        if one.started_at is not None:
            at, timed = _local(one.started_at) + timedelta(seconds=1), True  # after its session
        else:
            at, timed = _whole(one.happened_on), False
        yield Entry(at, timed, "notes", "pencil", words, more, url)


def _measures(found: Sequence[Sheet]) -> Iterator[Entry]:
    for row in said.rows(found):
        words = f"{row['short']}: {row['said']}"
        if row["who"]:
            words = _("%(score)s, %(answered)s") % {"score": words, "answered": row["who"]}
        more = _("corrected later") if row["replaced"] else row["change"]
        url = reverse("desk_sheet", args=[row["sheet"].pk])
        at = _local(row["sheet"].answered_at)
        yield Entry(at, True, "measures", "activity", words, more, url)


def _alerts(found: Iterable[Alert], steps: Iterable[AlertStep]) -> Iterator[Entry]:
    for one in found:
        url = reverse("desk_alert", args=[one.pk])
        state = _("acknowledged") if one.acknowledged_at else _("waits for an answer")
        words = _("An answer to look at")
        yield Entry(_local(one.raised_at), True, "alerts", "triangle-alert", words, state, url,
                    risk=one.acknowledged_at is None)  # fmt: skip
    for step in steps:
        words = _step(step)
        if words:
            url = reverse("desk_alert", args=[step.alert_id])
            yield Entry(_local(step.at), True, "alerts", "triangle-alert", words, "", url)


def _step(step: AlertStep) -> str:
    who = step.staff.display_name if step.staff else ""
    if step.what == AlertStep.What.TOLD and who:
        return _("%(who)s was told of the alert") % {"who": who}
    if step.what == AlertStep.What.PASSED_ON:
        return _("The alert was passed on")
    if step.what == AlertStep.What.ACKNOWLEDGED and who:
        return _("%(who)s acknowledged the alert") % {"who": who}
    return ""


# Since last time --------------------------------------------------------------------------


@dataclass(frozen=True)
class SinceLast:
    """What came after the last session that was kept.

    Attributes:
        day: of that session. lines: in words, each with an address or "".
    """

    day: date
    lines: list[Entry]


def since_last(found: Rows, kept: Appointment | None) -> SinceLast | None:
    """What is new since ``kept``, the last session; None where there was none yet."""
    if kept is None:
        return None
    last = _local(kept.ends_at)
    now = _local(clock.now())
    fresh = [
        one
        for one in entries(found, show="", most=10_000)
        if last < one.at <= now and one.show in NEWS and (one.risk or one.show != "alerts")
    ]
    return SinceLast(last.date(), fresh[:6])
