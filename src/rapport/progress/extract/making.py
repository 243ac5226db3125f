"""Reading the practice's rows into columns, in bounded memory, sealed before they reach a disk."""

import io
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from rapport.core import practice, vault
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.episodes.models import Episode

from ..measures.models import Score
from . import tables
from .models import FOLDER, TABLES, Extract
from .sessions import first_session, kept_sessions, waited
from .tables import CLINICIANS, ENDS, ENDS_BITS, EPISODES, SCORES, WHOLE

ROWS = 20_000  # of a batch
SEALED = "extract"
MOST_LIVE = 2_000
"""Up to so many ended episodes the service view reads the rows themselves, always as of now."""


class TooManyEnds(Exception):
    """More different results than an extract can tell apart."""


def needed() -> bool:
    """Whether the practice is large enough for columns to pay."""
    ended = Episode.objects.filter(closed_on__isnull=False)
    return bool(ended.order_by()[MOST_LIVE : MOST_LIVE + 1].values("pk"))


@action("outcome.extract")
def make(*, by: Any, now: datetime) -> Extract:
    """Read everything that ended, keep it sealed, and forget the extract before it.

    Raises:
        TooManyEnds: nothing was written.
        OSError: there is no room; the extract before it stays.
    """
    before = list(Extract.objects.select_for_update().select_related("data_key"))
    key = before[0].data_key if before else vault.new_key(vault.DataKey.Purpose.COLUMN, now=now)
    made = Extract(data_key=key, made_at=now, episodes=0, scores=0)
    folder = practice.current().folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    counted = _Counted()
    try:
        for table in TABLES:
            _keep(made, table, _PIECES[table](counted))
    except BaseException:
        _unlink(folder, made.pk)
        raise
    made.episodes, made.scores = counted.episodes, counted.scores
    made.save(force_insert=True)
    Extract.objects.filter(pk__in=[one.pk for one in before]).delete()
    transaction.on_commit(lambda: _tidy(folder, made.pk))
    return made


def opened(extract: Extract) -> tables.Columns:
    """The columns of an extract, in memory alone.

    Raises:
        FileNotFoundError: a newer one has taken its place, or a backup was restored without it.
        vault.Tampered: a file was altered.
        tables.Outdated: an earlier version made it.
    """
    streams = {}
    for table in TABLES:
        sealed = extract.path(table).read_bytes()
        streams[table] = vault.open_bytes(sealed, **_bound(extract, table))
    return tables.read(streams)


@dataclass
class _Counted:
    """Numbers given on the way: to clients, clinicians, questionnaires and ends."""

    clients: dict[Any, int] = field(default_factory=dict)
    staff: dict[Any, int] = field(default_factory=dict)
    ends: dict[tuple[Any, ...], int] = field(default_factory=dict)
    episodes: int = 0
    scores: int = 0


def _bound(extract: Extract, table: str) -> dict[str, Any]:
    key = extract.data_key
    return {"key": key.secret(), "key_version": key.version, "name": f"{SEALED}.{table}",
            "row": extract.pk}  # fmt: skip


def _keep(made: Extract, table: str, pieces: Iterator[bytes]) -> None:
    """Seal a stream into its file; whoever reads it sees all of it or nothing."""
    path = made.path(table)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        vault.seal_file(_Drawn(pieces), file, **_bound(made, table))  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())


def _unlink(folder: Path, pk: Any) -> None:
    for table in TABLES:
        (folder / f"{pk}.{table}").unlink(missing_ok=True)


def _tidy(folder: Path, kept: Any) -> None:
    """Remove every file but those of the one that stands; a killed process may have left some."""
    for path in folder.iterdir():
        if path.name.partition(".")[0] != str(kept):
            path.unlink(missing_ok=True)


class _Drawn:
    """Bytes that are made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def read(self, size: int) -> bytes:
        if not self._left:
            self._left = next(self._pieces, b"")
        part, self._left = self._left[:size], self._left[size:]
        return part


def _stream(schema: pa.Schema, batches: Iterator[list[Any]]) -> Iterator[bytes]:
    """An Arrow stream of rows given as tuples, piece by piece."""
    held = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(held, schema, options=options) as writer:
        for rows in batches:
            columns = zip(*rows, strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(itertools.islice(rows, ROWS)):
        yield some


def _episodes(counted: _Counted) -> Iterator[bytes]:
    found = Episode.objects.filter(closed_on__isnull=False)
    found = found.annotate(kept=Coalesce(kept_sessions(), 0), first=first_session())
    rows = found.order_by("client", "closed_on", "opened_on", "-pk")
    columns = ("client", "responsible", "problem", "modality", "opened_on", "closed_on", "kept",
               "close_reason", "first_contact_on", "client__created_at", "first")  # fmt: skip

    def told() -> Iterator[tuple[Any, ...]]:
        for (
            client,
            who,
            problem,
            modality,
            opened,
            closed,
            kept,
            reason,
            asked,
            made,
            first,
        ) in rows.values_list(*columns).iterator(ROWS):
            number = counted.clients.setdefault(client, len(counted.clients))
            staff = counted.staff.setdefault(who, len(counted.staff))
            yield (counted.episodes, number, staff, problem, modality, tables.days(opened),
                   tables.days(closed), kept, reason,
                   *waited(asked=asked, opened=opened, made=made, first=first))  # fmt: skip
            counted.episodes += 1

    yield from _stream(EPISODES, _batches(told()))


def _counting() -> QuerySet[Score]:
    """Scores that have a total; corrections count alone."""
    return Score.objects.filter(total_rounded__isnull=False, sheet__replaced_by=None)


def _scores(counted: _Counted) -> Iterator[bytes]:
    named = _counting().order_by("instrument").values_list("instrument", flat=True).distinct()
    numbers = {name: n for n, name in enumerate(named)}
    schema = SCORES.with_metadata({"instruments": ",".join(numbers)})
    zone, epoch = clock.zone(), date(1970, 1, 1).toordinal()
    columns = ("client", "instrument", "at", "total_rounded", "sheet__version",
               "sheet__language", "band", "status", "above_cutoff")  # fmt: skip
    rows = _counting().order_by("at", "pk").values_list(*columns)

    def told() -> Iterator[tuple[Any, ...]]:
        for client, name, at, total, version, language, band, status, clinical in rows.iterator(
            ROWS
        ):
            number = counted.clients.get(client)
            if number is None or name not in numbers:
                continue  # none of their episodes has ended; or it came while we read
            thousandths = round(total * WHOLE)
            prorated = status == Score.Status.PRORATED
            end = (name, thousandths, version, language, band, prorated, clinical)
            at_end = counted.ends.setdefault(end, len(counted.ends))
            if at_end >= tables.MOST_ENDS:
                raise TooManyEnds(f"more than {tables.MOST_ENDS} different results")
            yield (number, numbers[name], at.astimezone(zone).toordinal() - epoch,
                   status == Score.Status.SCORED, counted.scores << ENDS_BITS | at_end)  # fmt: skip
            counted.scores += 1

    yield from _stream(schema, _batches(told()))


def _ends(counted: _Counted) -> Iterator[bytes]:
    yield from _stream(ENDS, _batches((n, *end) for end, n in counted.ends.items()))


def _clinicians(counted: _Counted) -> Iterator[bytes]:
    yield from _stream(CLINICIANS, _batches((n, str(who)) for who, n in counted.staff.items()))


_PIECES = {"episodes": _episodes, "scores": _scores, "ends": _ends, "clinicians": _clinicians}
