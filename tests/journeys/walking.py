"""Walking through a week of scheduling: who stands where, and what is looked at on the way."""

import os
from pathlib import Path

import pytest

from rapport.contact.reminders import actions as reminders
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.models import Diary
from rapport.meeting.terms import actions as terms
from rapport.people.circle import actions as circle
from tests.contact.test_sending import parsed
from tests.factories import APlace, APractice, AStretch, AType, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import AXE, LOOKS, RUN, TURN, WIDE, coming_in, go
from .test_answering import SMALL
from .test_the_day import at_noon

BY = System("test")
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
GIVE_AWAY = ("river", "therap", "session", "treat", "clinic", "patient", "client", "ana roth",
             "health", "consultation")  # fmt: skip


class Person:
    """Somebody at a window; ``looked`` keeps pictures and what axe found wherever they stop."""

    def __init__(self, context, base, name, size):
        self.context, self.page, self.base = context, context.new_page(), base
        self.name, self.size, self.problems, self.seen = name, size, {}, 0
        self.page.set_viewport_size(size)

    def open(self, path):
        self.page.goto(f"{self.base}{path}")

    def go(self, what):
        go(self.page, what)

    def opened_parts(self):
        """Open every part of a day whose times open at a tap."""
        for part in self.page.query_selector_all("details:not([open]):has(.times) > summary"):
            part.press("Enter")

    def fill(self, **given):
        for name, value in given.items():
            self.page.fill(f"main [name={name}]", str(value))

    @property
    def said(self):
        return self.page.inner_text("main")

    def looked(self, name):
        self.seen += 1
        self._pictured(name)
        found = self._wrong()
        self.page.evaluate(TURN, "light")
        self.page.set_viewport_size(self.size)
        found += self.page.evaluate(SMALL) if self.size == PHONE else []
        self.problems |= {name: found} if found else {}

    def _wrong(self):
        """What axe says, in each look by turns, and what is too wide for a phone or that look."""
        theme, width, height = LOOKS[self.seen % len(LOOKS)]
        self.page.evaluate(AXE)
        self.page.evaluate(TURN, theme)
        self.page.set_viewport_size({"width": width, "height": height})
        found = [f"{theme}: {one}" for one in self.page.evaluate(RUN)]
        wide = [self.page.evaluate(WIDE)]
        self.page.set_viewport_size(PHONE)
        return found + [f"too wide: {one}" for one in [*wide, self.page.evaluate(WIDE)] if one]

    def _pictured(self, name):
        """Kept when somebody asks for pictures, to be looked at."""
        folder = os.environ.get("RAPPORT_PICTURES")
        for size in (DESK, PHONE) if folder else ():
            self.page.set_viewport_size(size)
            file = f"{self.name}-{self.seen:02}-{name}-{size['width']}.png"
            self.page.screenshot(path=Path(folder) / file, full_page=True)
        self.page.set_viewport_size(self.size)


@pytest.fixture
def people(chromium, live_server):
    """``people("ana", account)`` opens a window; at the end nothing was wrong in any of them."""
    there = []

    def comes(name, account=None, *, door="desk", size=DESK, **given):
        visit = inside(account, door) if account else None
        if size == PHONE:
            given |= {"has_touch": True}
        context = coming_in(chromium, live_server, visit, **given)
        there.append(Person(context, live_server.url, name, size))
        return there[-1]

    yield comes
    problems = [one.problems for one in there if one.problems]
    for one in there:
        one.context.close()
    assert not problems, problems


@pytest.fixture
def house():
    """A practice in whose zone it is noon, with nobody's hours set yet."""
    APractice(name="Practice by the river", hours="Mon to Fri, 9 to 17: 030 901820")
    zone = at_noon()
    place = APlace(name="River house")
    ana = Colleague(at=[place], legal_name="Ana Roth", roles=["CLINICIAN", "OWNER"])
    fay = Colleague(at=[place], legal_name="Fay Winter", roles=["FRONT_DESK"])
    return {"place": place, "ana": ana, "fay": fay, "zone": zone}


def client(house, name, mail="", **given):
    made = ClientOf(legal_name=name, care_team=[house["ana"]], place=house["place"], **given)
    if mail:
        circle.add_contact(by=BY, client=made, kind="MAIL", value=mail, safe_to_write=True)
    return made


@pytest.fixture
def open_house(house):
    """The same with hours set, a type that clients and strangers book, terms, and reminders."""
    Diary.objects.create(staff=house["ana"], notice_minutes=60, step=60,
                         keeps_holidays=False)  # fmt: skip
    for weekday in range(1, 8):
        AStretch(staff=house["ana"], weekday=weekday, place=house["place"])
    house["talk"] = AType(name="First meeting", bookers=["PUBLIC", "ACTIVE"], ways=["HERE"])
    terms.set_terms(
        by=BY, hours=24, from_on=clock.today(), now=clock.now(),
        texts={"en": "If you cannot come, call off a day before. Later, the hour is yours to pay."},
    )  # fmt: skip
    reminders.set_reminding(
        by=BY, offsets=[1440], order=["mail"], notices=[], links=["CONFIRM", "CANCEL", "MOVE"],
        quiet_from=None, quiet_until=None, quiet_before=False, now=clock.now(),
    )  # fmt: skip
    return house


def mails(box, to):
    """What arrived for an address: (subject, words)."""
    found = [one for one in box.mails if one.rcpt_tos == [to]]
    read = [parsed(one) for one in found]
    return [(one["Subject"], one.get_body(("plain",)).get_content()) for one in read]


def discreet(subject, words):
    return [one for one in GIVE_AWAY if one in f"{subject} {words}".lower()] == []
