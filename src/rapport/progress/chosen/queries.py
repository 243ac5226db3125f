"""What was chosen, and questionnaires as the practice judges by them."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db.models import F, OuterRef, QuerySet, Subquery

from rapport.core.library import Item

from ..measures import instruments
from ..measures.alone import names
from ..measures.judging import Ends, Level, Method, Way
from ..measures.questionnaire import Instrument
from . import figures, rules
from .figures import OwnGroup
from .models import Choice, ComparisonGroup, ComparisonVersion
from .rules import FIRST, Chosen

MOST = 20
MOST_GROUPS = 200
OWN = "own-"
"""What the names of groups begin with that a practice entered; behind it, the version's id."""


@dataclass(frozen=True)
class Open:
    """A questionnaire with something to choose.

    Attributes:
        about: as its file has it, with the practice's own groups.
        form: as the practice judges by it now. history: choices, the latest first.
    """

    about: Instrument
    form: Instrument
    chosen: Chosen
    history: list[Choice]


def item(found: Item[Instrument]) -> Item[Instrument]:
    """A questionnaire of the library as the practice judges by it.

    One statement where something can be chosen, else none.
    """
    form = found.content
    if not (rules.is_open(form) or rules.takes_groups(form)):
        return found
    rows = Choice.objects.select_related("group__group").filter(instrument=found.id)
    row = rows.order_by("-chosen_at", "pk").first()
    return judged(found, {found.id: read(row)} if row is not None else {})


def judged(found: Item[Instrument], chosen: Mapping[str, Chosen]) -> Item[Instrument]:
    """The same where ``every`` was read already: for many questionnaires at once."""
    return replace(found, content=rules.by(found.content, chosen.get(found.id, FIRST)))


def every() -> dict[str, Chosen]:
    """What was chosen for each questionnaire for which something was. One statement."""
    rows = Choice.objects.select_related("group__group").order_by("chosen_at", "pk")
    return {row.instrument: read(row) for row in rows}


def read(row: Choice) -> Chosen:
    """A stored choice as the rules take it, with the figures it goes by."""
    way = Way(
        cast(Method, row.method), cast(Level, row.level), cast(Ends, row.ends), row.cutoff
    )  # fmt: skip
    if row.group is None or not instruments.is_in_library(row.instrument):
        return Chosen(row.what, way)
    form = instruments.get(row.instrument).content
    return Chosen(row.what, way, _fitting(form, [row.group]))


def listed(*, by: Any) -> list[Open]:
    """Every measure with something to choose, and who chose what when. Two statements."""
    history: dict[str, list[Choice]] = {}
    rows = Choice.objects.select_related("chosen_by___staff", "group__group")
    for row in rows.order_by("-chosen_at", "pk"):
        history.setdefault(row.instrument, []).append(row)
    entered: dict[str, list[ComparisonVersion]] = {}
    for one in _newest().order_by(*IN_ORDER):
        entered.setdefault(one.group.instrument, []).append(one)
    found = [_open(form, history.get(form.id, []), entered.get(form.id, [])) for form in measures()]
    return [row for row in found if rules.is_open(row.about)]


def measures() -> Iterator[Instrument]:
    """Every measure of the library, a part without a total among them, by id."""
    for _id, whole in sorted(instruments.INSTRUMENTS.find().items()):
        yield whole.content
        yield from (instruments.get(id).content for id in names(whole.content))


def _open(
    file: Instrument, history: list[Choice], entered: list[ComparisonVersion]
) -> Open:  # fmt: skip
    chosen = read(history[0]) if history else FIRST
    groups = (*chosen.groups, *_fitting(file, entered))
    about = rules.with_groups(file, dict.fromkeys(groups))
    return Open(about, rules.by(about, replace(chosen, groups=())), chosen, history[:MOST])


# Groups that the practice entered ---------------------------------------------------------


@dataclass(frozen=True)
class Entered:
    """A group, and its figures as they are now.

    Attributes:
        fits: it is of the questionnaire as it is now. used: change is judged by it.
    """

    group: ComparisonGroup
    version: ComparisonVersion
    fits: bool
    used: bool


def grouped(found: Item[Instrument]) -> Item[Instrument]:
    """A questionnaire with all groups that are offered for it. One statement at most."""
    if not rules.takes_groups(found.content):
        return found
    groups = map(of_version, offered(found.content))
    return replace(found, content=rules.with_groups(found.content, groups))


def offered(form: Instrument) -> list[ComparisonVersion]:
    """The newest figures of every group of a measure that can be chosen: none that ended, none of
    another version of the questionnaire, whose points may count otherwise. One statement."""
    rows = _newest().filter(group__instrument=form.id).order_by(*IN_ORDER)
    return [one for one in rows[:MOST_GROUPS] if form.reckons_as(one.form_version)]


def group(*, by: Any, group_id: uuid.UUID) -> ComparisonGroup:
    """One group.

    Raises:
        ComparisonGroup.DoesNotExist: there is none.
    """
    return ComparisonGroup.objects.get(pk=group_id)


def groups(*, by: Any, form: Instrument) -> list[Entered]:
    """Every group of a measure, those that ended behind the others. Two statements."""
    last = Choice.objects.filter(instrument=form.id).order_by("-chosen_at", "pk")
    used = last.values_list("group__group", flat=True).first()
    rows = _newest(ended=True).filter(group__instrument=form.id)
    rows = rows.order_by(F("group__ended_at").asc(nulls_first=True), *IN_ORDER)
    return [
        Entered(row.group, row, form.reckons_as(row.form_version), row.group_id == used)
        for row in rows[:MOST_GROUPS]
    ]


def versions(*, by: Any, group: ComparisonGroup) -> list[ComparisonVersion]:
    """All figures of a group, the newest first."""
    rows = group.versions.select_related("made_by___staff").order_by("-number")
    return list(rows[:MOST_GROUPS])


def in_use(group: ComparisonGroup) -> Choice | None:
    """The choice by which change is judged by it; None: it is not."""
    last = Choice.objects.select_related("group").filter(instrument=group.instrument)
    row = last.order_by("-chosen_at", "pk").first()
    return row if row is not None and row.group and row.group.group_id == group.pk else None


def code(row: ComparisonVersion) -> str:
    """What a choice names stored figures by."""
    return f"group:{OWN}{row.pk}"


def of_version(row: ComparisonVersion) -> OwnGroup:
    """Stored figures as the methods take them."""
    return figures.group(f"{OWN}{row.pk}", vars(row), treated=row.group.treated)


IN_ORDER = ("made_at", "pk")


def _newest(*, ended: bool = False) -> QuerySet[ComparisonVersion]:
    """The newest figures of every group that is offered."""
    newest = ComparisonVersion.objects.filter(group=OuterRef("group")).order_by("-number")
    rows = ComparisonVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    rows = rows.select_related("group")
    return rows if ended else rows.filter(group__ended_at=None)


def _fitting(form: Instrument, rows: Iterable[ComparisonVersion]) -> tuple[OwnGroup, ...]:
    """Those of the questionnaire as it is now."""
    return tuple(of_version(one) for one in rows if form.reckons_as(one.form_version))
