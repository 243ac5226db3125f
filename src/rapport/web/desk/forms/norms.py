"""The form by which a practice chooses what change is judged by."""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.progress.measures.published import ChangeOf
from rapport.science.change import reliable_change


class Choose(forms.Form):
    """One of the published numbers."""

    what = forms.ChoiceField(label=gettext_lazy("Judge change by"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, options: dict[str, Any], **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["what"]
        field.choices = [(code, said(one)) for code, one in options.items()]


def said(one: Any) -> str:
    """A published number in a line: how many points, of whom, and who says so."""
    if isinstance(one, ChangeOf):
        number = _("published: reliable from %(n)s points on") % {"n": _number(one.points)}
    else:
        needed = reliable_change(0, 0, norm=one.norm).needed
        number = _("reckoned: more than %(n)s points, by the spread %(sd)s and the reliability "
                   "%(r)s") % {"n": _number(needed), "sd": _number(one.sd),
                               "r": _number(one.reliability)}  # fmt: skip
    return " · ".join(part for part in (number, one.population, one.source) if part)


def _number(value: float) -> str:
    return str(number_format(round(value, 2), decimal_pos=None if value == int(value) else 2))
