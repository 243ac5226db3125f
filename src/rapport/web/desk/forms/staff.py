"""Forms about those who work in the practice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.people.staff.models import Role, Staff


class Engage(forms.Form):
    """A colleague: name, roles, places, and where the first link goes."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=1000)
    display_name = forms.CharField(label=_("Name shown"), required=False, max_length=1000)
    email: Any = forms.EmailField(label=_("Mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    places: Any = forms.ModelMultipleChoiceField(
        label=_("Places"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["places"]
        chosen.queryset = places
        chosen.label_from_instance = lambda place: place.name


class Colleague(Engage):
    """The same for somebody who is here already."""

    email = None


class Supervise(forms.Form):
    """Who supervises, and for how long."""

    supervisor = forms.ChoiceField(label=_("Supervisor"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    until_on = forms.DateField(
        label=_("Until (not included)"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args: Any, supervisors: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["supervisor"]
        chosen.choices = [(str(s.pk), s.display_name) for s in supervisors]
