"""What a message says: a day and a time, and nothing else unless the client chose so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from rapport.core import time as clock
from rapport.core.policy import Words
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client
from rapport.people.practice import queries as practices

from ..calendars import feeds, writing
from ..channels import Message
from ..notices import letters
from . import links, queries
from .models import Delivery, Does, Kind, Preference

SUBJECT: dict[str, Words] = {
    Kind.REMINDER: gettext_lazy("Reminder"),
    Kind.BOOKED: gettext_lazy("A time for you"),
    Kind.MOVED: gettext_lazy("Another time"),
    Kind.CANCELLED: gettext_lazy("Called off"),
}
SAYS: dict[str, Words] = {
    Kind.REMINDER: gettext_lazy("Reminder: %(when)s"),
    Kind.BOOKED: gettext_lazy("Noted for you: %(when)s"),
    Kind.MOVED: gettext_lazy("The new time is: %(when)s"),
    Kind.CANCELLED: gettext_lazy("This does not take place: %(when)s"),
}
HOME = "/portal/"  # says nothing; what waits stands there
LINKS: dict[str, Words] = {
    Does.CONFIRM: gettext_lazy("Confirm"),
    Does.CANCEL: gettext_lazy("Call it off"),
    Does.MOVE: gettext_lazy("Another time"),
}


def written(
    row: Delivery, *, to: str, client: Client, appointment: Appointment, own: Preference,
    offered: Sequence[str], now: datetime,
) -> Message:  # fmt: skip
    """The message of ``row`` in the client's language.

    Args:
        offered: what links may do, of Does.
    """
    practice = practices.current()
    language = queries.language(client, dict(settings.LANGUAGES))
    with translation.override(language):
        lines = [str(SAYS[row.kind]) % {"when": when(row.starts_at, own)}]
        if own.says == Preference.Says.CLINICIAN and appointment.clinician_id is not None:
            lines.append(appointment.clinician.display_name)
        if own.says != Preference.Says.NEUTRAL and practice is not None:
            lines.append(practice.name)
        pairs = [
            (str(LINKS[does]), letters.address(links.path(row.pk, does, language)))
            for does in _useful(row, appointment, offered)
        ]
        return Message(
            id=row.pk, to=to, subject=str(SUBJECT[row.kind]), words="\n".join(lines),
            language=language, now=now, links=tuple(pairs),
            sign=practice.discreet_name if practice else "",
            file=_file(appointment, client) if own.with_file else b"",
        )  # fmt: skip


def daily(row: Delivery, *, to: str, client: Client, now: datetime) -> Message:
    """A daily reminder: that one asked for it, and nothing of what it is about."""
    practice, language = practices.current(), queries.language(client, dict(settings.LANGUAGES))
    with translation.override(language):
        return Message(
            id=row.pk, to=to, subject=str(SUBJECT[Kind.REMINDER]),
            words=_("You asked to be reminded at this time."), language=language, now=now,
            links=((_("See what it is"), letters.address(HOME)),),
            sign=practice.discreet_name if practice else "",
        )  # fmt: skip


def _file(appointment: Appointment, client: Client) -> bytes:
    """The meeting as it is now; the same entry in a calendar each time it is told of."""
    return writing.text([writing.entry(appointment, feeds.title_for(client))])


def when(at: datetime, own: Preference | None) -> str:
    """Day and time on the client's wall; the zone is named where the practice's shows another."""
    local, here = at.astimezone(queries.zone_of(own)), clock.local(at)
    form = pgettext("how a weekday is written", "l, j F")
    said = {
        "day": date_format(local, form), "time": time_format(local, "TIME_FORMAT"),
        "zone": own.zone if own else "",
    }  # fmt: skip
    if local.replace(tzinfo=None) == here.replace(tzinfo=None):
        return _("%(day)s, %(time)s") % said
    return _("%(day)s, %(time)s (%(zone)s)") % said


def _useful(row: Delivery, appointment: Appointment, offered: Sequence[str]) -> list[Any]:
    if row.kind == Kind.CANCELLED:
        return []
    done = {Does.CONFIRM} if appointment.confirmed_at is not None else set()
    return [does for does in Does if does in offered and does not in done]
