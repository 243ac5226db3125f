"""Forms about how the practice reminds."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.contact import channels
from rapport.contact.reminders.models import Does, Reminding
from rapport.web.reminders import TOLD, Order, Times
from rapport.web.times import TimeOfDay


class Rules(Order):
    """How the practice reminds."""

    quiet_from = TimeOfDay(
        label=gettext_lazy("Quiet from"), required=False,
        help_text=gettext_lazy("Nobody is told anything in these hours. Empty: at any hour."),
    )  # fmt: skip
    quiet_until = TimeOfDay(label=gettext_lazy("Quiet until"), required=False)
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
