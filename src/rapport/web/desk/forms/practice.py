"""Forms about the practice: settings, places, mail."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.contact.models import MailServer
from rapport.people.consents.models import Consent
from rapport.people.practice import regions
from rapport.people.practice.models import LONGEST_WAIT, TABLET_LEAST, TABLET_MOST


class Settings(forms.Form):
    """The practice's name, clock and language."""

    name = forms.CharField(label=_("Name"), max_length=300)
    discreet_name = forms.CharField(
        label=_("Discreet name"), required=False, max_length=60,
        help_text=_("What mail may say. Empty: nothing that gives you away."),
    )  # fmt: skip
    hours = forms.CharField(
        label=_("When somebody can be reached"), required=False, max_length=300,
        help_text=_("In words, for example: Monday to Friday, 9 to 17, and the number to call. "
                    "Clients read it beside every questionnaire. Empty: nothing is said."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Number to call"), required=False, max_length=40,
        help_text=_("Stands wherever clients and strangers read that they can call you. Empty: "
                    "no number is shown."),
        widget=forms.TextInput({"type": "tel"}),
    )  # fmt: skip
    answer_days = forms.IntegerField(
        label=_("Working days until an inquiry is answered"), min_value=0, max_value=LONGEST_WAIT,
        required=False,
        help_text=_("Who asks for help reads it, on the page and by mail. 0: nothing is "
                    "promised."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(z, z) for z in sorted(zoneinfo.available_timezones())],
    )
    country = forms.RegexField(r"^[A-Z]{2}$", label=_("Country (two letters)"))
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency (three letters)"))
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    consents = forms.MultipleChoiceField(
        label=_("Consents every client is to have on file"), required=False,
        choices=Consent.Kind.choices, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    tablet_minutes = forms.IntegerField(
        label=_("Minutes until a tablet in a client's hands covers itself"),
        min_value=TABLET_LEAST, max_value=TABLET_MOST,
        help_text=_("Counted from the last touch, from 1 to 10. Half a minute before, it asks "
                    "whether somebody is still there. Your digits or a sign-in uncover it, and "
                    "what was answered is kept. Longer is kinder to whoever reads slowly. It holds "
                    "from the next time a tablet is handed over."),
    )  # fmt: skip

    def clean_answer_days(self) -> int:
        """Nothing written promises nothing."""
        return self.cleaned_data["answer_days"] or 0


class Place(forms.Form):
    """A place."""

    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    region = forms.ChoiceField(
        label=_("Region"), required=False,
        help_text=_("Whose public holidays hold there, besides those of the whole country."),
    )  # fmt: skip

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = regions.named(country)
        where: Any = self.fields["region"]
        where.choices = [("", _("none in particular")), *named]
        if not named:
            del self.fields["region"]


class Mail(forms.Form):
    """How mail goes out. The password is written here and never read back."""

    host = forms.CharField(
        label=_("Server"), max_length=253, help_text=_("For example smtp.example.org.")
    )
    security = forms.ChoiceField(label=_("Encryption"), choices=MailServer.Security.choices)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    username = forms.CharField(label=_("User name"), required=False, max_length=254)
    password = forms.CharField(
        label=_("Password"), required=False, max_length=1000, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown again. Left empty, the one kept here stays."),
    )  # fmt: skip
    from_address = forms.EmailField(
        label=_("Sender"), max_length=254, help_text=_("The address that letters come from.")
    )

    def settings(self) -> dict[str, Any]:
        """What was typed; no password for a server that asks for none, None to keep one."""
        given = dict(self.cleaned_data)
        given["password"] = given["password"] or (None if given["username"] else "")
        return given
