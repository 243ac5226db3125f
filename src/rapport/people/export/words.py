"""What the fields are called on paper."""

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import Words

WORDS: dict[str, Words] = {
    "id": _("number"), "number": _("number"), "account": _("signs in as"), "kind": _("kind"),
    "status": _("status"), "legal_name": _("legal name"), "preferred_name": _("preferred name"),
    "pronouns": _("pronouns"), "birth_on": _("date of birth"), "languages": _("languages"),
    "place": _("place"), "restricted": _("restricted to the care team"), "address": _("address"),
    "remark": _("remark"), "created_at": _("admitted"), "archived_at": _("archived"),
    "client": _("client"), "label": _("label"), "value": _("number or address"),
    "plain": _("in one form"), "safe_to_message": _("message ok"), "safe_to_text": _("text ok"),
    "safe_to_write": _("mail ok"), "relation": _("relation"),
    "emergency": _("emergency contact"), "may_know": _("may know"), "name": _("name"),
    "reach": _("how to reach them"), "mail": _("mail address for questions"), "member": _("member"),
    "responsible": _("responsible clinician"), "problem": _("problem"),
    "modality": _("modality"), "referral_source": _("referred by"), "opened_on": _("opened"),
    "first_contact_on": _("first contact"), "last_contact_on": _("last contact"),
    "closed_on": _("closed"), "close_reason": _("how it ended"), "staff": _("colleague"),
    "part": _("part"), "from_on": _("from"), "until_on": _("until (not including)"),
    "by_meeting": _("joined because they meet"),
    "reason": _("reason"), "opened_at": _("opened"), "closes_at": _("closed"), "at": _("when"),
    "verb": _("what"), "by": _("who"), "allowed": _("allowed"), "about": _("client"),
    "version": _("version"), "given_on": _("given"), "how": _("how"),
    "giver": _("who agreed"), "person": _("who it was"), "giver_name": _("their name"),
    "noted_by": _("noted by"), "noted_at": _("noted"), "withdrawn_on": _("withdrawn"),
}  # fmt: skip


def add(words: dict[str, Words]) -> None:
    """Name the fields of a room above; a name that is known already keeps its words."""
    WORDS.update({name: said for name, said in words.items() if name not in WORDS})


def of(field: str) -> str:
    """The field's name as a reader knows it."""
    return str(WORDS.get(field, field.replace("_", " ")))
