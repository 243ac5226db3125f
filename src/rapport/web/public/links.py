"""The page behind a link in a message: what it asks, what was done, why it does nothing more."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.contact.reminders import answers, links, moving, words
from rapport.contact.reminders.models import Does, Preference
from rapport.core import time as clock
from rapport.meeting.models import Appointment
from rapport.people.practice import queries as practice

ASKS = {
    Does.CONFIRM: (gettext_lazy("Will you be there?"), gettext_lazy("Yes, I will be there")),
    Does.CANCEL: (gettext_lazy("Call this off?"), gettext_lazy("Call it off")),
    Does.MOVE: (gettext_lazy("Would another time be better?"),
                gettext_lazy("Ask for another time")),
}  # fmt: skip
DONE = {
    Does.CONFIRM: gettext_lazy("Thank you. It is noted that you will be there."),
    Does.CANCEL: gettext_lazy("It is called off. Thank you for saying so."),
    Does.MOVE: gettext_lazy("It is noted that you would like another time. Somebody will get in "
                            "touch with you; until then this time is kept for you."),
}  # fmt: skip
MOVED = gettext_lazy("It is moved. This is your time now:")
CLOSED = {
    "taken_back": gettext_lazy("This link was used before, and this time stands all the same. "
                               "Let us know if that is not right."),
    "begun": gettext_lazy("This time is over, so nothing can be changed by this link any more."),
    "moved": gettext_lazy("This was moved to another time since. A newer message has it."),
    "called_off": gettext_lazy("This was called off. You need not do anything."),
    "changed": gettext_lazy("This was changed at this very moment. Look at the link again."),
    "": gettext_lazy("This link does not work."),
}  # fmt: skip


class Found(NamedTuple):
    """Who holds a link, and what it asks."""

    holder: links.Holder
    asked: answers.Asked

    @property
    def stays(self) -> str:
        """Why no other time can be chosen by it; "" where one can. Of a link for another time."""
        return moving.why_not(
            delivery=self.asked.delivery, meeting=self.asked.meeting, now=clock.now()
        )


def found(token: str) -> Found | None:
    """What stands behind a link; None for one that is none."""
    holder = links.holder(token)
    asked = answers.look(holder, now=clock.now()) if holder else None
    return Found(holder, asked) if holder and asked else None


def question(request: Any, link: Found, status: int = 200) -> HttpResponse:
    """What it asks, and its button; that calling off counts as late is said above it."""
    asks, usual = ASKS[Does(link.holder.does)]
    asked = link.asked
    until = words.when(asked.until, asked.own) if asked.until else ""
    more: dict[str, Any] = {
        "when": words.when(asked.delivery.starts_at, asked.own), "until": until,
        "button": _("Call it off late") if until else usual,
    }  # fmt: skip
    if link.holder.does == Does.MOVE:
        more |= {"stays": link.stays, **reach()}
    return shown(request, asks, status=status, **more)


def done(request: Any, link: Found) -> HttpResponse:
    """What its button did."""
    return shown(request, DONE[Does(link.holder.does)])


def moved(request: Any, meeting: Appointment, own: Preference) -> HttpResponse:
    """The time it has by now."""
    return shown(request, MOVED, when=words.when(meeting.starts_at, own))


def closed(
    request: Any, link: Found | None, why: str = "", own: Preference | None = None
) -> HttpResponse:  # fmt: skip
    """Why it does nothing any more, and what is so.

    Args:
        own: on whose clock a time is said, where it was chosen on another than the client's.
    """
    if link is None or not why:
        return shown(request, CLOSED[""], status=404)
    if why == "moved_for_it":
        link.asked.meeting.refresh_from_db()  # pressed twice, it was moved while this was asked
        return moved(request, link.asked.meeting, own or link.asked.own)
    return done(request, link) if why == "done" else shown(request, CLOSED[why])


def reach() -> dict[str, str]:
    """How one reaches who wrote; not their name."""
    row = practice.current()
    return {"phone": row.phone, "hours": row.hours} if row else {"phone": "", "hours": ""}


def shown(request: Any, title: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """A page with one sentence, and more below it."""
    context = {"title": title, "hours": reach()["hours"], **more}
    return kept_nowhere(render(request, "public/answer.html", context, status=status))


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    """An answer that no browser keeps."""
    response.headers["Cache-Control"] = "no-store"
    return response
