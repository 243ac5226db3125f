"""An SPSS system file (.sav), written a case at a time: nothing grows with how many there are.

Uncompressed, little-endian, UTF-8, number of cases left open: all of which the format allows
and SPSS, PSPP, R and Python read.

Source: PSPP developers' guide, "System file format".
"""

import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rapport.progress.tables.columns import MISSING, Column

SYSTEM_MISSING = -sys.float_info.max
LOWEST = -1.7976931348623155e308  # the number next above it
NUMBER, TEXT = 5, 1  # print formats F and A
LONGEST, LONGEST_VALUE = 252, 120  # bytes of a label
NOMINAL, SCALE = 1, 3


def written(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str, now: datetime
) -> Iterator[bytes]:
    """The file, in portions.

    Args:
        rows: a cell for each column; None is missing.

    Raises:
        ValueError: a text is longer than its column, or a row than the columns.
    """
    yield dictionary(columns, title=title, now=now)
    for row in rows:
        yield b"".join(_cell(c, value) for c, value in zip(columns, row, strict=True))


def dictionary(columns: Sequence[Column], *, title: str, now: datetime) -> bytes:
    """Everything before the first case."""
    made = [_header(columns, title, now)]
    made += [_variable(n, column) for n, column in enumerate(columns, 1)]
    made += _labels(columns)
    made.append(_extension(3, "<8i", 1, 0, 0, -1, 1, 1, 2, 65001))
    made.append(_extension(4, "<3d", SYSTEM_MISSING, sys.float_info.max, LOWEST))
    shown = [number for column in columns for number in _shown(column)]
    made.append(_extension(11, f"<{len(shown)}i", *shown))
    names = "\t".join(f"{_short(n)}={column.name}" for n, column in enumerate(columns, 1))
    made.append(_text_extension(13, names))
    made.append(_text_extension(20, "UTF-8"))
    made.append(struct.pack("<2i", 999, 0))
    return b"".join(made)


def _header(columns: Sequence[Column], title: str, now: datetime) -> bytes:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    day = f"{now.day:02} {months[now.month - 1]} {now.year % 100:02}"
    return struct.pack(
        "<4s60s5id9s8s64s3x", b"$FL2", b"@(#) SPSS DATA FILE Rapport".ljust(60), 2,
        sum(_width(column) for column in columns), 0, 0, -1, 100.0, day.encode(),
        now.strftime("%H:%M:%S").encode(), _cut(title, 64).ljust(64),
    )  # fmt: skip


def _width(column: Column) -> int:
    """How many portions of eight bytes a cell takes."""
    return -(-column.width // 8) or 1


def _short(n: int) -> str:
    return f"V{n:05}"


def _variable(n: int, column: Column) -> bytes:
    label = _cut(column.label, LONGEST)
    wide, decimals = (column.width, 0) if column.width else (12, column.decimals)
    form = (TEXT if column.width else NUMBER) << 16 | wide << 8 | decimals
    made = struct.pack("<6i8s", 2, column.width, 1, len(column.missing), form, form,
                       _short(n).encode().ljust(8))  # fmt: skip
    made += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    made += struct.pack(f"<{len(column.missing)}d", *column.missing)
    rest = struct.pack("<6i8s", 2, -1, 0, 0, 0, 0, b" " * 8)
    return made + rest * (_width(column) - 1)


def _labels(columns: Sequence[Column]) -> list[bytes]:
    made, place = [], 1
    for column in columns:
        named = {**column.values, **{value: MISSING[value] for value in column.missing}}
        if named:
            made.append(struct.pack("<2i", 3, len(named)))
            for value, text in named.items():
                said = _cut(text, LONGEST_VALUE)
                padded = -(-(1 + len(said)) // 8) * 8 - 1
                made.append(struct.pack("<dB", value, len(said)) + said.ljust(padded))
            made.append(struct.pack("<3i", 4, 1, place))
        place += _width(column)
    return made


def _shown(column: Column) -> tuple[int, int, int]:
    """Level of measurement, columns on screen, alignment."""
    if column.width:
        return NOMINAL, column.width, 0
    return (NOMINAL if column.values else SCALE), 8, 1


def _extension(kind: int, form: str, *values: Any) -> bytes:
    packed = struct.pack(form, *values)
    size = len(packed) // len(values)
    return struct.pack("<4i", 7, kind, size, len(values)) + packed


def _text_extension(kind: int, text: str) -> bytes:
    said = text.encode()
    return struct.pack("<4i", 7, kind, 1, len(said)) + said


def _cut(text: str, most: int) -> bytes:
    """At most so many bytes, never half a letter."""
    return text.encode()[:most].decode(errors="ignore").encode()


def _cell(column: Column, value: Any) -> bytes:
    if not column.width:
        return struct.pack("<d", SYSTEM_MISSING if value is None else value)
    said = str(value or "").encode()
    if len(said) > column.width:
        raise ValueError(f"{column.name}: a text is longer than {column.width} bytes")
    return said.ljust(_width(column) * 8)
