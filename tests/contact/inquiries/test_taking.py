"""Entering somebody who asks, and what is kept of calls and tasks."""

import uuid
from datetime import timedelta

import pytest

from rapport.contact.inquiries import actions, queries
from rapport.contact.inquiries.actions import Reach
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import Inquiry, InquiryEntry, InquiryTask
from rapport.contact.reactions import keep_an_inquiry_beside, take_who_booked_an_hour
from rapport.core.models import AuditEntry, Job
from rapport.core.policy import Denied
from rapport.meeting.events import FirstConsultationBooked
from rapport.people.clients import actions as clients
from rapport.people.events import ClientAdmitted
from rapport.people.models import Client, Contact, Episode
from tests.factories import NOW, AnAppointment, AnInquiry, AReferrer, ASource, AType, ClientOf

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


def take(house, by=None, **given):
    by = (by or house.fay).account
    return actions.take(by=by, **{"name": "Nadia Ferrand", "place": house.here, "now": NOW} | given)


def test_who_asks_is_a_client_with_status_inquiry_and_a_row_beside(house):
    source, referrer, kind = ASource(), AReferrer(), AType()

    inquiry = take(
        house, seeks="Sleeps badly.", source=source, referrer=referrer, clinician=house.ana,
        type=kind, way="VIDEO", responsible=house.fay, call_on=NOW.date(),
        reaches=[Reach("PHONE", "030 901820", safe_to_message=True),
                 Reach("MAIL", "Nadia@Example.org")],
    )  # fmt: skip

    client = Client.objects.get()
    assert (client.status, client.legal_name) == ("INQUIRY", "Nadia Ferrand")
    assert [m.staff for m in client.care_team.all()] == [house.ana]
    assert not Episode.objects.exists()
    kept = queries.get(by=house.fay.account, inquiry_id=inquiry.pk)
    assert (kept.seeks, kept.source, kept.referrer, kept.type) == (
        "Sleeps badly.", source, referrer, kind,
    )  # fmt: skip
    assert (kept.stage, kept.came_by, kept.answered_at) == ("NEW", "PHONE", None)
    phone = Contact.objects.get(kind="PHONE")
    assert (phone.plain, phone.safe_to_message, phone.safe_to_text) == ("+4930901820", True, False)
    assert InquiryTask.objects.get().due_on == NOW.date()
    entry = AuditEntry.objects.get(verb="inquiry.take")
    assert (entry.by, entry.about) == (str(house.fay.account.pk), client.pk)


def test_nobody_in_particular_may_be_wished_for(house):
    inquiry = take(house)

    assert not inquiry.client.care_team.exists()
    with pytest.raises(clients.CannotKeep):
        clients.admit(by=house.fay.account, legal_name="Ada", place=house.here, clinician=None,
                      now=NOW)  # fmt: skip


def test_a_form_sent_twice_takes_one(house):
    once = uuid.uuid4()

    assert take(house, once=once) == take(house, once=once)
    assert Client.objects.count() == Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"reaches": [Reach("PHONE", "none")]}, "phone"),
        ({"reaches": [Reach("MAIL", "a\r\nBcc: b@example.org")]}, "mail"),
        ({"seeks": "x" * 2001}, "seeks"),
    ],
)
def test_what_cannot_be_kept_keeps_nothing(house, given, field):
    with pytest.raises(CannotTake) as problem:
        take(house, **given)

    assert problem.value.field == field
    assert not Client.objects.exists()
    assert not Contact.objects.exists()


def test_a_biller_takes_none(house):
    with pytest.raises(Denied):
        take(house, by=house.bill)

    assert not Client.objects.exists()


def test_the_first_line_that_reaches_somebody_is_the_first_answer(house):
    inquiry = take(house)

    def log(what, hours, words=""):
        actions.log(by=house.fay.account, inquiry=inquiry, what=what, words=words,
                    now=NOW + timedelta(hours=hours))  # fmt: skip
        inquiry.refresh_from_db()
        return inquiry.answered_at

    assert log("NOT_REACHED", 1) is None
    assert log("NOTED", 2, "Rings in the evening.") is None
    assert log("SPOKE", 3) == LATER
    assert log("WROTE", 4) == LATER
    assert [one.what for one in queries.entries(by=house.fay.account, inquiry=inquiry)] == [
        "WROTE", "SPOKE", "NOTED", "NOT_REACHED",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "words", "field"),
    [("MOVED", "x", "what"), ("", "x", "what"), ("NOTED", " ", "words"),
     ("SPOKE", "x" * 2001, "words")],
)  # fmt: skip
def test_a_line_that_says_nothing_is_none(house, what, words, field):
    with pytest.raises(CannotTake) as problem:
        actions.log(by=house.fay.account, inquiry=take(house), what=what, words=words, now=NOW)

    assert problem.value.field == field
    assert not InquiryEntry.objects.exists()


def test_a_task_is_done_and_not_done(house):
    inquiry, by = take(house), house.fay.account
    task = actions.add_task(by=by, inquiry=inquiry, words="Call", due_on=NOW.date(), whose=None,
                            now=NOW)  # fmt: skip

    def due():
        return queries.due(by=by, until=NOW.date(), most=5)

    assert due() == [task]
    assert queries.due(by=by, until=NOW.date() - timedelta(days=1), most=5) == []
    actions.finish(by=by, inquiry=inquiry, task=task, done=True, now=LATER)
    assert (due(), task.done_by) == ([], by)
    actions.finish(by=by, inquiry=inquiry, task=task, done=False, now=LATER)
    assert due() == [task]
    with pytest.raises(CannotTake):
        actions.finish(by=by, inquiry=AnInquiry(client__place=house.here), task=task, done=True,
                       now=LATER)  # fmt: skip


def test_a_task_stands_with_whose_it_is(house):
    inquiry = take(house, clinician=house.ana)
    actions.add_task(by=house.fay.account, inquiry=inquiry, words="Call", due_on=NOW.date(),
                     whose=house.fay, now=NOW)  # fmt: skip

    assert queries.due(by=house.ana.account, until=NOW.date(), most=5) == []
    assert len(queries.due(by=house.fay.account, until=NOW.date(), most=5)) == 1


def test_another_wish_is_another_clinician_on_the_care_team(house):
    inquiry = take(house, clinician=house.ana)
    given = {"came_by": "MAIL", "source": None, "referrer": None, "seeks": "More.", "type": None,
             "way": "", "responsible": house.fay}  # fmt: skip

    changed = actions.change(by=house.fay.account, inquiry=inquiry, clinician=house.ben,
                             revision=1, now=NOW, **given)  # fmt: skip

    there = inquiry.client.care_team.filter(until_on=None)
    assert [member.staff for member in there] == [house.ben]
    assert (changed.seeks, changed.revision) == ("More.", 2)
    with pytest.raises(CannotTake, match="meanwhile"):
        actions.change(by=house.fay.account, inquiry=inquiry, clinician=None, revision=1, now=NOW,
                       **given)  # fmt: skip


def test_who_was_admitted_as_an_inquiry_has_one(house):
    asker, client = ClientOf(status="INQUIRY"), ClientOf()

    for one in (asker, client, asker):
        keep_an_inquiry_beside(ClientAdmitted(one.pk), now=NOW)

    assert [inquiry.client for inquiry in Inquiry.objects.all()] == [asker]


@pytest.mark.parametrize("first", ["admitted", "booked"])
@pytest.mark.parametrize(("status", "stage"), [("BOOKED", "CONSULTATION"), ("REQUESTED", "NEW")])
def test_a_first_consultation_booked_by_oneself_is_an_inquiry(house, first, status, stage):
    asker = ClientOf(status="INQUIRY", care_team=[house.ana])
    meeting = AnAppointment(client=asker, clinician=house.ana, status=status, way="VIDEO")
    tell = [
        lambda: keep_an_inquiry_beside(ClientAdmitted(asker.pk), now=NOW),
        lambda: take_who_booked_an_hour(FirstConsultationBooked(meeting.pk), now=NOW),
    ]
    for one in tell if first == "admitted" else reversed(tell):
        one()

    inquiry = Inquiry.objects.get()
    assert (inquiry.came_by, inquiry.clinician, inquiry.way) == ("FORM", house.ana, "VIDEO")
    assert (inquiry.stage, inquiry.answered_at) == (stage, NOW if status == "BOOKED" else None)


def test_taking_one_tells_of_it_once_the_transaction_ends(house):
    take(house)

    assert Job.objects.filter(name="contact.reactions.keep_an_inquiry_beside").count() == 1
