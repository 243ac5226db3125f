"""Own, typed and a client's own measures in the picture, and sudden gains: both doors, paper."""

import re
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.press import pdf
from rapport.people.models import Account
from rapport.progress.picture import queries
from rapport.progress.press import PICTURE
from rapport.web.desk.views import picture as desk_picture
from tests.factories import NOW, AnAccount, APractice, AScore, ASheet, ClientOf, Colleague
from tests.progress.held_here import asked_of, built, licensed, question
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

PORTAL = "/portal/picture/?span=all"
WEEK = timedelta(weeks=1)
LEAPING = (20, 19, 21, 9, 10, 8)


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"))


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def portal(mara):
    return inside(Account.objects.get(pk=mara.account.pk), "portal")


def picture(client):
    return f"/desk/clients/{client.pk}/picture/?span=all"


def course(client, form="phq-9"):
    return f"/desk/clients/{client.pk}/course/{form}/"


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def scored(client, *totals, form="phq-9", answers=({},), version=1):
    """Totals a week apart, the last of them today."""
    for n, total in enumerate(reversed(totals)):
        sheet = ASheet(client=client, instrument=form, answered_at=NOW - n * WEEK, version=version,
                       answers=answers[n % len(answers)])  # fmt: skip
        AScore(sheet=sheet, total=total, total_rounded=total, band="")


# What is held here ------------------------------------------------------------------------


def test_a_questionnaire_built_here_and_one_that_was_typed_stand_in_the_picture(mara, desk, portal):
    olga = Colleague(roles=["OWNER"])
    form = built(olga.account, question(), title="Sleep diary")
    licensed(olga.account)
    scored(mara, 3, 7, form=form.code)
    scored(mara, 20, 8, form="isi", version=101)

    for shown in (page(desk, picture(mara)), page(portal, PORTAL)):
        assert shown.count("data-chart") == 2
    shown = page(desk, picture(mara))
    assert "Sleep diary" in shown and "Not validated: nobody has shown" in shown
    assert "nothing is published to tell such a change from measurement error" in shown
    assert "nobody has worked out how large a difference says something here" in page(
        portal, PORTAL
    )


def test_half_points_are_said_in_arabic_too(ana, mara):
    own = asked_of(mara, ana.account, "PROBLEMS", "Lying awake", "Quarrels")
    scored(mara, 2, 5.5, form=own.code, answers=({"1": 2, "2": 2}, {"1": 5, "2": 6}))
    mara.account.language = "ar"
    mara.account.save(update_fields=["language"])

    assert "بمقدار 3,5 نقطة" in page(inside(mara.account, "portal"), PORTAL)


def test_a_clients_own_measure_shows_each_of_its_items_on_the_same_axis(ana, mara, desk, portal):
    own = asked_of(mara, ana.account, "PROBLEMS", "Lying awake", "سلمى")
    scored(mara, 5.5, 3.5, form=own.code, answers=({"1": 2, "2": 5}, {"1": 4, "2": 7}))

    for shown in (page(desk, picture(mara)), page(portal, PORTAL)):
        assert shown.count("data-chart") == 3
        assert "<bdi>Lying awake</bdi>" in shown and "<bdi>سلمى</bdi>" in shown
        assert shown.count("Lying awake: read the points with the arrow keys") == 1
        assert "4, from 0 to 10" in shown and "5.5" in shown
    shown = page(portal, PORTAL)
    assert "Your number is 2.0 points lower than on 31 Dec 2029" in shown
    assert "/desk/" not in shown.partition("<main")[2]
    found = queries.of(by=ana.account, client=mara, wanted="all", now=NOW)
    (measured,) = found.measured
    assert [one.text for one in measured.items] == ["Lying awake", "سلمى"]


def test_goals_run_from_minus_two_to_two_and_what_is_asked_no_more_says_so(ana, mara, desk):
    own = asked_of(mara, ana.account, "GOALS", "Walk", "Call")
    scored(mara, 40, 55, form=own.code, answers=({"1": 3, "2": 2}, {"1": 1, "2": 1}))
    asked_of(mara, ana.account, "GOALS", "Sing")

    for address in (picture(mara), course(mara, own.code)):
        shown = page(desk, address)
        assert "-1, from -2 to 2" in shown and "1, from -2 to 2" in shown
        assert shown.count("asked no more") == 2


def test_nobody_elses_items_are_read(ana, mara):
    other = ClientOf(care_team=[ana])
    own = asked_of(other, ana.account, "RATINGS", "Theirs")
    scored(mara, 5, form=own.code)

    (measured,) = queries.of(by=ana.account, client=mara, wanted="all", now=NOW).measured

    assert measured.items == ()


def test_on_paper_the_items_stand_below_their_measure(ana, mara, desk):
    own = asked_of(mara, ana.account, "RATINGS", "Sleep", "Work")
    scored(mara, 5, 6, form=own.code, answers=({"1": 2, "2": 5}, {"1": 4}))
    scored(mara, *LEAPING)
    found = queries.of(by=ana.account, client=mara, wanted="all", now=NOW)

    paper = desk_picture.paper(ana.account, mara, found)

    said = {one["short"]: one["said"][-1] for one in paper["measures"]}
    assert said["Sleep"] == "4 on 31 Dec 2029; on 7 Jan 2030 2, from 0 to 10."
    assert said["Work"] == "Answered once, on 7 Jan 2030: 5, from 0 to 10."
    assert "ring: a sudden gain" in paper["legend"]
    assert any("A sudden gain" in note for one in paper["measures"] for note in one["notes"])
    assert pdf(PICTURE, paper).startswith(b"%PDF")
    answer = desk.post(f"/desk/clients/{mara.pk}/picture/pdf/", {"span": "all"})
    assert answer.content.startswith(b"%PDF")


# Sudden gains -----------------------------------------------------------------------------


def test_a_sudden_gain_has_its_mark_its_sentence_and_its_three_criteria(mara, desk):
    scored(mara, *LEAPING)

    for address in (picture(mara), course(mara)):
        shown = page(desk, address)
        assert shown.count('class="chart__ring" cx="8"') == 1  # the legend
        assert shown.count('<circle class="chart__ring"') == 3  # and both drawings
        assert (
            "A sudden gain from 17 Dec 2029 to 24 Dec 2029, from 21 to 9; it has held so far."
        ) in shown
        assert "21 to 9: 12 points; it takes 6, a reliable change." in shown
        assert "12 of 21 is 57 %; it takes 25 %." in shown
        assert "On average 20 in up to three scores before and 9 in as many after" in shown
        assert "it takes more than 2.78, which is 2.776 times the spread" in shown
        assert "Tang, DeRubeis (1999)" in shown
        assert shown.count('<span class="tag">sudden gain</span>') == 1
        assert "; sudden gain" in shown


def test_one_that_was_lost_again_says_so_to_who_treats_and_is_none_for_the_client(
    mara, desk, portal
):
    scored(mara, *LEAPING, 16)

    assert "by 7 Jan 2030 half of it or more was lost again." in page(desk, course(mara))
    for address in (PORTAL, "/portal/course/phq-9/"):
        shown = page(portal, address)
        assert "chart__ring" not in shown and "sudden" not in shown and "a big step" not in shown


def test_the_client_reads_of_a_gain_in_plain_words(mara, portal):
    scored(mara, *LEAPING)

    for address in (PORTAL, "/portal/course/phq-9/"):
        shown = page(portal, address)
        assert "Between 17 Dec 2029 and 24 Dec 2029 your number moved a good deal" in shown
        assert "a big step that has held so far" in shown or "a big step" in shown
        assert "sudden" not in shown.partition("<main")[2]
        assert "reliable" not in shown.partition("<main")[2]


def test_a_course_without_one_has_no_ring_and_no_word_of_it(mara, desk):
    scored(mara, 20, 18, 17, 15, 14, 12)

    for address in (picture(mara), course(mara)):
        shown = page(desk, address)
        assert "chart__ring" not in shown and "sudden gain" not in shown


def test_a_gain_outside_of_the_time_shown_is_not_on_it(mara, desk):
    scored(mara, *LEAPING)
    mara.scores.update(at=NOW - timedelta(days=500))
    scored(mara, 8, 7)

    shown = page(desk, f"/desk/clients/{mara.pk}/picture/?span=year")

    assert "chart__ring" not in shown
