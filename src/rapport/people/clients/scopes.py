"""The two scopes as conditions on ``Client``: one SQL condition each, no duplicates.

Administrative (names, contacts, appointments, status): the care team, their supervisors,
the front desk and billers of the client's place. Clinical (notes, measures, risk): the
care team, and a supervisor while the supervision lasts. Restricted: the care team alone.
Break-glass opens both for an hour. An owner has neither by being owner.

The parts are subqueries that do not depend on the row: a database answers each once and
looks every client up in the answer (20,000 clients: a quarter of the time of EXISTS).

A scope is composed from what somebody is and from the values it looks up, apart from each
other, so that the statement of a page may be kept (``core.prepared``). Asked about one
client or a few alone, the long parts are narrowed to them and answered from an index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from rapport.core import time as clock

NOBODY = Q(pk__in=[])
EVERYBODY = Q()


@dataclass(frozen=True)
class Asker:
    """Stands for whoever asks while a statement is composed that is kept: what they are to a
    scope, and values that come later. ``clinical_to`` and ``visible_to`` take it for ``by``."""

    what: str
    mine: Any
    today: Any
    now: Any

    @property
    def is_system(self) -> bool:
        """Whether the program itself asks."""
        return self.what == "system"

    @property
    def staff(self) -> Any:
        """One who works here, known by their id alone."""
        return self if self.what in ("staff", "desk") else None

    @property
    def pk(self) -> Any:
        """The id of the staff member."""
        return self.mine


def asker(by: Any) -> tuple[str, dict[str, Any]]:
    """What ``by`` is to a scope, and the values it looks up.

    The first is "system", "nobody", "client", "staff" or "desk" (staff who see their
    places); the values are ``mine`` (id of the staff member or client), ``today``, ``now``.
    """
    if isinstance(by, Asker):
        return by.what, {"mine": by.mine, "today": by.today, "now": by.now}
    values: dict[str, Any] = {"mine": None, "today": clock.today(), "now": clock.now()}
    if getattr(by, "is_system", False):
        return "system", values
    if not getattr(by, "is_active", True):
        return "nobody", values
    if by.client is not None:
        return "client", values | {"mine": by.client.pk}
    staff = by.staff
    if staff is None or not staff.works_on(values["today"]):
        return "nobody", values
    what = "desk" if staff.has("FRONT_DESK", "BILLER") else "staff"
    return what, values | {"mine": staff.pk}


def administrative(by: Any) -> Q:
    """Who may know that somebody is a client here."""
    what, values = asker(by)
    return administrative_to(what, **values)


def clinical(by: Any) -> Q:
    """Who may read what the client said."""
    what, values = asker(by)
    return clinical_to(what, **values)


def administrative_to(what: str, *, mine: Any, today: Any, now: Any, among: Q = EVERYBODY) -> Q:
    """The administrative scope of an ``asker``.

    Args:
        among: a condition on rows of clients (``client=…``) when only theirs matter.
    """
    seen = _apart(what, mine)
    if seen is not None:
        return seen
    by_work = supervised_by(mine, today, among)
    if what == "desk":
        by_work |= in_places_of(mine)
    mine_to_treat = on_care_team(mine, today, among) | glass_broken_by(mine, now)
    return mine_to_treat | (Q(restricted=False) & by_work)


def clinical_to(what: str, *, mine: Any, today: Any, now: Any, among: Q = EVERYBODY) -> Q:
    """The clinical scope of an ``asker``; ``among`` as above."""
    seen = _apart(what, mine)
    if seen is not None:
        return seen
    mine_to_treat = on_care_team(mine, today, among) | glass_broken_by(mine, now)
    return mine_to_treat | (Q(restricted=False) & supervised_by(mine, today, among))


def _apart(what: str, mine: Any) -> Q | None:
    """The scope of whoever does not work here."""
    return {"system": EVERYBODY, "nobody": NOBODY, "client": Q(pk=mine)}.get(what)


def of_rows(seen: Q, path: str = "client") -> Q:
    """A scope as a condition on rows that point to their client by ``path``.

    For rows that are few by themselves, as those of a day: each looks its own client up, and
    nothing grows with the number of clients. Many are found sooner by ``client__in``.
    """
    children: Iterable[Any] = seen.children
    parts = (
        of_rows(one, path) if isinstance(one, Q) else (f"{path}__{one[0]}", one[1])
        for one in children
    )
    return Q(*parts, _connector=seen.connector, _negated=seen.negated)


# The parts --------------------------------------------------------------------------------


def _on(day: Any, start: str = "from_on", end: str = "until_on") -> Q:
    return Q(**{f"{start}__lte": day}) & (Q(**{end: None}) | Q(**{f"{end}__gt": day}))


def on_care_team(staff: Any, today: Any, among: Q = EVERYBODY) -> Q:
    """The client's care team includes ``staff`` on that day."""
    member = apps.get_model("people", "CareTeamMember").objects
    return Q(pk__in=member.filter(_on(today), among, staff=staff).values("client"))


def supervised_by(staff: Any, today: Any, among: Q = EVERYBODY) -> Q:
    """Somebody on the client's care team that day, who works here, is supervised by ``staff``."""
    supervisees = apps.get_model("people", "Supervision").objects.filter(
        _on(today), _on(today, "supervisee__started_on", "supervisee__ended_on"), supervisor=staff
    )
    member = apps.get_model("people", "CareTeamMember").objects
    theirs = member.filter(_on(today), among, staff__in=supervisees.values("supervisee"))
    return Q(pk__in=theirs.values("client"))


def glass_broken_by(staff: Any, now: Any) -> Q:
    """``staff`` has opened this client by break-glass and the hour is not over."""
    glass = apps.get_model("people", "BreakGlass").objects
    opened = glass.filter(staff=staff, closes_at__gt=now)
    return Q(pk__in=opened.values("client"))


def in_places_of(staff: Any) -> Q:
    """The client comes to a place where ``staff`` works."""
    works_at = apps.get_model("people", "Staff").places.through.objects
    return Q(place__in=works_at.filter(staff=staff).values("place"))
