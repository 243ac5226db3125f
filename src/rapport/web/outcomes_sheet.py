"""Outcomes as a table for a spreadsheet, hidden as they are on the page."""

from collections.abc import Iterator
from typing import Any

from rapport.progress.extract.sessions import UNKNOWN
from rapport.progress.outcomes import rules
from rapport.progress.outcomes.queries import Outcomes
from rapport.progress.outcomes.showing import Line
from rapport.science.medians import median
from rapport.science.proportions import wilson

from . import outcomes_effects as effects
from .outcomes import CLASSES, RATES
from .outcomes_sources import goals, judged_by

BOUNDS = ("", "_low", "_high")
GOALS = {"response": "responded", "remission": "remitted"}


def sheet(found: Outcomes) -> Iterator[list[Any]]:
    """The figures for a spreadsheet, hidden as they are on the page; the heads are codes."""
    yield [
        "ended_from", "ended_until", "instrument", "problem", "modality", "intake_band", "by",
        "group", "clients", "paired", "prorated", "not_comparable", "mean_first", "mean_last",
        "d_pre", "d_pre_low", "d_pre_high", "d_pre_spread", "d_pre_spread_of", "sd_last", "r",
        *(f"{name}{part}" for name in (*CLASSES, *GOALS) for part in BOUNDS),
        *(f"nhs_{name}{part}" for name in ("completed", "paired", *RATES)
          for part in ("", "_of")),
        "ending_said", *(f"{name}{part}" for name in ("planned", "dropped_out") for part in BOUNDS),
        "wait_known", *(f"wait_{name}{part}" for name in ("median", "42_days", "126_days")
                        for part in BOUNDS),
        *(f"wait_unknown_{why.lower()}" for why in UNKNOWN),
    ]  # fmt: skip
    asked = found.asked
    about = [asked.since, asked.until, asked.instrument, asked.problem, asked.modality, asked.band,
             asked.by]  # fmt: skip
    for name, line in _coded(found):
        yield [*about, name, *_row(found, line), *_nhs_row(line), *_endings(line), *_waits(line)]


def _coded(found: Outcomes) -> Iterator[tuple[str, Line]]:
    yield "all", found.whole
    if found.mine is not None:
        yield "own", found.mine
    for line in found.groups:
        yield line.name or "not said", line


def _row(found: Outcomes, line: Line) -> list[Any]:
    if not line.shown:
        return ["hidden"] * (13 + 3 * (len(CLASSES) + len(GOALS)))
    tally = line.tally
    made: list[Any] = [
        tally.clients, tally.paired, tally.prorated, tally.apart,
        round(float(tally.first / tally.paired), 3), round(float(tally.last / tally.paired), 3),
        *_effect(found, line),
    ]  # fmt: skip
    for name in CLASSES:
        if judged_by(found) and (name != "recovered" or found.form.cutoffs):
            made += _share(tally.classes[name], tally.paired)
        else:
            made += ["", "", ""]
    defined = {counted for _name, counted, _one in goals(found.form)}
    for counted in GOALS.values():
        made += _share(getattr(tally, counted), tally.paired) if counted in defined else [""] * 3
    return made


def _effect(found: Outcomes, line: Line) -> list[Any]:
    one = effects.of(found, line)
    if one is None:
        return [""] * 7
    made, ends = one.found, one.found.rests_on
    return [
        *(round(number, 3) for number in (made.size, made.low, made.high, made.sd)),
        "own" if one.everybody is None else "all",
        round(ends.sd_last, 3),
        round(ends.r, 3),
    ]


def _nhs_row(line: Line) -> list[Any]:
    judged, made = line.tally.service, list[Any]()
    for name in ("completed", "paired", *RATES):
        may = line.treated and (line.cases or name not in RATES[:2])
        if judged is None and line.shown:
            made += ["", ""]
        elif judged is None or not may:
            made += ["hidden", "hidden"]
        else:
            rate = getattr(judged, name)
            made += [rate.numerator, rate.denominator]
    return made


def _share(count: int, n: int) -> list[Any]:
    share = wilson(count, n)
    return [count, round(share.low, 4), round(share.high, 4)]


def _endings(line: Line) -> list[Any]:
    tally = line.tally
    if not line.ended:
        return ["hidden"] * 7
    return [tally.said, *_share(tally.planned, tally.said), *_share(tally.dropped, tally.said)]


def _waits(line: Line) -> list[Any]:
    if not line.waited:
        return ["hidden"] * (10 + len(UNKNOWN))
    tally, known = line.tally, line.tally.waited()
    middle = median(tally.waits)
    made: list[Any] = [known, middle.estimate, middle.low, middle.high]
    for days in (rules.SOON, rules.LATE):
        made += _share(tally.waited(days), known)
    return [*made, *(tally.unknown[why] for why in UNKNOWN)]
