"""Where meetings of a time off go together; whether they fit there is the room's business."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.meeting.availability.fitting import FARTHEST, Goal
from rapport.people.staff.models import Staff

NEEDED = {"required": True}  # by one of the two choices: nothing says that it may stay empty


class Where(forms.Form):
    """To a colleague who covers, or some days or weeks later with the same clinician."""

    COLLEAGUE, LATER = "COLLEAGUE", "LATER"
    UNITS = {"WEEKS": 7, "DAYS": 1}

    to = forms.ChoiceField(
        label=_("Where to"), widget=forms.RadioSelect, initial=COLLEAGUE,
        choices=[(COLLEAGUE, _("to a colleague, at the same time")),
                 (LATER, _("later, with the same clinician, at the same hour"))],
    )  # fmt: skip
    colleague = forms.ChoiceField(
        label=_("Colleague who covers"), required=False, widget=forms.Select(NEEDED)
    )
    later = forms.IntegerField(
        label=_("How much later"), required=False, min_value=1, max_value=FARTHEST,
        widget=forms.NumberInput(NEEDED),
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=_("Counted in"), required=False, widget=forms.Select(NEEDED),
        choices=[("WEEKS", _("weeks")), ("DAYS", _("days"))],
    )  # fmt: skip
    goal: Goal | None = None

    def __init__(self, *args: Any, staff: Staff, colleagues: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        self.known = {str(one.pk): one for one in colleagues if one != staff}
        names = [(pk, one.display_name) for pk, one in self.known.items()]
        chosen: Any = self.fields["colleague"]
        chosen.choices = [("", _("nobody chosen")), *names]

    @classmethod
    def of(cls, time_off: Any, colleagues: list[Staff], posted: Mapping[str, Any]) -> "Where":
        """The form as it begins: the first week after the time off; or with what was typed."""
        days = (time_off.last - time_off.first).days + 1
        start = {"later": min(-(-days // 7), FARTHEST), "unit": "WEEKS"}
        typed = {name: posted[name] for name in cls.base_fields if name in posted}
        return cls(initial=start | typed, staff=time_off.staff, colleagues=colleagues)

    def clean(self) -> dict[str, Any]:
        """Make it one goal; what is missing is said beside its field."""
        given = super().clean() or {}
        if given.get("to") == self.COLLEAGUE and "colleague" not in self.errors:
            self._covered(given.get("colleague", ""))
        elif given.get("to") == self.LATER and not {"later", "unit"} & self.errors.keys():
            self._put_off(given.get("later"), self.UNITS.get(given.get("unit", ""), 7))
        return given

    def _covered(self, wanted: str) -> None:
        if wanted in self.known:
            self.goal = Goal(self.known[wanted])
        else:
            self.add_error("colleague", _("Choose who covers."))

    def _put_off(self, much: int | None, unit: int) -> None:
        if much is None:
            self.add_error("later", _("Write how many weeks or days later."))
        elif much * unit > FARTHEST:
            self.add_error("later", _("Choose at most a year."))
        else:
            self.goal = Goal(self.staff, much * unit)

    @property
    def mark(self) -> str:
        """Where to, as the page that showed what fits there sends it back."""
        return f"{self.goal.clinician.pk}/{self.goal.days}" if self.goal else ""
