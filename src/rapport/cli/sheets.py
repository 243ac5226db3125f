"""Answered questionnaires that come in one a line, as JSON or as CSV."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from rapport.cli import Trouble
from rapport.cli.columns import DELIMITERS
from rapport.science.scoring import BadAnswers, Key

PORTION = 1 << 16  # bytes that are read at once
LONGEST = 1 << 20  # bytes of a line
BOM = b"\xef\xbb\xbf"
BESIDE = frozenset({"case", "version"})  # columns of a table that are neither item nor fact
Sheet = dict[str, Any]
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def lines(source: BinaryIO) -> Iterator[list[bytes]]:
    """Whole lines, as they arrive. Of a line that is too long the end is not kept."""
    rest, first = b"", True
    while portion := source.read1(PORTION):  # type: ignore[attr-defined]
        if first:
            portion, first = portion.removeprefix(BOM), False
        *whole, rest = (rest + portion).split(b"\n")
        rest = rest[: LONGEST + 1]
        yield whole
    if rest:
        yield [rest]


def text_of(line: bytes) -> str:
    """What the line says.

    Raises:
        BadAnswers: it is too long, or no UTF-8.
    """
    if len(line) > LONGEST:
        raise BadAnswers("It is longer than a megabyte. Write one sheet a line.")
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise BadAnswers("It is no UTF-8. Save the file as UTF-8.") from None


def from_json(line: bytes) -> Sheet:
    """``answers``, and whatever stands beside them.

    As many colons as keys mean that nothing was said twice. Otherwise the line is read again,
    more slowly, to see.

    Raises:
        BadAnswers: it is no JSON object, has no answers, or says something twice.
    """
    text = text_of(line)
    try:
        given = FAST(text)
        bare = type(given) is not dict or type(given.get("answers")) is not dict
        if bare or line.count(b":") != len(given) + len(given["answers"]):
            CAREFUL(text)
    except BadAnswers:
        raise
    except (ValueError, RecursionError):
        raise BadAnswers(
            'It is no JSON object. Write it like {"answers": {"1": 2, "2": null}}.'
        ) from None
    if bare:
        raise BadAnswers('It has no answers. Write it like {"answers": {"1": 2, "2": null}}.')
    return given  # type: ignore[no-any-return]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise BadAnswers("It says something twice. Say each item once.")
    return table


FAST = json.JSONDecoder().decode
CAREFUL = json.JSONDecoder(object_pairs_hook=_once).decode


def from_csv(head: bytes, key: Key) -> Callable[[bytes], Sheet]:
    """How to read the lines below ``head``, which names an item or a fact in each column.

    Raises:
        Trouble: a column is neither, or stands twice.
    """
    try:
        text = text_of(head)
        delimiter = max(DELIMITERS, key=text.count)
        names = _cells(text, delimiter)
    except BadAnswers as problem:
        raise Trouble(f"Line 1: {problem}") from None
    facts = {name for one in key.cutoffs for name in one.facts} | {one.fact for one in key.gates}
    for name in names:
        if name not in key.values and name not in facts | BESIDE:
            there = ", ".join([*key.values, *sorted(facts | BESIDE)])
            raise Trouble(f"Line 1: there is no item {name[:20]!r}. Columns are: {there}.")
        if names.count(name) > 1:
            raise Trouble(f"Line 1: the column {name} stands there twice.")
    if not key.values.keys() & set(names):
        raise Trouble(f"Line 1: no column is an item. There are: {', '.join(key.values)}.")

    def read(line: bytes) -> Sheet:
        cells = _cells(text_of(line), delimiter)
        if len(cells) != len(names):
            raise BadAnswers(f"{len(cells)} cells stand under {len(names)} columns.")
        given = dict(zip(names, map(_answer, cells), strict=True))
        answers = {name: answer for name, answer in given.items() if name in key.values}
        return {"answers": answers} | {name: given[name] for name in given.keys() - answers.keys()}

    return read


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        raise BadAnswers("It is no line of a CSV file: see whether a quote is closed.") from None
    return [cell.strip() for cell in cells]


def _answer(cell: str) -> int | str | None:
    return int(cell) if _WHOLE.fullmatch(cell) else cell or None
