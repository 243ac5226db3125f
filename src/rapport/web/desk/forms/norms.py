"""The form by which a practice chooses how change is judged, and by which cut-off."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.progress.chosen import rules
from rapport.progress.measures import judging
from rapport.progress.measures.judging import Ends, Level, Method, Way
from rapport.web import judging as words

KINDS = ("change", "norm", "group")


class Choose(forms.Form):
    """Method, number, confidence, scores and cut-off, as far as the file offers several.

    What the method does not need is left as it is. A part that offers nothing is not asked.
    """

    method = forms.ChoiceField(label=gettext_lazy("Method"), widget=forms.RadioSelect)
    change = forms.ChoiceField(
        label=gettext_lazy("Published number"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Counts with the method that goes by a published number."),
    )  # fmt: skip
    norm = forms.ChoiceField(
        label=gettext_lazy("Sample"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Counts with every method that reckons."),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=gettext_lazy("Group that answered twice"), widget=forms.RadioSelect,
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("How sure"), widget=forms.RadioSelect,
        choices=[("95", "95 %"), ("90", "90 %")],
        help_text=gettext_lazy("With 90 percent, smaller changes count: of people who did not "
                               "change 1 in 10 is called changed, not 1 in 20. A published number "
                               "has a level of its own."),
    )  # fmt: skip
    ends = forms.ChoiceField(
        label=gettext_lazy("Scores compared"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Means ask for four comparable scores; with fewer the first and "
                               "the last count. One bad day tips them less."),
    )  # fmt: skip
    cutoff = forms.ChoiceField(
        label=gettext_lazy("Cut-off"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Who crosses it by a reliable change counts as recovered."),
    )  # fmt: skip

    def __init__(self, *args: Any, about: Any, **given: Any) -> None:
        """
        Args:
            about: the questionnaire as its file has it, with groups the practice entered.
        """
        super().__init__(*args, **given)
        options = rules.options(about)
        methods = [one for one in judging.METHODS if judging.numbers(about, one)]
        offered: list[tuple[str, str]] = [(one, _method(one)) for one in methods]
        if methods and judging.in_use(about) is None:  # nothing but groups the practice entered
            offered.append(("", str(words.NONE)))
            self.fields["method"].required = False
        self._offer("method", offered, least=1)
        for kind in KINDS:
            of_kind = [(code, _said(one)) for code, one in options.items()
                       if rules.kind_of(one) == kind]  # fmt: skip
            self._offer(kind, of_kind, least=1)
        if not (options.keys() - {code for code in options if code.startswith("change:")}):
            del self.fields["level"]
        self._offer("ends", [("1", words.of_scores(1)), ("2", words.of_scores(2))] if methods
                    else [], least=1)  # fmt: skip
        cutoffs = rules.cutoffs(about)
        self._offer("cutoff", [(name, words.cutoff_said(some)) for name, some in cutoffs.items()],
                    least=2)  # fmt: skip

    def _offer(self, name: str, offered: Iterable[tuple[str, str]], *, least: int) -> None:
        choices = list(offered)
        if len(choices) < least:
            del self.fields[name]
        else:
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def what(self) -> str:
        """The code of the number that decides. Call only after is_valid()."""
        given, method = self.cleaned_data, self.cleaned_data.get("method", "")
        if not method:
            return ""
        if method == "published":
            return str(given.get("change", ""))
        return str(given.get("norm" if method in NORMS else "group", ""))

    def way(self) -> Way:
        """The rest of it. Call only after is_valid()."""
        given = self.cleaned_data
        return Way(
            cast(Method, given.get("method", "")), cast(Level, int(given.get("level") or 95)),
            cast(Ends, int(given.get("ends") or 1)), given.get("cutoff", ""),
        )  # fmt: skip


NORMS = ("jacobson-truax", "edwards-nunnally", "gulliksen-lord-novick")


def standing(about: Any, chosen: rules.Chosen) -> dict[str, str]:
    """What the form begins with: what is in use, and of what it does not need the first."""
    options = rules.options(about)
    first: dict[str, str] = {}
    for code, one in options.items():
        first.setdefault(rules.kind_of(one), code)
    if chosen.what in options:
        first[rules.kind_of(options[chosen.what])] = chosen.what
    names = rules.cutoffs(about)
    cutoff = chosen.way.cutoff if chosen.way.cutoff in names else next(iter(names), "")
    return {
        **first, "method": rules.method_of(about, chosen) or "", "cutoff": cutoff,
        "level": str(chosen.way.level), "ends": str(chosen.way.ends),
    }  # fmt: skip


def place_of(form: Choose, part: str) -> str | None:
    """Which field a refusal concerns."""
    if part == "what":
        method = form.cleaned_data.get("method", "")
        part = "change" if method == "published" else "norm" if method in NORMS else "group"
    return part if part in form.fields else None


def _method(one: Method) -> str:
    told = filter(None, (str(words.EXPLAINED[one]), words.SOURCES[one]))
    return f"{words.NAMES[one]}: {' · '.join(told)}"


def _said(one: Any) -> str:
    """With what else its source makes one know."""
    known = _("commonly known, to be confirmed at the source") if one.evidence == "known" else ""
    return " · ".join(filter(None, (words.said(one), one.note, known)))
