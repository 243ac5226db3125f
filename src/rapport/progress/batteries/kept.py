"""What every change of an assessment begins with: the row, locked, and what cannot be."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.people.clients.models import Client

from ..norms import queries as tables
from ..norms import rules as lookups
from ..norms.models import NormTable, NormVersion
from ..own.rules import text_wrong
from ..own.saying import said
from . import rules
from .models import Assessment, PlannedTest


class CannotPlan(Exception):
    """It cannot be so. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def ours(client: Client, assessment: Assessment) -> Assessment:
    """The row of an assessment of ``client``, locked.

    Raises:
        Assessment.DoesNotExist: it is another client's.
    """
    rows = Assessment.objects.select_for_update(of=("self",))
    row = rows.select_related("client__data_key").get(pk=assessment.pk, client=client)
    row.client = client
    return row


def opened(client: Client, assessment: Assessment) -> Assessment:
    """As ``ours``, if it can be changed.

    Raises:
        CannotPlan: it is finished.
    """
    row = ours(client, assessment)
    if row.finished_at is not None:
        raise CannotPlan("", _("This assessment is finished. Open it again to change it."))
    return row


def locked(client: Client, test: PlannedTest) -> PlannedTest:
    """A test whose assessment is locked and can be changed.

    Raises:
        CannotPlan: the assessment is finished.
    """
    assessment = opened(client, test.assessment)
    row = PlannedTest.objects.get(pk=test.pk, assessment=assessment)
    row.client, row.assessment = client, assessment
    return row


def text(field: str, words: str, most: int, *, needed: bool = True) -> None:
    """Refuse words that cannot be kept in ``field``."""
    if wrong := text_wrong(words, most=most, needed=needed):
        raise CannotPlan(field, said(wrong, most))


def scales(names: Sequence[str]) -> None:
    """Refuse names of scales that cannot be."""
    if len(names) > rules.MOST_SCALES:
        raise CannotPlan("scales", said("many", rules.MOST_SCALES))
    for one in names:
        text("scales", one, lookups.LONGEST)


def room(test: PlannedTest, scores: int) -> None:
    """Refuse more scores than one report can show."""
    others = PlannedTest.objects.filter(assessment=test.assessment_id).exclude(pk=test.pk)
    for one in others:
        one.client = test.client  # its data key is loaded already
        scores += len(one.results.get("scales", []))
    if scores > rules.MOST_ROWS:
        few = _("An assessment has at most %(n)s scores. Begin another one for the rest.")
        raise CannotPlan("", few % {"n": rules.MOST_ROWS})


def minutes(planned: int | None) -> None:
    """Refuse minutes that nobody plans."""
    if planned is not None and not 0 < planned <= rules.MOST_MINUTES:
        raise CannotPlan("minutes", _("Write minutes from 1 to %(n)s.") % {"n": rules.MOST_MINUTES})


def years(education: int | None) -> None:
    """Refuse years of education that nobody has."""
    if education is not None and not 0 <= education <= lookups.MOST_EDUCATION:
        most = _("Write years from 0 to %(n)s.") % {"n": lookups.MOST_EDUCATION}
        raise CannotPlan("education", most)


def day(on: date, now: datetime) -> None:
    """Refuse a day that has not come, or is none Rapport works with."""
    if on > clock.local(now).date():
        raise CannotPlan("done_on", _("This day has not come yet."))
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotPlan("done_on", str(problem)) from None


def version_of(by: Any, table: NormTable) -> NormVersion:
    """The version of a table that is used now.

    Raises:
        CannotPlan: none was released.
    """
    version = tables.in_use(by=by, table_id=table.pk)
    if version is None:
        raise CannotPlan("table", _("This table was not released yet."))
    return version
