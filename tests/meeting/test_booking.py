"""Booking, moving, cancelling, keeping, taking back: what the database then says."""

import uuid
from datetime import timedelta

import pytest

from rapport.core import jobs
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions, queries, rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Appointment, Change, Occupancy, Room
from rapport.people.circle import actions as circle
from rapport.people.models import GroupMember
from tests.factories import LONG_AGO, NOW, AnEpisode, APlace, ClientOf, Colleague

pytestmark = pytest.mark.django_db

DAY_BEFORE = NOW - timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def ben(house):
    return Colleague(at=[house], legal_name="Ben Falk")


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


def at(minutes=0, length=50):
    return rules.lasting(NOW + minutes * MINUTE, length)


def book(client, clinician, slot=None, by=None, now=DAY_BEFORE, **given):
    by = by or clinician
    return actions.book(
        by=getattr(by, "account", by), client=client, clinician=clinician, slot=slot or at(),
        now=now, **given,
    )  # fmt: skip


def move(appointment, slot, by, now=DAY_BEFORE, **given):
    asked = {"clinician": appointment.clinician, "way": appointment.way, "room": appointment.room}
    return actions.move(
        by=by.account, appointment=appointment, slot=slot, revision=appointment.revision, now=now,
        **asked | given,
    )  # fmt: skip


def cancel(appointment, by, now=DAY_BEFORE, **given):
    return actions.cancel(
        by=by.account, appointment=appointment, revision=appointment.revision, now=now,
        **{"side": "CLIENT"} | given,
    )  # fmt: skip


def settle(appointment, by, what="KEPT", now=NOW + timedelta(hours=1)):
    return actions.settle(
        by=by.account, appointment=appointment, what=what, revision=appointment.revision, now=now
    )


def undo(appointment, by, now=DAY_BEFORE):
    return actions.undo(
        by=by.account, appointment=appointment, revision=appointment.revision, now=now
    )


def held(appointment):
    rows = Occupancy.objects.filter(appointment=appointment)
    return sorted((row.kind, row.thing, row.starts_at, row.ends_at) for row in rows)


class TestTheWay:
    def test_by_video_after_all_lets_the_room_go_and_undo_takes_it_again(self, ana, mara, house):
        room = Room.objects.create(place=house, name="Garden")
        moved = move(
            book(mara, ana, room=room), at(), ana, way="VIDEO", video_url="https://v.example/x"
        )

        assert (moved.way, moved.room, moved.place) == ("VIDEO", None, house)
        assert [kind for kind, *_rest in held(moved)] == ["CLIENT", "CLINICIAN"]
        assert Appointment.objects.get(pk=moved.pk).video_url == "https://v.example/x"
        back = undo(moved, ana)
        assert (back.way, back.room) == ("HERE", room)
        assert ("ROOM", room.pk) in [row[:2] for row in held(back)]
        assert Appointment.objects.get(pk=moved.pk).video_url == ""

    def test_undo_brings_the_former_address_back_and_leaves_one_that_stayed(self, ana, mara):
        meeting = book(mara, ana, way="VIDEO", video_url="https://v.example/old")
        moved = move(meeting, at(100), ana, way="VIDEO", video_url="https://v.example/new")
        assert undo(moved, ana).video_url == "https://v.example/old"

        meeting.refresh_from_db()
        assert undo(move(meeting, at(100), ana), ana).video_url == "https://v.example/old"
        assert "v.example" not in str(Change.objects.values_list("before", "video_url"))

    def test_a_room_that_is_chosen_for_it_is_kept(self, ana, mara, house):
        one, two = (Room.objects.create(place=house, name=name) for name in ("Garden", "Attic"))
        assert move(book(mara, ana, room=one), at(), ana, way="VIDEO", room=two).room == two

    def test_the_address_alone_is_changed_or_left(self, ana, mara):
        meeting = book(mara, ana, way="VIDEO", video_url="https://v.example/x")
        assert move(meeting, at(100), ana).video_url == "https://v.example/x"
        meeting.refresh_from_db()
        assert move(meeting, at(100), ana, video_url="").video_url == ""
        with pytest.raises(CannotBook) as problem:
            move(Appointment.objects.get(), at(100), ana, video_url="http://v.example")
        assert problem.value.field == "video_url"


class TestBooking:
    def test_what_is_booked_holds_clinician_client_and_room(self, ana, mara, house):
        room = Room.objects.create(place=house, name="Garden")
        appointment = book(mara, ana, room=room)

        assert (appointment.status, appointment.place) == ("BOOKED", house)
        assert held(appointment) == [
            ("CLIENT", mara.pk, at().start, at().end),
            ("CLINICIAN", ana.pk, at().start, at().end),
            ("ROOM", room.pk, at().start, at().end),
        ]
        entry = AuditEntry.objects.get(verb="appointment.book")
        assert (entry.about, entry.allowed) == (mara.pk, True)

    def test_it_belongs_to_the_episode_that_was_opened_last(self, ana, mara):
        AnEpisode(client=mara, responsible=ana, closed_on=NOW.date(), close_reason="MOVED")
        AnEpisode(client=mara, responsible=ana)
        open_now = AnEpisode(client=mara, responsible=ana, opened_on=DAY_BEFORE.date())

        assert book(mara, ana).episode == open_now

    def test_touching_is_fine(self, ana, mara):
        book(mara, ana)

        assert book(mara, ana, at(50)).pk
        assert book(mara, ana, at(-50)).pk

    @pytest.mark.parametrize("slot", [at(), at(-10), at(10), at(10, 5), at(-10, 90)], ids=str)
    def test_any_overlap_is_refused(self, ana, mara, house, slot):
        book(mara, ana)
        other = ClientOf(care_team=[ana], place=house)

        with pytest.raises(CannotBook):
            book(other, ana, slot)
        assert Appointment.objects.count() == 1

    def test_the_word_of_the_program_books_too(self, ana, mara):
        assert book(mara, ana, by=System("demo")).booked_by is None

    def test_the_front_desk_books_for_its_place_alone(self, ana, mara, house):
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        flo = Colleague(roles=["FRONT_DESK"], at=[APlace()])

        assert book(mara, ana, by=fay).booked_by == fay.account
        with pytest.raises(Denied):
            book(mara, ana, at(60), by=flo)

    def test_a_stranger_does_not_book_and_the_attempt_is_kept(self, ana, ben, mara):
        with pytest.raises(Denied):
            book(mara, ana, by=ben)

        assert not Appointment.objects.exists()
        assert AuditEntry.objects.get(verb="appointment.book").allowed is False

    def test_the_clinician_treats_clients_here_on_that_day(self, ana, mara, house):
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        gone = Colleague(at=[house], ended_on=LONG_AGO)

        for nobody in (fay, gone):
            with pytest.raises(CannotBook, match="treats clients here") as refused:
                book(mara, nobody, by=ana)
            assert refused.value.field == "clinician"

    def test_a_closed_room_or_place_is_not_offered(self, ana, mara, house):
        room = Room.objects.create(place=house, name="Garden", closed_on=NOW.date())
        closed = APlace(closed_on=DAY_BEFORE.date())

        for given in ({"room": room}, {"place": closed}):
            with pytest.raises(CannotBook, match="closed"):
                book(mara, ana, **given)

    @pytest.mark.parametrize("kind", ["", "PARTY"])
    def test_kinds_and_ways_are_those_there_are(self, ana, mara, kind):
        with pytest.raises(CannotBook):
            book(mara, ana, kind=kind)
        with pytest.raises(CannotBook):
            book(mara, ana, way=kind)

    def test_the_video_address_is_https_and_lies_sealed(self, ana, mara):
        with pytest.raises(CannotBook, match="https"):
            book(mara, ana, video_url="http://video.example/room")
        address = "https://video.example/secret-orchid"
        appointment = book(mara, ana, way="VIDEO", video_url=address)

        row = Appointment.objects.filter(pk=appointment.pk).values("video_url").get()
        assert b"orchid" not in bytes(row["video_url"].raw)
        assert queries.get(by=ana.account, appointment_id=appointment.pk).video_url == address


class TestWhen:
    def test_yesterday_is_entered_afterwards_when_that_is_said(self, ana, mara):
        later = at().end + timedelta(days=1)
        with pytest.raises(CannotBook, match="over") as refused:
            book(mara, ana, now=later)
        assert refused.value.field == "afterwards"

        assert book(mara, ana, now=later, afterwards=True).entered_afterwards
        assert not book(mara, ana, at(120)).entered_afterwards

    def test_a_month_ago_is_too_long_ago(self, ana, mara):
        with pytest.raises(CannotBook, match="31 days"):
            book(mara, ana, now=NOW + timedelta(days=32), afterwards=True)

    def test_what_goes_on_now_is_booked_without_a_word(self, ana, mara):
        assert book(mara, ana, now=NOW + 20 * MINUTE).pk

    def test_years_have_limits(self, ana, mara):
        far = rules.lasting(NOW.replace(year=9998), 50)
        with pytest.raises(CannotBook, match="2200"):
            book(mara, ana, far)


class TestOnce:
    def test_a_form_sent_twice_books_once(self, ana, mara):
        once = uuid.uuid4()
        first = book(mara, ana, once=once)

        assert book(mara, ana, once=once) == first
        assert Appointment.objects.count() == 1

    def test_a_foreign_form_gives_nothing_away(self, ana, ben, mara, house):
        once = uuid.uuid4()
        book(mara, ana, once=once)
        noa = ClientOf(care_team=[ben], place=house)

        with pytest.raises(CannotBook):
            book(noa, ben, once=once)

    def test_a_move_or_cancel_sent_twice_happens_once(self, ana, mara):
        seen = book(mara, ana)
        for _ in range(2):
            moved = actions.move(
                by=ana.account, appointment=seen, slot=at(60), revision=1, now=DAY_BEFORE,
                clinician=ana, way="HERE",
            )  # fmt: skip
        for _ in range(2):
            actions.cancel(
                by=ana.account, appointment=seen, side="CLIENT", revision=moved.revision,
                now=DAY_BEFORE,
            )  # fmt: skip

        assert [c.what for c in Change.objects.order_by("revision")] == ["MOVED", "CANCELLED"]


class TestMatrix:
    """Who stands in whose way."""

    @pytest.fixture
    def two(self, house, ana, mara):
        jon = ClientOf(care_team=[ana], place=house, legal_name="Jon Kühn")
        couple = ClientOf(kind="COUPLE", care_team=[ana], place=house, legal_name="The Kühns")
        for member in (mara, jon):
            GroupMember.objects.create(client=couple, member=member)
        return couple, jon

    def test_a_couple_takes_itself_and_everybody_in_it(self, ana, ben, mara, two):
        couple, jon = two
        appointment = book(couple, ana)

        assert {row[1] for row in held(appointment)} == {couple.pk, mara.pk, jon.pk, ana.pk}
        for client in (couple, mara, jon):
            with pytest.raises(CannotBook, match="The Kühns"):
                book(client, ben, by=ana)

    def test_a_member_who_is_taken_takes_the_couple(self, ana, ben, mara, two):
        book(mara, ana)
        with pytest.raises(CannotBook, match="Mara Kühn"):
            book(two[0], ben, by=ana)

    def test_who_joins_or_leaves_a_couple_is_taken_or_free_from_then_on(self, ana, ben, house, two):
        couple, jon = two
        appointment = book(couple, ana)
        over = book(couple, ana, at(-300), now=NOW, afterwards=True)
        noa, busy = (ClientOf(care_team=[ana], place=house) for _ in range(2))
        book(busy, ben, by=ana)
        for member in (noa, busy):
            circle.add_member(by=ana.account, client=couple, member=member)
        circle.remove_member(by=ana.account, client=couple, member=jon)
        jobs.run_due(NOW, loud=True)

        held_now = {row[1] for row in held(appointment)}
        assert noa.pk in held_now
        assert held_now.isdisjoint({jon.pk, busy.pk})
        assert {noa.pk, jon.pk} & {row[1] for row in held(over)} == {jon.pk}
        with pytest.raises(CannotBook):
            book(noa, ben, by=ana)

    def test_other_clients_and_clinicians_meet_at_the_same_time(self, ana, ben, house, two):
        book(two[0], ana)
        assert book(ClientOf(care_team=[ben], place=house), ben).pk

    def test_a_room_is_for_one_meeting(self, ana, ben, mara, house):
        room, other = (Room.objects.create(place=house, name=n) for n in ("Garden", "Street"))
        noa = ClientOf(care_team=[ben], place=house)
        book(mara, ana, room=room)

        with pytest.raises(CannotBook, match="room is taken") as refused:
            book(noa, ben, room=room)
        assert refused.value.field == "where"
        assert book(noa, ben, room=other).pk

    def test_a_meeting_one_may_not_see_is_only_a_time_that_is_taken(self, ana, ben, mara, house):
        book(mara, ana)
        noa = ClientOf(care_team=[ben], place=house)

        with pytest.raises(CannotBook) as refused:
            book(noa, ana, by=ben)
        assert str(refused.value) == "That time is taken."

    def test_a_member_one_may_not_see_is_only_a_time_that_is_taken(self, ana, ben, house):
        noa = ClientOf(care_team=[ben], place=house, restricted=True, legal_name="Noa Secret")
        couple = ClientOf(kind="COUPLE", care_team=[ana], place=house)
        GroupMember.objects.create(client=couple, member=noa)
        book(noa, ben)

        with pytest.raises(CannotBook) as refused:
            book(couple, ana)
        assert str(refused.value) == "That time is taken."

    def test_one_that_may_be_seen_says_with_whom_and_when(self, ana, mara, house):
        book(mara, ana)
        words = "^From 9 a.m. to 9:50 a.m. Ana Roth and Mara Kühn meet.$"
        with pytest.raises(CannotBook, match=words):
            book(ClientOf(care_team=[ana], place=house), ana)


class TestMoving:
    def test_the_old_time_is_free_and_the_new_one_is_held(self, ana, mara, house):
        appointment = move(book(mara, ana), at(10), ana)

        assert {row[2:] for row in held(appointment)} == {(at(10).start, at(10).end)}
        assert appointment.revision == 2
        assert Change.objects.get().before["starts_at"] == at().start.isoformat()
        with pytest.raises(CannotBook):
            book(ClientOf(care_team=[ana], place=house), ana)

    def test_onto_a_taken_time_nothing_moves(self, ana, mara, house):
        book(ClientOf(care_team=[ana], place=house), ana, at(60))
        appointment = book(mara, ana)

        with pytest.raises(CannotBook):
            move(appointment, at(60), ana)
        appointment.refresh_from_db()
        assert (appointment.slot, appointment.revision) == (at(), 1)
        assert {row[2] for row in held(appointment)} == {at().start}

    def test_two_tabs_do_not_overwrite_each_other_unseen(self, ana, mara):
        one = book(mara, ana)
        other = Appointment.objects.get(pk=one.pk)
        move(one, at(60), ana)

        with pytest.raises(CannotBook, match="meanwhile"):
            move(other, at(120), ana)
        with pytest.raises(CannotBook, match="meanwhile"):
            cancel(other, ana)
        with pytest.raises(CannotBook, match="meanwhile"):
            settle(other, ana)

    def test_a_stranger_moves_nothing(self, ana, ben, mara):
        appointment = book(mara, ana)
        for what in (move, cancel, settle, undo):
            more = (at(60),) if what is move else ()
            with pytest.raises(Denied):
                what(appointment, *more, ben)

    def test_to_another_clinician_and_room(self, ana, ben, mara, house):
        room = Room.objects.create(place=house, name="Garden")
        appointment = move(book(mara, ana), at(), ana, clinician=ben, room=room, way="VIDEO")

        assert {row[:2] for row in held(appointment)} == {
            ("CLIENT", mara.pk), ("CLINICIAN", ben.pk), ("ROOM", room.pk)
        }  # fmt: skip


class TestWhatBecameOfIt:
    def test_cancelling_gives_the_time_back_and_keeps_the_reason_sealed(self, ana, mara, house):
        appointment = cancel(book(mara, ana), ana, reason="ill-with-orchids")

        assert (appointment.status, appointment.cancelled_by) == ("CANCELLED", "CLIENT")
        assert held(appointment) == []
        assert book(ClientOf(care_team=[ana], place=house), ana).pk
        row = Change.objects.values("reason").get()
        assert b"orchids" not in bytes(row["reason"].raw)

    @pytest.mark.parametrize("what", ["KEPT", "MISSED"])
    def test_kept_or_missed_it_still_holds_its_time(self, ana, mara, what):
        appointment = settle(book(mara, ana), ana, what)

        assert appointment.status == what
        assert len(held(appointment)) == 2
        with pytest.raises(CannotBook, match="Only what is booked"):
            move(appointment, at(60), ana)
        with pytest.raises(CannotBook, match="Only what is booked"):
            cancel(appointment, ana)

    def test_who_said_missed_may_say_kept(self, ana, mara):
        appointment = settle(settle(book(mara, ana), ana, "MISSED"), ana, "KEPT")
        assert appointment.status == "KEPT"

    def test_what_has_not_begun_was_not_kept(self, ana, mara):
        with pytest.raises(CannotBook, match="not begun"):
            settle(book(mara, ana), ana, now=DAY_BEFORE)

    def test_what_was_cancelled_was_not_kept(self, ana, mara):
        with pytest.raises(CannotBook, match="cancelled"):
            settle(cancel(book(mara, ana), ana), ana)


class TestTakingBack:
    def test_a_move(self, ana, mara):
        before = book(mara, ana)
        appointment = undo(move(before, at(60), ana, way="PHONE"), ana)

        assert (appointment.slot, appointment.way) == (at(), "HERE")
        assert {row[2] for row in held(appointment)} == {at().start}
        assert appointment.revision == 3

    def test_a_cancellation(self, ana, mara):
        appointment = undo(cancel(book(mara, ana), ana), ana)

        assert (appointment.status, appointment.cancelled_by) == ("BOOKED", "")
        assert appointment.settled_at is None
        assert len(held(appointment)) == 2

    def test_a_kept_meeting(self, ana, mara):
        assert undo(settle(book(mara, ana), ana), ana).status == "BOOKED"

    def test_a_time_that_was_given_away_meanwhile_says_so(self, ana, mara, house):
        appointment = cancel(book(mara, ana), ana)
        book(ClientOf(care_team=[ana], place=house, legal_name="Noa Weiss"), ana)

        with pytest.raises(CannotBook, match="Noa Weiss"):
            undo(appointment, ana)
        appointment.refresh_from_db()
        assert appointment.status == "CANCELLED"

    def test_only_the_last_and_only_once(self, ana, mara):
        fresh = book(mara, ana)
        with pytest.raises(CannotBook, match="nothing to take back"):
            undo(fresh, ana)
        appointment = undo(cancel(fresh, ana), ana)
        with pytest.raises(CannotBook, match="nothing to take back"):
            undo(appointment, ana)


@pytest.mark.parametrize("change", [cancel, lambda one, by: move(one, at(60), by)])
def test_nobody_gets_a_meeting_back_with_somebody_who_left_or_a_room_that_closed(
    mara, ana, ben, house, change
):
    room = Room.objects.create(place=house, name="Blue")
    changed = change(book(mara, ben, by=ana, room=room), ana)
    for row, field in ((ben, "ended_on"), (room, "closed_on")):
        setattr(row, field, NOW.date())
        row.save()
        with pytest.raises(CannotBook):
            undo(changed, ana)
        setattr(row, field, None)
        row.save()

    assert undo(changed, ana).status == "BOOKED"
