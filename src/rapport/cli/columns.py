"""Tables that come in as CSV, and results that go out as a table or as JSON."""

import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rapport.cli import Trouble

DELIMITERS = ",;\t"
DAY = 24 * 60 * 60  # seconds
MOST = 1e12  # beyond any scale and any calendar; squares and sums of it are still numbers


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def number(self, column: str) -> float | None:
        """What stands in ``column``; None: nothing.

        Raises:
            Trouble: it is no finite number.
        """
        text = self.text(column)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.trouble(column, f"{text!r} is no number. Write it like 12 or 12.5")
        return self._within(column, number)

    def day(self, column: str) -> float:
        """A time in days: a number, or a date or time as 2030-01-07T09:30.

        Raises:
            Trouble: it is neither, or nothing.
        """
        text = self.text(column)
        try:
            number = float(text)
        except ValueError:
            return self._moment(column, text)
        if not math.isfinite(number):
            raise self.trouble(column, f"{text!r} is no time")
        return self._within(column, number)

    def _within(self, column: str, number: float) -> float:
        if abs(number) > MOST:
            raise self.trouble(column, f"{number:g} lies beyond any scale")
        return number

    def _moment(self, column: str, text: str) -> float:
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            raise self.trouble(
                column, f"{text!r} is no time. Write days as a number, or a date as 2030-01-07"
            ) from None
        away = when.utcoffset()
        seconds = when.hour * 3600 + when.minute * 60 + when.second
        return when.toordinal() + (seconds - (away.total_seconds() if away else 0)) / DAY

    def trouble(self, column: str, what: str) -> Trouble:
        return Trouble(f"Line {self.line}, column {column}: {what}.")


def read(source: str | None, needed: Sequence[str]) -> list[Row]:
    """The rows of a CSV file; ``source`` None or "-": of standard input.

    Raises:
        Trouble: the file is not there or is no UTF-8, a column is missing or stands twice, a
            line has more cells than the head, there are no rows.
    """
    text = _text(source)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check(names, needed)
        alone = len(names) == 1  # an empty line is then a row with nothing in it
        rows = [_row(reader.line_num, names, cells) for cells in reader if cells or alone]
    except csv.Error as problem:
        raise Trouble(f"Line {reader.line_num}: this is no CSV ({problem}).") from None
    if not rows:
        raise Trouble("There are no rows below the head.")
    return rows


def _text(source: str | None) -> str:
    try:
        given = sys.stdin.buffer.read() if source in {None, "-"} else Path(str(source)).read_bytes()
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = given[: problem.start].count(b"\n") + 1
        raise Trouble(f"Line {line}: this is no UTF-8. Save the file as UTF-8.") from None
    except OSError as problem:
        raise Trouble(f"{source} cannot be read: {problem.strerror}.") from None


def _check(names: list[str], needed: Sequence[str]) -> None:
    for name in needed:
        if name not in names:
            raise Trouble(f"Line 1: there is no column {name}. It needs: {', '.join(needed)}.")
    for name in names:
        if names.count(name) > 1:
            raise Trouble(f"Line 1, column {name}: it stands there twice.")


def _row(line: int, names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names):
        raise Trouble(f"Line {line}: {len(cells)} cells stand under {len(names)} columns.")
    return Row(line, dict(zip(names, map(str.strip, cells), strict=False)))


def by_case(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Rows that have the same ``case``, in the order in which cases first appear."""
    cases: dict[str, list[Row]] = {}
    for row in rows:
        cases.setdefault(row.text("case"), []).append(row)
    yield from cases.items()


def write(results: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print results, one a line, under their names."""
    if as_json:
        for result in results:
            print(json.dumps(result))
        return
    names = list(results[0])
    lines = [names, *([_shown(result[name]) for name in names] for result in results)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(map(str.rjust, line, widths)))


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
