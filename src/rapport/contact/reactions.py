"""What the outside hears about, and when."""

import uuid
from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.events import OfferGone, SlotOffered, WaitingAsked
from rapport.meeting.waiting import actions as waiting
from rapport.meeting.waiting import answering
from rapport.meeting.waiting import queries as waits
from rapport.people.circle import queries as around
from rapport.people.models import Client, Contact
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import queries
from rapport.progress.events import AlertPassedOn, AlertRaised, MeasureAsked
from rapport.progress.measures import asking
from rapport.progress.models import Asked

from . import notices

ATTEMPTS = 20  # some hours; the alert's own clock runs meanwhile
DESK = "/desk/"  # says nothing; the alert stands there
PORTAL = "/portal/measures/"


@on(AlertRaised, attempts=ATTEMPTS)
def tell_who_owns_it(fact: AlertRaised, now: datetime) -> None:
    """Tell the owner of an alert, once: the notice commits with this job's end."""
    _tell(fact.alert_id, "", now)


@on(AlertPassedOn, attempts=ATTEMPTS)
def tell_who_is_next(fact: AlertPassedOn, now: datetime) -> None:
    """Tell the deputy, or everybody on the care team."""
    _tell(fact.alert_id, fact.stage, now)


def _tell(alert_id: uuid.UUID, passed_on: str, now: datetime) -> None:
    """By mail where the practice sends any; the desk shows it either way."""
    alert, people = queries.to_tell(alert_id=alert_id, passed_on=passed_on)
    by_mail = notices.can_send()
    for staff in people:
        if by_mail:
            notices.send(kind="attention", account=staff.account, now=now, link_path=DESK)
        alerts.told(
            by=System("contact"), alert=alert, staff=staff,
            how="MAIL" if by_mail else "PAGE", now=now,
        )  # fmt: skip


@on(MeasureAsked)
def tell_who_is_asked(fact: MeasureAsked, now: datetime) -> None:
    """Make the link that is mailed, and mail it to the client.

    Without an address that is safe, or a mail server, nothing is sent: then the desk makes
    the link and hands it over.
    """
    near = ("client__data_key", "client__account")
    waiting = Asked.objects.select_related(*near).filter(state=Asked.State.OPEN, expires_at__gt=now)
    asked = waiting.filter(pk=fact.asked_id).exclude(way=Asked.Way.DESK).first()
    if asked is None or not notices.can_send():
        return
    by, client, path = System("contact"), asked.client, PORTAL
    contact = next(iter(around.safe_mails(by=by, client=client)), None)
    if contact is None:
        return
    if asked.way == Asked.Way.LINK:
        path = asking.new_link(by=by, client=client, asked=asked, now=now).path
    notices.send(kind="questions", contact=contact, link_path=path, now=now)


# The waiting list -------------------------------------------------------------------------


@on(SlotOffered)
def tell_who_is_offered(fact: SlotOffered, now: datetime) -> None:
    """Make the link by which an hour is taken, and mail it; once, as long as it is on offer.

    Nobody who cannot be written to safely is: then the desk sees that, and calls.
    """
    offer = waits.to_tell(offer_id=fact.offer_id, now=now)
    if offer is None or offer.told:
        return
    by = System("contact")
    contact = _to_write_to(offer.client)
    path = answering.written_to(by=by, offer=offer, how="PAGE" if contact is None else "MAIL")
    if contact is not None:
        notices.send(kind="offer", contact=contact, link_path=path, now=now)


@on(OfferGone)
def tell_who_was_too_late(fact: OfferGone, now: datetime) -> None:
    """Say kindly that the hour is gone, to whoever was written to about it."""
    offer = waits.was_told(offer_id=fact.offer_id)
    contact = _to_write_to(offer.client) if offer is not None else None
    if contact is not None:
        notices.send(kind="offer_gone", contact=contact, now=now)


@on(WaitingAsked)
def ask_whether_they_still_look(fact: WaitingAsked, now: datetime) -> None:
    """Mail the question; where nobody can be written to, the desk sees that and calls."""
    entry = waits.asked(entry_id=fact.entry_id)
    if entry is None:
        return
    contact = _to_write_to(entry.client)
    path = waiting.written_to(
        by=System("contact"), client=entry.client, entry=entry,
        how="PAGE" if contact is None else "MAIL",
    )  # fmt: skip
    if contact is not None:
        notices.send(kind="still_looking", contact=contact, link_path=path, now=now)


def _to_write_to(client: Client) -> Contact | None:
    """The address that is safe to write to, where the practice sends mail."""
    if not notices.can_send():
        return None
    return next(iter(around.safe_mails(by=System("contact"), client=client)), None)
