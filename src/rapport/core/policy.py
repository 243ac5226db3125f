"""Who may do what. Rooms hand in data and named relations; this module alone answers.

A *standing* is a relation in words between the person who asks and what is asked about
("the client's care team"). A *permit* is one line of data: this permission, to these
standings. A *prohibition* is a named reason for no, and beats every permit. Nobody wrote
a line for it means no.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Scope = Literal["administrative", "clinical", ""]
Relation = Callable[..., bool]


class Denied(Exception):
    """The person may not do this to that. Pages answer 404, the API answers 403."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


@dataclass(frozen=True)
class System:
    """The program itself: the clock, a job, the command line, the demo."""

    name: str

    is_system = True
    is_authenticated = True
    staff = None
    client = None

    @property
    def pk(self) -> str:
        """What the audit trail calls this actor."""
        return f"system:{self.name}"


@dataclass(frozen=True)
class Nobody:
    """Whoever has not signed in."""

    pk = ""
    is_system = False
    is_authenticated = False
    staff = None
    client = None


@dataclass(frozen=True)
class Standing:
    """A relation between a person and a subject, in words."""

    name: str
    words: Words
    holds: Relation


@dataclass(frozen=True)
class Permit:
    """One permission: what it allows, in words, and to whom."""

    permission: str
    words: Words
    to: tuple[str, ...]
    scope: Scope


@dataclass(frozen=True)
class Prohibition:
    """A reason for no that beats every permit."""

    name: str
    words: Words
    holds: Relation


_standings: dict[str, Standing] = {}
_permits: dict[str, Permit] = {}
_prohibitions: dict[str, Prohibition] = {}


def standing(name: str, words: Words) -> Callable[[Relation], Relation]:
    """Name a relation. The function answers ``(by, **subject) -> bool`` and has no effects."""

    def register(holds: Relation) -> Relation:
        if name in _standings:
            raise ValueError(f"two standings are called {name!r}")
        _standings[name] = Standing(name, words, holds)
        return holds

    return register


def permit(permission: str, words: Words, *, to: Iterable[str], scope: Scope = "") -> None:
    """Allow ``permission`` to everyone who has one of the standings in ``to``."""
    if permission in _permits:
        raise ValueError(f"two permits for {permission!r}")
    _permits[permission] = Permit(permission, words, tuple(to), scope)


def forbid(name: str, words: Words) -> Callable[[Relation], Relation]:
    """Name a reason for no. The function answers ``(permission, by, **subject) -> bool``."""

    def register(holds: Relation) -> Relation:
        if name in _prohibitions:
            raise ValueError(f"two prohibitions are called {name!r}")
        _prohibitions[name] = Prohibition(name, words, holds)
        return holds

    return register


def allows(permission: str, by: Any, **subject: Any) -> bool:
    """Whether ``by`` may do this to that; no to every question nobody has written down.

    Raises:
        KeyError: a permit names a standing that does not exist.
    """
    line = _permits.get(permission)
    if line is None:
        return False
    if not any(_standings[name].holds(by, **subject) for name in line.to):
        return False
    return not any(no.holds(permission, by, **subject) for no in _prohibitions.values())


def known() -> frozenset[str]:
    """Every permission that has a line."""
    return frozenset(_permits)


@dataclass(frozen=True)
class Row:
    """A line of the permission page."""

    permission: str
    words: Words
    scope: Scope
    standings: tuple[Standing, ...]


def table() -> list[Row]:
    """The whole policy, sorted by permission, as the permission page shows it."""
    return [
        Row(p.permission, p.words, p.scope, tuple(_standings[name] for name in p.to))
        for p in sorted(_permits.values(), key=lambda p: p.permission)
    ]


def prohibitions() -> list[Prohibition]:
    """Every reason for no, in the order it was declared."""
    return list(_prohibitions.values())


def standings() -> dict[str, Standing]:
    """Every named relation."""
    return dict(_standings)


@standing("system", _("Rapport itself (clock, jobs, command line)"))
def is_the_program(by: Any, **_subject: Any) -> bool:
    return bool(getattr(by, "is_system", False))


def person(by: Any) -> Any:
    """The account that acts, for a row that names who did it; None where the program does."""
    return None if getattr(by, "is_system", False) else by


@standing("anyone", _("everyone, signed in or not"))
def is_anyone(by: Any, **_subject: Any) -> bool:
    return True


@standing("signed_in", _("everyone who has signed in"))
def has_signed_in(by: Any, **_subject: Any) -> bool:
    return bool(by.is_authenticated)
