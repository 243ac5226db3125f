"""Forms about clients check shape only; what can be kept is the room's business."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.utils.formats import date_format
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


class ChangeForm(ClientForm):
    """Another look at what is known: writes what was changed here, and keeps the rest.

    Each field carries the value it started from. A field that somebody else changed meanwhile
    is theirs if it was not touched here; if it was, it is asked about once.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self["legal_name"].html_initial_name not in self.data:
            return given  # sent by something that does not say where it started
        for field in self:
            started = self._started(field)
            if _plain(field.data) == started:
                given[field.name] = self.initial[field.name]
                self.errors.pop(field.name, None)
            elif _plain(self._held(field)) not in (started, _plain(field.data)):
                self._ask_about(field)
        return given

    def _started(self, field: Any) -> Any:
        """What the field held when the page was opened."""
        hidden = field.field.hidden_widget()
        return _plain(hidden.value_from_datadict(self.data, self.files, field.html_initial_name))

    def _held(self, field: Any) -> Any:
        """What is kept for the field now, as a page would send it."""
        return field.field.prepare_value(field.initial)

    def _ask_about(self, field: Any) -> None:
        """Show the other change beside what was typed; the next answer starts from it."""
        held = self._held(field)
        many = isinstance(held, list)
        self.data: Any = self.data.copy()
        self.data.setlist(field.html_initial_name, held if many else [_plain(held)])
        names = {str(code): str(name) for code, name in getattr(field.field, "choices", ())}
        words = [names.get(str(one), str(one)) for one in (held if many else [held]) if one]
        if words and field.name == "birth_on":
            words = [date_format(field.initial)]
        said = _("Somebody changed this meanwhile to: %(value)s. Save again to keep yours.")
        self.add_error(field.name, said % {"value": ", ".join(words) or "–"})


def _plain(sent: Any) -> Any:
    """A field's value as it is compared: apart from order, line ends and space around it."""
    if isinstance(sent, list):
        return sorted(map(str, sent))
    return "" if sent is None else str(sent).replace("\r\n", "\n").strip()


class Together:
    """A couple or family has one name, and neither pronouns nor a birth date of its own."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for of_a_person in ("birth_on", "pronouns", "preferred_name"):
            del self.fields[of_a_person]
        self.fields["legal_name"].label = _("Name of the couple or family")


class ChangeTogether(Together, ChangeForm):
    """Another look at what is known of a couple or family."""


class Admit(ClientForm):
    """A new client, with the first clinician."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Client.Kind.choices)
    clinician = forms.ChoiceField(label=_("First clinician"))
    anyway = forms.BooleanField(label=_("Admit anyway"), required=False)
    field_order = ("legal_name", "preferred_name", "kind", "birth_on", "clinician", "place")

    def __init__(self, *args: Any, clinicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["clinician"]
        chosen.choices = [(str(s.pk), s.display_name) for s in clinicians]
        self.fields["status"].initial = Client.Status.ACTIVE

    def ask_about(self, twins: list[Client]) -> None:
        """Admit somebody like one who is here already once it is said that this is meant."""
        meant = self.is_bound and self.cleaned_data.pop("anyway", False)
        if not twins:
            del self.fields["anyway"]
        elif not meant:
            self.add_error("anyway", _("Tick this if it is somebody else."))


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
    mail = forms.CharField(
        label=_("Mail address for questions about the client"), required=False, max_length=254,
        help_text=_("Only for asking them questionnaires, where the client agreed to that. The "
                    "mail says that a few questions wait, and names nobody."),
    )  # fmt: skip
    safe_to_write = forms.BooleanField(
        label=_("This address is safe to write to"), required=False,
        help_text=_("Nobody who must not know of it reads what arrives there. Whoever may know "
                    "nothing gets no mail."),
    )  # fmt: skip
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
