"""Which days one may choose, so that no two views of what care came to differ by one person."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as hour

import pytest

from rapport.core import time
from rapport.people.models import Client, Supervision
from tests.factories import NOW, Colleague
from tests.web.stepping import inside

from .test_outcomes import PAGE, TABLE, answered, ended, table, text

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock", "read_from")
]  # fmt: skip

NOON = hour(12)
CLINICIANS = "/desk/outcomes/clinicians/"


@pytest.fixture
def olga(house):
    """An owner, who is in nobody's care team."""
    return Colleague(roles=["OWNER"], at=[house])


def some(ana, house, n, closed_on, first=16, last=7, **more):
    """Clients whose care ended on a day, with scores 100 days and 10 before it."""
    noon = datetime.combine(closed_on, NOON, UTC)
    for _ in range(n):
        opened_on = closed_on - timedelta(days=190)
        client = ended(ana, house, closed_on=closed_on, opened_on=opened_on, **more)
        for days, total in ((100, first), (10, last)):
            answered(client, noon - timedelta(days=days), total)


def test_who_sees_no_records_cannot_move_the_range_by_a_day(ana, olga, house):
    some(ana, house, 11, date(2029, 12, 20))
    some(ana, house, 1, date(2029, 12, 31), 16, 20)  # got worse: whoever sees 12 and 11 knows
    browser = inside(olga.account)

    for days in (
        {"until": "2029-12-30"},
        {"since": "2029-12-31", "until": "2029-12-31"},
        {"since": "2029-01-01", "until": "2029-12-30"},
        {"since": "x", "until": ""},
    ):
        for address in (PAGE, TABLE, CLINICIANS):  # fmt: skip
            answer = browser.get(address, days)
            assert answer.status_code == 422
            assert "Choose a whole year or quarter that has ended." in text(answer) or (
                "This field is required." in text(answer)
            )
            assert "got worse" not in text(answer) and "12 of 12" not in text(answer)
    assert table(browser)["all"]["clients"] == "12"


def test_who_may_open_each_record_chooses_days_as_ever(ana, house):
    some(ana, house, 11, date(2029, 12, 20))
    some(ana, house, 10, date(2030, 1, 5))
    browser = inside(ana.account)

    assert table(browser, since="2029-12-20", until="2029-12-20")["all"]["clients"] == "11"
    assert table(browser)["all"]["clients"] == "21"
    assert table(browser, period="2029-Q4")["all"]["clients"] == "11"
    shown = text(browser.get(PAGE))
    assert "Ended from" in shown and "Ended in" not in shown


@pytest.mark.parametrize("restricted", [False, True])
def test_one_client_of_a_colleague_is_enough_and_a_supervisor_sees_them(ana, house, restricted):
    """Of a restricted record the care team alone sees anything."""
    ben = Colleague(at=[house])
    some(ana, house, 11, date(2029, 12, 20))
    some(ben, house, 1, date(2029, 6, 1))
    browser = inside(ana.account)
    assert "Ended in" in text(browser.get(PAGE))

    Supervision.objects.create(supervisor=ana, supervisee=ben, from_on=date(2029, 1, 1))
    if restricted:
        Client.objects.filter(care_team__staff=ben).update(restricted=True)

    assert ("Ended in" in text(browser.get(PAGE))) is restricted


def test_a_years_numbers_are_the_same_whichever_day_they_are_looked_at(ana, olga, house):
    some(ana, house, 12, date(2029, 12, 20))
    browser = inside(olga.account)
    before = table(browser)["all"]

    some(ana, house, 1, date(2030, 1, 7), 16, 20)
    with time.at(NOW + timedelta(days=1)):
        later = table(inside(olga.account))["all"]

    assert later == before
    assert (before["ended_from"], before["ended_until"]) == ("2029-01-01", "2029-12-31")


def test_what_has_ended_is_offered_and_nothing_else(ana, olga, house):
    some(ana, house, 12, date(2028, 12, 20))

    shown = text(inside(olga.account).get(PAGE))

    assert '<option value="2029-Q4">2029, October to December</option>' in shown
    assert '<option value="2028" selected>2028</option>' in shown
    assert "2030" not in shown.partition("<select")[2].partition("</select>")[0]
    assert "2027" not in shown


def test_a_small_quarter_is_not_had_from_the_year_less_the_others(ana, olga, house):
    """27 in the year. 14, 11 and 2 in its quarters: with the 14 and the 11 one would know of 2."""
    for n, closed_on in ((14, date(2029, 5, 1)), (11, date(2029, 8, 1)), (2, date(2029, 11, 1))):
        some(ana, house, n, closed_on)
    browser = inside(olga.account)

    def clients(period):
        return table(browser, period=period)["all"]["clients"]

    assert (clients("2029"), clients("2029-Q2")) == ("27", "14")
    assert clients("2029-Q1") == clients("2029-Q3") == clients("2029-Q4") == "hidden"
    shown = text(browser.get(PAGE, {"period": "2029-Q3"}))
    assert "Choose a longer time, or narrow it less." in shown and "<table" not in shown


@pytest.mark.parametrize("asked", [{"by": "problem"}, {"problem": "LOSS"}, {"problem": "MOOD"}])
def test_nor_is_a_small_group_of_a_quarter(ana, olga, house, asked):
    """LOSS: 12 and 3 in two quarters, 15 in the year; MOOD: 20 and 13."""
    for problem, n, closed_on in (
        ("LOSS", 12, date(2029, 5, 1)), ("LOSS", 3, date(2029, 11, 1)),
        ("MOOD", 20, date(2029, 5, 1)), ("MOOD", 13, date(2029, 11, 1)),
    ):  # fmt: skip
        some(ana, house, n, closed_on, problem=problem)
    browser = inside(olga.account)

    year, quarter = (table(browser, by="problem", period=one) for one in ("2029", "2029-Q2"))
    assert [year[name]["clients"] for name in ("LOSS", "MOOD")] == ["15", "33"]
    assert quarter["all"]["clients"] == "32"
    for period in ("2029-Q2", "2029-Q4"):
        rows = table(browser, period=period, **asked)
        told = [row for name, row in rows.items() if name != "all"] or [rows["all"]]
        assert {row["clients"] for row in told} == {"hidden"}


def test_an_address_of_a_colleague_with_whole_days_opens(ana, olga, house):
    some(ana, house, 12, date(2029, 11, 1))

    rows = table(inside(olga.account), since="2029-10-01", until="2029-12-31")

    assert rows["all"]["clients"] == "12"


def test_clinicians_are_beside_chance_by_the_same_years_and_quarters(ana, olga, house):
    some(ana, house, 12, date(2029, 11, 1))
    browser = inside(olga.account)

    shown = text(browser.get(CLINICIANS, {"period": "2029-Q4"}))

    assert "ended from 1 Oct 2029 to 31 Dec 2029" in shown
    assert "Two stretches of time that differ by a day" in shown
    assert f'href="{CLINICIANS}?period=2029-Q4"' in text(browser.get(PAGE, {"period": "2029-Q4"}))


def test_an_empty_quarter_says_so(ana, olga, house):
    some(ana, house, 12, date(2029, 11, 1))

    shown = text(inside(olga.account).get(PAGE, {"period": "2029-Q1"}))

    assert "No episode ended in this time." in shown


def test_the_page_says_to_whom_it_is_narrowed_where_no_form_is_printed(ana, house):
    some(ana, house, 12, date(2029, 11, 1), problem="MOOD")
    browser = inside(ana.account)

    shown = text(browser.get(PAGE, {"problem": "MOOD", "band": "severe"}))

    assert "<br><bdi>low mood</bdi> · <bdi>Severe</bdi></p>" in shown
    assert "asked in that time" not in shown  # that is told of everybody alone
    assert 'class="card-box no-print" open' in shown
    assert "<br><bdi>" not in text(browser.get(PAGE)).partition("</h1>")[2].partition("</p>")[0]
