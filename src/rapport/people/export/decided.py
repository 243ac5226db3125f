"""What of a client's rows stands in an export, and what is left out for which reason.

A test walks every model that leads to a client: a field that is named in neither table
fails it.
"""

from django.utils.translation import gettext_lazy as _

from ..care_team.models import BreakGlass, CareTeamMember
from ..clients.models import Contact, GroupMember, RelatedPerson
from ..episodes.models import Episode

FORMAT = "rapport.client"
VERSION = 1

CLIENT = ("id", "kind", "status", "legal_name", "preferred_name", "pronouns", "birth_on",
          "languages", "place", "restricted", "address", "remark", "created_at",
          "archived_at")  # fmt: skip

PARTS = {
    "contacts": (Contact, ("id", "kind", "label", "value", "plain", "safe_to_message",
                           "safe_to_text", "safe_to_write")),
    "related_people": (RelatedPerson, ("id", "relation", "name", "reach", "may_know",
                                       "emergency", "remark")),
    "members": (GroupMember, ("id", "member")),
    "episodes": (Episode, ("id", "responsible", "problem", "modality", "referral_source",
                           "opened_on", "first_contact_on", "last_contact_on", "closed_on",
                           "close_reason")),
    "care_team": (CareTeamMember, ("id", "staff", "part", "from_on", "until_on")),
    "break_glass": (BreakGlass, ("id", "staff", "reason", "opened_at", "closes_at")),
}  # fmt: skip

LOOKS = ("number", "at", "verb", "by", "allowed")

OWNER = "the record it stands in says whose it is"
LEFT_OUT = {
    "people.client.data_key": "a key, not a part of the record",
    "people.client.account": "how the client signs in, not what is known of them",
    "people.client.sort_name": "made from legal_name, for lists",
    "people.contact.lookup": "a blind index, of no use outside this practice",
    **{f"{model._meta.label_lower}.client": OWNER for model, _names in PARTS.values()},
    "people.namegram": "made from the names, for search",
    "core.auditentry.about": OWNER,
    "core.auditentry.subject": "ids of rows, which say nothing outside this practice",
    "core.auditentry.origin": "where a colleague sat, not what was done",
    "core.auditentry.key_version": "proof within this practice's chain",
    "core.auditentry.mac": "proof within this practice's chain",
}

HEADINGS = {
    "contacts": _("How to reach the client"),
    "related_people": _("Around the client"),
    "members": _("Members of a couple or family"),
    "episodes": _("Episodes of care"),
    "care_team": _("Care team"),
    "break_glass": _("Opened in need"),
    "looks": _("Who looked at the record"),
}

LABELS = {
    "kind": _("Kind"), "status": _("Status"), "legal_name": _("Legal name"),
    "preferred_name": _("Preferred name"), "pronouns": _("Pronouns"),
    "birth_on": _("Birth date"), "languages": _("Languages"), "place": _("Place"),
    "restricted": _("Restricted to the care team"), "address": _("Address"),
    "remark": _("Remark"), "created_at": _("Admitted"), "archived_at": _("Archived"),
    "label": _("Label"), "value": _("Number or address"),
    "safe_to_message": _("Safe to leave a message"), "safe_to_text": _("Safe to text"),
    "safe_to_write": _("Safe to write"), "relation": _("Relation"), "name": _("Name"),
    "reach": _("Phone or mail"), "may_know": _("May know"),
    "emergency": _("Emergency contact"), "member": _("Member"),
    "responsible": _("Responsible clinician"), "problem": _("Problem"),
    "modality": _("Modality"), "referral_source": _("Referred by"), "opened_on": _("Opened"),
    "first_contact_on": _("First contact"), "last_contact_on": _("Last contact"),
    "closed_on": _("Closed"), "close_reason": _("Reason"), "staff": _("Colleague"),
    "part": _("Part"), "from_on": _("From"), "until_on": _("Until"), "reason": _("Reason"),
    "opened_at": _("Opened"), "closes_at": _("Closed again"), "at": _("When"),
    "verb": _("What was done"), "by": _("Who"), "allowed": _("Allowed"),
}  # fmt: skip
"""What a reader sees of each field. Ids and what is only for programs have no word."""
