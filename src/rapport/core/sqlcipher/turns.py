"""Taking turns at SQLite's one writer, first come first served.

SQLite lets those who wait look again now and then. Whoever writes much, such as a job that
admits clients one after another, would find the writer free each time and the others never.
"""

import os
import threading
from collections import deque


class Turns:
    """A lock that is handed to whoever has waited longest."""

    def __init__(self) -> None:
        self.clear()
        os.register_at_fork(after_in_child=self.clear)

    def clear(self) -> None:
        """Begin anew: nobody holds it, nobody waits."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most ``seconds``; False when it did not come."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                return False
        return True  # it was handed over in this very moment

    def give(self) -> None:
        """Hand the turn to the next one."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


_of: dict[str, Turns] = {}
_guard = threading.Lock()


def of(database: str) -> Turns:
    """The turns of one database file in this process."""
    with _guard:
        return _of.setdefault(database, Turns())
