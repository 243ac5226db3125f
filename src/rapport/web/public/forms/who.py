"""Who asks and how they can be answered: what every form of somebody without an account asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.meeting.requests.actions import LONGEST_WORDS
from rapport.web.among import Among
from rapport.web.booking import tokens

ONE_LINE = _("Write the name on one line.")


class Who(forms.Form):
    """A name, a safe way to answer, a few words at most, and consent to being contacted.

    ``website`` is for programs that fill in everything; ``stamp`` says when the form was shown.
    """

    name = forms.CharField(
        label=_("What shall we call you?"), max_length=300, strip=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone number"), max_length=60, required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    safe_to_message = forms.BooleanField(label=_("A message may be left there"), required=False)
    safe_to_text = forms.BooleanField(label=_("A text may be sent there"), required=False)
    mail = forms.EmailField(
        label=_("Mail address"), max_length=254, required=False,
        error_messages={"invalid": _("This is not a mail address.")},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip
    safe_to_write = forms.BooleanField(label=_("It is safe to write there"), required=False)
    words = forms.CharField(
        label=_("A few words, if you like"), max_length=LONGEST_WORDS, required=False,
        help_text=_("Kept sealed. You need not say why you come: there is time for that when "
                    "you meet."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    source = Among(
        label=_("How did you hear of us?"), required=False, nothing=("", _("not said")),
    )  # fmt: skip
    may_contact = forms.BooleanField(
        label=_("You may answer me in this way"),
        error_messages={"required": _("Without this nobody can answer you.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, sources: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["stamp"].initial = tokens.stamp
        self.among("source", sources)

    def among(self, name: str, rows: Any, words: str = "name") -> None:
        """Let one of ``rows`` be chosen; without any there is no such question."""
        field: Any = self.fields[name]
        if rows:
            field.offer(rows, words)
        else:
            del self.fields[name]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if any(sign in name for sign in "\r\n\v\f\x85\u2028\u2029"):
            raise forms.ValidationError(ONE_LINE)
        return name.strip()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _("Leave this field empty, so that we know you are a person.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("phone") and not given.get("mail") and "mail" not in self.errors:
            self.add_error("phone", _("Write a number or a mail address, so that somebody can "
                                      "answer."))  # fmt: skip
        age = tokens.age(given.get("stamp", ""))
        if age is None or age > tokens.OLD:
            self.add_error(None, _("This page stood open for long. Look at it once more and send "
                                   "it."))  # fmt: skip
            typed: Any = self.data
            self.data = again = typed.copy()
            again["stamp"] = tokens.stamp()
        elif age < tokens.QUICK:
            self.add_error(None, _("That was very quick. Look at it once more and send it."))
        return given

    def contacts(self) -> list[tuple[str, str, dict[str, bool]]]:
        """Ways to answer, with what is safe. Call only after is_valid()."""
        given = self.cleaned_data
        found = []
        if given["phone"]:
            safe = {name: given[name] for name in ("safe_to_message", "safe_to_text")}
            found.append(("PHONE", given["phone"], safe))
        if given["mail"]:
            found.append(("MAIL", given["mail"], {"safe_to_write": given["safe_to_write"]}))
        return found
