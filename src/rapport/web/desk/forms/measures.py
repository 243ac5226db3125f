"""Forms for asking and entering measures; what may stand on a sheet is the room's business."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.progress.informants.actions import LONGEST, ROLES
from rapport.progress.measures import instruments, rules, written
from rapport.progress.models import Asked, Occasion, Sheet
from rapport.web import informants, measures
from rapport.web.answer_form import asked_as

from .people import Day
from .schedules import all_forms, languages, sessions_field, weeks_field

NOT_ANSWERED = ("", _("not answered"))
TWICE = "twice"
LONG_AGO = timedelta(days=183)  # a day before that is asked about once: a year may be mistyped


def who_field() -> Any:
    """Who answers: the client, somebody around them, or a role."""
    return forms.ChoiceField(
        label=_("Who answers?"), widget=forms.RadioSelect, required=False, initial="",
        error_messages={"invalid_choice": _("Choose one from the list.")},
        help_text=_("What others answer is a series of its own and is never mixed with the "
                    "client's. Others are asked only where a consent to it is on file."),
    )  # fmt: skip


def calls_field() -> Any:
    """What the informant calls the client; usually nothing."""
    return forms.CharField(
        label=_("What that person calls the client"), required=False, max_length=LONGEST,
        help_text=_("When somebody else answers, the page says that the questions are about this "
                    "name. Left empty, it says nothing that gives the client away; tell them "
                    "beforehand whom they are asked about."),
    )  # fmt: skip


def answering(people: Any) -> list[tuple[str, str]]:
    """Who can answer: the client first, then those around them, then whom a role alone names."""
    return [
        ("", gettext("the client")),
        *((str(one.pk), informants.named(one)) for one in people),
        *((str(role), str(informants.ROLES[role])) for role in ROLES),
    ]


def language_field(label: Any) -> Any:
    """In which words."""
    return forms.ChoiceField(
        label=label, required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )  # fmt: skip


def offer(form: forms.Form, tongues: list[tuple[str, str]], before: str) -> None:
    """Let a form's language be chosen, where there is more than one.

    Args:
        tongues: languages there are words in. before: what was answered in which, in words.
    """
    spoken: Any = form.fields["language"]
    spoken.choices = languages(tongues)
    spoken.help_text = before
    if len(tongues) < 2:
        del form.fields["language"]


class BeginForm(forms.Form):
    """In which words an interview is begun."""

    language = language_field(_("In which language"))

    def __init__(
        self, *args: Any, tongues: list[tuple[str, str]], before: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, tongues, before)


class AskForm(forms.Form):
    """Which questionnaires, when, and which way."""

    NOW, EACH, DAYS = "NOW", "EACH", "DAYS"

    instruments = forms.MultipleChoiceField(
        label=_("Questionnaires"), widget=forms.CheckboxSelectMultiple
    )
    who = who_field()
    calls = calls_field()
    language = language_field(_("In which language"))
    when = forms.ChoiceField(
        label=_("When"), initial=NOW, widget=forms.RadioSelect,
        choices=[(NOW, _("once, now")), (EACH, _("before each session, until you end it")),
                 (DAYS, _("at regular intervals, until you end it")),
                 (Occasion.INTAKE.value, _("once, when care begins")),
                 (Occasion.MONTH.value, _("every month, until you end it")),
                 (Occasion.REVIEW.value, _("for a review, after a number of sessions")),
                 (Occasion.DATE.value, _("once, on a day to come")),
                 (Occasion.DISCHARGE.value, _("once, when care ends")),
                 (Occasion.FOLLOW_UP.value, _("after care has ended"))],
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("How, when asked now"), initial=Asked.Way.LINK, widget=forms.RadioSelect,
        choices=Asked.Way.choices, required=False,
        help_text=_("A link opens these questions alone and needs no sign-in. At the desk, open "
                    "the link on a device that is not signed in here."),
    )  # fmt: skip
    hours_before = forms.TypedChoiceField(
        label=_("How early, when asked before each session"), coerce=int, required=False,
        empty_value=None, initial=rules.HOURS_BEFORE[0],
        choices=[(24, _("a day before")), (48, _("two days before")), (72, _("three days before"))],
        help_text=_("It can be answered until the session ends. In the portal for whoever uses "
                    "it, else by link. Nothing is asked for a session that is cancelled."),
    )  # fmt: skip
    every_days = forms.TypedChoiceField(
        label=_("How often, when asked at regular intervals"), coerce=int, required=False,
        empty_value=None, initial=rules.EVERY_DAYS[0],
        choices=[(7, _("every week")), (14, _("every two weeks")), (28, _("every four weeks"))],
        help_text=_("The first time at once, whether you meet or not. Each time it can be "
                    "answered for a week; what still waits is not asked twice."),
    )  # fmt: skip
    sessions = sessions_field()
    on = forms.DateField(
        label=_("Which day, when asked on a day to come"), widget=Day, required=False
    )
    weeks = weeks_field()
    hand_over = forms.BooleanField(
        label=_("Show the link here instead of mailing it"), required=False
    )

    def __init__(
        self, *args: Any, client: Any, portal: bool, mails: bool, people: Any,
        tongues: list[tuple[str, str]], before: str, **kwargs: Any,
    ) -> None:  # fmt: skip
        """
        Args:
            tongues, before: as ``offer`` takes them.
        """
        super().__init__(*args, **kwargs)
        offer(self, tongues, before)
        whom: Any = self.fields["who"]
        whom.choices = answering(people)
        every: Any = self.fields["instruments"]
        every.choices = all_forms(client)
        ways: Any = self.fields["way"]
        ways.choices = [pair for pair in Asked.Way.choices if portal or pair[0] != Asked.Way.PORTAL]
        if not mails:
            del self.fields["hand_over"]


class EnterForm(forms.Form):
    """A whole questionnaire on one page. ``corrected`` leaves out what a correction keeps."""

    source = forms.ChoiceField(
        label=_("Where the answers come from"), widget=forms.RadioSelect,
        choices=[(Sheet.Source.PAPER, Sheet.Source.PAPER.label),
                 (Sheet.Source.INTERVIEW, Sheet.Source.INTERVIEW.label),
                 (Sheet.Source.CLINICIAN, _("your own rating: nobody is asked"))],
        initial=Sheet.Source.PAPER,
    )  # fmt: skip
    who = who_field()
    language = language_field(_("Language of what was answered"))
    answered_on = forms.DateField(label=_("Answered on"), widget=Day)
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, item: Any, corrected: bool = False, people: Any = (), before: str = "",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """
        Args:
            before: in which language it was answered last, in words.
        """
        super().__init__(*args, **kwargs)
        spoken: Any = self.fields["language"]
        spoken.choices, spoken.help_text = measures.tongues([item]), before
        if corrected or len(item.words) < 2:
            del self.fields["language"]
        whom: Any = self.fields["who"]
        whom.choices = answering(people)
        if corrected:
            del self.fields["source"], self.fields["who"], self.fields["answered_on"]
        elif not instruments.open_to(item.id, None):  # in the client's own words
            del self.fields["who"]
        self.item, said = item, measures.words(item)
        for one in item.content.items:
            if kind := item.content.written.get(one.key):
                self.fields[f"item-{one.key}"] = _in_words(kind, said.items[one.key])
                continue
            labels = said.labels.get(one.labels, {})
            choices = [(str(v), labels.get(str(v), str(v))) for v in item.content.values_of(one)]
            away = [("n/a", gettext("does not apply"))] if one.may_not_apply else []
            self.fields[f"item-{one.key}"] = _radios(
                f"{one.key}. {said.items[one.key]}", [*choices, *away, NOT_ANSWERED]
            )
        for name, values in rules.facts_needed(item.content.key).items():
            text, known = asked_as(item.id, name)
            choices = [(value, str(known.get(value, value))) for value in values]
            self.fields[f"fact-{name}"] = _radios(str(text), [*choices, ("", gettext("not known"))])

    def clean_answered_on(self) -> date:
        """A day long ago, once it was sent a second time."""
        day: date = self.cleaned_data["answered_on"]
        if day < clock.today() - LONG_AGO and self._doubted(day.isoformat()):
            raise forms.ValidationError(
                gettext("That is more than half a year ago, and later scores are compared with "
                        "it. Look at the year; if it is right, save once more.")
            )  # fmt: skip
        return day

    def saved_once_more(self) -> bool:
        """Whether these are to stand although the same stand already: they were sent again."""
        return not self._doubted(TWICE)

    def _doubted(self, what: str) -> bool:
        """Whether ``what`` is asked about now; once it was, sending all of it again says yes."""
        known = self.data.get("sure", "").split()
        if what in known:
            return False
        sent: Any = self.data
        self.data = sent.copy() | {"sure": " ".join([*known, what])}
        return True

    def answers(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was typed for each item, and what is wrong with it."""
        sent: Any = self.data
        typed = {n[5:]: sent.getlist(n) for n in sent if n.startswith("item-")}
        kinds = self.item.content.written
        said = {key: typed.pop(key)[-1].strip() or None for key in kinds if typed.get(key)}
        answers, wrong = rules.read(self.item.content.key, typed)
        return {**answers, **said}, {**wrong, **written.wrong_in(kinds, said)}

    def open(self, answers: dict[str, Any]) -> list[str]:
        """Numbers of the questions that are for them and have no answer, in the form's order."""
        key = self.item.content.key
        shut = rules.shut(key, self.facts())
        wait = {one for one in rules.unanswered(key, answers) if one not in shut}
        wait |= {one for one in self.item.content.written if not answers.get(one)}
        keys = (one.key for one in self.item.content.items if one.key in wait)
        return list(dict.fromkeys(map(measures.question, keys)))

    def about(self) -> dict[str, Any]:
        """Where the answers come from, of which day they are, and in which language."""
        language = self.cleaned_data.get("language", "")
        return {"source": self.cleaned_data["source"], "language": language,
                "answered_on": self.cleaned_data["answered_on"]}  # fmt: skip

    def facts(self) -> dict[str, str]:
        """What was said about the person."""
        sent: Any = self.data
        return {n[5:]: sent.get(n) for n in sent if n.startswith("fact-") and sent.get(n)}


def _in_words(kind: str, label: str) -> Any:
    widget = Day() if kind == "date" else forms.Textarea({"rows": 3, "dir": "auto"})
    return forms.CharField(label=label, required=False, widget=widget)


class DecideForm(forms.Form):
    """What differs between two keyings: which one is right, for each."""

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text, first, second in rows:
            self.fields[name] = _radios(text, [("first", first), ("second", second)])


def _radios(label: str, choices: Any) -> Any:
    """Radio buttons whose answer is checked by the room, so that every fault gets its words."""
    return forms.CharField(
        label=label, required=False, initial="",
        widget=forms.RadioSelect(choices=choices, attrs={"required": True}),
    )  # fmt: skip
