"""What care came to, opened: how an effect came about, and why a wait is not known."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.people.models import Client
from tests.web.stepping import inside

from .test_outcomes import OPENED, PAGE, START, ended, seen, table, text

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock", "read_from")
]  # fmt: skip


def made(day, *clients):
    """The records of these clients were made on that day, at noon."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    Client.objects.filter(pk__in=[one.pk for one in clients]).update(created_at=at)


def test_the_effect_of_a_row_can_be_worked_out_again(ana, house):
    """20 and 10 six times each, to 10 and 6: 15 and 8, spreads sqrt(300/11) = 5.22 and
    sqrt(48/11) = 2.09, in step but for one pair that is swapped."""
    for pair in [(20, 10)] * 5 + [(10, 6)] * 5 + [(20, 6), (10, 10)]:
        ended(ana, house, *pair)
    browser = inside(ana.account)

    shown, row = text(browser.get(PAGE)), table(browser)["all"]

    assert "measured by the spread of the first scores in that row." in shown
    assert "Standard deviation of the first scores of these 12 clients: 5.22." in shown
    assert "(15.00 − 8.00) / 5.22 = 1.34" in shown
    # r = (5 - 1) / 6; 2 (1 - r) / 12 + 1.34 ** 2 / 24 = 0.0556 + 0.0748
    assert "√(2 × (1 − 0.67) / 12 + 1.34² / (2 × 12)) = 0.36" in shown
    assert "1.34 ± 1.96 × 0.36 = (0.63; 2.05)" in shown
    assert "1.34 (0.63 to 2.05)" in shown
    assert [row[one] for one in ("d_pre_spread", "d_pre_spread_of", "sd_last", "r")] == [
        "5.222", "own", "2.089", "0.667",
    ]  # fmt: skip


def test_of_a_band_it_is_said_that_the_spread_is_everybodys(ana, house):
    """20, 18 ten times each and 12, 10: spread of all 40 is sqrt(40 * 17 / 39) = 4.18."""
    for first in (20, 18, 12, 10):
        for n in range(10):
            ended(ana, house, first, 6 + n % 2)
    browser = inside(ana.account)

    shown, rows = text(browser.get(PAGE, {"by": "band"})), table(browser, by="band")

    assert "The effect of every row, of each band too, is measured by the spread of every" in shown
    assert shown.count("Standard deviation of everybody’s first scores, of 40 clients: 4.18.") == 2
    assert "Standard deviation of the first scores of these 40 clients: 4.18." in shown
    assert "(19.00 − 6.50) / 4.18 = 2.99" in shown
    assert "(11.00 − 6.50) / 4.18 = 1.08" in shown
    # the change of a band varies by sqrt(10 / 9.5) * sqrt(1 + 0.25) = 1.15
    assert "√((1.15 / 4.18)² / 20 + 2.99² / (2 × 40)) = 0.34" in shown
    assert {name: row["d_pre_spread_of"] for name, row in rows.items()} == {
        "all": "own", "moderate": "all", "severe": "all",
    }  # fmt: skip


def test_a_hidden_row_is_not_opened(ana, house):
    for problem, n in (("MOOD", 14), ("LOSS", 11), ("WORK", 2)):
        for k in range(n):
            ended(ana, house, 16 + k % 2, 7 + k % 3, problem=problem)

    shown = text(inside(ana.account).get(PAGE, {"by": "problem"}))

    opened = shown.partition("How each effect came about")[2].partition("</details>")[0]
    assert "The practice" in opened and "low mood" in opened
    assert "loss and grief" not in opened and "work and study" not in opened


def test_one_band_alone_has_no_effect_and_says_why(ana, house):
    for n in range(12):
        ended(ana, house, 16 + n % 2, 7 + n % 3)

    shown = text(inside(ana.account).get(PAGE, {"band": "severe"}))

    assert "no effect is given: those in it began alike." in shown
    assert "How each effect came about" not in shown


def test_who_is_left_out_of_the_waits_is_counted_by_reason(ana, house):
    """Ten are known. Three began before Rapport and have no day of asking; one came never, one
    first came before asking, and three were in care before they were entered."""
    asked = {"first_contact_on": START.date() - timedelta(days=20)}
    for _ in range(10):
        seen(ended(ana, house, **asked))
    for _ in range(3):
        seen(ended(ana, house))
    early = ended(ana, house, **asked)
    seen(ended(ana, house, first_contact_on=START.date() + timedelta(days=1)))
    with_sessions = [ended(ana, house, **asked) for _ in range(2)]
    on_paper = ended(ana, house, **asked)
    for client in with_sessions:
        seen(client)
    made(OPENED, early)
    made(START.date() - timedelta(days=1), *with_sessions, on_paper)
    browser = inside(ana.account)

    shown, row = text(browser.get(PAGE)), table(browser)["all"]

    assert "10 of 18: 56 %" in shown
    assert (
        "Left out, because nobody knows how long they waited: 3 have no day on which they first "
        "asked; 3 were in care before being entered here; 1 has no kept session on file; 1 has a "
        "first session before the day on which they first asked."
    ) in shown
    assert [row[f"wait_unknown_{why}"] for why in ("contact", "session", "before", "order")] == [
        "3", "1", "3", "1",
    ]  # fmt: skip
    assert (row["wait_known"], row["wait_median"]) == ("10", "20.0")


def test_a_record_made_before_care_began_or_a_session_written_down_later_is_a_wait(ana, house):
    """On the first day of care, and after a session that was entered afterwards."""
    for day in [OPENED] * 5 + [(START + timedelta(days=3)).date()] * 5:
        client = ended(ana, house, first_contact_on=OPENED - timedelta(days=7))
        made(day, client)
        seen(client)

    row = table(inside(ana.account))["all"]

    assert (row["wait_known"], row["wait_median"]) == ("10", "10.0")


def test_where_nobody_is_left_out_nothing_is_said_of_it(ana, house):
    for _ in range(10):
        seen(ended(ana, house, first_contact_on=OPENED))

    assert "Left out" not in text(inside(ana.account).get(PAGE))
