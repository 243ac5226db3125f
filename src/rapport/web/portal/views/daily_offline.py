"""What one is asked each day, without a network: what a phone needs, and taking what it sends.

Answers are kept for the day they were given for, which the phone says. Its clock is compared
with ours whenever it has a network, so that one that is wrong by a year changes nothing.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from rapport.core import time as clock
from rapport.progress.daily import answering, queries, rules
from rapport.progress.own.saying import CannotKeep
from rapport.web import daily, offline
from rapport.web.page import page
from rapport.web.portal.forms.daily import Today

MOST_BYTES = 20_000
MOST_KNOWN = 50
BACK = timedelta(days=2)  # of pauses, for the days that may be open


@page("daily.own", look=False)
@require_safe
def pack(request: Any) -> HttpResponse:
    """The questions and what stands for the open days, for the device to lock away."""
    by, now = request.user, clock.now()
    found = queries.of(by=by, client=by.client, now=now)
    said: dict[str, Any] = {"csrf": get_token(request), "plan": None}
    if found is not None and found.plan.ended_at is None:
        said |= _packed(found)
    return JsonResponse(said)


def _packed(found: queries.Diary) -> dict[str, Any]:
    today, plan = clock.today(), found.plan
    asked = [one for one in found.questions if one.ended_on is None or one.ended_on >= today]
    form = Today.of(asked, on=today, slot=0, answers={})
    standing = {
        f"{on.isoformat()}/{slot}": {"sent": str(entry.sent), "answers": entry.answers}
        for (on, slot), entry in found.entries.items() if on in found.open_days
    }  # fmt: skip
    last = queries.last_day(plan)
    return {
        "plan": str(plan.pk), "zone": clock.zone().key, "now": clock.now().isoformat(),
        "until": rules.LATE_UNTIL, "first": plan.from_on.isoformat(),
        "last": last.isoformat() if last else None, "times": found.times,
        "pauses": [[one.from_on.isoformat(), one.back_on.isoformat() if one.back_on else None]
                   for one in found.pauses if one.back_on is None or one.back_on >= today - BACK],
        "standing": standing,
        "fields": render_to_string("portal/daily/_fields.html", {"form": form}),
    }  # fmt: skip


@dataclass(frozen=True)
class _Sent:
    """What a device sends of one day, or of one time of it."""

    plan_id: uuid.UUID
    on: date
    slot: int
    answers: Mapping[str, int]
    sent: uuid.UUID
    knows: list[uuid.UUID]


@page("daily.own", look=False)
@require_POST
def send(request: Any) -> HttpResponse:
    """Keep what waited on a device, once; the next page says so.

    Answers 409 where it can be taken no more and 422 where it makes no sense; it then stays on
    the device, and ``why`` says what is wrong.
    """
    given = _read(request)
    if given is None:
        return _refused(422, _("These answers could not be read. Reload the page."))
    try:
        arrived = answering.keep_waiting(
            by=request.user, plan_id=given.plan_id, on=given.on, slot=given.slot,
            answers=given.answers, sent=given.sent, knows=given.knows, now=clock.now(),
        )  # fmt: skip
    except CannotKeep as problem:
        return _refused(409, " ".join(map(str, problem.fields.values())))
    for words in [] if arrived.again else _told(arrived):
        messages.info(request, words)
    return JsonResponse({"state": "kept"})


def _told(arrived: answering.Arrived) -> list[str]:
    """What the client learns of it on the next page."""
    on = {"day": daily.lately(arrived.entry.on)}
    said = [_("What waited on this device was kept for %(day)s.") % on]
    if arrived.instead is not None:
        said.append(_("Other answers had been kept for %(day)s meanwhile. Those of this device "
                      "stand now; the others are kept beside them.") % on)  # fmt: skip
    if arrived.left_out:
        said.append(ngettext(
            "One answer was left out: its question is not asked on that day any more.",
            "%(n)s answers were left out: their questions are not asked on that day any more.",
            arrived.left_out,
        ) % {"n": arrived.left_out})  # fmt: skip
    return said


def _read(request: Any) -> _Sent | None:
    """What was sent, if it has the shape of answers."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
        answers = {str(uuid.UUID(key)): int(value) for key, value in said["answers"].items()}
        return _Sent(
            uuid.UUID(said["plan"]), date.fromisoformat(said["on"]), int(said["slot"]), answers,
            uuid.UUID(said["sent"]), [uuid.UUID(one) for one in said["knows"][:MOST_KNOWN]],
        )  # fmt: skip
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None


def _refused(status: int, why: str) -> HttpResponse:
    return JsonResponse({"state": "refused", "why": why}, status=status)


@page("daily.own", look=False)
@require_safe
def shell(request: Any) -> HttpResponse:
    """The page for when there is no network: its furniture, no question."""
    return render(request, "portal/daily/offline.html")


@page("daily.own", look=False)
@require_safe
def worker(request: Any) -> HttpResponse:
    """The script that gives that page; it sees this page alone."""
    said = [translation.get_language(), getattr(request.user, "theme", "")]
    return offline.source("dailyworker.js", "portal.js", said)
