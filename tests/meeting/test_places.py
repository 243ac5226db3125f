"""The place of a standing slot that ended: offered, and taken as a standing slot of one's own."""

from datetime import time, timedelta

import pytest

from rapport.core import jobs as queue
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments import rules
from rapport.meeting.models import (
    Accepted,
    Appointment,
    Busy,
    FreedHour,
    Hold,
    LeftOut,
    Occupancy,
    Offer,
    Series,
    TimeOff,
    WaitingEntry,
    WaitingSettings,
)
from rapport.meeting.series import actions as standing
from rapport.meeting.series.rules import Rule
from rapport.meeting.terms import actions as terms
from rapport.meeting.waiting import (
    answering,
    hours,
    jobs,
    links,
    missing,
    offering,
    places,
    queries,
)
from rapport.people.models import CareTeamMember, GroupMember
from tests.factories import (
    NOW,
    AFreedHour,
    AnEquipment,
    ARoom,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock")]

BY = System("test")
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TUESDAY = NOW + DAY + HOUR  # ten o'clock
EVERY = "FREQ=WEEKLY;BYDAY=TU"


@pytest.fixture
def line(ana, house):
    """Two who wait, in the order in which they are asked."""
    return [
        AWaitingEntry(client=ClientOf(care_team=[ana], place=house), since=NOW - timedelta(days))
        for days in (30, 20)
    ]


@pytest.fixture
def place(ana, house):
    """Tuesdays at ten are free from next week on, in a room."""
    return AFreedHour(
        clinician=ana, starts_at=TUESDAY + WEEK, place=house, room=ARoom(place=house),
        ways=["HERE", "VIDEO", "PHONE"], rule=EVERY,
    )  # fmt: skip


def offer(hour, how="IN_TURN", **given):
    return offering.offer(by=BY, hour=hour, now=NOW, how=how, **{"standing": True} | given)


def asked(hour):
    return Offer.objects.get(hour=hour, state="OFFERED")


def accept(one, by=None, now=NOW, **given):
    return answering.accept(by=by or links.Holder(one.pk), offer=one, now=now, **given)


def booked(ana, start, client=None, **given):
    return appointments.book(
        by=BY, client=client or ClientOf(care_team=[ana]), clinician=ana, now=NOW,
        slot=rules.lasting(start, 50), **given,
    )  # fmt: skip


def begun(ana, house, rule=None, **given):
    wanted = standing.Wanted(
        clinician=ana, rule=rule or Rule("WEEKLY"), starts_on=TUESDAY.date(), at=time(10),
        place=house, **given,
    )  # fmt: skip
    return standing.begin(by=BY, client=ClientOf(care_team=[ana], place=house), now=NOW,
                          wanted=wanted)  # fmt: skip


def ended(series):
    standing.end(by=BY, series=series, on=TUESDAY.date(), revision=series.revision, now=NOW)
    queue.run_due(NOW, loud=True)
    return list(FreedHour.objects.order_by("starts_at"))


# What falls free --------------------------------------------------------------------------


def test_of_a_slot_that_ended_each_hour_begins_a_place(ana, house):
    found = ended(begun(ana, house, holidays="KEEP"))

    assert [one.starts_at for one in found] == [TUESDAY + n * WEEK for n in range(4)]
    assert {(one.rule, one.holidays) for one in found} == {(EVERY, "KEEP")}
    assert places.in_words(found[0]) == "every Tuesday, 10 a.m."


def test_so_it_does_of_every_second_week_and_without_the_old_end(ana, house):
    rule = Rule("WEEKLY", 2, until=TUESDAY.date() + 10 * WEEK)
    found = ended(begun(ana, house, rule))

    assert [one.starts_at for one in found] == [TUESDAY, TUESDAY + 2 * WEEK]
    assert {one.rule for one in found} == {"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"}


@pytest.mark.parametrize(
    "rule", [Rule("WEEKLY", days=(2, 4)), Rule("DAILY"), Rule("MONTHLY", days=(2,), nth=2)],
    ids=str,
)  # fmt: skip
def test_what_is_not_on_one_weekday_is_hours_alone(ana, house, rule):
    assert {one.rule for one in ended(begun(ana, house, rule))} == {""}


def test_what_follows_another_clock_is_hours_alone(ana, house):
    assert {one.rule for one in ended(begun(ana, house, zone="Asia/Tokyo"))} <= {""}


def test_where_it_goes_on_at_another_hour_the_old_place_is_free(ana, house):
    series = begun(ana, house)
    later = standing.Wanted(clinician=ana, rule=Rule("WEEKLY"), starts_on=TUESDAY.date(),
                            at=time(15), place=house)  # fmt: skip
    standing.change_following(by=BY, series=series, from_on=TUESDAY.date(), wanted=later,
                              revision=series.revision, now=NOW)  # fmt: skip
    queue.run_due(NOW, loud=True)

    assert {one.rule for one in FreedHour.objects.all()} == {EVERY}


def test_the_slot_leads_to_the_first_free_hour_of_its_place(ana, house):
    series = begun(ana, house)
    first, second, *_others = ended(series)
    AFreedHour(clinician=ana, starts_at=TUESDAY + 3 * HOUR, rule=EVERY)
    assert places.freed_by(series, now=NOW) is None, "as long as it goes on"
    series.refresh_from_db()
    assert places.freed_by(series, now=NOW) == first
    booked(ana, first.starts_at)
    assert places.freed_by(series, now=NOW) == second


def test_an_hour_called_off_is_free_this_once(ana, house):
    found = ended(begun(ana, house))
    one = booked(ana, TUESDAY)
    later = NOW + HOUR / 2
    appointments.cancel(by=BY, appointment=one, side="CLIENT", revision=1, now=later)
    hours.after_cancelling(appointment_id=one.pk, now=later)

    found[0].refresh_from_db()
    assert (found[0].state, found[0].rule, found[0].freed_at) == ("OPEN", "", later)


# Offering and accepting -------------------------------------------------------------------


def test_the_first_in_line_is_asked_and_accepting_begins_a_slot_of_their_own(place, line):
    offer(place)
    one = asked(place)
    assert one.entry == line[0]
    done = accept(one)

    slot = Series.objects.get()
    assert (slot.client, slot.rule, slot.at) == (line[0].client, EVERY, time(10))
    assert (slot.clinician, slot.place, slot.rooms) == (
        place.clinician, place.place, [str(place.room_id)]
    )  # fmt: skip
    first = slot.appointments.order_by("starts_at")[0]
    assert (first.starts_at, first.room, first.kind) == (place.starts_at, place.room, "FIRST")
    assert slot.appointments.count() == 53
    assert done.appointment == first
    place.refresh_from_db()
    assert (place.state, Hold.objects.count()) == ("GIVEN", 0)
    assert WaitingEntry.objects.get(pk=line[0].pk).state == "PLACED"
    assert AuditEntry.objects.filter(verb="series.begin", by="system:waiting").exists()


def test_sent_twice_it_begins_once(place, line):
    offer(place)
    one = asked(place)
    assert accept(one).appointment == accept(one).appointment
    assert Series.objects.count() == 1


def test_at_once_the_first_gets_it_and_the_other_is_told(place, line):
    offer(place, "AT_ONCE")
    first, second = place.offers.order_by("position")
    answering.reached(by=BY, offer=first, now=NOW)
    accept(second)
    with pytest.raises(answering.Closed) as problem:
        accept(first)

    assert problem.value.code == "GONE"
    assert queue.Job.objects.filter(name__contains="tell_who_was_too_late").count() == 1
    assert Series.objects.get().client == line[1].client


def test_who_declines_stays_on_the_list_and_the_next_is_asked(place, line):
    offer(place)
    answering.decline(by=links.Holder(asked(place).pk), offer=asked(place), now=NOW)

    assert asked(place).entry == line[1]
    assert Series.objects.count() == 0


def test_hours_of_it_that_others_have_are_left_out_and_stand_on_today(ana, place, line):
    booked(ana, place.starts_at + 2 * WEEK)
    busy = booked(Colleague(), place.starts_at + 4 * WEEK, client=line[0].client)
    offer(place)
    accept(asked(place))

    gone = LeftOut.objects.filter(why="TAKEN").order_by("nth_on")
    days = [(place.starts_at + n * WEEK).date() for n in (2, 4)]
    assert [(one.nth_on, one.seen_at) for one in gone] == [(day, None) for day in days]
    assert busy.status == "BOOKED"
    assert Occupancy.objects.filter(kind="CLINICIAN", thing=ana.pk).count() == 52


def test_what_is_not_included_is_known_before_for_the_whole_year(ana, house, place, line):
    booked(ana, place.starts_at + 2 * WEEK)
    booked(Colleague(), place.starts_at + 30 * WEEK, client=line[0].client)
    booked(Colleague(at=[house]), place.starts_at + 40 * WEEK, room=place.room, place=house)
    TimeOff.objects.create(staff=ana, starts_at=place.starts_at + 5 * WEEK - HOUR, made_at=NOW,
                           ends_at=place.starts_at + 5 * WEEK + HOUR)  # fmt: skip
    offer(place)
    one = asked(place)
    before = missing.days(one, now=NOW)
    assert before == [(place.starts_at + n * WEEK).date() for n in (2, 5, 30, 40)]

    done = accept(one, seen=before)
    assert missing.from_accepted(done) == before
    assert Series.objects.get().appointments.count() == 53 - len(before)


def test_an_hour_that_others_took_meanwhile_is_shown_before_anything_is_booked(ana, place, line):
    offer(place)
    one = asked(place)
    assert missing.days(one, now=NOW) == []
    second = place.starts_at + WEEK
    booked(ana, second)

    with pytest.raises(answering.Fewer) as problem:
        accept(one, seen=[])
    assert problem.value.days == [second.date()] and not Series.objects.exists()
    assert asked(place) == one
    assert accept(one, seen=problem.value.days).state == "ACCEPTED"


def test_of_one_hour_nothing_is_missing(place, line):
    offer(place, standing=False)
    one = asked(place)
    assert missing.days(one, now=NOW) == missing.from_accepted(accept(one, seen=[])) == []


def test_by_telephone_nothing_keeps_a_room(place, line):
    WaitingEntry.objects.update(ways=["PHONE"])
    offer(place)
    booked(Colleague(), place.starts_at + WEEK, room=place.room, place=place.place)

    assert missing.days(asked(place), now=NOW) == []


def test_where_it_cannot_begin_any_more_nothing_is_said_to_be_missing(ana, place, line):
    offer(place)
    one = asked(place)
    assert missing.days(one, now=place.starts_at + HOUR) == []


def test_the_hour_alone_can_be_offered_too(place, line):
    offer(place, standing=False)
    accept(asked(place))

    assert Series.objects.count() == 0 and Appointment.objects.count() == 1


def test_whom_the_hour_alone_did_not_suit_is_asked_about_the_place(place, line):
    offer(place, standing=False)
    for _ in line:
        answering.decline(by=links.Holder(asked(place).pk), offer=asked(place), now=NOW)
    place.refresh_from_db()
    assert (place.state, queries.fitting(hour=place, now=NOW)) == ("OPEN", [])
    offer(place)

    assert asked(place).entry == line[0]


def test_an_hour_that_comes_once_is_no_place(ana, line):
    with pytest.raises(offering.CannotOffer):
        offer(AFreedHour(clinician=ana))


@pytest.mark.parametrize(("many", "offered"), [(4, True), (5, False)])
def test_a_place_of_which_others_have_most_is_none(ana, place, line, many, offered):
    for n in range(1, many + 1):
        booked(ana, place.starts_at + n * WEEK)
    assert len(places.taken(place, now=NOW)) == many
    if not offered:
        with pytest.raises(offering.CannotOffer, match="most of its hours"):
            offer(place)
    else:
        offer(place)
        assert asked(place)


def test_hours_in_which_the_clinician_is_away_or_the_room_is_taken_count_as_taken(ana, place):
    TimeOff.objects.create(staff=ana, starts_at=place.starts_at + WEEK - HOUR, made_at=NOW,
                           ends_at=place.starts_at + WEEK + HOUR)  # fmt: skip
    booked(Colleague(at=[place.place]), place.starts_at + 3 * WEEK, room=place.room)

    found = places.taken(place, now=NOW)
    assert found == [place.starts_at + WEEK, place.starts_at + 3 * WEEK]


def test_so_do_hours_that_a_calendar_of_their_own_says_are_taken(ana, place):
    for weeks in (1, 4):
        start = place.starts_at + weeks * WEEK
        Busy.objects.create(staff=ana, source=ana.pk, starts_at=start, ends_at=start + HOUR)
    Busy.objects.create(staff=Colleague(), source=ana.pk, starts_at=place.starts_at,
                        ends_at=place.starts_at + HOUR)  # fmt: skip

    assert places.taken(place, now=NOW) == [place.starts_at + n * WEEK for n in (1, 4)]


def test_a_time_that_was_kept_and_ran_out_is_free(ana, place):
    later = place.starts_at + WEEK
    hold = Hold.objects.create(clinician=ana, way="VIDEO", starts_at=later, ends_at=later + HOUR,
                               made_at=NOW, expires_at=NOW)  # fmt: skip
    Occupancy.objects.create(kind="CLINICIAN", thing=ana.pk, starts_at=later,
                             ends_at=later + HOUR, hold=hold)  # fmt: skip

    assert places.taken(place, now=NOW) == []
    assert places.taken(place, now=NOW - HOUR) == [later]


def test_while_it_is_offered_the_hold_of_its_first_hour_is_in_nobodys_way(place, line):
    offer(place)
    place.refresh_from_db()
    assert Hold.objects.get(pk=place.hold).starts_at == place.starts_at
    assert places.is_free(place, now=NOW)


def test_taken_otherwise_meanwhile_nobody_gets_a_shadow_of_it(ana, place, line):
    offer(place)
    for n in range(1, 7):
        booked(ana, place.starts_at + n * WEEK)
    with pytest.raises(answering.Closed) as problem:
        accept(asked(place))

    assert problem.value.code == "GONE"
    assert not Series.objects.exists() and asked(place).entry == line[0]


def test_who_meets_somebody_else_at_its_first_hour_is_not_asked(place, line):
    booked(Colleague(), place.starts_at, client=line[0].client)
    offer(place)

    assert asked(place).entry == line[1]


def test_a_type_that_was_wished_for_gives_its_length_and_kind(place, line):
    talk = AType(minutes=30, kind="SESSION")
    line[0].types.add(talk)
    offer(place)
    accept(asked(place))

    slot = Series.objects.get()
    assert (slot.minutes, slot.type, slot.kind) == (30, talk, "SESSION")


def test_a_first_consultation_is_one_once_and_sessions_follow(house, place, line):
    piece = AnEquipment(place=house, kind="Test case")
    first = AType(kind="FIRST", equipment=[piece.kind], forms=["phq-9"])
    line[0].types.add(first)
    offer(place)
    done = accept(asked(place))

    met = done.appointment
    assert (met.kind, met.type, met.starts_at) == ("FIRST", first, place.starts_at)
    slot = Series.objects.get()
    assert (slot.kind, slot.type) == ("SESSION", None)
    others = slot.appointments.exclude(pk=met.pk).values_list("kind", "type").distinct()
    assert list(others) == [("SESSION", None)]
    assert [one.appointment for one in Occupancy.objects.filter(thing=piece.pk)] == [met]


def test_in_person_a_type_that_needs_a_room_takes_one_that_is_free(place, line):
    line[0].types.add(AType(needs_room=True))
    room = place.room
    place.room = None
    place.save()
    offer(place)
    accept(asked(place))

    assert Series.objects.get().rooms == [str(room.pk)]


def test_a_couple_gets_it_with_the_time_of_both(ana, house, place):
    both = ClientOf(kind="COUPLE", care_team=[ana], place=house)
    members = [ClientOf(care_team=[ana], place=house) for _ in range(2)]
    for one in members:
        GroupMember.objects.create(client=both, member=one)
    AWaitingEntry(client=both)
    offer(place)
    accept(asked(place))

    held = Occupancy.objects.filter(kind="CLIENT", starts_at=place.starts_at)
    assert set(held.values_list("thing", flat=True)) >= {one.pk for one in members}


def test_terms_are_read_and_accepted_with_its_first_meeting(place, line):
    row = terms.set_terms(by=BY, hours=24, texts={"en": "x"}, from_on=NOW.date(), now=NOW)
    offer(place)
    with pytest.raises(answering.Unread):
        accept(asked(place))
    accept(asked(place), terms=row, language="en")

    assert Accepted.objects.get().appointment == Appointment.objects.earliest("starts_at")


def test_the_clinician_joins_the_care_team_and_whoever_accepted_is_told(ana, house, place):
    ben = Colleague(at=[house])
    AWaitingEntry(client=ClientOf(care_team=[ben], place=house))
    offer(place)
    accept(asked(place))
    announced = queue.Job.objects.filter(name__contains="tell_of_a_booking").count()
    queue.run_due(NOW, loud=True)

    client = Series.objects.get().client
    assert CareTeamMember.objects.filter(client=client, staff=ana, until_on=None).exists()
    assert announced == 1, "its first meeting, though it is more than a week ahead"


def test_only_who_may_give_the_hour_offers_the_place(house, place, line):
    with pytest.raises(Denied):
        offering.offer(by=Colleague(at=[house]).account, hour=place, now=NOW, how="IN_TURN",
                       standing=True)  # fmt: skip


def test_while_a_place_is_offered_its_other_hours_are_not_offered_by_themselves(ana, house, line):
    WaitingSettings.objects.create(by_itself=True, how="IN_TURN")
    AWaitingEntry(client=ClientOf(care_team=[ana], place=house))
    first, second, *_others = ended(begun(ana, house))
    other = AFreedHour(clinician=ana, starts_at=second.starts_at + 3 * HOUR)
    before = AFreedHour(clinician=Colleague(at=[house]), starts_at=second.starts_at)
    offer(first)
    assert places.on_offer([second, other, before]) == [second]
    offering.keep(by=BY, hour=before, now=NOW)

    jobs.watch(now=NOW)

    running = FreedHour.objects.filter(state="RUNNING").order_by("starts_at")
    assert list(running) == [first, other]
