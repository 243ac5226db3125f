"""Making a questionnaire of what was typed, so that it is asked, scored and shown like any."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapport.core.library import Item as Held
from rapport.core.library import Licence
from rapport.progress.measures.questionnaire import Instrument, InstrumentWords, Item
from rapport.progress.measures.scales import BandOf, RiskOf, Scale, Score, SkipOf
from rapport.science import goals
from rapport.science.scoring import Result

BUILT, CLIENTS = "own-", "mine-"
"""How the ids begin of what a practice built, and of what one client has alone."""
LEVELS = (-2, -1, 0, 1, 2)
MADE_HERE = "the practice's own, not validated"
TENS = [str(n) for n in range(11)]

_LICENCE = Licence(
    class_="OWN", text="", rights_holder="", source=MADE_HERE, checked_on=date(2026, 1, 1)
)


@dataclass(frozen=True, kw_only=True)
class Built(Instrument):
    """A questionnaire nobody has tested.

    Attributes:
        scored: whether its answers are added up at all.
        words_for: items that are answered in words, and how.
        weights: what each goal is worth; only where the levels of goals are answered.
        of_one: one client's own.
    """

    validated: bool = False
    scored: bool = True
    words_for: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    of_one: bool = False

    @property
    def is_scored(self) -> bool:
        return self.scored

    @property
    def written(self) -> Mapping[str, str]:
        return self.words_for

    @property
    def span(self) -> tuple[Any, Any]:
        if not self.weights:
            return super().span
        many = len(self.weights)
        return self._attained([LEVELS[0]] * many), self._attained([LEVELS[-1]] * many)

    def reckoned(self, answers: Mapping[str, Any], result: Result) -> Result:
        """Of goals the T score; of everything else what the scoring says."""
        if not self.weights or result.total is None:
            return result
        total = goals.attainment(
            [answers[key] - 2 for key in self.weights], list(self.weights.values())
        )
        return result._replace(total=total, total_rounded=math.floor(total + 0.5))

    def _attained(self, levels: list[int]) -> int:
        return math.floor(goals.attainment(levels, list(self.weights.values())) + 0.5)


@dataclass(frozen=True, kw_only=True)
class BuiltWords(InstrumentWords):
    """What a client reads; ``sections`` are headings by the item they stand above."""

    sections: Mapping[str, str] = field(default_factory=dict)


def labels_of(question: Mapping[str, Any]) -> dict[str, str]:
    """The words of a question's answers, by value as text."""
    if question["kind"] == "number":
        ends = {"0": question.get("low", ""), "10": question.get("high", "")}
        return {n: f"{n} · {ends[n]}" if ends.get(n) else n for n in TENS}
    return {str(value): label for value, label in question.get("answers", [])}


def of_practice(code: str, number: int, content: Mapping[str, Any]) -> Held[Any]:
    """What a practice built, as it was published.

    Args:
        content: as ``rules.whole_wrong`` has found nothing in; keys of questions are 1, 2 …
    """
    questions = content["questions"]
    words_for = {q["key"]: q["kind"] for q in questions if q["kind"] in ("text", "date")}
    counted = [q["key"] for q in questions if q.get("counts") and q["key"] not in words_for]
    scored = content["scoring"] != "none" and bool(counted)
    names = list(dict.fromkeys(q["part"] for q in questions if q.get("part") and scored))
    parts = {
        f"part-{n}": _scale(content, [q["key"] for q in questions
                                      if q.get("part") == name and q["key"] in counted])
        for n, name in enumerate(names, 1)
    }  # fmt: skip
    bands = [
        BandOf(range=[low, high], name=f"band-{n}")
        for n, (low, high, _name) in enumerate(content["bands"] if scored else [], 1)
    ]
    form = Built(
        id=code, version=number, licence=_LICENCE, title=content["title"],
        short=content["title"][:40], measures="", period="", seconds=12 * len(questions),
        better="higher" if content["better"] == "higher" else "lower", values=[0, 1],
        items=[_item(q) for q in questions], words_for=words_for, scored=scored,
        score=Score(
            total=_scale(content, counted, bands) if scored else Scale(),
            subscales={name: part for name, part in parts.items() if part.of},
        ),
        skips=[SkipOf(when=_unless(one), items=[q["key"]], source=MADE_HERE)
               for q in questions for one in _chain(q, questions)],
        risks=[RiskOf(when=f"{q['key']} >= {q['alert']}", raise_=f"own-{q['key']}")
               for q in questions if q.get("alert") is not None],
    )  # fmt: skip
    words = BuiltWords(
        licence=_LICENCE, title=content["title"], intro=content["about"],
        items={q["key"]: q["text"] for q in questions},
        labels={q["key"]: labels_of(q) for q in questions},
        translator="", source=MADE_HERE, note=content.get("note", ""),
        bands={f"band-{n}": name for n, (_l, _h, name) in enumerate(content["bands"], 1)},
        subscales={f"part-{n}": name for n, name in enumerate(names, 1)},
        sections={q["key"]: q["section"] for q in questions if q.get("section")},
    )  # fmt: skip
    return Held("instruments", form, {content["language"]: words})


def _item(question: Mapping[str, Any]) -> Item:
    values = [value for value, _label in question.get("answers", [])]
    number = question["kind"] == "number"
    return Item(
        key=question["key"], values=[] if number else values, up_to=10 if number else 0,
        labels=question["key"], reverse=bool(question.get("turned")),
        scored=bool(question.get("counts")),
    )  # fmt: skip


def _scale(content: Mapping[str, Any], of: list[str], bands: list[BandOf] | None = None) -> Scale:
    mean = content["scoring"] == "mean"
    missing = min(int(content["missing"]), len(of) - 1) if of else 0
    return Scale(
        of=of, method="mean" if mean else "sum", decimals=1 if mean else 0,
        max_missing=max(0, missing), missing_source=MADE_HERE, bands=bands or [],
        bands_source=MADE_HERE if bands else "",
    )  # fmt: skip


def _chain(
    question: Mapping[str, Any], every: list[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:  # fmt: skip
    """The question, if it hangs on another, and that one, if it hangs on a third, and so on:
    what hangs on a question that is not asked is not asked either."""
    left = {one["key"]: one for one in every}
    one: Mapping[str, Any] | None = question
    while one is not None and one.get("ask_if"):
        yield one
        one = left.pop(one["ask_if"][0], None)  # each once: a draft may hang in a ring


_OPPOSITE = {">=": "<", "<=": ">"}


def _unless(question: Mapping[str, Any]) -> str:
    """When a question need not be asked: the opposite of when it is."""
    of, sign, value = question["ask_if"]
    return f"{of} {_OPPOSITE[sign]} {value}"


# One client's own -------------------------------------------------------------------------


def of_client(code: str, number: int, kind: str, content: Mapping[str, Any]) -> Held[Any]:
    """What one client is asked in words of their own.

    Args:
        kind: of ``ClientForm``. content: ``items`` with ``key`` and ``text``, of goals also
            ``levels`` (five) and ``weight``; ``low`` and ``high``, the ends of the scale;
            ``title``, ``short`` and ``intro`` in ``language``.
    """
    items = content["items"]
    keys = [one["key"] for one in items]
    if kind == "GOALS":
        values, counts = [0, 1, 2, 3, 4], list(LEVELS)
        total = Scale(of=keys)
    else:
        values, counts = list(range(content["low"], content["high"] + 1)), []
        total = Scale(of=keys, method="mean", decimals=1, max_missing=len(keys) // 2,
                      missing_source=MADE_HERE)  # fmt: skip
    form = Built(
        id=code, version=number, licence=_LICENCE, title=content["title"],
        short=content["short"], measures="", period="", seconds=15 * len(items),
        better=content["better"], values=values, counts=counts, of_one=True,
        items=[Item(key=key, labels=key) for key in keys], score=Score(total=total),
        weights={one["key"]: one["weight"] for one in items} if kind == "GOALS" else {},
    )  # fmt: skip
    words = BuiltWords(
        licence=_LICENCE, title=content["title"], intro=content["intro"],
        items={one["key"]: one["text"] for one in items},
        labels={one["key"]: _answers(one, content, values) for one in items},
        translator="", source=MADE_HERE,
    )  # fmt: skip
    return Held("instruments", form, {content["language"]: words})


def _answers(
    item: Mapping[str, Any], content: Mapping[str, Any], values: list[int]
) -> dict[str, str]:
    if "levels" in item:
        pairs = zip(LEVELS, item["levels"], strict=True)
        signed = [f"{n:+d}".replace("-", "−") if n else "0" for n in LEVELS]
        return {str(n): f"{signed[n]} · {words}" for n, (_level, words) in enumerate(pairs)}
    ends = {values[0]: content["low_words"], values[-1]: content["high_words"]}
    return {str(n): f"{n} · {ends[n]}" if ends.get(n) else str(n) for n in values}
