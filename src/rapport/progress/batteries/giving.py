"""Giving a test: its clock, what is noted, and its scores by a norm table."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..norms import rules as lookups
from ..norms import standing
from ..norms.models import NormTable, NormVersion
from ..own.saying import said
from . import kept, rules
from .models import PlannedTest


@action("assessment.plan")
def keep_time(
    *, by: Any, client: Client, test: PlannedTest, do: str, now: datetime
) -> PlannedTest:  # fmt: skip
    """``start`` the clock of a test or ``stop`` it; a break is a stop and a start.

    Raises:
        CannotPlan: the assessment is finished.
    """
    row = kept.locked(client, test)
    if do == "start":
        row.times, row.by = rules.started(row.times, now), policy.person(by)
        row.state = PlannedTest.State.RUNNING
    else:
        row.times = rules.stopped(row.times, now)
        if row.state != PlannedTest.State.LEFT_OUT:  # by another window, meanwhile
            row.state = PlannedTest.State.DONE if row.results else PlannedTest.State.PLANNED
    row.save(update_fields=["times", "by", "state"])
    return row


@action("assessment.plan")
def settle(
    *, by: Any, client: Client, test: PlannedTest, minutes: int | None, note: str, left_out: bool,
    now: datetime,
) -> PlannedTest:  # fmt: skip
    """Keep what was noted, the minutes that are planned, and whether it is left out.

    Raises:
        CannotPlan: by field what cannot be, or the assessment is finished.
    """
    row = kept.locked(client, test)
    kept.minutes(minutes)
    kept.text("note", note, rules.LONGEST, needed=False)
    row.minutes, row.note = minutes, note.strip()
    if left_out:
        row.state, row.times = PlannedTest.State.LEFT_OUT, rules.stopped(row.times, now)
    elif row.state == PlannedTest.State.LEFT_OUT:
        row.state = PlannedTest.State.DONE if row.results else PlannedTest.State.PLANNED
    row.save(update_fields=["minutes", "note", "state", "times"])
    return row


@action("assessment.plan")
def score(
    *, by: Any, client: Client, test: PlannedTest, raws: Mapping[str, float], sex: str,
    done_on: date, now: datetime, table: NormTable | None = None, education: int | None = None,
) -> PlannedTest:  # fmt: skip
    """Keep raw scores, and what they come to by the newest version of a norm table.

    How each number came about is kept with it: a later version of the table changes nothing.

    Args:
        raws: by scale. sex: whose norms are looked up. done_on: when the client was tested.
        education: years of it, where the table tells people apart by them.

    Raises:
        CannotPlan: by field what cannot be, or the assessment is finished.
    """
    row = kept.locked(client, test)
    kept.day(done_on, now)
    if sex not in rules.SEXES:
        raise kept.CannotPlan("sex", said("choose"))
    kept.years(education)
    if not raws:
        raise kept.CannotPlan("", _("Enter one score or more."))
    version = kept.version_of(by, table) if table is not None else None
    if version is None:
        kept.scales(list(raws))
    kept.room(row, len(raws))
    age = rules.age_on(client.birth_on, done_on)
    about = {"sex": sex, "age": age} | ({} if education is None else {"education": education})
    row.results = {
        **about, "version": _of(version) if version else None,
        "scales": [_scored(version, name, raw, about) for name, raw in raws.items()],
        **_apart(version, raws),
    }  # fmt: skip
    row.table = table
    row.state, row.done_on = PlannedTest.State.DONE, done_on
    row.times, row.by = rules.stopped(row.times, now), row.by or policy.person(by)
    row.save(update_fields=["results", "table", "state", "done_on", "times", "by"])
    return row


def _of(version: NormVersion) -> dict[str, Any]:
    """What a result keeps of the table it was looked up in."""
    about = version.about
    names = ("title", "source", "population", "year", "better", "words", "words_source")
    return {"id": str(version.pk), "number": version.number, "table": str(version.table_id),
            "kind": version.content["kind"], **{name: about[name] for name in names}}  # fmt: skip


def _apart(version: NormVersion | None, raws: Mapping[str, float]) -> dict[str, Any]:
    """How often those of its scales lie apart, as the table has it; nothing where it has not."""
    every = version.content.get("apart", []) if version is not None else []
    found = [row for row in every if row["scale"] in raws and row["other"] in raws]
    return {"apart": found} if found else {}


def _scored(
    version: NormVersion | None, scale: str, raw: float, about: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    if version is None:
        return {"scale": scale, "raw": raw, "result": None}
    content = version.content
    looked = lookups.look_up(content["rows"], scale=scale, raw=raw, **about)
    return {"scale": scale, "raw": raw,
            "result": standing.standing(content["kind"], looked, raw)}  # fmt: skip
