"""Which of a clinician's rules a time would break: each by itself, and none that it keeps."""

from datetime import time, timedelta

import pytest

from rapport.meeting.availability.asking import Stretch, Wanted
from rapport.meeting.availability.unusual import unusual

from .test_rules import MONDAY, TUESDAY, at, clinician, meeting

LUNCH = {"lunch": (time(12), time(12, 30))}


def odd(one, hour, minutes=0, *, lasts=60, way="HERE", day=MONDAY, **also):
    asked = Wanted(lasts, way, **also)
    return [
        (found.code, dict(found.given)) for found in unusual(asked, one, at(day, hour, minutes))
    ]


def codes(one, hour, minutes=0, **also):
    return [code for code, _given in odd(one, hour, minutes, **also)]


class TestHours:
    @pytest.mark.parametrize(("hour", "minutes"), [(9, 0), (9, 7), (12, 0)])
    def test_within_them_nothing_is_unusual_at_any_minute(self, hour, minutes):
        assert codes(clinician(), hour, minutes) == []

    @pytest.mark.parametrize(("hour", "minutes"), [(8, 59), (12, 1), (20, 0)])
    def test_a_minute_outside_is_said(self, hour, minutes):
        assert codes(clinician(), hour, minutes) == ["HOURS"]

    def test_a_day_of_its_own_counts_instead_of_the_week(self):
        off = clinician(other={MONDAY: []})
        assert codes(off, 9) == ["HOURS"]
        assert codes(off, 9, day=TUESDAY) == []
        late = clinician(other={MONDAY: [Stretch(time(18), time(20))]})
        assert codes(late, 18) == []

    def test_another_way_or_place_in_these_hours_is_said_as_that(self):
        mornings = clinician([Stretch(time(9), time(13), "mill", frozenset({"HERE"}))])
        assert codes(mornings, 9, way="VIDEO") == ["ELSEWHERE"]
        assert codes(mornings, 9, place="barn") == ["ELSEWHERE"]
        assert codes(mornings, 9, place="mill") == []
        assert codes(mornings, 14, place="barn") == ["HOURS"]
        single = clinician(other={MONDAY: [Stretch(time(9), time(13), "mill")]})
        assert codes(single, 9, place="barn") == ["ELSEWHERE"]

    def test_across_midnight_is_outside_and_no_more_is_asked(self):
        late = clinician([Stretch(time(9), time(0))], limits={"most_a_day": 0})
        assert codes(late, 23, 30) == ["HOURS"]

    def test_long_ago_and_far_ahead_are_asked_about_alike(self):
        late = clinician(limits={"notice": 9999, "horizon_days": 1})
        for day in (MONDAY - timedelta(days=9000), MONDAY + timedelta(days=9000)):
            assert codes(late, 9, day=day) == []
            assert codes(late, 8, day=day) == ["HOURS"]


class TestAwayAndLunch:
    def test_away(self):
        away = clinician(away=[(at(MONDAY, 10), at(MONDAY, 11))])
        assert codes(away, 9) == []
        assert codes(away, 9, 1) == ["AWAY"]

    def test_lunch(self):
        assert codes(clinician(limits=LUNCH), 11) == []
        assert codes(clinician(limits=LUNCH), 11, 30) == ["LUNCH"]

    def test_several_at_once_are_all_said(self):
        away = clinician(away=[(at(MONDAY, 12), at(MONDAY, 14))], limits=LUNCH)
        assert codes(away, 12, 15) == ["HOURS", "AWAY", "LUNCH"]


class TestBuffers:
    def test_nearer_than_the_minutes_kept_free(self):
        one = clinician(limits={"buffer_before": 10}, meetings=[meeting(9)])
        assert codes(one, 10, 10) == []
        assert codes(one, 10, 9) == ["BUFFER"]

    def test_those_of_the_type_count_instead(self):
        one = clinician(meetings=[meeting(9)])
        assert codes(one, 10, buffer_before=15) == ["BUFFER"]
        assert codes(clinician(meetings=[meeting(9, buffer_after=15)]), 10) == ["BUFFER"]


class TestNumbers:
    def test_most_a_day(self):
        one = clinician(limits={"most_a_day": 2}, meetings=[meeting(9), meeting(11)])
        assert odd(one, 10) == [("MANY", {"n": 3, "most": 2})]
        assert codes(one, 10, day=TUESDAY) == []

    def test_heavy_ones_a_day_bind_heavy_ones(self):
        held = [meeting(hour, heavy=True) for hour in (9, 10, 11)]
        one = clinician(limits={"heavy_a_day": 1}, meetings=held)
        assert odd(one, 12, heavy=True) == [("HEAVY", {"n": 4, "most": 1})]
        assert codes(one, 12) == []

    def test_most_in_a_row(self):
        one = clinician(limits={"most_in_a_row": 2}, meetings=[meeting(9), meeting(10)])
        assert odd(one, 11) == [("ROW", {"most": 2})]
        assert codes(one, 11, 30) == []

    def test_a_buffer_alone_is_no_row(self):
        one = clinician(limits={"most_in_a_row": 9}, meetings=[meeting(9, buffer_after=30)])
        assert codes(one, 10, 10, buffer_before=20) == ["BUFFER"]

    def test_a_limit_that_is_kept_is_not_named_beside_one_that_is_broken(self):
        kept = {"most_a_day": 5, "heavy_a_day": 5, "most_in_a_row": 5, "buffer_after": 5} | LUNCH
        one = clinician(limits=kept, meetings=[meeting(10, heavy=True)])
        assert codes(one, 20, heavy=True) == ["HOURS"]
