"""An item bank as a questionnaire: put, kept, handed in and alerted on like any other.

Its score is the T score of the answers there are. Which question comes next, and what else is
known of the result, is the business of this area.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rapport.core.library import Item as Held
from rapport.progress.measures import banks
from rapport.progress.measures.questionnaire import Instrument, Item
from rapport.progress.measures.scales import RiskOf, Scale, Score
from rapport.science.scoring import Result

from . import rules

SECONDS = 10
"""What one question takes, about."""
CHOSEN = "An adaptive test asks only some of its questions; the others are not missing."


@dataclass(frozen=True, kw_only=True)
class Adaptive(Instrument):
    """A bank's shell.

    Attributes:
        since: the first version of its text that reads the same.
    """

    bank: banks.ItemBank
    since: int = 0

    def alike(self, version: int) -> bool:
        return self.since <= version <= self.version

    @property
    def is_adaptive(self) -> bool:
        return True

    @property
    def span(self) -> tuple[Any, Any]:
        """The ends of the grid on which theta is estimated, as T scores."""
        return rules.T_SPAN

    def reckoned(self, answers: Mapping[str, Any], result: Result) -> Result:
        """The T score of the answers, whatever was not asked; without any, none."""
        given = self.categories({key: answers.get(key) for key in self.chosen})
        if all(one is None for one in given.values()):
            return result
        t = round(rules.trait(self.bank.graded, given).t, 4)
        rounded = math.floor(t * 10 + 0.5) / 10
        return result._replace(status="scored", total=t, total_rounded=rounded)

    def categories(self, answers: Mapping[str, Any]) -> dict[str, int | None]:
        """Answers as the parameters count them: 0 the lowest, None where somebody passed."""
        return {
            key: None if answer is None else self.bank.category(answer)
            for key, answer in answers.items()
        }

    @property
    def chosen(self) -> list[str]:
        """Keys of the items that the adaptive part may ask."""
        return [item.key for item in self.items if item.key not in self.bank.risks]


@functools.cache
def _shell(id: str, version: int) -> Held[Instrument]:
    bank = banks.get(id).content
    keys = [item.key for item in bank.items if item.key not in bank.risks]
    worst = f">= {bank.values[1]}" if bank.better == "lower" else f"<= {bank.values[-2]}"
    shell = Adaptive(
        id=id, version=version, licence=replace(bank.licence, rights_holder=bank.holder),
        title=bank.title, short=bank.short or bank.title, measures=bank.measures,
        period=bank.period, seconds=SECONDS * (rules.MOST + len(bank.risks)), better=bank.better,
        values=bank.values, items=[Item(key=item.key) for item in bank.items], bank=bank,
        score=Score(
            total=Scale(of=keys, method="mean", decimals=1, max_missing=len(keys) - 1,
                        missing_source=CHOSEN),
        ),
        risks=[RiskOf(when=f"{key} {worst}", raise_=bank.raises) for key in bank.risks],
    )  # fmt: skip
    return Held("instruments", shell)


def shells() -> dict[str, Held[Instrument]]:
    """Every bank of the library as a questionnaire without words, by id."""
    return {id: _shell(id, item.content.version) for id, item in banks.BANKS.find().items()}


def is_adaptive(instrument: str) -> bool:
    """Whether ``instrument`` is the id of a bank."""
    return instrument in banks.BANKS.find()


def texts(item: Held[Any], language: str) -> frozenset[str]:
    """Keys of the items that have words in ``language``."""
    words = item.words.get(language)
    return frozenset(key for key, text in words.items.items() if text) if words else frozenset()
