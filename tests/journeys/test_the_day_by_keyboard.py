"""The whole day once more, by somebody who has no mouse: every step is a key that is pressed."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rapport.core import jobs
from rapport.core import time as clock
from rapport.progress.alerts.jobs import watch
from rapport.progress.models import Alert
from rapport.record.models import Note
from tests.web.stepping import inside

from .rounds import coming_in
from .test_the_day import house

__all__ = ["house"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PICTURES = os.environ.get("RAPPORT_PICTURES", "")
MOST = 150  # presses of Tab to reach anything on a page
NAME = """() => { const one = document.activeElement;
  const words = [one.getAttribute('aria-label'), ...[...(one.labels ?? [])].map(l => l.innerText),
    document.getElementById(one.getAttribute('aria-labelledby'))?.innerText, one.innerText,
    one.value];
  return [one.localName, one.type ?? '', one.name || (one.pathname ?? ''),
    words.find(w => w?.trim()) ?? '']; }"""


class Hand:
    """Ten fingers on one window, and what they can do: Tab, type, choose, press Enter."""

    def __init__(self, context, base, name):
        self.page, self.base, self.name, self.seen = context.new_page(), base, name, 0
        self.press = self.page.keyboard.press
        self.type = self.page.keyboard.type

    def open(self, path):
        self.page.goto(f"{self.base}{path}")

    def to(self, words, kind="", field=""):
        """Press Tab until what has the focus says ``words``, or is the ``field`` or leads there."""
        for _ in range(MOST):
            self.press("Tab")
            what, type_, name, said = self.page.evaluate(NAME)
            if kind in ("", what, type_) and (name == field if field else words in said):
                return
        raise AssertionError(f"Tab never reaches {words or field!r} on {self.page.url}")

    def enter(self, words, kind="", field=""):
        """Go there, press Enter, and wait for the page that follows."""
        self.to(words, kind, field)
        self.picture()
        with self.page.expect_navigation():
            self.press("Enter")

    def date(self, field, day):
        self.to("", field=field)
        self.type(f"{day:%m%d%Y}")

    def time(self, field, at):
        self.to("", field=field)
        self.type(f"{at:%I%M%p}")

    @property
    def said(self):
        return self.page.inner_text("main")

    def picture(self):
        """Keep what is seen before a step, in a folder that the person who runs it names."""
        if PICTURES:
            self.seen += 1
            name = f"{self.name}-{self.seen:02}.png"
            self.page.screenshot(path=Path(PICTURES) / name)


@pytest.mark.parametrize(
    ("width", "height", "theme"), [(1440, 900, "light"), (390, 844, "dark")],
    ids=["wide", "phone"],
)  # fmt: skip
def test_the_day_by_keyboard(chromium, live_server, house, width, height, theme):
    ines, sam, mara = house["ines"], house["sam"], house["mara"]
    look = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    kept_open = []

    def hand(staff, name):
        given = look | {"locale": "en-US"}
        kept_open.append(coming_in(chromium, live_server, inside(staff.account), **given))
        return Hand(kept_open[-1], live_server.url, f"{name}-{width}")

    desk = hand(ines, "desk")

    # From Today to the calendar; booked for tomorrow, moved to now, kept.
    now = clock.local(clock.now())
    soon = now + timedelta(minutes=10 - now.minute % 5)
    desk.open("/desk/")
    desk.press("Control+k")
    desk.type("book")
    desk.page.wait_for_selector("[role=option][aria-selected=true]:has-text('Book')")
    with desk.page.expect_navigation():
        desk.press("Enter")
    desk.page.wait_for_selector("#q:focus")
    desk.type("kuhn")
    desk.page.wait_for_selector("#whom >> text=1 client fits")
    desk.enter("Mara Kühn")
    desk.date("on", now + timedelta(days=1))
    desk.time("at", now.replace(hour=10, minute=0))
    desk.enter("Book", "button")
    desk.enter("Move")
    desk.date("on", soon)
    desk.time("at", soon)
    desk.enter("Move", "button")
    assert "moved" in desk.said
    desk.open("/desk/")
    desk.enter("Kept", "button")
    assert "1 of 1 session held" in desk.said

    # Written, a score drawn in, signed.
    jobs.run_due()
    desk.page.reload()
    desk.enter("Write the note")
    desk.time("started_at", soon)
    desk.time("ended_at", soon + timedelta(minutes=50))
    for section in ("Data", "Assessment", "Plan"):
        desk.to(section, "div")
        desk.type("She slept through twice this week and went to work on Monday.")
    desk.page.wait_for_selector("[data-draft-state]:has-text('Saved at')")
    desk.enter("Draw in", "button")
    assert "in the note" in desk.said
    desk.enter("Read and sign")
    desk.enter("Sign", "button")
    note = Note.objects.get()
    assert note.state == "WAITING"

    # Co-signed by the supervisor, from Today; added to by its author.
    other = hand(sam, "supervisor")
    other.open("/desk/")
    other.enter("Mara Kühn")
    other.enter("Co-sign", "button")
    note.refresh_from_db()
    assert note.state == "SIGNED"
    desk.open(f"/desk/notes/{note.pk}/")
    desk.to("Add to this note", "summary")
    desk.press("Enter")
    desk.to("Text", "div")
    desk.type("She called later: the appointment at the doctor's is on Friday.")
    desk.enter("Sign and add", "button")
    assert "Added later" in desk.said

    # PHQ-9 asked by link, answered by its number keys, item 9 above zero.
    desk.open(f"/desk/clients/{mara.pk}/measures/ask/")
    desk.to("PHQ-9", "checkbox")
    desk.press("Space")
    desk.enter("Ask", "button")
    path = urlsplit(desk.page.input_value("#link")).path
    kept_open.append(chromium.new_context(**look))
    phone = Hand(kept_open[-1], live_server.url, f"phone-{width}")
    phone.open(path)
    assert "988" in phone.said
    phone.enter("Begin")
    for number in range(1, 11):
        phone.page.wait_for_url(f"**/{number}/")
        phone.page.wait_for_load_state()
        if number == 10:
            phone.picture()
        phone.press("3")
    phone.page.wait_for_url("**/check/")
    phone.enter("Hand it in", "button")
    phone.page.wait_for_selector(".risk-box a[href='tel:988']")
    phone.picture()

    # Seen on the desk, passed on by its clock, acknowledged with what was done.
    watch(now=clock.now() + timedelta(minutes=61))
    jobs.run_due()
    desk.open("/desk/")
    assert "with the care team" in desk.said
    desk.enter("An answer to look at")
    desk.to("spoke with the client", "radio")
    desk.press("Space")
    desk.to("", "textarea")
    desk.type("Called at once. Her sister stays tonight; we meet tomorrow.")
    desk.enter("This was done", "button")
    assert Alert.objects.get().acknowledged_by == ines

    # The answers, and the chart: its points are gone along by arrow keys.
    desk.open(f"/desk/clients/{mara.pk}/")
    desk.enter("PHQ-9: 18, moderately severe")
    assert "An answer that needs a look" in desk.said
    desk.enter("Mara Kühn")
    desk.enter("", field=f"/desk/clients/{mara.pk}/measures/")
    desk.enter("PHQ-9 over time")
    reader = desk.page.get_by_role("slider")
    assert "18, moderately severe" in reader.inner_text()
    desk.to("read the points with the arrow keys")
    desk.press("Home")
    assert "17, moderately severe" in reader.inner_text()
    desk.picture()
    for one in kept_open:
        one.close()
