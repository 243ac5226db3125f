"""What an alert is about, in words: the question, and the answer that called for a look."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.core.library import NotInLibrary

from ..measures import instruments
from .models import Alert

ABOUT: dict[str, Promise] = {"self-harm": _("An answer about self-harm")}
"""What the rules of the shipped instruments are called, by their code."""


@dataclass(frozen=True)
class Said:
    """A question of a form and the answer to it, in the language they were read in."""

    question: str
    answer: str
    language: str


def about(alert: Alert) -> str:
    """What the alert is about, as a heading says it."""
    return str(ABOUT.get(alert.rule) or _("An answer that needs a look"))


def form(alert: Alert) -> str:
    """The short name of the questionnaire."""
    try:
        return instruments.get(alert.instrument).content.short
    except NotInLibrary:
        return alert.instrument


def said(alert: Alert) -> list[Said]:
    """The questions whose answers raised the alert, each with its answer.

    Empty where the library has the form no more, or in another version than was answered.
    """
    sheet = alert.sheet
    if sheet is None:
        return []
    try:
        item = instruments.get(sheet.instrument)
    except NotInLibrary:
        return []
    if item.content.version != sheet.version:
        return []
    sheet.client = alert.client  # its key is loaded already
    language = sheet.language if sheet.language in item.words else "en"
    words, keys = item.words[language], {one.key: one for one in item.content.items}
    wanted = [risk.rule.item for risk in item.content.risks if risk.raise_ == alert.rule]
    return [
        Said(words.items[key], _label(words, keys[key].labels, sheet.answers.get(key)), language)
        for key in wanted
    ]


def _label(words: Any, labels: str, answer: Any) -> str:
    found: str = words.labels[labels].get(str(answer), "")
    return f"{answer} · {found}" if found else str(answer)
