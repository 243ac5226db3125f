"""The two scopes as conditions on ``Client``: one SQL condition each, no duplicates.

Administrative (names, contacts, appointments, status): the care team, their supervisors,
the front desk and billers of the client's place. Clinical (notes, measures, risk): the
care team, and a supervisor while the supervision lasts. Restricted: the care team alone.
Break-glass opens both for an hour. An owner has neither by being owner.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from rapport.core import time as clock

NOBODY = Q(pk__in=[])
EVERYBODY = Q()


def _on(day: Any, start: str = "from_on", end: str = "until_on") -> Q:
    return Q(**{f"{start}__lte": day}) & (Q(**{end: None}) | Q(**{f"{end}__gt": day}))


def on_care_team(staff: Any) -> Exists:
    """The client's care team includes ``staff`` today."""
    member = apps.get_model("people", "CareTeamMember").objects
    return Exists(member.filter(_on(clock.today()), client=OuterRef("pk"), staff=staff))


def supervised_by(staff: Any) -> Exists:
    """Somebody on the client's care team today is supervised by ``staff`` today."""
    today = clock.today()
    supervision = apps.get_model("people", "Supervision").objects.filter(
        _on(today), supervisor=staff, supervisee=OuterRef("staff")
    )
    member = apps.get_model("people", "CareTeamMember").objects
    return Exists(member.filter(Exists(supervision), _on(today), client=OuterRef("pk")))


def glass_broken_by(staff: Any) -> Exists:
    """``staff`` has opened this client by break-glass and the hour is not over."""
    opened = apps.get_model("people", "BreakGlass").objects
    return Exists(opened.filter(client=OuterRef("pk"), staff=staff, closes_at__gt=clock.now()))


def _staff(by: Any) -> Any:
    staff = by.staff
    return staff if staff is not None and staff.works_on(clock.today()) else None


def administrative(by: Any) -> Q:
    """Who may know that somebody is a client here."""
    if getattr(by, "is_system", False):
        return EVERYBODY
    if by.client is not None:
        return Q(pk=by.client.pk)
    staff = _staff(by)
    if staff is None:
        return NOBODY
    seen = Q(restricted=False) & Q(supervised_by(staff))
    if staff.has("FRONT_DESK", "BILLER"):
        seen |= Q(restricted=False, place__in=staff.places.values("pk"))
    return Q(on_care_team(staff)) | Q(glass_broken_by(staff)) | seen


def clinical(by: Any) -> Q:
    """Who may read what the client said."""
    if getattr(by, "is_system", False):
        return EVERYBODY
    if by.client is not None:
        return Q(pk=by.client.pk)
    staff = _staff(by)
    if staff is None:
        return NOBODY
    supervised = Q(restricted=False) & Q(supervised_by(staff))
    return Q(on_care_team(staff)) | Q(glass_broken_by(staff)) | supervised
