"""What the doors share about calendars: a file of one meeting, and a field for an address."""

from django import forms
from django.http import HttpResponse

from rapport.contact.calendars import writing
from rapport.meeting.models import Appointment

KIND = "text/calendar; charset=utf-8"


class Secretive(forms.TextInput):
    """A field whose browser neither corrects nor remembers what is typed: it may be a secret."""

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", "inputmode": "url",
                          "autocapitalize": "off"})  # fmt: skip


def as_file(appointment: Appointment, title: str) -> HttpResponse:
    """One meeting as a file that calendar programs open, under a title that says nothing."""
    return downloaded(writing.text([writing.entry(appointment, title)]))


def downloaded(made: bytes) -> HttpResponse:
    """A calendar as a file whose name says nothing."""
    kept_as = {"Content-Disposition": f'attachment; filename="{writing.FILE_NAME}"'}
    return HttpResponse(made, content_type=KIND, headers=kept_as)
