"""Forms about the gateways through which messages go, and with whom there is an agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from rapport.contact.gateways.models import Gateway, Reaches

from .people import Day


class Agreement(forms.Form):
    """With whom there is an agreement; until both are written, nothing goes out."""

    agreed_with = forms.CharField(
        label=gettext_lazy("Agreement with"), required=False, max_length=200,
        help_text=gettext_lazy(
            "Who runs the gateway sees numbers and words. Write with whom the agreement on that "
            "was made (for example, about processing on your behalf). Empty: nothing goes out."
        ),
    )  # fmt: skip
    agreed_on = forms.DateField(label=gettext_lazy("Agreed on"), required=False, widget=Day)


class TheGateway(Agreement):
    """A gateway over the web. The secret is written here and never read back."""

    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500,
        help_text=gettext_lazy("Where messages are sent to, beginning with https://"),
    )  # fmt: skip
    form = forms.ChoiceField(label=gettext_lazy("It takes"), choices=Gateway.Form.choices)
    fields_text = forms.CharField(
        label=gettext_lazy("Fields"), max_length=6000,
        widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line: its name, =, what stands in it. {to} is the number, {text} the words "
            "with links, {words} without, {id} the message, {language} its language."
        ),
    )  # fmt: skip
    header = forms.CharField(
        label=gettext_lazy("Header for the secret"), required=False, max_length=60,
        help_text=gettext_lazy("For example Authorization."),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("Secret"), required=False, max_length=1000,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Kept encrypted and never shown again. Left empty, the one kept here stays."
        ),
    )  # fmt: skip
    inside = forms.BooleanField(
        label=gettext_lazy("It stands in the practice's own network"), required=False
    )
    knows_again = forms.BooleanField(
        label=gettext_lazy("It takes a message with the same Idempotency-Key only once"),
        required=False,
        help_text=gettext_lazy(
            "Without this, a message is not sent again when nobody knows whether it went out."
        ),
    )  # fmt: skip
    field_order = ("url", "form", "fields_text", "header", "secret", "inside",
                   "knows_again", "agreed_with", "agreed_on")  # fmt: skip

    @classmethod
    def of(cls, row: Gateway | None, data: Any) -> "TheGateway":
        """The form on what is set."""
        row = row or Gateway(pk=1)
        same = ("url", "form", "header", "inside", "knows_again", "agreed_with",
                "agreed_on")  # fmt: skip
        start = {name: getattr(row, name) for name in same}
        text = "\n".join(f"{name} = {value}" for name, value in row.fields.items())
        return cls(data, initial=start | {"fields_text": text})

    def given(self) -> dict[str, Any]:
        """What ``set_gateway`` takes. Call only after is_valid()."""
        said = dict(self.cleaned_data)
        pairs = [
            line.partition("=") for line in said.pop("fields_text").splitlines() if line.strip()
        ]
        said["fields"] = {name.strip(): value.strip() for name, _sign, value in pairs}
        said["secret"] = said["secret"] or (None if said["header"] else "")
        return said

    def say(self, field: str, words: str) -> None:
        """What the room says against it, beside the field it is about."""
        self.add_error({"fields": "fields_text"}.get(field, field), words)


class TheOutbox(Agreement):
    """The folder for a gateway of the house's own."""

    reaches = forms.ChoiceField(label=gettext_lazy("It makes"), choices=Reaches.choices)
    field_order = ("reaches", "agreed_with", "agreed_on")

    def say(self, field: str, words: str) -> None:
        """What the room says against it, beside the field it is about."""
        self.add_error(field, words)


class Trial(forms.Form):
    """The number a test message goes to."""

    number = forms.CharField(
        label=gettext_lazy("Phone number"), max_length=100,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("Your own, for example. It is not kept, and the message says only "
                               "that it is a test."),
    )  # fmt: skip
