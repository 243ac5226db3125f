"""Entering a group of people who answered twice, correcting its figures, ending it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core.action import action
from rapport.core.library import NotInLibrary

from ..measures import instruments
from ..measures.questionnaire import Instrument
from ..own.saying import WORDS as OF_WORDS
from . import figures, queries, rules
from .models import Choice, ComparisonGroup, ComparisonVersion

WORDS = {
    "year": gettext_lazy("Write the year of the source, such as 2014."),
    "whole": gettext_lazy("Write a whole number from %(low)s to %(high)s."),
    "apart": gettext_lazy("Write a whole number of days or weeks, from %(low)s to %(high)s."),
    "not_a_number": gettext_lazy("Write a number, such as 14 or 6.5."),
    "outside": gettext_lazy("Scores of this measure go from %(low)s to %(high)s, so no mean lies "
                            "outside."),
    "no_spread": gettext_lazy("A standard deviation is above 0."),
    "too_wide": gettext_lazy("With this mean, scores of this measure cannot scatter so far: "
                             "%(most)s at most. Is it a variance?"),
    "no_correlation": gettext_lazy("Write a number above −1 and below 1, such as 0.7."),
    "no_reliability": gettext_lazy("Write a number from 0 on and below 1, such as 0.85."),
    "all_error": gettext_lazy("With this reliability all differences in this group could be "
                              "error, and nobody could be told from it. Look at the standard "
                              "deviations and the correlation, too."),
}  # fmt: skip


class CannotEnter(Exception):
    """It cannot be entered so. What is wrong by field ("": of all of it); safe to show."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


@action("norm.group")
def enter(
    *, by: Any, instrument: str, treated: bool, given: Mapping[str, str], now: datetime
) -> ComparisonVersion:  # fmt: skip
    """Enter a group, to be chosen from then on; nothing is judged by it before.

    Args:
        instrument: of the library; of a questionnaire without a total, a part.
        treated: they were treated in between.
        given: as ``figures.read`` takes it.

    Raises:
        CannotEnter: no such measure, or figures that cannot be.
    """
    form = _measure(instrument)
    values = _read(form, given, treated=treated, now=now)
    group = ComparisonGroup.objects.create(instrument=instrument, treated=treated)
    return _kept(group, form, values, number=1, by=by, now=now)


@action("norm.group")
def correct(
    *, by: Any, group: ComparisonGroup, seen: int, given: Mapping[str, str], now: datetime
) -> ComparisonVersion:  # fmt: skip
    """Enter other figures of the same group. Those before are kept. Where change is judged by it,
    that is chosen anew with these figures, so that everybody sees since when they count.

    Args:
        seen: the number of the figures that were corrected.

    Raises:
        CannotEnter: figures that cannot be, others were entered in the meantime, it has ended, or
            the method in use cannot go by them.
    """
    row = _locked(group)
    form = _measure(row.instrument)
    latest = row.versions.order_by("-number")[0].number
    if seen != latest:
        raise CannotEnter({"": _("Somebody corrected these figures in the meantime. Look at them "
                                 "first.")})  # fmt: skip
    if row.ended_at is not None:
        raise CannotEnter({"": _("This group has ended. Offer it again first.")})
    values = _read(form, given, treated=row.treated, now=now)
    choice = queries.in_use(row)
    version = _kept(row, form, values, number=latest + 1, by=by, now=now)
    if choice is not None:
        _chosen_anew(choice, form, version, by=by, now=now)
    return version


@action("norm.group")
def end(*, by: Any, group: ComparisonGroup, now: datetime) -> ComparisonGroup:
    """Offer it no more; its figures and what was chosen by them stay.

    Raises:
        CannotEnter: change is judged by it.
    """
    row = _locked(group)
    if queries.in_use(row) is not None:
        raise CannotEnter({"": _("Change is judged by this group. Choose another method or group "
                                 "first.")})  # fmt: skip
    row.ended_at = row.ended_at or now
    row.save(update_fields=["ended_at"])
    return row


@action("norm.group")
def reopen(*, by: Any, group: ComparisonGroup) -> ComparisonGroup:
    """Undo ``end``."""
    row = _locked(group)
    row.ended_at = None
    row.save(update_fields=["ended_at"])
    return row


def faults(*, instrument: str, given: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is wrong by field with figures of which it is not said yet whether they are of a group
    in treatment.

    Raises:
        CannotEnter: there is no such measure.
    """
    found = figures.read(given, treated=False, span=_measure(instrument).span, year=now.year)
    return {name: _said(*why) for name, why in found.wrong.items()}


def _measure(instrument: str) -> Instrument:
    try:
        form = instruments.get(instrument).content
    except NotInLibrary:
        form = None
    if form is None or not rules.takes_groups(form):
        raise CannotEnter({"": _("There is no measure of this name.")})
    return form


def _read(
    form: Instrument, given: Mapping[str, str], *, treated: bool, now: datetime
) -> dict[str, Any]:  # fmt: skip
    found = figures.read(given, treated=treated, span=form.span, year=now.year)
    if found.wrong:
        raise CannotEnter({name: _said(*why) for name, why in found.wrong.items()})
    return found.values


def _said(code: str, about: Any) -> str:
    if code in OF_WORDS:
        return str(OF_WORDS[code]) % {"most": about}
    if isinstance(about, tuple):
        low, high = about
        return str(WORDS[code]) % {"low": f"{low:g}", "high": f"{high:g}"}
    return str(WORDS[code]) % ({"most": f"{about:.2f}"} if about is not None else {})


def _kept(
    group: ComparisonGroup, form: Instrument, values: Mapping[str, Any], *, number: int, by: Any,
    now: datetime,
) -> ComparisonVersion:  # fmt: skip
    return ComparisonVersion.objects.create(
        group=group, number=number, form_version=form.version, made_by=by, made_at=now, **values
    )


def _chosen_anew(
    choice: Choice, form: Instrument, version: ComparisonVersion, *, by: Any, now: datetime
) -> None:
    """The same choice with the corrected figures."""
    way, code = queries.read(choice).way, queries.code(version)
    about = rules.with_groups(form, [queries.of_version(version)])
    try:
        rules.checked(about, rules.Chosen(code, way))
    except rules.Unfit:
        why = _("Change is judged by this group, and the method in use needs a correlation of 0 or "
                "above.")  # fmt: skip
        raise CannotEnter({"correlation": why}) from None
    Choice.objects.create(
        instrument=choice.instrument, what=code, method=choice.method, level=choice.level,
        ends=choice.ends, cutoff=choice.cutoff, group=version, chosen_by=by, chosen_at=now,
    )  # fmt: skip


def _locked(group: ComparisonGroup) -> ComparisonGroup:
    return ComparisonGroup.objects.select_for_update().get(pk=group.pk)
