"""The form of somebody without an account who asks for help and chooses no time."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.contact.inquiries.actions import Reach
from rapport.web.among import Among

from .who import Who


class Ask(Who):
    """Who asks, and where and whom they would like to see; ``once`` tells it from another."""

    place = Among(label=_("Where would suit you?"), required=False, nothing=("", _("no wish")))
    clinician = Among(
        label=_("Whom would you like to see?"), required=False, nothing=("", _("no wish"))
    )
    once = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(self, *args: Any, places: Any, clinicians: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.among("place", places)
        self.among("clinician", clinicians, "display_name")

    def reaches(self) -> list[Reach]:
        """The number and the address that were given. Call only after is_valid()."""
        return [Reach(kind, value, **safe) for kind, value, safe in self.contacts()]
