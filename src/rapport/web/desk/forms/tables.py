"""Which measures are taken out, and for which program."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.measures import instruments


class TakeOut(forms.Form):
    """Questionnaires that somebody has answered; none chosen is all of them."""

    form = forms.ChoiceField(
        label=_("For"), initial="spss", widget=forms.RadioSelect,
        choices=[("spss", _("SPSS, PSPP, R (.sav)")), ("csv", _("a spreadsheet (.csv)"))],
    )  # fmt: skip
    measures = forms.MultipleChoiceField(
        label=_("Measures"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to take all of them."),
    )

    def __init__(self, given: Any, *, answered: Sequence[str]) -> None:
        super().__init__(given)
        found = [instruments.get(id).content for id in answered]
        fields: Any = self.fields
        fields["measures"].choices = sorted((one.id, f"{one.short}: {one.title}") for one in found)
