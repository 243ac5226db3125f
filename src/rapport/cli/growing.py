"""``rapport science growth``: a mixed model of a table, and where each client's scores may lie."""

import argparse
import math
from collections.abc import Callable, Sequence
from typing import Any

from rapport.cli import Trouble
from rapport.cli.columns import Row

Result = dict[str, Any]
MOST = 1e9  # a scale without ends


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shape", choices=("linear", "log"), default="linear",
                        help="score against time, or against log(1 + time); linear")  # fmt: skip
    parser.add_argument("--no-slope", action="store_true", help="a level of one's own, no slope")
    parser.add_argument("--ml", action="store_true", help="fit by ML, not by REML")
    parser.add_argument("--bands", type=float, metavar="TIME",
                        help="not the model, but what to expect of each client then")  # fmt: skip
    parser.add_argument("--level", type=float, default=0.8, help="of the bands, 0.8")
    parser.add_argument("--least", type=float, default=-MOST, help="lowest score there is")
    parser.add_argument("--most", type=float, default=MOST, help="highest score there is")


def work(given: argparse.Namespace, rows: Sequence[Row]) -> list[Result]:
    """The model's numbers, one a line; with --bands one line a client.

    Raises:
        Trouble: a cell is wrong, or the rows do not determine the model.
    """
    if given.bands is not None and not 0 < given.level < 1:
        raise Trouble(f"--level lies between 0 and 1, not at {given.level:g}.")
    if given.bands is not None and not (math.isfinite(given.bands) and given.bands >= 0):
        raise Trouble("--bands takes a time of 0 or more, in the unit of the file.")
    if not given.least < given.most:
        raise Trouble("--least must be below --most.")
    told = _since_first([_row(row, given) for row in rows if row.text("score")])
    if not told:
        raise Trouble("No row has a score.")
    model = _fitted(given, rows, told)
    return _numbers(model) if given.bands is None else _bands(given, model, told)


def _row(row: Row, given: argparse.Namespace) -> tuple[str, float, float, Row]:
    client = row.text("client")
    if not client:
        raise row.trouble("client", "it is empty. Name the client by any code")
    score = row.number("score")
    time = row.day("time")
    if score is not None and not given.least <= score <= given.most:
        raise row.trouble("score", f"{score:g} is not between --least and --most")
    if time < 0 or not math.isfinite(time):
        raise row.trouble("time", "it is below 0. Count from the first measurement")
    return client, time, float(score or 0), row


def _since_first(told: list[Any]) -> list[Any]:
    """Dates become days since the client's first; numbers are left as they are."""
    if not any("-" in row.text("time")[1:] for *_, row in told):
        return told
    first: dict[str, float] = {}
    for client, time, *_ in told:
        first[client] = min(time, first.get(client, time))
    return [(client, time - first[client], score, row) for client, time, score, row in told]


def _fitted(given: argparse.Namespace, rows: Sequence[Row], told: Sequence[Any]) -> Any:
    import numpy as np

    from rapport.science.growth.course import moved
    from rapport.science.growth.fitting import fit
    from rapport.science.growth.sums import CannotFit

    when = np.array([moved(time, given.shape) for _, time, _, _ in told])
    try:
        return fit(
            [score for _, _, score, _ in told], np.column_stack([np.ones(len(when)), when]),
            client=[client for client, *_ in told], time=when, names=("constant", "time"),
            therapist=_therapists(told) if "therapist" in rows[0].cells else None,
            slope=not given.no_slope, method="ML" if given.ml else "REML",
        )  # fmt: skip
    except CannotFit as problem:
        raise Trouble(f"The table does not determine the model: {problem}.") from None


def _therapists(told: Sequence[Any]) -> list[str]:
    """With whom each row was; a client has one therapist."""
    known: dict[str, str] = {}
    for client, _, _, row in told:
        name = row.text("therapist")
        if not name:
            raise row.trouble("therapist", "it is empty. Fill the column, or leave it out")
        if known.setdefault(client, name) != name:
            raise row.trouble("therapist", "this client stands with another one before")
    return [known[client] for client, *_ in told]


def _numbers(model: Any) -> list[Result]:
    lines = []
    for one in model.fixed:
        low, high = one.interval()
        lines.append(_line(one.name, one.value, one.error, low, high))
    lines.append(_line("sd of constant between clients", model.intercept_sd))
    lines.append(_line("sd of slope between clients", model.slope_sd))
    odd = math.isnan(model.correlation)
    lines.append(_line("correlation of both", None if odd else model.correlation))
    if model.therapists:
        lines.append(_line("sd between therapists", model.therapist_sd))
    lines.append(_line("sd of the rest", model.residual_sd))
    lines.append(_line(f"-2 log likelihood ({model.method})", model.criterion))
    counts = {"rows": model.rows, "clients": model.clients, "therapists": model.therapists}
    lines += [_line(name, many) for name, many in counts.items() if many]
    lines += [_line(f"singular: {edge}", None) for edge in model.singular]
    if not model.converged:
        lines.append(_line("not converged: do not rely on it", None))
    return lines


def _line(
    what: str, value: float | None, error: float | None = None, low: float | None = None,
    high: float | None = None,
) -> Result:  # fmt: skip
    return {"what": what, "value": value, "se": error, "low": low, "high": high}


def _bands(given: argparse.Namespace, model: Any, told: Sequence[Any]) -> list[Result]:
    """Each client's expected score, given their own scores; of the therapist nothing is known."""
    from dataclasses import replace

    from rapport.science.growth.bands import outlook
    from rapport.science.growth.course import Course
    from rapport.science.growth.model import Fixed

    none = (Fixed("intake", 0.0, 0.0), Fixed("intake x time", 0.0, 0.0))
    whole = replace(model, fixed=(*model.fixed, *none))
    course = Course(whole, given.shape, (), given.least, given.most, "lower")
    known: dict[str, Any] = {}
    for client, time, score, _ in told:
        before = known.get(client) or outlook(course, intake=max(given.least, min(given.most, 0)))
        known[client] = before.after(time, score)
    lines = []
    for client, one in known.items():
        band = one.band(given.bands, level=given.level)
        lines.append({"client": client, "seen": one.seen, "time": given.bands,
                      "expected": one.at(given.bands).mean, "low": band.low, "high": band.high,
                      "level": given.level})  # fmt: skip
    return lines


def explained() -> Sequence[Callable[..., Any]]:
    """What --explain prints."""
    from rapport.science.growth.bands import Outlook
    from rapport.science.growth.fitting import fit
    from rapport.science.growth.model import Growth

    return fit, Growth, Outlook.after, Outlook.band


STATISTIC = (
    "growth model: what holds for all, and how clients differ", ("client", "time", "score"),
    "therapist; time as a number or a date, then in days since the client's first",
    options, work, explained,
)  # fmt: skip
