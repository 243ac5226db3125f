"""What happens in the demo, in the order of its days: the clock goes along, day by day."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

from rapport.core import audit, events
from rapport.core import time as clock

Deed = Callable[[datetime], Any]


class Days:
    """Deeds, each with its instant. Those that lie ahead of ``now`` never happen."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.count: Counter[str] = Counter()
        self._deeds: list[tuple[datetime, int, Deed, str]] = []

    def at(self, instant: datetime, deed: Deed, counts: str = "") -> None:
        """Let ``deed`` happen at ``instant``; ``counts`` is what it is one of."""
        if instant <= self.now:
            self._deeds.append((instant, len(self._deeds), deed, counts))

    def pass_by(self, step: Callable[[str], Any], *, until: datetime | None = None) -> None:
        """Let everything happen, a day in one commit; nobody hears of it.

        Args:
            step: told after each half-year what there is by then.
            until: what is later waits for another call; None is the end.
        """
        deeds, self._deeds = sorted(self._deeds, key=lambda one: one[:2]), []
        if until is not None:
            self._deeds = [one for one in deeds if one[0] > until]
            deeds = [one for one in deeds if one[0] <= until]
        half = None
        for day, some in groupby(deeds, key=lambda one: clock.local(one[0]).date()):
            if half not in (None, (day.year, day.month > 6)):
                step(self.so_far())
            half = (day.year, day.month > 6)
            today = list(some)
            with clock.at(today[-1][0]), events.untold(), audit.unit():
                for instant, _order, deed, counts in today:
                    with clock.at(instant):
                        deed(instant)
                    self.count[counts] += 1
        if until is None:
            step(self.so_far())

    def so_far(self) -> str:
        """What there is, in figures."""
        said = ("clients", "appointments", "questionnaires", "notes")
        return ", ".join(
            f"{self.count[name]:,} {name if self.count[name] != 1 else name[:-1]}" for name in said
        )
