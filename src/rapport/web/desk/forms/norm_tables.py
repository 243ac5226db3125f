"""The form in which a norm table is handed in; what may stand in it is the room's business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.norms import rules
from rapport.progress.norms.actions import CannotLoad
from rapport.progress.own.rules import bands_written

from .words import worded


class Load(forms.Form):
    """A file, and what is to be said of the table."""

    title = worded(_("Title"), needed=True, help_text=_("It stands wherever a result does."))
    source = worded(
        _("Source"), 2, needed=True, help_text=_("The manual or article, and its page.")
    )
    population = worded(_("Whom it is about"), 2, needed=True,
                       help_text=_("Who was tested, where, and how many."))  # fmt: skip
    year = worded(_("Year of publication"), needed=True)
    licence = worded(
        _("By what right it is used here"), 2, needed=True,
        help_text=_("A licence, an order number, or that it is free to use."),
    )  # fmt: skip
    better = forms.ChoiceField(
        label=_("Which way is better"), widget=forms.RadioSelect,
        choices=[("higher", _("higher scores")), ("lower", _("lower scores")),
                 ("neither", _("neither, or it differs from scale to scale"))],
    )  # fmt: skip
    words = worded(
        _("Ranges in your words"), 4,
        help_text=_("By whole T scores, one range a line, the lowest first: 0-39 = low. Without "
                    "them reports show numbers alone."),
    )  # fmt: skip
    words_source = worded(_("Source of these words"), 2)
    file = forms.FileField(
        label=_("Table"), allow_empty_file=True,
        help_text=_("A CSV file of at most 1 MB with the columns described below."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip

    apart = forms.FileField(
        label=_("How often scales lie apart"), required=False, allow_empty_file=True,
        help_text=_("Another CSV file, if the source says how many of the norm sample have two "
                    "scales how far apart."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )  # fmt: skip

    def about(self) -> dict[str, str]:
        """What is said of the table."""
        given = self.cleaned_data.items()
        return {name: value for name, value in given if name not in ("file", "apart")}

    def raw(self, name: str = "file") -> bytes | None:
        """A file, one byte more than it may have at most; None where none was chosen."""
        chosen = self.cleaned_data[name]
        return chosen.read(rules.MOST_BYTES + 1) if chosen is not None else None

    def refused(self, problem: CannotLoad) -> None:
        """Put each fault at its field."""
        for name, texts in problem.fields.items():
            for text in texts:
                self.add_error(name, text)

    @staticmethod
    def start(about: dict[str, Any]) -> dict[str, Any]:
        """What the form of a new version shows first."""
        return {**about, "words": bands_written(about["words"])}
