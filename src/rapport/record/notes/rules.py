"""What a note needs and how two versions of one meet. No Django, no clock, no database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

LATE_AFTER_DAYS = 2
"""A note opened more than so many days after the contact is a late entry."""

LONGEST = 200_000
"""Characters of one section: some sixty printed pages."""

LONGEST_CONTACT = timedelta(hours=6)
"""A stop time that lies before the start is the next day's, up to this length."""

TIMED = frozenset({"SESSION"})
"""Contacts that are not signed without start and stop: payers take money back for these."""


class Backwards(ValueError):
    """The stop time lies before the start."""


def is_late(happened_on: date, *, today: date) -> bool:
    """Whether a note about ``happened_on`` that is opened today is a late entry."""
    return (today - happened_on).days > LATE_AFTER_DAYS


def too_long(sections: Mapping[str, str]) -> list[str]:
    """The keys of sections with more characters than are kept."""
    return [key for key, text in sections.items() if len(text) > LONGEST]


def unwritten(required: Iterable[str], sections: Mapping[str, str]) -> list[str]:
    """The keys of required sections in which nothing stands."""
    return [key for key in required if not sections.get(key, "").strip()]


def loses_nothing(stands: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether every text of ``stands`` is the beginning of, or all of, the same in ``given``.

    So it is when an answer was lost on the way: the window that saved goes on writing from
    a revision that it never heard of. Then there is nothing to decide about.
    """
    return all(given.get(key, "").startswith(text) for key, text in stands.items())


def refitted(
    sections: Mapping[str, str], keys: list[str], labels: Mapping[str, str]
) -> dict[str, str]:
    """``sections`` in another form: what it has no place for is put below the first section.

    Args:
        keys: of the new form, in order. labels: of the old one, to say what the words were.
    """
    fits = {key: sections.get(key, "") for key in keys}
    homeless = {key: text for key, text in sections.items() if key not in fits and text.strip()}
    moved = [f"**{labels.get(key, key)}**\n\n{text}" for key, text in homeless.items()]
    first = keys[0]
    fits[first] = "\n\n".join(part for part in (fits[first], *moved) if part)
    return fits


def joined(stands: str, more: str) -> str:
    """Two texts one below the other; one of them alone where the other says nothing new."""
    if not more or more in stands:
        return stands
    return more if not stands or stands in more else f"{stands}\n\n{more}"


def stretch(
    day: date, start: time | None, stop: time | None, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """Start and stop as instants on the practice's clock; a contact may pass midnight.

    Raises:
        Backwards: the stop lies before the start, or too long after it.
    """
    began, ended = _at(day, start, zone), _at(day, stop, zone)
    if began is not None and ended is not None and ended <= began:
        ended = _at(day + timedelta(days=1), stop, zone)
        if ended is None or ended - began > LONGEST_CONTACT:
            raise Backwards
    return began, ended


def _at(day: date, hour: time | None, zone: tzinfo) -> datetime | None:
    """The instant in UTC, so that an hour that clocks skip or repeat is counted right."""
    return None if hour is None else datetime.combine(day, hour, zone).astimezone(UTC)
