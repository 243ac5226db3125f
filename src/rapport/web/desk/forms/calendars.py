"""Forms about calendars elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.contact.calendars.models import Title
from rapport.web.calendars import Secretive


class Feed(forms.Form):
    """What a meeting is called at one's own secret address."""

    title = forms.ChoiceField(
        label=_("What others see of a meeting"), choices=Title.choices, widget=forms.RadioSelect
    )


class Address(forms.Form):
    """A calendar that is read at its address."""

    name = forms.CharField(
        label=_("What you call it"), max_length=60, help_text=_("For example: family")
    )
    address = forms.CharField(
        label=_("Address"), max_length=2000, widget=Secretive,
        help_text=_("The whole of it, from https:// on, often ending in .ics. Rapport takes over "
                    "when you are busy, and nothing of what."),
    )  # fmt: skip


class Account(Address):
    """A CalDAV account."""

    address = forms.CharField(
        label=_("Address of the server"),
        max_length=2000,
        widget=Secretive,
        help_text=_("For example https://calendar.example.org"),
    )
    username = forms.CharField(label=_("User name"), max_length=254)
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown again. Best is one made for programs."),
    )


class Choose(Feed):
    """Which calendar of an account is meant, and what for."""

    number = forms.ChoiceField(label=_("Calendar"), widget=forms.RadioSelect)
    reads = forms.BooleanField(
        label=_("When I am busy there, offer nothing here"), required=False, initial=True
    )
    writes = forms.BooleanField(
        label=_("Write my meetings into it"), required=False, initial=True,
        help_text=_("Changes you make to them there are shown to you here first."),
    )  # fmt: skip
    field_order = ("number", "reads", "writes", "title")

    def __init__(self, *args: Any, found: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number: Any = self.fields["number"]
        number.choices = found

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        return self.cleaned_data | {"number": int(self.cleaned_data["number"])}


class Server(forms.Form):
    """A server inside the practice's own network."""

    host = forms.CharField(
        label=_("Name or number of the server"), max_length=253,
        help_text=_("For example calendar.home or 192.168.1.9"),
    )  # fmt: skip
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=443)
    ours = forms.BooleanField(label=_("It stands in our own network, and may be asked"))
