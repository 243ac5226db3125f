"""Random columns of a service, and the same answered slowly, row by row."""

from random import Random
from typing import Any

import pyarrow as pa

from rapport.progress.extract.questions import Asked
from rapport.progress.extract.sessions import UNKNOWN
from rapport.progress.extract.tables import (
    CLINICIANS,
    ENDS,
    ENDS_BITS,
    EPISODES,
    SCORES,
    Columns,
)
from rapport.progress.outcomes import anxiety, rules
from rapport.science import talking_therapies as nhs

INSTRUMENTS = ("gad-7", "phq-9", "brs", "pcl-5", "ies-r", "spin", "oci", "mobility-inventory")
TOPS = {"gad-7": 21, "phq-9": 27, "brs": 5, "pcl-5": 80, "ies-r": 88, "spin": 68, "oci": 168,
        "mobility-inventory": 5}  # fmt: skip
MEANS = ("brs", "mobility-inventory")


def columns(
    random: Random, *, clients: int, many: tuple[int, ...] = (0, 1, 2, 5), forms: int = 4
) -> Columns:
    """Clients with up to three episodes and a few scores of each questionnaire.

    Args:
        many: how many scores of each there are, one of these. forms: one sheet in so many is of
            another version.
    """
    ends: dict[tuple[Any, ...], int] = {}
    episodes, scores = [], []
    for client in range(clients):
        for _ in range(random.choice((1, 1, 2, 3))):
            opened = random.randrange(300)
            wait = random.choice((None, 0, 3, 42, 43, 127))
            episodes.append({
                "client": client, "responsible": random.randrange(4),
                "problem": random.choice(("DEPRESSION", "ANXIETY", "TRAUMA", "")),
                "modality": random.choice(("CBT", "PSYCHODYNAMIC")), "opened": opened,
                "closed": opened + random.randrange(200), "contacts": random.randrange(4),
                "reason": random.choice(("COMPLETED", "CLIENT_ENDED", "LOST", "MOVED", "")),
                "wait": wait, "unknown": random.choice(UNKNOWN) if wait is None else "",
            })  # fmt: skip
        for name in INSTRUMENTS:
            for _ in range(random.choice(many)):
                end = _end(random, name, ends, forms)
                scores.append((random.randrange(500), client, name, end))
    order = sorted(episodes, key=lambda one: (one["client"], one["closed"], one["opened"]))
    for number, episode in enumerate(order):
        episode["order"] = number
    scores.sort(key=lambda one: one[0])
    rows = [
        {"client": client, "instrument": INSTRUMENTS.index(name), "day": day,
         "complete": not key[5], "at": place << ENDS_BITS | ends[key]}
        for place, (day, client, name, key) in enumerate(scores)
    ]  # fmt: skip
    return Columns(
        pa.Table.from_pylist(order, schema=EPISODES), pa.Table.from_pylist(rows, schema=SCORES),
        pa.Table.from_pylist(
            [dict(zip(ENDS.names, (n, *key), strict=True)) for key, n in ends.items()],
            schema=ENDS,
        ),
        pa.Table.from_pylist(
            [{"responsible": n, "staff": f"staff {n}"} for n in range(4)], schema=CLINICIANS
        ),
        INSTRUMENTS,
    )  # fmt: skip


def _end(
    random: Random, name: str, ends: dict[tuple[Any, ...], int], forms: int
) -> tuple[Any, ...]:
    step = max(TOPS[name] // 8, 1)  # few results keep the tables of pairs small
    points = random.randrange(0, TOPS[name] + 1, step)
    total = points * 1000 + (random.choice((0, 330)) if name in MEANS else 0)
    clinical = None if name == "brs" else points >= 10
    version = random.choice((2, *[1] * (forms - 1)))
    language = random.choice(("de", *["en"] * (forms // 2)))
    key = (name, total, version, language,
           "low" if points < 10 else "high", random.random() < 0.2, clinical)  # fmt: skip
    ends.setdefault(key, len(ends))
    return key


def slowly(found: Columns, asked: Asked) -> list[rules.Ended]:
    """The episodes a question is about, as the rows of the database would tell them."""
    ends = {one["end"]: one for one in found.ends.to_pylist()}
    staff = {one["responsible"]: one["staff"] for one in found.clinicians.to_pylist()}
    scores: dict[int, list[Any]] = {}
    for row in found.scores.to_pylist():
        scores.setdefault(row["client"], []).append(row)
    latest: dict[int, Any] = {}
    for row in found.episodes.to_pylist():
        if asked.since <= row["closed"] <= asked.until:
            latest[row["client"]] = row  # in their order, the last one stays
    made = []
    for row in latest.values():
        theirs = sorted(
            (s for s in scores.get(row["client"], ())
             if row["opened"] <= s["day"] <= row["closed"]),
            key=lambda s: s["at"],
        )  # fmt: skip

        def both(number: int, *, complete: bool = False, theirs: Any = theirs) -> list[Any]:
            some = [
                s for s in theirs if s["instrument"] == number and (s["complete"] or not complete)
            ]
            if not some:
                return [None, None]
            return [_read(one, ends) for one in (some[0], some[-1])]

        first, last = both(asked.instrument)
        own = [_read(one, ends) for one in theirs if one["instrument"] == asked.instrument]
        inner = (own[1], own[-2]) if len(own) > 1 else (None, None)
        episode = None
        if asked.pair is not None:
            numbers = [*asked.pair, *(number for _problem, number in asked.instead)]
            low, fear, *more = (rules.scores(*both(number, complete=True)) for number in numbers)
            more += [nhs.Scores(None, None)] * (len(anxiety.INSTEAD) - len(more))
            measure, fear = anxiety.judged_by(row["problem"], fear, more)
            episode = nhs.Episode(row["contacts"], low, fear, measure)
        one = rules.Ended(staff[row["responsible"]], row["problem"], row["modality"], first, last,
                          episode, row["reason"], row["wait"], row["unknown"], *inner)  # fmt: skip
        if rules.fits(one, problem=asked.problem, modality=asked.modality, band=asked.band):
            made.append(one)
    return made


def _read(score: Any, ends: Any) -> rules.End:
    end = ends[score["at"] % 2**ENDS_BITS]
    points = end["total"] / 1000
    return rules.End(
        sheet=str(score["at"]), total=int(points) if points.is_integer() else points,  # type: ignore[arg-type]
        form=(end["version"], end["language"]), band=end["band"], prorated=end["prorated"],
        clinical=end["clinical"],
    )  # fmt: skip
