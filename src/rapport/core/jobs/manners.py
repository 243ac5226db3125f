"""Pages first: a worker begins when nobody waits for a page of this process, or has waited long.

One process runs one line of Python at a time, and one connection's commit makes every other
read its pages of an encrypted file anew. Whoever turns pages would wait for reminders.
"""

import contextlib
import threading
from collections.abc import Iterator
from time import monotonic


class Pages:
    """How many pages are being answered, and when the last one was."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._left = float("-inf")

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """A page is answered inside the block."""
        with self._lock:
            self._open += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                self._left = monotonic()

    def rest_for(self, seconds: float) -> bool:
        """Whether none was asked for within the last ``seconds``."""
        with self._lock:
            return not self._open and monotonic() - self._left >= seconds


PAGES = Pages()
"""Of this process."""
