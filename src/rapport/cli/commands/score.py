"""Score a questionnaire: one JSON object a line comes in, one a line goes out.

In:  {"answers": {"1": 2, "2": 0, "9": null}, "sex": "female"}
     null, or left out: not answered. "n/a": does not apply. A fact that a cut-off depends on
     stands beside the answers; whatever else stands there is not read, but a version that is
     not the one scored here is refused.
     --csv: a table instead, with an item or a fact in each column.
Out: status, total, total_rounded, band, above_cutoff, risk_flag, subscales; null is unknown.
     findings, where a published algorithm says something beside the total; highest, where an
     item does not apply and less than the whole range could be reached.
     A line that cannot be scored gives {"error": "Line 7: ..."}; the others are scored all the
     same, and the exit code is 1.

A questionnaire of one's own is named by its file, id.toml. It is refused with reason and line,
and exit code 2, if it makes no sense or its worked cases do not add up; --check looks for that
alone.

It needs no practice and keeps nothing. docs/reference/score.md says more.
"""

import argparse
import difflib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rapport.cli import Trouble, sheets
from rapport.core.library import Item, NotInLibrary
from rapport.progress.measures.instruments import INSTRUMENTS, get
from rapport.progress.measures.questionnaire import Instrument
from rapport.science.scoring import BadAnswers, Key, Result, Total, score

help = "score answers to a questionnaire, a line each"
KEPT = 1 << 14  # lines that are not written anew
LIST = "rapport score --list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("instrument", nargs="?", metavar="ID",
                        help="for example phq-9, or a file of one's own: mine.toml")  # fmt: skip
    parser.add_argument("--cutoff", metavar="NAME", help="judge by another published cut-off")
    parser.add_argument("--csv", action="store_true", help="a table comes in, not JSON")
    parser.add_argument("--list", action="store_true", help="say what can be scored")
    parser.add_argument("--check", action="store_true",
                        help="score nothing; say what is wrong with the questionnaire, or with "
                        "any of the library")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    if options.list:
        print("\n".join(_listed()))
        return 0
    if not options.instrument:
        if options.check:
            return _checked(INSTRUMENTS.find().values())
        raise Trouble(f"Say which questionnaire. See them all with {LIST}.")
    item = _found(options.instrument)
    if options.check:
        return _checked([item])
    try:
        return _stream(options, item.content, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _listed() -> Iterator[str]:
    for id, item in sorted(INSTRUMENTS.find().items()):
        names = list(dict.fromkeys(cutoff.name for cutoff in item.content.cutoffs))
        cutoffs = f" (cut-offs: {', '.join(names)})" if names else ""
        yield f"{id:22} {item.content.title}{cutoffs}"


def _checked(items: Iterable[Item[Instrument]]) -> int:
    """Say that nothing is wrong: whatever was, was refused as it was read."""
    forms = [item.content for item in items]
    cases = sum(len(form.examples) for form in forms)
    named = forms[0].short if len(forms) == 1 else f"{len(forms)} questionnaires"
    print(f"{named}: nothing is wrong, and {cases} worked cases add up.")
    return 0


def _found(id: str) -> Item[Instrument]:
    if id.endswith(".toml"):
        return INSTRUMENTS.read(Path(id))
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


def _stream(options: argparse.Namespace, one: Instrument, source: BinaryIO, sink: BinaryIO) -> int:
    """Answer whatever has arrived before waiting for more; the exit code."""
    key = _key(one, options.cutoff)
    read: Callable[[bytes], sheets.Sheet] | None = None if options.csv else sheets.from_json
    number = failed = 0
    kept: dict[Any, str] = {}
    for lines in sheets.lines(source):
        answers = []
        for line in lines:
            number += 1
            if read is None:
                read = sheets.from_csv(line, key)
                continue
            try:
                answers.append(_said(_scored(key, one.version, read(line)), kept))
            except BadAnswers as problem:
                failed = 1
                answers.append(json.dumps({"error": f"Line {number}: {problem}"}))
        sink.write("".join(f"{answer}\n" for answer in answers).encode())
        sink.flush()
    return failed


def _scored(key: Key, version: int, given: sheets.Sheet) -> Result:
    told = given.get("version", version)
    if type(told) is not int or told != version:
        raise BadAnswers(f"It is of another version; version {version} is scored here.")
    return score(key, given["answers"], given)


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
