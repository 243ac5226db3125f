"""The form in which a comparison group is entered; which figures can be is the room's business."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .words import worded


def _figure(label: Any, *, needed: bool = True, whole: bool = False, **more: Any) -> Any:
    """A number as it is typed, with a point or a comma."""
    attrs = {"inputmode": "numeric" if whole else "decimal", "dir": "ltr", "autocomplete": "off"}
    attrs |= {"required": "required"} if needed else {}
    return forms.CharField(
        label=label, required=False, max_length=40, widget=forms.TextInput(attrs), **more
    )


class Figures(forms.Form):
    """What is known of a group at two times."""

    people = worded(
        _("Who they were"), 2, needed=True,
        help_text=_("What kind of people, where, and how they were chosen. It stands beside every "
                    "verdict."),
    )  # fmt: skip
    n = _figure(_("How many answered both times"), whole=True)
    apart = _figure(_("Time between the two answers"), whole=True)
    unit = forms.ChoiceField(
        label=_("Counted in"), initial="weeks",
        choices=[("days", _("days")), ("weeks", _("weeks"))],
    )  # fmt: skip
    earlier_mean = _figure(_("Mean, the first time"))
    earlier_sd = _figure(_("Standard deviation, the first time"))
    later_mean = _figure(_("Mean, the second time"))
    later_sd = _figure(_("Standard deviation, the second time"))
    correlation = _figure(
        _("Correlation between the two times"),
        help_text=_("Of people without treatment it is the retest reliability."),
    )
    reliability = _figure(
        _("Reliability of the measure, the first time"), needed=False,
        help_text=_("Of a group in treatment alone: internal consistency or retest reliability."),
    )  # fmt: skip
    source = worded(
        _("Source"), 2, needed=True,
        help_text=_("The article and its table, or how the practice counted them."),
    )  # fmt: skip
    year = _figure(_("Year of the source"), whole=True)
    note = worded(_("What else to know before relying on it"), 2)

    def given(self) -> Mapping[str, str]:
        """What was typed. Call only after is_valid()."""
        return self.cleaned_data

    def refused(self, fields: Mapping[str, str]) -> None:
        """Put each fault at its field."""
        for name, text in fields.items():
            self.add_error(name or None, text)


class Enter(Figures):
    """A group that is new."""

    treated = forms.ChoiceField(
        label=_("Between the two times they were"), widget=forms.RadioSelect,
        choices=[("no", _("without treatment, such as on a waiting list")),
                 ("yes", _("in treatment"))],
        help_text=_("Crawford & Garthwaite and Chelune compare with people without treatment, "
                    "Hageman & Arrindell with a group in the same treatment."),
        error_messages={"required": _("Choose one.")},
    )  # fmt: skip
    field_order = ("treated",)


class Correct(Figures):
    """Other figures of a group; whether it was treated stays as it is."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, treated: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        if not treated:
            del self.fields["reliability"]

    def given(self) -> Mapping[str, str]:
        return {"reliability": "", **self.cleaned_data}
