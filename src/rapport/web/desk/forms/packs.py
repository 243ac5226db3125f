"""The form by which a pack's conditions are accepted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.packs.models import Acceptance


class Accept(forms.Form):
    """What the practice is, and that the conditions were read."""

    use = forms.ChoiceField(
        label=_("What this practice is"), choices=Acceptance.Use.choices, widget=forms.RadioSelect
    )
    permission = forms.CharField(
        label=_("Who permitted it, and when"), required=False, max_length=300,
        help_text=_("Only where the conditions leave your use out and you asked for it."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=_("I have read the conditions and accept them for this practice"),
        error_messages={"required": _("Accept the conditions, or leave the pack off.")},
    )

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        said = self.cleaned_data
        return {"use": said["use"], "permitted_by": said["permission"],
                "version": said["version"]}  # fmt: skip
