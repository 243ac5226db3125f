"""Editing the lists of sources and referrers. Checked, atomic, audited."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients import rules as names

from .models import Referrer, Source


class CannotList(Exception):
    """It cannot stand on the list so. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("referrer.edit")
def add_referrer(*, by: Any, now: datetime, **given: Any) -> Referrer:
    """Somebody who sends people here, or to whom people are sent.

    Raises:
        CannotList: a name that cannot be.
    """
    return _kept(Referrer(), given, now)


@action("referrer.edit")
def change_referrer(*, by: Any, referrer: Referrer, now: datetime, **given: Any) -> Referrer:
    """Other contact data, specialities, or whether they take people now.

    Raises:
        CannotList: a name that cannot be.
    """
    return _kept(referrer, given, now)


def _kept(referrer: Referrer, given: dict[str, Any], now: datetime) -> Referrer:
    given["name"] = _name(given["name"], 200)
    given["specialities"] = " ".join(given.get("specialities", "").split())
    if given.get("takes", referrer.takes) != referrer.takes:
        referrer.asked_on = clock.local(now).date()
    for name, value in given.items():
        setattr(referrer, name, value)
    referrer.save()
    return referrer


@action("referrer.edit")
def close_referrer(*, by: Any, referrer: Referrer, on: date | None) -> Referrer:
    """Offer a referrer no more from that day on; None offers them again."""
    referrer.closed_on = on
    referrer.save(update_fields=["closed_on"])
    return referrer


@action("source.edit")
def add_source(*, by: Any, name: str) -> Source:
    """Another answer to "How did you hear of us?", at the end of the list.

    Raises:
        CannotList: a name that cannot be, or that is there already.
    """
    name = _name(name, 80)
    if Source.objects.filter(name=name).exists():
        raise CannotList("name", _("This is on the list already."))
    return Source.objects.create(name=name, position=Source.objects.count())


@action("source.edit")
def add_usual(*, by: Any) -> list[Source]:
    """A list to begin with, where there is none yet."""
    if Source.objects.exists():
        return []
    usual = (
        _("Recommended by somebody I know"), _("Family doctor"), _("Another clinician"),
        _("Search on the web"), _("Directory of clinicians"), _("Insurance"), _("Was here before"),
    )  # fmt: skip
    rows = [Source(name=name, position=n) for n, name in enumerate(dict.fromkeys(usual))]
    return Source.objects.bulk_create(rows)


@action("source.edit")
def close_source(*, by: Any, source: Source, on: date | None) -> Source:
    """Offer a source no more from that day on; None offers it again. Old inquiries keep it."""
    source.closed_on = on
    source.save(update_fields=["closed_on"])
    return source


def _name(text: str, longest: int) -> str:
    try:
        name = names.tidy_name(text)
    except names.Unfit as problem:
        raise CannotList("name", _("Write a name with letters.")) from problem
    if len(name) > longest:
        raise CannotList("name", _("Use at most %(n)s characters.") % {"n": longest})
    return name
