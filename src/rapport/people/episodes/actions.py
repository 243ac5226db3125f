"""Opening and closing episodes of care."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action

from ..clients.models import Client
from ..events import EpisodeClosed, EpisodeOpened, EpisodeReopened
from ..staff.models import CLINICAL, Staff
from .models import Episode

FURTHEST = timedelta(days=366)


class CannotOpen(Exception):
    """An episode cannot be like that. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("episode.open")
def open_(
    *, by: Any, client: Client, responsible: Staff, on: date, problem: str = "",
    modality: str = "", referral_source: str = "", first_contact_on: date | None = None,
) -> Episode:  # fmt: skip
    """Begin a stretch of care; a client may have several at once (alone, and in a group).

    Args:
        problem, modality, referral_source: coarse codes, at most 40 characters.
        first_contact_on: when they, or whoever sent them, first asked: waiting counts from here.

    Announces EpisodeOpened. Raises:
        CannotOpen: nobody who treats clients, a day on which they do not work here or that is
            far ahead, a first contact after it, or a code that is too long.
    """
    _not_far_ahead(on)
    if first_contact_on is not None and first_contact_on > on:
        raise CannotOpen("first_contact_on", _("Choose a day that is not after the first day."))
    if on < responsible.started_on:
        raise CannotOpen("on", _("This colleague did not work here yet on that day."))
    if CLINICAL.isdisjoint(responsible.roles) or not responsible.works_on(on):
        raise CannotOpen("responsible", _("Choose somebody who treats clients here."))
    codes = {"problem": problem, "modality": modality, "referral_source": referral_source}
    for field, code in codes.items():
        if len(code) > 40:
            raise CannotOpen(field, _("This is too long here. Shorten it."))
    episode = Episode.objects.create(
        client=client, responsible=responsible, opened_on=on, first_contact_on=first_contact_on,
        **codes,
    )  # fmt: skip
    events.announce(EpisodeOpened(episode.pk))
    return episode


@action("episode.close")
def close(*, by: Any, client: Client, episode: Episode, on: date, reason: str) -> Episode:
    """End a stretch of care.

    Announces EpisodeClosed. Raises:
        CannotOpen: another client's, closed already, before it opened, far ahead, or without
            a reason.
    """
    _of(client, episode)
    _not_far_ahead(on)
    if episode.closed_on is not None:
        raise CannotOpen("episode", _("This episode is closed already."))
    if on < episode.opened_on:
        raise CannotOpen("on", _("Choose a day after the episode was opened."))
    if reason not in Episode.Reason.values:
        raise CannotOpen("reason", _("Choose how the care ended."))
    episode.closed_on, episode.close_reason = on, reason
    episode.save(update_fields=["closed_on", "close_reason"])
    events.announce(EpisodeClosed(episode.pk))
    return episode


@action("episode.close")
def reopen(*, by: Any, client: Client, episode: Episode) -> Episode:
    """Undo ``close``.

    Announces EpisodeReopened. Raises:
        CannotOpen: another client's.
    """
    _of(client, episode)
    episode.closed_on, episode.close_reason = None, ""
    episode.save(update_fields=["closed_on", "close_reason"])
    events.announce(EpisodeReopened(episode.pk))
    return episode


def _not_far_ahead(on: date) -> None:
    if on > clock.today() + FURTHEST:
        raise CannotOpen("on", _("Choose a day within a year from now."))


def _of(client: Client, episode: Episode) -> None:
    if episode.client_id != client.pk:
        raise CannotOpen("episode", _("This is no episode of the client's care."))
