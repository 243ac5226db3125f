"""What the outside hears about, and when."""

import uuid
from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.events import (
    AppointmentApproved,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDeclined,
    AppointmentMoved,
    AppointmentRequested,
    ClientActed,
    FirstConsultationBooked,
    OfferGone,
    RequestExpired,
    SlotOffered,
    WaitingAsked,
)
from rapport.meeting.requests import queries as requests
from rapport.meeting.waiting import queries as waits
from rapport.people.care_team import queries as care_team
from rapport.people.circle import queries as around
from rapport.people.events import BreakGlassOpened, ClientAdmitted
from rapport.people.models import Client
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import queries
from rapport.progress.events import AlertPassedOn, AlertRaised, MeasureAsked

from . import notices
from .asking import actions as asking
from .inquiries import actions as inquiries
from .inquiries import moving
from .inquiries.models import Inquiry
from .questions import actions as questions
from .referrers.models import Source
from .reminders import actions as reminders
from .reminders import queries as reminded
from .reminders.models import Kind
from .waitlist import actions as waitlist

ATTEMPTS = 20  # some hours; the alert's own clock runs meanwhile
DESK = "/desk/"  # says nothing; the alert stands there
HOME = "/portal/"
FIRST = "/first/"


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


@on(BreakGlassOpened, attempts=ATTEMPTS)
def tell_the_care_team(fact: BreakGlassOpened, now: datetime) -> None:
    """Tell whoever cares for a client that their record was opened in need, once."""
    if not notices.can_send():
        return
    for staff in care_team.told(break_glass_id=fact.break_glass_id):
        notices.send(kind="attention", account=staff.account, now=now, link_path=DESK)


@on(MeasureAsked)
def tell_who_is_asked(fact: MeasureAsked, now: datetime) -> None:
    """Make the link that is mailed, and mail it to the client; once."""
    questions.tell(by=System("contact"), asked_id=fact.asked_id, now=now)


# Booking by clients themselves ------------------------------------------------------------


@on(AppointmentRequested)
def tell_who_is_asked_for(fact: AppointmentRequested, now: datetime) -> None:
    """Somebody waits for the clinician's answer."""
    _tell_the_clinician(fact.appointment_id, now)


@on(ClientActed)
def tell_whose_client_acted(fact: ClientActed, now: datetime) -> None:
    """A client booked, moved or called off a meeting by themselves, or asks for another time."""
    _tell_the_clinician(fact.appointment_id, now)


def _tell_the_clinician(appointment_id: uuid.UUID, now: datetime) -> None:
    """By mail where the practice sends any; Today shows it either way."""
    staff = requests.asked_of(appointment_id=appointment_id)
    if staff is not None and notices.can_send():
        notices.send(kind="attention", account=staff.account, link_path=DESK, now=now)


@on(AppointmentApproved)
def tell_who_asked_yes(fact: AppointmentApproved, now: datetime) -> None:
    """The time is theirs. Who is told of what is booked reads day and time, and nothing twice."""
    booked = fact.appointment_id
    reminders.tell(by=System("contact"), appointment_id=booked, kind=Kind.BOOKED, now=now)
    if not reminded.is_told(appointment_id=booked, kind=Kind.BOOKED):
        _tell_who_asked(fact.appointment_id, "time_confirmed", now)


@on(AppointmentApproved)
def they_come_to_consult(fact: AppointmentApproved, now: datetime) -> None:
    """The inquiry of somebody new is answered, and goes on to its consultation."""
    _answered(fact.appointment_id, True, now)


@on(AppointmentDeclined)
def they_were_answered(fact: AppointmentDeclined, now: datetime) -> None:
    """No is an answer, too."""
    _answered(fact.appointment_id, False, now)


def _answered(appointment_id: uuid.UUID, booked: bool, now: datetime) -> None:
    client = requests.who_asked(appointment_id=appointment_id)
    if client is not None and client.status == Client.Status.INQUIRY:
        moving.answered(by=System("contact"), client=client, booked=booked, now=now)


@on(AppointmentDeclined)
def tell_who_asked_no(fact: AppointmentDeclined, now: datetime) -> None:
    """It is not; why stands in the portal. Who has none finds other times by the link."""
    _tell_who_asked(fact.appointment_id, "time_declined", now, FIRST)


@on(RequestExpired)
def tell_who_asked_in_vain(fact: RequestExpired, now: datetime) -> None:
    """Nobody answered in time."""
    _tell_who_asked(fact.appointment_id, "time_declined", now, FIRST)


def _tell_who_asked(
    appointment_id: uuid.UUID, kind: str, now: datetime, link_path: str = ""
) -> None:
    """To an address that is safe; where they have a portal, with a link to read it there."""
    client = requests.who_asked(appointment_id=appointment_id)
    if client is None:
        return
    contact = next(iter(around.safe_mails(by=System("contact"), client=client)), None)
    if contact is None or not notices.can_send():
        return
    if client.account_id is not None:
        notices.send(kind="answer", contact=contact, link_path=HOME, now=now)
    else:
        notices.send(kind=kind, contact=contact, link_path=link_path, now=now)


# The waiting list -------------------------------------------------------------------------


@on(SlotOffered)
def tell_who_is_offered(fact: SlotOffered, now: datetime) -> None:
    """Promise the message with the link by which an hour is taken; once, while it is on offer.

    Nobody who cannot be written to safely is: then the desk sees that, and calls.
    """
    offer = waits.to_tell(offer_id=fact.offer_id, now=now)
    if offer is not None and not offer.told:
        waitlist.tell(by=System("contact"), client=offer.client, kind="OFFER", offer=offer, now=now)


@on(OfferGone)
def tell_who_was_too_late(fact: OfferGone, now: datetime) -> None:
    """Say kindly that the hour is gone, to whoever was written to about it."""
    offer = waits.was_told(offer_id=fact.offer_id)
    if offer is not None:
        waitlist.tell(by=System("contact"), client=offer.client, kind="GONE", offer=offer, now=now)


@on(WaitingAsked)
def ask_whether_they_still_look(fact: WaitingAsked, now: datetime) -> None:
    """Promise the question; where nobody can be written to, the desk sees that and calls."""
    entry = waits.asked(entry_id=fact.entry_id)
    if entry is not None:
        waitlist.tell(by=System("contact"), client=entry.client, kind="STILL", entry=entry, now=now)


@on(AppointmentBooked)
def tell_of_a_booking(fact: AppointmentBooked, now: datetime) -> None:
    """Tell the client of a meeting that was booked, where that is wanted."""
    reminders.tell(by=System("contact"), appointment_id=fact.appointment_id, kind=Kind.BOOKED,
                   now=now)  # fmt: skip


@on(AppointmentMoved)
def tell_of_a_move(fact: AppointmentMoved, now: datetime) -> None:
    """Tell the client of another time."""
    reminders.tell(by=System("contact"), appointment_id=fact.appointment_id, kind=Kind.MOVED,
                   now=now)  # fmt: skip


@on(AppointmentCancelled)
def tell_that_it_is_off(fact: AppointmentCancelled, now: datetime) -> None:
    """Tell the client that a meeting does not take place."""
    reminders.tell(by=System("contact"), appointment_id=fact.appointment_id, kind=Kind.CANCELLED,
                   now=now)  # fmt: skip


@on(ClientAdmitted)
def keep_an_inquiry_beside(fact: ClientAdmitted, now: datetime) -> None:
    """Whoever is entered with status INQUIRY has an inquiry; a table that is read is no asking."""
    client = Client.objects.filter(pk=fact.client_id, came_by=None).first()
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
    said = requests.introduction(appointment=meeting)
    heard_by = said.heard_by if said is not None else None
    inquiries.beside(
        by=System("contact"), client=meeting.client, came_by=Inquiry.CameBy.FORM, now=now,
        source=Source.objects.filter(pk=heard_by).first() if heard_by else None,
        clinician=meeting.clinician, type=meeting.type, way=meeting.way,
        stage=Inquiry.Stage.CONSULTATION if booked else Inquiry.Stage.NEW,
        received_at=meeting.booked_at, answered_at=meeting.booked_at if booked else None,
    )  # fmt: skip
    if not booked:
        asking.arrived(client=meeting.client, now=now)
    if said is not None:
        reminders.reads_times_in(
            by=System("contact"), client=meeting.client, zone=said.zone, now=now
        )
