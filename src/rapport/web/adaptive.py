"""An adaptive test as a client meets it: one question a screen, chosen by the answers so far.

The doors come here with whatever was asked; what is no adaptive test goes on to ``answering``.
Every answer says how many were taken when its page was shown, so that a tap that is sent twice
or a page left open in another tab changes nothing and leads to the present question.
"""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.adapting import actions, queries
from rapport.progress.adapting.shells import is_adaptive
from rapport.progress.measures import actions as measures
from rapport.progress.models import Asked

from . import answering
from .answer_form import Step
from .answer_frame import Way, closed, help_at_hand, shown
from .speaking import speaking


class Chosen:
    """A test as far as it has come, as the pages of ``answering`` read a form.

    Attributes:
        steps: what was answered or passed, then the present question, if there is one.
        most: how many questions there can be.
        risk: whether an answer so far calls for help at once.
    """

    def __init__(self, asked: Asked) -> None:
        measures.still_open(asked, clock.now())
        item = measures.form_of(asked.instrument, asked.version)
        self.test = queries.running(asked=asked, item=item)
        self.content, self.language = item.content, self.test.language
        self.words = item.words[self.language]
        self.answers = self.test.answers
        self.risk = bool(self.content.dangers(self.answers))
        risks = self.content.bank.risks
        self.most = min(self.test.stops.most, len(self.test.worded - {*risks})) + len(risks)

    @cached_property
    def steps(self) -> list[Step]:
        coming = self.test.coming
        return [self._step(key) for key in (*self.test.order, *([coming] if coming else []))]

    def _step(self, key: str) -> Step:
        labels = self.words.labels[key]
        choices = [(str(n), labels[str(n)]) for n in self.content.bank.values]
        return Step(key, self.words.items[key], choices)

    def next(self) -> int:
        """The number of the present question; where there is none, of the last."""
        return len(self.steps)

    def open(self) -> list[Any]:
        """Nothing: it is handed in only once no question waits."""
        return []

    def given(self, step: Step) -> str:
        """What was chosen before, as its button sends it; "" for nothing."""
        answer = self.answers.get(step.key)
        return "" if answer is None else str(answer)


def _alone(way: Way) -> Way:
    """It cannot be answered without a network: the next question is not known before."""
    return replace(way, kept=False)


def first(request: Any, asked: Asked, way: Way) -> HttpResponse:
    """What it is, how long it takes, who reads it, and whom to call; then the button."""
    if not is_adaptive(asked.instrument):
        return answering.first(request, asked, way)
    return answering.first(request, asked, _alone(way), read=Chosen)


def question(request: Any, asked: Asked, way: Way, number: int) -> HttpResponse:
    """The present question, or the one before it: a tap keeps the answer and goes on."""
    if not is_adaptive(asked.instrument):
        return answering.question(request, asked, way, number)
    way = _alone(way)
    with speaking(asked.client, way):
        try:
            form, problem = Chosen(asked), ""
            if request.method == "POST":
                problem = _taken(request, asked, way)
                asked.refresh_from_db(fields=["draft"])
                form = Chosen(asked)
                if not problem:
                    return redirect(_present(form, way))
        except (measures.Closed, measures.CannotAnswer) as refusal:
            return closed(request, str(refusal), way)
        if not _may_see(form, number):
            return redirect(_present(form, way))
        return _shown(request, form, way, number, problem)


def _present(form: Chosen, way: Way) -> str:
    return way.question(form.next()) if form.test.coming else way.check


def _may_see(form: Chosen, number: int) -> bool:
    """The present question, and one back: what lies further back has led to what came after."""
    answered = len(form.test.order)
    return 1 <= number <= len(form.steps) and number >= answered


def _taken(request: Any, asked: Asked, way: Way) -> str:
    """Keep what was sent; what is wrong with it, in words."""
    typed = request.POST.getlist("answer")
    if len(typed) != 1:
        return _("Choose one of the answers, or leave this one open.")
    sent = request.POST.get("turn", "")
    turn = int(sent) if sent.isdecimal() and len(sent) < 6 else -1
    try:
        actions.take(
            by=way.by, asked=asked, key=request.POST.get("step", ""), answer=_number(typed[0]),
            turn=turn, now=clock.now(),
        )  # fmt: skip
    except measures.CannotAnswer as problem:
        return str(problem)
    return ""


def _number(text: str) -> int | None:
    """An answer as its button sends it; -1, which no question has, for what is none."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 6 else -1


def _shown(
    request: Any, form: Chosen, way: Way, number: int, problem: str
) -> HttpResponse:  # fmt: skip
    step, answered = form.steps[number - 1], len(form.test.order)
    for_all = form.test.is_for_all(step.key)
    more = {
        "step": step, "number": number, "problem": problem, "given": form.given(step),
        "turn": form.test.turn, "for_all": for_all, "most": form.test.stops.most,
        "again": number == answered,
        "back": way.question(number - 1) if number == answered + 1 and answered else way.start,
        "on": _present(form, way),
    }  # fmt: skip
    more |= help_at_hand() if form.risk else {}
    return shown(request, "chosen", way, form, more, status=422 if problem else 200)


def check(request: Any, asked: Asked, way: Way) -> HttpResponse:
    """Handing it in, once no question waits; thanks come in the same answer."""
    if not is_adaptive(asked.instrument):
        return answering.check(request, asked, way)
    way = _alone(way)
    if asked.state == Asked.State.OPEN:
        try:
            with speaking(asked.client, way):
                form = Chosen(asked)
        except (measures.Closed, measures.CannotAnswer):
            form = None  # answering says why
        if form is not None and form.test.coming:
            return redirect(_present(form, way))
    return answering.check(request, asked, way, read=Chosen, hand_in=actions.hand_in)
