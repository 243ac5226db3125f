"""Planning an assessment: begun, its tests put in order, finished."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..norms.models import NormTable
from ..own.saying import said
from ..packs import queries as packs
from . import giving, kept, rules
from .models import Assessment, Battery, PlannedTest


@action("assessment.plan")
def begin(
    *, by: Any, client: Client, question: str, now: datetime, battery: Battery | None = None
) -> Assessment:
    """Begin an assessment, empty or with the tests of a battery.

    Raises:
        CannotPlan: no question or too long a one, or a couple's page.
    """
    if client.is_together:
        raise kept.CannotPlan("question", _("Plan it on the page of the person who is tested."))
    kept.text("question", question, rules.LONGEST)
    made = Assessment.objects.create(
        client=client, question=question.strip(), made_by=policy.person(by), made_at=now
    )
    for place, one in enumerate(battery.tests if battery is not None else (), 1):
        _put(made, place, **one)
    return made


@action("assessment.plan")
def reword(*, by: Any, client: Client, assessment: Assessment, question: str) -> Assessment:
    """Put the question otherwise.

    Raises:
        CannotPlan: no question, too long a one, or the assessment is finished.
    """
    row = kept.opened(client, assessment)
    kept.text("question", question, rules.LONGEST)
    row.question = question.strip()
    row.save(update_fields=["question"])
    return row


@action("assessment.plan")
def add(
    *, by: Any, client: Client, assessment: Assessment, kind: str, instrument: str = "",
    title: str = "", scales: Sequence[str] = (), minutes: int | None = None,
    table: NormTable | None = None,
) -> PlannedTest:  # fmt: skip
    """Put a test at the end of the plan.

    Args:
        instrument: what the client can be asked, by id; of a test elsewhere none.
        title, scales: of a test elsewhere; with a ``table`` its scales are the table's.

    Raises:
        CannotPlan: by field what cannot be.
    """
    row = kept.opened(client, assessment)
    count = row.tests.count()
    if count >= rules.MOST_TESTS:
        raise kept.CannotPlan(
            "title", _("A plan has at most %(n)s tests.") % {"n": rules.MOST_TESTS}
        )
    if kind not in PlannedTest.Kind.values:
        raise kept.CannotPlan("kind", said("choose"))
    if kind == PlannedTest.Kind.ELSEWHERE:
        kept.text("title", title, rules.SHORT)
        instrument = ""
    elif instrument not in packs.askable(client):
        raise kept.CannotPlan("instrument", said("choose"))
    kept.scales(scales)
    kept.minutes(minutes)
    if table is not None:
        kept.version_of(by, table)
    return _put(
        row, count + 1, kind=kind, instrument=instrument, title=title.strip(), minutes=minutes,
        scales=list(scales), table=str(table.pk) if table else "",
    )  # fmt: skip


@action("assessment.plan")
def move(*, by: Any, client: Client, test: PlannedTest, to: str) -> PlannedTest:
    """Move a test one place ``up`` or ``down``.

    Raises:
        CannotPlan: the assessment is finished.
    """
    row = kept.opened(client, test.assessment)
    order = list(row.tests.order_by("place", "pk").values_list("pk", flat=True))
    for place, pk in enumerate(rules.moved(order, test.pk, to), 1):
        row.tests.filter(pk=pk).exclude(place=place).update(place=place)
    return test


@action("assessment.plan")
def finish(*, by: Any, client: Client, assessment: Assessment, now: datetime) -> Assessment:
    """Close the plan: nothing in it is changed any more; ``reopen`` undoes it.

    A clock that still runs stops.
    """
    row = kept.ours(client, assessment)
    if row.finished_at is None:
        for test in row.tests.filter(state=PlannedTest.State.RUNNING):
            giving.keep_time(by=by, client=client, test=test, do="stop", now=now)
        row.finished_at = now
        row.save(update_fields=["finished_at"])
    return row


@action("assessment.plan")
def reopen(*, by: Any, client: Client, assessment: Assessment) -> Assessment:
    """Undo ``finish``."""
    row = kept.ours(client, assessment)
    row.finished_at = None
    row.save(update_fields=["finished_at"])
    return row


def _put(
    assessment: Assessment, place: int, *, kind: str, instrument: str, title: str,
    scales: list[str], minutes: int | None, table: str,
) -> PlannedTest:  # fmt: skip
    found = NormTable.objects.filter(pk=table).first() if table else None
    return PlannedTest.objects.create(
        client=assessment.client, assessment=assessment, place=place, kind=kind,
        instrument=instrument, title=title, scales=scales, minutes=minutes, table=found,
        times=[], note="", results={},
    )  # fmt: skip
