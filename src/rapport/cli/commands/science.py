"""Statistics on a CSV file: rapport science nap --better lower scores.csv

nap     change between two phases of a case: NAP, Tau, Tau-U, baseline-corrected Tau
mssd    daily ratings: answers, compliance, SD, MSSD, inertia
change  reliable change between two scores
growth  mixed model of many clients' scores over time; each client's band
cat     adaptive test from a bank of calibrated items

The first line names the columns; commas, semicolons or tabs stand between them. A column case,
where there is one, tells cases apart. Without a file it reads what comes in. It needs no
practice and keeps nothing.
"""

import argparse
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rapport.cli import Trouble, adapting, columns, growing
from rapport.cli.columns import Row

help = "work out statistics of change from a CSV file"
Result = dict[str, Any]
HIGHEST_POWER = 10  # a gap to a higher one is no longer a number


@dataclass(frozen=True)
class Statistic:
    """A word after ``rapport science``.

    Attributes:
        needed: columns that the file must have.
        also: what it may have besides.
        options: adds what the word takes.
        work: results, one a line, of the rows.
        explained: the functions whose docstrings --explain prints.
    """

    help: str
    needed: tuple[str, ...]
    also: str
    options: Callable[[argparse.ArgumentParser], None]
    work: Callable[[argparse.Namespace, Sequence[Row]], list[Result]]
    explained: Callable[[], Sequence[Callable[..., Any]]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    words = parser.add_subparsers(dest="statistic", metavar="statistic", required=True)
    for name, one in STATISTICS.items():
        about = f"Columns: {'; '.join(filter(None, (', '.join(one.needed), one.also)))}."
        word = words.add_parser(name, help=one.help, description=about, allow_abbrev=False)
        word.add_argument("file", nargs="?", metavar="FILE", help="CSV; left out: standard input")
        word.add_argument("--json", action="store_true", help="one JSON object a line")
        word.add_argument("--explain", action="store_true", help="print formula, units and source")
        one.options(word)


def run(options: argparse.Namespace) -> int:
    one = STATISTICS[options.statistic]
    try:
        if options.explain:
            _explain(one)
        else:
            results = one.work(options, columns.read(options.file, one.needed))
            columns.write(results, as_json=options.json)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _explain(one: Statistic) -> None:
    print("\n\n\n".join(f"{each.__name__}\n\n{inspect.getdoc(each)}" for each in one.explained()))


def _better(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--better", choices=("lower", "higher"), help="which way is improvement")


def _nap_options(parser: argparse.ArgumentParser) -> None:
    _better(parser)
    parser.add_argument("--confidence", type=float, default=0.95, help="of the interval, 0.95")


def _nap(options: argparse.Namespace, rows: Sequence[Row]) -> list[Result]:
    from rapport.science import single_case

    if options.better is None:
        raise Trouble("Say which way is improvement: --better lower or --better higher.")
    results = []
    for case, lines in columns.by_case(rows):
        before, after = _phases(lines)
        given = {"better": options.better}
        with _refusals(lines[0]):
            one = single_case.nap(before, after, confidence=options.confidence, **given)
            trend = single_case.corrected_tau(before, after, **given)
            u = single_case.tau_u(before, after, **given)
        results.append(
            {
                "case": case, "before": one.before, "after": one.after, "enough": one.enough,
                "nap": one.nap, "se": one.se, "low": one.low, "high": one.high, "tau": one.tau,
                "tau_u": u.value, "tau_bc": trend.tau, "corrected": trend.corrected,
            }
        )  # fmt: skip
    return results


def _phases(lines: Sequence[Row]) -> list[list[float]]:
    """Scores of both phases of a case; the phase named first is the earlier one."""
    phases: dict[str, list[float]] = {}
    for row in lines:
        name = row.text("phase")
        if not name:
            raise row.trouble("phase", "it is empty. Name the phase, for example A or B")
        if name not in phases and len(phases) == 2:
            raise row.trouble("phase", f"{name!r} is a third phase; two are compared")
        score = row.number("score")
        phases.setdefault(name, [])
        if score is not None:
            phases[name].append(score)
    if len(phases) < 2:
        raise lines[-1].trouble("phase", "there is one phase only; two are compared")
    for name, scores in phases.items():
        if not scores:
            raise lines[-1].trouble("score", f"phase {name!r} has no score")
    return list(phases.values())


def _mssd_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--expected", type=int, help="how often somebody was asked")
    parser.add_argument("--power", type=float, default=0.0, help="by which gaps are divided, 0")
    parser.add_argument("--widest", type=float, metavar="DAYS", help="that a pair may span")


def _mssd(options: argparse.Namespace, rows: Sequence[Row]) -> list[Result]:
    from rapport.science import daily

    _above_0(options, "widest")
    if not 0 <= options.power <= HIGHEST_POWER:
        raise Trouble(f"--power is from 0 to {HIGHEST_POWER}, not {options.power:g}.")
    timed = "time" in rows[0].cells
    results = []
    for case, lines in columns.by_case(rows):
        scores = [row.number("score") for row in lines]
        times = [row.day("time") for row in lines] if timed else None
        for row, earlier, later in zip(lines[1:], times or (), (times or ())[1:], strict=False):
            if later <= earlier:
                raise row.trouble("time", "it is not after the one before")
        with _refusals(lines[0]):
            one = daily.describe(
                scores, times, expected=options.expected, power=options.power, widest=options.widest
            )
        results.append(
            {
                "case": case, "n": one.n, "expected": one.expected, "compliance": one.compliance,
                "mean": one.mean, "sd": one.sd, "pairs": one.pairs, "mssd": one.mssd,
                "rmssd": one.rmssd, "inertia": one.inertia, "bias": one.bias,
            }
        )  # fmt: skip
    return results


def _change_options(parser: argparse.ArgumentParser) -> None:
    _better(parser)
    parser.add_argument("--sd", type=float, help="of the reference sample, in points")
    parser.add_argument("--reliability", type=float, metavar="R", help="of the questionnaire there")
    parser.add_argument("--threshold", type=float, default=1.96, metavar="Z", help="1.96 is 95 %%")
    parser.add_argument(
        "--cutoff", type=float, help="the first point of the clinical range; names the outcome"
    )


def _change(options: argparse.Namespace, rows: Sequence[Row]) -> list[Result]:
    from rapport.science import change

    if options.sd is None or options.reliability is None:
        raise Trouble("Say --sd and --reliability of the sample that counts.")
    if options.cutoff is not None and options.better is None:
        raise Trouble("A cut-off needs --better lower or --better higher.")
    try:
        norm = change.Norm(options.sd, options.reliability)
    except ValueError as problem:
        raise Trouble(f"{problem}.") from None
    _above_0(options, "sd", "threshold")
    if options.cutoff is not None and not abs(options.cutoff) <= columns.MOST:
        raise Trouble(f"--cutoff is a number of points, not {options.cutoff:g}.")
    results = []
    for row in rows:
        earlier, later = (_there(row, name) for name in ("earlier", "later"))
        one = change.reliable_change(earlier, later, norm=norm, threshold=options.threshold)
        result: Result = {
            "case": row.text("case"), "earlier": earlier, "later": later, "points": one.points,
            "index": one.index, "needed": one.needed, "reliable": one.reliable,
        }  # fmt: skip
        if options.cutoff is not None:
            led = change.outcome(
                earlier, later, reliable=one.reliable, better=options.better, cutoff=options.cutoff
            )
            result |= {"outcome": led.name, "crossed": led.crossed}
        results.append(result)
    return results


def _above_0(options: argparse.Namespace, *names: str) -> None:
    for name in names:
        value = getattr(options, name)
        if value is not None and not 1 / columns.MOST <= value <= columns.MOST:
            raise Trouble(f"--{name} is above 0, not {value:g}.")


def _there(row: Row, column: str) -> float:
    number = row.number(column)
    if number is None:
        raise row.trouble(column, "it is empty")
    return number


class _refusals:
    """Turns a refusal of the science into trouble with the case's first line."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, problem: BaseException | None, _trace: Any) -> None:
        if isinstance(problem, ValueError):
            raise Trouble(f"The case that begins on line {self.row.line}: {problem}.") from None


def _explain_nap() -> Sequence[Callable[..., Any]]:
    from rapport.science.single_case import corrected_tau, nap, tau_u

    return nap, tau_u, corrected_tau


def _explain_mssd() -> Sequence[Callable[..., Any]]:
    from rapport.science.daily import inertia, mssd

    return mssd, inertia


def _explain_change() -> Sequence[Callable[..., Any]]:
    from rapport.science.change import outcome, reliable_change

    return reliable_change, outcome


# A further statistic is one more entry; its science is imported when it runs.
STATISTICS = {
    "nap": Statistic(
        "change between two phases of a case", ("phase", "score"),
        "case where there are several; rows in the order of the sessions",
        _nap_options, _nap, _explain_nap,
    ),
    "mssd": Statistic(
        "instability and inertia of daily ratings", ("score",),
        "an empty score is no answer; time in days or as a date; case",
        _mssd_options, _mssd, _explain_mssd,
    ),
    "change": Statistic(
        "reliable change between two scores", ("earlier", "later"), "case",
        _change_options, _change, _explain_change,
    ),
    "growth": Statistic(*growing.STATISTIC),
    "cat": Statistic(*adapting.STATISTIC),
}  # fmt: skip
