"""Forms about what is asked when; what can be asked is the room's business."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.contact.questions import rules as again
from rapport.progress.measures import rules as measures
from rapport.progress.models import Occasion, PlanLine
from rapport.progress.packs import queries as packs
from rapport.progress.schedules import actions, conditions, rules
from rapport.web import measures as named
from rapport.web import schedules as said


def all_forms(client: Any = None) -> list[tuple[str, str]]:
    """Every questionnaire that can be asked, by what clinicians call it; ``client``'s own too."""
    every = packs.askable(client).values()
    return [(one.id, _named(one)) for one in every if not one.content.spoken]


def _named(one: Any) -> str:
    title = named.words(one).title
    if one.content.validated:
        return f"{one.content.short}: {title}"
    return gettext("%(title)s (not validated)") % {"title": title}


def languages(tongues: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """In which language it is asked: one of ``tongues``, or by the client."""
    own = gettext("the client's, else the practice's")
    return [("", own), *tongues]


def _sessions() -> list[tuple[int, str]]:
    return [(n, said.sessions(n)) for n in rules.SESSIONS]


def _weeks() -> list[tuple[int, str]]:
    return [(n, said.weeks(n)) for n in rules.WEEKS_AFTER]


def _days() -> list[tuple[int, str]]:
    return [(n, said.every(n)) for n in measures.EVERY_DAYS]


def sessions_field() -> Any:
    """After how many sessions a review is asked."""
    return forms.TypedChoiceField(
        label=_("How often, when asked after a number of sessions"), coerce=int, required=False,
        empty_value=None, choices=_sessions, initial=10,
    )  # fmt: skip


def weeks_field() -> Any:
    """How long after care has ended; several are asked one after the other."""
    return forms.TypedMultipleChoiceField(
        label=_("How long after care, when asked after it has ended"), coerce=int, required=False,
        choices=_weeks, widget=forms.CheckboxSelectMultiple,
        help_text=_("Asked only of whoever has agreed to questions after care has ended: note "
                    "that consent on the client's page."),
    )  # fmt: skip


class PlanForm(forms.Form):
    """What everybody is asked on an occasion."""

    instruments = forms.MultipleChoiceField(
        label=_("Questionnaires"), choices=all_forms, widget=forms.CheckboxSelectMultiple
    )
    whom = forms.ChoiceField(
        label=_("Who answers"), required=False, widget=forms.RadioSelect,
        choices=[("", _("the client")), *PlanLine.Whom.choices],
        help_text=_("Others are asked about clients who agreed to that: people noted around a "
                    "client who may know of the care. They get a link, by mail where that is "
                    "safe; otherwise it waits for you to hand on."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("In which language"), required=False, initial="",
        error_messages={"invalid_choice": _("Choose one from the list.")},
        help_text=_("A client's own languages stand on their page. One language for everybody can "
                    "be chosen where every one of these questionnaires has words in it."),
    )  # fmt: skip
    occasion = forms.ChoiceField(
        label=_("When"), initial=Occasion.INTAKE, widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in actions.PLANNED],
    )  # fmt: skip
    hours_before = forms.TypedChoiceField(
        label=_("How early, when asked before each session"), coerce=int, required=False,
        empty_value=None, initial=measures.HOURS_BEFORE[0],
        choices=[(24, _("a day before")), (48, _("two days before")), (72, _("three days before"))],
    )  # fmt: skip
    every_days = forms.TypedChoiceField(
        label=_("How often, when asked at regular intervals"), coerce=int, required=False,
        empty_value=None, choices=_days, initial=measures.EVERY_DAYS[0],
    )  # fmt: skip
    sessions = sessions_field()
    weeks = weeks_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = languages(named.tongues(packs.askable().values()))


class RecheckForm(forms.Form):
    """What a result of one questionnaire calls for."""

    condition = forms.ChoiceField(label=_("When the result is"))
    then = forms.ChoiceField(label=_("ask"), choices=all_forms)
    after_days = forms.TypedChoiceField(
        label=_("When"), coerce=int, initial=0,
        choices=[(0, _("at once")), (1, _("a day later")), (3, _("three days later")),
                 (7, _("a week later")), (14, _("two weeks later"))],
        help_text=_("At most once a week for each client, whatever the results are."),
    )  # fmt: skip

    def __init__(self, *args: Any, item: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = conditions.offered(item.content)
        whole = [one for one in offered if not one.startswith("item:")]
        single = [one for one in offered if one.startswith("item:")]
        named = [(one, said.condition(item.id, one)) for one in whole]
        chosen: Any = self.fields["condition"]
        chosen.choices = [
            (_("The whole result"), named),
            (_("A single answer"), [(one, said.condition(item.id, one)) for one in single]),
        ]


class AgainForm(forms.Form):
    """How often clients are told again of what waits."""

    most = forms.TypedChoiceField(
        label=_("How often"), coerce=int,
        choices=[(0, _("never")), (1, _("once")), (2, _("twice")), (3, _("three times"))],
        help_text=_("By discreet mail to an address that is safe, never in quiet hours, and no "
                    "more once it was answered or withdrawn. Whoever wants no reminders of "
                    "meetings gets none of these either."),
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("How many days apart"), coerce=int, choices=[(n, str(n)) for n in again.DAYS]
    )
