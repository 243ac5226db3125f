"""What an extract holds: four tables of numbers, without a name, an id or a word of anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

ENDS_BITS = 20
"""So many low bits of a score's ``at`` say which end it is."""
MOST_ENDS = 2**ENDS_BITS
NONE = -1  # the number of a questionnaire of which there is no score
WHOLE = 1_000  # thousandths make a point: sums are of whole numbers, on every engine

EPISODES = pa.schema([
    ("order", pa.int64()),  # by client, day of the end, day of the beginning
    ("client", pa.int64()),  # a number given while reading, kept nowhere
    ("responsible", pa.int32()),  # row of CLINICIANS
    ("problem", pa.string()),
    ("modality", pa.string()),
    ("opened", pa.int32()),  # days since 1970-01-01
    ("closed", pa.int32()),
    ("contacts", pa.int32()),  # sessions kept from the first to the last day
    ("reason", pa.string()),  # how it ended; empty: not said
    ("wait", pa.int32()),  # days from the first contact to the first session; null: not known
    ("unknown", pa.string()),  # why it is not, of ``sessions.UNKNOWN``; empty: it is
])  # fmt: skip
SCORES = pa.schema([
    ("client", pa.int64()),
    ("instrument", pa.int16()),  # row of ``Columns.instruments``
    ("day", pa.int32()),  # on the practice's clock
    ("complete", pa.bool_()),  # every item answered
    ("at", pa.int64()),  # place in the order of time, then the row of ENDS in the low bits
])  # fmt: skip
ENDS = pa.schema([
    ("end", pa.int32()),
    ("instrument", pa.string()),
    ("total", pa.int64()),  # thousandths of a point
    ("version", pa.int16()),
    ("language", pa.string()),
    ("band", pa.string()),
    ("prorated", pa.bool_()),
    ("clinical", pa.bool_()),  # null: no cut-off
])  # fmt: skip
CLINICIANS = pa.schema([("responsible", pa.int32()), ("staff", pa.string())])


class Outdated(Exception):
    """An extract of an earlier version, which has other columns."""


@dataclass(frozen=True)
class Columns:
    """An extract in memory.

    Attributes:
        episodes, scores, ends, clinicians: as the schemas above say.
        instruments: library ids by their number in ``scores``.
    """

    episodes: pa.Table
    scores: pa.Table
    ends: pa.Table
    clinicians: pa.Table
    instruments: tuple[str, ...]

    def name(self, number: int) -> str:
        """The library id of a number; empty for NONE."""
        return self.instruments[number] if number != NONE else ""


def days(on: date) -> int:
    """A day as the tables count it."""
    return on.toordinal() - date(1970, 1, 1).toordinal()


def read(streams: dict[str, bytes]) -> Columns:
    """The tables from Arrow streams by name, as ``making`` writes them.

    Raises:
        Outdated: they were made by an earlier version.
    """
    found: dict[str, Any] = {
        name: pa.ipc.open_stream(stream).read_all() for name, stream in streams.items()
    }
    if not found["episodes"].schema.equals(EPISODES):
        raise Outdated
    instruments = found["scores"].schema.metadata[b"instruments"].decode()
    return Columns(**found, instruments=tuple(instruments.split(",") if instruments else ()))
