"""Forms about clients check shape only; what can be kept is the room's business."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.people.clients.models import TOGETHER, Client, Contact, RelatedPerson
from rapport.people.practice.models import Place

SPOKEN = ("en", "de", "ar", "es", "fr", "it", "pt", "nl", "pl", "ru", "tr", "uk", "zh", "fa", "hi")


def languages(also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Languages to choose from, and those in ``also``, in the reader's own."""
    ours = Locale.parse(get_language() or "en", sep="-")
    codes = dict.fromkeys((*SPOKEN, *also))
    named = ((code, Locale.parse(code, sep="-").get_display_name(ours) or code) for code in codes)
    return sorted(named, key=lambda p: p[1])


def with_own(places: Any, own: Iterable[Place]) -> Any:
    """The places that are offered, and those that are ``own`` already, closed ones too."""
    return places | Place.objects.filter(pk__in=[place.pk for place in own])


class Day(forms.DateInput):
    """A day as the browser's own date field takes it: ISO 8601, whatever the language.

    Written as 1.7.1990 it would show as empty, and saving the form would forget the day.
    """

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClientForm(forms.Form):
    """What is known of a client."""

    legal_name = forms.CharField(label=_("Legal name"), max_length=1000)
    preferred_name = forms.CharField(
        label=_("Preferred name"), required=False, max_length=1000,
        help_text=_("What the client wants to be called. Empty: the legal name."),
    )  # fmt: skip
    pronouns = forms.CharField(label=_("Pronouns"), required=False, max_length=40)
    birth_on = forms.DateField(label=_("Birth date"), required=False, widget=Day)
    status = forms.ChoiceField(label=_("Status"), choices=Client.Status.choices)
    place: Any = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=languages,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    address = forms.CharField(
        label=_("Address"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    remark = forms.CharField(
        label=_("Remark for the desk"), required=False, max_length=10_000,
        help_text=_("Kept sealed. Not the place for clinical notes."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["place"]
        own = self.initial.get("place")
        chosen.queryset = with_own(places, [own]) if own else places
        chosen.label_from_instance = lambda place: place.name
        spoken: Any = self.fields["languages"]
        spoken.choices = languages(also=self.initial.get("languages", ()))


class Together:
    """A couple or family has one name, and neither pronouns nor a birth date of its own."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for of_a_person in ("birth_on", "pronouns", "preferred_name"):
            del self.fields[of_a_person]
        self.fields["legal_name"].label = _("Name of the couple or family")


class TogetherForm(Together, ClientForm):
    """What is known of a couple or family."""


class Admit(ClientForm):
    """A new client, with the first clinician."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Client.Kind.choices)
    clinician = forms.ChoiceField(label=_("First clinician"))
    field_order = ("legal_name", "preferred_name", "kind", "birth_on", "clinician", "place")

    def __init__(self, *args: Any, clinicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["clinician"]
        chosen.choices = [(str(s.pk), s.display_name) for s in clinicians]
        self.fields["status"].initial = Client.Status.ACTIVE


class AdmitTogether(Together, Admit):
    """A couple or family; each person in it may be a client of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in TOGETHER]


class ContactForm(forms.Form):
    """A way to reach the client."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Contact.Kind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=254)
    label = forms.CharField(label=_("Label"), required=False, max_length=40)
    safe_to_message = forms.BooleanField(label=_("Safe to leave a message"), required=False)
    safe_to_text = forms.BooleanField(label=_("Safe to text"), required=False)
    safe_to_write = forms.BooleanField(label=_("Safe to write"), required=False)


class ChangeContact(ContactForm):
    """Another number or address, or other things that are safe. A phone stays a phone."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_others = {"PHONE": ("safe_to_write",), "MAIL": ("safe_to_message", "safe_to_text")}
        for name in ("kind", *of_others[kind]):
            del self.fields[name]


class RelatedForm(forms.Form):
    """Somebody around the client."""

    relation = forms.ChoiceField(label=_("Relation"), choices=RelatedPerson.Relation.choices)
    name = forms.CharField(label=_("Name"), max_length=1000)
    reach_at = forms.CharField(label=_("Phone or mail"), required=False, max_length=254)
    may_know = forms.ChoiceField(label=_("May know"), choices=RelatedPerson.MayKnow.choices)
    emergency = forms.BooleanField(label=_("Emergency contact"), required=False)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class Invite(forms.Form):
    """Where a client's link to the portal goes."""

    email = forms.EmailField(
        label=_("Mail address"), max_length=254,
        help_text=_("The client signs in with it. It is their own, not a partner's."),
    )  # fmt: skip
    hand_over = forms.BooleanField(
        label=_("Show the link here, I hand it over myself"), required=False
    )

    def __init__(self, *args: Any, mails: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mails:
            del self.fields["hand_over"]


class BreakGlassForm(forms.Form):
    """Opening a record one may not see, in need and with a reason."""

    name = forms.CharField(label=_("Legal name, exactly"), max_length=300)
    birth_on = forms.DateField(label=_("Birth date"), widget=Day)
    reason = forms.CharField(
        label=_("Why you need this record now"), max_length=2000,
        help_text=_("Kept sealed with the record. The care team is told."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
