"""Forms of assessments; what may stand in a plan or a report is the room's business."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.progress.batteries import rules
from rapport.progress.batteries.kept import CannotPlan
from rapport.progress.measures.models import Asked
from rapport.progress.models import PlannedTest
from rapport.progress.norms.rules import MOST_EDUCATION, number_in

from .people import Day
from .words import worded


def _minutes() -> forms.IntegerField:
    return forms.IntegerField(label=_("Minutes planned"), required=False, min_value=1,
                              max_value=rules.MOST_MINUTES)  # fmt: skip


def _table(tables: Iterable[Any]) -> forms.ChoiceField:
    named = [(str(one.table_id), one.about["title"]) for one in tables]
    return forms.ChoiceField(label=_("Norm table"), required=False,
                             choices=[("", gettext("none")), *named])  # fmt: skip


class Planned(forms.Form):
    """A form whose fault the room names, at its field."""

    def refused(self, problem: CannotPlan) -> None:
        """Put the fault where it belongs."""
        self.add_error(problem.field if problem.field in self.fields else None, str(problem))


class Begin(Planned):
    """What is to be found out, and the battery to begin with."""

    question = worded(
        _("What is to be found out"), 4, needed=True,
        help_text=_("The question of whoever referred, and your own. Kept sealed."),
    )  # fmt: skip
    battery = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, batteries: Sequence[Any], **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["battery"]
        named = [(str(one.pk), one.name) for one in batteries]
        field.choices = [("", gettext("an empty plan")), *named]


class Reword(Planned):
    """The question in other words."""

    question = worded(_("What is to be found out"), 4, needed=True)


class Name(Planned):
    """What a battery is called."""

    name = worded(_("Name of the battery"), needed=True)


class Add(Planned):
    """A test of any kind."""

    kind = forms.ChoiceField(label=_("How it is given"), choices=PlannedTest.Kind.choices,
                             widget=forms.RadioSelect, initial="QUESTIONNAIRE")  # fmt: skip
    instrument = forms.ChoiceField(label=_("Questionnaire or interview"), required=False)
    title = worded(_("Title, of a test on paper or with another program"))
    scales = worded(
        _("Its scales"), 4,
        help_text=_("One a line. With a norm table they are the table's."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, instruments: Sequence[tuple[str, str]], tables: Iterable[Any],
        **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **given)
        named: Any = self.fields["instrument"]
        named.choices = [("", "–"), *instruments]
        self.fields["table"] = _table(tables)
        self.fields["minutes"] = _minutes()

    def about(self) -> dict[str, Any]:
        """What was typed, without the table."""
        given = self.cleaned_data
        kind = given["kind"]
        elsewhere = kind == PlannedTest.Kind.ELSEWHERE
        return {
            "kind": kind, "instrument": "" if elsewhere else given["instrument"],
            "title": given["title"] if elsewhere else "", "minutes": given["minutes"],
            "scales": rules.scales_in(given["scales"]) if elsewhere else [],
        }  # fmt: skip


class Ask(Planned):
    """Which way all of them reach the client."""

    way = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, portal: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        ways: Any = self.fields["way"]
        ways.choices = [one for one in Asked.Way.choices if portal or one[0] != Asked.Way.PORTAL]


class Settle(Planned):
    """Minutes, a note, and whether it is left out."""

    minutes = _minutes()
    note = worded(_("What you noticed"), 4, help_text=_("Kept sealed; it is in no report."))
    left_out = forms.BooleanField(label=_("It is left out"), required=False)


class Scores(Planned):
    """Raw scores: a field a scale, or lines where no scale is named."""

    done_on = forms.DateField(label=_("Tested on"), widget=Day)
    sex = forms.ChoiceField(
        label=_("Norms of"), widget=forms.RadioSelect, initial="any",
        choices=[("any", _("everybody")), ("female", _("female")), ("male", _("male"))],
    )  # fmt: skip
    education = forms.IntegerField(
        label=_("Years of education"), required=False, min_value=0, max_value=MOST_EDUCATION,
        help_text=_("At school and after it, counted as the table counts them. Without them no "
                    "line that asks for them is used."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, scales: Sequence[str], normed: bool, taught: bool, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.scales = scales
        for name, there in (("sex", normed), ("education", taught)):
            if not there:
                del self.fields[name]
        for n, name in enumerate(scales):
            self.fields[f"raw-{n}"] = forms.CharField(
                label=name, required=False, max_length=20,
                widget=forms.TextInput({"inputmode": "decimal", "dir": "ltr"}),
            )  # fmt: skip
        if not scales:
            self.fields["lines"] = worded(
                _("Raw scores"), 5, needed=True,
                help_text=_("One scale a line, as: Memory = 31"),
            )  # fmt: skip

    def raws(self) -> dict[str, float] | None:
        """Scores by scale; None where one cannot be read, which then stands at its field."""
        found: dict[str, float] = {}
        given = self.cleaned_data
        pairs = [(f"raw-{n}", name, given[f"raw-{n}"]) for n, name in enumerate(self.scales)]
        for line in given.get("lines", "").splitlines():
            name, _sign, value = line.rpartition("=")
            if line.strip():
                pairs.append(("lines", " ".join(name.split()), value or line))
        for field, name, text in pairs:
            if not text.strip():
                continue
            value = number_in(text)
            if value is None or not name:
                named = gettext("Write a number, such as 31 or 31.5.")
                bare = gettext("Write a scale, an equals sign and a number.")
                self.add_error(field, named if name else bare)
            elif name in found:
                twice = gettext("%(scale)s stands here twice. Leave one score.")
                self.add_error(field, twice % {"scale": name})
            else:
                found[name] = value
        return None if self.errors else found


class Report(Planned):
    """Which numbers are shown how, and every text."""

    how = forms.ChoiceField(
        label=_("Intervals"), widget=forms.RadioSelect,
        choices=[("observed", _("around the observed score")),
                 ("true", _("around the estimated true score"))],
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Confidence"), coerce=float, widget=forms.RadioSelect,
        choices=[(0.95, _("95 %")), (0.9, _("90 %"))],
    )  # fmt: skip
    pairs = forms.MultipleChoiceField(label=_("Differences to show"), required=False,
                                      widget=forms.CheckboxSelectMultiple)  # fmt: skip
    findings = worded(_("Findings"), 8)
    summary = worded(_("Summary, and the answer to the question"), 6)
    advice = worded(_("What is advised"), 4)
    plain_intro = worded(_("To the client: what was done and why"), 5)
    plain_advice = worded(_("To the client: what happens next"), 4)

    def __init__(
        self, *args: Any, pairs: Sequence[tuple[str, str]], lines: Mapping[str, str], **given: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **given)
        self.lines = lines
        of: Any = self.fields["pairs"]
        of.choices = pairs
        if not pairs:
            del self.fields["pairs"]
        for key, label in lines.items():
            self.fields[f"line_{key}"] = worded(
                gettext("To the client: %(scale)s") % {"scale": label}, 2,
                help_text=gettext("Empty: it is not in the client's copy."),
            )  # fmt: skip
        self.order_fields([*(n for n in self.fields if n != "plain_advice"), "plain_advice"])

    def said(self) -> dict[str, Any]:
        """What was typed, as the room keeps it."""
        given = self.cleaned_data
        return {
            "how": given["how"], "level": given["level"],
            "pairs": [one.split(":") for one in given.get("pairs", [])],
            "texts": {name: given[name] for name in ("findings", "summary", "advice")},
            "plain": {name: given[f"plain_{name}"] for name in ("intro", "advice")},
            "plain_lines": {key: given[f"line_{key}"] for key in self.lines},
        }  # fmt: skip
