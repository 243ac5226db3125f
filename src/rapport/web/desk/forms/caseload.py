"""Which lines of a caseload are shown."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.people.episodes import codes
from rapport.progress.caseload.rules import REASONS
from rapport.web.caseload import NAMES

EVERYBODY = "all"


class Narrow(forms.Form):
    """Whose clients, and which of them; nothing said is one's own, all of them."""

    whose = forms.ChoiceField(label=_("Whose clients"), required=False)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False,
        choices=[("", _("any, or none")), *((one, NAMES[one]) for one in REASONS)],
    )  # fmt: skip
    problem = forms.ChoiceField(
        label=_("Problem"), required=False, choices=[("", _("any")), *codes.Problem.choices]
    )
    modality = forms.ChoiceField(
        label=_("Kind of help"), required=False, choices=[("", _("any")), *codes.Modality.choices]
    )

    def __init__(self, given: Any, *, mine: uuid.UUID, supervisees: list[Any]) -> None:
        """Args:
        mine: one's own id. supervisees: whose work one answers for.
        """
        super().__init__(given)
        self.mine = mine
        fields: Any = self.fields
        if supervisees:
            named = [(str(one.pk), one.display_name) for one in supervisees]
            both = (EVERYBODY, _("mine, and of all whom I supervise"))
            fields["whose"].choices = [("", _("my own")), both, *named]
        else:
            del fields["whose"]

    def scope(self) -> dict[str, Any]:
        """What ``caseload.lines`` takes. Call only after is_valid()."""
        given = self.cleaned_data
        whose = given.get("whose", "")
        named = uuid.UUID(whose) if whose not in ("", EVERYBODY) else self.mine
        return {
            "whose": None if whose == EVERYBODY else named,
            "problem": given["problem"], "modality": given["modality"],
        }  # fmt: skip
