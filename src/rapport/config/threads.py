"""Threads for pages: whichever worked last works next.

Each thread has a database connection of its own, and what that has read stays at hand until
another connection writes. One person who turns pages is thus answered by one thread whose
pages of the encrypted file are open already, instead of by each in turn.
"""

import functools
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import Any

Tell = Callable[[], None]
Work = Callable[[], Tell]


class Threads(Executor):
    """At most ``most`` threads, begun when they are needed. They end with the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._begun = 0
        self._idle: list[SimpleQueue[Work]] = []
        self._waiting: deque[Work] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Let a thread call ``fn``; what waits is taken in the order it came."""
        future: Future[Any] = Future()

        def work() -> Tell:
            if not future.set_running_or_notify_cancel():
                return lambda: None
            try:
                result = fn(*args, **kwargs)
            except BaseException as problem:  # whoever waits for the answer is told
                return functools.partial(future.set_exception, problem)
            return functools.partial(future.set_result, result)

        with self._lock:
            if self._idle:
                self._idle.pop().put(work)
            elif self._begun < self._most:
                self._begun += 1
                name = f"page-{self._begun}"
                threading.Thread(target=self._live, args=(work,), name=name, daemon=True).start()
            else:
                self._waiting.append(work)
        return future

    def _live(self, work: Work) -> None:
        mine: SimpleQueue[Work] = SimpleQueue()
        while True:
            tell = work()
            with self._lock:
                following = self._waiting.popleft() if self._waiting else None
                if following is None:
                    self._idle.append(mine)
            tell()  # only now, so that who is answered and asks again finds this thread idle
            work = following or mine.get()
