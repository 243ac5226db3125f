"""How somebody came to answer, and what stands around every screen: language, help, no trace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from rapport.people.practice import queries as practice
from rapport.progress.models import Asked

from . import numbers
from .answer_form import Step


@dataclass(frozen=True)
class Way:
    """How a client came: who they are to the policy, and where the steps stand.

    Attributes:
        base: the frame of the pages. home: where the last page leads, if anywhere.
        rest: what else waits to be answered in one go, and where each of it begins.
        after: where it goes on after handing in instead of the thanks, if anywhere; it is told
            whether an answer called for help.
        kept: whether it can be answered on the device without a network, and sent later.
        done: on a tablet of the house, where the last page leads.
        other: somebody else answers about the client; what is said to clients about themselves
            is not said then, and no result is.
        calls: what that person calls the client, where the page may say so.
        beside: keeps what was sent beside the answer to a step; what is wrong with that, and
            where it goes on instead of the next question.
        pages: where its templates stand. also: what those need besides.
    """

    by: Any
    base: str
    start: str
    question: Callable[[int], str]
    check: str
    home: str = ""
    kept: bool = False
    rest: Callable[[], list[tuple[Asked, str]]] = list
    after: Callable[[bool], str] = lambda risk: ""
    done: str = ""
    other: bool = False
    calls: str = ""
    beside: Callable[[Step], tuple[str, str]] = lambda step: ("", "")
    pages: str = "answering"
    also: dict[str, Any] = field(default_factory=dict)


def closed(request: Any, why: str, way: Way, status: int = 410) -> HttpResponse:
    """One calm page for whatever can no longer be answered."""
    return shown(request, "closed", way, None, {"why": why, **help_at_hand()}, status=status)


def help_at_hand() -> dict[str, Any]:
    """When somebody can be reached here, and the numbers of the practice's land."""
    row = practice.current()
    if row is None:
        return {"hours": ""}
    return {"hours": row.hours, **numbers.of_country(row.country)}


def shown(
    request: Any, name: str, way: Way, form: Any, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"way": way, "base": way.base, "form": form, **way.also, **more}
    response = render(request, f"{way.pages}/{name}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response
