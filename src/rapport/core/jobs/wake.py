"""Waking a worker that waits in this process, so that a fresh job need not wait for the poll."""

import threading
from collections import defaultdict

from django.db import connection, transaction


class Bell:
    """Rung when something was enqueued; a ring while nobody waits is not lost."""

    def __init__(self) -> None:
        self._rings = 0
        self._changed = threading.Condition()

    def rings(self) -> int:
        """How often it rang: read this before looking for work."""
        with self._changed:
            return self._rings

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Sleep until it has rung since ``seen`` was read, at most ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout=seconds)


_bells: dict[str, Bell] = defaultdict(Bell)


def bell() -> Bell:
    """The bell of the practice whose database this thread uses."""
    return _bells[str(connection.settings_dict["NAME"])]


def ring_on_commit() -> None:
    """Wake this practice's workers once the surrounding transaction is on disk."""
    transaction.on_commit(bell().ring)
