"""A stranger asks, is called back, becomes a client, is reminded: nothing is typed twice."""

import re
from datetime import timedelta

import pytest

from rapport.contact.models import Delivery, Inquiry, Notice, Reply
from rapport.contact.reminders.jobs import look as look_what_is_due
from rapport.core import jobs
from rapport.core import time as clock
from rapport.meeting.models import Appointment, AppointmentType
from rapport.people.models import Client
from rapport.web.booking import tokens
from tests.contact.conftest import box, certificate, listen, setup_mail, trusted

from .walking import PHONE, discreet, house, mails, open_house, people

__all__ = ["box", "certificate", "house", "listen", "open_house", "people", "setup_mail",
           "trusted"]  # fmt: skip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)


@pytest.mark.usefixtures("trusted")
def test_a_stranger_in_another_zone_becomes_a_client_without_retyping(
    people, open_house, box, listen, setup_mail, monkeypatch
):
    setup_mail(listen(box), username="")
    monkeypatch.setattr(tokens, "QUICK", 0)  # a program fills forms in faster than people
    house = open_house
    AppointmentType.objects.filter(pk=house["talk"].pk).update(needs_approval=True)
    jo = people("stranger", size=PHONE, timezone_id="America/St_Johns")
    jo.open("/")
    jo.looked("front")
    jo.go("text=Ask for a first meeting")
    jo.looked("first")
    jo.page.click("main a.btn-primary")
    jo.page.wait_for_url("**zone=America%2FSt_Johns**")
    day = clock.today() + 3 * DAY
    jo.open(f"/first/{house['talk'].pk}/?zone=America/St_Johns&day={day}")
    assert "Times in the time zone America/St Johns." in jo.said
    jo.looked("times")
    jo.opened_parts()
    jo.go(".times .btn >> nth=1")
    assert "America/St Johns" in jo.said and "On the practice's clock" in jo.said
    jo.fill(name="Jo Quiet", mail="jo@example.net", words="I sleep badly.")
    jo.page.check("[name=safe_to_write]")
    jo.page.check("[name=accepted]")
    jo.looked("form")
    jo.go("button.answering__go")
    assert "Without this nobody can answer you." in jo.said
    jo.looked("form-wrong")
    jo.page.check("[name=may_contact]")
    jo.go("button.answering__go")
    assert "Thank you. We have it." in jo.said
    jo.looked("thanks")
    jobs.run_due()
    meeting = Appointment.objects.get()
    assert meeting.status == "REQUESTED"

    # Fay finds it in the inbox, calls back, writes it down, and moves it on.
    fay = people("frontdesk2", house["fay"].account)
    fay.open("/desk/")
    fay.page.wait_for_selector("text=1 time asked for")
    fay.looked("today")
    fay.open("/desk/inquiries/")
    assert "Jo Quiet" in fay.said
    fay.looked("inquiries")
    fay.go("main a:has-text('Jo Quiet')")
    fay.looked("inquiry")
    fay.page.select_option("[name=log-what]", index=0)
    fay.page.fill("[name=log-words]", "Called back, will come.")
    fay.go("text=Write down")
    fay.go("button[name=stage][value=CALLED]")
    fay.looked("called-back")
    fay.go("button[name=stage][value=CONSULTATION]")

    # Ana says yes to the time; Jo hears of it in discreet words.
    ana = people("clinician3", house["ana"].account)
    ana.open("/desk/requests/")
    ana.looked("requests")
    ana.go("main button:has-text('Confirm')")
    ana.looked("requests-done")
    jobs.run_due()
    arrived, yes = mails(box, "jo@example.net")
    assert discreet(*arrived)
    assert discreet(*yes)

    # Jo becomes a client: nothing is typed again, and the appointment stays.
    fay.go("text=Becomes a client")
    fay.page.select_option("[name=clinician]", label="Ana Roth")
    fay.looked("start")
    fay.go("main button:has-text('Becomes a client')")
    fay.looked("started")
    became = Client.objects.get()
    assert (became.status, became.legal_name) == ("ACTIVE", "Jo Quiet")
    assert Inquiry.objects.get().stage == "STARTED"
    meeting.refresh_from_db()
    assert (meeting.client, meeting.status) == (became, "BOOKED")
    ana.open(f"/desk/clients/{became.pk}/")
    assert "jo@example.net" in ana.said
    ana.looked("client")

    # A day before, one reminder; its link does nothing until it is pressed.
    due = meeting.starts_at - DAY
    for minutes in (0, 5, 10):
        with clock.at(due + timedelta(minutes=minutes)):
            look_what_is_due(now=clock.now())
            jobs.run_due(clock.now())
    _arrived, _yes, reminder = mails(box, "jo@example.net")
    assert discreet(*reminder) and Delivery.objects.get().state == "SENT"
    jo.open(re.findall(r"(/a/\S+)", reminder[1])[0])
    jo.page.reload()
    jo.looked("reminder-link")
    meeting.refresh_from_db()
    assert meeting.confirmed_at is None and not Reply.objects.exists()
    jo.go("text=Yes, I will be there")
    jo.looked("confirmed")
    meeting.refresh_from_db()
    assert meeting.confirmed_at is not None
    ana.open(f"/desk/appointments/{meeting.pk}/")
    assert "confirmed by the client" in ana.said
    ana.looked("confirmed")
    assert not Notice.objects.filter(state="FAILED").exists()

    # Ana's own calendar program reads it under a title that says nothing, until she ends it.
    ana.open("/desk/me/calendars/")
    ana.looked("calendars")
    ana.go("button[value=new]")
    ana.looked("address")
    link = ana.page.input_value("#link")
    feed = jo.page.request.get(link)
    assert feed.status == 200
    assert "BEGIN:VEVENT" in feed.text() and "Quiet" not in feed.text()
    ana.go("text=End it")
    assert jo.page.request.get(link).status == 404
    ana.looked("ended")
