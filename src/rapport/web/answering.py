"""A questionnaire as a client meets it, one question a screen; public door and portal share it.

Looking changes nothing: programs that read mail open links, too. Every answer is sent by a
button, kept sealed on the server, and read back when somebody goes on later.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core import time as clock
from rapport.people.practice import queries as practice
from rapport.progress.measures import actions, rules, written
from rapport.progress.models import Asked, Sheet
from rapport.web import answer_keys, numbers

YES_OR_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
BODIES = {"female": gettext_lazy("Female"), "male": gettext_lazy("Male")}
PERIODS = gettext_lazy(
    "One of these questions is about periods and is counted by whether a body can have them. "
    "Which fits you?"
)
FACTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "sex": (
        gettext_lazy("Healthy limits differ between female and male bodies. Which fits you?"),
        BODIES,
    ),
    "work_item_applicable": (
        gettext_lazy("Do you work, or would you if your problems let you?"), YES_OR_NO,
    ),
}  # fmt: skip
"""What a questionnaire may need to know besides its answers, and how that is asked."""
BY_FORM: dict[tuple[str, str], tuple[Any, dict[str, Any]]] = {
    ("phq-15", "sex"): (PERIODS, BODIES), ("phq-sads", "sex"): (PERIODS, BODIES),
}  # fmt: skip
"""The same, where a questionnaire needs it for another reason than most."""


ABOUT: dict[str, Any] = {
    "sex": gettext_lazy("Which body does the person have? Healthy limits differ."),
    "work_item_applicable": gettext_lazy(
        "Does the person work, or would they if their problems let them?"
    ),
}
"""The same, where somebody else answers about the person."""


def asked_as(form: str, fact: str) -> tuple[Any, dict[str, Any]]:
    """How a questionnaire asks for a fact, and what its answers are called."""
    return BY_FORM.get((form, fact)) or FACTS.get(fact, (fact, {}))


@dataclass(frozen=True)
class Step:
    """One screen: a question of the form, or a fact it needs; ``free`` may stay empty."""

    key: str
    text: str
    choices: list[tuple[str, str]]
    fact: bool = False
    free: bool = False
    kind: str = ""  # "text" or "date", where it is answered in words
    section: str = ""  # a heading that begins with it

    @property
    def keyed(self) -> list[tuple[str, str, str]]:
        """Each answer there is to choose: as its button sends it, in words, and by which key."""
        keys = answer_keys.of(self.choices)
        return [(*choice, key) for choice, key in zip(self.choices, keys, strict=True)]


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


class Told(NamedTuple):
    """A question with its answer in words, "" where there is none; whether it waits for one; and
    what was noted to it."""

    number: int
    step: Step
    said: str
    waits: bool
    note: str


class Open(NamedTuple):
    """A question without an answer; ``free``: it may stay so without a word."""

    number: int
    text: str
    free: bool


class Form:
    """What was asked, with its words and what was answered so far.

    Attributes:
        every: the screens there can be. steps: those that the answers so far leave.
        risk: whether an answer so far calls for help at once.
    """

    def __init__(self, asked: Asked, item: Any = None) -> None:
        item = item or actions.form_of(asked.instrument, asked.version)
        self.content = item.content
        self.words = item.words.get(asked.language) or next(iter(item.words.values()))
        self.language = asked.language if asked.language in item.words else next(iter(item.words))
        self.answers: dict[str, Any] = dict(asked.draft.get("answers", {}))
        self.facts: dict[str, str] = dict(asked.draft.get("facts", {}))
        self.notes: dict[str, str] = dict(asked.draft.get("notes", {}))
        key = self.content.key
        if asked.in_interview:
            self.answers = rules.for_them(key, self.answers, self.facts)
        self.risk = bool(self.content.dangers(self.answers))
        self.other = asked.informant_id is not None
        over = rules.passed_over(key, self.answers) | rules.shut(key, self.facts)
        facts = {n: self._fact(n, values) for n, values in rules.facts_needed(key).items()}
        deciding = [one.fact for one in key.gates if one.fact in facts]
        first = [facts.pop(name) for name in dict.fromkeys(deciding)]
        self.every = [*first, *(self._item(one) for one in self.content.items), *facts.values()]
        self.steps = [one for one in self.every if one.fact or one.key not in over]

    def _item(self, one: Any) -> Step:
        labels, text = self.words.labels.get(one.labels, {}), self.words.items[one.key]
        section = getattr(self.words, "sections", {}).get(one.key, "")
        if kind := self.content.written.get(one.key, ""):
            return Step(one.key, text, [], free=True, kind=kind, section=section)
        values = [str(value) for value in self.content.values_of(one)]
        choices = [(v, labels.get(v, v)) for v in values]
        return Step(one.key, text, choices, free=not one.scored, section=section)

    def _fact(self, name: str, values: list[str]) -> Step:
        text, known = asked_as(self.content.id, name)
        text = ABOUT.get(name, text) if self.other else text
        choices = [(value, str(known.get(value, value))) for value in values]
        return Step(name, str(text), [*choices, ("-", _("I would rather not say"))], fact=True)

    def given(self, step: Step) -> str:
        """What was chosen at a step, as its button sends it; "" for nothing."""
        chosen = (self.facts if step.fact else self.answers).get(step.key)
        return "" if chosen is None else str(chosen)

    def told(self) -> list[Told]:
        """Every question that is for them, with what was answered and noted."""
        wait = {one.number for one in self.open() if not one.free}
        given = [(number, step, self.given(step)) for number, step in enumerate(self.steps, 1)]
        return [
            Told(n, step, dict(step.choices).get(said, said), n in wait, self.note(step))
            for n, step, said in given
        ]

    def note(self, step: Step) -> str:
        """What an interviewer noted to a step; "" for nothing."""
        return "" if step.fact else str(self.notes.get(step.key, ""))

    def place(self, key: str, number: int) -> int | None:
        """The number of the question called ``key``: an answer in another tab may have moved it.

        None is one that is not for them any more; without a key it is ``number``.
        """
        keys = [one.key for one in self.steps]
        return (keys.index(key) + 1 if key in keys else None) if key else number

    def open(self) -> list[Open]:
        """Every question that is for them and has no answer."""
        return [
            Open(n, step.text, step.free or step.fact)
            for n, step in enumerate(self.steps, 1) if not self.given(step)
        ]  # fmt: skip

    def next(self) -> int:
        """The number of the first question without an answer; the last one when all have."""
        open_ = self.open()
        return open_[0].number if open_ else len(self.steps)


def first(
    request: Any, asked: Asked, way: Way, *, read: Callable[[Asked], Any] | None = None
) -> HttpResponse:  # fmt: skip
    """What it is, how long it takes, who reads it, and whom to call; then the button.

    Args:
        read: what asks instead of a form that is known as a whole.
    """
    with speaking(asked, way):
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
    with speaking(asked, way):
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
    with speaking(asked, way):
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


def closed(request: Any, why: str, way: Way, status: int = 410) -> HttpResponse:
    """One calm page for whatever can no longer be answered."""
    return shown(request, "closed", way, None, {"why": why, **help_at_hand()}, status=status)


def _form(asked: Asked) -> Form:
    """The questions, as long as they are asked.

    Raises:
        Closed: withdrawn, too late or answered. CannotAnswer: the library has moved on.
    """
    actions.still_open(asked, clock.now())
    return Form(asked)


def help_at_hand() -> dict[str, Any]:
    """When somebody can be reached here, and the numbers of the practice's land."""
    row = practice.current()
    if row is None:
        return {"hours": ""}
    return {"hours": row.hours, **numbers.of_country(row.country)}


def _needs_a_word(asked: Asked, form: Form) -> bool:
    """Whether the client speaks another language first, and reads English here for want of it."""
    spoken = asked.client.languages[:1]
    return bool(spoken) and spoken[0].split("-")[0] != form.language.split("-")[0]


@contextlib.contextmanager
def speaking(asked: Asked, way: Way) -> Iterator[None]:
    """On a link: in the client's first language, where Rapport speaks it; times by our clock."""
    wanted = next((code.split("-")[0] for code in asked.client.languages[:1]), "")
    knows = wanted in dict(settings.LANGUAGES) and not way.home
    with timezone.override(clock.zone()):
        if not knows:
            yield
            return
        with translation.override(wanted):
            yield


def shown(
    request: Any, name: str, way: Way, form: Any, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"way": way, "base": way.base, "form": form, **way.also, **more}
    response = render(request, f"{way.pages}/{name}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response
