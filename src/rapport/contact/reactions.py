"""What the outside hears about, and when."""

import uuid
from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.events import FirstConsultationBooked
from rapport.people.circle import queries as around
from rapport.people.clients.models import Client
from rapport.people.events import ClientAdmitted
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import queries
from rapport.progress.events import AlertPassedOn, AlertRaised, MeasureAsked
from rapport.progress.measures import asking
from rapport.progress.models import Asked

from . import notices
from .inquiries import actions as inquiries
from .inquiries.models import Inquiry

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


@on(ClientAdmitted)
def keep_an_inquiry_beside(fact: ClientAdmitted, now: datetime) -> None:
    """Whoever is here with status INQUIRY has an inquiry, however they were entered."""
    client = Client.objects.filter(pk=fact.client_id).first()
    if client is not None:
        inquiries.beside(
            by=System("contact"), client=client, received_at=client.created_at, now=now
        )


@on(FirstConsultationBooked)
def take_who_booked_an_hour(fact: FirstConsultationBooked, now: datetime) -> None:
    """An inquiry that begins with its hour; with one that was booked at once it is answered."""
    near = ("client", "clinician", "type")
    meeting = Appointment.objects.select_related(*near).filter(pk=fact.appointment_id).first()
    if meeting is None:
        return
    booked = meeting.status == Appointment.Status.BOOKED
    inquiries.beside(
        by=System("contact"), client=meeting.client, came_by=Inquiry.CameBy.FORM, now=now,
        clinician=meeting.clinician, type=meeting.type, way=meeting.way,
        stage=Inquiry.Stage.CONSULTATION if booked else Inquiry.Stage.NEW,
        received_at=meeting.booked_at, answered_at=meeting.booked_at if booked else None,
    )  # fmt: skip
