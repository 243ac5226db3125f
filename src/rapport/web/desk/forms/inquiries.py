"""Forms about inquiries check shape only; what can be kept is the room's business."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.contact.inquiries import rules
from rapport.contact.inquiries.actions import LOGGED, Reach
from rapport.contact.inquiries.models import ConflictLook, Inquiry, Referral
from rapport.contact.referrers.models import Referrer
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client
from rapport.people.episodes import codes
from rapport.web.among import Among

from .care import NOT_SAID
from .people import Day

NO_WISH = ("", _("no wish"))
NOBODY = ("", _("nobody yet"))
WAYS = [NO_WISH, *Appointment.Way.choices]


class Story(forms.Form):
    """How somebody came, what they look for, and who answers."""

    came_by = forms.ChoiceField(label=_("Came by"), choices=Inquiry.CameBy.choices)
    source = Among(label=_("How did they hear of us?"), required=False, nothing=NOT_SAID)
    referrer = Among(label=_("Sent by"), required=False, nothing=("", _("nobody in particular")))
    seeks = forms.CharField(
        label=_("What they look for"), required=False, max_length=2000,
        help_text=_("A few words, as they said them. Kept sealed."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    clinician = Among(label=_("Would like to see"), required=False, nothing=NO_WISH)
    type = Among(label=_("Kind of appointment"), required=False, nothing=NO_WISH)
    way = forms.ChoiceField(label=_("Way of meeting"), required=False, choices=WAYS)
    responsible = Among(label=_("Who answers"), required=False, nothing=NOBODY)

    def offer(self, inquiry: Inquiry | None = None, **rows: Any) -> None:
        """What there is to choose from: ``source=…``, and what ``inquiry`` holds already."""
        names = {"clinician": "display_name", "responsible": "display_name"}
        for field, some in rows.items():
            held = getattr(inquiry, field, None) if inquiry else None
            chosen: Any = self.fields[field]
            chosen.offer(some, names.get(field, "name"), also=held)


class Enter(Story):
    """Somebody who asks for help, as fast as one hears it on the phone."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)
    name = forms.CharField(label=_("Name"), max_length=1000)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=254,
        widget=forms.TextInput({"inputmode": "tel"}),
    )  # fmt: skip
    safe_to_message = forms.BooleanField(label=_("Safe to leave a message"), required=False)
    safe_to_text = forms.BooleanField(label=_("Safe to text"), required=False)
    mail = forms.CharField(
        label=_("Mail"), required=False, max_length=254,
        widget=forms.TextInput({"inputmode": "email"}),
    )  # fmt: skip
    safe_to_write = forms.BooleanField(label=_("Safe to write"), required=False)
    place = Among(label=_("Place"))
    call_on = forms.DateField(
        label=_("Call back by"), required=False, widget=Day,
        help_text=_("Stands on Today from that day on."),
    )  # fmt: skip
    anyway = forms.BooleanField(label=_("It is somebody else"), required=False)
    field_order = ("name", "phone", "safe_to_message", "safe_to_text", "mail", "safe_to_write",
                   "seeks", "came_by", "source", "referrer", "clinician", "type", "way", "place",
                   "responsible", "call_on")  # fmt: skip

    def ask_about(self, alike: list[Client]) -> None:
        """Enter somebody like one who is here already once it is said that this is meant."""
        meant = self.is_bound and self.cleaned_data.get("anyway", False)
        if not alike:
            del self.fields["anyway"]
        elif not meant:
            self.add_error("anyway", _("Tick this if it is somebody else."))

    def reaches(self) -> list[Reach]:
        """The number and the address that were given."""
        given, found = self.cleaned_data, []
        if given["phone"].strip():
            found.append(Reach("PHONE", given["phone"], given["safe_to_message"],
                               given["safe_to_text"]))  # fmt: skip
        if given["mail"].strip():
            found.append(Reach("MAIL", given["mail"], safe_to_write=given["safe_to_write"]))
        return found

    def given(self) -> dict[str, Any]:
        """The rest, as the action takes it."""
        ours = {"phone", "mail", "safe_to_message", "safe_to_text", "safe_to_write", "anyway"}
        return {name: value for name, value in self.cleaned_data.items() if name not in ours}


class Change(Story):
    """Another look at the story; knows which state it was written for."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


WHY = _("Choose why it is closed.")


class Close(forms.Form):
    """Why an inquiry goes no further."""

    why = forms.ChoiceField(
        label=_("Close it because"), choices=[("", _("Choose why")), *Inquiry.Why.choices],
        error_messages={"required": WHY, "invalid_choice": WHY},
    )  # fmt: skip


class Log(forms.Form):
    """A call, a letter, a remark."""

    prefix = "log"

    what = forms.ChoiceField(
        label=_("What happened"), choices=[(one.value, one.label) for one in LOGGED]
    )
    words = forms.CharField(
        label=_("In words"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Kept sealed. What the next person who calls needs to know."),
    )  # fmt: skip


class Task(forms.Form):
    """Something to do by a day."""

    prefix = "task"

    words = forms.CharField(label=_("What is to be done"), max_length=2000)
    due_on = forms.DateField(label=_("By"), widget=Day)
    whose = Among(label=_("Who does it"), required=False, nothing=("", _("whoever comes first")))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["whose"]
        chosen.offer(people, "display_name")


class Names(forms.Form):
    """Whom a conflict check asks about."""

    names = forms.CharField(
        label=_("Names"), max_length=6000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Partner, family, employer: each on a line of its own, first and last name."),
    )  # fmt: skip

    def clean_names(self) -> list[str]:
        """The lines that hold a name."""
        return rules.names_in(self.cleaned_data["names"])


class Look(forms.Form):
    """One word on whether something stands in the way."""

    answer = forms.ChoiceField(
        label=_("May this inquiry go on?"), choices=ConflictLook.Answer.choices,
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the answers.")},
    )  # fmt: skip


WHOM = _("Choose the colleague you send them to.")


class Refer(forms.Form):
    """To whom somebody is sent, what is passed on, and that they agreed."""

    referrer = Among(
        label=_("Colleague"), nothing=("", _("Choose a colleague")),
        error_messages={"required": WHOM, "invalid_choice": WHOM},
    )  # fmt: skip
    shared = forms.MultipleChoiceField(
        label=_("What is passed on"), required=False, choices=Referral.Shared.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: they were given the colleague's number and call themselves."),
    )  # fmt: skip
    told = forms.CharField(
        label=_("Words to the colleague"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("They stand in the letter. Only what the person agreed to."),
    )  # fmt: skip
    agreed_on = forms.DateField(label=_("Agreed on"), required=False, widget=Day)
    agreed_how = forms.ChoiceField(
        label=_("How they agreed"), required=False, choices=[NOT_SAID, *Referral.How.choices]
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["referrer"]
        chosen.offer(colleagues, "name")


class Start(forms.Form):
    """Who carries the care that begins."""

    clinician = Among(label=_("Clinician"))
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(one.value, one.label) for one in (Client.Status.ACTIVE, Client.Status.WAITING)],
    )
    on = forms.DateField(label=_("First day of care"), widget=Day)
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
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, clinicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["clinician"]
        chosen.offer(clinicians, "display_name")


class Hold(forms.Form):
    """Why somebody is kept beyond the limit."""

    prefix = "hold"

    why = forms.CharField(
        label=_("Why this has to be kept"), max_length=2000, help_text=_("Kept sealed."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class Limit(forms.Form):
    """How long somebody who never became a client is remembered."""

    months = forms.IntegerField(
        label=_("Months after the last contact"),
        widget=forms.NumberInput({"min": rules.FEWEST, "max": rules.MOST}),
    )


class NewSource(forms.Form):
    """Another answer to how somebody heard of the practice."""

    name = forms.CharField(label=_("Name"), max_length=300)


class ReferrerForm(forms.Form):
    """Somebody who sends people here, or to whom people are sent."""

    name = forms.CharField(label=_("Name"), max_length=1000)
    kind = forms.ChoiceField(label=_("Kind"), choices=Referrer.Kind.choices)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    mail = forms.EmailField(label=_("Mail"), required=False, max_length=254)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    specialities = forms.CharField(
        label=_("Specialities"), required=False, max_length=300,
        help_text=_("In words, for example: trauma, couples, Arabic."),
    )  # fmt: skip
    trusted = forms.BooleanField(label=_("We send people to them"), required=False)
    takes = forms.ChoiceField(label=_("Do they take people now?"), choices=Referrer.Room.choices)
