"""A slow calendar to compare the fast one with: it looks at every day and at every minute."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from rapport.meeting.series.rules import Rule

ZONES = (
    "America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/St_Johns",
    "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "Europe/London",
    "America/Sao_Paulo", "Pacific/Auckland",
)  # fmt: skip
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@lru_cache(maxsize=200_000)
def begins(day, at, zone):
    """The first minute at which clocks there show that day and time, or a later one."""
    wall = datetime.combine(day, at)
    where = ZoneInfo(zone)
    about = wall.replace(tzinfo=where).utcoffset()  # clocks change by far less than four hours
    minute = (wall - about - timedelta(hours=4)).replace(tzinfo=UTC)
    while minute.astimezone(where).replace(tzinfo=None) < wall:
        minute += MINUTE
    return minute


def named(rule, starts_on, last):
    """Every day the rule names up to ``last``, by looking at each."""
    found, day = [], starts_on
    while day <= last and (rule.until is None or day <= rule.until):
        if rule.times is not None and len(found) == rule.times:
            break
        if names(rule, starts_on, day):
            found.append(day)
        day += DAY
    return found


def names(rule, starts_on, day):
    """Whether a rule without its end names a day."""
    fits = not rule.days or day.isoweekday() in rule.days
    if rule.freq == "DAILY":
        return fits and (day - starts_on).days % rule.every == 0
    if rule.freq == "WEEKLY":
        weeks = (monday(day) - monday(starts_on)).days // 7
        return fits and weeks % rule.every == 0
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    same = [day.replace(day=n) for n in range(1, 32) if _is(day, n)]
    same = [one for one in same if one.isoweekday() == day.isoweekday()]
    place = same.index(day) - (len(same) if rule.nth < 0 else -1)
    return fits and months % rule.every == 0 and place == rule.nth


def monday(day):
    return day - timedelta(day.weekday())


def _is(day, number):
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True


@cache
def changes(zone):
    """The days from 2026 to 2030 on which clocks there change."""
    where, found, day = ZoneInfo(zone), [], FIRST
    while day <= LAST:
        begin, end = (
            datetime.combine(one, datetime.min.time(), tzinfo=where).utcoffset()
            for one in (day, day + DAY)
        )
        found += [day] if begin != end else []
        day += DAY
    return tuple(found)


zones = st.sampled_from(ZONES)
times = st.times().map(lambda t: t.replace(minute=t.minute // 5 * 5, second=0, microsecond=0))


@st.composite
def days_near_changes(draw, zone):
    """Any day of these years; half of them within three days of a change of clocks."""
    near = changes(zone)
    if near and draw(st.booleans()):
        return draw(st.sampled_from(near)) + timedelta(draw(st.integers(-3, 3)))
    return draw(st.dates(FIRST, LAST))


@st.composite
def rules(draw, first, ends=True):
    """A rule that names ``first``."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "WEEKLY", "WEEKLY", "MONTHLY"]))
    every = draw(st.integers(1, 4))
    days, nth = (), None
    if freq == "WEEKLY":
        more = draw(st.sets(st.integers(1, 7), max_size=2))
        days = tuple(sorted({first.isoweekday(), *more}))
    if freq == "MONTHLY":
        days = (first.isoweekday(),)
        last = (first + 7 * DAY).month != first.month
        nth = -1 if last and draw(st.booleans()) else (first.day - 1) // 7 + 1
    ending = draw(st.sampled_from(["", "", "until", "times"])) if ends else ""
    until = first + timedelta(draw(st.integers(0, 700))) if ending == "until" else None
    times = draw(st.integers(1, 90)) if ending == "times" else None
    return Rule(freq, every, days, nth, until, times)
