"""Standing slots under whatever people do to them, against a slow calendar kept beside.

The calendar is a dictionary: for each day of the rule what became of it. It finds days by
looking at every day, instants by looking at every minute, and clashes by looking at every pair.
"""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from rapport.core.policy import System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import enforcement
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.models import Appointment, LeftOut, Occupancy
from rapport.meeting.series import actions, cancelling, checks, resting
from rapport.meeting.series.actions import Wanted
from rapport.meeting.series.making import Clashes
from rapport.meeting.series.rules import Rule
from tests.factories import AnEquipment, APlace, APractice, AType, ClientOf, Colleague

from . import wall

BY = System("test")
YEAR = timedelta(365)
LENGTH = timedelta(minutes=50)


class Book:
    """One rule's days in the slow calendar: ``days`` says of each what became of it."""

    def __init__(self, said, starts_on, at, zone):
        self.said, self.starts_on, self.at, self.zone = said, starts_on, at, zone
        self.days, self.pauses, self.ends_on, self.until = {}, [], None, None

    def slot(self, day):
        start = wall.begins(day, self.at, self.zone)
        return start, start + LENGTH

    def named(self):
        last = self.until if self.ends_on is None else min(self.until, self.ends_on - wall.DAY)
        return wall.named(self.said, self.starts_on, last)

    def rests(self, day):
        return next((p for p in self.pauses if p["first"] <= day <= p["last"]), None)


class Standing(RuleBasedStateMachine):
    """A client's standing slot with one clinician, and others who want the same hours."""

    def __init__(self):
        super().__init__()
        self.unit = transaction.atomic()
        self.unit.__enter__()
        APractice()
        house = APlace()
        self.ana = Colleague(at=[house])
        self.mara, self.noa = (ClientOf(care_team=[self.ana], place=house) for _ in range(2))
        self.ben, self.type = Colleague(at=[house]), AType(equipment=["VR headset"])
        self.lee = ClientOf(care_team=[self.ben], place=house)
        AnEquipment(place=house)
        self.others, self.loose, self.books = [], [], []
        self.elsewhere = []  # when somebody else has the headset

    def teardown(self):
        transaction.set_rollback(True)
        self.unit.__exit__(None, None, None)

    # The slow calendar ----------------------------------------------------------------

    @property
    def book(self):
        return self.books[-1]

    def held(self):
        """Every time that is taken from the clinician."""
        met = [one["slot"] for book in self.books for one in book.days.values()
               if one["what"] in ("met", "kept")]  # fmt: skip
        return met + self.others + self.loose

    def free(self, slot, held=None):
        held = self.held() if held is None else held
        return not any(slot[0] < end and start < slot[1] for start, end in held)

    def headset(self):
        """Every time in which somebody has the one headset."""
        every = [one for book in self.books for one in book.days.values()]
        with_it = [
            one["slot"]
            for one in every
            if one["what"] == "met" or (one["what"] == "kept" and one["headset"])
        ]
        return with_it + self.loose + self.elsewhere

    def fill(self, late=False):
        """What is missing: met where it is free, and said why not where it is not."""
        book, held, taken = self.book, self.held(), set()
        for day in book.named():
            if day in book.days:
                continue
            slot, rest = book.slot(day), book.rests(day)
            if rest is not None:
                kept = not rest["offered"] and self.free(slot, held)
                book.days[day] = {"what": "kept" if kept else "out", "slot": slot, "why": "PAUSE",
                                  "headset": self.free(slot, self.elsewhere),
                                  "pause": rest}  # fmt: skip
            elif late and slot[0] <= self.now:
                book.days[day] = {"what": "out", "why": "REMOVED"}
            elif self.free(slot, held) and self.free(slot, self.elsewhere):
                book.days[day] = {"what": "met", "slot": slot}
            else:
                taken.add(day)
                book.days[day] = {"what": "out", "why": "TAKEN"}
        return taken

    def ahead(self, book=None):
        book = book or self.book
        return {day: one for day, one in book.days.items()
                if one["what"] == "met" and one["slot"][0] > self.now}  # fmt: skip

    def local(self, instant):
        return instant.astimezone(ZoneInfo(self.book.zone)).date()

    @property
    def today(self):
        return self.now.astimezone(UTC).date()

    def running(self):
        return self.books and self.book.ends_on is None

    # What people do -------------------------------------------------------------------

    @initialize(data=st.data())
    def begin(self, data):
        zone = data.draw(wall.zones)
        first = data.draw(wall.days_near_changes(zone))
        before = timedelta(days=data.draw(st.integers(2, 30)))
        self.now = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) - before
        said, at = data.draw(wall.rules(first, ends=False)), data.draw(wall.times)
        if said.freq == "DAILY":
            said = Rule("DAILY", said.every + 4)
        for _ in range(data.draw(st.integers(0, 3))):
            day = first + timedelta(data.draw(st.integers(0, 60)))
            who = data.draw(st.sampled_from([self.somebody_else, self.somebody_elsewhere]))
            who(wall.begins(day, at, zone))
        self.books.append(Book(said, first, at, zone))
        self.book.until = max(first, self.today) + YEAR
        taken = self.fill()
        wanted = Wanted(clinician=self.ana, rule=said, starts_on=first, at=at, zone=zone,
                        type=self.type, holidays="KEEP")  # fmt: skip
        given = {"by": BY, "client": self.mara, "wanted": wanted, "now": self.now}
        if taken:
            with pytest.raises(Clashes) as refused, transaction.atomic():
                actions.begin(**given)
            assert {one.due.nth_on for one in refused.value.taken} == taken
        self.series = actions.begin(without=taken, **given)

    def somebody_else(self, start):
        """Another client books with the same clinician, if it is free."""
        slot = (start, start + LENGTH)
        given = {"by": BY, "client": self.noa, "clinician": self.ana, "now": self.now,
                 "slot": Slot(*slot)}  # fmt: skip
        if self.free(slot):
            appointments.book(**given)
            self.others.append(slot)
            return
        with pytest.raises(CannotBook), transaction.atomic():
            appointments.book(**given)

    def somebody_elsewhere(self, start):
        """Another clinician's client books what needs the headset, if it is free."""
        slot = (start, start + LENGTH)
        given = {"by": BY, "client": self.lee, "clinician": self.ben, "now": self.now,
                 "slot": Slot(*slot), "type": self.type}  # fmt: skip
        if self.free(slot, self.headset()):
            appointments.book(**given)
            self.elsewhere.append(slot)
            return
        with pytest.raises(CannotBook), transaction.atomic():
            appointments.book(**given)

    def some(self, data):
        """One of those that are ahead: its day and its row."""
        day = data.draw(st.sampled_from(sorted(self.ahead())))
        return day, Appointment.objects.get(series=self.series, nth_on=day)

    @precondition(lambda self: self.running() and self.ahead())
    @rule(data=st.data(), minutes=st.integers(-600, 3000))
    def move_one(self, data, minutes):
        day, row = self.some(data)
        start = max(row.starts_at + timedelta(minutes=minutes), self.now + wall.MINUTE)
        slot, had = (start, start + LENGTH), self.book.days[day]["slot"]
        held = [one for one in self.held() if one != had]
        given = {"by": BY, "appointment": row, "slot": Slot(*slot), "revision": row.revision,
                 "now": self.now, "clinician": self.ana, "way": row.way}  # fmt: skip
        if self.free(slot, held) and self.free(slot, self.elsewhere):
            appointments.move(**given)
            self.book.days[day]["slot"] = slot
            return
        with pytest.raises(CannotBook), transaction.atomic():
            appointments.move(**given)

    @precondition(lambda self: self.running() and self.ahead())
    @rule(data=st.data())
    def cancel_one(self, data):
        day, row = self.some(data)
        appointments.cancel(by=BY, appointment=row, side="CLIENT", revision=row.revision,
                            now=self.now)  # fmt: skip
        self.book.days[day] = {"what": "cancelled"}

    @precondition(lambda self: self.running() and self.ahead())
    @rule(data=st.data(), minutes=st.sampled_from([-50, -20, 0, 20, 50]))
    def want_the_same_hour(self, data, minutes):
        days = [one for one in self.book.days.values() if one.get("slot")]
        ahead = sorted(one["slot"][0] for one in days if one["slot"][0] > self.now + wall.DAY)
        if ahead:
            who = data.draw(st.sampled_from([self.somebody_else, self.somebody_elsewhere]))
            who(data.draw(st.sampled_from(ahead)) + timedelta(minutes=minutes))

    @precondition(lambda self: self.running() and self.ahead())
    @rule(data=st.data(), weeks=st.integers(1, 6), offered=st.booleans())
    def pause(self, data, weeks, offered):
        first = max(data.draw(st.sampled_from(sorted(self.ahead()))), self.today)
        last = first + timedelta(7 * weeks - 1)
        self.series.refresh_from_db()
        given = {"by": BY, "series": self.series, "from_on": first, "until_on": last,
                 "offered": offered, "revision": self.series.revision, "now": self.now}  # fmt: skip
        before = [p for p in self.book.pauses if p["first"] <= last and first <= p["last"]]
        if before:
            with pytest.raises(CannotBook), transaction.atomic():
                resting.pause(**given | {"offered": not before[0]["offered"]})
            return
        rest = {"first": first, "last": last, "offered": offered}
        rest["row"] = resting.pause(**given)
        self.book.pauses.append(rest)
        for day, one in self.ahead().items():
            if first <= self.local(one["slot"][0]) <= last:
                kept = not offered and one["slot"] == self.book.slot(day)
                self.book.days[day] = {"what": "kept" if kept else "out", "slot": one["slot"],
                                       "headset": True, "why": "PAUSE",
                                       "pause": rest}  # fmt: skip

    @precondition(lambda self: self.running() and self.book.pauses)
    @rule(data=st.data())
    def resume(self, data):
        rest = data.draw(st.sampled_from(self.book.pauses))
        on = max(self.today, rest["first"])
        on += timedelta(data.draw(st.sampled_from([0, 0, 8])))
        resting.resume(by=BY, pause=rest["row"], on=on, now=self.now)
        if rest["last"] < on:
            return
        whole = on <= rest["first"]
        for day in [d for d, one in self.book.days.items() if one.get("pause") is rest]:
            if whole or self.local(self.book.slot(day)[0]) >= on:
                del self.book.days[day]
        if whole:
            self.book.pauses.remove(rest)
        else:
            rest["last"] = on - wall.DAY
        self.fill(late=True)

    @precondition(lambda self: self.running() and self.ahead() and len(self.books) < 4)
    @rule(data=st.data(), keep=st.booleans(), every=st.integers(1, 3), shift=st.integers(0, 4))
    def change_following(self, data, keep, every, shift):
        old = self.book
        from_on = data.draw(st.sampled_from(sorted(self.ahead())))
        first = from_on + timedelta(shift)
        at = data.draw(wall.times)
        if wall.begins(from_on, old.at, old.zone) <= self.now + wall.DAY:
            return
        if first > self.today + timedelta(360):
            return
        said = Rule("WEEKLY", every, (first.isoweekday(),))
        before = self.change_the_book(said, first, from_on, at, keep)
        taken = self.fill()
        wanted = Wanted(clinician=self.ana, rule=said, starts_on=first, at=at, zone=old.zone,
                        type=self.type, holidays="KEEP")  # fmt: skip
        self.series.refresh_from_db()
        given = {"by": BY, "series": self.series, "from_on": from_on, "wanted": wanted,
                 "keep": keep, "revision": self.series.revision, "now": self.now}  # fmt: skip
        if taken:
            with pytest.raises(Clashes) as refused, transaction.atomic():
                actions.change_following(**given)
            assert {one.due.nth_on for one in refused.value.taken} == taken
        self.series = actions.change_following(without=taken, **given)
        for rest in self.book.pauses:
            rest["row"] = self.series.pauses.get(from_on=rest["first"])
        for rest in before:
            rest["row"].refresh_from_db()

    def change_the_book(self, said, first, from_on, at, keep):
        """Close the old book on ``from_on``, open the new; what was done by hand goes along."""
        old, new = self.book, Book(said, first, at, self.book.zone)
        new.until, old.ends_on = max(first, self.today) + YEAR, from_on
        by_hand = {}
        for day in [d for d in old.days if d >= from_on]:
            one = old.days[day]
            stays = one["what"] == "met" and (one["slot"][0] <= self.now or (
                keep and one["slot"] != old.slot(day)))  # fmt: skip
            removed = one["what"] == "out" and one["why"] == "REMOVED"
            if stays or (keep and (one["what"] == "cancelled" or removed)):
                by_hand[day] = one
            if one["what"] != "cancelled" or keep:
                del old.days[day]
        part = (lambda d: (d.year, d.month)) if old.said.freq == "MONTHLY" else wall.monday
        week = {day: [n for n in wall.named(said, first, day + timedelta(45))
                      if part(n) == part(day)] for day in by_hand}  # fmt: skip
        for day, one in sorted(by_hand.items()):
            near = [n for n in week[day] if n not in new.days]
            if near:
                new.days[min(near, key=lambda n: (abs(n - day), n))] = one
            elif one["what"] == "met" and one["slot"]:
                self.loose.append(one["slot"])
            elif one["what"] == "cancelled":
                old.days[day] = one
        kept = []
        for rest in old.pauses:
            if rest["last"] >= from_on:
                begins = max(rest["first"], min(from_on, first))
                new.pauses.append(rest | {"first": begins})
            if rest["first"] < from_on:
                rest["last"] = min(rest["last"], from_on - wall.DAY)
                kept.append(rest)
        old.pauses = kept
        self.books.append(new)
        return kept

    @precondition(lambda self: self.running() and self.ahead())
    @rule(data=st.data())
    def call_off_what_follows(self, data):
        day, row = self.some(data)
        self.series = cancelling.cancel_following(
            by=BY, series=self.series, appointment=row, side="CLIENT", revision=row.revision,
            now=self.now,
        )  # fmt: skip
        days = self.book.days
        following = {d for d in self.ahead() if self.local(days[d]["slot"][0]) >= day}
        out = {d for d, one in days.items() if d >= day and one["what"] in ("out", "kept")}
        for gone in following | out:
            if gone < day:  # it was moved to after that day
                days[gone] = {"what": "out", "why": "REMOVED"}
            else:
                del days[gone]
        days[day], self.book.ends_on = {"what": "cancelled"}, day

    @precondition(lambda self: self.books and self.book.ends_on)
    @rule()
    def take_the_end_back(self):
        self.series = actions.reopen(by=BY, series=self.series, now=self.now,
                                     revision=self.series.revision)  # fmt: skip
        self.book.ends_on = None
        self.time_passed(late=True)

    def time_passed(self, late=False):
        year = max(self.book.starts_on, self.today) + YEAR
        self.book.until = max(self.book.until, year)
        self.fill(late)

    @precondition(lambda self: self.running())
    @rule(days=st.integers(1, 40))
    def time_goes_on(self, days):
        self.now += timedelta(days)
        actions.extend(by=BY, series=self.series, now=self.now)
        self.time_passed()

    # What must be so ------------------------------------------------------------------

    @invariant()
    def agrees(self):
        if not self.books:
            return
        met = [one["slot"] for book in self.books for one in book.days.values()
               if one["what"] == "met"]  # fmt: skip
        rows = Appointment.objects.filter(client=self.mara, status="BOOKED")
        found = sorted((one.starts_at, one.ends_at) for one in rows)
        assert found == sorted(met + self.loose), "lost or extra"
        out = {(day, one["why"]) for book in self.books for day, one in book.days.items()
               if one["what"] in ("out", "kept")}  # fmt: skip
        lines = LeftOut.objects.filter(client=self.mara)
        assert {(one.nth_on, one.why) for one in lines} == out
        held = Occupancy.objects.filter(kind="CLINICIAN", thing=self.ana.pk)
        times = sorted((one.starts_at, one.ends_at) for one in held)
        assert times == sorted(self.held())
        assert not any(a[1] > b[0] for a, b in combinations(times, 2)), "an overlap"
        pieces = Occupancy.objects.filter(kind="EQUIPMENT")
        assert sorted((one.starts_at, one.ends_at) for one in pieces) == sorted(self.headset())

    @invariant()
    def the_wall_shows_its_hour(self):
        if not self.books:
            return
        rows = Appointment.objects.filter(client=self.mara, status="BOOKED", series__isnull=False)
        for one in rows.select_related("series"):
            due = wall.begins(one.nth_on, one.series.at, one.series.zone)
            assert one.due_at == due
            shown = due.astimezone(ZoneInfo(one.series.zone))
            exact = (shown.date(), shown.time()) == (one.nth_on, one.series.at)
            assert exact or one.nth_on in wall.changes(one.series.zone)

    @invariant()
    def nothing_looks_wrong_from_outside(self):
        if self.books:
            assert [*checks.every_day_once(), *enforcement.every_time_is_held()] == []


@pytest.mark.django_db
def test_nothing_is_lost_and_nothing_is_twice_whatever_people_do():
    run(Standing, settings=settings(
        max_examples=12, stateful_step_count=12, deadline=None,
        suppress_health_check=list(HealthCheck),
    ))  # fmt: skip
