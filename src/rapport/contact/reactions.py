"""What the outside hears about, and when."""

import uuid
from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.events import (
    AppointmentApproved,
    AppointmentDeclined,
    AppointmentRequested,
    ClientActed,
    RequestExpired,
)
from rapport.meeting.requests import queries as requests
from rapport.people.circle import queries as around
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import queries
from rapport.progress.events import AlertPassedOn, AlertRaised, MeasureAsked
from rapport.progress.measures import asking
from rapport.progress.models import Asked

from . import notices

ATTEMPTS = 20  # some hours; the alert's own clock runs meanwhile
DESK = "/desk/"  # says nothing; the alert stands there
PORTAL = "/portal/measures/"
HOME = "/portal/"


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


# Booking by clients themselves ------------------------------------------------------------


@on(AppointmentRequested)
def tell_who_is_asked_for(fact: AppointmentRequested, now: datetime) -> None:
    """Somebody waits for the clinician's answer."""
    _tell_the_clinician(fact.appointment_id, now)


@on(ClientActed)
def tell_whose_client_acted(fact: ClientActed, now: datetime) -> None:
    """A client booked, moved or called off a meeting by themselves."""
    _tell_the_clinician(fact.appointment_id, now)


def _tell_the_clinician(appointment_id: uuid.UUID, now: datetime) -> None:
    """By mail where the practice sends any; Today shows it either way."""
    if notices.can_send():
        staff = requests.asked_of(appointment_id=appointment_id)
        notices.send(kind="attention", account=staff.account, link_path=DESK, now=now)


@on(AppointmentApproved)
def tell_who_asked_yes(fact: AppointmentApproved, now: datetime) -> None:
    """The time is theirs."""
    _tell_who_asked(fact.appointment_id, "time_confirmed", now)


@on(AppointmentDeclined)
def tell_who_asked_no(fact: AppointmentDeclined, now: datetime) -> None:
    """It is not; why stands in the portal."""
    _tell_who_asked(fact.appointment_id, "time_declined", now)


@on(RequestExpired)
def tell_who_asked_in_vain(fact: RequestExpired, now: datetime) -> None:
    """Nobody answered in time."""
    _tell_who_asked(fact.appointment_id, "time_declined", now)


def _tell_who_asked(appointment_id: uuid.UUID, kind: str, now: datetime) -> None:
    """To an address that is safe; with a link where they have a portal to read it in."""
    client = requests.who_asked(appointment_id=appointment_id)
    contact = next(iter(around.safe_mails(by=System("contact"), client=client)), None)
    if contact is None or not notices.can_send():
        return
    if client.account_id is not None:
        notices.send(kind="answer", contact=contact, link_path=HOME, now=now)
    else:
        notices.send(kind=kind, contact=contact, now=now)
