"""A story: one way that care can go, stretched over as many contacts as somebody had."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from . import shelf
from .answers import SCALES
from .told import SECTIONS, Answered, Session, Template

ABSENT = 9  # every so many ordinary hours, one does not take place
LENGTHS = (45, 50, 50, 50, 53, 55)
TOGETHER = 80
MINUTES = {"KEPT": 50, "PHONE": 10, "MISSED": 0}


@dataclass(frozen=True, kw_only=True)
class Story:
    """How care went for somebody, in the words of who gave it.

    ``ends`` are the reasons for closing that its own last note tells; ``vary`` holds the
    alternatives of its ``{gaps}``; ``ages`` are the first and last year of life it suits.
    ``supervised``: two of its notes came back from a supervisor with remarks. ``answered`` is
    what somebody sent this morning, before today's hour.
    """

    id: str
    title: str
    modality: str
    approach: str
    problems: list[str]
    kinds: list[str]
    ages: list[int]
    template: Template
    outcome: Literal["IMPROVING", "STALLING", "WORSENING", "RELAPSING", "DROPPING_OUT", "MIXED"]
    sessions: list[Session]
    asks: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    vary: dict[str, list[str]] = field(default_factory=dict)
    supervised: bool = False
    today: bool = False
    answered: Answered | None = None

    def course(self, sessions: int, *, seed: int = 0, ended: str = "") -> list[Session]:
        """This story over ``sessions`` contacts, missed ones and calls included.

        The same for the same seed. A longer course has ordinary hours between; a shorter one
        leaves out hours of the middle if it was ended by a reason of the story's own, and
        else stops early. Only a course that ``ended`` has a last note.

        Args:
            ended: the episode's reason for closing, "" while it goes on.
        """
        dice = random.Random(f"{self.id} {seed}")  # noqa: S311  invention, no secret
        chosen = {key: dice.choice(ways) for key, ways in sorted(self.vary.items())}
        moved = {name: dice.choice((-1, 0, 1)) for name in sorted(self.asks)}
        last = self._last(ended, dice)
        told = self._kept(max(0, sessions - len(last)), own=self.today or ended in self.ends)
        between = self._between(dice, sessions - len(last) - len(told))
        laid = _laid(told, between) + last
        scored = _scored([_moved(one, moved) for one in laid], self.asks, dice)
        return list(_filled(scored[: max(0, sessions)], chosen))

    def _last(self, ended: str, dice: random.Random) -> list[Session]:
        own = [one for one in self.sessions if one.ending]
        if ended in self.ends:
            return own
        others = [
            one
            for one in shelf.endings()
            if one.reason == ended and set(self.kinds) & set(one.kinds)
        ]
        if not others:
            return []
        one = dice.choice(others)
        return [Session(what=one.what, note={"note": one.note}, minutes=MINUTES[one.what],
                        ending=True)]  # fmt: skip

    def _kept(self, room: int, *, own: bool) -> list[Session]:
        arc = [one for one in self.sessions if not one.ending]
        if room >= len(arc):
            return arc
        if not own or room < 2:
            return arc[:room]
        return [arc[n * (len(arc) - 1) // (room - 1)] for n in range(room)]

    @property
    def longest(self) -> int:
        """How many contacts it can tell before ordinary hours repeat each other in parts."""
        return len(self.sessions) + len(self._own()) + len(self._others())

    def _own(self) -> list[dict[str, str]]:
        found = shelf.ordinary(self.template)
        return [one.note for one in found if set(self.kinds) & set(one.kinds)]

    def _others(self) -> list[dict[str, str]]:
        """Ordinary hours in the other forms, written freely; only adults' suit every story."""
        names = [name for name in SECTIONS if name != self.template and "ADULT" in self.kinds]
        return [
            shelf.freely(name, one)
            for name in names
            for one in shelf.ordinary(name)
            if "ADULT" in one.kinds
        ]

    def _between(self, dice: random.Random, count: int) -> list[Session]:
        """``count`` ordinary hours, some missed; each is told once, only then do parts mix."""
        own, others = self._own(), self._others()
        missed = [one for one in shelf.absences() if set(self.kinds) & set(one.kinds)]
        for pile in (own, others, missed):
            dice.shuffle(pile)
        hours = chain(
            ((self.template, note) for note in own),
            (("free", note) for note in others),
            ((self.template, note) for note in shelf.mixed(self.template, own)),
        )
        together = {"ADULT", "MINOR"}.isdisjoint(self.kinds)
        made: list[Session] = []
        for n in range(max(0, count)):
            if n % ABSENT == ABSENT - 1 and missed:
                gone = missed.pop()
                one = Session(what=gone.what, note={"note": gone.note}, minutes=0, between=True)
            else:
                template, note = next(hours)
                minutes = TOGETHER if together else dice.choice(LENGTHS)
                one = Session(template=template, note=note, minutes=minutes, between=True)
            made.append(replace(one, after=14 if together else 7))
        return made


def _laid(told: list[Session], between: list[Session]) -> list[Session]:
    """The ordinary hours spread evenly over the places where one fits."""
    places = [n for n, one in enumerate(told) if not one.tight]
    if not places:
        return told + between
    after: dict[int, list[Session]] = {n: [] for n in places}
    for n, one in enumerate(between):
        after[places[n * len(places) // len(between)]].append(one)
    return [one for n, first in enumerate(told) for one in (first, *after.get(n, ()))]


def _moved(one: Session, by: dict[str, int]) -> Session:
    """Totals a point up or down, so that two clients with one story differ."""
    return replace(one, scores={
        name: _within(name, total + by.get(name, 0), one.item_nine)
        for name, total in one.scores.items()
    })  # fmt: skip


def _within(name: str, total: int, item_nine: int = 0) -> int:
    scale = SCALES[name]
    least = item_nine if name == "phq-9" else 0
    most = scale.items * scale.top - (scale.top - item_nine if name == "phq-9" else 0)
    return min(max(total, least), most)


def _scored(laid: list[Session], asks: list[str], dice: random.Random) -> list[Session]:
    """Totals for every second ordinary hour, on the way between those that the story tells."""
    made = list(laid)
    for name in asks:
        known = [(n, one.scores[name]) for n, one in enumerate(laid) if name in one.scores]
        for n, one in enumerate(laid):
            if not (one.between and one.what == "KEPT" and n % 2 and known):
                continue
            before = max((at for at in known if at[0] < n), default=known[0])
            after = min((at for at in known if at[0] > n), default=before)
            way = (n - before[0]) / (after[0] - before[0]) if after[0] != before[0] else 0.0
            total = round(before[1] + way * (after[1] - before[1])) + dice.choice((-1, 0, 0, 1))
            made[n] = replace(made[n], scores=made[n].scores | {name: _within(name, total)})
    return made


def _filled(laid: list[Session], chosen: dict[str, str]) -> Iterator[Session]:
    """Each with its gaps closed: what varies, and the totals of the day and of the first day."""
    first: dict[str, str] = {}
    for one in laid:
        now = {name: str(total) for name, total in one.scores.items()}
        first = {f"{name} first": total for name, total in now.items()} | first
        yield one.filled(chosen | now | first)
