"""Meetings that were moved by hand are named before a change takes them along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.series.by_hand import Answer, MovedByHand


class ShowsMoved(forms.Form):
    """A form about a standing slot. ``moved`` are the meetings that it names, once it has to.

    The same button, pressed again, goes on with those that were named.
    """

    seen_moved = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    moved: tuple[Any, ...] = ()

    def answer(self) -> Answer:
        """What the room's action takes. Call only after is_valid()."""
        given = self.cleaned_data
        return Answer(given.get("seen_moved", ""), bool(given.get("keep_moved")))

    def name_moved(self, problem: CannotBook) -> None:
        """Show them, where it is these that stand against it."""
        if isinstance(problem, MovedByHand):
            self.moved = tuple(problem.moved)
            sent: Any = self.data
            self.data = sent = sent.copy()
            sent["seen_moved"] = problem.mark


class KeepsMoved(ShowsMoved):
    """One in which they may stay where they are. Asked once there are any."""

    keep_moved = forms.BooleanField(
        label=_("Keep these meetings where they are"), required=False,
        help_text=_("Those that were moved by hand. Not ticked, they go with the others."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("seen_moved"):
            del self.fields["keep_moved"]

    def refuse(self, problem: CannotBook) -> None:
        """What the room says against it, beside the field it is about."""
        self.name_moved(problem)
        if self.moved:
            self.fields["keep_moved"] = self.base_fields["keep_moved"]
        self.add_error(problem.field if problem.field in self.fields else None, str(problem))
