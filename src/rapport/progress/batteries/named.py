"""Batteries: plans of tests that the practice keeps under a name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action

from ..own import forms
from .kept import CannotPlan, text
from .models import Battery, PlannedTest


@action("battery.keep")
def keep(
    *, by: Any, name: str, tests: Iterable[PlannedTest], now: datetime
) -> Battery:  # fmt: skip
    """Keep the tests of a plan as a battery of the practice. Nothing of the client is in it.

    Raises:
        CannotPlan: no name, no test, or one of that name already.
    """
    text("name", name, 120)
    rows = [
        {"kind": one.kind, "instrument": one.instrument, "title": one.title,
         "scales": one.scales, "minutes": one.minutes,
         "table": str(one.table_id) if one.table_id else ""}
        for one in tests if one.state != PlannedTest.State.LEFT_OUT
        and not one.instrument.startswith(forms.CLIENTS)
    ]  # fmt: skip
    if not rows:
        raise CannotPlan("name", _("There is no test in this plan that others could be given."))
    try:
        with transaction.atomic():
            return Battery.objects.create(
                name=" ".join(name.split()), tests=rows, made_by=policy.person(by), made_at=now
            )
    except IntegrityError:
        raise CannotPlan("name", _("There is a battery of this name.")) from None


@action("battery.keep")
def retire(*, by: Any, battery: Battery, now: datetime) -> Battery:
    """Offer it no more. Plans that began with it stay."""
    battery.retired_at = battery.retired_at or now
    battery.save(update_fields=["retired_at"])
    return battery


@action("battery.keep")
def reopen(*, by: Any, battery: Battery) -> Battery:
    """Undo ``retire``.

    Raises:
        CannotPlan: another has this name by now.
    """
    battery.retired_at = None
    try:
        with transaction.atomic():
            battery.save(update_fields=["retired_at"])
    except IntegrityError:
        raise CannotPlan("name", _("There is a battery of this name.")) from None
    return battery
