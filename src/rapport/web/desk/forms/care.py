"""Forms about a client's care check shape only; what can be is the room's business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent
from rapport.people.episodes import codes
from rapport.people.episodes.models import Episode
from rapport.web import informants

from .people import Day

NOT_SAID = ("", _("not said"))


class Assign(forms.Form):
    """A colleague for the care team."""

    staff = forms.ChoiceField(label=_("Colleague"))
    part = forms.ChoiceField(
        label=_("Part"), choices=CareTeamMember.Part.choices,
        initial=CareTeamMember.Part.CO_THERAPIST,
    )  # fmt: skip

    def __init__(self, *args: Any, clinicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["staff"]
        chosen.choices = [(str(s.pk), s.display_name) for s in clinicians]


class OpenEpisode(forms.Form):
    """An episode of care, with somebody from the care team."""

    responsible = forms.ChoiceField(label=_("Responsible"))
    on = forms.DateField(label=_("First day"), widget=Day)
    first_contact_on = forms.DateField(
        label=_("First asked for"), widget=Day, required=False,
        help_text=_("When they, or whoever sent them, first got in touch. Waiting counts from "
                    "this day."),
    )  # fmt: skip
    problem = forms.ChoiceField(
        label=_("What it is about"), required=False, choices=[NOT_SAID, *codes.Problem.choices],
        help_text=_("A coarse word for lists and figures, never a diagnosis."),
    )  # fmt: skip
    modality = forms.ChoiceField(
        label=_("Kind of help"), required=False, choices=[NOT_SAID, *codes.Modality.choices]
    )
    referral_source = forms.ChoiceField(
        label=_("Who sent the client"), required=False,
        choices=[NOT_SAID, *codes.Referral.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["responsible"]
        chosen.choices = [(str(s.pk), s.display_name) for s in team]


class CloseEpisode(forms.Form):
    """How and when the care ended."""

    reason = forms.ChoiceField(label=_("How the care ended"), choices=Episode.Reason.choices)
    on = forms.DateField(label=_("Last day"), widget=Day)


class NoteConsent(forms.Form):
    """What a client agreed to, in which version, and how."""

    kind = forms.ChoiceField(label=_("Agreed to"), choices=Consent.Kind.choices)
    version = forms.CharField(
        label=_("Version"), max_length=40, help_text=_("As printed on the form, such as 2026-01.")
    )
    giver = forms.ChoiceField(label=_("Who agreed"), widget=forms.RadioSelect)
    given_on = forms.DateField(label=_("Agreed on"), widget=Day)
    how = forms.ChoiceField(label=_("How"), choices=Consent.How.choices)

    def __init__(self, *args: Any, client: Any, agreeing: list[Any], **kwargs: Any) -> None:
        """``agreeing``: who can agree for the client; without them a grown client agreed."""
        super().__init__(*args, **kwargs)
        giver: Any = self.fields["giver"]
        giver.choices = [
            (Consent.Giver.CLIENT, _("the client")),
            *((str(one.pk), informants.named(one)) for one in agreeing),
        ]
        minor = client.kind == Client.Kind.MINOR
        if not minor and not agreeing:
            del self.fields["giver"]
        elif not minor:
            giver.initial = Consent.Giver.CLIENT
        elif not agreeing:
            giver.help_text = _("A parent or guardian can be chosen once they are noted around "
                                "the client.")  # fmt: skip
        self.agreeing = {str(one.pk): one for one in agreeing}

    def given(self) -> dict[str, Any]:
        """What was agreed to, and by whom. Call only after is_valid()."""
        who = self.cleaned_data.pop("giver", Consent.Giver.CLIENT)
        whom = {"person": self.agreeing.get(who), "by_client": who == Consent.Giver.CLIENT}
        return self.cleaned_data | whom
