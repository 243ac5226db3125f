"""A week of scheduling by hand: hours, a standing slot and its changes, a holiday, a freed hour."""

import re
from datetime import timedelta

import pytest

from rapport.core import jobs
from rapport.core import time as clock
from rapport.meeting.models import (
    Appointment,
    AppointmentType,
    LeftOut,
    Offer,
    OtherHours,
    Series,
    TimeOff,
    WorkingHours,
)
from tests.contact.conftest import box, certificate, listen, setup_mail, trusted
from tests.factories import AnAccount, AnAppointment, AWaitingEntry

from .walking import PHONE, client, discreet, house, mails, open_house, people

__all__ = ["box", "certificate", "house", "listen", "open_house", "people", "setup_mail",
           "trusted"]  # fmt: skip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def test_hours_are_set_and_a_standing_slot_lives_through_changes_and_a_holiday(people, house):
    today = clock.today()
    monday = today - timedelta(today.weekday()) + 2 * WEEK
    mara, jonas = client(house, "Mara Kühn"), client(house, "Jonas Weber")

    # Ana sets her week, her lunch, one other day, and what strangers may ask for.
    ana = people("clinician", house["ana"].account)
    ana.open("/desk/me/diary/")
    ana.looked("no-hours-yet")
    ana.go("text=Change the week")
    for day in "1234":
        ana.page.check(f"[name=weekdays][value='{day}']")
    ana.fill(from_at="09:00", until_at="18:00")
    ana.looked("week")
    ana.go("main button:has-text('Add')")
    assert WorkingHours.objects.filter(staff=house["ana"], weekday=4).exists()
    ana.looked("week-added")
    ana.go("main .crumb a")
    ana.go("a[href$='/hours/limits/']")
    ana.fill(lunch_from="12:30", lunch_until="13:30")
    ana.looked("limits")
    ana.go("main button:has-text('Save')")
    ana.go("text=Other hours on one day")
    ana.fill(on=monday + 5 * DAY, from_1="10:00", until_1="14:00")
    ana.looked("single-day")
    ana.go("main button:has-text('Save')")
    assert OtherHours.objects.get().on == monday + 5 * DAY
    assert "12:30" in ana.said and "1:30" in ana.said
    ana.looked("hours")
    ana.open("/desk/practice/types/add/")
    ana.fill(name="First meeting")
    ana.page.check("[name=bookers][value=PUBLIC]")
    ana.looked("type")
    ana.go("main button:has-text('Save')")
    assert AppointmentType.objects.get().bookers == ["STAFF", "PUBLIC"]
    ana.looked("types")

    # Fay books every second Monday at ten.
    fay = people("frontdesk", house["fay"].account)
    fay.open(f"/desk/clients/{mara.pk}/")
    fay.go("main >> text=Book")
    fay.looked("book")
    fay.go("text=Book a standing slot")
    fay.fill(every=2, on=monday, at="10:00")
    fay.page.select_option("[name=clinician]", label="Ana Roth")
    fay.page.select_option("[name=holidays]", "KEEP")
    fay.looked("standing")
    fay.go("main button:has-text('Book')")
    series = Series.objects.get()
    assert fay.page.inner_text("h1") == "Every second Monday, 10 a.m."
    fay.looked("standing-booked")

    # One is moved, and the rest stay.
    fay.go("#ahead ~ ul a >> nth=1")
    fay.go("main a:has-text('Move')")
    fay.fill(at="15:00")
    fay.looked("move-one")
    fay.go("main button:has-text('Move')")
    fay.looked("moved-one")
    rows = Appointment.objects.filter(series=series).order_by("nth_on")[:4]
    assert [f"{clock.local(one.starts_at):%H:%M}" for one in rows] == [
        "10:00", "15:00", "10:00", "10:00",
    ]  # fmt: skip

    # The third and all that follow are on Tuesdays at eleven from then on.
    fay.go(f"a[href='/desk/series/{series.pk}/']")
    assert "moved" in fay.said
    fay.go("#ahead ~ ul a >> nth=2")
    fay.go("main a:has-text('Move')")
    fay.page.check("[name=scope][value=FOLLOWING]")
    fay.fill(on=monday + 4 * WEEK + DAY, at="11:00")
    fay.go("main button:has-text('Move')")
    assert fay.page.inner_text("h1") == "Every second Tuesday, 11 a.m."
    fay.looked("moved-following")
    later = Series.objects.get(follows=series)
    assert Appointment.objects.filter(series=series).count() == 2

    # It rests for three weeks, and the slot is kept.
    fay.go("main a:has-text('Pause')")
    fay.fill(from_on=monday + 5 * WEEK, weeks=3)
    fay.looked("pause")
    fay.go("main button:has-text('Pause')")
    assert "The hours are kept." in fay.said
    fay.looked("paused")
    assert LeftOut.objects.filter(series=later, why="PAUSE").count() == 1
    first = monday + 4 * WEEK + DAY
    ahead = Appointment.objects.filter(series=later).order_by("starts_at")[:2]
    assert [clock.local(one.starts_at).date() for one in ahead] == [first, first + 4 * WEEK]

    # Ana takes the week off in which Mara and Jonas come: one is moved, one called off.
    ten = clock.day_bounds(monday + 2 * WEEK + DAY)[0] + timedelta(hours=10)
    AnAppointment(client=jonas, clinician=house["ana"], place=house["place"], starts_at=ten)
    ana.open("/desk/me/diary/")
    ana.go("text=Take time off")
    ana.fill(from_on=monday + 2 * WEEK, until_on=monday + 2 * WEEK + 4 * DAY)
    ana.go("main button:has-text('Look who has an appointment then')")
    assert "2 meetings are booked then" in ana.said
    ana.looked("who-is-booked")
    ana.go("text=Save the time off")
    ana.looked("time-off")
    ana.go("a[aria-label='Move Mara Kühn']")
    ana.fill(on=monday + 3 * WEEK, at="10:00")
    ana.looked("move-from-time-off")
    ana.go("main button:has-text('Move')")
    assert "Mara" not in ana.said and "Jonas" in ana.said
    ana.fill(reason="I am away that week.")
    ana.go("text=Call off what is ticked")
    assert "1 meeting is called off." in ana.said
    ana.looked("called-off")
    assert TimeOff.objects.count() == 1
    assert Appointment.objects.get(client=jonas).cancelled_by == "CLINICIAN"
    moved = rows[1]
    moved.refresh_from_db()
    assert (clock.local(moved.starts_at).date(), moved.status) == (monday + 3 * WEEK, "BOOKED")
    ana.open(f"/desk/calendar/?view=week&on={monday + 2 * WEEK}")
    ana.looked("calendar-away")


@pytest.mark.usefixtures("trusted")
def test_an_hour_called_off_late_goes_to_who_waits_and_the_numbers_say_how_it_went(
    people, open_house, box, listen, setup_mail
):
    setup_mail(listen(box), username="")
    house = open_house
    bea = client(house, "Bea Blum", account=AnAccount(realm="PORTAL"))
    noa = client(house, "Noa Falk", "noa@home.example", account=AnAccount(realm="PORTAL"))
    tim = client(house, "Tim Ost", "tim@home.example")
    for one in (noa, tim):
        AWaitingEntry(client=one, wants="HOUR")
    begun = (clock.now() - timedelta(minutes=20)).replace(second=0, microsecond=0)
    AnAppointment(client=client(house, "Jonas Weber"), clinician=house["ana"], starts_at=begun,
                  place=house["place"])  # fmt: skip

    # Bea books the first hour of tomorrow on her phone, and calls it off within the day.
    phone = people("phone", bea.account, door="portal", size=PHONE, timezone_id=house["zone"])
    phone.open("/portal/")
    phone.looked("home")
    phone.go("text=Book a time")
    phone.looked("offered")
    tomorrow = clock.today() + DAY
    phone.open(f"/portal/book/{house['talk'].pk}/?day={tomorrow}")
    phone.looked("times")
    phone.opened_parts()
    phone.go(".times .btn >> nth=0")
    phone.page.check("[name=accepted]")
    phone.looked("confirm")
    phone.go(".answering__go")
    phone.looked("booked")
    meeting = Appointment.objects.get(client=bea)
    assert meeting.starts_at - clock.now() < DAY
    phone.go("main .btn >> text=Call it off")
    assert "It counts as called off late." in phone.said
    phone.looked("call-off-late")
    phone.go("text=Call it off late")
    phone.looked("called-off")
    jobs.run_due()

    # Ana sees it on Today, leaves it as late, and offers the hour to both who wait.
    ana = people("clinician2", house["ana"].account)
    ana.open("/desk/")
    ana.page.wait_for_selector("text=2 people could take this hour")
    ana.looked("today")
    ana.open(f"/desk/appointments/{meeting.pk}/")
    assert "It counts as called off late" in ana.said
    ana.looked("called-off-late")
    ana.go("text=Do not count it as late")
    ana.go("text=Count it as late")
    ana.open("/desk/waiting/hours/")
    ana.looked("hours-free")
    ana.go("main .rows a >> nth=0")
    ana.looked("hour")
    ana.go("button[value=AT_ONCE]")
    ana.looked("hour-offered")
    jobs.run_due()
    first, second = mails(box, "noa@home.example"), mails(box, "tim@home.example")
    assert (len(first), len(second)) == (1, 1)
    assert all(discreet(*one) for one in first + second)
    link = re.search(r"(/o/\S+)", second[0][1])[1]

    # Noa takes it in the portal; Tim, who opens his link later, is told kindly, and by mail.
    noas = people("noa", noa.account, door="portal", size=PHONE)
    noas.open("/portal/")
    assert "A time has become free" in noas.said
    noas.looked("offer-home")
    noas.go("main >> text=Answer")
    noas.looked("offer")
    tims = people("tim", size=PHONE)
    tims.open(link)
    tims.looked("offer-by-link")
    assert Offer.objects.filter(state="OFFERED").count() == 2  # looking changes nothing
    noas.page.check("[name=accepted]")
    noas.go("text=I take it")
    noas.looked("taken")
    tims.page.check("[name=accepted]")
    tims.go("text=I take it")
    assert "Somebody else was a little faster" in tims.said
    assert "You keep your place on the list" in tims.said
    tims.looked("too-late")
    jobs.run_due()
    (_offer, gone), accepted = mails(box, "tim@home.example"), mails(box, "noa@home.example")
    assert "There will be another" in gone[1] and discreet(*gone)
    assert len(accepted) == 1
    booked = Appointment.objects.get(status="BOOKED", client=noa)
    assert booked.starts_at == meeting.starts_at
    ana.page.reload()
    ana.looked("hour-given")

    # Jonas did not come: one click on Today, one to take it back; the numbers show both.
    ana.open("/desk/")
    ana.go("button:has-text('Did not come')")
    ana.looked("did-not-come")
    ana.go("button:has-text('Undo')")
    ana.go("button:has-text('Did not come')")
    ana.open("/desk/attendance/")
    row = [cell.strip() for cell in ana.page.inner_text("tfoot tr").split("\t")]
    assert row[-5:] == ["0", "1", "1", "1", "0"]  # kept, missed, called off, late, by us
    ana.looked("attendance")
    ana.open(f"/desk/clients/{bea.pk}/")
    assert "1 called off (1 late)" in ana.said
