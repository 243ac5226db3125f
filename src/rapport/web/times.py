"""A time of day as forms take it: whole minutes, whoever asks."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Clock(forms.TimeInput):
    """A time as the browser's own field takes it, in steps of five minutes."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": 300})


class TimeOfDay(forms.TimeField):
    """A time on a wall's clock, which shows no seconds: what has some is refused."""

    widget = Clock
    default_error_messages = {  # noqa: RUF012  as Django has it
        "seconds": _("Times are whole minutes. Leave the seconds out."),
    }

    def to_python(self, value: Any) -> time | None:
        """The time; none where the field is empty."""
        found: time | None = super().to_python(value)
        if found is not None and (found.second or found.microsecond):
            raise ValidationError(self.error_messages["seconds"], code="seconds")
        return found
