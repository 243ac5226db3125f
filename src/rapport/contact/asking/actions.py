"""Asking for help on the public page, and saying whether that can be done."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.accounts import throttle
from rapport.people.circle import queries as around
from rapport.people.clients.models import Client
from rapport.people.practice import queries as practice
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from .. import notices
from ..inquiries import actions as inquiries
from ..inquiries.models import Inquiry
from ..inquiries.problems import CannotTake
from ..referrers.models import Source
from . import queries
from .models import AskUs

PUBLIC = System("public")
LONGEST_WORDS = 300


@dataclass(frozen=True)
class Asker:
    """What somebody without an account says who asks for help.

    Attributes:
        place, clinician: what they would like, if they said so. language: they read the page in.
    """

    name: str
    reaches: list[inquiries.Reach]
    words: str = ""
    source: Source | None = None
    place: Place | None = None
    clinician: Staff | None = None
    language: str = ""


@action("inquiry.ask")
def ask(*, by: Any, asker: Asker, once: uuid.UUID, now: datetime) -> Inquiry:
    """Take the inquiry of somebody without an account, and answer by mail that it arrived.

    Whether somebody of this name or address is known here changes nothing that can be seen
    from outside. The words are kept sealed and nobody is told of danger by a program: the
    page says that they are not read at once.

    Args:
        once: of the form. Sent again, the first inquiry is returned and nothing goes out.

    Raises:
        CannotTake: the page is closed, too many words, or a name, number or address that
            cannot be.
    """
    if not queries.page().is_open:
        raise CannotTake("", _("Nobody can ask here any more. Write to or call us."))
    if len(asker.words) > LONGEST_WORDS:
        raise CannotTake("words", _("Use at most %(n)s characters.") % {"n": LONGEST_WORDS})
    before = queries.taken(once=once)
    if before is not None:
        return before
    inquiry = inquiries.take(
        by=PUBLIC, name=asker.name, place=asker.place or _place(asker.clinician),
        reaches=asker.reaches, came_by=Inquiry.CameBy.FORM, source=asker.source,
        seeks=asker.words.strip(), clinician=asker.clinician, once=once, may_contact_at=now,
        languages=[asker.language] if asker.language else [], now=now,
    )  # fmt: skip
    arrived(client=inquiry.client, now=now)
    return inquiry


def _place(clinician: Staff | None) -> Place:
    theirs = clinician.places.filter(closed_on=None).order_by("name").first() if clinician else None
    return theirs or _attended()


def _attended() -> Place:
    """The first place with a front desk, which then sees them in its list; else the first."""
    attended, _mine = queries.manned(None, clock.today())
    found = list(practice.places(by=PUBLIC))
    return next((one for one in found if one.pk in attended), found[0])


def arrived(*, client: Client, now: datetime) -> None:
    """Mail to an address that is safe that it has arrived: once a day to one address, so that
    nobody is flooded by whoever types in somebody else's."""
    contact = next(iter(around.safe_mails(by=PUBLIC, client=client)), None)
    if contact is None or not notices.can_send():
        return
    if throttle.take(("reply.mail", (contact.plain or "").casefold()), now=now):
        tongue = next(iter(client.languages), "")
        path = f"/help-now/?in={tongue}" if tongue else "/help-now/"
        notices.send(kind="received", contact=contact, link_path=path, now=now)


@action("inquiry.set_page")
def set_page(*, by: Any, is_open: bool, shows_names: bool) -> AskUs:
    """Say whether strangers may ask for help on the public page, and whether it shows names."""
    given = {"is_open": is_open, "shows_names": shows_names}
    return AskUs.objects.update_or_create(pk=1, defaults=given)[0]
