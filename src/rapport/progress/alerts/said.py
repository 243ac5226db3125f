"""What an alert is about, in words: the question, and the answer that called for a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.core.library import NotInLibrary

from ..informants import queries as informants
from ..informants.models import Informant
from ..measures import instruments
from ..measures.models import Asked, Sheet
from .models import Alert

ABOUT: dict[str, Promise] = {
    "self-harm": _("An answer about self-harm"),
    "harm-to-others": _("An answer about harm to others"),
}
"""What the rules of the shipped instruments are called, by their code."""

NEXT: dict[str, Promise] = {
    "self-harm": _("Speak with the client today, and ask directly about thoughts, plans and means. "
                   "Where you reach nobody, ask whoever may know, or the numbers below."),
    "harm-to-others": _("Speak with the client today: who may be in danger, how near it is, and "
                        "what stands in reach. If somebody is in danger, call for help, and look "
                        "at what your land's law says on warning that person."),
}  # fmt: skip
"""What to do next, by the same code. A person decides; nothing is done by itself."""


@dataclass(frozen=True)
class Said:
    """A question of a form and the answer to it, in the language they were read in."""

    question: str
    answer: str
    language: str


def about(alert: Alert) -> str:
    """What the alert is about, as a heading says it."""
    return str(ABOUT.get(alert.rule) or _("An answer that needs a look"))


def next_step(alert: Alert) -> str:
    """What the clinician does next, in a sentence or two."""
    usual = _("Read the answer, and speak with the client about it.")
    return str(NEXT.get(alert.rule, usual))


def form(alert: Alert) -> str:
    """The short name of the questionnaire."""
    try:
        return instruments.find(alert.instrument).content.short
    except NotInLibrary:
        return alert.instrument


def informant(alert: Alert) -> Informant | None:
    """Who gave the answer, where it was not the client; the name can be read."""
    form: Asked | Sheet | None = alert.sheet or alert.asked
    if form is None or form.informant is None:
        return None
    return informants.named(form.informant, alert.client)


def said(alert: Alert) -> list[Said]:
    """The questions whose answers raised the alert, each with its answer.

    Empty where the library has the form no more, or in another version than was answered.
    """
    if alert.kept_at is not None:
        return _read(alert, alert.asked, alert.draft)
    return _of_sheet(alert, alert.sheet)


def handed_in(alert: Alert) -> Sheet | None:
    """The sheet that was handed in after the alert was raised on what was left."""
    if alert.kept_at is None or alert.asked is None:
        return None
    sheet: Sheet | None = alert.sheet or getattr(alert.asked, "sheet", None)
    return sheet


def said_later(alert: Alert) -> list[Said]:
    """The same questions with the answers that were handed in after the alert was raised."""
    return _of_sheet(alert, handed_in(alert))


def _of_sheet(alert: Alert, sheet: Sheet | None) -> list[Said]:
    if sheet is None:
        return []
    sheet.client = alert.client  # its key is loaded already
    return _read(alert, sheet, sheet.answers)


def _read(alert: Alert, form: Asked | Sheet | None, answers: Mapping[str, Any]) -> list[Said]:
    """What ``answers`` say to the alert's questions, in the words of ``form``."""
    try:
        item = instruments.find(alert.instrument, form.version if form is not None else None)
    except NotInLibrary:
        return []
    if form is None or item.content.version != form.version:
        return []
    language = form.language if form.language in item.words else "en"
    words, keys = item.words[language], {one.key: one for one in item.content.items}
    wanted = [risk.rule.item for risk in item.content.risks if risk.raise_ == alert.rule]
    counts = item.content.has_total
    return [
        Said(words.items[key], _label(words, keys[key].labels, answers.get(key), counts), language)
        for key in wanted
        if key in answers
    ]


def _label(words: Any, labels: str, answer: Any, counts: bool) -> str:
    """An answer in words, with its number where numbers are added up."""
    if answer is None:
        return gettext("left open")
    found: str = words.labels[labels].get(str(answer), "")
    return found if found and not counts else f"{answer} · {found}" if found else str(answer)
