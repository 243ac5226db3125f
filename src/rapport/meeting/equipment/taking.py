"""Which pieces of equipment a meeting takes: of each kind it needs one that is free.

Whoever takes one waits for all of these kinds first (``Shelf.things``): else the one that was
free is somebody else's a moment later, while another would have done.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.core import time as clock

from ..appointments.holding import Thing
from ..appointments.models import Occupancy
from ..appointments.problems import CannotBook
from ..appointments.rules import Slot
from .models import Equipment

KIND = Occupancy.Kind.EQUIPMENT


class NotFree(CannotBook):
    """Every piece of a kind is taken at that time, or there is none."""

    def __init__(self, kind: str) -> None:
        super().__init__("at", _("%(kind)s: none is free at that time.") % {"kind": kind})


class Shelf:
    """The pieces of these kinds, and from ``look`` on when each is taken.

    One statement for the pieces, one for their times; none where nothing is needed.
    """

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = sorted(set(kinds))
        self.pieces: list[Equipment] = []
        if self.kinds:
            self.pieces = list(Equipment.objects.standing().filter(kind__in=self.kinds))
        self.things: list[Thing] = [(KIND, one.pk) for one in self.pieces]
        self._taken: dict[uuid.UUID, list[Slot]] = {}

    def look(
        self, start: datetime, end: datetime, *, now: datetime, but: Collection[uuid.UUID] = ()
    ) -> "Shelf":
        """See when they are taken between these; expired holds take nothing.

        Args:
            but: ids of appointments and holds that are in nobody's way, because they give their
                time back.
        """
        if not self.pieces:
            return self
        held = Occupancy.objects.between(start, end).filter(
            kind=KIND, thing__in=[one.pk for one in self.pieces]
        )
        gone = Q(hold__expires_at__lte=now) | Q(hold__in=but) | Q(appointment__in=but)
        rows = held.exclude(gone).values_list("thing", "starts_at", "ends_at")
        for thing, begins, ends in rows:
            self._taken.setdefault(thing, []).append(Slot(begins, ends))
        return self

    def free(self, slot: Slot, place: uuid.UUID | None) -> list[Equipment]:
        """Those that can be had then, at ``place`` or anywhere."""
        day = clock.local(slot.start).date()
        return [
            one for one in self.pieces
            if place in (None, one.place_id)
            and (one.closed_on is None or one.closed_on > day)
            and not any(slot.overlaps(taken) for taken in self._taken.get(one.pk, ()))
        ]  # fmt: skip

    def pick(
        self, slot: Slot, place: uuid.UUID | None, kinds: Collection[str] | None = None,
        rather: Collection[uuid.UUID] = (),
    ) -> list[Thing]:  # fmt: skip
        """One of each of ``kinds``, or of every kind there is here; all at one place.

        Args:
            rather: pieces that come before the others of their kind.

        Raises:
            NotFree: of one there is none.
        """
        wanted = self.kinds if kinds is None else sorted(kinds)
        at: dict[uuid.UUID, dict[str, Equipment]] = {}
        for one in sorted(self.free(slot, place), key=lambda one: one.pk not in rather):
            if one.kind in wanted:
                at.setdefault(one.place_id, {}).setdefault(one.kind, one)
        most: dict[str, Equipment] = max(at.values(), key=len, default={})
        for kind in wanted:
            if kind not in most:
                raise NotFree(kind)
        return [(KIND, one.pk) for one in most.values()]

    def pick_this(
        self, piece: Equipment, slot: Slot, place: uuid.UUID | None, rather: Collection[uuid.UUID]
    ) -> list[Thing]:
        """As ``pick``, and of its kind this one.

        Raises:
            CannotBook: it is taken, elsewhere, out of use, or of a kind that is not needed.
        """
        given = {"name": piece.name, "kind": piece.kind}
        if piece.kind not in self.kinds:
            raise CannotBook("", _("This meeting takes no %(kind)s.") % given)
        if piece.pk not in {one.pk for one in self.pieces}:
            raise CannotBook("", _("%(name)s is out of use.") % given)
        if place not in (None, piece.place_id):
            raise CannotBook("", _("%(name)s is at another place.") % given)
        alike = {one.pk for one in self.pieces if one.kind == piece.kind}
        found = self.pick(slot, piece.place_id, rather={*rather} - alike | {piece.pk})
        if (KIND, piece.pk) not in found:
            raise CannotBook("at", _("%(name)s is taken at that time.") % given)
        return found
