"""What a job may carry, and how long it waits before it is tried again."""

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
SPREAD = 0.25  # jobs that failed together do not come back together

Value = str | int | bool | None

_ID = re.compile(r"[a-z0-9]+(?:[._:-][a-z0-9]+)*|[A-Z][A-Z0-9_]*")
_LONGEST_ID = 100


class NotAnId(ValueError):
    """A job was given something that is neither id, number nor date. Hand over an id."""


def wait_after(attempts: int, chance: float) -> timedelta:
    """How long a job rests after its ``attempts``-th run failed.

    Doubles from 5 seconds up to an hour, then spread by up to a quarter either way.

    Args:
        attempts: runs begun so far, 1 or more.
        chance: in [0, 1), drawn by the caller.
    """
    doubled = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    rest: timedelta = min(doubled, LONGEST_WAIT) * (1 - SPREAD + 2 * SPREAD * chance)
    return rest


def carried(args: Mapping[str, object]) -> dict[str, Value]:
    """``args`` as JSON can hold them, refusing whatever might be a name or a note.

    Allowed are UUIDs, whole numbers, yes and no, nothing, dates and instants, short
    lower-case ids such as ``phq-9`` or ``people.client`` and stored choices such as
    ``BOOKED``. An id is not checked against any table.

    Raises:
        NotAnId: anything else. The message names the keyword, never the value.
    """
    return {name: _one(name, value) for name, value in args.items()}


def key(unique: str | None) -> str | None:
    """``unique`` if it is made of ids and instants, joined by ``@``; it stands in the clear.

    Raises:
        NotAnId: it is not.
    """
    if unique is not None:
        carried({f"unique, part {n}": part for n, part in enumerate(unique.split("@"), 1)})
    return unique


def _one(name: str, value: object) -> Value:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, str) and _is_id(value):
        return value
    raise NotAnId(f"a job carries ids, numbers and dates only; look at {name!r}")


def _is_id(text: str) -> bool:
    if len(text) > _LONGEST_ID:
        return False
    return bool(_ID.fullmatch(text)) or _is_instant(text)


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
