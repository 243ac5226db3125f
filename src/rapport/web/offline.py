"""Answering without a network: what a phone needs for it, and taking what it sends later.

What a phone sends is taken once: a part of a sitting that was handed in stands, whatever comes
after it. When it was answered is when it arrives, by our clock; the phone's clock is not read,
as it may be wrong by a year.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.adapting.shells import is_adaptive
from rapport.progress.measures import actions, rules, written
from rapport.progress.models import Asked, Sheet
from rapport.web.answer_form import Form
from rapport.web.answer_frame import Way, help_at_hand
from rapport.web.speaking import speaking
from rapport.web.templatetags.ui import asset

FURNITURE = ("app.css", "icons.svg")
FONT = "/static/rapport/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
MOST_BYTES = 1_000_000
"""More than 60 answers in words fill, each as long as it may be."""


def pack(
    request: Any, parts: list[Asked], way: Way, where: Callable[[Asked], tuple[str, str]]
) -> HttpResponse:
    """The questions of a sitting and what was answered of them, for the device to lock away.

    Args:
        where: the addresses that take the answers of a part, and that thank for it.
    """
    found = []
    for one in parts:
        with speaking(one.client, way):
            found.append(_part(one, *where(one)))
    return JsonResponse({"csrf": get_token(request), "parts": found})


def _part(asked: Asked, send: str, check: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "part": asked.part, "version": asked.version, "send": send, "check": check,
        "state": "closed", "steps": [], "skips": [], "gates": [], "risks": [], "answers": {},
        "facts": {},
    }  # fmt: skip
    try:
        actions.still_open(asked, clock.now())
        form = _form(asked)
    except (actions.Closed, actions.CannotAnswer):
        return said
    key, licence = form.content.key, form.words.licence
    return said | {
        "state": "open", "language": form.language, "intro": form.words.intro,
        "note": form.words.note or "",
        "attribution": licence.attribution if form.content.licence.class_ == "B" else "",
        "steps": [{"key": s.key, "text": s.text, "choices": s.keyed, "fact": s.fact,
                   "free": s.free, "kind": s.kind, "section": s.section} for s in form.every],
        "skips": [{"when": [_rule(r) for r in (one.when, *one.also)], "items": list(one.items)}
                  for one in key.skips],
        "gates": [{"fact": one.fact, "is": one.is_, "items": list(one.items)}
                  for one in key.gates],
        "risks": [_rule(one.rule) for one in form.content.risks],
        "answers": {k: None if v is None else str(v) for k, v in form.answers.items()},
        "facts": form.facts,
    }  # fmt: skip


def _form(asked: Asked) -> Form:
    """The questions, if they are known before they are answered.

    Raises:
        CannotAnswer: they are not, or the library has moved on.
    """
    if is_adaptive(asked.instrument):
        raise actions.CannotAnswer({"": _("These questions need a network: each one depends on "
                                          "the answer before it.")})  # fmt: skip
    return Form(asked)


def _rule(rule: Any) -> dict[str, Any]:
    return {"item": rule.item, "sign": rule.sign, "number": rule.number}


def take(request: Any, asked: Asked, way: Way) -> HttpResponse:
    """Keep what a phone sends of one part, and hand it in where it says so; once.

    Answers 409 where it can be taken no more and 422 where it makes no sense; what stands in
    the phone then stays there, and ``why`` says what to do.
    """
    with speaking(asked.client, way):
        given = _read(request)
        if given is None:
            return _refused(422, _("These answers could not be read. Reload the page."))
        if asked.state == Asked.State.ANSWERED:
            return _answered(asked)
        try:
            return _taken(asked, way, given)
        except actions.Closed as refusal:
            asked.refresh_from_db(fields=["state"])
            if asked.state == Asked.State.ANSWERED:
                return _answered(asked)
            return _refused(409, str(refusal))
        except actions.CannotAnswer as refusal:
            return _refused(409 if "" in refusal.items else 422, str(refusal))


def _taken(asked: Asked, way: Way, given: dict[str, Any]) -> HttpResponse:
    if given["version"] != asked.version:
        raise actions.CannotAnswer(
            {"": _("This questionnaire has changed since it was asked. Ask for it anew.")}
        )
    form = _form(asked)
    answers = _answers(form, given["answers"])
    facts, now, version = given["facts"], clock.now(), asked.version
    if given["done"]:
        sheet = actions.answer(
            by=way.by, asked=asked, answers={**form.answers, **answers},
            facts={**form.facts, **facts}, version=version, now=now,
        )  # fmt: skip
        return JsonResponse({"state": "answered", "help": sheet.score.risk is True})
    kept = actions.keep(
        by=way.by, asked=asked, answers=answers, facts=facts, version=version, now=now
    )
    danger = bool(form.content.dangers(kept.draft["answers"]))
    return JsonResponse({"state": "kept", "help": danger})


def _answers(form: Form, typed: dict[str, str]) -> dict[str, Any]:
    """What was sent as answers: choices, and what was written in words.

    Raises:
        CannotAnswer: an answer it does not have.
    """
    kinds = form.content.written
    said: dict[str, Any] = {k: v.strip() or None for k, v in typed.items() if k in kinds}
    chosen, bad = rules.read(form.content.key, {k: [v] for k, v in typed.items() if k not in kinds})
    wrong = actions.wrong(bad) | actions.wrong(written.wrong_in(kinds, said))
    if wrong:
        raise actions.CannotAnswer(wrong)
    return {**chosen, **said}


def _answered(asked: Asked) -> HttpResponse:
    sheet = Sheet.objects.filter(asked=asked).select_related("score").first()
    return JsonResponse({"state": "answered", "help": bool(sheet and sheet.score.risk is True)})


def _refused(status: int, why: str) -> HttpResponse:
    return JsonResponse({"state": "refused", "why": why}, status=status)


def _read(request: Any) -> dict[str, Any] | None:
    """What was sent, if it has the shape of answers."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or type(said.get("version")) is not int:
        return None
    if not all(_texts(said.get(name)) for name in ("answers", "facts")):
        return None
    return {**said, "done": said.get("done") is True}


def _texts(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(one, str) for one in given.values())


def shell(request: Any, asked: Asked, way: Way) -> HttpResponse:
    """The page for when there is no network: its furniture and whom to call, no question."""
    with speaking(asked.client, way):
        context = {"way": way, "base": way.base, **help_at_hand()}
        return render(request, "answering/offline.html", context)


def worker(request: Any, asked: Asked, way: Way, script: str) -> HttpResponse:
    """The worker of one sitting: it sees the pages under its own address and no others.

    What the page for no network says stands in it, so that a browser takes both anew when that
    changes.

    Args:
        script: of the door, which the page for no network needs.
    """
    with speaking(asked.client, way):
        said = [translation.get_language(), getattr(request.user, "theme", ""),
                help_at_hand()["hours"]]  # fmt: skip
    return source("worker.js", script, said)


def source(name: str, script: str, said: list[Any]) -> HttpResponse:
    """A worker's script, with what it lays ready at its head.

    Args:
        script: of the door. said: what the page for no network says; where it changes, a browser
            takes both anew.
    """
    found = finders.find(f"rapport/{name}")
    text = Path(str(found)).read_text() if found else ""
    furniture = json.dumps([*(asset(name) for name in (*FURNITURE, script)), FONT])
    head = f"self.FURNITURE={furniture};\nself.SAID={json.dumps(said)};\n"
    answer = HttpResponse(head + text, content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
