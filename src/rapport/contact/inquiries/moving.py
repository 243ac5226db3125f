"""From stage to stage, to a client, and back again. Checked, atomic, audited."""

import uuid
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events, vault
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.care_team import actions as care_team
from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients import actions as clients
from rapport.people.clients.models import Client
from rapport.people.episodes import actions as episodes
from rapport.people.episodes.models import Episode
from rapport.people.events import CareTeamChanged
from rapport.people.staff.models import Staff
from rapport.record.models import Note

from .actions import OURS, as_seen, enter, locked
from .models import Inquiry, InquiryEntry, Referral
from .problems import CannotTake

Stage, What = Inquiry.Stage, InquiryEntry.What
BY_HAND = (Stage.NEW, Stage.CALLED, Stage.CONSULTATION, Stage.FIT, Stage.OFFERED, Stage.CLOSED)
"""Stages chosen by a button; the others come with a deed of their own."""


@action("inquiry.move")
def move(
    *, by: Any, inquiry: Inquiry, stage: str, revision: int, now: datetime, why: str = ""
) -> Inquiry:
    """On to another stage, back to an earlier one, or closed with a reason.

    Raises:
        CannotTake: no such stage, closed without a reason, care has begun, or somebody
            changed it meanwhile.
    """
    fresh = locked(inquiry)
    why = why if stage == Stage.CLOSED else ""
    if (fresh.stage, fresh.why) == (stage, why):
        return fresh  # sent twice
    if stage not in BY_HAND:
        raise CannotTake("stage", _("Choose one of the stages."))
    if stage == Stage.CLOSED and why not in Inquiry.Why.values:
        raise CannotTake("why", _("Choose why it is closed."))
    as_seen(fresh, revision)
    if fresh.stage == Stage.STARTED:
        raise CannotTake("", _("Care has begun. Undo that first."))
    before = as_it_was(fresh)
    became(fresh, stage, now, why=why)
    if fresh.answered_at is None and stage not in (Stage.NEW, Stage.CLOSED):
        fresh.answered_at = now
    enter(fresh, by=by, what=What.MOVED, now=now, before=before)
    return fresh


@action("inquiry.move")
def answered(*, by: Any, client: Client, booked: bool, now: datetime) -> Inquiry | None:
    """Somebody new hears of the time they asked for; where it is theirs, they come to consult.

    None for somebody who is a client, or whose inquiry has gone further already.
    """
    rows = Inquiry.objects.select_for_update(of=("self",)).filter(client=client)
    fresh = rows.filter(stage__in=(Stage.NEW, Stage.CALLED)).first()
    if fresh is None or not booked and fresh.answered_at is not None:
        return None
    before = as_it_was(fresh)
    fresh.client, fresh.answered_at = client, fresh.answered_at or now
    if booked:
        became(fresh, Stage.CONSULTATION, now)
    enter(fresh, by=by, what=What.MOVED if booked else What.WROTE, now=now, before=before)
    return fresh


@action("inquiry.start")
def start(
    *, by: Any, inquiry: Inquiry, clinician: Staff, on: date, revision: int, now: datetime,
    status: str = Client.Status.ACTIVE, problem: str = "", modality: str = "",
    referral_source: str = "",
) -> Inquiry:  # fmt: skip
    """Turn whoever asked into a client: an episode of care, and the clinician who carries it.

    Everything that is known stays. Whoever was on the care team only because they were
    wished for leaves it.

    Raises:
        CannotTake: a clinician, day or status that cannot be, already a client, or somebody
            changed it meanwhile.
    """
    fresh = locked(inquiry)
    if fresh.stage == Stage.STARTED:
        return fresh  # sent twice
    as_seen(fresh, revision)
    client = Client.objects.select_for_update(of=("self",)).get(pk=fresh.client_id)
    if client.status != Client.Status.INQUIRY:
        raise CannotTake("", _("This person is a client already."))
    if status not in (Client.Status.ACTIVE, Client.Status.WAITING):
        raise CannotTake("status", _("Choose one of the list."))
    before = as_it_was(fresh)
    before |= _carried_by(client, clinician, clock.local(now).date())
    try:
        episode = episodes.open_(
            by=OURS, client=client, responsible=clinician, on=on, problem=problem,
            modality=modality, referral_source=referral_source,
            first_contact_on=min(clock.local(fresh.received_at).date(), on),
        )  # fmt: skip
    except episodes.CannotOpen as trouble:
        field = "clinician" if trouble.field == "responsible" else trouble.field
        raise CannotTake(field, str(trouble)) from trouble
    _become(client, status, now)
    fresh.client = client
    became(fresh, Stage.STARTED, now)
    fresh.answered_at = fresh.answered_at or now
    enter(fresh, by=by, what=What.MOVED, now=now, before=before | {"episode": str(episode.pk)})
    return fresh


def _carried_by(client: Client, clinician: Staff, on: date) -> dict[str, Any]:
    """Make the clinician the one who carries it; what undoes that."""
    there = list(CareTeamMember.objects.filter(client=client, until_on=None))
    joined = []
    if clinician.pk not in {member.staff_id for member in there}:
        try:
            joined = [care_team.assign(by=OURS, client=client, staff=clinician, on=on,
                                       part=CareTeamMember.Part.RESPONSIBLE)]  # fmt: skip
        except care_team.CannotAssign as problem:
            raise CannotTake("clinician", str(problem)) from problem
    left = [member for member in there if member.staff_id != clinician.pk]
    for member in left:
        care_team.end(by=OURS, client=client, member=member, on=on)
    return {"joined": [str(one.pk) for one in joined], "left": [str(one.pk) for one in left]}


def _become(client: Client, status: str, now: datetime) -> None:
    """Another status; everything else that is known stays as it is."""
    names = ("legal_name", "preferred_name", "pronouns", "birth_on", "languages", "place",
             "address", "remark")  # fmt: skip
    known = {name: getattr(client, name) for name in names}
    clients.change(by=OURS, client=client, status=status, now=now, **known)


@action("inquiry.undo")
def undo(*, by: Any, inquiry: Inquiry, revision: int, now: datetime) -> Inquiry:
    """Take back the last step: the inquiry is again where it was, a client an inquiry.

    Raises:
        CannotTake: nothing to take back, care went on since, or somebody changed it meanwhile.
    """
    fresh = locked(inquiry)
    last = InquiryEntry.objects.filter(inquiry=fresh, revision=fresh.revision).first()
    if last is not None and last.what == What.TAKEN_BACK and fresh.revision == revision + 1:
        return fresh  # sent twice
    as_seen(fresh, revision)
    if last is None or last.what != What.MOVED:
        raise CannotTake("", _("There is nothing to take back."))
    before, now_is = last.before, as_it_was(fresh)
    if "episode" in before:
        _never_began(fresh, before, now)
    if "referral" in before:
        for referral in Referral.objects.filter(inquiry=fresh, pk=before["referral"]):
            vault.remove(referral, by=by)
    since = datetime.fromisoformat(before["stage_since"])
    became(fresh, before["stage"], since, why=before["why"])
    answered = before["answered_at"]
    fresh.answered_at = datetime.fromisoformat(answered) if answered else None
    enter(fresh, by=by, what=What.TAKEN_BACK, now=now, before=now_is)
    return fresh


def _never_began(fresh: Inquiry, before: dict[str, Any], now: datetime) -> None:
    """The client is an inquiry again, with the care team there was.

    Raises:
        CannotTake: somebody worked with the client since.
    """
    client = Client.objects.select_for_update(of=("self",)).get(pk=fresh.client_id)
    episode = Episode.objects.filter(client=client, pk=uuid.UUID(before["episode"])).first()
    if episode is None or episode.closed_on is not None or _worked_with(client, fresh.stage_since):
        raise CannotTake("", _("Care went on since. Change the client's status instead."))
    episode.delete()
    _become(client, Client.Status.INQUIRY, now)
    members = CareTeamMember.objects.filter(client=client)
    members.filter(pk__in=before["left"]).update(until_on=None)
    members.filter(pk__in=before["joined"]).delete()
    events.announce(CareTeamChanged(client.pk))
    fresh.client = client


def _worked_with(client: Client, since: datetime) -> bool:
    """Whether care went on since then: another episode, a meeting, a note, the end of care."""
    settled = client.appointments.filter(status__in=("KEPT", "MISSED"), settled_at__gte=since)
    return (
        client.status == Client.Status.DISCHARGED
        or client.episodes.count() > 1
        or settled.exists()
        or Note.objects.filter(client=client, created_at__gte=since).exists()
    )


def as_it_was(inquiry: Inquiry) -> dict[str, Any]:
    """What is needed to undo a step: codes and instants."""
    return {
        "stage": inquiry.stage, "why": inquiry.why,
        "stage_since": inquiry.stage_since.isoformat(),
        "answered_at": inquiry.answered_at and inquiry.answered_at.isoformat(),
    }  # fmt: skip


def became(fresh: Inquiry, stage: str, now: datetime, why: str = "") -> None:
    """Set the stage; saved by ``enter``."""
    fresh.stage, fresh.why, fresh.stage_since = stage, why, now
