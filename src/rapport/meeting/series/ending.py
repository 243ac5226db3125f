"""Which standing slots end with a therapy, and come back with it."""

from datetime import datetime, timedelta
from typing import Any

from rapport.core import time as clock
from rapport.people.models import Episode

from . import actions
from .models import Series


def end_with(*, by: Any, episode: Episode, now: datetime) -> None:
    """End the client's slots from the day after the care ended.

    All of them when no other care of theirs is open. Else those with the clinician who was
    responsible, unless they are responsible for other care of theirs that is.
    """
    if episode.closed_on is None:
        return
    on = max(episode.closed_on + timedelta(1), clock.local(now).date())
    open_ = Episode.objects.filter(client=episode.client, closed_on=None).exclude(pk=episode.pk)
    responsible = set(open_.values_list("responsible", flat=True))
    theirs = Series.objects.filter(client=episode.client, ended_on=None)
    if responsible:
        theirs = theirs.filter(clinician=episode.responsible_id).exclude(clinician__in=responsible)
    for series in theirs.order_by("pk"):
        actions.end(by=by, series=series, on=on, revision=series.revision, now=now,
                    with_episode=episode)  # fmt: skip


def go_on_with(*, by: Any, episode: Episode, now: datetime) -> None:
    """Take back the end of the slots that ended with this care and go on as no other."""
    ended = Series.objects.filter(ended_with=episode, followed_by=None)
    for series in ended.order_by("pk"):
        actions.reopen(by=by, series=series, revision=series.revision, now=now)
