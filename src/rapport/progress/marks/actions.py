"""Noting what happened, correcting it, taking it away and bringing it back."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from .models import Mark

LONGEST = 300
MOST_A_DAY = 20


class CannotMark(Exception):
    """A mark cannot be like that. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("mark.note")
def note(
    *, by: Any, client: Client, kind: str, on: date, words: str, shared: bool, now: datetime
) -> Mark:
    """Put something that happened, or that was reached, on the client's time.

    Args:
        shared: whether the client sees it in the portal.

    Raises:
        CannotMark: no such kind, a day that is still to come, no words or too many.
    """
    return _put(by, client, now, kind=kind, on=on, words=words, shared=shared, by_client=False)


@action("mark.note")
def correct(
    *, by: Any, client: Client, mark: Mark, kind: str, on: date, words: str, shared: bool,
    now: datetime,
) -> Mark:  # fmt: skip
    """Say it otherwise. What was said before stays to be read.

    Raises:
        CannotMark: as for ``note``; another client's, corrected or removed already, or the
            client's own words, which are the client's to correct.
    """
    _ours(client, mark)
    return _instead(by, mark, now, kind=kind, on=on, words=words, shared=shared, by_client=False)


@action("mark.note")
def remove(*, by: Any, client: Client, mark: Mark, now: datetime) -> Mark:
    """Take it off the picture; ``bring_back`` undoes it.

    Raises:
        CannotMark: another client's, the client's own words, or corrected or removed already.
    """
    _ours(client, mark)
    return _remove(by, mark, now)


@action("mark.note")
def bring_back(*, by: Any, client: Client, mark: Mark) -> Mark:
    """Undo ``remove``.

    Raises:
        CannotMark: another client's, or the client's own words.
    """
    _ours(client, mark)
    return _back(mark)


@action("mark.own")
def note_own(*, by: Any, on: date, words: str, now: datetime) -> Mark:
    """Put something that happened on one's own time, for oneself and for who treats one.

    Raises:
        CannotMark: as for ``note``, or too many in one day.
    """
    client: Client = by.client
    day, _end = clock.day_bounds(clock.local(now).date())
    if Mark.objects.filter(client=client, by_client=True, set_at__gte=day).count() >= MOST_A_DAY:
        raise CannotMark("words", _("That is a lot for one day. Carry on tomorrow."))
    return _put(by, client, now, on=on, words=words, **OWN)


@action("mark.own")
def correct_own(*, by: Any, mark: Mark, on: date, words: str, now: datetime) -> Mark:
    """Say it otherwise. What was said before stays to be read by who treats one.

    Raises:
        CannotMark: as for ``note``; not one's own, or corrected or removed already.
    """
    _mine(by, mark)
    return _instead(by, mark, now, on=on, words=words, **OWN)


@action("mark.own")
def remove_own(*, by: Any, mark: Mark, now: datetime) -> Mark:
    """Take it off the picture; ``bring_back_own`` undoes it.

    Raises:
        CannotMark: not one's own, or corrected or removed already.
    """
    _mine(by, mark)
    return _remove(by, mark, now)


@action("mark.own")
def bring_back_own(*, by: Any, mark: Mark) -> Mark:
    """Undo ``remove_own``.

    Raises:
        CannotMark: not one's own.
    """
    _mine(by, mark)
    return _back(mark)


OWN: dict[str, Any] = {"kind": Mark.Kind.EVENT, "shared": True, "by_client": True}


def _put(by: Any, client: Client, now: datetime, **given: Any) -> Mark:
    given["words"] = " ".join(given["words"].split())
    if given["kind"] not in Mark.Kind.values:
        raise CannotMark("kind", _("Choose what it is."))
    if not 0 < len(given["words"]) <= LONGEST:
        raise CannotMark("words", _("Say it in a few words, at most 300 characters."))
    _a_day_that_was(given["on"], clock.local(now).date())
    return Mark.objects.create(client=client, set_by=policy.person(by), set_at=now, **given)


def _a_day_that_was(on: date, today: date) -> None:
    if on > today:
        raise CannotMark("on", _("This day is still to come. Note it when it is there."))
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotMark("on", str(problem)) from None


def _instead(by: Any, mark: Mark, now: datetime, **given: Any) -> Mark:
    _stands(mark)
    made = _put(by, mark.client, now, **given)
    if not Mark.objects.filter(pk=mark.pk, replaced_by=None, removed_at=None).update(
        replaced_by=made
    ):
        raise CannotMark("words", _gone())
    return made


def _remove(by: Any, mark: Mark, now: datetime) -> Mark:
    _stands(mark)
    mark.removed_at, mark.removed_by = now, policy.person(by)
    mark.save(update_fields=["removed_at", "removed_by"])
    return mark


def _back(mark: Mark) -> Mark:
    mark.removed_at = mark.removed_by = None
    mark.save(update_fields=["removed_at", "removed_by"])
    return mark


def _gone() -> str:
    return _("This was corrected or removed in the meantime. Look at the picture again.")


def _stands(mark: Mark) -> None:
    if mark.replaced_by_id is not None or mark.removed_at is not None:
        raise CannotMark("words", _gone())


def _ours(client: Client, mark: Mark) -> None:
    if mark.client_id != client.pk:
        raise CannotMark("words", _("This is not of this client."))
    if mark.by_client:
        raise CannotMark("words", _("These are the client's own words. Only they change them."))


def _mine(by: Any, mark: Mark) -> None:
    if by.client is None or not mark.by_client or mark.client_id != by.client.pk:
        raise CannotMark("words", _("This is not yours to change."))
