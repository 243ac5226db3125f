"""The audit trail: who did, saw or was refused what. Append-only, chained, never content.

``unit`` is the transaction of an action: what is recorded inside is written as the last
statements before the outermost commit, so that the chain's head is held only for that
long and nothing is locked after it. ``looking`` is the same for a page: its look is
written with the first action inside it, or by itself at the end.
"""

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from rapport.core import practice, time
from rapport.core.prepared import prepared
from rapport.core.writing import change, insert

from . import chain, head
from .models import AuditEntry, AuditHead

__all__ = ["looking", "origin", "record", "refused", "shown", "unit"]


@dataclass
class _Line:
    """An entry on its way to the chain."""

    verb: str
    by: str
    allowed: bool
    about: str
    subject: list[tuple[str, str]]


@dataclass
class _Unit:
    lines: list[_Line] = field(default_factory=list)
    refusals: list[_Line] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("audit_unit", default=None)
_look: ContextVar[list[_Line] | None] = ContextVar("audit_look", default=None)
origin: ContextVar[str] = ContextVar("audit_origin", default="")


def _named(subject: dict[str, Any]) -> tuple[list[tuple[str, str]], str]:
    """The ids in ``subject`` and the client they concern. Anything but a saved row is left out."""
    pairs: dict[tuple[str, str], None] = {}
    about = ""
    for name, thing in subject.items():
        if isinstance(thing, Model) and thing.pk is not None:
            pairs[(thing._meta.label_lower, str(thing.pk))] = None
            about = about or str(getattr(thing, "audit_about", None) or "")
        elif name.endswith("_id") and thing is not None:
            asked = str(thing)[:64].replace("\x00", "")  # which PostgreSQL keeps in no text
            pairs[(name.removesuffix("_id"), asked)] = None
    return list(pairs), about


def _line(verb: str, by: Any, subject: dict[str, Any], allowed: bool) -> _Line:
    pairs, about = _named(subject)
    return _Line(verb, str(by.pk or ""), allowed, about, pairs)


def record(*, verb: str, by: Any, subject: dict[str, Any], allowed: bool = True) -> None:
    """Write one entry: with the surrounding action or page, else by itself."""
    line = _line(verb, by, subject, allowed)
    current = _unit.get()
    if current is not None:
        current.lines.append(line)
        return
    look = _look.get()
    if look is not None:
        look.append(line)
        return
    with unit():
        _unit_now().lines.append(line)


def refused(*, verb: str, by: Any, subject: dict[str, Any]) -> None:
    """Record a refusal that survives the rollback it is about to cause."""
    _unit_now().refusals.append(_line(verb, by, subject, allowed=False))


def shown(label: str, ids: Iterable[Any]) -> None:
    """Add the ids a list page shows to that page's entry. Outside a page: nothing to add to."""
    look = _look.get()
    if look:
        look[0].subject.extend((label, str(one)) for one in ids)


def _unit_now() -> _Unit:
    current = _unit.get()
    if current is None:
        raise RuntimeError("a refusal is recorded inside audit.unit()")
    return current


@contextlib.contextmanager
def unit() -> Iterator[None]:
    """A transaction whose entries are its last statements. Nests as savepoints."""
    outer = _unit.get()
    if outer is not None:
        mark = len(outer.lines)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer.lines[mark:]
            raise
        return

    mine = _Unit()
    token = _unit.set(mine)
    look = _look.get()
    waiting = len(look) if look else 0
    try:
        with transaction.atomic():
            yield
            _append([*(look[:waiting] if look else []), *mine.lines])
        if look:
            del look[:waiting]
    finally:
        _unit.reset(token)
        if mine.refusals:
            with transaction.atomic():
                _append(mine.refusals)


@contextlib.contextmanager
def looking(*, verb: str, by: Any, subject: dict[str, Any]) -> Iterator[None]:
    """Record that a page was opened, even when the page then fails."""
    look = [_line(verb, by, subject, allowed=True)]
    token = _look.set(look)
    try:
        yield
    finally:
        _look.reset(token)
        if look:
            with transaction.atomic():
                _append(look)


def _append(lines: list[_Line]) -> None:
    """Lock the head, number, chain, insert, move the head: nothing is locked afterwards."""
    if not lines:
        return
    here = practice.current()
    version = here.keyring.version
    key = here.keyring.derive("audit", version=version)
    last, before = _locked_head()
    at, whence = time.now(), origin.get()
    rows = []
    for number, line in enumerate(lines, start=last + 1):
        said = chain.covered(
            number=number, at=at, verb=line.verb, by=line.by, allowed=line.allowed,
            about=line.about, subject=line.subject, origin=whence, key_version=version,
        )  # fmt: skip
        before = chain.link(key, before, said)
        rows.append(
            AuditEntry(
                number=number,
                at=at,
                verb=line.verb,
                by=line.by,
                allowed=line.allowed,
                about=line.about or None,
                subject=line.subject,
                origin=whence,
                key_version=version,
                mac=before,
            )  # fmt: skip
        )
    insert(rows)
    number = last + len(rows)
    change(AuditHead, 1, number=number, mac=before)
    transaction.on_commit(lambda: head.note(here.folder, number, before))


def _locked_head() -> tuple[int, bytes]:
    found = _head()
    if not found:  # the first entry ever; of two at once the second waits for the first
        AuditHead.objects.bulk_create([AuditHead(mac=chain.GENESIS)], ignore_conflicts=True)
        found = _head()
    number, mac = found[0]
    return number, bytes(mac)


@prepared
def _head() -> QuerySet[AuditHead, Any]:
    return AuditHead.objects.select_for_update().filter(pk=1).values_list("number", "mac")
