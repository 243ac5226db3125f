"""Rows in bulk: what pages read, without the history of how it came."""

import sys
from datetime import date, timedelta
from time import monotonic
from typing import Any

from bench import beside, bulk, fresh

ANA = "ana@bench.invalid"
STAFF = 20
WAITING = 30  # questionnaires that were asked and not answered


def colleagues_own(number: int) -> int:
    """How many of ``number`` clients are a colleague's: theirs are the measures handed in here."""
    return max(1, number // 50)


def fill(number: int, appointments: int, *, shared: bool = False) -> None:
    """``number`` clients with that many appointments, and what stands beside them.

    Args:
        shared: each client is on the care team of the clinician they meet. Else nearly all
            are on the first's, which is more than anybody has.
    """
    from django.db import transaction
    from tests.factories import AnAlert, APlace, APractice, Colleague

    from rapport.core import time
    from rapport.core.policy import System
    from rapport.people.circle import actions as circle
    from rapport.people.models import CareTeamMember, Client
    from rapport.progress.models import Sheet

    now, today = time.now(), time.today()
    began = monotonic()
    APractice()
    house = APlace()
    ana = Colleague(at=[house], account__email=ANA)
    with transaction.atomic():
        clients = _clients(number, house, ana)
        staff = [ana, *(Colleague(at=[house]) for _ in range(STAFF - 1))]
        clients.sort(key=lambda c: c.sort_name)
        mine, theirs = clients[: -colleagues_own(number)], clients[-colleagues_own(number) :]
        teams = [(ana, mine), (staff[1], theirs)]
        if shared:
            teams = [(one, clients[n::STAFF]) for n, one in enumerate(staff)]
            mine = teams[0][1]
        for one, whose in teams:
            bulk.pour(CareTeamMember(client=c, staff=one, from_on=today) for c in whose)
    booked = bulk.appointments(clients, staff, appointments)
    with transaction.atomic():
        answers = bulk.sheets(clients, -(-40 * number // 9))
        bulk.drafts(booked, ana, 12)
        fresh.questionnaires(mine[:WAITING], WAITING)
        for sheet in Sheet.objects.filter(client__in=mine[:2]).order_by("client", "pk")[:2]:
            AnAlert(sheet=sheet, owner=ana, raised_at=now, answer_by=now + timedelta(hours=1))
    _beside(house, staff, mine, clients, today)
    print(f"made in {monotonic() - began:.0f} s: {number} clients, {appointments} appointments, "
          f"{answers} answers", file=sys.stderr)  # fmt: skip
    first = Client.objects.filter(pk=mine[0].pk).select_related("data_key")[0]
    by = System("bench")
    circle.add_contact(by=by, client=first, kind="PHONE", value="+1 212 555 0147", label="mobile")
    circle.add_contact(by=by, client=first, kind="MAIL", value="first@example.org")
    circle.add_related(by=by, client=first, relation="PARTNER", name="Alex")


def _clients(number: int, house: Any, ana: Any) -> list[Any]:
    """Everybody, with a key, an episode and what their name is found by."""
    from rapport.core import time, vault
    from rapport.demo import cast
    from rapport.people.clients import rules
    from rapport.people.models import Client, Episode, NameGram

    now, today = time.now(), time.today()
    clients = [
        Client(
            data_key=vault.new_key(vault.DataKey.Purpose.CLIENT, now=now),
            legal_name=one.name, sort_name=rules.fold(one.name), birth_on=one.born,
            place=house, status=Client.Status.ACTIVE, created_at=now,
        )
        for one in cast.clients(number, seed=1, today=today, days=365)
    ]  # fmt: skip
    bulk.pour(clients)
    bulk.pour(Episode(client=c, responsible=ana, opened_on=today) for c in clients)
    bulk.pour(NameGram(client=c, gram=g) for c in clients for g in rules.grams(c.legal_name))
    return clients


def _beside(house: Any, staff: list[Any], mine: list[Any], clients: list[Any], today: date) -> None:
    beside.at_the_front(house)
    beside.offered(staff[0], mine[0])
    beside.waiting(clients[-beside.WAITING :], staff[0])
    beside.inquiries(house, staff[0])
    beside.standing(mine[: beside.STANDING], staff, today)
    beside.reminding()
