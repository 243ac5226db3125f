"""Being on the waiting list: put, changed, asked again, taken off, never dropped silently."""

from datetime import time, timedelta

import pytest
from django.db import connection

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, System
from rapport.meeting.models import FreedHour, Offer, WaitingEntry, WaitingSettings
from rapport.meeting.waiting import actions, links, offering, queries
from rapport.meeting.waiting import jobs as clocks
from rapport.meeting.waiting.actions import CannotWait
from tests.factories import (
    NOW,
    AFreedHour,
    AnAccount,
    APlace,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
WEEK = timedelta(weeks=1)


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, status="WAITING")


def put(client, by=BY, now=NOW, **given):
    return actions.put(by=getattr(by, "account", by), client=client, now=now, **given)


def on_the_list(by=BY, **asked):
    return [one.client for one in queries.listed(by=by, **asked)]


class TestBeingOnIt:
    def test_what_was_said_is_kept_and_the_remark_is_sealed(self, ana, mara, house):
        kind = AType(minutes=25)
        entry = put(
            mara, ana, urgency=1, remark="calls from work", clinicians=[ana], types=[kind],
            places=[house], ways=["VIDEO"], weekdays=[2, 4], parts=["EVENING"], notice_hours=24,
            until_at=time(20), since=NOW - 3 * WEEK,
        )  # fmt: skip
        kept = queries.get(by=ana.account, entry_id=entry.pk)

        assert (kept.wants, kept.urgency, kept.weekdays, kept.until_at) == (
            "FIRST", 1, [2, 4], time(20),
        )  # fmt: skip
        assert [*kept.clinicians.all(), *kept.types.all(), *kept.places.all()] == [ana, kind, house]
        assert kept.remark == "calls from work"
        with connection.cursor() as cursor:
            cursor.execute("SELECT remark FROM meeting_waitingentry")
            assert b"work" not in bytes(cursor.fetchone()[0])
        assert AuditEntry.objects.get(verb="waiting.put").about == mara.pk

    def test_somebody_in_treatment_waits_for_another_hour(self, ana, house):
        assert put(ClientOf(care_team=[ana], place=house)).wants == "HOUR"

    def test_nobody_stands_on_it_twice_but_may_come_back(self, mara):
        entry = put(mara)
        with pytest.raises(CannotWait, match="already"):
            put(mara)

        actions.withdraw(by=BY, client=mara, entry=entry, now=NOW)
        assert put(mara).stands

    def test_the_most_urgent_come_first_then_whoever_waits_longest(self, ana, house):
        waits = [ClientOf(care_team=[ana], place=house) for _ in range(4)]
        for weeks, one in zip((2, 9, 4), waits, strict=False):
            put(one, since=NOW - weeks * WEEK)
        put(waits[3], urgency=1, since=NOW - WEEK)

        assert on_the_list() == [waits[3], waits[1], waits[2], waits[0]]

    def test_the_list_is_narrowed_and_who_takes_any_counts_as_well(self, ana, house):
        ben, kind = Colleague(at=[house]), AType()
        any_, with_ben, of_kind = (ClientOf(care_team=[ana], place=house) for _ in range(3))
        put(any_, urgency=1, since=NOW - 3 * WEEK)
        put(with_ben, clinicians=[ben], since=NOW - 2 * WEEK)
        put(of_kind, clinicians=[ana], types=[kind])

        assert on_the_list(clinician=str(ana.pk)) == [any_, of_kind]
        assert on_the_list(type=str(kind.pk)) == [any_, with_ben, of_kind]
        assert on_the_list(type=str(AType().pk)) == [any_, with_ben]
        assert on_the_list(urgency="1") == [any_]
        assert on_the_list(state="LAPSED") == []
        assert len(on_the_list(clinician="x", type="'", urgency="²", state="?")) == 3

    def test_nobody_sees_more_of_it_than_their_clients(self, ana, mara, house):
        stranger = Colleague(at=[APlace()])
        entry = put(mara)

        assert on_the_list(by=stranger.account) == []
        with pytest.raises(WaitingEntry.DoesNotExist):
            queries.get(by=stranger.account, entry_id=entry.pk)
        with pytest.raises(Denied):
            put(ClientOf(care_team=[ana], place=house), stranger)

    def test_a_client_joins_and_leaves_by_themselves_and_is_not_urgent_by_that(self, house, ana):
        account = AnAccount(realm="PORTAL")
        noa = ClientOf(care_team=[ana], place=house, account=account)
        account = type(account).objects.get(pk=account.pk)
        entry = put(noa, account, urgency=1, ways=["PHONE"])
        actions.change(by=account, client=noa, entry=entry, now=NOW, urgency=1, weekdays=[5])

        kept = WaitingEntry.objects.get()
        assert (kept.urgency, kept.ways, kept.weekdays) == (3, ["PHONE"], [5])
        assert not actions.withdraw(by=account, client=noa, entry=entry, now=NOW).stands
        with pytest.raises(Denied):
            put(ClientOf(care_team=[ana], place=house), account)

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("until_at", {"from_at": time(15), "until_at": time(15)}),
            ("ways", {"ways": ["PIGEON"]}),
            ("weekdays", {"weekdays": [0]}),
            ("parts", {"parts": ["NIGHT"]}),
            ("notice_hours", {"notice_hours": 1000}),
            ("urgency", {"urgency": 7}),
            ("remark", {"remark": "x" * 2001}),
        ],
    )
    def test_what_cannot_be_met_is_said_beside_its_field(self, mara, field, given):
        with pytest.raises(CannotWait) as problem:
            put(mara, **given)

        assert problem.value.field == field
        assert not WaitingEntry.objects.exists()

    def test_whoever_is_in_the_archive_is_not_put_on_it(self, house, ana):
        with pytest.raises(CannotWait, match="archive"):
            put(ClientOf(care_team=[ana], place=house, archived_at=NOW))


class TestLeaving:
    def test_taken_off_and_put_back_is_as_before(self, mara):
        entry = put(mara, since=NOW - 5 * WEEK)
        actions.withdraw(by=BY, client=mara, entry=entry, now=NOW)
        actions.withdraw(by=BY, client=mara, entry=entry, now=NOW)
        assert on_the_list() == []

        back = actions.put_back(by=BY, client=mara, entry=entry, now=NOW)
        assert (back.state, back.since) == ("WAITING", NOW - 5 * WEEK)
        assert on_the_list() == [mara]

    def test_what_is_offered_to_them_goes_to_the_next(self, ana, mara, house):
        entry = put(mara, urgency=1)
        other = put(ClientOf(care_team=[ana], place=house))
        hour = AFreedHour(clinician=ana)
        offering.offer(by=BY, hour=hour, now=NOW, how="IN_TURN")
        actions.withdraw(by=BY, client=mara, entry=entry, now=NOW)

        assert dict(Offer.objects.values_list("entry", "state")) == {
            entry.pk: "WITHDRAWN", other.pk: "OFFERED",
        }  # fmt: skip


class TestStillLooking:
    def due(self, client, weeks=7):
        return put(client, now=NOW - weeks * WEEK)

    def tick(self, days=0):
        with clock.at(NOW + timedelta(days)):
            clocks.still_looking(now=clock.now())

    def test_after_the_practices_weeks_they_are_asked_once(self, mara):
        entry, fresh = self.due(mara), put(ClientOf())
        self.tick()
        self.tick(1)

        entry.refresh_from_db()
        fresh.refresh_from_db()
        assert (entry.asked_at, fresh.asked_at) == (NOW, None)
        assert jobs.Job.objects.filter(name__contains="still_look").count() == 1

    def test_the_weeks_are_the_practices(self, mara):
        actions.set_settings(by=BY, confirm_weeks=10, answer_minutes=60, by_itself=False,
                             how="IN_TURN", most_at_once=5)  # fmt: skip
        entry = self.due(mara)
        self.tick()

        assert WaitingEntry.objects.get(pk=entry.pk).asked_at is None

    def test_a_yes_keeps_the_place_for_as_many_weeks(self, mara):
        entry = self.due(mara)
        self.tick()
        actions.confirm(by=links.Holder(entry.pk), client=mara, entry=entry, now=NOW)

        kept = WaitingEntry.objects.get()
        assert (kept.state, kept.asked_at, kept.confirmed_at) == ("WAITING", None, NOW)
        assert kept.confirm_on == NOW.date() + 6 * WEEK

    def test_without_an_answer_they_stay_in_sight_and_a_late_yes_still_counts(self, mara):
        entry = self.due(mara)
        self.tick()
        self.tick(13)
        assert WaitingEntry.objects.get().state == "WAITING"
        self.tick(15)

        assert WaitingEntry.objects.get().state == "LAPSED"
        assert on_the_list() == [mara] == on_the_list(state="LAPSED")
        actions.confirm(by=BY, client=mara, entry=entry, now=NOW + timedelta(20))
        assert WaitingEntry.objects.get().state == "WAITING"

    def test_nobody_who_did_not_answer_is_offered_an_hour(self, ana, mara):
        AWaitingEntry(client=mara, state="LAPSED")

        assert queries.fitting(hour=AFreedHour(clinician=ana), now=NOW) == []

    def test_a_link_answers_for_its_own_entry_alone(self, mara):
        entry, other = put(mara), put(ClientOf())
        with pytest.raises(Denied):
            actions.confirm(by=links.Holder(other.pk), client=mara, entry=entry, now=NOW)
        with pytest.raises(Denied):
            actions.change(by=links.Holder(entry.pk), client=mara, entry=entry, now=NOW)

    def test_one_who_cannot_be_asked_holds_up_nobody(self, mara, house, monkeypatch):
        bad, good = self.due(mara), self.due(ClientOf(place=house))
        asked = actions.ask

        def breaks(**given):
            if given["entry"].pk == bad.pk:
                raise RuntimeError("no")
            return asked(**given)

        monkeypatch.setattr(actions, "ask", breaks)
        with pytest.raises(ExceptionGroup):
            self.tick()

        good.refresh_from_db()
        assert good.asked_at == NOW


class TestSettings:
    given = {"confirm_weeks": 6, "answer_minutes": 60, "by_itself": False, "how": "IN_TURN",
             "most_at_once": 5}  # fmt: skip

    def test_a_practice_that_said_nothing_asks_the_desk_first(self):
        now = queries.settings()

        assert (now.by_itself, now.how, now.confirm_weeks) == (False, "IN_TURN", 6)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("confirm_weeks", 0), ("answer_minutes", 4), ("answer_minutes", 2881),
         ("most_at_once", 1), ("how", "BY_LOT")],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, field, value):
        with pytest.raises(CannotWait) as problem:
            actions.set_settings(by=BY, **self.given | {field: value})
        assert problem.value.field == field

    def test_owners_alone_set_them(self, house):
        owner, fay = Colleague(roles=["OWNER"]), Colleague(roles=["FRONT_DESK"])
        actions.set_settings(by=owner.account, **self.given | {"by_itself": True})
        with pytest.raises(Denied):
            actions.set_settings(by=fay.account, **self.given)

        assert WaitingSettings.objects.get().by_itself is True
        assert not FreedHour.objects.exists()
