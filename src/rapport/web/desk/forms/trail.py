"""What to look for in the audit trail."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.people.staff.models import Staff

from .people import Day


class Trail(forms.Form):
    """Each field narrows; an empty form asks for everything."""

    PROGRAM, NOBODY = "program", "nobody"
    DONE, REFUSED = "done", "refused"

    who = forms.ChoiceField(label=_("Person"), required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False,
        choices=[("", _("any")), (DONE, _("done")), (REFUSED, _("refused"))],
    )  # fmt: skip
    day = forms.DateField(label=_("Day"), required=False, widget=Day)
    client = forms.UUIDField(
        label=_("Client's id"), required=False,
        error_messages={"invalid": _("That is no id; follow a line below instead.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: list[Staff], words: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["who"]
        who.choices = [
            ("", _("everyone")),
            *((str(s.account_id), s.display_name) for s in people),
            (self.PROGRAM, _("Rapport itself")),
            (self.NOBODY, _("nobody signed in")),
        ]
        verb: Any = self.fields["verb"]
        verb.choices = [("", _("anything")), *sorted(words.items(), key=lambda pair: pair[1])]

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        try:
            return clock.within_limits(day) if day else None
        except clock.BadDate as problem:
            raise forms.ValidationError(str(problem)) from problem
