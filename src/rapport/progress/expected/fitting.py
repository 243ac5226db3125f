"""What the nightly job does about one questionnaire: read columns, learn elsewhere, keep."""

import io
import json
import os
import subprocess  # nosec: this program itself, with fixed arguments
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import IO, Any
from uuid import UUID

from rapport.core import time as clock
from rapport.people.episodes.models import Episode

from ..measures import instruments
from ..measures.models import Score
from ..measures.questionnaire import Instrument
from . import rules

CHUNK = 2000
LONGEST = timedelta(minutes=30)  # of one questionnaire's calculation
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
KEPT_BACK = ("RAPPORT_", "DATABASE_", "DJANGO_")  # it needs no key, no database, no setting
PROGRAM = "rapport.progress.expected.learning"


class Stopped(Exception):
    """The calculation ended before it had a result; the one before stands."""


def names() -> list[str]:
    """Questionnaires, and parts, that have a score, and whose file is in the library."""
    scored = Score.objects.exclude(total_rounded=None).order_by()
    named = set(scored.values_list("instrument", flat=True).distinct())
    return sorted(name for name in named if instruments.is_in_library(name))


def learned(form: Instrument) -> dict[str, Any]:
    """What a fit holds, from a process of its own, as plain values; see ``learning.learned``.

    The scores go there through a pipe, a chunk at a time: nothing plain lies on a disk.

    Raises:
        Stopped: that process was killed, or took too long.
    """
    kept = {name: v for name, v in os.environ.items() if not name.startswith(KEPT_BACK)}
    where = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(  # noqa: S603  this program itself
        [sys.executable, "-m", PROGRAM], env=kept | ONE_THREAD | {"PYTHONPATH": where},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as there:  # fmt: skip
        try:
            said = _asked(there, form)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            said = ""
        finally:
            if there.poll() is None:
                there.kill()
    if there.returncode != 0 or not said:
        raise Stopped(f"it ended with {there.returncode}")
    found: dict[str, Any] = json.loads(said)
    return found


def _asked(there: "subprocess.Popen[str]", form: Instrument) -> str:
    """Tell it everything, then wait for what it says: it answers after the last line alone."""
    with there.stdin or io.StringIO() as told:
        _write(told, form)
    there.stdin = None
    said, _nothing = there.communicate(timeout=LONGEST.total_seconds())
    return said


def _write(told: IO[str], form: Instrument) -> None:
    """The scale and an episode a line. Numbers only: no id, no day, no name."""
    scale = rules.scale_of(form)
    told.write(json.dumps(asdict(scale)) + "\n")
    for one in ended(form):
        line = [
            rules.stretch(one.intake, least=scale.least, most=scale.most), one.intake.total,
            one.times, [score.total for score in one.later],
        ]  # fmt: skip
        told.write(json.dumps(line) + "\n")


def ended(form: Instrument) -> Iterator[rules.Series]:
    """The comparable scores of each client's latest ended episode, where one follows an intake.

    Two statements, read in chunks; corrected sheets count with their correction alone.
    """
    within = _episodes()
    span = form.key.span(form.key.total)
    for client, rows in groupby(_scores(form.id), key=lambda row: row[0]):
        if client not in within:
            continue
        first, last = within[client]
        some = [
            rules.Scored(None, at, total, (version, language), band)
            for _client, at, total, version, language, band in rows
            if first <= clock.local(at).date() <= last and span[0] <= total <= span[1]
        ]
        found = rules.series(some, version=form.version)
        if found is not None and found.later:
            yield found


def _episodes() -> dict[UUID, tuple[date, date]]:
    """First and last day of each client's latest ended episode."""
    rows = Episode.objects.exclude(closed_on=None).order_by("closed_on", "opened_on", "pk")
    columns = rows.values_list("client_id", "opened_on", "closed_on")
    found = columns.iterator(CHUNK)
    return {client: (first, last) for client, first, last in found if last is not None}


def _scores(instrument: str) -> Iterator[tuple[UUID, datetime, int, int, str, str]]:
    rows = Score.objects.filter(
        instrument=instrument, total_rounded__isnull=False, sheet__replaced_by=None
    ).order_by("client", "at", "pk")
    columns = rows.values_list(
        "client_id", "at", "total_rounded", "sheet__version", "sheet__language", "band"
    )
    return columns.iterator(CHUNK)
