"""Whom an hour that fell free could suit, in which order, and why. No database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

WAYS = ("HERE", "VIDEO", "PHONE")  # the first that suits both sides is chosen
PARTS = {"MORNING": (0, 720), "AFTERNOON": (720, 1020), "EVENING": (1020, 2880)}
"""Parts of a day in minutes since its midnight; the evening goes on past the next one."""

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Between these nobody is written to by the clock, and nobody's time to answer begins."""

SHORTEST_ANSWER, LONGEST_ANSWER = 5, 2880  # minutes that somebody has to answer
LONGEST_NOTICE = 336  # hours
MOST_WEEKS = 52  # between two questions whether somebody still looks
DAYS_TO_CONFIRM = 14  # after which an unanswered question is shown as one


@dataclass(frozen=True)
class Freed:
    """A stretch that nobody has taken: ``start`` and ``end`` aware, on the practice's clock."""

    clinician: str
    start: datetime
    end: datetime
    place: str | None = None
    ways: frozenset[str] = frozenset(WAYS)
    lacks: frozenset[str] = frozenset()  # kinds of rooms and equipment of which nothing is free

    @property
    def minutes(self) -> int:
        """Its length, as time passes."""
        passed = self.end.astimezone(UTC) - self.start.astimezone(UTC)  # not by the wall
        return round(passed / timedelta(minutes=1))


@dataclass(frozen=True)
class Kind:
    """An appointment type as far as it decides. Empty sets mean every way, every clinician.

    Attributes:
        needs: kinds of rooms and equipment by way; nothing in a way that is missing.
    """

    key: str
    minutes: int
    ways: frozenset[str] = frozenset()
    clinicians: frozenset[str] = frozenset()
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What somebody could take. An empty set or None means that they do not mind.

    Attributes:
        urgency: 1 comes before 2 before 3. notice: before the start they have to know.
    """

    key: str
    urgency: int
    since: datetime
    clinicians: frozenset[str] = frozenset()
    kinds: tuple[Kind, ...] = ()
    ways: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()  # 1 Monday to 7 Sunday
    parts: frozenset[str] = frozenset()
    from_at: time | None = None
    until_at: time | None = None
    notice: timedelta = timedelta(0)


@dataclass(frozen=True)
class Fit:
    """How an hour suits somebody.

    Attributes:
        kind: key of the type it would be; None where no type was wished for.
        because: what was wished for and is met, of "clinician", "weekday", "part", "hours",
            "kind", "way", "place", in this order.
    """

    key: str
    way: str
    kind: str | None
    minutes: int
    because: tuple[str, ...] = field(default=())


def fits(freed: Freed, wish: Wish, *, now: datetime) -> Fit | None:
    """How ``freed`` suits ``wish`` at ``now`` (aware), or None when it does not.

    Of several types the longest that suits is chosen, of several ways the first of WAYS.
    """
    if wish.clinicians and freed.clinician not in wish.clinicians:
        return None
    if freed.start - now < wish.notice or freed.start <= now:
        return None
    kinds: list[Kind | None] = [*sorted(wish.kinds, key=lambda one: -one.minutes)]
    for kind in kinds or [None]:
        minutes = kind.minutes if kind else freed.minutes
        if minutes > freed.minutes or not _in_time(freed, wish, minutes):
            continue
        if kind and kind.clinicians and freed.clinician not in kind.clinicians:
            continue
        way = _way(freed, wish, kind)
        if way is not None:
            key = kind.key if kind else None
            return Fit(wish.key, way, key, minutes, _because(wish, way))
    return None


def in_order(freed: Freed, wishes: Iterable[Wish], *, now: datetime) -> list[Fit]:
    """Everybody whom the hour suits: the more urgent first, then who has waited longest."""
    line = sorted(wishes, key=lambda one: (one.urgency, one.since, one.key))
    return [fit for wish in line if (fit := fits(freed, wish, now=now)) is not None]


def _in_time(freed: Freed, wish: Wish, minutes: int) -> bool:
    """Whether ``minutes`` from its start lie in the times they can, as clocks there show them."""
    if wish.weekdays and freed.start.isoweekday() not in wish.weekdays:
        return False
    begins = _since_midnight(freed.start, freed.start.date())
    ends_at = (freed.start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(
        freed.start.tzinfo
    )
    ends = max(_since_midnight(ends_at, freed.start.date()), begins + 1)
    if wish.from_at is not None and begins < _minutes(wish.from_at):
        return False
    if wish.until_at is not None and ends > _minutes(wish.until_at):
        return False
    return not wish.parts or _covered(begins, ends, wish.parts)


def _covered(begins: int, ends: int, parts: Iterable[str]) -> bool:
    """Whether these parts together, as they follow each other, hold the stretch."""
    reached = begins
    for start, end in sorted(PARTS[name] for name in parts):
        if start <= reached < end:
            reached = end
    return reached >= ends


def _since_midnight(shown: datetime, day: date) -> int:
    return (shown.date() - day).days * 1440 + shown.hour * 60 + shown.minute


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _way(freed: Freed, wish: Wish, kind: Kind | None) -> str | None:
    for way in WAYS:
        if way not in freed.ways or (wish.ways and way not in wish.ways):
            continue
        if kind and kind.ways and way not in kind.ways:
            continue
        if kind and kind.needs.get(way, frozenset()) & freed.lacks:
            continue
        if way == "HERE" and wish.places and freed.place not in wish.places:
            continue
        return way
    return None


def _because(wish: Wish, way: str) -> tuple[str, ...]:
    asked = {
        "clinician": wish.clinicians, "weekday": wish.weekdays, "part": wish.parts,
        "hours": wish.from_at or wish.until_at, "kind": wish.kinds, "way": wish.ways,
        "place": wish.places and way == "HERE",
    }  # fmt: skip
    return tuple(name for name, wished in asked.items() if wished)


# Clocks -----------------------------------------------------------------------------------


def is_quiet(shown: datetime) -> bool:
    """Whether clocks that show this stand in the quiet hours of the night."""
    return not QUIET_UNTIL <= shown.time() < QUIET_FROM


def answer_by(shown: datetime, minutes: int, *, starts: datetime) -> datetime:
    """Until when an offer made at ``shown`` (aware, on the practice's clock) can be answered.

    The minutes count from the end of the quiet hours; nobody is asked past the start.
    """
    begins = shown
    if is_quiet(shown):
        day = shown.date() + timedelta(days=shown.time() >= QUIET_FROM)
        begins = datetime.combine(day, QUIET_UNTIL, tzinfo=shown.tzinfo)
    return min(begins.astimezone(UTC) + timedelta(minutes=minutes), starts.astimezone(UTC))


def confirm_on(day: date, weeks: int) -> date:
    """When somebody who said on ``day`` that they look is asked again."""
    return day + timedelta(weeks=weeks)
