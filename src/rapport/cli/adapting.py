"""``rapport science cat``: an adaptive test from a bank of calibrated items and a table of answers.

A row is a person, a column an item. Without more it says what a test would have asked somebody
who answered everything in the table, and how sure it was; with --next what to ask somebody now.
"""

import argparse
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapport.cli import Trouble, columns
from rapport.cli.columns import Row

Result = dict[str, Any]
APART = ("case",)  # columns that are no items


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bank", metavar="BANK",
                        help=".csv with item, a, b1, b2, ...; .toml; or a library id")  # fmt: skip
    parser.add_argument("--lowest", type=int, metavar="N",
                        help="number of the lowest answer; 0, or as the bank says")  # fmt: skip
    parser.add_argument("--below-se", type=float, default=0.3, help="it ends below this, 0.3")
    parser.add_argument("--fewest", type=int, default=4, metavar="N", help="but not before, 4")
    parser.add_argument("--longest", type=int, default=12, metavar="N", help="at the latest, 12")
    parser.add_argument("--always", action="append", default=[], metavar="ITEM",
                        help="asked of everybody at the end, not counted; repeat it")  # fmt: skip
    parser.add_argument("--next", action="store_true",
                        help="a row is what was answered so far; say what comes next")  # fmt: skip
    parser.add_argument("--steps", action="store_true", help="one line a question")


def work(given: argparse.Namespace, rows: Sequence[Row]) -> list[Result]:
    """One line a person, or a question.

    Raises:
        Trouble: there is no such bank, a line of either file is wrong.
    """
    if given.bank is None:
        raise Trouble("Say which items: --bank FILE.csv, FILE.toml or a library id.")
    if given.next and given.steps:
        raise Trouble("Say either --next or --steps.")
    items, always, lowest = _bank(given.bank)
    lowest = lowest if given.lowest is None else given.lowest
    always = [*given.always, *always]
    keys = {key.lower(): key for key in (*(item.key for item in items), *always)}
    there = {keys.get(name) for name in rows[0].cells}
    never = frozenset() if given.next else frozenset(item.key for item in items) - there
    never -= set(always)  # of everybody they are asked, and may stay without an answer
    if items and there.isdisjoint(item.key for item in items):
        raise Trouble(f"Line 1: no column is an item of {given.bank}.")
    bank = _chosen_from(given, items, always, never)
    for name in rows[0].cells:
        if name not in keys and name not in APART:
            raise rows[0].trouble(name, f"{given.bank} has no such item")
    results: list[Result] = []
    for row in rows:
        answers = _answers(row, keys, lowest)
        results += [_now(row, bank, answers)] if given.next else _run(given, row, bank, answers)
    return results


def _bank(named: str) -> tuple[list[Any], list[str], int]:
    """Items, keys that everybody is asked, and how the lowest answer is numbered."""
    from rapport.science.adaptive.items import BadItem

    try:
        if named.endswith(".csv"):
            return list(_from_csv(named)), [], 0
        if named.endswith(".toml"):
            return list(_from_toml(named)), [], 0
    except BadItem as problem:
        raise Trouble(f"{named}: {problem}.") from None
    from rapport.core.library import NotInLibrary
    from rapport.progress.measures import banks

    try:
        one = banks.get(named).content
    except NotInLibrary:
        known = ", ".join(sorted(banks.BANKS.find()))
        raise Trouble(f"There is no bank {named}. Name a .csv or .toml file, or {known}.") from None
    return list(one.graded), list(one.risks), one.values[0]


def _from_csv(named: str) -> Iterator[Any]:
    from rapport.science.adaptive.items import BadItem, GradedItem

    try:
        for row in columns.read(named, ("item", "a", "b1")):
            key, a = row.text("item"), row.number("a")
            if not key or a is None:
                raise row.trouble("item" if not key else "a", "it is empty")
            names = [f"b{n}" for n in range(1, len(row.cells)) if f"b{n}" in row.cells]
            found = [row.number(name) for name in names]
            there = [one for one in found if one is not None]
            if found[: len(there)] != there:
                raise row.trouble(names[found.index(None)], "it is empty, and a later one is not")
            try:
                yield GradedItem(key, a, tuple(there))
            except BadItem as problem:
                raise Trouble(f"Line {row.line}: {problem}.") from None
    except Trouble as problem:
        raise Trouble(str(problem) if named in str(problem) else f"{named}: {problem}") from None


def _from_toml(named: str) -> Iterator[Any]:
    from rapport.science.adaptive.items import GradedItem

    try:
        read = tomllib.loads(Path(named).read_text("utf-8"))
        items = [
            (str(one["key"]), float(one["a"]), tuple(map(float, one["b"]))) for one in read["items"]
        ]
    except OSError as problem:
        raise Trouble(f"{named} cannot be read: {problem.strerror}.") from None
    except (KeyError, TypeError, ValueError) as problem:
        raise Trouble(f"{named}: {problem}. Write items = [{{ key = \"x\", a = 1.7, "
                      "b = [-0.5, 0.4] }].") from None  # fmt: skip
    for key, a, b in items:
        yield GradedItem(key, a, b)


def _chosen_from(
    given: argparse.Namespace, items: list[Any], always: Sequence[str], never: frozenset[str]
) -> Any:
    from rapport.science.adaptive.choosing import Bank, Stop

    try:
        stop = Stop(given.below_se, min(given.fewest, given.longest), given.longest)
        return Bank(items, always=tuple(dict.fromkeys(always)), never=never, stop=stop)
    except ValueError as problem:
        raise Trouble(f"{problem}.") from None


def _answers(row: Row, keys: dict[str, str], lowest: int) -> dict[str, int | None]:
    """Categories by key; what is empty was not answered and is left out."""
    found: dict[str, int | None] = {}
    for name, key in keys.items():
        number = row.number(name)
        if number is None:
            continue
        if number != int(number):
            raise row.trouble(name, f"{number:g} is no answer; answers are whole numbers")
        found[key] = int(number) - lowest
    return found


def _run(given: argparse.Namespace, row: Row, bank: Any, answers: Any) -> list[Result]:
    from rapport.science.adaptive.items import BadItem
    from rapport.science.adaptive.simulating import simulate

    try:
        run = simulate(bank, answers)
    except BadItem as problem:
        raise Trouble(f"Line {row.line}: {problem}.") from None
    case = {"case": row.text("case")}
    if given.steps:
        return [
            {**case, "step": n, "item": step.key, "answered": step.answer is not None,
             "theta": step.trait.theta, "se": step.trait.se, "t": step.trait.t}
            for n, step in enumerate(run.steps, 1)
        ]  # fmt: skip
    asked = [step.key for step in run.steps if step.counts]
    return [{**case, **_stands(run.trait), "asked": len(asked), "ended": run.ended,
             "items": " ".join(asked)}]  # fmt: skip


def _now(row: Row, bank: Any, answers: Any) -> Result:
    from rapport.science.adaptive.items import BadItem

    try:
        sitting = bank.sitting(answers)
    except BadItem as problem:
        raise Trouble(f"Line {row.line}: {problem}.") from None
    return {"case": row.text("case"), **_stands(sitting.trait), "asked": len(sitting.asked),
            "ended": sitting.ended, "next": sitting.next}  # fmt: skip


def _stands(trait: Any) -> Result:
    return {"theta": trait.theta, "se": trait.se, "t": trait.t, "t_se": trait.t_se}


def explained() -> Sequence[Callable[..., Any]]:
    """What --explain prints."""
    from rapport.science.adaptive.graded import estimate
    from rapport.science.adaptive.items import GradedItem
    from rapport.science.adaptive.simulating import simulate

    return GradedItem, estimate, simulate


STATISTIC = (
    "adaptive test from calibrated items: who stands where, what comes next", (),
    "one for each item, by its key; empty: not answered; case",
    options, work, explained,
)  # fmt: skip
