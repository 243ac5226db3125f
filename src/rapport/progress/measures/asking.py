"""Putting questionnaires to a client: once, or by a standing rule; several in one sitting."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy, tokens
from rapport.core.action import action
from rapport.core.events import announce
from rapport.core.library import NotInLibrary
from rapport.core.policy import System
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client

from ..events import MeasureAsked
from ..informants import queries as informants
from ..informants.models import Informant
from ..packs import queries as packs
from ..schedules import rules as schedules
from . import instruments, left, links, rules, tongues
from .models import Ask, Asked, Occasion

BY = System("measures")
WITH_LINK = (Asked.Way.LINK, Asked.Way.DESK)


class CannotAsk(Exception):
    """It cannot be asked so. ``field`` names what to change; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Put:
    """What was put to the client, and the path of its link, which is stored nowhere.

    One link opens a whole sitting; it is the first one's. The others' is empty.
    """

    asked: Asked
    path: str


@action("measure.ask")
def ask(
    *, by: Any, client: Client, instruments: Sequence[str], way: str, now: datetime,
    appointment: Appointment | None = None, send: bool = False, language: str = "",
) -> list[Put]:  # fmt: skip
    """Put one or several questionnaires to ``client``.

    Args:
        instruments: library ids. way: by link, in the portal or at the desk.
        appointment: a session they are for; they can be answered until it ends.
        send: announce MeasureAsked, so that the client is told.
        language: of the words; empty is the client's, where there are none the practice's.

    Raises:
        CannotAsk: no such questionnaire, one that still waits, no such way to the client, or
            one that has no words in the language.
    """
    if not instruments:
        raise CannotAsk("instruments", _("Choose at least one."))
    _reachable(client, way)
    if appointment is not None and appointment.client_id != client.pk:
        raise CannotAsk("appointment", _("This session is another client's."))
    waiting = client.asked.filter(
        state=Asked.State.OPEN, expires_at__gt=now, informant=None, in_interview=False
    )
    if waiting.filter(instrument__in=instruments).exists():
        raise CannotAsk(
            "instruments",
            _("It was asked already and still waits. Withdraw that one, or make a new link."),
        )
    names = list(dict.fromkeys(instruments))
    in_words(names, client, language)
    return sitting(by, client, names, way, now, appointment, send=send, language=language)


def in_words(names: Sequence[str], client: Client | None, language: str) -> None:
    """Look whether there are words in a language that was chosen, for ``client`` or anybody.

    Raises:
        CannotAsk: there are none of one of these, or there is no such questionnaire.
    """
    for name in names if language else ():
        item = known(name, client)
        if language not in item.words:
            raise CannotAsk(
                "language",
                _("There are no words of %(form)s in this language. Choose another, or ask it by "
                  "itself.") % {"form": item.content.short},
            )  # fmt: skip


def _reachable(client: Client, way: str) -> None:
    if client.is_together:
        raise CannotAsk("instruments", _("Ask each person on their own page."))
    if way not in Asked.Way.values:
        raise CannotAsk("way", _("Choose one from the list."))
    if way == Asked.Way.PORTAL and (client.account is None or not client.account.is_active):
        raise CannotAsk("way", _("This client has no access to the portal."))


def sitting(
    by: Any, client: Client, names: Sequence[str] | Mapping[str, Ask], way: str, now: datetime,
    appointment: Appointment | None = None, *, informant: Informant | None = None,
    calls: str = "", send: bool, language: str = "",
) -> list[Put]:  # fmt: skip
    """Put them to the client, to be answered one after the other; told of once.

    Args:
        names: library ids; with the rule that asks for each, where one does.
        informant, calls: who is asked about the client instead, and what they call them.
        language: of the words; else the rule's, else the client's.
    """
    together = uuid.uuid4() if len(names) > 1 else None
    of: Mapping[str, Ask] = names if isinstance(names, Mapping) else {}
    expires = rules.expires(now=now, session_ends=appointment.ends_at if appointment else None)
    if of:
        expires = now + schedules.open_for(one.occasion for one in of.values())
    spoken = tongues.of(client)
    made = [
        _put(
            by, client, name, way, now, appointment, (together, part), expires, of.get(name),
            (language, spoken), informant=informant, calls=calls or None,
        )
        for part, name in enumerate(names, 1)
    ]  # fmt: skip
    if send and made:
        announce(MeasureAsked(made[0].asked.pk))
    return made


def _put(
    by: Any, client: Client, name: str, way: str, now: datetime,
    appointment: Appointment | None, place: tuple[uuid.UUID | None, int], expires: datetime,
    rule: Ask | None, words: tuple[str, list[str]], **about: Any,
) -> Put:  # fmt: skip
    item, (together, part), (language, spoken) = known(name, client), place, words
    wanted = language or (rule.language if rule is not None else "")
    token, digest = tokens.made() if way in WITH_LINK and part == 1 else ("", None)
    asked = Asked.objects.create(
        client=client,
        appointment=appointment,
        instrument=item.id,
        version=item.content.version,
        language=rules.asked_in(wanted, spoken, item.words),
        way=way,
        sitting=together,
        part=part,
        token=digest,
        asked_by=policy.person(by),
        asked_at=now,
        expires_at=expires,
        rule=rule,
        **about,
    )
    return Put(asked, links.path(token) if token else "")


def known(name: str, client: Client | None = None) -> Any:
    """The questionnaire called ``name``, as ``client``, or anybody, can be asked it now.

    Raises:
        CannotAsk: there is none, it is retired, it is another client's own, its words are in
            a pack that nobody accepted, or it is an interview.
    """
    try:
        item = instruments.askable(name) if instruments.open_to(name, client) else None
    except NotInLibrary:
        item = None
    if item is None:
        raise CannotAsk("instruments", _("Choose from the list."))
    if not packs.may_ask(item.id):
        raise CannotAsk(
            "instruments",
            _("The conditions of %(form)s are not accepted. An owner does that on the page of the "
              "practice, under Questionnaires on conditions.") % {"form": item.content.short},
        )  # fmt: skip
    if item.content.spoken:
        raise CannotAsk(
            "instruments",
            _("%(form)s is an interview: nobody is left alone with it. Ask its questions "
              "yourself, under Interview.") % {"form": item.content.short},
        )  # fmt: skip
    return item


@action("measure.ask")
def new_link(*, by: Any, client: Client, asked: Asked, now: datetime) -> Put:
    """Another link for what waits, and for what is answered in one go with it; the one before
    stops working. Late ones get a week more.

    Raises:
        CannotAsk: it is not asked by link, was answered or withdrawn, or is asked of somebody
            else and the client does not agree to that any more.
    """
    row = _locked(client, asked)
    still_agreed(row)
    if row.way not in WITH_LINK or row.in_interview:
        raise CannotAsk("way", _("This one waits in the portal and needs no link."))
    token, digest = tokens.made()
    if row.expires_at <= now:
        row.expires_at = rules.expires(now=now)
    if row.sitting is not None:
        together = Asked.objects.filter(sitting=row.sitting)
        together.update(token=None)
        together.filter(state=Asked.State.OPEN).update(expires_at=row.expires_at)
    row.token = digest
    row.save(update_fields=["token", "expires_at"])
    return Put(row, links.path(token))


@action("measure.ask")
def withdraw(*, by: Any, client: Client, asked: Asked, now: datetime) -> Asked:
    """Ask it no longer: the link stops working, answers that were not handed in are gone.

    A risky one among them that nobody has seen raises its alert first.

    Raises:
        CannotAsk: it was answered or withdrawn meanwhile.
    """
    return withdrawn(_locked(client, asked), now)


def _locked(client: Client, asked: Asked) -> Asked:
    rows = Asked.objects.select_for_update(of=("self",)).select_related("client__data_key")
    row = rows.get(pk=asked.pk, client=client)
    if row.state == Asked.State.ANSWERED:
        raise CannotAsk("instruments", _("It was answered meanwhile."))
    if row.state == Asked.State.WITHDRAWN:
        raise CannotAsk("instruments", _("It was withdrawn before."))
    return row


def still_agreed(row: Ask | Asked) -> None:
    """Where somebody else is asked, look whether that is still agreed to.

    Raises:
        CannotAsk: it is not.
    """
    if row.informant_id is not None and not informants.agreed(row.client_id):
        raise CannotAsk("way", _("The consent to asking other people was withdrawn."))


def withdrawn(row: Asked, now: datetime) -> Asked:
    """A locked ``row`` that is asked no longer; what was risky in it is looked at first."""
    left.look_through(row, now=now)
    row.state, row.closed_at, row.draft = Asked.State.WITHDRAWN, now, {}
    row.save(update_fields=["state", "closed_at", "looked_at", "draft", "appointment"])
    return row


# Before each session ----------------------------------------------------------------------


@action("measure.ask")
def set_rule(
    *, by: Any, client: Client, instruments: Sequence[str], hours_before: int = 24,
    every_days: int | None = None, now: datetime, informant: Informant | None = None,
    calls: str = "", language: str = "",
) -> list[Ask]:  # fmt: skip
    """From now on, ask these before each session. What stands already is kept as it is set now.

    Args:
        every_days: ask by the calendar instead, so many days apart and at once the first time.
        informant, calls: as for ``sitting``. language: as for ``ask``.

    Raises:
        CannotAsk: as for ``ask``, or hours or days there are not.
    """
    if client.is_together:
        raise CannotAsk("instruments", _("Ask each person on their own page."))
    if not instruments:
        raise CannotAsk("instruments", _("Choose at least one."))
    if hours_before not in rules.HOURS_BEFORE:
        raise CannotAsk("hours_before", _("Choose one from the list."))
    if every_days is not None and every_days not in rules.EVERY_DAYS:
        raise CannotAsk("every_days", _("Choose one from the list."))
    in_words(instruments, client, language)
    standing, by_calendar = [], every_days is not None
    for name in dict.fromkeys(instruments):
        rule, _made = Ask.objects.update_or_create(
            client=client, instrument=known(name, client).id, informant=informant, ended_at=None,
            occasion__in=[Occasion.SESSION, Occasion.DAYS],
            defaults={"hours_before": hours_before, "set_at": now, "every_days": every_days,
                      "next_at": now if by_calendar else None,
                      "occasion": Occasion.DAYS if by_calendar else Occasion.SESSION,
                      "set_by": policy.person(by), "calls": calls or None, "language": language},
        )  # fmt: skip
        standing.append(rule)
    return standing


@action("measure.ask")
def end_rule(*, by: Any, client: Client, rule: Ask, now: datetime) -> Ask:
    """Ask it by itself no more. What was asked already can still be answered."""
    standing = Ask.objects.filter(pk=rule.pk, client=client, ended_at=None)
    standing.update(ended_at=now, ended_why="")
    rule.ended_at = now
    return rule


def is_known(name: str, client: Client | None = None) -> bool:
    """One that can be asked no more keeps the others from nothing."""
    try:
        return known(name, client) is not None
    except CannotAsk:
        return False


def way_to(client: Client) -> Asked.Way:
    """In the portal for whoever uses it, else by link."""
    account = client.account
    inside = account is not None and account.is_active and account.last_login is not None
    return Asked.Way.PORTAL if inside else Asked.Way.LINK
