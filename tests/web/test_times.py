"""A time of day in a form: whole minutes and nothing else."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from rapport.web.times import TimeOfDay


@pytest.mark.parametrize("text", ["10:30", "10:30:00", "10:30:00.000000"])
def test_whole_minutes_are_taken(text):
    assert TimeOfDay().clean(text) == time(10, 30)


@pytest.mark.parametrize("text", ["10:30:01", "10:30:59", "10:30:00.5"])
def test_seconds_are_refused_in_words(text):
    with pytest.raises(ValidationError, match="whole minutes"):
        TimeOfDay().clean(text)


def test_nothing_is_no_time():
    assert TimeOfDay(required=False).clean("") is None
