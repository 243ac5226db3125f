"""Checking the audit chain: the first entry changed, removed, inserted or reordered."""

import hmac
from collections.abc import Iterator

from rapport.core import practice
from rapport.core.verify import Problem, verifies

from . import chain, head
from .models import AuditEntry, AuditHead


def _said(entry: AuditEntry) -> bytes:
    return chain.covered(
        number=entry.number, at=entry.at, verb=entry.verb, by=entry.by, allowed=entry.allowed,
        about=str(entry.about or ""), subject=entry.subject, origin=entry.origin,
        key_version=entry.key_version,
    )  # fmt: skip


def _gap(first: int, last: int) -> Problem:
    where = f"audit entry {first}" if first == last else f"audit entries {first} to {last}"
    return Problem("removed", where)


@verifies("audit")
def audit_chain() -> Iterator[Problem]:
    """Walk the chain once and compare its end with the head row and the note beside the keys."""
    here = practice.current()
    noted = head.noted(here.folder)
    keys: dict[int, bytes | None] = {}
    before, last = chain.GENESIS, 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number < 1:
            yield Problem("inserted", f"audit entry {entry.number}")
            continue
        if entry.number != last + 1:
            yield _gap(last + 1, entry.number - 1)
            before = bytes(entry.mac)  # the links on either side of a gap cannot be compared
        else:
            version = entry.key_version
            if version not in keys:
                known = version in here.keyring.versions
                keys[version] = here.keyring.derive("audit", version=version) if known else None
            key, mac = keys[version], bytes(entry.mac)
            expected = chain.link(key, before, _said(entry)) if key else b""
            if not hmac.compare_digest(expected, mac):
                yield Problem("changed, inserted or reordered", f"audit entry {entry.number}")
            before = mac
        last = entry.number
        if noted and noted[0] == last and not hmac.compare_digest(noted[1], before):
            yield Problem("changed", f"audit entry {last}", "differs from the note beside the keys")
    yield from _end(last, before, noted)
    if last and noted is None:
        yield Problem("removed", f"{head.NAME} beside the keys", "a cut end would not show")


def _end(last: int, mac: bytes, noted: tuple[int, bytes] | None) -> Iterator[Problem]:
    row = AuditHead.objects.filter(pk=1).first()
    number = row.number if row else 0
    highest = max(number, noted[0] if noted else 0)
    if highest > last:
        yield _gap(last + 1, highest)
    elif row is None and last:
        yield Problem("removed", "the head of the audit chain")
    elif row and number < last:
        yield Problem("inserted", f"audit entry {number + 1}", "after the chain's head")
    elif row and last and not hmac.compare_digest(bytes(row.mac), mac):
        yield Problem("changed", "the head of the audit chain")
