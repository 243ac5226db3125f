"""The form of an appointment type; what can be kept is the room's business."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.meeting.appointments import rules as lengths
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.types import rules
from rapport.meeting.types.models import AppointmentType
from rapport.people.staff.models import Staff
from rapport.progress.packs import queries as packs
from rapport.web import measures

NAMES = ("name", "kind", "minutes", "price_tag", "ways", "bookers", "needs_approval", "needs_room",
         "equipment", "equipment_always", "forms", "colour", "heavy", "buffer_before",
         "buffer_after")  # fmt: skip
OTHERS = [pair for pair in AppointmentType.Booker.choices if pair[0] != "STAFF"]


def _library() -> list[tuple[str, str]]:
    every = packs.askable().values()
    return [(one.id, f"{one.content.short}: {measures.words(one).title}") for one in every]


def _buffer(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=rules.LONGEST_BUFFER,
        help_text=_("Empty: as each clinician keeps it."),
    )  # fmt: skip


class Type(forms.Form):
    """What is offered, how long it takes, who may book it."""

    name = forms.CharField(label=_("Name"), max_length=1000)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Appointment.Kind.choices, initial=Appointment.Kind.SESSION,
        help_text=_("What the record calls it."),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes"),
        initial=50,
        widget=forms.NumberInput({"min": lengths.SHORTEST, "max": lengths.LONGEST, "step": 5}),
    )
    price_tag = forms.CharField(
        label=_("Price"), required=False, max_length=1000,
        help_text=_("A label for whoever books, such as 90 €. Nothing is charged by it."),
    )  # fmt: skip
    ways = forms.MultipleChoiceField(
        label=_("How it is held"), choices=Appointment.Way.choices,
        initial=list(Appointment.Way.values), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    bookers = forms.MultipleChoiceField(
        label=_("Who may book it, besides the practice"), required=False, choices=OTHERS,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    needs_approval = forms.BooleanField(
        label=_("What others book waits for our yes"), required=False,
        help_text=_("Ticked: clients and strangers ask for a time; it is kept until somebody "
                    "confirms it or says no. Not ticked: it is theirs at once, a stranger's on "
                    "the public page too."),
    )  # fmt: skip
    needs_room = forms.BooleanField(
        label=_("Needs a room in person"), required=False,
        help_text=_("Ticked: clients and strangers are offered only times at which a room of the "
                    "place is free, and what they book takes it. A place without rooms offers "
                    "none. Here at the desk the room stays your choice."),
    )  # fmt: skip
    equipment = forms.MultipleChoiceField(
        label=_("Needs equipment"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("One piece of each kind that is ticked. Whoever books it, here at the desk "
                    "too, gets only times at which one is free at the place, and it is taken by "
                    "itself. What is booked already stays as it is."),
    )  # fmt: skip
    equipment_always = forms.BooleanField(
        label=_("Needs the equipment by video and by phone as well"), required=False,
        help_text=_("Ticked: the clinician uses it, wherever the client is."),
    )  # fmt: skip
    clinicians = forms.MultipleChoiceField(
        label=_("Who offers it"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everybody who treats clients."),
    )  # fmt: skip
    colour = forms.ChoiceField(
        label=_("Colour in the calendar"), choices=AppointmentType.Colour.choices,
        initial=AppointmentType.Colour.BLUE, widget=forms.RadioSelect,
        help_text=_("A letter or two of the name stands beside it."),
    )  # fmt: skip
    heavy = forms.BooleanField(
        label=_("Heavy"), required=False,
        help_text=_("Counts to how many heavy meetings a clinician takes a day."),
    )  # fmt: skip
    buffer_before = _buffer(_("Minutes free before"))
    buffer_after = _buffer(_("Minutes free after"))
    forms = forms.MultipleChoiceField(
        label=_("Questionnaires to send"), required=False, choices=_library,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the three days before the meeting, to one person alone; by mail only "
                    "where that is safe."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: list[Staff], kinds: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_equipment(list(kinds))
        self.people = {str(one.pk): one for one in people}
        who: Any = self.fields["clinicians"]
        who.choices = [(key, one.display_name) for key, one in self.people.items()]

    @classmethod
    def of(
        cls, row: AppointmentType | None, data: Any, people: list[Staff], *,
        kinds: Iterable[str], rooms: bool = False,
    ) -> "Type":  # fmt: skip
        """The form, started from a type. A new one needs a room where there are rooms."""
        if row is None:
            return cls(data, people=people, kinds=kinds, initial={"needs_room": rooms})
        theirs = list(row.clinicians.all())
        people = [*people, *(one for one in theirs if one not in people)]
        start = {name: getattr(row, name) for name in NAMES}
        start["clinicians"] = [str(one.pk) for one in theirs]
        kinds = sorted({*kinds, *row.equipment})
        return cls(data, people=people, kinds=kinds, initial=start)

    def _offer_equipment(self, kinds: list[str]) -> None:
        """The kinds there are; where there is none nobody is asked."""
        if not kinds:
            del self.fields["equipment"], self.fields["equipment_always"]
            return
        of: Any = self.fields["equipment"]
        of.choices = [(kind, kind) for kind in kinds]

    def said(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        given = {name: self.cleaned_data[name] for name in NAMES if name in self.fields}
        return given | {"clinicians": [self.people[pk] for pk in self.cleaned_data["clinicians"]]}
