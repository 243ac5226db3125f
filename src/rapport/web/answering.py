"""A questionnaire as a client meets it, one question a screen; public door and portal share it.

Looking changes nothing: programs that read mail open links, too. Every answer is sent by a
button, kept sealed on the server, and read back when somebody goes on later.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.measures import actions, rules, written
from rapport.progress.models import Asked, Sheet

from .answer_form import Form, Step
from .answer_frame import Way, closed, help_at_hand, shown
from .speaking import speaking


def first(
    request: Any, asked: Asked, way: Way, *, read: Callable[[Asked], Any] | None = None
) -> HttpResponse:  # fmt: skip
    """What it is, how long it takes, who reads it, and whom to call; then the button.

    Args:
        read: what asks instead of a form that is known as a whole.
    """
    with speaking(asked.client, way):
        try:
            form = (read or _form)(asked)
            if request.method == "POST":
                actions.begin(by=way.by, asked=asked, now=clock.now())
                return redirect(way.question(form.next()))
        except (actions.Closed, actions.CannotAnswer) as problem:
            return closed(request, str(problem), way)
        rest = way.rest()
        seconds = form.content.seconds + sum(_seconds(one) for one, _start in rest)
        more = {
            "minutes": max(1, round(seconds / 60)), "rest": len(rest),
            "until": asked.expires_at, "begun": bool(form.answers),
            "english": not way.other and _needs_a_word(asked, form), **help_at_hand(),
        }  # fmt: skip
        return shown(request, "first", way, form, more)


def question(request: Any, asked: Asked, way: Way, number: int) -> HttpResponse:
    """One question: a tap keeps the answer and goes on."""
    with speaking(asked.client, way):
        try:
            form = _form(asked)
            at = form.place(request.POST.get("step", ""), number)
            if at is None:
                return redirect(way.question(form.next()))
            number = at
            if not 1 <= number <= len(form.steps):
                return redirect(way.check if number > len(form.steps) else way.start)
            step, problem = form.steps[number - 1], ""
            if request.method == "POST":
                problem, elsewhere = way.beside(step)
                if not problem and (not elsewhere or "answer" in request.POST):
                    problem = _kept(request, asked, way, form, step)
                if not problem:
                    return redirect(elsewhere or _after(asked, way, step))
        except (actions.Closed, actions.CannotAnswer) as refusal:
            return closed(request, str(refusal), way)
        last = number == len(form.steps)
        more = {
            "step": step, "number": number, "problem": problem,
            "given": request.POST.get("answer", "") if problem and step.kind else form.given(step),
            "back": way.question(number - 1) if number > 1 else way.start,
            "on": way.check if last else way.question(number + 1), "version": asked.version,
            "note": request.POST.get("note", "") if problem else form.note(step),
            "noted": form.note(step),
        }  # fmt: skip
        more |= help_at_hand() if form.risk else {}
        return shown(request, "question", way, form, more, status=422 if problem else 200)


def _kept(request: Any, asked: Asked, way: Way, form: Form, step: Step) -> str:
    """Keep what was sent; what is wrong with it, in words."""
    typed = request.POST.getlist("answer")
    if step.kind and len(typed) == 1:
        return _written(asked, way, form, step, typed[0], _version(request))
    if not typed:
        return _("Choose one of the answers, or leave this one open.")
    now, version = clock.now(), _version(request)
    try:
        if step.fact:
            known = {value for value, _label in step.choices}
            if len(typed) > 1 or typed[0] not in known | {""}:
                return _("Choose one of the answers, or none.")
            actions.keep(by=way.by, asked=asked, answers={}, facts={step.key: typed[0]},
                         version=version, now=now)  # fmt: skip
            return ""
        answers, wrong = rules.read(form.content.key, {step.key: typed})
        if wrong:
            return next(iter(actions.wrong(wrong).values()))
        actions.keep(by=way.by, asked=asked, answers=answers, version=version, now=now)
    except actions.CannotAnswer as problem:
        return str(problem)
    return ""


def _written(
    asked: Asked, way: Way, form: Form, step: Step, text: str, version: int
) -> str:  # fmt: skip
    """Keep an answer in words; what is wrong with it, in words."""
    answers = {step.key: text.strip() or None}
    if wrong := written.wrong_in({step.key: step.kind}, answers):
        return next(iter(actions.wrong(wrong).values()))
    try:
        actions.keep(by=way.by, asked=asked, answers=answers, version=version, now=clock.now())
    except actions.CannotAnswer as problem:
        return str(problem)
    return ""


def _version(request: Any) -> int:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 6 else 0


def _after(asked: Asked, way: Way, step: Step) -> str:
    """The question after this one; answers may have made others needless."""
    asked.refresh_from_db(fields=["draft"])
    keys = [one.key for one in _form(asked).steps]
    number = keys.index(step.key) + 2 if step.key in keys else 1
    return way.check if number > len(keys) else way.question(number)


def check(
    request: Any, asked: Asked, way: Way, *, read: Callable[[Asked], Any] | None = None,
    hand_in: Callable[..., Sheet] | None = None,
) -> HttpResponse:  # fmt: skip
    """What still waits, and the button that hands it in; thanks come in the same answer.

    Args:
        read: as for ``first``. hand_in: what takes it then, instead of the form's answers.
    """
    with speaking(asked.client, way):
        if request.method == "POST" and (again := _again(asked)) is not None:
            return _thanks(request, again, way)
        try:
            form = (read or _form)(asked)
        except (actions.Closed, actions.CannotAnswer) as refusal:
            return closed(request, str(refusal), way)
        problem = ""
        if request.method == "POST":
            try:
                given = {"by": way.by, "asked": asked, "version": _version(request)}
                if hand_in is None:
                    hand_in, given = actions.answer, given | {"answers": form.answers,
                                                              "facts": form.facts}  # fmt: skip
                return _thanks(request, hand_in(**given, now=clock.now()), way)
            except actions.Closed as refusal:
                return closed(request, str(refusal), way)
            except actions.CannotAnswer as refusal:
                problem = str(refusal)
        open_ = [(way.question(one.number), one) for one in form.open()]
        more = {
            "open": open_, "waits": sum(not one.free for _url, one in open_), "problem": problem,
            "back": way.question(len(form.steps)), "version": asked.version,
        }  # fmt: skip
        more |= help_at_hand() if form.risk else {}
        return shown(request, "check", way, form, more, status=422 if problem else 200)


def _again(asked: Asked) -> Sheet | None:
    """The sheet that was handed in a moment ago, for a tap that was sent twice."""
    if asked.closed_at is None or clock.now() - asked.closed_at > rules.AGAIN:
        return None
    return Sheet.objects.filter(asked=asked).select_related("score").first()


def _thanks(request: Any, sheet: Sheet, way: Way) -> HttpResponse:
    rest, risk = way.rest(), sheet.score.risk is True
    if onwards := way.after(risk):
        return redirect(onwards)
    more = {
        "risk": risk, "rest": len(rest),
        "next": rest[0][1] if rest else "", **help_at_hand(),
    }  # fmt: skip
    return shown(request, "thanks", way, None, more)


def _seconds(asked: Asked) -> int:
    """How long it takes, about; nothing where the library has it no more."""
    try:
        return int(actions.form_of(asked.instrument, asked.version).content.seconds)
    except actions.CannotAnswer:
        return 0


def _form(asked: Asked) -> Form:
    """The questions, as long as they are asked.

    Raises:
        Closed: withdrawn, too late or answered. CannotAnswer: the library has moved on.
    """
    actions.still_open(asked, clock.now())
    return Form(asked)


def _needs_a_word(asked: Asked, form: Form) -> bool:
    """Whether the client speaks another language first, and reads English here for want of it."""
    spoken = asked.client.languages[:1]
    return bool(spoken) and spoken[0].split("-")[0] != form.language.split("-")[0]
