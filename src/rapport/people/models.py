"""The people room's tables, gathered for Django.

Every model says in ``field_classes`` what kind of thing each column holds: id, code, time,
name, contact, link, setting, secret, score or sealed. Scrubbed copies and exports read it.
"""

from .accounts.models import Account, Device, Invitation, Pin, Session, Throttle
from .care_team.models import BreakGlass, CareTeamMember
from .clients.models import Client, Contact, GroupMember, NameGram, RelatedPerson
from .consents.models import Consent
from .episodes.models import Episode
from .imports.models import Import, Imported
from .practice.models import Place, Practice
from .staff.models import Staff, Supervision

__all__ = [
    "Account",
    "BreakGlass",
    "CareTeamMember",
    "Client",
    "Consent",
    "Contact",
    "Device",
    "Episode",
    "GroupMember",
    "Import",
    "Imported",
    "Invitation",
    "NameGram",
    "Pin",
    "Place",
    "Practice",
    "RelatedPerson",
    "Session",
    "Staff",
    "Supervision",
    "Throttle",
]
