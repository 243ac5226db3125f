"""Reading assessments. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from rapport.core import time as clock
from rapport.people.clients.models import Client

from ..measures.models import Asked, Sheet
from . import rules
from .models import Assessment, AssessmentReport, Battery, PlannedTest

MOST, SHEETS = 100, 400


@dataclass(frozen=True)
class Line:
    """One test, and where it stands.

    Attributes:
        sheet: the newest answers since the plan began; of a questionnaire or interview.
        waits: it was asked and is not answered yet.
        minutes: how long it took; None: nobody kept the time.
    """

    test: PlannedTest
    sheet: Sheet | None
    waits: bool
    minutes: int | None

    @property
    def is_done(self) -> bool:
        """Whether there is something to read of it."""
        return self.sheet is not None or self.test.state == PlannedTest.State.DONE


def get(*, by: Any, assessment_id: uuid.UUID) -> Assessment:
    """One assessment of a client whose clinical record ``by`` may read.

    Raises:
        Assessment.DoesNotExist: none, or not for ``by``.
    """
    found: QuerySet[Assessment] = Assessment.objects.clinical_to(by)
    return found.select_related("client__data_key").get(pk=assessment_id)


def test(*, by: Any, test_id: uuid.UUID) -> PlannedTest:
    """One test of a client whose clinical record ``by`` may read.

    Raises:
        PlannedTest.DoesNotExist: none, or not for ``by``.
    """
    found: QuerySet[PlannedTest] = PlannedTest.objects.clinical_to(by)
    row = found.select_related("client__data_key", "assessment").get(pk=test_id)
    row.assessment.client = row.client
    return row


def of(*, by: Any, client: Client) -> list[Assessment]:
    """The latest assessments of a client whom ``by`` has opened. One statement."""
    found = list(Assessment.objects.filter(client=client).order_by("-made_at", "pk")[:MOST])
    for one in found:
        one.client = client  # its data key is loaded already
    return found


def tests(assessment: Assessment) -> list[PlannedTest]:
    """Its tests in their order. One statement."""
    found = list(assessment.tests.select_related("by___staff").order_by("place", "pk"))
    for one in found:
        one.client, one.assessment = assessment.client, assessment
    return found


def lines(*, by: Any, assessment: Assessment, now: datetime) -> list[Line]:
    """Its tests with what was answered. Three statements."""
    every = tests(assessment)
    names = {one.instrument for one in every if one.instrument}
    sheets = _sheets(by, assessment, names)
    waiting = set(
        Asked.objects.filter(
            client=assessment.client, instrument__in=names, state=Asked.State.OPEN,
            expires_at__gt=now, informant=None, in_interview=False,
        ).values_list("instrument", flat=True)
    )  # fmt: skip
    return [
        Line(one, sheets.get(one.instrument), one.instrument in waiting,
             rules.minutes_taken(one.times))
        for one in every
    ]  # fmt: skip


def sheet_of(*, by: Any, test: PlannedTest) -> Sheet | None:
    """The newest answers to one test since its plan began."""
    names = {test.instrument} if test.instrument else set()
    return _sheets(by, test.assessment, names).get(test.instrument)


def _sheets(by: Any, assessment: Assessment, names: set[str]) -> dict[str, Sheet]:
    start, _end = clock.day_bounds(clock.local(assessment.made_at).date())
    found: QuerySet[Sheet] = Sheet.objects.clinical_to(by).filter(
        client=assessment.client,
        instrument__in=names,
        replaced_by=None,
        answered_at__gte=start,
        informant=None,
    )
    if assessment.finished_at is not None:
        found = found.filter(answered_at__lte=assessment.finished_at)
    newest: dict[str, Sheet] = {}
    for one in found.select_related("score").order_by("-answered_at", "pk")[:SHEETS]:
        one.client = assessment.client
        newest.setdefault(one.instrument, one)
    return newest


def batteries(*, by: Any, retired: bool = False) -> list[Battery]:
    """The practice's batteries by name; with ``retired`` those too that are offered no more."""
    found = Battery.objects.all() if retired else Battery.objects.filter(retired_at=None)
    return list(found.order_by("name", "made_at")[:MOST])


def battery(*, by: Any, battery_id: uuid.UUID) -> Battery:
    """One battery.

    Raises:
        Battery.DoesNotExist: there is none.
    """
    return Battery.objects.get(pk=battery_id)


def reports(*, by: Any, assessment: Assessment) -> Sequence[AssessmentReport]:
    """Every version of its report, the newest first; their content stays sealed until read."""
    rows = assessment.reports.select_related("made_by___staff").order_by("-number")
    found = list(rows[:MOST])
    for one in found:
        one.client = assessment.client
    return found


def report(*, by: Any, report_id: uuid.UUID) -> AssessmentReport:
    """One version of a report on a client whose clinical record ``by`` may read.

    Raises:
        AssessmentReport.DoesNotExist: none, or not for ``by``.
    """
    found: QuerySet[AssessmentReport] = AssessmentReport.objects.clinical_to(by)
    near = ("client__data_key", "assessment", "made_by___staff")
    row = found.select_related(*near).get(pk=report_id)
    row.assessment.client = row.client
    return row
