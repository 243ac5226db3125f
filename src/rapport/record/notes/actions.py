"""Writing a note until it is signed. Every function here is checked, whole and audited."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core import vault
from rapport.core.action import action
from rapport.meeting.models import Appointment
from rapport.people.models import Client, Staff
from rapport.progress.models import Score

from . import keeping, queries, rules, scores, templates
from .models import Note, OtherDraft
from .problems import CannotWrite

Times = tuple[time | None, time | None]


@dataclass(frozen=True)
class Saved:
    """What became of words that were sent.

    Attributes:
        note: as it stands now.
        kept: where the words lie if they are not in the note; None if they are, or if there
            was nothing in them that the note does not say.
        closed: the note was signed or handed in meanwhile.
    """

    note: Note
    kept: OtherDraft | None = None
    closed: bool = False


# Opening ----------------------------------------------------------------------------------


@action("note.open")
def open_(
    *, by: Any, client: Client, now: datetime, kind: str = Note.Kind.SESSION,
    author: Staff | None = None, appointment: Appointment | None = None,
    happened_on: date | None = None, template: str = "", late: bool = False,
    once: uuid.UUID | None = None,
) -> Note:  # fmt: skip
    """The draft about a contact: the one there is, or a new one.

    There is one for each meeting and author, and one for each ``once``. A person writes as
    themself; ``author`` is for the program.

    Args:
        happened_on: today, where nothing else is said; of a meeting, its day.
        template: the form; without it the one the author used last.
        late: marks it as a late entry; one that is opened days later is one anyway.

    Raises:
        CannotWrite: the meeting is with somebody else, the day has not come yet, or the form
            was sent about somebody else.
    """
    who = by.staff or author
    if who is None:
        raise ValueError("a note needs an author")
    if (there := _there(who, client, appointment, once)) is not None:
        there.client = client
        return _settled(there, kind, appointment)
    today = clock.local(now).date()
    note = _begun(client, who, kind, appointment, happened_on or today, template)
    if appointment is not None and appointment.client_id != client.pk:
        raise CannotWrite(_("This meeting was with somebody else."))
    if note.happened_on > today:
        raise CannotWrite({"happened_on": _("This day has not come yet.")})
    note.late = late or rules.is_late(note.happened_on, today=today)
    note.once, note.created_at, note.saved_at = once, now, now
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:  # the other of two was quicker
        found = _there(who, client, appointment, once)
        if found is None:  # the form was sent about somebody else before
            raise CannotWrite(_("This was begun already. Open the list again.")) from None
        return found
    return note


def _there(
    who: Staff, client: Client, appointment: Appointment | None, once: uuid.UUID | None
) -> Note | None:
    mine = Note.objects.filter(author=who, client=client)
    found = mine.filter(once=once).first() if once else None
    if found is None and appointment is not None:
        found = mine.filter(appointment=appointment).first()
    return found


def _begun(
    client: Client, who: Staff, kind: str, appointment: Appointment | None, on: date, form: str
) -> Note:
    if kind not in Note.Kind.values:
        raise CannotWrite({"kind": _("Choose what kind of contact it was.")})
    chosen = form or queries.usual_form(who)
    if chosen not in templates.FORMS.find():
        raise CannotWrite({"template": _("Choose a form from the list.")})
    sheet = templates.get(chosen)
    note = Note(
        client=client, author=who, kind=kind, appointment=appointment, happened_on=on,
        template=sheet.id, template_version=sheet.version,
    )  # fmt: skip
    if appointment is not None:
        note.happened_on = clock.local(appointment.starts_at).date()
        _take_times(note, appointment)
    return note


def _take_times(note: Note, appointment: Appointment) -> None:
    """Start from the times of the meeting; of one that was missed there are none."""
    held = note.kind != Note.Kind.MISSED
    note.started_at = appointment.starts_at if held else None
    note.ended_at = appointment.ends_at if held else None


def _settled(note: Note, kind: str, appointment: Appointment | None) -> Note:
    """A draft in which nothing stands follows what became of the meeting."""
    untouched = note.state == Note.State.DRAFT and not any(note.sections.values())
    if appointment is not None and note.kind != kind and untouched and not note.drawn_in:
        note.kind = kind
        _take_times(note, appointment)
        note.save(update_fields=["kind", "started_at", "ended_at"])
    return note


# Writing ----------------------------------------------------------------------------------


@action("note.save")
def save(
    *, by: Any, note: Note, sections: Mapping[str, Any], revision: int, window: uuid.UUID,
    now: datetime, times: Times | None = None,
) -> Saved:  # fmt: skip
    """Keep what was written, whatever happened to the note meanwhile.

    Words that started from another revision are set aside for their author to decide, unless
    they only go on where the note stops.

    Args:
        sections: those that were sent; the others stay as they are.
        revision: that the window started from. window: an id of the open page.
        times: start and stop on the practice's clock; None leaves them as they are.

    Raises:
        CannotWrite: a text is too long, a stop lies before its start.
    """
    given = keeping.tidied(note, sections)
    aside = partial(keeping.set_aside, revision=revision, window=window, now=now)
    held = keeping.locked(note)
    full = {**held.sections, **given}
    if held.state not in queries.OPEN:
        new = any(text and text != held.sections.get(key, "") for key, text in given.items())
        return Saved(held, aside(held, full) if new else None, closed=True)
    began, ended = (held.started_at, held.ended_at) if times is None else _stretch(held, times)
    if held.revision != revision and not rules.loses_nothing(held.sections, full):
        return Saved(held, aside(held, full))
    if (full, began, ended) == (held.sections, held.started_at, held.ended_at):
        return Saved(held)
    held.sections, held.started_at, held.ended_at = full, began, ended
    return Saved(keeping.rewrite(held, now, "started_at", "ended_at"))


def _stretch(note: Note, times: Times) -> tuple[datetime | None, datetime | None]:
    """Start and stop as instants; those that are sent as they were shown stay what they are."""
    stood = note.started_at, note.ended_at
    shown = (at and clock.local(at).time().replace(second=0, microsecond=0) for at in stood)
    if times == tuple(shown):
        return stood
    try:
        return rules.stretch(note.happened_on, *times, clock.zone())
    except rules.Backwards:
        raise CannotWrite({"ended_at": _("The stop lies before the start.")}) from None


@action("note.save")
def take_over(
    *, by: Any, note: Note, other: OtherDraft, now: datetime, below: bool = False
) -> Note:
    """Decide about a second draft: its words instead of the note's, or below them.

    Raises:
        CannotWrite: the note has been signed.
    """
    held = keeping.open_draft(note)
    _same(held, other)
    stands = held.sections
    if below:
        both = {*stands, *other.sections}
        joined = {k: rules.joined(stands.get(k, ""), other.sections.get(k, "")) for k in both}
        if long := rules.too_long(joined):
            raise CannotWrite({key: keeping.too_long(joined[key]) for key in long})
        held.sections = joined
    else:
        held.sections = {**dict.fromkeys(stands, ""), **other.sections}
    vault.remove(other, by=by)
    return keeping.rewrite(held, now)


@action("note.save")
def drop(*, by: Any, note: Note, other: OtherDraft) -> Note:
    """Decide about a second draft: it goes."""
    held = keeping.locked(note)
    _same(held, other)
    vault.remove(other, by=by)
    return held


def _same(note: Note, other: OtherDraft) -> None:
    if other.note_id != note.pk:
        raise CannotWrite(_("This belongs to another note."))
    other.client = note.client


@action("note.save")
def carry_forward(*, by: Any, note: Note, keys: Iterable[str], now: datetime) -> Note:
    """Copy sections of the author's last signed note about the client into empty ones.

    Raises:
        CannotWrite: there is no such note, or the note has been signed.
    """
    held = keeping.open_draft(note)
    last = queries.last_signed(client=held.client, author=held.author, besides=held)
    if last is None:
        raise CannotWrite(_("There is no signed note to carry words forward from."))
    offered = {h.key for h in templates.get(held.template).headings if "last" in h.fill}
    wanted = [key for key in keys if key in offered and not held.sections.get(key, "").strip()]
    copied = {key: last.sections[key] for key in wanted if last.sections.get(key)}
    if not copied:
        return held
    held.sections = {**held.sections, **copied}
    return keeping.rewrite(held, now)


@action("note.save")
def draw_in(*, by: Any, note: Note, score: Score, now: datetime) -> Note:
    """Put a score into the note as it stands; what becomes of it later changes no note.

    Raises:
        CannotWrite: it is of somebody else, or the note has been signed.
    """
    held = keeping.open_draft(note)
    if score.client_id != held.client_id:
        raise CannotWrite(_("This score is of somebody else."))
    if any(one["score"] == str(score.pk) for one in held.drawn_in):
        return held
    held.drawn_in = [*held.drawn_in, scores.frozen(score)]
    return keeping.rewrite(held, now, "drawn_in")


@action("note.save")
def take_out(*, by: Any, note: Note, drawn: str, now: datetime) -> Note:
    """Take a score out of the note again; ``drawn`` is the score's id."""
    held = keeping.open_draft(note)
    left = [one for one in held.drawn_in if one["score"] != drawn]
    if len(left) == len(held.drawn_in):
        return held
    held.drawn_in = left
    return keeping.rewrite(held, now, "drawn_in")


@action("note.save")
def change_template(*, by: Any, note: Note, template: str, now: datetime) -> Note:
    """Go on in another form. Words that it has no place for stand below its first section.

    Raises:
        CannotWrite: no such form, or the note has been signed.
    """
    held = keeping.open_draft(note)
    if template not in templates.FORMS.find():
        raise CannotWrite({"template": _("Choose a form from the list.")})
    if template == held.template:
        return held
    old, new = templates.get(held.template), templates.get(template)
    labels = {key: old.label(key) for key in held.sections}
    refitted = rules.refitted(held.sections, new.keys, labels)
    if long := rules.too_long(refitted):
        raise CannotWrite({"template": keeping.too_long(refitted[long[0]])})
    held.sections, held.template, held.template_version = refitted, new.id, new.version
    return keeping.rewrite(held, now, "template", "template_version")


@action("note.discard")
def discard(*, by: Any, note: Note) -> Note:
    """Throw a draft away, with its second keeping. What was signed or returned stays.

    Raises:
        CannotWrite: it is no draft any more.
    """
    held = keeping.locked(note)
    if held.state != Note.State.DRAFT:
        raise CannotWrite(_("Only a draft that was never handed in can be thrown away."))
    for other in queries.others(held):
        vault.remove(other, by=by)
    vault.remove(held, by=by)
    return held
