"""What sort of appointment it is: a type says how long it takes and of what kind it is."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rapport.meeting.types.models import AppointmentType
from rapport.meeting.types.queries import offers


class OfType(forms.Form):
    """A form in which a type is chosen, where the practice has any.

    A length that is left empty is the type's. ``people`` are the clinicians by their id.
    """

    type = forms.ChoiceField(label=_("Type"), required=False)
    types: dict[str, AppointmentType]
    people: dict[str, Any]
    unsaid: Any = _("as it is")  # what no type stands for; "" where one has to be said

    @staticmethod
    def by_id(types: Iterable[AppointmentType]) -> dict[str, AppointmentType]:
        """Types by how a form names them."""
        return {str(one.pk): one for one in types}

    def offer_types(self) -> None:
        """Ask for a type where there is a choice."""
        if not self.types:
            del self.fields["type"]
            return
        what: Any = self.fields["type"]
        named = [(key, _typed(one)) for key, one in self.types.items()]
        nothing = self.unsaid or (_("Choose a type") if len(named) > 1 else "")
        what.choices = [("", nothing), *named] if nothing else named
        what.error_messages["required"] = _("Choose what kind of appointment it is.")
        self.fields["minutes"].required = False
        self.fields["minutes"].help_text = _("Empty: as long as the type takes.")

    def chosen(self, given: dict[str, Any]) -> AppointmentType | None:
        """The type that was meant."""
        return self.types.get(given.get("type", ""))

    def length(self, given: dict[str, Any]) -> int | None:
        """What was written; else what the type takes."""
        minutes: int | None = given.get("minutes")
        chosen = self.chosen(given)
        if minutes is None and "minutes" in given and chosen is None and "type" not in self.errors:
            self.add_error("minutes", _("Say how long it takes."))
        return chosen.minutes if minutes is None and chosen else minutes

    def check_type(self, given: dict[str, Any]) -> None:
        """The type is one that this clinician offers, in this way."""
        chosen = self.chosen(given)
        who = self.people.get(given.get("clinician", ""))
        if chosen and who and not offers(who, chosen):
            words = _("%(name)s does not offer this type.")
            self.add_error("type", words % {"name": who.display_name})
        if chosen and given.get("way") and given["way"] not in chosen.ways:
            self.add_error("way", _("This type is not offered in that way."))


def _typed(one: AppointmentType) -> str:
    words = ngettext("%(name)s, %(n)s minute", "%(name)s, %(n)s minutes", one.minutes)
    return words % {"name": one.name, "n": one.minutes}
