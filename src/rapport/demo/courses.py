"""One stretch of care as it is to happen: a story laid on the days of a standing hour."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from . import week
from .cast import RISK, Person, Stay
from .stories import Session, Story, pick, risk_of_today, stories
from .week import AHEAD, LUNCH, Diary, Seat

MET = ("KEPT", "MISSED", "CANCELLED")
LENGTH, TOGETHER = 50, 80  # minutes
WEEKLY_FOR = 450  # days; whoever comes longer comes every second week
OFTEN = {"ana": 1.0, "ben": 0.7, "clara": 0.7, "ines": 0.7, "sam": 0.7}  # come every week
MOVED = 0.03  # of ordinary hours
TRIES = 12
FIRST_ID = {0: "the-flat-winter"}  # Mara's


@dataclass(frozen=True)
class Contact:
    """One contact: when, and what is told of it; ``told`` is None while it is still to come.

    ``moved_from`` is the hour it was booked for at first. ``meets``: it stands in the calendar.
    """

    at: datetime
    minutes: int
    told: Session | None
    meets: bool = True
    moved_from: datetime | None = None
    first: bool = False

    @property
    def ends(self) -> datetime:
        return self.at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Course:
    """A stretch of care: its story, its standing hour, and every contact in order."""

    story: Story
    seat: Seat
    contacts: list[Contact]


def lay(person: Person, n: int, stay: Stay, diary: Diary, *, intern: bool, seed: int) -> Course:
    """What happened to ``person`` in ``stay``, and what is booked; takes hours of the diary."""
    dice = random.Random(f"{seed} course {n} {stay.since}")  # noqa: S311  invention
    today = diary.shape.today
    since = today - timedelta(days=stay.since)
    until = today - timedelta(days=stay.until) if stay.until is not None else None
    story = _story(person, n, stay, today, dice, intern=intern)
    seat = _seat(person, n, stay, diary, since, until or today + timedelta(days=400), dice)
    days = list(diary.days(seat, since + timedelta(days=1), until or today + timedelta(AHEAD)))
    minutes = TOGETHER if person.kind in ("COUPLE", "FAMILY") else LENGTH
    hours = [Contact(diary.start(day, seat.hour), minutes, None) for day in days]
    now = diary.shape.now
    past = [one for one in hours if one.at <= now]
    ahead = [one for one in hours if one.at > now]
    told = _told(story, len(past), seed=n, ended=stay.ended)
    contacts = _told_on(past, told, diary, dice)
    if story.today:
        contacts = _last_days(contacts, past, story, diary)
    if contacts:
        contacts[0] = replace(contacts[0], first=True)
    return Course(story, seat, contacts + ahead)


def _story(
    person: Person, n: int, stay: Stay, today: date, dice: random.Random, *, intern: bool
) -> Story:
    if n == RISK:
        return risk_of_today()
    if n in FIRST_ID:
        return next(one for one in stories() if one.id == FIRST_ID[n])
    if intern and person.kind == "ADULT":
        able = [one for one in stories() if one.supervised]
        return able[n % len(able)]
    age = (today - person.born).days // 365
    return pick(stay.problem, person.kind, dice.randrange(1000), age=age, ended=stay.ended)


def _seat(
    person: Person, n: int, stay: Stay, diary: Diary, since: date, until: date,
    dice: random.Random,
) -> Seat:  # fmt: skip
    weekday = {0: diary.shape.nextday.weekday(), RISK: diary.shape.coming.weekday()}.get(n)
    if person.kind in ("COUPLE", "FAMILY"):
        return diary.seat(since, until, 2, dice, weekday=None, last=True)
    often = dice.random() < OFTEN[person.clinician] and stay.since < WEEKLY_FOR or n == RISK
    return diary.seat(since, until, 1 if often else 2, dice, weekday=weekday, last=n == RISK)


def _told(story: Story, hours: int, *, seed: int, ended: str) -> list[Session]:
    """A course whose meetings are as many as there were hours, or hardly fewer."""
    length = hours
    best: list[Session] = []
    for _try in range(TRIES):
        found = story.course(length, seed=seed, ended=ended)
        met = sum(one.what in MET for one in found)
        if met <= hours and len(found) >= len(best):
            best = found
        if met == hours:
            return found
        length += 1 if met < hours else -1
    return best


def _told_on(
    past: list[Contact], told: list[Session], diary: Diary, dice: random.Random
) -> list[Contact]:
    """Each meeting on a day of its own; calls and crises on the days between."""
    met = sum(one.what in MET for one in told)
    hours = past[len(past) - met :] if met else []
    made: list[Contact] = []
    for one in told:
        if one.what in MET and hours:
            hour = hours.pop(0)
            made.append(_moved(replace(hour, told=one), diary, dice))
            continue
        if one.what in MET:
            break
        before = made[-1].at.date() if made else past[0].at.date() if past else diary.shape.today
        latest = hours[0].at.date() if hours else diary.shape.today
        made.append(_call(one, before, latest, diary))
    return sorted((one for one in made if one.at <= diary.shape.now), key=lambda one: one.at)


def _moved(contact: Contact, diary: Diary, dice: random.Random) -> Contact:
    told = contact.told
    ordinary = told is not None and told.between and told.what == "KEPT"
    if not ordinary or contact.minutes > LENGTH or dice.random() >= MOVED:
        return contact
    day = contact.at.date()
    if day == diary.shape.today or not diary.lunch(day):
        return contact
    return replace(contact, at=diary.start(day, LUNCH), moved_from=contact.at)


def _call(one: Session, before: date, latest: date, diary: Diary) -> Contact:
    """A contact outside the calendar, some days after the one before and not after the next."""
    day = before + timedelta(days=max(0, min(one.after, (latest - before).days - 1)))
    day = max(diary.shape.worked(day, -1), before)
    hour = week.LAST + 1 if day == before else LUNCH
    return Contact(diary.start(day, hour) + timedelta(minutes=5), max(one.minutes, 5), one, False)


def _last_days(
    contacts: list[Contact], past: list[Contact], story: Story, diary: Diary
) -> list[Contact]:
    """The days before the risk of today lie close together, as its story has it."""
    whole = story.course(max(len(contacts), len(story.sessions)))
    tail = next(n for n, one in enumerate(whole) if one.tight)
    close, early = whole[tail:], whole[:tail]
    day, placed = diary.shape.today - timedelta(days=3), []
    for one in reversed(close):
        day = diary.shape.worked(day, -1)
        if one.what in MET and diary.lunch(day):
            placed.append(Contact(diary.start(day, LUNCH), LENGTH, one))
        else:
            placed.append(_call(replace(one, after=0), day, day, diary))
        day -= timedelta(days=one.after)
    first = placed[-1].at.date()
    hours = [one for one in past if one.at.date() < first and one.at.date() <= day]
    fits = min(len(hours), len(early))
    early = early[:1] + early[len(early) - fits + 1 :] if fits else []
    laid = [replace(hour, told=one) for hour, one in zip(hours[-fits:], early, strict=False)]
    return sorted([*laid, *placed], key=lambda one: one.at)
