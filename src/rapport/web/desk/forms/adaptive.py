"""The form that asks an adaptive test; what may stand in it is the room's business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.adapting import rules
from rapport.progress.models import Asked


class AdaptiveForm(forms.Form):
    """Which bank, which way, and when it stops."""

    bank = forms.ChoiceField(label=_("Item bank"), widget=forms.RadioSelect)
    way = forms.ChoiceField(
        label=_("How"), initial=Asked.Way.LINK, widget=forms.RadioSelect,
        choices=Asked.Way.choices,
        help_text=_("A link opens these questions alone and needs no sign-in. At the desk, open "
                    "the link on a device that is not signed in here."),
    )  # fmt: skip
    below_se = forms.FloatField(
        label=_("Stop below this standard error"), localize=True, initial=rules.BELOW_SE,
        help_text=_("Of theta, from 0.2 to 0.6. 0.3 is a reliability of about 0.9: the T score is "
                    "then known to about 6 points on either side."),
    )  # fmt: skip
    least = forms.IntegerField(
        label=_("Questions at least"),
        initial=rules.LEAST,
        help_text=_("So that a result never hangs on one or two answers."),
    )
    most = forms.IntegerField(
        label=_("Questions at most"),
        initial=rules.MOST,
        help_text=_("It ends here, however precise it is. What everybody is asked comes on top."),
    )
    hand_over = forms.BooleanField(
        label=_("Show the link here instead of mailing it"), required=False
    )

    def __init__(
        self, *args: Any, banks: list[tuple[str, str]], portal: bool, mails: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        bank: Any = self.fields["bank"]
        bank.choices = banks
        if len(banks) == 1:
            bank.initial = banks[0][0]
        ways: Any = self.fields["way"]
        ways.choices = [pair for pair in Asked.Way.choices if portal or pair[0] != Asked.Way.PORTAL]
        if not mails:
            del self.fields["hand_over"]

    def stops(self) -> rules.Stops:
        """When it is to stop."""
        given = self.cleaned_data
        return rules.Stops(given["below_se"], given["least"], given["most"])
