"""What is offered, in the words of somebody who sets their hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.meeting.availability import clocks
from rapport.meeting.availability.rules import (
    ROOM,
    Clinician,
    Limits,
    Meeting,
    Piece,
    Stretch,
    Wanted,
    openings,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2027, 3, 1)
TUESDAY = MONDAY + timedelta(days=1)
SUNDAY = date(2027, 3, 28)  # Berlin's clocks go from 2 to 3
BACK = date(2027, 10, 31)  # and from 3 to 2
NINE_TO_ONE = [Stretch(time(9), time(13))]


def at(day, hour, minutes=0, zone=BERLIN):
    """The minute at which a clock there shows that."""
    return clocks.minute(datetime.combine(day, time(hour, minutes), zone))


def meeting(hour, minutes=0, *, day=MONDAY, lasts=60, **also):
    start = at(day, hour, minutes)
    return Meeting(start, start + lasts, **also)


def clinician(stretches=NINE_TO_ONE, *, key="ana", zone=BERLIN, limits=None, **also):
    """Somebody with the same hours every day, and a start every hour."""
    week = also.pop("week", {weekday: stretches for weekday in range(1, 8)})
    return Clinician(key, zone, week, limits=Limits(**{"step": 60} | (limits or {})), **also)


def found(one, *, minutes=60, way="HERE", first=MONDAY, last=None, now=None, **also):
    when = {key: also.pop(key) for key in ("pieces", "busy_client") if key in also}
    return openings(
        Wanted(minutes, way, **also), one if isinstance(one, list) else [one],
        first=first, last=last or first, now=at(first, 0) if now is None else now, **when,
    )  # fmt: skip


def walls(offered, zone=BERLIN):
    """What the clock shows when each begins: "9:00"."""
    return [f"{clocks.instant(one.start).astimezone(zone):%-H:%M}" for one in offered]


def starts(one, **also):
    return walls(found(one, **also))


class TestHours:
    def test_a_session_lies_within_the_hours_and_may_end_with_them(self):
        assert starts(clinician()) == ["9:00", "10:00", "11:00", "12:00"]
        assert starts(clinician(), minutes=61) == ["9:00", "10:00", "11:00"]
        assert starts(clinician(), minutes=241) == []

    @pytest.mark.parametrize(
        ("step", "begin"),
        [
            (15, ["9:00", "9:15", "9:30", "9:45", "10:00"]),
            (30, ["9:00", "9:30", "10:00"]),
            (0, ["9:00", "9:50"]),
        ],
    )
    def test_starts_are_steps_from_the_beginning_and_no_step_is_the_length(self, step, begin):
        one = clinician([Stretch(time(9), time(11))], limits={"step": step})
        assert starts(one, minutes=50) == begin

    def test_each_weekday_has_its_own(self):
        one = clinician(week={1: NINE_TO_ONE, 3: [Stretch(time(15), time(16))]})
        offered = found(one, last=MONDAY + timedelta(days=6))
        days = [clocks.instant(each.start).astimezone(BERLIN).date() for each in offered]
        assert days == [MONDAY] * 4 + [MONDAY + timedelta(days=2)]

    def test_a_single_day_replaces_its_weekday(self):
        one = clinician(other={MONDAY: [Stretch(time(20), time(21))], TUESDAY: ()})
        assert starts(one) == ["20:00"]
        assert starts(one, first=TUESDAY) == []

    def test_a_holiday_is_closed_unless_the_day_was_given_hours_of_its_own(self):
        assert starts(clinician(closed=frozenset({MONDAY}))) == []
        worked = {MONDAY: [Stretch(time(9), time(10))]}
        assert starts(clinician(closed=frozenset({MONDAY}), other=worked)) == ["9:00"]

    def test_hours_that_touch_are_one(self):
        halves = [Stretch(time(9), time(10, 30)), Stretch(time(10, 30), time(12))]
        assert starts(clinician(halves)) == ["9:00", "10:00", "11:00"]

    def test_hours_until_midnight_end_with_the_day(self):
        one = clinician([Stretch(time(22), time(0)), Stretch(time(0), time(1))])
        assert starts(one, minutes=90) == ["22:00"]
        assert starts(one) == ["0:00", "22:00", "23:00"]

    def test_hours_that_end_before_they_begin_are_none(self):
        assert starts(clinician([Stretch(time(13), time(9)), Stretch(time(9), time(9))])) == []

    def test_nobody_and_no_days_are_nothing(self):
        assert found([]) == []
        assert found(clinician(), last=MONDAY - timedelta(days=1)) == []


class TestWaysAndPlaces:
    SPLIT = (
        Stretch(time(9), time(11), "north", frozenset({"HERE"})),
        Stretch(time(10), time(12), None, frozenset({"VIDEO", "PHONE"})),
        Stretch(time(12), time(13), "south"),
    )

    def test_only_hours_for_the_way_count(self):
        assert starts(clinician(self.SPLIT)) == ["9:00", "10:00", "12:00"]
        assert starts(clinician(self.SPLIT), way="VIDEO") == ["10:00", "11:00", "12:00"]

    def test_the_opening_says_where(self):
        assert [one.place for one in found(clinician(self.SPLIT))] == ["north", "north", "south"]

    def test_a_place_that_is_wanted_leaves_out_the_others_and_fills_in_where_none_is_named(self):
        assert starts(clinician(self.SPLIT), place="south") == ["12:00"]
        by_phone = found(clinician(self.SPLIT), place="south", way="PHONE")
        assert [one.place for one in by_phone] == ["south"] * 3

    def test_a_start_at_two_places_is_offered_once_where_the_day_begins_first(self):
        one = clinician([Stretch(time(10), time(12), "north"), Stretch(time(9), time(11), "south")])
        offered = found(one)
        assert walls(offered) == ["9:00", "10:00", "11:00"]
        assert [each.place for each in offered] == ["south", "south", "north"]


class TestWhatIsTaken:
    def test_touching_is_free_and_overlapping_by_a_minute_is_not(self):
        assert starts(clinician(meetings=[meeting(10)])) == ["9:00", "11:00", "12:00"]
        assert starts(clinician(away=[(at(MONDAY, 10, 59), at(MONDAY, 11))])) == [
            "9:00", "11:00", "12:00",
        ]  # fmt: skip
        assert starts(clinician(), busy_client=[(at(MONDAY, 9, 59), at(MONDAY, 11, 1))]) == [
            "12:00"
        ]

    def test_taken_times_may_overlap_and_come_in_any_order(self):
        one = clinician(away=[(at(MONDAY, 11), at(MONDAY, 12)), (at(MONDAY, 8), at(MONDAY, 11)),
                              (at(MONDAY, 9), at(MONDAY, 10))])  # fmt: skip
        assert starts(one) == ["12:00"]

    def test_what_ends_no_later_than_it_starts_takes_nothing(self):
        noon = at(MONDAY, 12)
        one = clinician(away=[(noon, noon - 60)], meetings=[Meeting(noon - 30, noon - 30)],
                        limits={"most_a_day": 1})  # fmt: skip
        assert len(found(one)) == 4

    def test_lunch_is_kept(self):
        assert starts(clinician(limits={"lunch": (time(11, 30), time(12))})) == [
            "9:00", "10:00", "12:00",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("limits", "wanted", "own", "begin"),
        [
            ({}, {}, {}, ["9:00", "9:05", "10:55", "11:00"]),
            ({"buffer_after": 5}, {}, {}, ["9:00", "11:00"]),
            ({"buffer_before": 5}, {}, {}, ["9:00", "11:00"]),
            ({"buffer_after": 5}, {"buffer_after": 0}, {}, ["9:00", "9:05", "11:00"]),
            ({}, {"buffer_before": 5}, {}, ["9:00", "9:05", "11:00"]),
            ({}, {}, {"buffer_after": 10}, ["9:00", "9:05"]),
            ({}, {}, {"buffer_before": 10}, ["10:55", "11:00"]),
            ({"buffer_after": 60}, {"buffer_after": 0}, {"buffer_after": 0},
             ["9:00", "9:05", "10:55", "11:00"]),
        ],
    )  # fmt: skip
    def test_buffers_are_kept_on_either_side(self, limits, wanted, own, begin):
        """Between 9:00 and 12:00 with a meeting from 9:55 to 10:55: which of four starts remain."""
        one = clinician([Stretch(time(9), time(12))], meetings=[meeting(9, 55, **own)],
                        limits={"step": 5} | limits)  # fmt: skip
        tried = ["9:00", "9:05", "10:55", "11:00"]
        assert [each for each in starts(one, minutes=50, **wanted) if each in tried] == begin

    def test_of_two_buffers_that_meet_the_longer_counts(self):
        one = clinician(meetings=[meeting(9)],
                        limits={"step": 5, "buffer_after": 15, "buffer_before": 10})  # fmt: skip
        assert starts(one)[0] == "10:15"

    def test_buffers_are_kept_from_meetings_only(self):
        one = clinician(away=[(at(MONDAY, 8), at(MONDAY, 10))],
                        limits={"buffer_before": 30, "buffer_after": 30,
                                "lunch": (time(11), time(12))})  # fmt: skip
        assert starts(one, busy_client=[]) == ["10:00", "12:00"]

    def test_a_buffer_reaches_across_midnight(self):
        late = meeting(23, 30, day=MONDAY - timedelta(days=1), lasts=30)
        one = clinician([Stretch(time(0), time(3))], meetings=[late], limits={"buffer_after": 30})
        assert starts(one) == ["1:00", "2:00"]
        early = meeting(0, day=TUESDAY)
        one = clinician([Stretch(time(21), time(0))], meetings=[early],
                        limits={"buffer_before": 30})  # fmt: skip
        assert starts(one) == ["21:00", "22:00"]


class TestLimits:
    def test_notice_counts_from_now(self):
        one = clinician(limits={"notice": 60})
        assert starts(one, now=at(MONDAY, 9)) == ["10:00", "11:00", "12:00"]
        assert starts(one, now=at(MONDAY, 9, 1)) == ["11:00", "12:00"]

    def test_what_has_begun_is_never_offered(self):
        assert starts(clinician(), now=at(MONDAY, 10, 1)) == ["11:00", "12:00"]
        assert starts(clinician(), now=at(TUESDAY, 0)) == []

    @pytest.mark.parametrize(("horizon", "days"), [(0, 1), (1, 2), (7, 8), (60, 31)])
    def test_the_horizon_is_the_last_day_that_is_offered(self, horizon, days):
        one = clinician([Stretch(time(9), time(10))], limits={"horizon_days": horizon})
        assert len(found(one, last=MONDAY + timedelta(days=30), now=at(MONDAY, 9))) == days

    def test_a_question_about_all_time_ends_at_the_horizon(self):
        one = clinician([Stretch(time(9), time(10))], limits={"horizon_days": 2})
        assert len(found(one, first=date.min, last=date.max, now=at(MONDAY, 0))) == 3

    def test_a_day_that_has_as_many_as_it_may_is_not_offered(self):
        booked = [meeting(15), meeting(18), meeting(15, day=TUESDAY)]
        one = clinician(meetings=booked, limits={"most_a_day": 2})
        assert starts(one) == []
        assert len(found(one, first=TUESDAY)) == 4

    def test_heavy_ones_have_a_limit_of_their_own(self):
        one = clinician(meetings=[meeting(15, heavy=True), meeting(17)], limits={"heavy_a_day": 1})
        assert starts(one, heavy=True) == []
        assert len(found(one)) == 4
        assert len(found(one, heavy=True, first=TUESDAY)) == 4

    def test_a_meeting_counts_to_the_day_on_the_clinicians_clock(self):
        auckland = ZoneInfo("Pacific/Auckland")
        start = at(TUESDAY, 8, zone=auckland)  # still Monday in UTC
        one = clinician(zone=auckland, meetings=[Meeting(start, start + 50)],
                        limits={"most_a_day": 1})  # fmt: skip
        when = {"now": at(MONDAY, 0, zone=auckland)}
        assert [len(found(one, first=day, **when)) for day in (MONDAY, TUESDAY)] == [4, 0]

    @pytest.mark.parametrize(
        ("booked", "begin"),
        [
            ([9, 10], ["12:00"]),  # two stand together; a break makes the third possible
            ([9, 11], ["12:00"]),  # 10:00 would join them to three
            ([10], ["9:00", "11:00", "12:00"]),
            ([10, 11], []),
        ],
    )
    def test_no_more_in_a_row_than_two(self, booked, begin):
        one = clinician(meetings=[meeting(hour) for hour in booked],
                        limits={"most_in_a_row": 2, "rest": 60})  # fmt: skip
        assert starts(one) == begin

    @pytest.mark.parametrize(("pause", "offered"), [(29, False), (30, True)])
    def test_half_an_hour_without_a_meeting_is_a_break(self, pause, offered):
        ends = meeting(10, lasts=60 - pause)
        one = clinician(meetings=[ends], limits={"most_in_a_row": 1})
        assert ("11:00" in starts(one)) is offered

    def test_nobody_works_who_wants_none_in_a_row(self):
        assert starts(clinician(limits={"most_in_a_row": 0})) == []
        assert starts(clinician(limits={"most_a_day": 0})) == []

    @pytest.mark.parametrize(
        "wrong", ["buffer_before", "buffer_after", "notice", "horizon_days", "rest", "step"]
    )
    def test_less_than_nothing_is_refused(self, wrong):
        with pytest.raises(ValueError, match="not less than nothing"):
            Limits(**{wrong: -1})

    @pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": -50},
                                       {"minutes": 50, "buffer_after": -1}])  # fmt: skip
    def test_a_meeting_of_no_length_is_refused(self, wrong):
        with pytest.raises(ValueError):
            Wanted(**{"way": "HERE"} | wrong)


class TestRooms:
    def test_the_first_free_room_is_taken(self):
        rooms = [Piece("blue", "north", [(at(MONDAY, 9), at(MONDAY, 11))]),
                 Piece("green", "north", [(at(MONDAY, 10), at(MONDAY, 12))])]  # fmt: skip
        offered = found(clinician(), pieces=rooms, needs=[ROOM])
        assert walls(offered) == ["9:00", "11:00", "12:00"]
        assert [one.room for one in offered] == ["green", "blue", "blue"]
        assert {one.place for one in offered} == {"north"}

    def test_a_room_is_where_the_hours_are(self):
        one = clinician([Stretch(time(9), time(11), "north"), Stretch(time(9), time(12), "south")])
        offered = found(one, pieces=[Piece("blue", "south")], needs=[ROOM])
        assert [each.place for each in offered] == ["south"] * 3
        assert found(one, pieces=[Piece("blue", "east")], needs=[ROOM]) == []

    def test_without_a_room_there_is_none(self):
        assert found(clinician(), needs=[ROOM]) == []
        offered = found(clinician(), pieces=[Piece("blue", "north")])
        assert [one.room for one in offered] == [None] * 4


class TestEquipment:
    def test_one_of_several_alike_is_enough(self):
        pieces = [Piece("1", "north", [(at(MONDAY, 9), at(MONDAY, 11))], "VR headset"),
                  Piece("2", "north", [(at(MONDAY, 10), at(MONDAY, 12))], "VR headset"),
                  Piece("case", "north", (), "test case")]  # fmt: skip
        offered = found(clinician(), pieces=pieces, needs=["VR headset"])
        assert walls(offered) == ["9:00", "11:00", "12:00"]
        assert {(one.place, one.room) for one in offered} == {("north", None)}
        assert walls(found(clinician(), pieces=pieces, needs=["test case", "VR headset"])) == [
            "9:00", "11:00", "12:00",
        ]  # fmt: skip

    def test_a_room_and_a_piece_are_at_one_place(self):
        north, south = Piece("blue", "north"), Piece("green", "south")
        case = Piece("case", "south", [(at(MONDAY, 9), at(MONDAY, 12))], "case")
        offered = found(clinician(), pieces=[north, south, case], needs=["case", ROOM])
        assert [(one.place, one.room) for one in offered] == [("south", "green")]
        assert walls(offered) == ["12:00"]
        assert found(clinician(), pieces=[north, case], needs=["case", ROOM]) == []
        here = clinician([Stretch(time(9), time(13), "north")])
        assert found(here, pieces=[north, south, case], needs=["case", ROOM]) == []

    def test_what_nobody_has_cannot_be_had(self):
        assert found(clinician(), pieces=[Piece("blue", "north")], needs=["case"]) == []


class TestSeveral:
    def test_openings_of_several_come_by_start_and_keep_their_order(self):
        ben = clinician([Stretch(time(8), time(10))], key="ben")
        offered = found([ben, clinician([Stretch(time(9), time(11))])])
        assert walls(offered) == ["8:00", "9:00", "9:00", "10:00"]
        assert [one.clinician for one in offered] == ["ben", "ben", "ana", "ana"]

    def test_each_has_their_own_clock(self):
        ben = clinician(key="ben", zone=ZoneInfo("Asia/Kathmandu"))
        offered = found([clinician(), ben], now=at(MONDAY - timedelta(days=1), 0))
        assert walls(offered)[:2] == ["4:15", "5:15"]
        assert offered[0].clinician == "ben"


class TestClockChanges:
    NIGHT = (Stretch(time(1), time(4)),)

    def test_nine_stays_nine_across_a_change(self):
        one = clinician([Stretch(time(9), time(10))])
        offered = found(one, first=SUNDAY - timedelta(days=1), last=SUNDAY)
        assert walls(offered) == ["9:00", "9:00"]
        assert offered[1].start - offered[0].start == 23 * 60

    def test_the_missing_hour_is_not_offered(self):
        assert starts(clinician(self.NIGHT), first=SUNDAY) == ["1:00", "3:00"]
        assert starts(clinician([Stretch(time(2), time(3))]), first=SUNDAY) == []
        assert starts(clinician([Stretch(time(2, 30), time(4))]), first=SUNDAY) == ["3:00"]

    def test_the_doubled_hour_is_offered_twice(self):
        assert starts(clinician(self.NIGHT), first=BACK) == ["1:00", "2:00", "2:00", "3:00"]
        half = clinician([Stretch(time(2, 30), time(4))], limits={"step": 30})
        assert starts(half, minutes=30, first=BACK) == ["2:30", "2:00", "2:30", "3:00", "3:30"]
        assert starts(clinician([Stretch(time(1), time(2, 30))]), minutes=150, first=BACK) == [
            "1:00"
        ]

    def test_half_an_hour_is_missing_on_lord_howe(self):
        howe = ZoneInfo("Australia/Lord_Howe")
        day = date(2027, 10, 3)
        one = clinician([Stretch(time(1), time(4))], zone=howe, limits={"step": 30})
        offered = found(one, minutes=30, first=day, now=at(day, 0, zone=howe))
        assert walls(offered, howe) == ["1:00", "1:30", "2:30", "3:00", "3:30"]

    def test_a_day_that_was_skipped_has_no_hours(self):
        apia = ZoneInfo("Pacific/Apia")
        day = date(2011, 12, 29)
        now = at(day, 0, zone=apia)
        offered = found(clinician(zone=apia), first=day, last=date(2011, 12, 31), now=now)
        dates = [clocks.instant(one.start).astimezone(apia).date().day for one in offered]
        assert dates == [29] * 4 + [31] * 4

    def test_lunch_in_the_missing_hour_is_nothing(self):
        one = clinician(self.NIGHT, limits={"lunch": (time(2), time(2, 45))})
        assert starts(one, first=SUNDAY) == ["1:00", "3:00"]

    def test_ramadan_in_casablanca_moves_the_instants_and_not_the_wall(self):
        casablanca = ZoneInfo("Africa/Casablanca")
        one = clinician([Stretch(time(9), time(10))], zone=casablanca)
        first = date(2027, 2, 6)
        offered = found(one, first=first, last=first + timedelta(days=2),
                        now=at(first, 0, zone=casablanca))  # fmt: skip
        assert walls(offered, casablanca) == ["9:00"] * 3
        assert offered[2].start - offered[0].start == 49 * 60


class TestMinutes:
    def test_a_stretch_with_seconds_is_held_by_whole_minutes(self):
        start = datetime(2027, 3, 1, 9, 0, 30, tzinfo=UTC)
        held = clocks.span(start, start + timedelta(minutes=50))
        assert clocks.instant(held[0]) == start.replace(second=0)
        assert held[1] - held[0] == 51
        assert clocks.span(start.replace(second=0), start.replace(hour=10, second=0)) == (
            held[0], held[0] + 60,
        )  # fmt: skip

    def test_minutes_are_counted_before_1970_too(self):
        before = datetime(1969, 12, 31, 23, 59, 30, tzinfo=UTC)
        assert clocks.minute(before) == -1
        assert clocks.instant(-1) == before.replace(second=0)
