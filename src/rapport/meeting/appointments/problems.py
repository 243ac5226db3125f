"""What the calendar says when something cannot be, in the words of whoever typed it."""

from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext_lazy

from . import rules

SAID = {
    "length": gettext_lazy("A meeting takes %(shortest)s to %(longest)s minutes."),
    "over": gettext_lazy("That time is over. Say that the meeting took place, to enter it now."),
    "long_ago": gettext_lazy("A meeting can be entered up to %(days)s days afterwards."),
    "left_out": gettext_lazy(
        "Clocks go forward that night: %(at)s does not exist, and %(then)s is the next "
        "time there is."
    ),
    "twice": gettext_lazy("Clocks go back that night: %(at)s comes twice. Choose which one."),
    "address": gettext_lazy("Use a whole address that begins with https://"),
    "address_long": gettext_lazy("Use at most %(longest)s characters."),
    "between": gettext_lazy("Use %(least)s to %(most)s."),
    "lunch_half": gettext_lazy("Write both times, or neither."),
    "lunch_order": gettext_lazy("Choose an end after the beginning."),
    "lunch_outside": gettext_lazy("That lies outside your hours on every day of the week."),
    "step": gettext_lazy("Choose one of the list."),
}


class CannotBook(Exception):
    """It cannot be so. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def fit(problem: rules.Unfit) -> CannotBook:
    """The problem as the person who typed it reads it."""
    given = {
        name: time_format(value, "TIME_FORMAT") if isinstance(value, time) else value
        for name, value in problem.given.items()
    }
    return CannotBook(problem.field, str(SAID[problem.code]) % given)
