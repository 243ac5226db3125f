"""The form of a client who answers what is asked each day; it checks shape only."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.progress.daily import rules
from rapport.progress.models import DailyQuestion
from rapport.progress.own.saying import CannotKeep
from rapport.web.times import TimeOfDay

NUMBER = {"inputmode": "numeric"}


class Reminder(forms.Form):
    """At what time of day one is reminded."""

    at = TimeOfDay(label=gettext_lazy("At what time"))


class Today(forms.Form):
    """One day, or one time of it, with every question; each may be left open."""

    on = forms.DateField(widget=forms.HiddenInput)
    slot = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=rules.MOST_TIMES - 1)
    sent = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Sequence[DailyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {str(one.pk): one for one in questions}
        for key, one in self.asked.items():
            self.fields[key] = _field(one)

    @classmethod
    def of(
        cls, questions: Sequence[DailyQuestion], *, on: date, slot: int, answers: dict[str, int]
    ) -> "Today":  # fmt: skip
        """The form as it is opened, with what stands."""
        start = {"on": on.isoformat(), "slot": slot, "sent": uuid.uuid4(), **answers}
        return cls(questions=questions, initial=start)

    @property
    def shown(self) -> list[tuple[DailyQuestion, Any]]:
        """Each question with its field."""
        return [(one, self[key]) for key, one in self.asked.items()]

    def answers(self, *, none: bool) -> dict[str, int]:
        """What was answered, by question; nothing where it is "not today"."""
        given = self.cleaned_data
        return {} if none else {key: int(given[key]) for key in self.asked
                                if given[key] not in (None, "")}  # fmt: skip

    def sends(self, on: date, slot: int) -> None:
        """What is sent next is for the day and the time that the page shows."""
        given = {name: self.data[name] for name in self.data}  # of each the last, as fields read it
        self.data = given | {"on": on.isoformat(), "slot": str(slot)}

    def refused(self, problem: CannotKeep) -> None:
        """Put each fault where it belongs."""
        for name, words in problem.fields.items():
            self.add_error(name if name in self.asked else None, words)


def _field(question: DailyQuestion) -> forms.Field:
    title = question.words["title"]
    highest = rules.HIGHEST[question.kind]
    if question.kind == DailyQuestion.Kind.COUNT:
        return forms.IntegerField(
            label=title, required=False, min_value=0, max_value=highest,
            widget=forms.NumberInput(NUMBER),
            error_messages={"invalid": gettext_lazy("Use a whole number.")},
        )  # fmt: skip
    named = [(str(n), str(n)) for n in range(highest + 1)]
    if question.kind == DailyQuestion.Kind.YES_NO:
        named = [("1", _("Yes")), ("0", _("No"))]
    return forms.ChoiceField(
        label=title, required=False, choices=[*named, ("", _("leave open"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
