"""Forms about how the practice reminds, and through which gateways."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.contact import channels
from rapport.contact.gateways.models import Gateway, Reaches
from rapport.contact.reminders.models import Does, Reminding
from rapport.web.reminders import TOLD, Order, Times

from .meeting import Clock
from .people import Day


class Rules(Order):
    """How the practice reminds."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=Clock,
        help_text=gettext_lazy("Nobody is told anything in these hours. Empty: at any hour."),
    )  # fmt: skip
    quiet_until = forms.TimeField(label=gettext_lazy("Quiet until"), required=False, widget=Clock)
    quiet_before = forms.ChoiceField(
        label=gettext_lazy("What falls into quiet hours goes out"), widget=forms.RadioSelect,
        choices=[("", gettext_lazy("after them")), ("on", gettext_lazy("before them"))],
        required=False,
    )  # fmt: skip
    notices = forms.MultipleChoiceField(
        label=gettext_lazy("Tell clients when"), required=False, choices=TOLD,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    links = forms.MultipleChoiceField(
        label=gettext_lazy("A client can, by a link in the message"), required=False,
        choices=Does.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For another time, whoever may move the meeting in the portal "
                               "chooses one that is free; anybody else asks you for one."),
    )  # fmt: skip

    def __init__(self, *args: Any, row: Reminding, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.add_times(row.offsets)
        self.add_ways(row.channels, [(id, _known(one)) for id, one in channels.found().items()],
                      _("nothing"))  # fmt: skip
        self.initial.update(
            {
                "quiet_from": row.quiet_from,
                "quiet_until": row.quiet_until,
                "quiet_before": "on" if row.quiet_before else "",
                "notices": row.notices,
                "links": row.links,
            }
        )
        rows = [name for name in self.fields if name.startswith(("before_", "way_"))]
        self.order_fields([*rows, "notices", "links"])

    def given(self) -> dict[str, Any]:
        """What ``set_reminding`` takes. Call only after is_valid()."""
        said = self.cleaned_data
        return {
            "offsets": self.offsets(), "order": self.order(), "notices": said["notices"],
            "links": said["links"], "quiet_from": said["quiet_from"],
            "quiet_until": said["quiet_until"], "quiet_before": said["quiet_before"] == "on",
        }  # fmt: skip


def _known(channel: channels.Channel) -> str:
    if channel.ready():
        return str(channel.name)
    return _("%(way)s (not set up yet)") % {"way": channel.name}


class OfType(Times):
    """When meetings of one type are reminded of."""

    how = forms.ChoiceField(
        label=gettext_lazy("Reminders"), widget=forms.RadioSelect,
        choices=[("USUAL", gettext_lazy("as for all others")),
                 ("OWN", gettext_lazy("at these times")), ("NEVER", gettext_lazy("none"))],
    )  # fmt: skip

    def __init__(self, *args: Any, own: list[int] | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.update({"how": "USUAL" if own is None else "OWN" if own else "NEVER"})
        self.add_times(own)

    def given(self) -> list[int] | None:
        """The offsets. Call only after is_valid()."""
        return {"USUAL": None, "OWN": self.offsets(), "NEVER": []}[self.cleaned_data["how"]]


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
    reaches = forms.ChoiceField(
        label=gettext_lazy("It makes"),
        choices=[one for one in Reaches.choices if one[0] != Reaches.MAIL],
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
    field_order = ("url", "reaches", "form", "fields_text", "header", "secret", "inside",
                   "knows_again", "agreed_with", "agreed_on")  # fmt: skip

    @classmethod
    def of(cls, row: Gateway | None, data: Any) -> "TheGateway":
        """The form on what is set."""
        row = row or Gateway(pk=1)
        same = ("url", "reaches", "form", "header", "inside", "knows_again", "agreed_with",
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
