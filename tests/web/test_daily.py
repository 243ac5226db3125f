"""Daily questions through both doors: what is asked, answered, drawn and worked out."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from rapport.core import time
from rapport.people.models import Account
from rapport.progress.models import DailyEntry, DailyPlan, DailyQuestion, Phase
from rapport.progress.own import items
from tests.factories import (
    NOW,
    ADailyEntry,
    ADailyPlan,
    ADailyQuestion,
    AnAccount,
    APhase,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = timedelta(days=1)
PORTAL = "/portal/diary/"
A = (20, 20, 26, 25, 22, 23)
B = (28, 25, 24, 27, 30, 30, 29)


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
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"), legal_name="Mara Kern")


@pytest.fixture
def portal(mara):
    """Mara's own browser."""
    return inside(Account.objects.get(pk=mara.account.pk), "portal")


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def counted(client, *values, kind="COUNT", better="higher", **more):
    """A question of so many days, the last of them yesterday; None: no answer."""
    plan = ADailyPlan(client=client, from_on=TODAY - len(values) * DAY, **more)
    question = ADailyQuestion(plan=plan, kind=kind, better=better, words={"title": "Steps", "low":
                              "", "high": ""})  # fmt: skip
    for n, value in enumerate(values):
        if value is not None:
            ADailyEntry(plan=plan, on=plan.from_on + n * DAY, answers={str(question.pk): value})
    return question


def of(client, more=""):
    return f"/desk/clients/{client.pk}/diary/{more}"


def said(answer, status=200):
    assert answer.status_code == status
    text = re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&#x27;", "'")


def figures(browser, question):
    return said(browser.get(of(question.client, f"questions/{question.pk}/")))


def sent(browser, answer=None):
    """The hidden fields of the form on the page."""
    page = (answer or browser.get(PORTAL)).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
            for name in ("on", "slot", "sent")}  # fmt: skip


def dots(browser, address):
    """Of the wide drawing: how many dots, and how many lines join two of them."""
    page = browser.get(address).content.decode()
    svg = re.search(r'<svg class="chart__svg chart__svg--wide".*?</svg>', page, re.S)[0]
    return svg.count("data-point"), svg.count('class="chart__line"')


# The desk ---------------------------------------------------------------------------------


def test_from_nothing_to_a_question_a_day(desk, mara):
    assert "A few numbers a day" in said(desk.get(of(mara)))
    answer = desk.post(of(mara, "begin/"), {"from_on": TODAY.isoformat()})
    assert answer.headers["Location"] == of(mara)
    assert "Nothing is asked yet" in said(desk.get(of(mara)))
    given = {"title": "Tension", "kind": "RATING", "low": "calm", "high": "", "better": "lower"}
    assert desk.post(of(mara, "add/"), given).status_code == 302
    page = said(desk.get(of(mara)))
    assert "Tension" in page
    assert "lower is better" in page
    assert "It was not asked yet." in page


def test_what_cannot_be_stands_at_its_field_and_what_was_typed_stays(desk, mara):
    early = {"from_on": (TODAY - DAY).isoformat(), "time_1": "evening"}
    answer = desk.post(of(mara, "begin/"), early)
    assert "Begin today, or within" in said(answer, 422)
    assert 'value="evening"' in answer.content.decode()
    ADailyPlan(client=mara)
    answer = desk.post(of(mara, "add/"), {"title": "Tension", "kind": "RATING"})
    assert answer.status_code == 422
    assert 'value="Tension"' in answer.content.decode()
    answer = desk.post(of(mara, "until/"), {"until_on": "1999-01-01"})
    assert answer.status_code == 422


def test_it_is_asked_until_another_day_or_without_an_end(desk, mara):
    plan = ADailyPlan(client=mara)
    until = (TODAY + 9 * DAY).isoformat()
    desk.post(of(mara, "until/"), {"until_on": until})
    plan.refresh_from_db()
    assert plan.until_on.isoformat() == until
    assert desk.post(of(mara, "until/"), {"until_on": ""}).status_code == 302
    plan.refresh_from_db()
    assert plan.until_on is None


@pytest.mark.parametrize("form", ["until/", "add/", "pause/"])
def test_without_a_plan_a_form_says_what_comes_first(desk, mara, form):
    assert "Nothing is asked each day now. Begin that first." in said(desk.get(of(mara, form)))


def test_a_day_without_an_answer_is_a_gap(desk, mara):
    question = counted(mara, 3, 4, None, 5, 6, 7)
    for address in (of(mara), of(mara, f"questions/{question.pk}/")):
        assert dots(desk, address) == (5, 3)
    page = said(desk.get(of(mara)))
    assert "5 of 6 times were answered." in page
    assert "The mean of the last seven days is 5." in page


def test_yes_and_no_are_told_in_percent_and_named_on_the_scale(desk, mara):
    counted(mara, 1, 1, 0, 1, kind="YES_NO")
    page = desk.get(of(mara)).text
    assert "In the last seven days 75 percent of the answers were yes." in page
    assert ">yes</text>" in page and ">no</text>" in page and ">1</text>" not in page


@pytest.mark.parametrize(
    ("most", "ends"), [(2, 5), (8, 8), (9, 12), (52, 60), (100, 100), (101, 120), (1300, 2000)]
)
def test_a_scale_of_a_count_has_steps_that_can_be_read(desk, mara, most, ends):
    counted(mara, most)
    page = desk.get(of(mara)).text
    heights = [float(one.replace(",", "")) for one in re.findall(r">([\d,]+)</text>", page)]
    assert max(heights) == ends


def test_the_table_says_what_the_chart_says(desk, mara):
    counted(mara, 1, None, 0, kind="YES_NO")
    page = said(desk.get(of(mara)))
    assert "4 Jan 2030 1 yes 6 Jan 2030 0 no" in page


def test_mssd_by_valid_pairs_and_no_inertia_of_few_answers(desk, mara):
    question = counted(mara, 20, 18, 17, None, 15, 14, 14, 10)
    page = figures(desk, question)
    assert "7 of 8 times were answered: 88 percent." in page
    assert "in 5 pairs without a gap" in page
    assert "MSSD 4.4 its root 2.1" in page
    assert "Inertia is told from 20 answers on; there are 7." in page


def test_inertia_of_twenty_answers(desk, mara):
    values = [3, 4, 4, 5, 5, 4, 3, 2, 2, 3, 4, 5, 5, 4, 4, 3, 2, 2, 3, 3]
    page = figures(desk, counted(mara, *values))
    assert "A high day tends to be followed by a high one: inertia 0.67." in page


def test_two_phases_by_all_pairs_with_their_numbers(desk, mara):
    question = counted(mara, *A, *B)
    APhase(client=mara, on=question.from_on + 6 * DAY)
    page = figures(desk, question)
    assert ("In 38 of 42 pairs of days, the day of B was better than the day of A; in 1 they were "
            "equal.") in page  # fmt: skip
    assert "38.5 / 42 = 0.9167" in page
    assert "Tau 0.8333" in page
    assert "(35 − 4) / 42 = 0.7381" in page
    assert "A shows no trend beyond chance" in page
    assert "Tarlow (2017)" in page
    assert "Where its level changed" not in page


def test_a_trend_that_went_on_is_taken_off(desk, mara):
    question = counted(mara, *range(1, 11))
    APhase(client=mara, on=question.from_on + 5 * DAY)
    page = figures(desk, question)
    assert "A was changing already, by 1 a day for the better" in page
    assert "What is left differs between the phases by tau 0 " in page
    assert "It rose by 1 a day." in page


def test_a_short_phase_is_only_drawn(desk, mara):
    question = counted(mara, 3, 3, 4, 5, 4, 5, 6, 7, 7)
    APhase(client=mara, on=question.from_on + 4 * DAY)
    page = figures(desk, question)
    assert "Phases are compared from 5 days each on; A has 4, B has 5." in page
    assert "Nonoverlap" not in page
    assert "This is told from 5 days on; there are 4." in page


def test_limits_rest_on_the_baseline_and_a_signal_is_said(desk, mara):
    question = counted(mara, 10, 12, 11, 9, 10, 11, 18)
    APhase(client=mara, on=question.from_on + 6 * DAY)
    page = figures(desk, question)
    assert "The limits rest on 6 days." in page
    assert "On 6 Jan 2030 it lay above the limits, at 18." in page
    for number in ("10.5", "6.78", "14.22", "1.4"):
        assert number in page
    assert page.count("beyond a limit") == 3  # how it is worked out, the day, the filled dot


def test_where_no_day_leaves_the_limits_no_dot_is_explained(desk, mara):
    page = figures(desk, counted(mara, 10, 12, 11, 9, 10, 11, 10))
    assert "No day leaves the limits." in page
    assert page.count("beyond a limit") == 1  # how it is worked out


def test_every_signal_is_listed_however_many_there_are(desk, mara):
    """Twelve wild days behind a quiet baseline."""
    question = counted(mara, 10, 12, 11, 9, 10, 11, *[30, 10] * 12)
    APhase(client=mara, on=question.from_on + 6 * DAY)
    page = desk.get(of(mara, f"questions/{question.pk}/")).content.decode()
    each = re.search(r'<ul class="picture__each">(.*?)</ul>', page, re.S)[1]

    assert "There are 12 signals. The latest:" in page
    assert each.count("<li>") == each.count("it lay above the limits, at 30.") == 12


def test_eight_days_on_one_side_are_a_signal(desk, mara):
    page = figures(desk, counted(mara, *[9, 1] * 5, *[8] * 11))
    assert page.count("above the mean for eight days in a row") == 1
    assert "On 3 Jan 2030 it had been above the mean" in page


def test_without_phases_a_change_of_level_is_weighed(desk, mara):
    question = counted(mara, 18, 19, 17, 18, 19, 11, 10, 12, 11, 10)
    page = figures(desk, question)
    assert "There are no two phases to compare." in page
    assert "most likely on 2 Jan 2030 (75 percent)" in page
    assert "the level was 10.8, before that 18.2" in page


def test_from_thirty_days_on_levels_are_divided(desk, mara):
    values = [*[5, 6, 5, 4, 5, 6, 5] * 3, *[9, 8, 9, 10, 9, 8, 9] * 2]
    page = figures(desk, counted(mara, *values))
    assert "From 24 Dec 2029 the level was 8.86, before that 5.14." in page


def test_of_yes_and_no_limits_and_lines_are_not_told(desk, mara):
    question = counted(mara, *[0, 1] * 6, kind="YES_NO")
    APhase(client=mara, on=question.from_on + 6 * DAY)
    page = figures(desk, question)
    assert "Of yes and no, limits, lines and levels are not told." in page
    assert "The limits rest" not in page
    assert "In 9 of 36 pairs" in page


def test_a_plan_that_is_over_is_still_read_and_a_new_one_begins_beside_it(desk, mara):
    question = counted(mara, 1, 2, 3)
    desk.post(of(mara, "end/"))
    page = said(desk.get(of(mara)))
    assert "Nothing is asked each day any more." in page
    assert "Begin anew" in page
    desk.post(of(mara, "reopen/"))
    assert DailyPlan.objects.get().ended_at is None
    desk.post(of(mara, "end/"))
    with time.at(NOW + timedelta(minutes=1)):
        desk.post(of(mara, "begin/"), {"from_on": TODAY.isoformat()})
        assert "Asked at other times" in said(desk.get(of(mara)))
        assert "Steps" in said(desk.get(f"{of(mara)}?plan={question.plan_id}"))
        assert desk.get(f"{of(mara)}?plan=nonsense").status_code == 200


def test_a_question_is_dropped_and_brought_back(desk, mara):
    question = counted(mara, 1, 2, 3)
    with time.at(NOW):
        ADailyEntry(plan=question.plan, on=TODAY, kept_at=NOW)
    desk.post(of(mara, f"questions/{question.pk}/drop/"))
    page = said(desk.get(of(mara)))
    assert "It is asked no more." in page
    desk.post(of(mara, f"questions/{question.pk}/again/"))
    assert DailyQuestion.objects.get().ended_on is None


def test_a_phase_is_marked_taken_away_and_brought_back(desk, mara):
    given = {"letter": "B", "on": TODAY.isoformat(), "words": "Going outside"}
    assert desk.post(of(mara).replace("diary/", "phases/add/"), given).status_code == 302
    assert "B Going outside" in said(desk.get(of(mara)))
    again = desk.post(of(mara).replace("diary/", "phases/add/"), given)
    assert "Another phase begins on this day." in said(again, 422)
    phase = Phase.objects.get()
    desk.post(of(mara).replace("diary/", f"phases/{phase.pk}/remove/"))
    assert "The phase was taken away." in said(desk.get(of(mara)))
    desk.post(of(mara).replace("diary/", f"phases/{phase.pk}/back/"))
    assert "B Going outside" in said(desk.get(of(mara)))


def test_a_question_of_another_client_is_not_there(desk, ana, mara):
    question = counted(ClientOf(care_team=[ana]), 1)
    assert desk.get(of(mara, f"questions/{question.pk}/")).status_code == 404


def test_ratings_there_are_can_be_asked_each_day_too(desk, ana, mara):
    scale = {"scale": "0-10", "better": "higher", "low_words": "", "high_words": ""}
    items.set_items(by=ana.account, client=mara, kind="RATINGS", items=[{"text": "Hope"}],
                    said=scale, language="en", now=NOW)  # fmt: skip
    ADailyPlan(client=mara)
    assert "One thing is rated now and then already." in said(desk.get(of(mara)))
    desk.post(of(mara, "take-over/"))
    assert "Hope" in said(desk.get(of(mara)))


def test_phases_are_compared_on_the_page_of_a_questionnaire_too(desk, mara):
    for n, total in enumerate((20, 18, 19, 20, 17, 12, 11, 19, 10, 9)):
        sheet = ASheet(client=mara, answered_at=NOW - (10 - n) * 7 * DAY)
        AScore(sheet=sheet, total=total, total_rounded=total, band="moderate")
    address = f"/desk/clients/{mara.pk}/course/phq-9/"
    assert "Phases beside each other" not in said(desk.get(address))
    APhase(client=mara, on=TODAY - 35 * DAY)
    page = said(desk.get(address))
    # lower is better: 12, 11, 10 and 9 are below all five; 19 is below 20 twice and equal once
    assert "In 22 of 25 pairs of days, the day of B was better" in page
    assert "22.5 / 25 = 0.9" in page
    assert "How it moved in A" in page


# The portal -------------------------------------------------------------------------------


def test_today_is_answered_on_one_screen_and_changed(portal, mara):
    question = counted(mara, 5, kind="RATING")
    assert "Answer for today" in said(portal.get("/portal/"))
    form = sent(portal)
    answer = portal.post(PORTAL, {**form, str(question.pk): "7"})
    assert answer.headers["Location"] == f"{PORTAL}?day={TODAY}"
    page = portal.get(PORTAL)
    assert "You have answered this. You can still change it." in said(page)
    assert re.search(r'value="7"[^>]*checked', page.content.decode())
    assert "Answered for today" in said(portal.get("/portal/"))
    portal.post(PORTAL, {**sent(portal), str(question.pk): "6"})
    portal.post(PORTAL, {**form, str(question.pk): "7"})  # the first form once more
    standing = DailyEntry.objects.get(on=TODAY, replaced_by=None)
    assert standing.answers == {str(question.pk): 6}


def test_not_this_time_is_an_answer_and_nothing_at_all_is_none(portal, mara):
    counted(mara, 5)
    answer = portal.post(PORTAL, sent(portal))
    assert "Nothing was chosen." in said(answer, 422)
    portal.post(PORTAL, {**sent(portal), "none": "on"})
    assert DailyEntry.objects.get(on=TODAY).answers == {}
    assert "You said: not this time." in said(portal.get(PORTAL))


def test_yesterday_is_offered_until_noon(portal, mara):
    question = counted(mara, None)
    yesterday = TODAY - DAY
    page = portal.get(f"{PORTAL}?day={yesterday}")
    assert "Yesterday can be filled in until 12:00." in said(page)
    form = sent(portal, page)
    assert form["on"] == yesterday.isoformat()
    with time.at(datetime(2030, 1, 7, 12, 0, tzinfo=UTC)):
        noon = inside(Account.objects.get(pk=mara.account.pk), "portal")
        assert "Yesterday" not in said(noon.get(PORTAL))
        late = noon.post(PORTAL, {**form, str(question.pk): "4"})
        assert "This day is closed." in said(late, 422)
        assert 'value="4"' in late.content.decode()
        assert sent(noon, late)["on"] == TODAY.isoformat()  # pressed again, it is today's
    portal.post(PORTAL, {**form, str(question.pk): "4"})
    assert DailyEntry.objects.get().on == yesterday


def test_what_cannot_be_an_answer_stands_at_its_question(portal, mara):
    question = counted(mara, None)
    for wrong in ("-1", "1000", "many"):
        answer = portal.post(PORTAL, {**sent(portal), str(question.pk): wrong})
        assert answer.status_code == 422
        assert "field__errors" in answer.content.decode()
    for form in ({}, {"on": "x", "slot": "y", "sent": "z"}):
        assert portal.post(PORTAL, form).status_code == 422
    assert not DailyEntry.objects.exists()


def test_several_times_of_a_day_follow_each_other(portal, mara):
    question = counted(mara, a_day=2, times=["morning", "evening"])
    form = sent(portal)
    assert form["slot"] == "0"
    portal.post(PORTAL, {**form, str(question.pk): "4"})
    page = portal.get(PORTAL)
    assert sent(portal, page)["slot"] == "1"
    assert "answered: morning" in said(page)
    assert sent(portal, portal.get(f"{PORTAL}?time=0"))["slot"] == "0"


def test_it_is_ended_at_any_time_and_the_clinician_sees_that(portal, desk, mara):
    counted(mara, 5, 6)
    portal.post(f"{PORTAL}stop/")
    page = said(portal.get(PORTAL))
    assert "You ended this." in page
    assert "The last weeks" in page
    assert "The client ended this." in said(desk.get(of(mara)))
    assert "Day by day" not in said(portal.get("/portal/"))
    portal.post(f"{PORTAL}stop/")
    assert "You are not asked any more." in said(portal.get(PORTAL))
    portal.post(f"{PORTAL}go-on/")
    assert "Keep" in said(portal.get(PORTAL))


def test_before_it_begins_and_without_a_question_the_page_says_so(portal, mara):
    assert "You are not asked anything each day now." in said(portal.get(PORTAL))
    plan = ADailyPlan(client=mara, from_on=TODAY + DAY)
    assert "It begins on 8 Jan 2030." in said(portal.get(PORTAL))
    DailyPlan.objects.filter(pk=plan.pk).update(from_on=TODAY)
    assert "Nothing is asked on this day yet." in said(portal.get(PORTAL))


def test_the_picture_of_the_last_weeks_has_no_statistics(portal, mara):
    counted(mara, *range(1, 9))
    page = portal.get(PORTAL)
    assert "The last weeks" in said(page)
    assert dots(portal, PORTAL) == (8, 7)
    for word in ("inertia", "MSSD", "NAP", "phase begins"):
        assert word not in said(page)


# Pauses -----------------------------------------------------------------------------------


def pause(browser, client, since, back=None):
    given = {"from_on": since.isoformat(), "back_on": back.isoformat() if back else ""}
    return browser.post(of(client, "pause/"), given)


def test_days_of_a_pause_are_drawn_said_and_not_missed(desk, portal, mara):
    question = counted(mara, 3, 4, None, None, 5, 6)
    since = question.from_on + 2 * DAY
    for address in (of(mara), of(mara, f"questions/{question.pk}/")):
        page = desk.get(address)
        assert "4 of 6 times were answered." in said(page)
        assert "<title>Paused" not in page.text
    answer = pause(desk, mara, since, since + 2 * DAY)
    assert answer.headers["Location"] == of(mara, "#pauses")
    assert "These days are paused." in said(desk.get(of(mara)))
    for browser, address in ((desk, of(mara)), (desk, of(mara, f"questions/{question.pk}/")),
                             (portal, PORTAL)):  # fmt: skip
        page = browser.get(address)
        assert "4 of 4 times were answered." in said(page) or browser is portal
        assert page.text.count("<title>Paused: 3 Jan 2030 to 4 Jan 2030</title>") >= 2
        assert "3 Jan 2030 to 4 Jan 2030 – paused, nothing was asked" in said(page)
        assert "5 Jan 2030 5 5 after a pause" in said(page)
        assert dots(browser, address) == (4, 2)  # no line leads over it


def test_a_pause_that_lasts_is_drawn_until_today_and_ended_by_hand(desk, portal, mara):
    counted(mara, 3, 4, None, None)
    pause(desk, mara, TODAY - 2 * DAY)
    page = desk.get(of(mara))
    assert "<title>Paused: from 5 Jan 2030 on</title>" in page.text
    assert "from 5 Jan 2030 until somebody goes on" in said(page)
    assert "2 of 2 times were answered." in said(page)
    assert "It is paused. Nothing is asked until somebody goes on." in said(portal.get(PORTAL))
    assert "Answer for today" not in said(portal.get("/portal/"))
    go_on = re.search(r'action="([^"]*/go-on/)"', page.text)[1]
    desk.post(go_on)
    page = desk.get(of(mara))
    assert "It is asked again from today on." in said(page)
    assert "Answer for today" in said(portal.get("/portal/"))
    undo = re.search(r'<form method="post" action="([^"]*)" class="alert undo">(.*?)</form>',
                     page.text, re.S)  # fmt: skip
    fields = dict(re.findall(r'name="(from_on|back_on)" value="([^"]*)"', undo[2]))
    desk.post(undo[1], fields)
    assert "It is paused." in said(portal.get(PORTAL))


def test_a_pause_to_come_is_told_and_one_with_an_end_says_when_it_goes_on(desk, portal, mara):
    counted(mara, 3)
    pause(desk, mara, TODAY, TODAY + 5 * DAY)
    with time.at(datetime(2030, 1, 7, 13, 0, tzinfo=UTC)):
        page = said(inside(Account.objects.get(pk=mara.account.pk), "portal").get(PORTAL))
    assert "It is paused. It is asked again from 12 Jan 2030 on." in page
    pause(desk, mara, TODAY + 20 * DAY)
    page = desk.get(of(mara))
    assert "Do not pause" in said(page)
    desk.post(re.findall(r'action="([^"]*/go-on/)"', page.text)[-1])
    page = desk.get(of(mara))
    assert "The pause was taken away." in said(page)
    desk.post(re.search(r'action="([^"]*/back/)"', page.text)[1])
    assert "Do not pause" in said(desk.get(of(mara)))


def test_a_pause_is_taken_away_and_what_cannot_be_stands_at_its_field(desk, mara):
    counted(mara, None, None, None)
    answer = pause(desk, mara, TODAY - 9 * DAY)
    assert "Choose a day since the first that was asked" in said(answer, 422)
    pause(desk, mara, TODAY - 2 * DAY, TODAY - DAY)
    assert "A day of these is paused already." in said(pause(desk, mara, TODAY - 3 * DAY), 422)
    page = desk.get(of(mara))
    desk.post(re.search(r'action="([^"]*/remove/)"', page.text)[1])
    page = desk.get(of(mara))
    assert "Nothing is paused." in said(page)
    back = re.search(r'action="([^"]*/back/)"', page.text)[1]
    pause(desk, mara, TODAY - 2 * DAY)
    desk.post(back)
    assert "A day of these is paused already." in said(desk.get(of(mara)))


def test_limits_take_no_difference_and_run_on_over_no_pause(desk, mara):
    question = counted(mara, 10, 12, 11, None, None, 21, 20, 22)
    pause(desk, mara, question.from_on + 3 * DAY, question.from_on + 5 * DAY)
    page = figures(desk, question)
    # |12-10|, |11-12|, |20-21|, |22-20|, and not |21-11|
    assert "mean difference of successive days 1.5" in page
    assert "over a day without an answer no difference is taken" in page
