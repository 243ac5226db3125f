"""Taking clients over from a table: read it, look at it, admit, and take all of it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.core import audit, jobs, vault
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import Denied, System

from ..circle import actions as circle
from ..clients import actions as clients
from ..clients.models import Client
from ..practice.models import Place
from ..staff.models import CLINICAL, Staff
from . import queries, reading, rules, table, touched, words
from .models import Import, Imported
from .reading import Plan
from .rules import Entry, Problem

AT_ONCE = 8  # clients in one transaction, about 80 ms: no page waits longer for its turn
KEPT = timedelta(days=30)  # so long a table can be looked at again and taken back
State = Import.State
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Where:
    """Where the clients of a table come to: place, first clinician, status."""

    place: Place
    clinician: Staff
    status: str = Client.Status.ACTIVE
    source: Import | None = None


class CannotImport(Exception):
    """The table cannot be taken over as it is. The message is safe to show."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# By the command line ---------------------------------------------------------------------------


def plan(*, by: Any, raw: bytes, order: str, now: datetime) -> Plan:
    """Read a file without changing anything. ``by`` learns only of clients they may see.

    Raises:
        CannotImport: the file is no table of clients.
    """
    try:
        text, encoding = table.decode(raw)
        made = reading.plan(by=by, text=text, order=order, today=clock.local(now).date())
        made.unknown, made.encoding = reading.unknown(text), encoding
    except table.NoTable as problem:
        raise CannotImport(words.of_file(problem), "file") from problem
    return made


def carry_out(
    *, by: Any, plan: Plan, place: Place, clinician: Staff, now: datetime,
    progress: Progress = lambda done, total: None,
) -> tuple[int, list[Problem]]:  # fmt: skip
    """Admit everybody in ``plan``, in short transactions. Safe to run again after a stop.

    Returns:
        How many were admitted, and the rows that turned out not to be possible after all.

    Raises:
        Denied: ``by`` may not import. CannotKeep: a clinician who treats nobody here.
    """
    problems: list[Problem] = []
    admitted = done = 0
    for few in reading.some(plan.entries, AT_ONCE):
        new, left = admit_some(by=by, entries=few, place=place, clinician=clinician, now=now)
        admitted, problems, done = admitted + new, [*problems, *left], done + len(few)
        progress(done, len(plan.entries))
    return admitted, problems


@action("client.import")
def admit_some(
    *, by: Any, entries: list[Entry], place: Place, clinician: Staff, now: datetime
) -> tuple[int, list[Problem]]:
    """Admit a few clients in one commit; a row that cannot be leaves the others alone.

    Raises:
        CannotKeep: a clinician who treats nobody here; nothing of this commit stays.
    """
    return _admit_those(by, entries, Where(place, clinician), now)


# By the desk: handed in, looked at, admitted, taken back ---------------------------------------


@action("client.import")
def hand_in(*, by: Any, raw: bytes, order: str, now: datetime) -> Import:
    """Keep a table, sealed, and have it read; nobody is admitted yet.

    Raises:
        CannotImport: no table at all.
    """
    try:
        text, encoding = table.decode(raw)
        every = table.lines(text)
        header = next(every, None)
        if header is None:
            raise table.NoTable("empty")
        if not sum(1 for _line in every):
            raise table.NoTable("no_rows")
    except table.NoTable as problem:
        raise CannotImport(words.of_file(problem), "file") from problem
    key = vault.new_key(vault.DataKey.Purpose.IMPORT, now=now)
    source = Import(
        account=by, data_key=key, table=text, encoding=encoding, order=order, created_at=now,
        columns=rules.guessed(header),
    )  # fmt: skip
    source.save(force_insert=True)
    _promise("import.read", source)
    return source


def _promise(job: str, source: Import) -> None:
    jobs.enqueue(job, unique=queries.key(source), import_id=source.pk, turn=source.turn)


def _locked(source: Import, *states: str) -> Import:
    """The import as it stands now, held until the commit, if it is in one of these states."""
    held = Import.objects.select_for_update().filter(pk=source.pk, state__in=states).first()
    if held is None:
        raise CannotImport(_("Meanwhile this has changed. Look at what it says now."))
    return held


@action("client.import")
def read_anew(*, by: Any, source: Import, columns: list[str], order: str) -> Import:
    """Say what each column holds and how dates are written, and have it read again.

    Raises:
        CannotImport: two columns hold the same, or none a name; or it is past that.
    """
    try:
        rules.placed(columns)
    except table.NoTable as problem:
        raise CannotImport(words.of_file(problem), "columns") from problem
    held = _locked(source, State.READING, State.READY)
    held.columns, held.order, held.state = columns, order, State.READING
    held.turn += 1
    held.save(update_fields=["columns", "order", "state", "turn"])
    _promise("import.read", held)
    return held


@action("client.import")
def begin(
    *, by: Any, source: Import, place: Place, clinician: Staff, status: str, now: datetime
) -> Import:
    """Have everybody admitted who can be.

    Raises:
        CannotImport: a clinician who treats nobody here; nobody to admit; or it is past that.
    """
    if CLINICAL.isdisjoint(clinician.roles) or not clinician.works_on(clock.local(now).date()):
        raise CannotImport(_("Choose somebody who treats clients here."), "clinician")
    held = _locked(source, State.READY)
    if held.fault or not held.good:
        raise CannotImport(_("There is nobody to admit."))
    held.place, held.clinician, held.status = place, clinician, status
    held.state = State.ADMITTING
    held.save(update_fields=["place", "clinician", "status", "state"])
    _promise("import.admit", held)
    return held


@action("client.import")
def undo(*, by: Any, source: Import) -> Import:
    """Stop admitting, and have taken back whom this table brought; once more if that stopped.

    Raises:
        CannotImport: nobody was admitted by it, or it is undone already.
    """
    held = _locked(source, State.ADMITTING, State.DONE, State.UNDOING)
    held.state = State.UNDOING
    held.save(update_fields=["state"])
    _promise("import.undo", held)
    return held


@action("client.import")
def forget(*, by: Any, source: Import) -> None:
    """Forget the table. Whom it brought stays, and cannot be taken back at once any more.

    Raises:
        CannotImport: somebody is being admitted or taken back by it at this moment.
    """
    _forget(_locked(source, State.READING, State.READY, State.DONE, State.UNDONE), by)


@action("client.import")
def forget_old(*, by: Any, source: Import) -> None:
    """Forget a table of long ago, whatever it waits for."""
    _forget(_locked(source, *State.values), by)


def _forget(held: Import, by: Any) -> None:
    key = held.data_key
    vault.remove(held, by=by)
    key.delete()


# By the jobs: a few at a time ------------------------------------------------------------------


def admit_all(*, source: Import, now: datetime, progress: Progress) -> None:
    """Admit every row that can be and was not yet, in short transactions."""
    out = {p.line for p in queries.left_out(source)}
    out |= set(source.brought.values_list("line", flat=True))
    by, today = source.account, clock.local(now).date()
    every = reading.rows(text=source.table, names=source.columns, order=source.order, today=today)
    left = [one for one in every if isinstance(one, Entry) and one.line not in out]
    late, begun = list[Problem](), source.good - len(left)
    for few in reading.some(left, AT_ONCE):
        try:
            late += _admit_few(by=by, source=source, entries=few, now=now)[1]
        except CannotImport:
            return  # undone meanwhile
        except (Denied, clients.CannotKeep):  # the importer or the clinician left meanwhile
            rest = left[left.index(few[0]) :]
            late += [Problem(one.line, "legal_name", "stopped") for one in rest]
            break
        begun += len(few)
        progress(begun, source.good)
    said = [[p.line, p.field, p.code, p.other] for p in late]
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=source.pk)
        if held.state == State.ADMITTING:
            held.state, held.left_out = State.DONE, sorted([*held.left_out, *said])
            held.save(update_fields=["state", "left_out"])


@action("client.import")
def _admit_few(
    *, by: Any, source: Import, entries: list[Entry], now: datetime
) -> tuple[int, list[Problem]]:
    held = _locked(source, State.ADMITTING)
    assert held.place is not None  # since it was begun
    assert held.clinician is not None
    where = Where(held.place, held.clinician, held.status, held)
    return _admit_those(by, entries, where, now)


def _admit_those(
    by: Any, entries: list[Entry], where: Where, now: datetime
) -> tuple[int, list[Problem]]:
    """Admit these; a row that cannot be leaves the others alone."""
    new, problems = reading.split(by, entries)
    for one in new:
        try:
            _admit(one, where, now)
        except clients.CannotKeep as problem:
            if problem.field == "clinician":
                raise
            problems.append(Problem(one.line, problem.field, "not_kept"))
    return len(entries) - len(problems), problems


def _admit(one: Entry, where: Where, now: datetime) -> None:
    by = System("import")  # who asked stands in the trail with the import, in the same commit
    with audit.unit():
        client = clients.admit(
            by=by, legal_name=one.legal_name, preferred_name=one.preferred_name,
            birth_on=one.birth_on, pronouns=one.pronouns, languages=one.languages,
            address=one.address, remark=one.remark, place=where.place,
            clinician=where.clinician, status=where.status, now=now,
        )  # fmt: skip
        for kind, value in one.contacts:
            circle.add_contact(by=by, client=client, kind=kind, value=value)
        if where.source is not None:
            Imported.objects.create(client=client, source=where.source, line=one.line)


def take_back_all(*, source: Import, progress: Progress) -> None:
    """Remove whom the table brought, in short transactions; who was worked with stays."""
    by, done, total = System("import"), 0, source.brought.count()
    for few in jobs.chunks(source.brought.all(), AT_ONCE):
        take_back_few(by=by, source=source, few=few)
        done += len(few)
        progress(done, total)
    Import.objects.filter(pk=source.pk, state=State.UNDOING).update(state=State.UNDONE)


@action("client.import")
def take_back_few(*, by: Any, source: Import, few: list[Imported]) -> None:
    """Remove these clients with all that is theirs, apart from those somebody worked with."""
    ours = System("import")
    ids = [one.client_id for one in few]
    found = Client.objects.select_for_update().filter(pk__in=ids).prefetch_related("contacts")
    assert source.clinician is not None  # since it was begun
    worked_with = touched.among(ids, source.clinician)
    for client in found.order_by("pk"):
        if client.pk in worked_with:
            continue
        key = client.data_key
        for contact in client.contacts.all():
            vault.remove(contact, by=ours)
        vault.remove(client, by=ours)
        key.delete()
