"""Who may do what to people and their records. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.core.policy import forbid, permit, standing

from .accounts import policy as accounts  # noqa: F401  its lines belong to this room
from .care_team.queries import cares
from .models import Client, Staff

# Standings: relations in words ------------------------------------------------------------


def working(by: Any) -> Staff | None:
    """The staff member who asks, if they work here today."""
    staff: Staff | None = by.staff
    return staff if staff is not None and staff.works_on(clock.today()) else None


def _has(by: Any, *roles: str) -> bool:
    staff = working(by)
    return staff is not None and staff.has(*roles)


@standing("staff", _("everyone who works here"))
def works_here(by: Any, **_subject: Any) -> bool:
    return working(by) is not None


@standing("owner", _("an owner"))
def is_owner(by: Any, **_subject: Any) -> bool:
    return _has(by, "OWNER")


@standing("clinician", _("a clinician, supervised clinician or supervisor"))
def is_clinician(by: Any, **_subject: Any) -> bool:
    return _has(by, "CLINICIAN", "INTERN", "SUPERVISOR")


@standing("front_desk", _("the front desk"))
def is_front_desk(by: Any, **_subject: Any) -> bool:
    return _has(by, "FRONT_DESK")


@standing(
    "sees_client",
    _(
        "the client's care team, their supervisors, and the front desk and billers of the "
        "client's place"
    ),
)
def sees_client(by: Any, *, client: Client | None = None, **_subject: Any) -> bool:
    if client is None or working(by) is None:
        return False
    known = getattr(client, "seen_by", None)
    if known is not None and known == by.pk:
        return True
    return Client.objects.visible_to(by).filter(pk=client.pk).exists()


@standing("treats_client", _("the client's care team, and their supervisors while they supervise"))
def treats_client(by: Any, *, client: Client | None = None, **_subject: Any) -> bool:
    if client is None or working(by) is None:
        return False
    return Client.objects.clinical_to(by).filter(pk=client.pk).exists()


@standing("care_team", _("the client's care team"))
def on_care_team(by: Any, *, client: Client | None = None, **_subject: Any) -> bool:
    staff = working(by)
    return client is not None and staff is not None and cares(client, staff, clock.today())


@standing("front_desk_here", _("the front desk of the client's place"))
def front_desk_here(by: Any, *, client: Client | None = None, **_subject: Any) -> bool:
    return client is not None and _has(by, "FRONT_DESK") and sees_client(by, client=client)


@standing("is_client", _("the client in person"))
def is_client(by: Any, *, client: Client | None = None, **_subject: Any) -> bool:
    return client is not None and by.client is not None and by.client.pk == client.pk


@standing("any_client", _("a client who has signed in to the portal"))
def any_client(by: Any, **_subject: Any) -> bool:
    return by.client is not None


# Permits: data ----------------------------------------------------------------------------

permit("desk.open", _("open the desk"), to=("staff",))
permit("portal.open", _("open the portal"), to=("any_client",))
permit("record.looks", _("see who looked at one's own record"), to=("any_client",))

permit("client.list", _("list and find clients one may see"), to=("staff",), scope="administrative")
permit("client.open", _("open a client's page"), to=("sees_client",), scope="administrative")
permit("client.admit", _("admit a client and name the first clinician"),
       to=("system", "clinician", "front_desk"), scope="administrative")  # fmt: skip
permit("client.edit", _("change a client's names, contacts and related people"),
       to=("system", "care_team", "front_desk_here"), scope="administrative")  # fmt: skip
permit("client.archive", _("archive a client, or bring one back"),
       to=("system", "care_team"), scope="administrative")  # fmt: skip
permit("client.restrict", _("restrict a client to the care team, or lift it"),
       to=("system", "care_team"), scope="administrative")  # fmt: skip
permit("client.break_glass", _("open a client's record for an hour, with a reason"),
       to=("clinician",), scope="clinical")  # fmt: skip
permit("client.export", _("export a client's record"), to=("system", "care_team"),
       scope="clinical")  # fmt: skip
permit("care_team.assign", _("add somebody else to a care team"),
       to=("system", "care_team", "owner"))  # fmt: skip
permit("care_team.hand_over", _("hand a colleague's clients over to another"),
       to=("system", "owner"))  # fmt: skip
permit("care_team.end", _("end somebody's part in a care team"),
       to=("system", "care_team", "owner"))  # fmt: skip
permit("episode.list", _("see a client's episodes of care"), to=("system", "treats_client"),
       scope="clinical")  # fmt: skip
permit("episode.open", _("open an episode of care"), to=("system", "care_team"), scope="clinical")
permit("episode.close", _("close an episode of care"), to=("system", "care_team"), scope="clinical")

permit("consent.list", _("see a client's consents on file"), to=("sees_client",),
       scope="administrative")  # fmt: skip
permit("consent.note", _("note a consent, or that it was withdrawn"),
       to=("system", "care_team", "front_desk_here"), scope="administrative")  # fmt: skip

permit("staff.list", _("see who works here"), to=("staff",))
permit("staff.open", _("open a colleague's page"), to=("staff",))
permit("staff.engage", _("add a colleague"), to=("system", "owner"))
permit("staff.edit", _("change a colleague's name, roles and places"), to=("system", "owner"))
permit("staff.end", _("end a colleague's work here"), to=("system", "owner"))
permit("supervision.set", _("say who supervises whom"), to=("system", "owner"))

permit("practice.open", _("see the practice's settings"), to=("staff",))
permit("practice.edit", _("change the practice's settings and places"), to=("system", "owner"))
permit("permission.read", _("read who may do what"), to=("staff",))
permit("audit.read", _("read the audit trail"), to=("owner",))
permit("job.list", _("see jobs that were given up"), to=("owner",))
permit("job.retry", _("try a job again"), to=("system", "owner"))
permit("job.discard", _("forget a job that was given up"), to=("owner",))
permit("backup.list", _("see the backups and their age"), to=("owner",))
permit("backup.make", _("make a backup"), to=("system", "owner"))

permit("client.import", _("import clients from a table"), to=("system", "owner", "front_desk"),
       scope="administrative")  # fmt: skip

# Prohibitions: a no that beats every yes --------------------------------------------------


ADDING = frozenset({"care_team.assign", "care_team.hand_over"})


@forbid("not_oneself", _("nobody adds themself to a care team, except when admitting a client"))
def adds_oneself(
    permission: str, by: Any, *, staff: Staff | None = None, member: Any = None, **_subject: Any
) -> bool:
    mine = by.staff
    if permission not in ADDING or mine is None:
        return False
    return staff == mine or (member is not None and member.staff_id == mine.pk)


@forbid("closed_account", _("nobody whose account is closed"))
def account_is_closed(permission: str, by: Any, **_subject: Any) -> bool:
    return not getattr(by, "is_active", True)
