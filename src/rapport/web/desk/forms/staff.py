"""Forms about those who work in the practice."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rapport.people.staff.models import Role, Staff

from .people import Day, with_own

MEANS = {
    Role.OWNER: _("looks after the practice and its people; that alone opens no record"),
    Role.CLINICIAN: _("admits and treats clients; opens those on whose care team they stand"),
    Role.INTERN: _("the same, under supervision"),
    Role.SUPERVISOR: _("opens the clients of those they supervise, as long as they do"),
    Role.FRONT_DESK: _("names and contacts of the clients of their places, nothing clinical"),
    Role.BILLER: _("names of the clients of their places, nothing clinical"),
}


class Engage(forms.Form):
    """A colleague: name, roles, places, and where the first link goes."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=1000)
    display_name = forms.CharField(label=_("Name shown"), required=False, max_length=1000)
    email: Any = forms.EmailField(label=_("Mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[
            (role.value, format_lazy("{} – {}", role.label, means)) for role, means in MEANS.items()
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    places: Any = forms.ModelMultipleChoiceField(
        label=_("Places"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["places"]
        chosen.queryset = with_own(places, self.initial.get("places", ()))
        chosen.label_from_instance = lambda place: place.name


class Colleague(Engage):
    """The same for somebody who is here already."""

    email = None


class Supervise(forms.Form):
    """Who supervises, and for how long."""

    supervisor = forms.ChoiceField(label=_("Supervisor"))
    from_on = forms.DateField(label=_("From"), widget=Day)
    until_on = forms.DateField(label=_("Until (not included)"), required=False, widget=Day)

    def __init__(self, *args: Any, supervisors: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["supervisor"]
        chosen.choices = [(str(s.pk), s.display_name) for s in supervisors]


class HandOver(forms.Form):
    """Who takes over a colleague's clients, and what becomes of the meetings with them."""

    MOVE, CALL_OFF, STAY = "MOVE", "CALL_OFF", "STAY"

    to = forms.ChoiceField(label=_("Who takes over the clients"))
    meetings = forms.ChoiceField(
        label=_("Meetings from that day on"), required=False, initial=MOVE,
        widget=forms.RadioSelect, choices=[
            (MOVE, _("go to whoever takes over, where they are free then; the others stay")),
            (CALL_OFF, _("go to whoever takes over; the others are called off")),
            (STAY, _("stay as they are")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, takers: list[Staff], held: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = {str(s.pk): s for s in takers}
        chosen: Any = self.fields["to"]
        if not held:
            del self.fields["meetings"]
        nobody = ("", _("choose somebody") if chosen.required else _("nobody yet"))
        chosen.choices = [nobody, *((pk, s.display_name) for pk, s in self.takers.items())]

    def taker(self) -> Staff | None:
        """The colleague who was chosen, or None."""
        return self.takers.get(self.cleaned_data["to"])

    def meetings_are(self, what: str) -> bool:
        """Whether that was chosen for them. Call only after is_valid()."""
        return bool(self.cleaned_data.get("meetings") == what)


class End(HandOver):
    """From when on somebody works here no more, and who takes over."""

    on = forms.DateField(
        label=_("First day without access"), widget=Day,
        help_text=_("Today closes every way in at once; a later day closes them that day."),
    )  # fmt: skip
    to = forms.ChoiceField(
        label=_("Who takes over the clients"), required=False,
        help_text=_("Joins every care team on which the colleague stands."),
    )  # fmt: skip

    field_order = ("on", "to", "meetings")
