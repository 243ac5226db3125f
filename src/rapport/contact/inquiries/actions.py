"""Taking inquiries, keeping their log and their tasks. Checked, atomic, audited."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.meeting.types.models import AppointmentType
from rapport.people.care_team import actions as care_team
from rapport.people.care_team.models import CareTeamMember
from rapport.people.circle import actions as circle
from rapport.people.clients import actions as clients
from rapport.people.clients.models import Client
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from . import rules
from .models import Inquiry, InquiryEntry, InquiryTask, Referrer, Source
from .problems import CannotTake

__all__ = ["CannotTake", "Reach", "add_task", "beside", "change", "finish", "log", "take"]

OURS = System("inquiries")  # who asked stands in the trail with the inquiry, in the same commit
LONGEST = 2000  # characters of what is kept in words
What = InquiryEntry.What


@dataclass(frozen=True)
class Reach:
    """A number or address somebody left, and what is safe to do with it."""

    kind: str  # of Contact.Kind
    value: str
    safe_to_message: bool = False
    safe_to_text: bool = False
    safe_to_write: bool = False


@action("inquiry.take")
def take(
    *, by: Any, name: str, place: Place, now: datetime, reaches: Sequence[Reach] = (),
    preferred_name: str = "", pronouns: str = "", came_by: str = Inquiry.CameBy.PHONE,
    source: Source | None = None, referrer: Referrer | None = None, seeks: str = "",
    clinician: Staff | None = None, type: AppointmentType | None = None, way: str = "",
    responsible: Staff | None = None, received_at: datetime | None = None,
    call_on: date | None = None, once: uuid.UUID | None = None, languages: Sequence[str] = (),
    may_contact_at: datetime | None = None,
) -> Inquiry:  # fmt: skip
    """Write down who asked for help: a client with status INQUIRY, and the inquiry beside.

    Args:
        clinician: whom they would like to see; the first on the care team.
        responsible: who answers.
        call_on: a task to call back by that day.
        once: of the form it was sent with. Sent again, the first inquiry is returned.
        may_contact_at: when they said on the page that they may be answered so.

    Raises:
        CannotTake: a name, number, address or clinician that cannot be.
    """
    before = _taken_before(by, once)
    if before is not None:
        return before
    _within(seeks, "seeks")
    try:
        with audit.unit():
            client = _admitted(name, place, clinician, preferred_name, pronouns, languages, now)
            _reachable(client, reaches)
            inquiry = _beside(
                client, by=by, now=now, came_by=came_by, source=source, referrer=referrer,
                seeks=seeks, clinician=clinician, type=type, way=way, responsible=responsible,
                received_at=min(received_at or now, now), once=once,
                may_contact_at=may_contact_at,
            )  # fmt: skip
            if call_on is not None:
                _task(inquiry, by, _("Call back"), call_on, responsible, now, field="call_on")
    except IntegrityError:
        before = _taken_before(by, once)
        if before is None:
            raise
        return before
    return inquiry


def _taken_before(by: Any, once: uuid.UUID | None) -> Inquiry | None:
    """What the same form took when it was sent first."""
    if once is None:
        return None
    mine = Inquiry.objects.select_related("client").filter(once=once)
    return mine.filter(entered_by=policy.person(by)).first()


def _admitted(
    name: str, place: Place, clinician: Staff | None, preferred_name: str, pronouns: str,
    languages: Sequence[str], now: datetime,
) -> Client:  # fmt: skip
    try:
        return clients.admit(
            by=OURS, legal_name=name, preferred_name=preferred_name, pronouns=pronouns,
            place=place, clinician=clinician, status=Client.Status.INQUIRY, now=now,
            languages=list(languages),
        )  # fmt: skip
    except clients.CannotKeep as problem:
        field = "name" if problem.field == "legal_name" else problem.field
        raise CannotTake(field, str(problem)) from problem


def _reachable(client: Client, reaches: Sequence[Reach]) -> None:
    for one in reaches:
        try:
            circle.add_contact(
                by=OURS, client=client, kind=one.kind, value=one.value,
                safe_to_message=one.safe_to_message, safe_to_text=one.safe_to_text,
                safe_to_write=one.safe_to_write,
            )  # fmt: skip
        except clients.CannotKeep as problem:
            raise CannotTake(one.kind.lower(), str(problem)) from problem


def _beside(client: Client, *, by: Any, now: datetime, **given: Any) -> Inquiry:
    """The saved row beside a client."""
    inquiry = Inquiry(client=client, entered_by=policy.person(by), stage_since=now, **given)
    inquiry.save(force_insert=True)
    return inquiry


@action("inquiry.take")
def beside(
    *, by: Any, client: Client, now: datetime, came_by: str = "", source: Source | None = None,
    clinician: Staff | None = None, type: AppointmentType | None = None, way: str = "",
    stage: str = Inquiry.Stage.NEW, received_at: datetime | None = None,
    answered_at: datetime | None = None,
) -> Inquiry | None:  # fmt: skip
    """The row beside somebody who is here already with status INQUIRY; the same one again.

    What a row does not know yet is filled in; what it knows stays. Nothing for somebody who
    is a client.
    """
    if client.status != Client.Status.INQUIRY:
        return None
    came: dict[str, Any] = {"came_by": came_by, "source": source, "clinician": clinician,
                            "type": type, "way": way}  # fmt: skip
    inquiry = Inquiry.objects.select_for_update(of=("self",)).filter(client=client).first()
    if inquiry is None:
        return _beside(
            client, by=by, now=now, stage=stage, received_at=received_at or now,
            answered_at=answered_at, **came,
        )  # fmt: skip
    missing = {name: value for name, value in came.items() if value and not getattr(inquiry, name)}
    if missing and inquiry.stage == Inquiry.Stage.NEW and inquiry.stage != stage:
        missing |= {"stage": stage, "stage_since": now, "answered_at": answered_at}
    for name, value in missing.items():
        setattr(inquiry, name, value)
    if missing:
        inquiry.save(update_fields=list(missing))
    return inquiry


@action("inquiry.edit")
def change(
    *, by: Any, inquiry: Inquiry, came_by: str, source: Source | None, referrer: Referrer | None,
    seeks: str, clinician: Staff | None, type: AppointmentType | None, way: str,
    responsible: Staff | None, revision: int, now: datetime,
) -> Inquiry:  # fmt: skip
    """Another story, another person who answers, or whom they would like to see.

    Raises:
        CannotTake: too long, a clinician who is none, or somebody changed it meanwhile.
    """
    fresh = locked(inquiry)
    as_seen(fresh, revision)
    _within(seeks, "seeks")
    if clinician is not None and fresh.client.status == Client.Status.INQUIRY:
        _would_like(fresh.client, clinician, clock.local(now).date())
    given = {"came_by": came_by, "source": source, "referrer": referrer, "seeks": seeks,
             "clinician": clinician, "type": type, "way": way,
             "responsible": responsible}  # fmt: skip
    for name, value in given.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.save(update_fields=[*given, "revision"])
    return fresh


def _would_like(client: Client, clinician: Staff, on: date) -> None:
    """Put the clinician on the care team, and let go of who was there before."""
    there = CareTeamMember.objects.filter(client=client, until_on=None)
    if not there.filter(staff=clinician).exists():
        try:
            care_team.assign(
                by=OURS, client=client, staff=clinician, on=on,
                part=CareTeamMember.Part.RESPONSIBLE,
            )  # fmt: skip
        except care_team.CannotAssign as problem:
            raise CannotTake("clinician", str(problem)) from problem
    for member in there.exclude(staff=clinician):
        care_team.end(by=OURS, client=client, member=member, on=on)


@action("inquiry.log")
def log(*, by: Any, inquiry: Inquiry, what: str, words: str, now: datetime) -> InquiryEntry:
    """Add a call, a letter or a remark. The first that reaches somebody is the first answer.

    Raises:
        CannotTake: no such line, a remark without words, or too long.
    """
    if what not in LOGGED:
        raise CannotTake("what", _("Choose what happened."))
    if what == What.NOTED and not words.strip():
        raise CannotTake("words", _("Write what is to be remembered."))
    _within(words, "words")
    fresh = locked(inquiry)
    before = {"answered_at": fresh.answered_at and fresh.answered_at.isoformat()}
    if what in rules.ANSWERS and fresh.answered_at is None:
        fresh.answered_at = now
    return enter(fresh, by=by, what=what, now=now, words=words.strip(), before=before)


LOGGED = (What.SPOKE, What.NOT_REACHED, What.MESSAGE, What.WROTE, What.HEARD, What.NOTED)


@action("inquiry.log")
def add_task(
    *, by: Any, inquiry: Inquiry, words: str, due_on: date, whose: Staff | None, now: datetime
) -> InquiryTask:
    """Something to do by a day; it stands on Today from that day on.

    Raises:
        CannotTake: no words, too long, or a day that cannot be.
    """
    if not words.strip():
        raise CannotTake("words", _("Write what is to be done."))
    _within(words, "words")
    return _task(inquiry, by, words.strip(), due_on, whose, now)


def _task(
    inquiry: Inquiry, by: Any, words: str, due_on: date, whose: Staff | None, now: datetime,
    field: str = "due_on",
) -> InquiryTask:  # fmt: skip
    try:
        clock.within_limits(due_on)
    except clock.BadDate as problem:
        raise CannotTake(field, str(problem)) from problem
    task = InquiryTask(
        client=inquiry.client, inquiry=inquiry, words=words, due_on=due_on, whose=whose,
        made_at=now, made_by=policy.person(by),
    )  # fmt: skip
    task.save(force_insert=True)
    return task


@action("inquiry.log")
def finish(
    *, by: Any, inquiry: Inquiry, task: InquiryTask, done: bool, now: datetime
) -> InquiryTask:
    """Say that a task is done, or that it is not.

    Raises:
        CannotTake: another inquiry's.
    """
    if task.inquiry_id != inquiry.pk:
        raise CannotTake("task", _("This belongs to another inquiry."))
    if done != (task.done_at is not None):
        task.done_at, task.done_by = (now, policy.person(by)) if done else (None, None)
        task.save(update_fields=["done_at", "done_by"])
    return task


# What the actions of this area share ------------------------------------------------------


def locked(inquiry: Inquiry) -> Inquiry:
    """The row as it is now, held until this is done."""
    rows = Inquiry.objects.select_related("client__data_key", "client__place")
    fresh: Inquiry = rows.select_for_update(of=("self",)).get(pk=inquiry.pk)
    return fresh


def as_seen(fresh: Inquiry, revision: int) -> None:
    """Refuse what was decided on another state than there is.

    Raises:
        CannotTake: somebody changed it meanwhile.
    """
    if fresh.revision != revision:
        raise CannotTake("", _("Somebody changed this inquiry meanwhile. Look at it as it is now."))


def enter(
    fresh: Inquiry, *, by: Any, what: str, now: datetime, words: str = "",
    before: dict[str, Any] | None = None,
) -> InquiryEntry:  # fmt: skip
    """Save the inquiry, and a line of its log."""
    fresh.revision += 1
    fresh.save(update_fields=["stage", "stage_since", "why", "answered_at", "revision"])
    entry = InquiryEntry(
        client=fresh.client, inquiry=fresh, what=what, stage=fresh.stage, at=now,
        by=policy.person(by), words=words, before=before or {}, revision=fresh.revision,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def _within(words: str, field: str) -> None:
    if len(words) > LONGEST:
        raise CannotTake(field, _("Use at most %(n)s characters.") % {"n": LONGEST})
