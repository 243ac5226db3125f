"""What is promised to whoever asks: an answer within working days, overdue when they are over."""

from datetime import date, timedelta

import pytest

from rapport.contact.asking import queries as asking
from rapport.contact.inquiries import counting, jobs, queries
from rapport.contact.inquiries.promised import Promise, overdue
from rapport.core import time
from rapport.people.models import Practice
from tests.factories import NOW, AnInquiry
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
THURSDAY = NOW.replace(year=2030, month=4, day=18, hour=10)  # before Good Friday, the 19th
TUESDAY = THURSDAY + 5 * DAY  # after Easter Monday: one working day has passed by its end


@pytest.fixture
def promised(house):
    Practice.objects.update(answer_days=1)
    return house


def late(house, day, who="olga"):
    with time.at(day):
        rows = queries.listed(by=getattr(house, who).account, promise=Promise())
        return [(one.pk, one.late) for one in rows]


def due(by, day):
    with time.at(NOW.replace(year=day.year, month=day.month, day=day.day)):
        return overdue(by=by, promise=Promise(), most=5)


def test_working_days_leave_out_weekends_and_holidays(promised):
    assert Promise().answer_by(THURSDAY, "") == TUESDAY.date()
    inquiry = AnInquiry(received_at=THURSDAY, client__place=promised.here)
    assert late(promised, TUESDAY) == [(inquiry.pk, False)]
    assert late(promised, TUESDAY + DAY) == [(inquiry.pk, True)]


def test_each_place_has_its_own_holidays_and_each_land_its_weekend(promised):
    assert Promise().answer_by(NOW.replace(month=10, day=30), "BB") == date(2030, 11, 1)
    assert Promise().answer_by(NOW.replace(month=10, day=31), "BY") == date(2030, 11, 4)
    Practice.objects.update(country="EG")
    assert Promise().answer_by(NOW.replace(month=1, day=10), "") == date(2030, 1, 13)  # a Sunday
    Practice.objects.update(country="AQ")
    assert Promise().answer_by(NOW.replace(month=1, day=11), "") == date(2030, 1, 14)


def test_two_places_in_one_list_go_by_their_own_days(promised):
    for place, region in ((promised.here, "BY"), (promised.elsewhere, "BE")):
        place.region = region
        place.save()
    came = NOW.replace(month=10, day=31)  # the next day is a holiday in Bavaria, not in Berlin
    rows = [AnInquiry(received_at=came, client__place=place)
            for place in (promised.elsewhere, promised.here)]  # fmt: skip
    assert late(promised, NOW.replace(month=11, day=4)) == [
        (rows[0].pk, True), (rows[1].pk, False),
    ]  # fmt: skip


def test_where_nothing_is_promised_nothing_is_overdue(house):
    AnInquiry(received_at=THURSDAY, client__place=house.here, responsible=house.fay)
    assert [one for _pk, one in late(house, TUESDAY + 90 * DAY)] == [False]
    assert due(house.fay.account, date(2031, 1, 1)) == []
    assert Promise().answer_by(THURSDAY, "") is None


@pytest.mark.parametrize(
    "given", [{"answered_at": TUESDAY}, {"stage": "REFERRED"}, {"stage": "CLOSED", "why": "OTHER"},
              {"client__status": "ACTIVE"}], ids=["answered", "referred", "closed", "client"],
)  # fmt: skip
def test_who_was_answered_or_waits_no_more_is_not_overdue(promised, given):
    AnInquiry(received_at=THURSDAY, client__place=promised.here, responsible=promised.fay, **given)
    assert due(promised.olga.account, date(2030, 5, 2)) == []


def test_the_list_begins_with_what_is_overdue_and_says_so(promised):
    soon = AnInquiry(received_at=TUESDAY + DAY, client__place=promised.here)
    old = AnInquiry(received_at=THURSDAY, client__place=promised.here)
    fine = AnInquiry(received_at=THURSDAY - DAY, answered_at=THURSDAY, client__place=promised.here)
    assert late(promised, TUESDAY + DAY) == [(old.pk, True), (fine.pk, False), (soon.pk, False)]
    with time.at(TUESDAY + DAY):
        fay = inside(promised.fay.account)
        page = fay.get("/desk/inquiries/").content.decode()
        assert page.count("answer overdue, promised by") == 1
        assert page.count("answer by") == 1
        due = fay.get("/desk/inquiries/?due=1").content.decode()
        assert str(old.pk) in due and str(soon.pk) not in due
        assert "answer overdue" in fay.get(f"/desk/inquiries/{old.pk}/").content.decode()


def test_today_tells_who_is_responsible_the_front_desk_and_owners(promised):
    inquiry = AnInquiry(received_at=THURSDAY, client__place=promised.here,
                        responsible=promised.ana)  # fmt: skip
    day = (TUESDAY + DAY).date()
    told = [
        name for name in ("ana", "ben", "fay", "flo", "bill", "olga")
        if due(getattr(promised, name).account, day) == [inquiry]
    ]  # fmt: skip
    assert told == ["ana", "fay", "olga"]
    with time.at(TUESDAY + DAY):
        assert "Answers overdue" in inside(promised.ana.account).get("/desk/also/").content.decode()


def test_who_nobody_is_responsible_for_is_marked_where_they_stand_already(promised):
    AnInquiry(received_at=THURSDAY, client__place=promised.here)
    with time.at(TUESDAY + DAY):
        (one,) = asking.unanswered(by=promised.fay.account, promise=Promise(), most=5)
        assert one.inquiry.late
        page = inside(promised.fay.account).get("/desk/also/").content.decode()
    assert page.count("answer overdue") == 1


class TestNumbers:
    def figures(self, house, today=TUESDAY + 7 * DAY):
        with time.at(today):
            table = counting.table(counting.facts(by=house.olga.account, first=date(2030, 4, 1)))
        return [row[6:] for row in table[1:]]

    def test_in_time_of_those_that_were_to_be_answered(self, promised):
        def came(**given):
            AnInquiry(received_at=THURSDAY, client__place=promised.here, **given)

        came(answered_at=TUESDAY)
        came(answered_at=TUESDAY + DAY)
        came()
        came(stage="CLOSED", why="ELSEWHERE", stage_since=TUESDAY)  # in time for nobody to ask
        came(stage="CLOSED", why="ELSEWHERE", stage_since=TUESDAY + DAY)
        assert self.figures(promised) == [["4", "1"]]
        page = self.page(promised)
        assert "25 percent (1 of 4)" in page and "Answered in time: 25 percent" in page

    def page(self, house):
        with time.at(TUESDAY + 7 * DAY):
            return inside(house.olga.account).get("/desk/inquiries/numbers/").content.decode()

    def test_who_can_still_be_answered_is_not_judged(self, promised):
        AnInquiry(received_at=THURSDAY, client__place=promised.here)
        assert self.figures(promised, today=TUESDAY) == [["0", "0"]]

    def test_who_was_forgotten_is_still_counted(self, promised):
        for answered in (TUESDAY, TUESDAY + DAY):
            AnInquiry(received_at=THURSDAY, answered_at=answered, client__place=promised.here)
        before = self.figures(promised)
        with time.at(THURSDAY.replace(year=2031)):
            jobs.purge(now=THURSDAY.replace(year=2031))
        assert self.figures(promised) == before == [["2", "1"]]
