"""A field of words whose faults the room names."""

from typing import Any

from django import forms

LONGEST = 20_000  # what a field takes at all; the room says what is too long


def worded(label: Any, rows: int = 0, *, needed: bool = False, **more: Any) -> forms.CharField:
    """One line, or ``rows`` of them; ``needed`` says so on the page, and the room refuses what
    is missing."""
    attrs = {"dir": "auto"} | ({"required": "required"} if needed else {})
    widget: Any = forms.Textarea({"rows": rows, **attrs}) if rows else forms.TextInput(attrs)
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, strip=False, widget=widget, **more
    )  # fmt: skip
