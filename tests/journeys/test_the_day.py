"""One whole day: booked, moved, kept, written, signed; asked, answered, alarmed, read."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from rapport.core import jobs
from rapport.core import time as clock
from rapport.people.models import Practice
from rapport.people.practice import queries as practice
from rapport.progress.alerts.jobs import watch
from rapport.progress.models import Alert
from rapport.record.models import Note
from tests.factories import (
    APlace,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

from .rounds import coming_in, go, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def at_noon():
    """Move the practice to where it is the middle of the day, so that today is long enough.

    Gives the zone; asked again an hour later it would be the next one.
    """
    behind = clock.now().hour - 12
    zone = f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"  # its signs are turned round
    Practice.objects.update(time_zone=zone)
    practice.remember_zone(zone)
    return zone


@pytest.fixture
def house():
    APractice(country="US", hours="Mon to Fri, 9 to 17")
    at_noon()
    place = APlace(name="River house")
    ines = Colleague(at=[place], display_name="Ines Vogel", roles=["INTERN"])
    sam = Colleague(at=[place], display_name="Sam Whitlock", roles=["CLINICIAN", "SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ines)
    mara = ClientOf(legal_name="Mara Kühn", care_team=[ines], place=place)
    for days, total in ((21, 17), (14, 15)):
        sheet = ASheet(client=mara, answered_at=clock.now() - timedelta(days=days))
        AScore(sheet=sheet, total=total, total_rounded=total, band="moderately-severe")
    return {"ines": ines, "sam": sam, "mara": mara}


class Desk:
    """A window in which somebody stands at the desk; looked at by axe wherever it stops."""

    def __init__(self, chromium, live_server, staff):
        self.context = coming_in(chromium, live_server, inside(staff.account))
        self.page, self.base, self.problems = self.context.new_page(), live_server.url, {}

    def open(self, path):
        self.page.goto(f"{self.base}{path}")
        return self.page

    def look(self, name):
        if found := wrong(self.page):
            self.problems[name] = found
        self.page.set_viewport_size({"width": 1440, "height": 900})

    def go(self, what):
        go(self.page, what)


def test_the_day(chromium, live_server, house):
    ines, sam, mara = house["ines"], house["sam"], house["mara"]
    desk = Desk(chromium, live_server, ines)
    page = desk.open("/desk/")
    page.wait_for_selector("main >> text=Nothing waits for you.")

    # Booked for tomorrow, moved to now, and kept.
    now = clock.local(clock.now())
    soon = now + timedelta(minutes=10 - now.minute % 5)
    desk.open(f"/desk/calendar/book/?client={mara.pk}")
    page.fill("[name=on]", (now + timedelta(days=1)).date().isoformat())
    page.fill("[name=at]", "10:00")
    desk.go("main button[type=submit]")
    desk.go("text=Move")
    page.fill("[name=on]", soon.date().isoformat())
    page.fill("[name=at]", f"{soon:%H:%M}")
    desk.go("main button[type=submit]")
    reads(page, "main", "moved")
    desk.open("/desk/")
    reads(page, "main", "0 of 1 session held")
    desk.look("today")
    desk.go("button:has-text('Kept')")
    reads(page, "main", "1 of 1 session held")

    # Its draft is ready once the reaction ran; a score is drawn in; signed, it waits.
    jobs.run_due()
    page.reload()
    desk.go("text=Write the note")
    assert Note.objects.count() == 1
    page.fill("[name=started_at]", f"{soon:%H:%M}")
    page.fill("[name=ended_at]", f"{soon + timedelta(minutes=50):%H:%M}")
    for section in ("Data", "Assessment", "Plan"):
        page.get_by_role("textbox", name=section).focus()
        page.keyboard.type("She slept through twice this week and went to work on Monday.")
    page.wait_for_selector("[data-draft-state]:has-text('Saved at')")
    desk.go("button:has-text('Draw in') >> nth=0")
    reads(page, "main", "in the note")
    desk.look("writing")
    desk.go("text=Read and sign")
    desk.look("signing")
    desk.go("main button:has-text('Sign')")
    note = Note.objects.get()
    assert note.state == "WAITING"

    # The supervisor co-signs; its author adds to it.
    other = Desk(chromium, live_server, sam)
    other.open("/desk/")
    reads(other.page, "main", "waits for your co-signature")
    other.go(f"a[href='/desk/notes/{note.pk}/']")
    other.look("co-signing")
    other.go("button:has-text('Co-sign')")
    desk.open(f"/desk/notes/{note.pk}/")
    page.click("summary:has-text('Add to this note')")
    page.get_by_role("textbox", name="Text", exact=True).focus()
    page.keyboard.type("She called later: the appointment at the doctor's is on Friday.")
    desk.go("main details[open] button.btn-primary")
    reads(page, "main", "Added later")
    reads(page, "main", "the note says what was signed")
    desk.look("signed")

    # PHQ-9 is asked by link and answered on a phone, item 9 above zero: help at once.
    desk.open(f"/desk/clients/{mara.pk}/measures/ask/")
    page.check("[value='phq-9']")
    desk.go("main button[type=submit]")
    link = urlsplit(page.input_value("#link")).path
    phone = chromium.new_context(**PHONE)
    hand = phone.new_page()
    hand.goto(f"{live_server.url}{link}")
    reads(hand, "main", "988")
    reads(hand, "main", "Mon to Fri, 9 to 17")
    hand.tap("text=Begin")
    for number in range(1, 11):
        hand.wait_for_url(f"**/{number}/")
        hand.tap(".answer >> nth=2")
    hand.wait_for_url("**/check/")
    with hand.expect_navigation():
        hand.tap(".answering__go")
    hand.wait_for_selector(".risk-box a[href='tel:988']")
    assert "Mara" not in hand.content()
    phone.close()

    # The desk that stands open says so by itself; its clock runs out; it is acknowledged.
    alert = Alert.objects.get()
    assert (alert.owner, alert.deputy) == (ines, None)
    page.wait_for_selector("text=An alert waits for you")
    desk.open("/desk/")
    reads(page, ".needs__risk:has-text('Mara Kühn')", "raised")
    watch(now=clock.now() + timedelta(minutes=61))
    jobs.run_due()
    page.reload()
    reads(page, "main", "with the care team")
    desk.go(".needs__risk a")
    reads(page, "main", "More than half the days")
    desk.look("alert")
    page.check("text=spoke with the client")
    page.fill(
        "main textarea >> nth=0", "Called at once. Her sister stays tonight; we meet tomorrow."
    )
    desk.go("text=This was done")
    alert.refresh_from_db()
    assert alert.acknowledged_by == ines

    # The chart, and the line of time.
    desk.open(f"/desk/clients/{mara.pk}/course/phq-9/")
    assert re.search(r"18, moderately severe; 1 more than", page.inner_text("main"))
    desk.look("course")
    desk.open(f"/desk/clients/{mara.pk}/")
    for said in ("PHQ-9: 18", "Note on a contact", "Session, in person", "acknowledged"):
        assert said in page.inner_text("main"), said
    desk.look("client")

    other.context.close()
    desk.context.close()
    assert desk.problems | other.problems == {}
