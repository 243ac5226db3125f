"""A table out of a file's bytes: encoding, separator, lines. Pure."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
SEPARATORS = (";", ",", "\t")
_SAID = re.compile(r"sep=([;,\t])", re.IGNORECASE)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


class NoTable(ValueError):
    """The file as a whole cannot be read; the code says why, ``line`` where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Line:
    """A row's cells as text, whatever they look like, and the line it begins on."""

    number: int
    cells: list[str]


def decode(raw: bytes) -> tuple[str, str]:
    """The text, and the encoding it was read in.

    A mark at the beginning decides. Without one it is UTF-8 if it can be, else Windows-1252;
    no other is guessed.

    Raises:
        NoTable: ``empty``, ``too_big``, ``nul`` (no text file) or ``encoding``.
    """
    if len(raw) > MOST_BYTES:
        raise NoTable("too_big")
    marked = next((m for m in _MARKS if raw.startswith(m[0])), None)
    tries = [marked[1:]] if marked else [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    if not marked and b"\0" in raw:
        raise NoTable("nul")
    for codec, name in tries:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NoTable("nul")
        if not text.strip():
            raise NoTable("empty")
        return text, name
    raise NoTable("encoding")


def separator(text: str) -> str:
    """What the first line says (``sep=;``), or what stands most often between its names."""
    first = next(line for line in text.splitlines() if line.strip())
    if said := _SAID.match(first):
        return said.group(1)
    bare = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


def lines(text: str) -> Iterator[Line]:
    """The rows with something in them, the header first.

    Raises:
        NoTable: ``quotes`` (one that never closes, or a cell without end), ``too_many`` rows,
            or ``too_wide`` (more columns than fit on a page).
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    given = 0
    if _SAID.match(text):
        next(reader)  # a line for spreadsheets, not for us
    while True:
        begins = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as problem:
            raise NoTable("quotes", begins) from problem
        if not any(cells):
            continue
        if not given and len(cells) > MOST_COLUMNS:
            raise NoTable("too_wide")
        given += 1
        if given > MOST_ROWS + 1:
            raise NoTable("too_many")
        yield Line(begins, cells)
