"""Taking measures out as tables: asked for, recorded, then written while they are read.

Nothing is kept of it and memory does not grow with the rows.
"""

import csv
import hashlib
import hmac
import io
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.library import Item as Filed
from rapport.core.library import NotInLibrary
from rapport.progress.chosen import queries as judged_by
from rapport.progress.measures import instruments
from rapport.progress.measures.models import Sheet
from rapport.progress.measures.questionnaire import Instrument
from rapport.progress.tables import columns, spss

Form = Literal["spss", "csv"]
CHUNK = 500
PORTION = 1 << 16  # bytes that are handed on at once
MARK = "\ufeff"  # without it spreadsheets read a table as something else than UTF-8


@dataclass(frozen=True)
class Tables:
    """A ZIP file that is still to be written, and a discreet name for it."""

    name: str
    portions: Iterator[bytes]


@action("measure.take_out")
def take_out(
    *, by: Any, form: Form, language: str, now: datetime, chosen: Sequence[str] = ()
) -> Tables:
    """The sheets of every client whose record ``by`` may read, a table each questionnaire.

    Corrected sheets are left out, and so are those of a version that the library no longer
    has, of whom the codebook counts how many.

    Args:
        chosen: library ids; none: whatever was answered.
    """
    found = list(_answered(by, chosen))
    secret = secrets.token_bytes(32)
    files = _files(by, found, form, language, now, secret)
    return Tables(f"rapport-measures-{secrets.token_hex(8)}.zip", zipped(files, now))


def there_is(*, by: Any) -> list[str]:
    """Library ids of what clients whose record ``by`` may read have answered."""
    return [filed.id for filed in _answered(by, ())]


def _answered(by: Any, chosen: Sequence[str]) -> Iterator[Filed[Instrument]]:
    rows = _readable(by).order_by("instrument").values_list("instrument", flat=True).distinct()
    judges = judged_by.every()
    for id in rows:
        try:
            filed = judged_by.judged(instruments.get(id), judges)
        except NotInLibrary:
            continue
        if not chosen or id in chosen:
            yield filed


def _readable(by: Any) -> QuerySet[Sheet]:
    alive = Sheet.objects.clinical_to(by).filter(replaced_by=None)
    return alive.filter(client__data_key__destroyed_at=None)


def _files(
    by: Any, found: list[Filed[Instrument]], form: Form, language: str, now: datetime,
    secret: bytes,
) -> Iterator[tuple[str, Iterable[bytes]]]:  # fmt: skip
    book = [list(columns.HEAD)]
    for filed in found:
        shown = columns.of(filed, language)
        rows = _rows(by, filed, secret)
        if form == "spss":
            title = f"{filed.content.short}, version {filed.content.version}"
            yield f"{filed.id}.sav", spss.written(shown, rows, title=title, now=now)
        else:
            yield f"{filed.id}.csv", _csv([column.name for column in shown], rows)
        book += columns.codebook(filed, shown)
        book += _left_out(by, filed)
    yield "codebook.csv", _csv(book[0], book[1:])


def _left_out(by: Any, filed: Filed[Instrument]) -> list[list[str]]:
    one = filed.content
    many = _readable(by).filter(instrument=one.id).exclude(version=one.version).count()
    said = ["", f"{many} sheets of another version are left out", "", "", one.id, "", "", ""]
    return [said] if many else []


def _rows(by: Any, filed: Filed[Instrument], secret: bytes) -> Iterator[list[Any]]:
    """Cells by client and time, read a few hundred at once."""
    one = filed.content
    rows = _readable(by).filter(instrument=one.id, version=one.version)
    rows = rows.select_related("score", "client__data_key", "informant")
    before, first, number = None, clock.today(), 0
    others: dict[Any, int] = {None: 0}
    for sheet in rows.order_by("client", "answered_at", "pk").iterator(CHUNK):
        day = clock.local(sheet.answered_at).date()
        if sheet.client_id != before:
            before, first, number = sheet.client_id, day, 0
            others = {None: 0}
        number += 1
        told = hmac.new(secret, sheet.client_id.bytes, hashlib.sha256).hexdigest()[:16]
        who = others.setdefault(sheet.informant_id, len(others))
        yield columns.row(
            one, sheet, client=told, number=number, day=(day - first).days, informant=who
        )


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A table; nothing where a number is missing, "n/a" where a question does not apply."""
    held = io.StringIO()
    written = csv.writer(held)
    held.write(MARK)
    written.writerow(head)
    for row in rows:
        written.writerow([_plain(cell) for cell in row])
        if held.tell() > PORTION:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def _plain(cell: Any) -> Any:
    known = {columns.NOT_ANSWERED: "", columns.AWAY: "n/a"}
    return known.get(cell, cell) if isinstance(cell, int) else cell


class _Sink:
    """Where a ZIP file is written to, and taken from as it grows."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, portion: Any) -> int:
        self.held += portion
        return len(portion)

    def flush(self) -> None:
        """There is nothing behind it."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        given = bytes(self.held)
        self.held.clear()
        return given


def zipped(files: Iterable[tuple[str, Iterable[bytes]]], now: datetime) -> Iterator[bytes]:
    """A ZIP file of ``files``, in portions, written while they are made."""
    sink: Any = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, portions in files:
            entry = zipfile.ZipInfo(name, now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for portion in portions:
                    file.write(portion)
                    if len(sink.held) > PORTION:
                        yield sink.taken()
    yield sink.taken()
