"""Forms about a table of clients: the file, what its columns hold, where the clients come to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.people.clients.models import Client
from rapport.people.imports import words
from rapport.people.imports.models import Import

LARGEST = 16 * 1024 * 1024  # bytes; the door takes a body of 20 MB at most


class HandIn(forms.Form):
    """A file, and how it writes dates."""

    file = forms.FileField(
        label=_("Table"), allow_empty_file=True,
        help_text=_("A CSV file with the columns' names in its first row, at most 16 MB and "
                    "50,000 rows. Other programs save one by “Export” or “Save as”."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={"required": _("Choose a file of at most 16 MB.")},
    )  # fmt: skip
    order = forms.ChoiceField(label=_("How the table writes dates"), choices=Import.Order.choices)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 16 MB. Split it."))
        return file


class Columns(forms.Form):
    """What each column holds."""

    NOTHING = "-"

    def __init__(self, *args: Any, header: list[str], source: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.NOTHING, _("is not taken over")), *words.COLUMNS.items()]
        for place, title in enumerate(header):
            named = title or _("Column %(n)s") % {"n": place + 1}
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=named, choices=choices, initial=source.columns[place] or self.NOTHING
            )
        self.fields["order"] = forms.ChoiceField(
            label=_("How the table writes dates"), choices=Import.Order.choices,
            initial=source.order,
        )  # fmt: skip

    def chosen(self) -> list[str]:
        """The field in each column."""
        held = [self.cleaned_data[name] for name in self.fields if name.startswith("column")]
        return ["" if one == self.NOTHING else one for one in held]


class Begin(forms.Form):
    """Where everybody in the table comes to."""

    clinician = forms.ChoiceField(label=_("First clinician"))
    place: Any = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)
    status = forms.ChoiceField(label=_("Status"), choices=Client.Status.choices)

    def __init__(self, *args: Any, places: Any, clinicians: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["clinician"]
        who.choices = [(str(s.pk), s.display_name) for s in clinicians]
        where: Any = self.fields["place"]
        where.queryset = places
        where.label_from_instance = lambda place: place.name
        self.fields["status"].initial = Client.Status.ACTIVE
