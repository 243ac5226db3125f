"""A signed note on paper: what is printed, and the seals by which it is checked."""

from datetime import UTC, datetime
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from rapport.core import prose, regions
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.library import NotInLibrary
from rapport.core.press import pdf
from rapport.people.models import Client, Staff
from rapport.people.practice import queries as practice
from rapport.record.press import (
    NOTE,
    Addendum,
    Chart,
    Paper,
    Score,
    Seal,
    Section,
    Signature,
    Words,
)

from . import models as rows
from . import queries, reading, scores
from .problems import CannotSign

CHECK = "rapport verify"


@action("note.print")
def printed(*, by: Any, note: rows.Note, chart: Chart | None = None) -> bytes:
    """The signed note as a PDF, in the reader's language.

    Args:
        chart: a picture of the scores that were drawn in; it is no part of what was sealed.

    Raises:
        CannotSign: it is not signed; a draft is not printed.
    """
    if note.state != rows.Note.State.SIGNED:
        raise CannotSign(_("Only a signed note is printed."))
    made = paper(note)
    if chart is not None:
        made["chart"] = chart
    return pdf(NOTE, made)


def paper(note: rows.Note) -> Paper:
    """Everything that stands on the pages of a signed note."""
    here, added = practice.current(), queries.addenda(note)
    place = note.client.place
    where = "\n".join(part for part in (place.name, place.address) if part)
    made = Paper(
        lang=translation.get_language() or "en",
        dir="rtl" if translation.get_language_bidi() else "ltr",
        paper=_size(here.country if here else ""),
        words=_words(),
        practice={"name": here.name if here else "", "place": where},
        client=_whom(note.client),
        remarks=[_("Late entry.")] if note.late else [],
        date=formats.date_format(note.happened_on, "DATE_FORMAT"),
        time=_times(note),
        contact=str(note.get_kind_display()),
        clinician=_who(note.author),
        sections=[Section(heading=p.label, prose=prose.tree(p.text)) for p in reading.parts(note)],
        scores=[_score(one) for one in scores.of(note)],
        addenda=[_addendum(one) for one in added],
        signed=Signature(name=_who(note.author), at=_at(note.signed_at)),
        number=str(note.pk),
        short_number=str(note.pk)[:8],
        signed_on=_day(note.cosigned_at or note.signed_at),
        command=CHECK,
        seals=_seals(note, added),
    )
    if note.cosigned_at is not None and note.supervisor is not None:
        made["cosigned"] = Signature(name=_who(note.supervisor), at=_at(note.cosigned_at))
    return made


def _size(country: str) -> Any:
    try:
        return regions.REGIONS.get(country.lower()).content.paper
    except NotInLibrary:
        return "A4"


def _whom(client: Client) -> str:
    if client.birth_on is None:
        return client.legal_name
    born = formats.date_format(client.birth_on, "DATE_FORMAT")
    return _("%(name)s, born %(day)s") % {"name": client.legal_name, "day": born}


def _who(staff: Staff) -> str:
    roles = staff.roles_in_words
    return f"{staff.legal_name}, {roles}" if roles else staff.legal_name


def _times(note: rows.Note) -> str:
    ends = [note.started_at, note.ended_at]
    said = [formats.time_format(clock.local(at).time(), "TIME_FORMAT") for at in ends if at]
    return " – ".join(said)


def _at(instant: datetime | None) -> str:
    return formats.date_format(clock.local(instant), "DATETIME_FORMAT") if instant else ""


def _day(instant: datetime | None) -> tuple[int, int, int]:
    day = clock.local(instant or clock.now()).date()
    return day.year, day.month, day.day


def _score(one: scores.Drawn) -> Score:
    day = formats.date_format(one.on, "SHORT_DATE_FORMAT")
    return Score(instrument=one.name, total=one.total, band=one.band, date=day)


def _addendum(one: rows.Addendum) -> Addendum:
    return Addendum(author=_who(one.author), at=_at(one.signed_at), prose=prose.tree(one.text))


def _seals(note: rows.Note, added: list[rows.Addendum]) -> list[Seal]:
    what = _("The note, signed and co-signed") if note.cosigned_at else _("The note, signed")
    sealed = [_seal(what, note.cosigned_at or note.signed_at, note.seal)]
    return sealed + [_seal(_("Added later"), one.signed_at, one.seal) for one in added]


def _seal(what: str, at: datetime | None, seal: Any) -> Seal:
    utc = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else ""
    return Seal(what=what, at_utc=utc, at_local=_at(at), code=bytes(seal or b"").hex())


def _words() -> Words:
    return Words(
        note=_("Progress note"),
        client=_("Client"),
        date=_("Day"),
        time=_("Time"),
        contact=_("Kind of contact"),
        clinician=_("Clinician"),
        scores=_("Scores"),
        instrument=_("Measure"),
        total=_("Total"),
        band=_("Meaning"),
        score_date=_("Answered"),
        addenda=_("Added later"),
        signed=_("Signed"),
        cosigned=_("Co-signed"),
        page=_("Page {page} of {pages}"),
        verification=_("Verification"),
        what_this_is=_(
            "When this note was signed, Rapport sealed its words, its signer and its time. A seal "
            "below fits only what was sealed: a single letter changed afterwards would show. The "
            "seal speaks for the note in the practice's records, not for this copy."
        ),
        how_to_check=_("Whoever runs the practice checks every seal with one command:"),
        number=_("Note"),
        seal=_("Seal"),
        at_utc=_("Time, UTC"),
        at_local=_("Time, local"),
        gaps=_("Some letters of this note are in no typeface here. An empty box stands for each."),
    )
