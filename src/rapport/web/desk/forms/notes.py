"""Forms about notes check shape only; what a note needs is the record's business."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.record.notes import rules, templates
from rapport.record.notes.models import Note

from .people import Day

SECTION = "section-"
LAST_REVISION = 2**31 - 1
"""The highest number that both databases keep; nobody saves so often."""


class Prose(forms.Field):
    """Text that is made tidy further in; nothing about it is wrong in shape.

    Without autocomplete no browser writes it into the file from which it restores windows.
    """

    widget = forms.Textarea(attrs={"data-prose": "", "rows": 7, "autocomplete": "off"})


class Clock(forms.TimeInput):
    """A time of day as the browser's own field takes it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Draft(forms.Form):
    """What a writing page sends: sections, times, and what it started from."""

    revision = forms.IntegerField(min_value=1, max_value=LAST_REVISION, widget=forms.HiddenInput)
    window = forms.UUIDField(widget=forms.HiddenInput)
    started_at = forms.TimeField(label=_("Started"), required=False, widget=Clock)
    ended_at = forms.TimeField(label=_("Stopped"), required=False, widget=Clock)

    def __init__(self, *args: Any, note: Note, sheet: templates.Sheet, **kwargs: Any) -> None:
        start = {f"{SECTION}{key}": text for key, text in note.sections.items()}
        kwargs["initial"] = started(note) | start | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if note.kind in rules.TIMED:  # a draft may be without; it is not signed so
            for name in ("started_at", "ended_at"):
                self.fields[name].widget.attrs["required"] = True
        for one in sheet.headings:
            self.fields[f"{SECTION}{one.key}"] = Prose(
                label=one.label, required=False, help_text=one.help
            )
        for key in note.sections:
            if key not in sheet.keys:
                self.fields[f"{SECTION}{key}"] = Prose(label=sheet.label(key), required=False)

    @property
    def parts(self) -> list[Any]:
        """The sections' fields, in order."""
        return [one for one in self if one.name.startswith(SECTION)]

    def sections(self) -> dict[str, str]:
        """The sections that were sent. Call only after is_valid()."""
        names = [one.name for one in self.parts if one.name in self.data]
        return {name.removeprefix(SECTION): self.cleaned_data[name] or "" for name in names}

    def times(self) -> tuple[Any, Any] | None:
        """Start and stop, where they were sent. Call only after is_valid()."""
        if "started_at" not in self.data and "ended_at" not in self.data:
            return None
        return self.cleaned_data["started_at"], self.cleaned_data["ended_at"]

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Say what is wrong beside the fields."""
        for key, words in errors.items():
            name = f"{SECTION}{key}" if f"{SECTION}{key}" in self.fields else key
            self.add_error(name if name in self.fields else None, words)


def started(note: Note) -> dict[str, Any]:
    """The note's times as the page shows them."""
    times = {"started_at": note.started_at, "ended_at": note.ended_at}
    return {name: clock.local(at).time() for name, at in times.items() if at is not None}


class Open(forms.Form):
    """A note about a contact that no meeting stands for, or about one of the last meetings."""

    appointment = forms.ChoiceField(label=_("About"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of contact"), required=False,
        choices=[one for one in Note.Kind.choices if one[0] != Note.Kind.SESSION]
        + [(Note.Kind.SESSION.value, Note.Kind.SESSION.label)],
    )  # fmt: skip
    happened_on = forms.DateField(label=_("Day"), required=False, widget=Day)
    template = forms.ChoiceField(label=_("Form"), required=False)
    late = forms.BooleanField(
        label=_("Mark as a late entry"), required=False,
        help_text=_("A note that is begun more than two days later is marked anyway."),
    )  # fmt: skip
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, meetings: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("appointment", "kind", "happened_on", "template"):
            self.fields[name].widget.attrs["required"] = True  # the page has them all
        about: Any = self.fields["appointment"]
        about.choices = [("", _("a contact without an appointment")), *meetings]
        form: Any = self.fields["template"]
        form.choices = [(one.id, f"{one.name}: {one.about}") for one in templates.every()]

    def clean_happened_on(self) -> Any:
        """A day that Rapport works with."""
        day = self.cleaned_data["happened_on"]
        try:
            return day and clock.within_limits(day)
        except clock.BadDate as problem:
            raise forms.ValidationError(str(problem)) from None


class Sign(forms.Form):
    """Signing what was read; a supervised clinician says who co-signs."""

    revision = forms.IntegerField(min_value=1, max_value=LAST_REVISION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, supervisors: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(supervisors) > 1:
            self.fields["supervisor"] = forms.ChoiceField(
                label=_("Who co-signs"),
                choices=[(str(one.pk), one.display_name) for one in supervisors],
            )

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Say what is missing."""
        for key, words in errors.items():
            self.add_error(key if key in self.fields else None, words)


class Words(forms.Form):
    """Remarks for a note's author, or something to add to a signed note."""

    text = Prose(label=_("Text"), required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ProcessDraft(forms.Form):
    """What the writing page of a process note sends."""

    revision = forms.IntegerField(min_value=1, max_value=LAST_REVISION, widget=forms.HiddenInput)
    window = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[f"{SECTION}text"] = Prose(label=_("Process note"), required=False)

    @property
    def text(self) -> Any:
        """The field of the text."""
        return self[f"{SECTION}text"]

    def words(self) -> str:
        """What was written. Call only after is_valid()."""
        return self.cleaned_data[f"{SECTION}text"] or ""
