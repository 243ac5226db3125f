"""Conflicts of interest: does somebody here already treat a partner, a parent, an employer?

The question is about people whom whoever asks may not know of. So the answer is "nobody here
fits", or "somebody here should look"; who fits is shown to those alone who may see them. A
colleague who treats somebody who fits is asked to look, and answers in one word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core import vault
from rapport.core.action import action
from rapport.people.clients import queries as clients
from rapport.people.clients.models import Client, ClientQuerySet, RelatedPerson
from rapport.people.staff.models import Staff

from . import rules
from .actions import OURS
from .models import ConflictCheck, ConflictLook, Inquiry
from .problems import CannotTake

Outcome = ConflictCheck.Outcome


LONGEST = 300  # characters of a name


@dataclass(frozen=True)
class Answer:
    """What whoever asked is told.

    Args:
        shown: those who fit and whom they may see anyway.
        asked: whether colleagues were asked to look at somebody else.
        alone: whether somebody fits for whom nobody can be asked but an owner.
    """

    check: ConflictCheck
    shown: list[Client]
    asked: bool = False
    alone: bool = False

    @property
    def pk(self) -> Any:
        """Of the check that was recorded."""
        return self.check.pk


@action("conflict.check")
def check(*, by: Any, inquiry: Inquiry, names: list[str], now: datetime) -> Answer:
    """Look whether clients here, or people around them, may be called so. It is recorded.

    Raises:
        CannotTake: no name, more than twenty, or one that is no name.
    """
    if not names:
        raise CannotTake("names", _("Write at least one name."))
    if len(names) > rules.NAMES:
        raise CannotTake("names", _("Write at most twenty names, each on a line of its own."))
    if any(len(name) > LONGEST for name in names):
        words = _("One of the lines is longer than a name can be: use at most %(n)s characters.")
        raise CannotTake("names", words % {"n": LONGEST})
    fit = {pk for pk in _fitting(names, Client.objects.all()) if pk != inquiry.client_id}
    seen = list(Client.objects.visible_to(by).filter(pk__in=fit).select_related("place"))
    hidden = fit - {client.pk for client in seen}
    outcome = Outcome.LOOK if hidden else Outcome.SEEN if seen else Outcome.CLEAR
    row = ConflictCheck(
        client=inquiry.client, inquiry=inquiry, names=names, at=now, outcome=outcome,
        by=None if by.is_system else by,
    )  # fmt: skip
    row.save(force_insert=True)
    asked = _carrying(hidden, but=by.staff)
    for staff in {one for group in asked.values() for one in group}:
        ConflictLook.objects.create(client=inquiry.client, check_of=row, staff=staff)
    alone = any(not asked.get(pk) for pk in hidden)
    return Answer(row, seen, any(asked.values()), alone)


def _carrying(hidden: set[Any], but: Staff | None) -> dict[Any, list[Staff]]:
    """Who is on the care team today, of each of these clients."""
    today, found = clock.today(), {}
    for client in Client.objects.filter(pk__in=hidden).prefetch_related("care_team__staff"):
        found[client.pk] = [
            member.staff for member in client.care_team.all()
            if member.from_on <= today and (member.until_on is None or member.until_on > today)
            and member.staff.works_on(today) and member.staff != but
        ]  # fmt: skip
    return found


@action("conflict.look")
def answer(*, by: Any, conflict: ConflictLook, answer: str, now: datetime) -> ConflictLook:
    """Say in one word whether something stands in the way; again replaces what was said.

    Raises:
        CannotTake: no such word.
    """
    if answer not in ConflictLook.Answer.values:
        raise CannotTake("answer", _("Choose one of the answers."))
    conflict.answer, conflict.at = answer, now
    conflict.save(update_fields=["answer", "at"])
    return conflict


@dataclass(frozen=True)
class Touched:
    """A client of whoever looks, and the names they were found by."""

    client: Client
    names: list[str]


def touched(*, by: Any, conflict: ConflictLook) -> list[Touched]:
    """Whom of their own clients a colleague is asked about; no name that is not theirs."""
    found: dict[Any, list[str]] = {}
    for name in conflict.check_of.names:
        for pk in _fitting([name], Client.objects.visible_to(by)):
            found.setdefault(pk, []).append(name)
    found.pop(conflict.client_id, None)
    rows = Client.objects.visible_to(by).filter(pk__in=found).order_by("sort_name", "pk")
    return [Touched(client, found[client.pk]) for client in rows]


def _fitting(names: list[str], among: ClientQuerySet) -> Iterator[Any]:
    """Ids of clients who may be called so, or around whom somebody is."""
    for name in names:
        likely = clients.search(by=OURS, text=name, limit=clients.CANDIDATES)
        held = [one.pk for one in likely if _called(name, (one.legal_name, one.preferred_name))]
        yield from among.filter(pk__in=held).values_list("pk", flat=True)
    around = RelatedPerson.objects.filter(client__in=among.values("pk"))
    for person in around.select_related("client__data_key").iterator(chunk_size=500):
        try:
            known = person.name
        except vault.Destroyed:
            continue
        if any(rules.same_person(name, known) for name in names):
            yield person.client_id


def _called(name: str, known: Iterable[str]) -> bool:
    return any(rules.same_person(name, one) for one in known)
