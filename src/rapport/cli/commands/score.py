"""Score a questionnaire: one JSON object a line comes in, one a line goes out.

In:  {"answers": {"1": 2, "2": 0, "9": null}, "sex": "female"}
     null, or left out: not answered. "n/a": does not apply. A fact that a cut-off depends on
     stands beside the answers; whatever else stands there is not read.
Out: status, total, total_rounded, band, above_cutoff, risk_flag, subscales; null is unknown.
     findings, where a published algorithm says something beside the total; highest, where an
     item does not apply and less than the whole range could be reached.
     A line that cannot be scored gives {"error": "Line 7: ..."}; the others are scored all the
     same, and the exit code is 1.

It needs no practice and keeps nothing. docs/reference/score.md says more.
"""

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from rapport.cli import Trouble
from rapport.core.library import Item, NotInLibrary
from rapport.progress.measures.instruments import INSTRUMENTS, Instrument, get
from rapport.science.scoring import BadAnswers, Key, Result, Total, score

help = "score answers to a questionnaire, a line each"
PORTION = 1 << 16  # bytes that are read at once
LONGEST = 1 << 20  # bytes of a line
KEPT = 1 << 14  # lines that are not written anew
BOM = b"\xef\xbb\xbf"
LIST = "rapport score --list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("instrument", nargs="?", metavar="ID", help="for example phq-9")
    parser.add_argument("--cutoff", metavar="NAME", help="judge by another published cut-off")
    parser.add_argument("--list", action="store_true", help="say what can be scored")


def run(options: argparse.Namespace) -> int:
    if options.list:
        print("\n".join(_listed()))
        return 0
    if not options.instrument:
        raise Trouble(f"Say which questionnaire. See them all with {LIST}.")
    key = _key(_found(options.instrument).content, options.cutoff)
    try:
        return _stream(key, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _listed() -> Iterator[str]:
    for id, item in sorted(INSTRUMENTS.find().items()):
        names = list(dict.fromkeys(cutoff.name for cutoff in item.content.cutoffs))
        cutoffs = f" (cut-offs: {', '.join(names)})" if names else ""
        yield f"{id:22} {item.content.title}{cutoffs}"


def _found(id: str) -> Item[Instrument]:
    try:
        return get(id)
    except NotInLibrary:
        near = difflib.get_close_matches(id.lower(), list(INSTRUMENTS.find()))
        meant = f"Did you mean {' or '.join(near)}?" if near else f"See them all with {LIST}."
        raise Trouble(f"There is no questionnaire {id}. {meant}") from None


def _key(one: Instrument, cutoff: str | None) -> Key:
    try:
        return one.key_by(cutoff) if cutoff else one.key
    except KeyError:
        names = list(dict.fromkeys(each.name for each in one.cutoffs))
        raise Trouble(
            f"{one.short} has no cut-off {cutoff}. There are: {', '.join(names)}."
        ) from None


def _stream(key: Key, source: BinaryIO, sink: BinaryIO) -> int:
    """Answer whatever has arrived before waiting for more; the exit code."""
    number = failed = 0
    kept: dict[Any, str] = {}
    for lines in _lines(source):
        answers = []
        for line in lines:
            number += 1
            try:
                answers.append(_said(_scored(key, line), kept))
            except BadAnswers as problem:
                failed = 1
                answers.append(json.dumps({"error": f"Line {number}: {problem}"}))
        sink.write("".join(f"{answer}\n" for answer in answers).encode())
        sink.flush()
    return failed


def _lines(source: BinaryIO) -> Iterator[list[bytes]]:
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


def _scored(key: Key, line: bytes) -> Result:
    if len(line) > LONGEST:
        raise BadAnswers("It is longer than a megabyte. Write one sheet a line.")
    try:
        given = _read(line)
    except UnicodeDecodeError:
        raise BadAnswers("It is no UTF-8. Save the file as UTF-8.") from None
    except BadAnswers:
        raise
    except (ValueError, RecursionError):
        raise BadAnswers(
            'It is no JSON object. Write it like {"answers": {"1": 2, "2": null}}.'
        ) from None
    if given is None:
        raise BadAnswers('It has no answers. Write it like {"answers": {"1": 2, "2": null}}.')
    return score(key, given["answers"], given)


def _read(line: bytes) -> dict[str, Any] | None:
    """What the line says; None: no answers.

    As many colons as keys mean that nothing was said twice. Otherwise the line is read again,
    more slowly, to see.
    """
    text = line.decode()
    given = FAST(text)
    if type(given) is not dict or type(given.get("answers")) is not dict:
        CAREFUL(text)
        return None
    if line.count(b":") != len(given) + len(given["answers"]):
        CAREFUL(text)
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise BadAnswers("It says something twice. Say each item once.")
    return table


FAST = json.JSONDecoder().decode
CAREFUL = json.JSONDecoder(object_pairs_hook=_once).decode


def _said(result: Result, kept: dict[Any, str]) -> str:
    """The line for ``result``. Most come again: what was written before is ``kept``."""
    parts = result.subscales.values()
    case = (result.status, result.total, result.above_cutoff, result.risk_flag,
            *[(part.status, part.total) for part in parts], *result.findings.values(),
            result.highest)  # fmt: skip
    if case not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[case] = json.dumps(
            {
                **_total(result),
                "above_cutoff": result.above_cutoff,
                "risk_flag": result.risk_flag,
                "subscales": {name: _part(part) for name, part in result.subscales.items()},
                **({"findings": dict(result.findings)} if result.findings else {}),
                **({"highest": result.highest} if result.highest is not None else {}),
            }
        )
    return kept[case]


def _part(one: Total) -> dict[str, Any]:
    """A part; with its own cut-off where it has one."""
    above = {} if one.above_cutoff is None else {"above_cutoff": one.above_cutoff}
    return _total(one) | above


def _total(one: Total | Result) -> dict[str, Any]:
    return {
        "status": one.status,
        "total": one.total,
        "total_rounded": one.total_rounded,
        "band": one.band,
    }
