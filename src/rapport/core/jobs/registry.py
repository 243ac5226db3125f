"""Which function answers to which job name, and which clock strikes for it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from .schedule import Schedule

ATTEMPTS = 5
LONGEST_NAME = 100
LEASE = timedelta(seconds=60)
OFFERED = ("progress", "once", "now")

F = TypeVar("F", bound=Callable[..., Any])
Reading = Callable[[Mapping[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]


class UnknownJob(LookupError):
    """No function has this job name. It was renamed, or its module is not discovered."""


def by_keyword(args: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Hand a job's args to its function as they are."""
    return (), dict(args)


@dataclass(frozen=True)
class Spec:
    """How a job is run.

    outside: it reaches beyond the database (mail, files, another server), so it runs
        outside a transaction and may run again after a crash; ``once`` tells it apart.
        Otherwise its writes and its completion are one commit: the effect happens once.
    wants: which of ``progress``, ``once``, ``now`` the function asks for by name.
    """

    name: str
    run: Callable[..., Any]
    attempts: int
    outside: bool
    lease: timedelta
    wants: frozenset[str]
    read: Reading = by_keyword


@dataclass(frozen=True)
class Clock:
    """Strikes by ``schedule`` in ``zone`` and enqueues ``job`` each time."""

    name: str
    schedule: Schedule
    zone: str  # an IANA name, or "practice"
    job: str


SPECS: dict[str, Spec] = {}
CLOCKS: dict[str, Clock] = {}


def spec(name: str) -> Spec:
    """The job called ``name``.

    Raises:
        UnknownJob: there is none.
    """
    try:
        return SPECS[name]
    except KeyError:
        raise UnknownJob(f"no job is called {name!r}") from None


def add(
    name: str,
    run: Callable[..., Any],
    *,
    attempts: int = ATTEMPTS,
    outside: bool = True,
    lease: timedelta = LEASE,
    read: Reading = by_keyword,
) -> Spec:
    """Enter a job. Twice the same name is a mistake."""
    if name in SPECS:
        raise ValueError(f"two jobs are called {name!r}")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"{name!r} is too long a name for a job")
    asked = inspect.signature(run).parameters
    wants = frozenset(offer for offer in OFFERED if offer in asked)
    if "progress" in wants and not outside:
        raise ValueError(f"{name!r} commits in one piece, so nobody could see its progress")
    SPECS[name] = Spec(name, run, attempts, outside, lease, wants, read)
    return SPECS[name]


def job(
    name: str, *, attempts: int = ATTEMPTS, outside: bool = True, lease: timedelta = LEASE
) -> Callable[[F], F]:
    """Let a keyword-only function answer to ``name`` (``noun.verb``, never renamed).

    The function gets the ids it was enqueued with, and whichever of these it names:
    ``progress`` (call it with done, total), ``once`` (an idempotency key: the same for
    every run of this job), ``now`` (aware, UTC). It may run more than once, unless
    ``outside=False`` says that it only writes to the database.
    """

    def register(run: F) -> F:
        add(name, run, attempts=attempts, outside=outside, lease=lease)
        run.job = name  # type: ignore[attr-defined]
        return run

    return register


def cron(name: str, when: str, *, zone: str = "practice") -> Callable[[F], F]:
    """Strike at ``"03:10"`` each day, ``"MON 03:10"`` each week or ``"*/5"`` minutes.

    Put above ``@job(...)``; a function that is no job yet becomes one called ``name``.
    A clock strikes once per tick however many schedulers run, once after a sleep that
    missed several ticks, and starts with the first tick after it was first seen.
    """

    def register(run: F) -> F:
        if name in CLOCKS:
            raise ValueError(f"two clocks are called {name!r}")
        called = getattr(run, "job", None)
        if called is None:
            called = name
            job(name)(run)
        CLOCKS[name] = Clock(name, Schedule.parse(when), zone, called)
        return run

    return register
