"""Forms in which a questionnaire is built; what may stand in it is the room's business."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.progress.own import rules, saying
from rapport.web import measures

from .people import languages
from .words import worded

KINDS = [
    ("choice", _("one of several answers")), ("number", _("a number from 0 to 10")),
    ("yes-no", _("yes or no")), ("text", _("a short text")), ("date", _("a day")),
]  # fmt: skip
SCORINGS = [("none", _("no score")), ("sum", _("the sum of what counts")),
            ("mean", _("the mean of what counts"))]  # fmt: skip


class Kept(forms.Form):
    """A form whose faults the room names, each at its field."""

    def refused(self, problem: saying.CannotKeep) -> None:
        """Put each fault where it belongs."""
        for name, words in problem.fields.items():
            self.add_error(name if name in self.fields else None, words)


class Begin(Kept):
    """The title of a new one."""

    title = worded(_("Title"), needed=True)


class Settings(Kept):
    """Title, introduction and scoring."""

    title = worded(_("Title"), needed=True, help_text=_("The client reads it, too."))
    about = worded(_("Instruction"), 3, help_text=_("It stands above every question."))
    note = worded(_("Below every question"), 2)
    language = forms.ChoiceField(label=_("Language of the questions"), choices=languages)
    scoring = forms.ChoiceField(label=_("Score"), choices=SCORINGS, widget=forms.RadioSelect)
    better = forms.ChoiceField(
        label=_("Which way is better"), widget=forms.RadioSelect,
        choices=[("lower", _("lower numbers")), ("higher", _("higher numbers"))],
    )  # fmt: skip
    missing = forms.IntegerField(
        label=_("How many questions may stay open"), min_value=0, max_value=rules.MOST_QUESTIONS,
        help_text=_("The score is then made of the others and marked as prorated."),
    )  # fmt: skip
    bands = worded(
        _("Bands"), 4,
        help_text=_("As the practice names them, one a line: 0-4 = few. Together they hold every "
                    "number there can be."),
    )  # fmt: skip

    @classmethod
    def of(cls, draft: Mapping[str, Any], data: Any = None) -> "Settings":
        """The form of a draft."""
        start = {name: draft[name] for name in cls.base_fields}
        return cls(data, initial=start | {"bands": rules.bands_written(draft["bands"])})

    def said(self) -> dict[str, Any] | None:
        """What was typed, or None where the bands cannot be read."""
        bands, wrong = rules.bands_read(self.cleaned_data["bands"])
        if wrong:
            self.add_error("bands", saying.said(wrong, rules.SHORT))
            return None
        return {**self.cleaned_data, "bands": bands}


class Question(Kept):
    """One question."""

    kind = forms.ChoiceField(label=_("It is answered with"), choices=KINDS,
                             widget=forms.RadioSelect, initial="choice")  # fmt: skip
    text = worded(_("Question"), 3, needed=True)
    answers = worded(
        _("Answers, where there are several"), 5,
        help_text=_("One a line, with what it counts: 0 = never. Without numbers they count from "
                    "0."),
    )  # fmt: skip
    low = worded(_("What 0 means, of a number"))
    high = worded(_("What 10 means, of a number"))
    section = worded(_("Heading that begins with this question"))
    counts = forms.BooleanField(label=_("It counts in the score"), required=False)
    turned = forms.BooleanField(
        label=_("It counts the other way round"), required=False,
        help_text=_("The highest answer counts the least."),
    )  # fmt: skip
    part = worded(
        _("Part of the score"),
        help_text=_("Questions of the same part also get a score of their own."),
    )
    asks = forms.ChoiceField(label=_("Ask it only if this question"), required=False)
    sign = forms.ChoiceField(label=_("is answered with"), required=False,
                             choices=[(">=", _("at least")), ("<=", _("at most"))])  # fmt: skip
    value = worded(_("this number"))
    alert = worded(
        _("Raise an alert from this answer on"),
        help_text=_("A number. Whoever treats the client is told at once, and the client is shown "
                    "whom to call. Empty: no alert."),
    )  # fmt: skip

    def __init__(self, *args: Any, before: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks: Any = self.fields["asks"]
        named = [(one["key"], f"{n}. {one['text'][:80]}") for n, one in enumerate(before, 1)
                 if one["kind"] not in rules.IN_WORDS]  # fmt: skip
        asks.choices = [("", gettext("always")), *named]

    @staticmethod
    def start(question: Mapping[str, Any]) -> dict[str, Any]:
        """What the form of a question shows first."""
        of, sign, value = question["ask_if"] or ("", ">=", "")
        alert = "" if question["alert"] is None else question["alert"]
        shown = dict(question) | {"asks": of, "sign": sign, "value": value, "alert": alert}
        return shown | {"answers": rules.answers_written(question["answers"])}

    def question(self) -> dict[str, Any] | None:
        """What was typed, or None where it cannot be read; then its fault stands at its field."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        answers: list[Any] = []
        if kind == "yes-no":
            answers = [[0, gettext("No")], [1, gettext("Yes")]]
        if kind == "choice":
            answers, wrong = rules.answers_read(given["answers"])
            if wrong:
                most = rules.MOST_ANSWERS if wrong == "many" else rules.SHORT
                self.add_error("answers", saying.said(wrong, most))
        alert, value = rules.number_in(given["alert"]), rules.number_in(given["value"])
        if given["alert"].strip() and alert is None:
            self.add_error("alert", saying.said("number"))
        if self.errors:
            return None
        return {
            **{name: given[name] for name in ("kind", "text", "low", "high", "section", "counts",
                                              "turned", "part")},
            "answers": answers, "alert": alert,
            "ask_if": [given["asks"], given["sign"] or ">=", value] if given["asks"] else None,
        }  # fmt: skip

    def refused(self, problem: saying.CannotKeep) -> None:
        """A condition that cannot be stands at its number."""
        fields = dict(problem.fields)
        if "ask_if" in fields:
            fields["value"] = fields.pop("ask_if")
        super().refused(saying.CannotKeep(fields))


class LicensedText(Kept):
    """Everything a shell needs to be asked: title, instruction, items, answers, the licence."""

    def __init__(self, *args: Any, item: Any, sets: Mapping[str, tuple[int, ...]],
                 corrects: bool, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.item, self.sets = item, sets
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages)
        self.fields["title"] = worded(_("Title, as the client reads it"), needed=True)
        self.fields["intro"] = worded(_("Instruction"), 3)
        for name, values in sets.items():
            self.fields[f"answers-{name}"] = worded(
                gettext("Answers that count %(values)s")
                % {"values": ", ".join(map(str, values))}, len(values),
                help_text=_("One a line, in this order."),
            )  # fmt: skip
        for one in item.content.items:
            for_all = item.content.is_adaptive and one.key in item.content.bank.risks
            self.fields[f"item-{one.key}"] = worded(
                gettext("Item %(n)s") % {"n": measures.numbered(one.key)}, 2, needed=for_all,
                help_text=_("Everybody is asked this one at the end. Any answer but the healthiest "
                            "raises an alert.") if for_all else "",
            )  # fmt: skip
            if not one.up_to and not item.content.is_adaptive:
                self.fields[f"own-{one.key}"] = worded(
                    gettext("Answers of item %(n)s, where they read otherwise")
                    % {"n": measures.numbered(one.key)},
                    2,
                )
        self.fields["held"] = forms.BooleanField(
            label=_("The practice holds a licence to use this text"), required=False
        )
        self.fields["reference"] = worded(
            _("Which licence, order number or permission"),
            help_text=_("Kept sealed, with your name and the day."),
        )  # fmt: skip
        if corrects:
            self.fields["same"] = forms.BooleanField(
                label=_("Only slips of the pen were put right"), required=False,
                help_text=_("Ticked: scores before and after are compared. Otherwise this is "
                            "another version, and its scores begin anew."),
            )  # fmt: skip

    @staticmethod
    def start(words: Mapping[str, Any], language: str) -> dict[str, Any]:
        """What the form shows of a version in one language."""
        shown = {"language": language, "title": words["title"], "intro": words["intro"]}
        shown |= {f"item-{key}": text for key, text in words["items"].items()}
        shown |= {f"answers-{name}": "\n".join(said) for name, said in words["answers"].items()}
        return shown | {f"own-{key}": "\n".join(said) for key, said in words["own"].items()}

    def said(self) -> dict[str, Any]:
        """The words that were typed."""
        given = self.cleaned_data
        own = {one.key: rules.lines_of(given.get(f"own-{one.key}", ""))
               for one in self.item.content.items}  # fmt: skip
        return {
            "title": given["title"].strip(), "intro": given["intro"].strip(),
            "items": {one.key: given[f"item-{one.key}"].strip() for one in self.item.content.items},
            "answers": {name: rules.lines_of(given[f"answers-{name}"]) for name in self.sets},
            "own": {key: lines for key, lines in own.items() if lines},
        }  # fmt: skip


class OwnItems(Kept):
    """What one client is asked in words of their own: a row an item, empty ones are left out."""

    def __init__(
        self, *args: Any, kind: str, standing: Sequence[Mapping[str, Any]], rows: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.rows = kind, rows
        levels = [_("much less than hoped for"), _("less than hoped for"), _("as hoped for"),
                  _("more than hoped for"), _("much more than hoped for")]  # fmt: skip
        for n in range(1, rows + 1):
            old = standing[n - 1] if n <= len(standing) else {}
            label = gettext("Goal %(n)s") if kind == "GOALS" else gettext("Item %(n)s")
            self.fields[f"text-{n}"] = worded(label % {"n": n}, 2, initial=old.get("text", ""))
            self.fields[f"key-{n}"] = forms.CharField(
                required=False, max_length=10, widget=forms.HiddenInput, initial=old.get("key", "")
            )
            if kind != "GOALS":
                continue
            said = old.get("levels", [""] * 5)
            for step, words in enumerate(levels):
                self.fields[f"level-{n}-{step}"] = worded(
                    gettext("Goal %(n)s, %(level)s") % {"n": n, "level": words},
                    initial=said[step],
                )  # fmt: skip
            self.fields[f"weight-{n}"] = worded(
                gettext("Weight of goal %(n)s") % {"n": n}, initial=str(old.get("weight", 1))
            )
        if kind != "GOALS":
            self.fields["scale"] = forms.ChoiceField(
                label=_("Answered from"), widget=forms.RadioSelect,
                choices=[("0-10", _("0 to 10")), ("1-7", _("1 to 7"))],
            )  # fmt: skip
            self.fields["better"] = forms.ChoiceField(
                label=_("Which way is better"), widget=forms.RadioSelect,
                choices=[("lower", _("lower numbers")), ("higher", _("higher numbers"))],
            )  # fmt: skip
            self.fields["low_words"] = worded(_("What the lowest number means"))
            self.fields["high_words"] = worded(_("What the highest number means"))

    def items(self) -> tuple[list[dict[str, Any]], list[int]]:
        """The items that were typed, and which row each stands in."""
        given = self.cleaned_data
        made: list[dict[str, Any]] = []
        places: list[int] = []
        for n in range(1, self.rows + 1):
            levels = [given.get(f"level-{n}-{step}", "").strip() for step in range(5)]
            if not (given[f"text-{n}"].strip() or any(levels)):
                continue
            one: dict[str, Any] = {"text": given[f"text-{n}"].strip(), "key": given[f"key-{n}"]}
            if self.kind == "GOALS":
                one |= {"levels": levels, "weight": rules.number_in(given[f"weight-{n}"])}
            made.append(one)
            places.append(n)
        return made, places

    def about(self) -> dict[str, str]:
        """The scale and its ends."""
        names = ("scale", "better", "low_words", "high_words")
        return {name: self.cleaned_data.get(name, "") for name in names}
