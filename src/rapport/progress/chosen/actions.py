"""Choosing by which published number, method and cut-off change is judged."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.core.library import NotInLibrary

from ..measures import instruments
from ..measures.judging import Way
from ..measures.questionnaire import Instrument
from . import queries, rules
from .models import Choice, ComparisonGroup, ComparisonVersion


class CannotChoose(Exception):
    """It cannot be chosen, or not with the rest: ``part`` says which of it. Safe to show."""

    def __init__(self, part: str, said: str) -> None:
        super().__init__(said)
        self.part = part


@action("norm.choose")
def choose(
    *, by: Any, instrument: str, what: str, way: Way = rules.FIRST.way, now: datetime
) -> Choice:
    """From now on judge change on ``instrument`` by ``what``, in that way; earlier choices are
    kept.

    Raises:
        CannotChoose: no such questionnaire, its file has no such number, or they do not go
            together.
    """
    try:
        form = instruments.get(instrument).content
        entered = _entered(form)
        groups = map(queries.of_version, entered.values())
        rules.checked(rules.with_groups(form, groups), rules.Chosen(what, way))
    except NotInLibrary:
        raise CannotChoose("what", _("Choose from the list.")) from None
    except rules.Unfit as problem:
        raise CannotChoose(problem.part, _why(problem)) from None
    return Choice.objects.create(
        instrument=instrument, what=what, method=way.method, level=way.level, ends=way.ends,
        cutoff=way.cutoff, group=entered.get(what), chosen_by=by, chosen_at=now,
    )  # fmt: skip


def _entered(form: Instrument) -> dict[str, ComparisonVersion]:
    """By code the figures that the practice entered and offers; they stay so until the end."""
    list(ComparisonGroup.objects.select_for_update().filter(instrument=form.id).order_by("pk"))
    return {queries.code(one): one for one in queries.offered(form)}


def _why(problem: rules.Unfit) -> str:
    if (problem.part, problem.why) == ("ends", "not of this method"):
        return _("Means of two go with a published number and with Jacobson and Truax alone; for "
                 "the other methods nobody published how.")  # fmt: skip
    if problem.why == "not of this method" and problem.kind == "group":
        return _("This group does not go with the method: one needs people without treatment in "
                 "between whose two answers go together, another a group in treatment. Choose "
                 "another group.")  # fmt: skip
    if problem.why == "not of this method":
        return _("The method needs the mean of this sample, and its source gives none. Choose "
                 "another sample.")  # fmt: skip
    return _("Choose one from the list.")
