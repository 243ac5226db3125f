"""Engaging colleagues, changing their roles, ending their work, setting supervision."""

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action

from ..accounts import actions as accounts
from ..accounts.models import Account
from ..clients.rules import Unfit, tidy_name
from ..events import StaffEnded
from ..practice.models import Place
from .models import Role, Staff, Supervision


class CannotEngage(Exception):
    """Something about the colleague cannot be. ``field`` names it; safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _roles(roles: list[str]) -> list[str]:
    unknown = [role for role in roles if role not in Role.values]
    if unknown or not roles:
        raise CannotEngage("roles", _("Choose at least one role."))
    return [role for role in Role.values if role in roles]


def _name(text: str, field: str) -> str:
    try:
        return tidy_name(text, field=field)
    except Unfit as problem:
        raise CannotEngage(field, _("Write a name with letters, at most 300.")) from problem


@action("staff.engage")
def engage(
    *, by: Any, email: str, legal_name: str, display_name: str, roles: list[str],
    places: list[Place], started_on: date, language: str = "",
) -> Staff:  # fmt: skip
    """A colleague with an account that an invitation makes usable.

    Raises:
        CannotEngage: a name or role that cannot be.
        accounts.CannotOpen: the mail address opens another account.
    """
    legal = _name(legal_name, "legal_name")
    shown = _name(display_name or legal_name, "display_name")
    chosen = _roles(roles)
    account = accounts.open_(by=by, email=email, realm=Account.Realm.DESK, language=language)
    staff = Staff.objects.create(
        account=account, legal_name=legal, display_name=shown, roles=chosen, started_on=started_on
    )
    staff.places.set(places)
    return staff


@action("staff.edit")
def change(
    *, by: Any, staff: Staff, legal_name: str, display_name: str, roles: list[str],
    places: list[Place],
) -> Staff:  # fmt: skip
    """Change names, roles and places. The last owner keeps that role.

    Raises:
        CannotEngage: see ``engage``; or nobody would own the practice.
    """
    chosen = _roles(roles)
    if staff.has(Role.OWNER) and Role.OWNER not in chosen and _only_owner(staff):
        raise _nobody_left("roles")
    staff.legal_name = _name(legal_name, "legal_name")
    staff.display_name = _name(display_name or legal_name, "display_name")
    staff.roles = chosen
    staff.save(update_fields=["legal_name", "display_name", "roles"])
    staff.places.set(places)
    return staff


def _nobody_left(field: str) -> CannotEngage:
    return CannotEngage(field, _("Somebody has to own the practice. Name another owner first."))


def _only_owner(staff: Staff) -> bool:
    everyone = Staff.objects.select_for_update().order_by("pk")  # two owners do not end each other
    others = [other for other in everyone if other.ended_on is None and other.pk != staff.pk]
    return not any(other.has(Role.OWNER) for other in others)


@action("staff.end")
def end(*, by: Any, staff: Staff, on: date) -> Staff:
    """The colleague's last day is the day before ``on``.

    From ``on`` no door opens. If that day has come, whoever is in is out at once.

    Raises:
        CannotEngage: the only owner, a day before the first, or somebody who has left: they
            are taken back first.
    """
    if staff.ended_on is not None and staff.ended_on <= clock.today():
        raise CannotEngage("on", _("This colleague has left already. Take that back first."))
    if staff.has(Role.OWNER) and _only_owner(staff):
        raise _nobody_left("on")
    if on < staff.started_on:
        raise CannotEngage("on", _("That is before the first day."))
    staff.ended_on = on
    staff.save(update_fields=["ended_on"])
    if on <= clock.today():
        accounts.disable(by=by, account=staff.account)
    events.announce(StaffEnded(staff.pk))
    return staff


@action("staff.end")
def take_back(*, by: Any, staff: Staff) -> Staff:
    """Undo ``end``: the colleague works here again, with the ways in they had.

    Raises:
        CannotEngage: their work here has not ended.
    """
    if staff.ended_on is None:
        raise CannotEngage("on", _("This colleague works here already."))
    staff.ended_on = None
    staff.save(update_fields=["ended_on"])
    accounts.enable(by=by, account=staff.account)
    return staff


@action("supervision.set")
def supervise(
    *, by: Any, supervisor: Staff, supervisee: Staff, from_on: date, until_on: date | None = None
) -> Supervision:
    """Let ``supervisor`` see the clients of ``supervisee`` while the supervision lasts.

    Raises:
        CannotEngage: nobody supervises themself, it would end before it starts, or the two
            are in a supervision on one of these days already.
    """
    if supervisor == supervisee:
        raise CannotEngage("supervisor", _("Nobody supervises themself. Choose somebody else."))
    if not supervisor.has(Role.SUPERVISOR):
        raise CannotEngage("supervisor", _("Give this colleague the role of supervisor first."))
    if until_on is not None and until_on <= from_on:
        raise CannotEngage("until_on", _("Choose an end after the beginning."))
    both = Supervision.objects.filter(supervisor=supervisor, supervisee=supervisee)
    both = both.filter(Q(until_on=None) | Q(until_on__gt=F("from_on")) & Q(until_on__gt=from_on))
    if (both if until_on is None else both.filter(from_on__lt=until_on)).exists():
        raise CannotEngage("from_on", _("These two are in a supervision on such a day already."))
    return Supervision.objects.create(
        supervisor=supervisor, supervisee=supervisee, from_on=from_on, until_on=until_on
    )


@action("supervision.set")
def end_supervision(*, by: Any, supervision: Supervision, on: date) -> Supervision:
    """The supervision's last day was the day before ``on``; one not begun never begins."""
    supervision.until_on = max(on, supervision.from_on)
    supervision.save(update_fields=["until_on"])
    return supervision
