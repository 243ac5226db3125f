"""The files that leave the house: Parquet, a dictionary of every column, and what was left out."""

import csv
import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.consents.models import Consent
from rapport.people.episodes import codes
from rapport.people.episodes.models import Episode

from ..chosen import queries as chosen
from ..extract.sessions import kept_sessions
from ..measures import instruments, judging
from ..measures.models import Score
from ..measures.published import signs_of
from ..measures.questionnaire import Instrument
from . import rules

CHUNK = 2_000
CLIENTS = pa.schema([
    ("person", pa.int32()), ("age", pa.string()), ("problem", pa.string()),
    ("modality", pa.string()), ("year", pa.string()), ("weeks", pa.int16()),
    ("sessions", pa.string()), ("ended", pa.string()),
])  # fmt: skip
SCORES = pa.schema([
    ("person", pa.int32()), ("week", pa.int16()), ("instrument", pa.string()),
    ("version", pa.int16()), ("language", pa.string()), ("total", pa.float64()),
    ("status", pa.string()), ("band", pa.string()), ("above_cutoff", pa.bool_()),
])  # fmt: skip
DICTIONARY = (
    ("clients", "person", "Number drawn for this extract alone; joins clients and scores.", ""),
    ("clients", "age", "Age when the episode began, in bands.",
     " | ".join([*(words for _n, words in rules.AGES), rules.OLDEST])),
    ("clients", "problem", "Coarse code of why the person came; no diagnosis.",
     " | ".join(codes.Problem.values)),
    ("clients", "modality", "Coarse code of the kind of help.", " | ".join(codes.Modality.values)),
    ("clients", "year", "Year in which the episode ended.", ""),
    ("clients", "weeks", "Whole weeks from the first day of the episode to its last.", ""),
    ("clients", "sessions", "Sessions kept, in bands.",
     " | ".join([*(words for _n, words in rules.STAYS), rules.LONGEST])),
    ("clients", "ended", "How the episode ended.", " | ".join(Episode.Reason.values)),
    ("scores", "person", "As in clients.", ""),
    ("scores", "week", "Whole weeks since the first day of the episode.", ""),
    ("scores", "instrument", "Rapport library id of the questionnaire.", ""),
    ("scores", "version", "Version of that library file.", ""),
    ("scores", "language", "Language in which it was answered, BCP 47.", ""),
    ("scores", "total", "Total, in points of the questionnaire.", ""),
    ("scores", "status", "Whether every item was answered.",
     f"{Score.Status.SCORED} | {Score.Status.PRORATED}"),
    ("scores", "band", "Band of the total, by the library file.", ""),
    ("scores", "above_cutoff", "In the clinical range by the cut-off in use, which report.json "
     "names; empty: it has none.", ""),
)  # fmt: skip


class TooFew(Exception):
    """Fewer people agreed than must look alike. Nothing may leave."""


@dataclass(frozen=True)
class Made:
    """What leaves the house.

    Attributes:
        name: of the file; it names nobody.
        agreed, included: people who agreed and whose care ended; those of them in it.
    """

    name: str
    content: bytes = field(repr=False)
    agreed: int
    included: int


def agreed(*, today: date) -> int:
    """How many people whose care ended agreed to research, and have not taken it back."""
    found = _episodes(today).values("client").distinct()
    return int(found.count())


@action("research.export")
def make(*, by: Any, k: int, now: datetime) -> Made:
    """An extract in which at least ``k`` people are alike in all that others may know of them.

    Raises:
        TooFew: there are fewer than ``k`` of them, or none is left.
        ValueError: k out of bounds.
    """
    people = list(_people(clock.local(now).date()))
    found = rules.anonymous([one["known"] for one in people], k=k)
    drawn = list(range(1, len(people) + 1))
    secrets.SystemRandom().shuffle(drawn)
    kept = {
        one["client"]: (number, one, row)
        for number, one, row in zip(drawn, people, found.rows, strict=True)
        if row is not None
    }
    if not kept:
        raise TooFew
    report = {
        "k": k, "agreed": len(people), "included": len(kept),
        "left_out": len(people) - len(kept), "smallest_group": found.smallest,
        "coarsened": dict(found.coarsened), "alike_in": list(rules.COARSER),
    }  # fmt: skip
    return Made("research.zip", _zipped(kept, report), len(people), len(kept))


def _episodes(today: date) -> Any:
    standing = Consent.objects.filter(
        client=OuterRef("client"), kind=Consent.Kind.RESEARCH, withdrawn_on=None,
        given_on__lte=today,
    )  # fmt: skip
    return Episode.objects.filter(Exists(standing), closed_on__isnull=False)


def _people(today: date) -> Iterator[dict[str, Any]]:
    """Each person once, with their latest episode that ended."""
    rows = _episodes(today).annotate(kept=Coalesce(kept_sessions(), 0))
    columns = ("client", "client__birth_on", "problem", "modality", "opened_on", "closed_on",
               "close_reason", "kept")  # fmt: skip
    before = None
    ordered = rows.order_by("client", "-closed_on", "-opened_on", "pk")
    for row in ordered.values(*columns).iterator(CHUNK):
        if row["client"] == before:
            continue
        before = row["client"]
        opened, closed = row["opened_on"], row["closed_on"]
        yield {
            "client": row["client"], "opened": opened, "closed": closed,
            "weeks": (closed - opened).days // 7, "sessions": rules.sessions_band(row["kept"]),
            "ended": row["close_reason"],
            "known": {
                "age": rules.age_band(_years(row["client__birth_on"], opened)),
                "problem": row["problem"], "modality": row["modality"], "year": str(closed.year),
            },
        }  # fmt: skip


def _years(born: date | None, on: date) -> int | None:
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class _Forms(dict[str, Instrument | None]):
    """Questionnaires of the library as the practice judges by them; None of others."""

    def __init__(self) -> None:
        self.chosen = chosen.every()

    def __missing__(self, name: str) -> Instrument | None:
        found = None
        if instruments.is_in_library(name):
            found = chosen.judged(instruments.get(name), self.chosen).content
        return self.setdefault(name, found)


def _scores(kept: Mapping[Any, Any], forms: _Forms) -> Iterator[tuple[Any, ...]]:
    clients = list(kept)
    zone = clock.zone()
    for start in range(0, len(clients), CHUNK // 4):
        rows = Score.objects.filter(
            client__in=clients[start : start + CHUNK // 4], total__isnull=False,
            sheet__replaced_by=None,
        )  # fmt: skip
        columns = ("client", "at", "instrument", "sheet__version", "sheet__language", "total",
                   "status", "band", "above_cutoff", "total_rounded")  # fmt: skip
        for client, at, name, version, language, total, status, band, above, read in rows.order_by(
            "client", "at", "pk"
        ).values_list(*columns):
            number, one, _row = kept[client]
            on = at.astimezone(zone).date()
            if one["opened"] <= on <= one["closed"]:
                week = (on - one["opened"]).days // 7
                if (form := forms[name]) is not None:
                    above = judging.clinical(form, above, read, version)
                yield (number, week, name, version, language, float(total), status, band, above)


def _zipped(kept: Mapping[Any, Any], report: dict[str, Any]) -> bytes:
    clients = sorted(
        (number, row["age"], row["problem"], row["modality"], row["year"], one["weeks"],
         one["sessions"], one["ended"])
        for number, one, row in kept.values()
    )  # fmt: skip
    forms = _Forms()
    scores = sorted(_scores(kept, forms), key=lambda row: row[:3])
    cutoffs = {name: signs_of(form.cutoffs) for name, form in forms.items() if form is not None}
    report = report | {"cutoffs": {name: said for name, said in cutoffs.items() if said}}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, schema, rows in (("clients", CLIENTS, clients), ("scores", SCORES, scores)):
            file.writestr(zipfile.ZipInfo(f"{name}.parquet"), _parquet(schema, rows))
        file.writestr(zipfile.ZipInfo("dictionary.csv"), _dictionary())
        file.writestr(zipfile.ZipInfo("report.json"), json.dumps(report, indent=1))
    return held.getvalue()


def _parquet(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> bytes:
    columns = zip(*rows, strict=True) if rows else [() for _ in schema]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    held = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), held, compression="zstd")
    return held.getvalue()


def _dictionary() -> str:
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(["file", "variable", "type", "meaning", "values"])
    types = {"clients": CLIENTS, "scores": SCORES}
    for file, name, meaning, values in DICTIONARY:
        writer.writerow([file, name, types[file].field(name).type, meaning, values])
    return held.getvalue()
