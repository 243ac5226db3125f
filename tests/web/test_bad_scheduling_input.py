"""What is typed wrongly into forms of scheduling: said beside its field, kept, nothing done."""

import html

import pytest
from django.apps import apps

from rapport.contact.models import Gateway, Outside, Referrer, Source
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.models import Appointment, AppointmentType, Diary, Equipment, Room
from rapport.meeting.terms import actions as terms
from rapport.people.models import Client, Practice
from rapport.people.practice.queries import remember_zone
from tests.factories import (
    NOW,
    AFreedHour,
    AnAccount,
    AnAppointment,
    AnInquiry,
    APlace,
    APractice,
    AReferrer,
    ASource,
    AStretch,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.web.filling import forms
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

GAP = {"on": "2030-03-10", "at": "02:30"}  # clocks in New York go from 2 to 3 then
HEADER = "jo@example.net\r\nBcc: everybody@example.net"
LINES = "Ana\r\nBcc: everybody@example.net"
NINE = {"on": "2030-01-14", "at": "09:00"}


class House:
    """A practice in New York with one of everything that a form is about."""

    def __init__(self):
        APractice()
        Practice.objects.update(time_zone="America/New_York")
        remember_zone("America/New_York")
        self.place = APlace(name="River house")
        self.ana = Colleague(at=[self.place], legal_name="Ana Roth", roles=["CLINICIAN", "OWNER"])
        Diary.objects.create(staff=self.ana, horizon_days=365)
        self.stretch = AStretch(staff=self.ana)
        given = {"care_team": [self.ana], "place": self.place}
        self.mara = ClientOf(account=AnAccount(realm="PORTAL"), **given)
        self.kind = AType(name="First meeting", bookers=["PUBLIC", "ACTIVE"])
        self.meeting = AnAppointment(
            client=self.mara, clinician=self.ana, place=self.place, type=self.kind,
            starts_at=NOW.replace(hour=15),
        )  # fmt: skip
        self.entry = AWaitingEntry(client=ClientOf(**given))
        self.inquiry = AnInquiry(client=ClientOf(status="INQUIRY", **given), received_at=NOW)
        self.referrer, self.source = AReferrer(), ASource()
        self.hour = AFreedHour(clinician=self.ana, place=self.place)
        terms.set_terms(by=System("test"), hours=24, texts={"en": "A day before."},
                        from_on=clock.today(), now=clock.now())  # fmt: skip
        self.desk, self.portal = inside(self.ana.account), inside(self.mara.account, "portal")
        self.series = self._standing()

    def _standing(self):
        answer = self.desk.post(f"/desk/clients/{self.mara.pk}/standing/", {
            "every": 2, "often": "WEEKLY", "on": "2030-02-04", "at": "09:00", "minutes": 50,
            "holidays": "KEEP", "clinician": self.ana.pk, "way": "PHONE", "kind": "SESSION",
        })  # fmt: skip
        return answer.headers["Location"]


@pytest.fixture
def house():
    with clock.at(NOW.replace(day=2)):
        yield House()
    remember_zone("UTC")


def counted():
    """How many rows there are of everything that a form of scheduling could leave behind."""
    models = [one for room in ("meeting", "contact", "people")
              for one in apps.get_app_config(room).get_models()]  # fmt: skip
    return {one.__name__: one.objects.count() for one in models}


def shape(house, address):
    """An address with the keys of what the house has in it."""
    return address.format(house=house)


WEEK = "/desk/staff/{house.ana.pk}/hours/week/"
ONE_DAY = "/desk/staff/{house.ana.pk}/hours/day/"
LIMITS = "/desk/staff/{house.ana.pk}/hours/limits/"
OFF = "/desk/staff/{house.ana.pk}/hours/time-off/"
BOOK = "/desk/calendar/book/?client={house.mara.pk}"
MOVE = "/desk/appointments/{house.meeting.pk}/move/"
STANDING = "/desk/clients/{house.mara.pk}/standing/"
REST, ENDS = "{house.series}pause/", "{house.series}end/"
PUT = "/desk/clients/{house.mara.pk}/waiting/"
FREE = "/desk/waiting/hours/free/"
WAITS = "/desk/practice/waiting/"
INQUIRY = "/desk/inquiries/{house.inquiry.pk}/"
ENTER, SENDER = "/desk/inquiries/enter/", "/desk/inquiries/referrers/add/"
RULES, TERMS = "/desk/practice/reminders/edit/", "/desk/practice/terms/new/"
TYPE, ROOM = "/desk/practice/types/add/", "/desk/practice/rooms/"
GATE = "/desk/practice/gateway/text/"
WISHES, REMIND = "/portal/waiting/", "/portal/reminders/"

HOURS = {"weekdays": "2", "from_at": "09:00", "until_at": "17:00"}
HOUR = NINE | {"minutes": "50"}
SLOT = HOUR | {"way": "PHONE"}
FORTNIGHT = SLOT | {"every": "2"}
AWAY = {"from_on": "2030-01-15"}
TALK = {"name": "A talk", "minutes": "50"}
AGREED = {"url": "https://gate.example/", "agreed_with": "Texts Ltd", "agreed_on": "2029-12-01"}
SAID = {"name": "Jo Quiet", "phone": "+49 30 901821"}

TABLE = [
    # An end before its start, or at it.
    (WEEK, HOURS, {"until_at": "08:00"}, "until_at"),
    (WEEK, HOURS, {"until_at": "09:00"}, "until_at"),
    ("/desk/hours/{house.stretch.pk}/", {}, {"until_at": "08:00"}, "until_at"),
    (ONE_DAY, {"on": "2030-01-15"}, {"from_1": "17:00", "until_1": "09:00"}, "from_1"),
    (LIMITS, {}, {"lunch_from": "13:00", "lunch_until": "12:00"}, "lunch_until"),
    (OFF, {"from_on": "2030-01-15"}, {"until_on": "2030-01-14"}, "until_on"),
    (OFF, {"from_on": "2030-01-15"}, {"from_at": "12:00", "until_at": "12:00"}, "until_at"),
    (STANDING, FORTNIGHT, {"until": "2030-01-01"}, "until"),
    (REST, {"from_on": "2030-02-10"}, {"until_on": "2030-02-01"}, "until_on"),
    (PUT, {}, {"from_at": "17:00", "until_at": "09:00"}, "until_at"),
    (WISHES, {}, {"from_at": "17:00", "until_at": "09:00"}, "until_at"),
    # No length, a negative one, one without end.
    *((page, given, {"minutes": minutes}, "minutes")
      for page, given in ((BOOK, SLOT), (MOVE, {}), (STANDING, FORTNIGHT), (FREE, HOUR),
                          (TYPE, TALK), (LIMITS, {}))
      for minutes in ("0", "-50", "100000", "9" * 30, "NaN")),
    (STANDING, FORTNIGHT, {"every": "0"}, "every"),
    (STANDING, FORTNIGHT, {"times": "-1"}, "times"),
    (STANDING, FORTNIGHT, {"times": "10000"}, "times"),
    (REST, {"from_on": "2030-02-10"}, {"weeks": "0"}, "weeks"),
    (LIMITS, {}, {"buffer_after": "-5"}, "buffer_after"),
    (LIMITS, {}, {"horizon_days": "99999"}, "horizon_days"),
    (WAITS, {}, {"answer_minutes": "-1"}, "answer_minutes"),
    (WAITS, {}, {"most_at_once": "0"}, "most_at_once"),
    (TERMS, {"from_on": "2030-01-15", "en": "A day."}, {"hours": "-1"}, "hours"),
    (RULES, {}, {"before_0_0": "-1"}, "before_0"),
    ("/desk/inquiries/leaving/limit/", {}, {"months": "0"}, "months"),
    # Days that are over, that lie beyond all calendars, and that are none.
    (BOOK, SLOT, {"on": "2029-01-01"}, "on"),
    (MOVE, {}, {"on": "2029-01-01"}, "on"),
    (FREE, HOUR, {"on": "2029-12-31"}, "on"),
    (STANDING, FORTNIGHT, {"on": "2029-01-01"}, "on"),
    (TERMS, {"hours": "24", "en": "A day."}, {"from_on": "2020-01-01"}, "from_on"),
    *((page, given, {field: day}, field)
      for page, given, field in (
          (BOOK, SLOT, "on"), (MOVE, {}, "on"), (FREE, HOUR, "on"), (STANDING, FORTNIGHT, "on"),
          (STANDING, FORTNIGHT, "until"), (REST, {"weeks": "3"}, "from_on"), (ENDS, {}, "on"),
          (OFF, {}, "from_on"), (OFF, {"from_on": "2030-01-15"}, "until_on"),
          (ONE_DAY, {"from_1": "09:00", "until_1": "17:00"}, "on"), (PUT, {}, "since"),
          (TERMS, {"hours": "24", "en": "A day."}, "from_on"), (ENTER, SAID, "call_on"),
          (INQUIRY + "tasks/", {"task-words": "Call"}, "task-due_on"),
          (INQUIRY + "start/", {}, "on"))
      for day in ("9999-12-31", "2030-02-30", "0001-01-01", "tomorrow")),
    # Times there are none of.
    (BOOK, SLOT, GAP, "at"),
    (MOVE, {}, GAP, "at"),
    (FREE, HOUR, GAP, "at"),
    (OFF, {}, {"from_on": "2030-03-10", "from_at": "02:30"}, "from_at"),
    *((page, given, {"at": "25:61"}, "at")
      for page, given in ((BOOK, SLOT), (MOVE, {}), (STANDING, FORTNIGHT), (FREE, HOUR))),
    (WEEK, HOURS, {"from_at": "24:00"}, "from_at"),
    # Times with seconds, which no wall's clock shows.
    *((page, given, {field: "10:00:30"}, field)
      for page, given, field in (
          (BOOK, SLOT, "at"), (MOVE, {}, "at"), (STANDING, FORTNIGHT, "at"), (FREE, HOUR, "at"),
          (WEEK, HOURS, "from_at"), (WEEK, HOURS, "until_at"), (OFF, AWAY, "from_at"),
          (ONE_DAY, {"on": "2030-01-15", "until_1": "17:00"}, "from_1"),
          (LIMITS, {}, "lunch_from"), (PUT, {}, "from_at"), (WISHES, {}, "until_at"),
          (RULES, {}, "quiet_from"))),
    # Zones and rules that nobody offers.
    (REMIND, {}, {"zone": "Mars/Olympus"}, "zone"),
    ("/desk/clients/{house.mara.pk}/reminders/", {}, {"zone": "Mars/Olympus"}, "zone"),
    (STANDING, FORTNIGHT, {"often": "SECONDLY"}, "often"),
    (STANDING, FORTNIGHT, {"often": "FREQ=SECONDLY"}, "often"),
    (BOOK, SLOT, {"way": "FAX"}, "way"),
    # Headers and lines in addresses.
    (BOOK, SLOT, {"video_url": "https://video.example/\r\nBcc: a"}, "video_url"),
    (LIMITS, {}, {"video_url": "javascript:alert(1)"}, "video_url"),
    (ENTER, SAID, {"mail": HEADER}, "mail"),
    (SENDER, {"name": "Dr Weiss"}, {"mail": HEADER}, "mail"),
    ("/desk/me/calendars/address/", {"name": "family"},
     {"address": "https://calendar.example/\r\nHost: b"}, "address"),
    (GATE, AGREED, {"url": "https://gate.example/\r\nHost: b"}, "url"),
    (GATE, AGREED, {"url": "https://gate.example/" + "x" * 10_000}, "url"),
    (GATE, AGREED, {"header": "X-Key: a"}, "header"),
    (GATE, AGREED, {"fields_text": "to: {to}\r\n" + "x" * 9_000}, "fields_text"),
    (GATE, AGREED, {"agreed_on": "9999-12-31"}, "agreed_on"),
    (f"{GATE}try/", {}, {"number": "+49 30\r\n901821" + "1" * 60}, "number"),
    # A time that somebody has.
    (BOOK, SLOT, {"on": "2030-01-07", "at": "10:00"}, "at"),
    (FREE, HOUR, {"on": "2030-01-07", "at": "10:00"}, "at"),
    (MOVE, {}, {"on": "2030-02-04", "at": "09:00"}, "at"),
]  # fmt: skip


def sent(house, address, given):
    """A page's form with what is given in its fields, and the answer."""
    address = shape(house, address)
    door = house.portal if address.startswith("/portal/") else house.desk
    seen = address.removesuffix("tasks/")
    page = door.get(seen)
    assert page.status_code == 200, seen
    names = set(given)
    form = next(one for one in forms(page, seen)
                if one.action == address and names <= one.fields.keys())  # fmt: skip
    if "clinician" in form.fields and form.fields["clinician"].values == [""]:
        given = {"clinician": str(house.ana.pk)} | given
    return door.post(address, form.filled(**given))


@pytest.mark.parametrize(
    ("address", "given", "wrong", "field"), TABLE,
    ids=[f"{n}-{field}" for n, (*_, field) in enumerate(TABLE)],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    house, address, given, wrong, field
):
    before = counted()
    answer = sent(house, address, given | wrong)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    for typed in (given | wrong).values():
        assert html.escape(typed).splitlines()[0] in page
    assert counted() == before
    assert Appointment.objects.get(pk=house.meeting.pk).revision == house.meeting.revision


@pytest.mark.parametrize(
    ("address", "given", "field", "kept"),
    [
        (TYPE, TALK, "name", AppointmentType),
        (TYPE, TALK, "price_tag", AppointmentType),
        (ROOM, {}, "name", Room),
        ("/desk/practice/equipment/", {"kind": "Case"}, "name", Equipment),
        (SENDER, {}, "name", Referrer),
        ("/desk/inquiries/sources/", {}, "name", Source),
        ("/desk/me/calendars/address/", {"address": "https://calendar.example/a.ics"}, "name",
         Outside),
        (ENTER, {"phone": "+49 30 901821"}, "name", Client),
        (GATE, AGREED, "agreed_with", Gateway),
    ],
    ids=["type", "price", "room", "equipment", "referrer", "source", "calendar", "inquiry",
         "gateway"],
)  # fmt: skip
def test_a_name_of_several_lines_is_kept_as_one(house, address, given, field, kept):
    answer = sent(house, address, given | {field: LINES})
    assert answer.status_code == 302, answer.content.decode()

    field = "legal_name" if kept is Client else field
    words = [getattr(one, field) for one in kept.objects.all()]
    assert "Ana Bcc: everybody@example.net" in words
