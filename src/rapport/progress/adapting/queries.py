"""Where an adaptive test stands, what came of it, and which banks can be asked here."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rapport.core.library import Item as Held
from rapport.core.library import NotInLibrary
from rapport.people.clients.models import Client
from rapport.science.adaptive.items import GradedItem

from ..measures import instruments
from ..measures.models import Asked, Sheet
from . import rules, shells
from .models import AdaptiveTest

if TYPE_CHECKING:
    from rapport.science.adaptive.choosing import Sitting

MOST = 400


@dataclass(frozen=True)
class Running:
    """A test that somebody answers.

    Attributes:
        language: of the words it is asked in; no item without them is asked.
        answers: as numbered on the form, in the order asked, None where the person passed.
        turn: how many answers were taken so far, changed ones included.
    """

    content: shells.Adaptive
    stops: rules.Stops
    language: str
    worded: frozenset[str]
    answers: dict[str, int | None]
    turn: int

    @cached_property
    def sitting(self) -> "Sitting":
        bank = self.content.bank
        given = self.content.categories(self.answers)
        return rules.sitting(bank.graded, bank.risks, self.worded, self.stops, given)

    @property
    def coming(self) -> str | None:
        """The question to ask now; None when there is no more."""
        return self.sitting.next

    @property
    def order(self) -> list[str]:
        """What was asked and answered or passed, in that order."""
        return list(self.answers)

    def is_for_all(self, key: str) -> bool:
        """Whether everybody is asked this one, after the adaptive part."""
        return key in self.content.bank.risks


def stops_of(asked: Asked) -> rules.Stops:
    """When this test stops; as usual, where it was asked by itself."""
    found = AdaptiveTest.objects.filter(asked=asked).defer("result").first()
    return found.stops if found is not None else rules.STANDARD


def running(*, asked: Asked, item: Held[Any]) -> Running:
    """The test of a locked or fresh row, as far as it has come. One statement."""
    language = asked.language if asked.language in item.words else next(iter(item.words))
    answers = asked.draft.get("answers", {})
    order = asked.draft.get("order", [])
    return Running(
        content=item.content, stops=stops_of(asked), language=language,
        worded=shells.texts(item, language), answers={key: answers[key] for key in order},
        turn=int(asked.draft.get("turn", 0)),
    )  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A bank as far as this practice has its words.

    Attributes:
        mute: items that everybody is asked and that have no words yet.
        needs: how many items more need words, so that there is something to choose from.
        there: how many of the items that can be chosen have words; of: how many there are.
        best: how precise a test of them can be at best: T scores, and how far the 95 % interval
            then reaches on either side.
    """

    item: Held[Any]
    mute: list[str]
    needs: int
    there: int
    of: int
    best: list[tuple[int, float]]

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked."""
        return not self.mute and not self.needs


def offers() -> list[Offer]:
    """Every bank of the library, by how far its words were typed in here. One statement."""
    asked = instruments.to_ask()
    return [offer(asked.get(id, shell)) for id, shell in shells.shells().items()]


def offer_of(bank: str) -> Offer:
    """How far the words of one bank were typed in here. One statement."""
    try:
        return offer(instruments.find(bank))
    except NotInLibrary:
        return offer(shells.shells()[bank])


def offer(item: Held[Any]) -> Offer:
    """How far the words of a bank are there, in the language that has most of them."""
    bank = item.content.bank
    worded = max((shells.texts(item, one) for one in item.words), key=len, default=frozenset())
    mute, needs = rules.lacking([one.key for one in bank.items], bank.risks, worded)
    chosen = item.content.chosen
    there = worded.intersection(chosen)
    best = rules.best(bank.graded, there, rules.MOST) if there else []
    return Offer(item, mute, needs, len(there), len(chosen), best)


# What came of it --------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What was kept of a test that was handed in.

    Attributes:
        ended: why the adaptive part ended: "precise", "long enough" or "nothing left".
        steps: key, answer, theta and se after it, and whether it counts, in the order asked.
    """

    bank: str
    version: int
    t: float
    se: float
    theta: float
    ended: str
    stops: rules.Stops
    steps: list[dict[str, Any]]
    items: dict[str, GradedItem]
    values: list[int]

    @property
    def t_se(self) -> float:
        """The standard error of the T score."""
        return 10 * self.se

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the T score."""
        return rules.interval(self.t, self.t_se)

    @property
    def asked(self) -> int:
        """How many questions were asked, what everybody is asked among them."""
        return len(self.steps)

    @cached_property
    def sitting(self) -> "Sitting":
        """The test as it was, by the parameters that were kept with it."""
        counted = [one for one in self.steps if one["counts"]]
        given = {
            one["key"]: None if one["answer"] is None else self.values.index(one["answer"])
            for one in counted
        }
        keys = set(self.items)
        return rules.sitting(list(self.items.values()), (), keys, self.stops, given)


def read(kept: dict[str, Any]) -> Result:
    """The result as it was kept."""
    items = {key: GradedItem(key, one["a"], tuple(one["b"])) for key, one in kept["items"].items()}
    return Result(
        bank=kept["bank"], version=kept["version"], t=50 + 10 * kept["theta"], se=kept["se"],
        theta=kept["theta"], ended=kept["ended"], stops=rules.Stops(**kept["stops"]),
        steps=kept["steps"], items=items, values=kept["values"],
    )  # fmt: skip


def result(*, sheet: Sheet) -> Result | None:
    """What came of the test on a sheet that was opened; None where nothing was kept."""
    row = AdaptiveTest.objects.filter(asked__sheet=sheet).first()
    if row is None:
        return None
    row.client = sheet.client  # its data key is loaded already
    return read(row.result) if row.result else None


def results(
    *, by: Any, client: Client, sheets: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Result]:  # fmt: skip
    """What came of several tests, by sheet, as far as ``by`` may read it. One statement."""
    rows = AdaptiveTest.objects.clinical_to(by).filter(client=client, asked__sheet__in=list(sheets))
    found = {}
    for row in rows.select_related("asked__sheet")[:MOST]:
        row.client = client  # its data key is loaded already
        if row.result:
            found[row.asked.sheet.pk] = read(row.result)
    return found


def before(*, by: Any, client: Client, sheet: Sheet) -> tuple[Sheet, Result] | None:
    """The test before this one, of the same bank in words that read the same, or None."""
    earlier = Sheet.objects.clinical_to(by).filter(
        client=client, instrument=sheet.instrument, answered_at__lt=sheet.answered_at,
        replaced_by=None, score__total__isnull=False,
    )  # fmt: skip
    row = earlier.order_by("-answered_at", "pk").first()
    if row is None:
        return None
    row.client = client  # its data key is loaded already
    found = result(sheet=row)
    return (row, found) if found is not None else None
