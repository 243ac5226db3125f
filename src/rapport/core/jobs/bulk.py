"""Much work in small pieces, so that nobody waits long for SQLite's one writer."""

from collections.abc import Iterator
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def chunks(rows: "models.QuerySet[M]", size: int = 200) -> Iterator[list[M]]:
    """Read ``rows`` by primary key, ``size`` at a time, without holding a transaction.

    No job may hold the writer longer than 100 ms, since every page view writes an audit
    row. So a job that touches many rows takes them in chunks, each its own transaction::

        for some in jobs.chunks(Thing.objects.filter(stale=True)):
            with transaction.atomic():
                ...

    Rows that appear behind the place already reached are not seen; rows that stop
    matching before they are reached are left out.
    """
    ordered = rows.order_by("pk")
    found = list(ordered[:size])
    while found:
        yield found
        if len(found) < size:
            return
        found = list(ordered.filter(pk__gt=found[-1].pk)[:size])
