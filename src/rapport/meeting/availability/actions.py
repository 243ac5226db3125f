"""Writing down when somebody cannot be met."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.staff.models import Staff

from ..appointments.rules import Slot
from .models import Busy


@action("busy.set")
def set_busy(
    *, by: Any, staff: Staff, source: uuid.UUID, spans: Iterable[Slot], first: date, last: date
) -> int:
    """Replace what one outside calendar says of the days ``first`` to ``last``, both included.

    Args:
        source: the id of the outside calendar. spans: when it says that ``staff`` is taken;
            what reaches beyond these days is kept whole.

    Returns:
        How many stretches there are now.
    """
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    known = Busy.objects.filter(source=source, starts_at__lt=end, ends_at__gt=start)
    wanted = {(one.start, one.end) for one in spans}
    there = {(one.starts_at, one.ends_at): one.pk for one in known}
    known.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    new = sorted(wanted - there.keys())
    Busy.objects.bulk_create(
        [Busy(staff=staff, source=source, starts_at=a, ends_at=b) for a, b in new], batch_size=200
    )
    return len(wanted)
