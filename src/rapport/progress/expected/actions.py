"""Keeping what a night learned, looking at a score that arrived, and saying what was done."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.library import NotInLibrary
from rapport.people.clients.models import Client

from ..alerts import queries as alerts
from ..alerts import rules as holding
from ..chosen import queries as chosen
from ..measures import alone, instruments
from ..measures.models import Score, Sheet
from . import queries, rules
from .models import Fit, Signal, SignalStep, Step

State = Signal.State


class CannotRecord(Exception):
    """The step cannot be recorded like that. ``field`` names what; the message is safe."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("expected.learn")
def keep(
    *, by: Any, instrument: str, version: int, found: Mapping[str, Any], now: datetime
) -> Fit:  # fmt: skip
    """Write down what was learned, in place of what was there; or only that it failed.

    Args:
        found: what ``learning.learned`` gave, or ``failed`` with a code of ``Fit.Failed``.
    """
    if "failed" in found:
        failed = {"failed_at": now, "failed_as": found["failed"]}
        fit, _new = Fit.objects.update_or_create(
            instrument=instrument, defaults=failed, create_defaults=failed | {"version": version}
        )
        return fit
    nothing = {"episodes": 0, "scores": 0, "near": {}, "singular": [], "course": None,
               "at_intake": None, "so_far": None, "planned": None, "quality": None}  # fmt: skip
    fresh = {"version": version, "learned_at": now, "failed_at": None, "failed_as": ""}
    fit, _new = Fit.objects.update_or_create(
        instrument=instrument, defaults=nothing | dict(found) | fresh
    )
    return fit


def look(*, by: Any, sheet_id: uuid.UUID, now: datetime) -> list[Signal]:
    """See what a sheet's scores give reason for, now that it arrived or was corrected.

    Only the latest score of the care that goes on raises a signal; what an earlier one said is
    history. Done twice it changes nothing.

    Returns:
        Signals of the latest score that are open: one, or of a form without a total one a part.
    """
    sheet = Sheet.objects.select_related("client").filter(pk=sheet_id).first()
    if sheet is None or sheet.informant_id is not None:  # purged meanwhile; or another's answers
        return []
    try:
        form = chosen.item(instruments.get(sheet.instrument)).content
    except NotInLibrary:
        return []
    measured = list(alone.names(form)) or [form.id]
    found = (look_at(by=by, sheet=sheet, measure=name, now=now) for name in measured)
    return [one for one in found if one is not None]


@action("signal.raise")
def look_at(*, by: Any, sheet: Sheet, measure: str, now: datetime) -> Signal | None:
    """The same of one measure: a questionnaire with a total, or a part of one that has none."""
    client, form = sheet.client, chosen.item(instruments.get(measure)).content
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    theirs = Signal.objects.filter(client=client, instrument=form.id)
    theirs.filter(score__sheet__replaced_by__isnull=False).exclude(
        state__in=(State.DONE, State.WITHDRAWN)
    ).update(state=State.WITHDRAWN, ended_at=now)
    there = queries.standing(client_id=client.pk, form=form, scores=Score.objects.all())
    if there is None:
        return None
    found = _reasons(there)
    last = there.series.last
    before = theirs.exclude(score=last.id).filter(state=State.OPEN)
    standing = theirs.filter(score=last.id).first()
    if not found:
        if standing is not None and standing.is_open:
            _end(standing, State.WITHDRAWN, now)
        before.filter(level=Signal.Level.AMBER).update(state=State.EASED, ended_at=now)
        return None
    signal = standing or Signal(
        client=client, score_id=last.id, instrument=form.id, at=last.at, raised_at=now,
        owner_id=_owner(client),
    )  # fmt: skip
    if standing is not None and standing.state not in (State.OPEN, State.WITHDRAWN):
        return None
    by_bands = any(one.ground == "model" for one in found) or _has_band(there)
    signal.level = Signal.Level.RED if any(one.again for one in found) else Signal.Level.AMBER
    signal.reasons = [one.as_data() for one in found]
    signal.prorated = there.series.prorated
    signal.learned_at = there.fit.learned_at if by_bands and there.fit is not None else None
    signal.state, signal.ended_at = State.OPEN, None
    signal.save()
    before.update(state=State.FOLLOWED, ended_at=now)
    return signal


def _has_band(there: queries.Standing) -> bool:
    from rapport.science.growth.signals import enough  # noqa: PLC0415  NumPy, for a score alone

    fit = there.fit
    return not there.why and fit is not None and enough(
        episodes=fit.episodes, in_band=there.near
    )  # fmt: skip


def _reasons(there: queries.Standing) -> list[rules.Reason]:
    from . import judging  # noqa: PLC0415  NumPy, for a score alone

    about = planned = None
    if not there.why and there.fit is not None:
        about = judging.known(there.fit, there.series.intake.total, there.near)
        planned = there.fit.planned
    scale = rules.scale_of(there.form)
    found = judging.reasons(there.series, scale, about=about, planned=planned)
    return rules.reasons([one.as_data() for one in found])


def _owner(client: Client) -> uuid.UUID | None:
    """Whom it is for: the responsible clinician, or who comes next on the care team."""
    team = [holding.Part(one.staff_id, one.part, one.from_on)
            for one in alerts.team_of(client, clock.today())]  # fmt: skip
    return holding.holders(team, stand_in=None).owner


def _end(signal: Signal, state: str, now: datetime) -> None:
    signal.state, signal.ended_at = state, now
    signal.save(update_fields=["state", "ended_at"])


@action("signal.record")
def record(
    *, by: Any, signal: Signal, what: str, words: str, now: datetime,
    once: uuid.UUID | None = None,
) -> SignalStep:  # fmt: skip
    """Write down what was done about a signal; with that it needs no further look.

    Args:
        once: of the form it was sent with. The same sent again is the step that stands;
            changed, or taken back meanwhile, it is another one.

    Raises:
        CannotRecord: no code of Step, or "nothing changed" without a reason.
    """
    if what not in Step.values:
        raise CannotRecord("what", _("Choose one from the list."))
    if what == Step.NOTHING and not words.strip():
        raise CannotRecord("words", _("Write in a sentence why nothing changes."))
    Signal.objects.select_for_update(no_key=True).only("pk").get(pk=signal.pk)
    sent = {"what": what, "words": words.strip()}
    if once and (there := _sent_before(signal, once, sent)) is not None:
        return there
    step = SignalStep.objects.create(
        client=signal.client, signal=signal, staff=by.staff, at=now, once=once, **sent
    )
    if Signal.objects.filter(pk=signal.pk, state=State.OPEN).update(state=State.DONE, ended_at=now):
        signal.state, signal.ended_at = State.DONE, now
    return step


def _sent_before(signal: Signal, once: uuid.UUID, sent: Mapping[str, str]) -> SignalStep | None:
    stands = SignalStep.objects.filter(signal=signal, once=once, undone_at=None)
    same = (one for one in stands.select_related("client__data_key")
            if (one.what, one.words) == (sent["what"], sent["words"]))  # fmt: skip
    return next(same, None)


@action("signal.record")
def undo(*, by: Any, signal: Signal, step: SignalStep, now: datetime) -> SignalStep:
    """Take back a step that was recorded by mistake; it stays in the history, marked.

    The signal is to be looked at again where no other step stands and no later signal does.

    Raises:
        CannotRecord: it is somebody else's, of another day, or was taken back before.
    """
    mine = by.staff is not None and step.staff_id == by.staff.pk
    if step.signal_id != signal.pk or not rules.may_undo(
        recorded_on=clock.local(step.at).date(), today=clock.local(now).date(), mine=mine,
        undone=step.undone_at is not None,
    ):  # fmt: skip
        raise CannotRecord(
            "step",
            _("A step can be taken back on the day it was recorded, by whoever recorded it. "
              "Record another one that says what is right."),
        )  # fmt: skip
    SignalStep.objects.filter(pk=step.pk).update(undone_at=now)
    step.undone_at = now
    left = SignalStep.objects.filter(signal=signal, undone_at=None).exists()
    if not left and signal.state == State.DONE:
        later = Signal.objects.filter(
            client=signal.client_id, instrument=signal.instrument, at__gt=signal.at
        ).exclude(state=State.WITHDRAWN)
        if later.exists():
            _end(signal, State.FOLLOWED, now)
        else:
            signal.state, signal.ended_at = State.OPEN, None
            signal.save(update_fields=["state", "ended_at"])
    return step
