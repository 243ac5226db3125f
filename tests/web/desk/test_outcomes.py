"""What care came to: a small cast worked by hand, small numbers, and who may see what."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import (
    AnAppointment,
    AnEpisode,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("nine_o_clock", "read_from")
]  # fmt: skip

PAGE, TABLE = "/desk/outcomes/", "/desk/outcomes/table/"
OPENED, CLOSED = date(2029, 6, 1), date(2029, 12, 20)
START = datetime(2029, 6, 4, 12, tzinfo=UTC)

# PHQ-9 first and last, GAD-7 first and last: 6 recovered, 3 improved, 2 unchanged, 1 worse
TWELVE = [(16, 7, 12, 5)] * 6 + [(20, 12, 12, 11)] * 3 + [(15, 14, 9, 9)] * 2 + [(10, 16, 8, 8)]


def answered(client, at, total, form="phq-9", **more):
    sheet = {name: more.pop(name) for name in ("language", "version") if name in more}
    sheet = ASheet(client=client, instrument=form, answered_at=at, **sheet)
    bands = ((5, "minimal"), (10, "mild"), (15, "moderate"), (99, "severe"))
    band = next(name for below, name in bands if total < below)
    return AScore(sheet=sheet, total=total, total_rounded=total, band=band,
                  above_cutoff=total >= 10, **more)  # fmt: skip


def ended(who, house, first=None, last=None, *, fear=(), **episode):
    """A client of ``who``, who may see them still, whose care ended, with these scores."""
    client = ClientOf(place=house, care_team=[who])
    on = {"opened_on": OPENED, "closed_on": CLOSED, "close_reason": "COMPLETED"} | episode
    AnEpisode(client=client, responsible=who, **on)
    for weeks, scores in ((0, (first, *fear[:1])), (20, (last, *fear[1:]))):
        for form, total in zip(("phq-9", "gad-7"), scores, strict=False):
            if total is not None:
                answered(client, START + timedelta(weeks=weeks), total, form)
    return client


def seen(client, *, times=2):
    who = Colleague()
    for n in range(times):
        AnAppointment(client=client, clinician=who, status="KEPT",
                      starts_at=START + timedelta(days=n))  # fmt: skip


def table(browser, **asked):
    answer = browser.get(TABLE, asked)
    assert answer.status_code == 200
    return {row["group"]: row for row in csv.DictReader(
        io.StringIO(answer.content.decode("utf-8-sig"))
    )}  # fmt: skip


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_small_cast_worked_by_hand(ana, house):
    """(6·16 + 3·20 + 2·15 + 10) / 12 = 16.3; (6·7 + 3·12 + 2·14 + 16) / 12 = 10.2."""
    for first, last, *fear in TWELVE:
        ended(ana, house, first, last, fear=fear)
    for _ in range(3):
        ended(ana, house, 17)  # never answered again

    shown = text(inside(ana.account).get(PAGE))

    assert "Of 15 clients whose care ended, 12 have a first and a last PHQ-9" in shown
    assert "Their mean went from 16.3 to 10.2." in shown
    assert "Fewer than 9 in 10 have both" in shown
    assert "12 of 15: 80 %" in shown
    for one in ("6 of 12: 50 % (25 to 75)", "3 of 12: 25 % (9 to 53)", "2 of 12: 17 % (5 to 45)",
                "1 of 12: 8 % (1 to 35)"):  # fmt: skip
        assert one in shown
    assert "Cut-off</dt><dd>10 or more" in shown
    assert "6 points or more" in shown
    assert "All of these are your own clients." in shown


def test_the_nhs_rules_stand_with_numerator_and_denominator(ana, house):
    for first, last, *fear in TWELVE:
        seen(ended(ana, house, first, last, fear=fear))
    seen(ended(ana, house, 17, 3, fear=(12, 3)), times=1)  # one session: not completed

    row = table(inside(ana.account))["all"]

    assert (row["nhs_completed"], row["nhs_completed_of"]) == ("12", "13")
    assert (row["nhs_paired"], row["nhs_paired_of"]) == ("12", "12")
    assert (row["nhs_recovery"], row["nhs_recovery_of"]) == ("6", "12")
    assert (row["nhs_reliable_recovery"], row["nhs_reliable_recovery_of"]) == ("6", "12")
    assert (row["nhs_improvement"], row["nhs_improvement_of"]) == ("9", "12")
    assert (row["nhs_deterioration"], row["nhs_deterioration_of"]) == ("1", "12")


def test_after_something_terrible_the_measure_of_that_is_judged_and_not_the_gad_7(ana, house):
    """PCL-5 from 50 to 20; the GAD-7 stays at caseness, and would have nobody recover."""
    for problem, n in (("TRAUMA", 10), ("MOOD", 11)):
        for _ in range(n):
            client = ended(ana, house, 16, 7, fear=(12, 11), problem=problem)
            for weeks, total in ((0, 50), (20, 20)):
                answered(client, START + timedelta(weeks=weeks), total, "pcl-5")
            seen(client)
    browser = inside(ana.account)

    rows, shown = table(browser, by="problem"), text(browser.get(PAGE))

    assert (rows["TRAUMA"]["nhs_recovery"], rows["MOOD"]["nhs_recovery"]) == ("10", "0")
    assert rows["TRAUMA"]["nhs_improvement"] == rows["TRAUMA"]["nhs_completed"] == "10"
    assert "PCL-5: caseness 32 or more, reliable change 10." in shown
    assert "IES-R: caseness 33 or more" in shown and "SPIN: caseness 19 or more" in shown


ENDINGS = ["COMPLETED"] * 6 + ["CLIENT_ENDED"] * 3 + ["LOST"] + ["MOVED"] * 2


def test_how_care_ended_and_how_long_people_waited(ana, house):
    """First asked 4 days before the first session, 43 days before it, and 127."""
    for reason, days in zip(ENDINGS, [4] * 7 + [43] * 4 + [127], strict=True):
        seen(ended(ana, house, close_reason=reason,
                   first_contact_on=START.date() - timedelta(days=days)))  # fmt: skip
    seen(ended(ana, house, close_reason=""))  # said neither
    seen(ended(ana, house, first_contact_on=OPENED), times=0)  # never came
    browser = inside(ana.account)

    shown, row = text(browser.get(PAGE)), table(browser)["all"]

    assert "Of 13 clients of whom it is said how their care ended, 54 % ended as planned" in shown
    for one in ("13 of 14: 93 %", "7 of 13: 54 % (29 to 77)", "4 of 13: 31 % (13 to 58)",
                "12 of 14: 86 %", "4 (4 to 43)", "7 of 12: 58 % (32 to 81)",
                "11 of 12: 92 % (65 to 99)"):  # fmt: skip
        assert one in shown
    assert "nothing is said here of how they changed" in shown
    assert (row["ending_said"], row["planned"], row["dropped_out"]) == ("13", "7", "4")
    assert (row["wait_known"], row["wait_median"], row["wait_42_days"], row["wait_126_days"]) == (
        "12", "4.0", "7", "11",
    )  # fmt: skip
    assert row["clients"] == "hidden"


def test_no_percent_sign_is_parted_from_its_number(ana, house):
    for first, last, *fear in TWELVE:
        seen(ended(ana, house, first, last, fear=fear))

    page = inside(ana.account).get("/desk/outcomes/").content.decode()

    shown = [page.partition('class="reading">')[2].partition("</p>")[0],
             *re.findall(r"<td data-label=[^>]+>([^<]+)</td>", page)]  # fmt: skip
    assert sum("\N{NO-BREAK SPACE}%" in one for one in shown) > 10
    assert not any(" %" in one for one in shown)


def test_a_table_that_is_wider_than_the_window_is_reached_by_keyboard(ana, house):
    for first, last, *fear in TWELVE:
        seen(ended(ana, house, first, last, fear=fear))

    page = text(inside(ana.account).get("/desk/outcomes/"))

    named = re.findall(r'role="region" tabindex="0" aria-labelledby="([^"]+)"', page)
    assert len(named) == page.count('class="table-wrap"') >= 3
    assert all(f'<h2 id="{one}">' in page for one in named)


def test_a_small_group_hides_how_it_ended_with_another(ana, house):
    for problem, n in (("MOOD", 14), ("LOSS", 11), ("WORK", 2)):
        for _ in range(n):
            seen(ended(ana, house, problem=problem, first_contact_on=OPENED))
    browser = inside(ana.account)

    rows = table(browser, by="problem")

    assert (rows["all"]["dropped_out"], rows["all"]["wait_known"]) == ("0", "27")
    assert (rows["MOOD"]["planned"], rows["MOOD"]["wait_known"]) == ("14", "14")
    for name in ("LOSS", "WORK"):
        assert set(list(rows[name].values())[8:]) == {"hidden"}


def test_a_first_session_before_the_first_contact_is_a_mistake_and_no_wait(ana, house):
    for _ in range(10):
        seen(ended(ana, house, first_contact_on=START.date() + timedelta(days=1)))

    shown = text(inside(ana.account).get(PAGE))

    assert "How long people waited stands here once 10 clients or more" in shown


def test_only_scores_within_the_episode_of_one_form_make_a_pair(ana, house):
    for _ in range(10):
        ended(ana, house, 16, 7)
    late = ended(ana, house, 16)
    answered(late, datetime(2029, 12, 21, tzinfo=UTC), 3)  # the day after it closed
    answered(late, datetime(2029, 5, 31, 23, tzinfo=UTC), 25)  # the day before it opened
    other = ended(ana, house, 16)
    answered(other, START + timedelta(weeks=20), 3, language="de")
    filled = ended(ana, house, 16)
    answered(filled, START + timedelta(weeks=20), 3, status="PRORATED")
    corrected = ended(ana, house, 16)
    wrong = answered(corrected, START + timedelta(weeks=21), 3).sheet  # of another day
    wrong.replaced_by = answered(corrected, START + timedelta(weeks=20), 9).sheet
    wrong.save()

    row = table(inside(ana.account))["all"]

    assert [row[one] for one in ("clients", "paired", "prorated", "not_comparable")] == [
        "14", "12", "1", "1",
    ]  # fmt: skip
    assert float(row["mean_last"]) == round((10 * 7 + 3 + 9) / 12, 3)


def test_a_client_counts_once_with_the_latest_episode(ana, house):
    clients = [ended(ana, house, 16, 7, problem="MOOD") for _ in range(10)]
    AnEpisode(client=clients[0], responsible=ana, problem="LOSS", opened_on=OPENED,
              closed_on=date(2029, 7, 1), close_reason="COMPLETED")  # fmt: skip

    assert table(inside(ana.account))["all"]["clients"] == "10"


def test_a_small_group_is_hidden_and_so_is_what_would_tell_of_it(ana, house):
    for problem, n in (("MOOD", 14), ("LOSS", 11), ("WORK", 2)):
        for _ in range(n):
            ended(ana, house, 16, 7, problem=problem)
    browser = inside(ana.account)

    shown, rows = text(browser.get(PAGE, {"by": "problem"})), table(browser, by="problem")

    assert rows["MOOD"]["clients"] == "14"
    assert rows["LOSS"]["clients"] == rows["WORK"]["clients"] == "hidden"
    assert set(list(rows["WORK"].values())[8:]) == {"hidden"}
    assert rows["all"]["clients"] == "27"
    assert "Groups that are hidden: <bdi>loss and grief</bdi> · <bdi>work and study</bdi>" in shown
    assert "Hidden are groups of fewer than 10" in shown
    assert "2 of 2" not in shown
    assert "11 of 11" not in shown


def test_nine_are_too_few_and_the_page_says_what_to_do(ana, house):
    for _ in range(9):
        ended(ana, house, 16, 7)
    browser = inside(ana.account)

    shown = text(browser.get(PAGE))

    assert "Fewer than 10 clients" in shown
    assert "9 of 9" not in shown
    assert "<table" not in shown
    assert set(list(table(browser)["all"].values())[8:]) == {"hidden"}


def test_the_effect_of_a_band_is_measured_by_the_spread_of_everybody(ana, house):
    for n in range(24):
        ended(ana, house, (10 if n % 2 else 16) + n % 4, 5 + n % 5)
    browser = inside(ana.account)
    rows = table(browser, by="band")
    means = {name: float(rows[name]["mean_first"]) - float(rows[name]["mean_last"])
             for name in ("all", "moderate", "severe")}  # fmt: skip
    everybody = means["all"] / float(rows["all"]["d_pre"])  # their standard deviation
    for band in ("moderate", "severe"):
        assert float(rows[band]["d_pre"]) == pytest.approx(means[band] / everybody, abs=0.01)
    assert float(rows["severe"]["d_pre"]) < 5  # by their own spread it would be 9
    assert table(browser, band="severe")["all"]["d_pre"] == ""
    assert "that of everybody’s first scores" in text(browser.get(PAGE))


def test_with_nothing_it_says_where_an_episode_is_ended(ana):
    assert "No episode ended in this time." in text(inside(ana.account).get(PAGE))


def test_where_nobody_fits_it_does_not_blame_the_time_and_leads_to_everybody(ana, house):
    ended(ana, house, 16, 7, modality="CBT")

    shown = text(inside(ana.account).get(PAGE, {"since": "2029-12-01", "modality": "EMDR"}))

    assert "Nobody whose care ended in this time fits what you chose." in shown
    assert "Choose a longer one" not in shown
    assert f'href="{PAGE}?since=2029-12-01">Show everybody</a>' in shown


def test_it_is_narrowed_by_days_problem_help_and_first_score(ana, house):
    for n in range(24):
        ended(
            ana,
            house,
            16 if n % 2 else 12,
            7,
            problem="MOOD" if n < 12 else "LOSS",
            modality="CBT" if n % 2 else "EMDR",
            closed_on=CLOSED - timedelta(days=n // 12),
        )
    browser = inside(ana.account)

    def clients(**asked):
        return table(browser, **asked)["all"]["clients"]

    assert clients() == "24"
    assert clients(since="2029-12-20") == clients(until="2029-12-19") == "12"
    assert clients(problem="LOSS") == clients(modality="CBT") == clients(band="severe") == "12"
    assert clients(problem="LOSS", modality="CBT") == "hidden"
    assert table(browser, by="band").keys() == {"all", "moderate", "severe"}
    assert table(browser, instrument="gad-7")["all"]["clients"] == "hidden"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "2029-02-30"}, "Enter a valid date."),
        ({"since": ""}, "This field is required."),
        ({"since": "2030-01-02", "until": "2030-01-01"}, "not before the first"),
        ({"instrument": "tarot"}, "Select a valid choice"),
        ({"band": "purple"}, "This measure has no such band."),
        ({"by": "clinician"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_is_a_422_with_the_reason_beside_it(ana, asked, said):
    browser = inside(ana.account)

    for address in (PAGE, TABLE):
        answer = browser.get(address, asked)
        assert answer.status_code == 422
        assert said in text(answer)


def test_ones_own_stand_beside_the_practice_where_there_are_enough(ana, house):
    ben, cleo = Colleague(legal_name="Ben Falk"), Colleague(legal_name="Cleo Hahn")
    for who, n in ((ana, 10), (ben, 8), (cleo, 3)):
        for _ in range(n):
            ended(who, house, 16, 7 if who is ana else 15)

    mine, bens = table(inside(ana.account)), table(inside(ben.account))

    assert (mine["own"]["clients"], mine["own"]["recovered"]) == ("10", "10")
    assert "own" not in bens
    assert "Your own clients do not stand beside" in text(inside(ben.account).get(PAGE))
    owner = text(inside(Colleague(roles=["OWNER"]).account).get(PAGE))
    assert "Of 21 clients" in owner
    assert not any(one in owner for one in ("own clients", *(s.display_name for s in (ben, cleo))))


def test_the_front_desk_is_not_shown_it_nor_led_to_it(house):
    fay, olga = (Colleague(roles=[role], at=[house]) for role in ("FRONT_DESK", "OWNER"))

    for address in (PAGE, TABLE):
        assert inside(fay.account).get(address).status_code == 404
    for who, there in ((fay, False), (olga, True)):
        assert (PAGE in text(inside(who.account).get("/desk/practice/"))) is there


def test_narrowing_tells_no_more_than_groups_side_by_side_do(ana, house):
    """27 in all: who may see 14 and 11 of them alone knows the figures of the other two."""
    for problem, n in (("MOOD", 14), ("LOSS", 11), ("WORK", 2)):
        for _ in range(n):
            ended(ana, house, 16, 7, problem=problem)
    browser = inside(ana.account)

    assert table(browser)["all"]["clients"] == "27"
    assert table(browser, problem="MOOD")["all"]["clients"] == "14"
    for hidden in ("LOSS", "WORK"):
        assert set(list(table(browser, problem=hidden)["all"].values())[8:]) == {"hidden"}
    shown = text(browser.get(PAGE, {"problem": "LOSS"}))
    assert "<table" not in shown
    assert "or of those that it leaves out" in shown


@pytest.mark.parametrize("by", ["", "modality"])
def test_nor_does_narrowing_twice(ana, house, by):
    """26 with a low mood and 15 with a loss; of those with EMDR 12 and 3. Three of the four cells
    and the sums would tell of the three."""
    cells = {("MOOD", "CBT"): 14, ("MOOD", "EMDR"): 12, ("LOSS", "CBT"): 12, ("LOSS", "EMDR"): 3}
    for (problem, modality), n in cells.items():
        for _ in range(n):
            ended(ana, house, 16, 7, problem=problem, modality=modality)
    browser = inside(ana.account)

    assert table(browser, problem="MOOD")["all"]["clients"] == "26"
    assert table(browser, modality="EMDR")["all"]["clients"] == "15"
    for problem, modality in cells:
        asked = {"by": by, "problem": problem} | ({} if by else {"modality": modality})
        row = table(browser, **asked)[modality if by else "all"]
        assert row["clients"] == "hidden"


def test_narrowed_twice_with_enough_everywhere_it_is_shown(ana, house):
    for problem in ("MOOD", "LOSS"):
        for modality, total in (("CBT", 16), ("EMDR", 12)):
            for _ in range(10):
                ended(ana, house, total, 7, problem=problem, modality=modality)
    browser = inside(ana.account)

    rows = table(browser, problem="MOOD", by="modality")
    assert [rows[name]["clients"] for name in ("all", "CBT", "EMDR")] == ["20", "10", "10"]
    rows = table(browser, problem="MOOD", by="problem")
    assert [rows[name]["clients"] for name in ("all", "MOOD")] == ["20", "20"]
    assert table(browser, modality="CBT", band="severe")["all"]["clients"] == "20"
