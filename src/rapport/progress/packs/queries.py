"""Which packs may be used, and what can be asked with them."""

from dataclasses import dataclass
from typing import Any

from rapport.core.library import Item, NotInLibrary

from ..measures import instruments
from ..measures.questionnaire import Instrument
from .library import PACKS, Pack, holder
from .models import Acceptance

MOST = 50


@dataclass(frozen=True)
class Standing:
    """A pack, and how it stands with its conditions.

    Attributes:
        now: the acceptance that was not withdrawn; None: there is none.
        before: those that ended, the latest first.
    """

    item: Item[Pack]
    now: Acceptance | None
    before: list[Acceptance]

    @property
    def is_on(self) -> bool:
        """Whether the conditions were accepted as they stand today."""
        return self.now is not None and self.now.version == self.item.content.version

    @property
    def is_outdated(self) -> bool:
        """Whether an older version was accepted, so that the newer one is to be read."""
        return self.now is not None and not self.is_on


def _accepted() -> dict[str, int]:
    return dict(Acceptance.objects.filter(ended_at=None).values_list("pack", "version"))


def may_ask(instrument: str) -> bool:
    """Whether a questionnaire may be put to somebody; those outside a pack always may."""
    pack = holder(instrument)
    if not pack:
        return True
    return _accepted().get(pack) == PACKS.get(pack).content.version


def askable(client: Any = None) -> dict[str, Item[Instrument]]:
    """What can be asked here, by id: with words, and in no pack that is off; what the practice
    holds, and with ``client`` what only they can be asked. Two statements, three with a client."""
    accepted = _accepted()
    on = {id for id, item in PACKS.find().items() if accepted.get(id) == item.content.version}
    found = instruments.to_ask(client).items()
    return {id: item for id, item in found if holder(id) in on | {""}}


def every(*, by: Any) -> list[Standing]:
    """All packs with who accepted them and when, as the page lists them. One statement."""
    rows: dict[str, list[Acceptance]] = {}
    near = ("accepted_by___staff", "ended_by___staff")
    for row in Acceptance.objects.select_related(*near).order_by("-accepted_at", "pk"):
        rows.setdefault(row.pack, []).append(row)
    return [_standing(item, rows.get(id, [])) for id, item in sorted(PACKS.find().items())]


def one(*, by: Any, pack: str) -> Standing:
    """One pack.

    Raises:
        NotInLibrary: there is none of this id.
    """
    found = next((each for each in every(by=by) if each.item.id == pack), None)
    if found is None:
        raise NotInLibrary(f"the library has no pack called {pack!r}")
    return found


def _standing(item: Item[Pack], rows: list[Acceptance]) -> Standing:
    now = next((row for row in rows if row.ended_at is None), None)
    return Standing(item, now, [row for row in rows if row.ended_at is not None][:MOST])
