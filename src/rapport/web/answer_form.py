"""A questionnaire as screens, one question each, with what was answered so far."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.progress.measures import actions, rules
from rapport.progress.models import Asked
from rapport.web import answer_keys

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
