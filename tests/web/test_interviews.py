"""An interview at the desk: asked question by question, left, gone on with, handed in once."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.policy import Denied
from rapport.progress.measures import actions, interviewing, kiosk, queries
from rapport.progress.measures import left as looking
from rapport.progress.models import Alert, Asked, Sheet
from rapport.progress.own import actions as own
from rapport.web import measures
from tests.factories import NOW, AnAccount, AnAsked, APractice, ClientOf, Colleague
from tests.progress.held_here import built, question
from tests.progress.test_own import licensed, words_for
from tests.progress.tested_here import planned
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

YES_NO = [[0, "no"], [1, "yes"]]


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague(roles=["OWNER", "CLINICIAN"])


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], account=AnAccount(realm="PORTAL"), legal_name="Mara Kern")


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def form(ana):
    """Nights? If so, how bad (counts, at 8 an alert). In the client's words. Days, of 0 to 10."""
    return built(
        ana.account,
        question(kind="choice", text="Any bad nights?", answers=YES_NO, counts=False),
        question(text="How bad were they?", ask_if=["1", ">=", 1], alert=8),
        question(kind="text", text="What kept you awake?", counts=False),
        question(text="How were the days?"),
        missing=0,
    )


def begin(desk, mara, name):
    at = f"/desk/clients/{mara.pk}/measures/interview/"
    answer = desk.post(at, {"instrument": name})
    assert answer.status_code == 302, answer.content.decode()[:300]
    return answer.headers["Location"]


def tap(desk, page, answer, step):
    return desk.post(page, {"answer": answer, "step": step, "version": 1})


def seen(desk, page):
    answer = desk.get(page, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_question_that_is_not_for_them_never_shows_nor_counts(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    assert "Any bad nights?" in seen(desk, at)
    assert tap(desk, f"{at}1/", "1", "1").headers["Location"] == f"{at}2/"
    assert tap(desk, f"{at}2/", "9", "2").headers["Location"] == f"{at}3/"
    assert "An answer calls for a look at safety" in seen(desk, f"{at}3/")
    assert tap(desk, f"{at}1/", "0", "1").headers["Location"] == f"{at}2/"  # it was a slip

    page = seen(desk, f"{at}2/")
    assert "What kept you awake?" in page and "look at safety" not in page
    tap(desk, f"{at}2/", "the street", "3")
    assert tap(desk, f"{at}3/", "4", "4").headers["Location"] == f"{at}check/"
    page = seen(desk, f"{at}check/")
    assert "How bad were they?" not in page and "the street" in page and ">no<" in page

    asked = Asked.objects.get()
    later = NOW + timedelta(hours=1)
    assert looking.look_after(by=looking.BY, asked=asked, now=later) == []
    done = desk.post(f"{at}check/", {"version": 1})
    sheet = Sheet.objects.select_related("score").get()
    assert done.headers["Location"] == f"/desk/measures/{sheet.pk}/"
    assert (sheet.source, sheet.entered_by_id) == ("INTERVIEW", ana.account.pk)
    assert sheet.answers == {"1": 0, "2": None, "3": "the street", "4": 4}
    assert sheet.score.total_rounded == 4 and not Alert.objects.exists()
    assert "asked by the clinician" in seen(desk, done.headers["Location"])


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked(desk, ana, mara):
    form = built(
        ana.account,
        question(text="Drinks a day"),
        question(text="Of these alone", ask_if=["1", ">=", 2]),
        question(text="Of these at work", ask_if=["2", ">=", 1]),
        missing=0,
    )
    at = begin(desk, mara, form.code)
    assert tap(desk, f"{at}1/", "1", "1").headers["Location"] == f"{at}check/"
    desk.post(f"{at}check/", {"version": 1})
    assert Sheet.objects.get().score.total_rounded == 1


def test_it_is_left_and_gone_on_with_on_another_day_and_what_hides_comes_back(
    desk, ana, mara, form
):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "1", "1")
    tap(desk, f"{at}2/", "3", "2")
    tap(desk, f"{at}1/", "0", "1")
    with time.at(NOW + timedelta(days=100)):
        desk = inside(ana.account)
        measures = seen(desk, f"/desk/clients/{mara.pk}/measures/")
        assert "in an interview" in measures and "Go on" in measures
        assert "The time for these questions is over" in desk.get(at).content.decode()
        assert begin(desk, mara, form.code) == at
        assert "What kept you awake?" in seen(desk, at)
        tap(desk, f"{at}1/", "1", "1")
        assert "What kept you awake?" in seen(desk, at)  # how bad they were is known
    assert Asked.objects.get().draft["answers"] == {"1": 1, "2": 3}


def test_handed_in_twice_it_is_one_sheet_and_a_late_answer_is_told_of(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "0", "1")
    first, again = (desk.post(f"{at}check/", {"version": 1}) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    with time.at(NOW + timedelta(hours=2)):
        desk = inside(ana.account)
        third = desk.post(f"{at}check/", {"version": 1})
        assert third.headers["Location"] == first.headers["Location"]
        late = tap(desk, f"{at}1/", "1", "1")
        assert "This answer was not kept" in seen(desk, late.headers["Location"])
        assert Sheet.objects.get().answers["1"] == 0
        assert begin(desk, mara, form.code) != at  # the next time it is a new one


def test_an_answer_from_another_tab_stands_at_its_own_question(desk, mara, form):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "1", "1")
    tap(desk, f"{at}1/", "0", "1")  # elsewhere: the second question is another one now
    gone = tap(desk, f"{at}2/", "5", "2")
    assert gone.headers["Location"] == f"{at}2/"
    tap(desk, f"{at}4/", "6", "4")
    assert Asked.objects.get().draft["answers"] == {"1": 0, "4": 6}


def test_a_risky_answer_raises_the_alert_handed_in_or_left(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "1", "1")
    tap(desk, f"{at}2/", "9", "2")
    asked = Asked.objects.get()
    (alert,) = looking.look_after(by=looking.BY, asked=asked, now=NOW + timedelta(hours=1))
    with time.at(NOW + timedelta(hours=2)):
        inside(ana.account).post(f"{at}check/", {"version": 1})
    assert Alert.objects.get() == alert
    alert.refresh_from_db()
    assert alert.sheet == Sheet.objects.get()


def test_a_new_version_of_the_form_leaves_what_was_begun_as_it_is(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "1", "1")
    form.refresh_from_db()
    form.draft = {**form.draft, "title": "Nights, anew"}
    form.save(update_fields=["draft"])
    own.publish(by=ana.account, form=form, now=NOW)

    assert begin(desk, mara, form.code) == at
    assert "How bad were they?" in seen(desk, at)


def test_as_many_questions_are_marked_open_as_are_counted(desk, mara, form):
    """What may stay empty is not open: words, and what is asked about the person."""
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "0", "1")
    page = seen(desk, f"{at}check/")  # words, and how the days were, were not answered
    assert "One question is still open." in page and page.count(">open<") == 1
    assert page.count("no answer; it needs none") == 1

    at = begin(desk, mara, "audit-c")
    for number in (1, 2, 3):
        tap(desk, f"{at}{number}/", "1", str(number))
    page = seen(desk, f"{at}check/")
    assert "still open" not in page and ">open<" not in page
    assert "Healthy limits differ" in page and page.count("no answer; it needs none") == 1


def test_a_note_stands_beside_its_answer_from_the_question_to_the_sheet(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    desk.post(f"{at}1/", {"answer": "1", "step": "1", "version": 1, "note": "Hesitated."})
    desk.post(f"{at}2/", {"answer": "3", "step": "2", "version": 1, "note": "Wept <b>long</b>."})
    noted = {"go": "on", "step": "4", "version": 1, "note": "Would not say."}
    assert desk.post(f"{at}4/", noted).headers["Location"] == f"{at}5/"
    assert "Hesitated." in seen(desk, f"{at}1/")
    page = seen(desk, f"{at}check/")
    assert "Hesitated." in page and "Wept &lt;b&gt;long" in page and "Would not say." in page
    raw = Asked.objects.values_list("draft", flat=True).get().raw
    assert b"Hesitated" not in raw

    tap(desk, f"{at}1/", "0", "1")  # how bad they were is not asked: nor is the note to it read
    assert "Wept" not in seen(desk, f"{at}check/")
    desk.post(f"{at}check/", {"version": 1})
    sheet = Sheet.objects.select_related("score").get()
    assert sheet.notes == {"1": "Hesitated.", "4": "Would not say."}
    assert sheet.answers == {"1": 0, "2": None, "3": None, "4": None}
    page = seen(desk, f"/desk/measures/{sheet.pk}/")
    assert "Hesitated." in page and "Would not say." in page
    assert b"Hesitated" not in Sheet.objects.values_list("notes", flat=True).get().raw

    again = {f"item-{n}": "" for n in "234"} | {"item-1": "1"}
    assert desk.post(f"/desk/measures/{sheet.pk}/correct/", again).status_code == 302
    assert sheet.pk and Sheet.objects.get(replaced_by=None).notes == sheet.notes


@pytest.mark.parametrize(
    ("go", "leads"),
    [("stay", "2/"), ("back", "1/"), ("on", "3/"), ("all", "check/"), ("leave", "../../")],
)
def test_whichever_button_is_pressed_a_note_is_kept(desk, mara, form, go, leads):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "1", "1")
    sent = desk.post(f"{at}2/", {"go": go, "step": "2", "version": 1, "note": "Hesitated."})
    wanted = f"/desk/clients/{mara.pk}/measures/" if go == "leave" else f"{at}{leads}"
    assert sent.headers["Location"] == wanted
    assert Asked.objects.get().draft["notes"] == {"2": "Hesitated."}

    page = seen(desk, f"{at}2/")
    assert 'name="noted" value="Hesitated."' in page
    other_tab = {"answer": "3", "step": "2", "version": 1, "note": "", "noted": ""}
    desk.post(f"{at}2/", other_tab)  # it was opened before there was a note
    assert Asked.objects.get().draft["notes"] == {"2": "Hesitated."}
    lines = other_tab | {"note": "Hesitated.\r\nThen wept.", "noted": "Hesitated."}
    desk.post(f"{at}2/", lines)
    assert Asked.objects.get().draft["notes"] == {"2": "Hesitated.\nThen wept."}
    desk.post(f"{at}2/", other_tab | {"noted": "Hesitated.\r\nThen wept."})  # taken away
    assert Asked.objects.get().draft["notes"] == {}


def test_words_that_were_typed_are_kept_on_the_way_back(desk, mara, form):
    at = begin(desk, mara, form.code)
    tap(desk, f"{at}1/", "0", "1")
    sent = {"go": "back", "step": "3", "version": 1, "answer": "the street", "note": "Smiled."}
    assert desk.post(f"{at}2/", sent).headers["Location"] == f"{at}1/"
    draft = Asked.objects.get().draft
    assert (draft["answers"]["3"], draft["notes"]) == ("the street", {"3": "Smiled."})


@pytest.mark.parametrize("note", ["x" * 501, "with\0nothing"], ids=["long", "odd"])
def test_a_note_that_cannot_be_kept_stays_on_the_page(desk, mara, form, note):
    at = begin(desk, mara, form.code)
    sent = {"answer": "1", "step": "1", "version": 1, "note": note}
    refused = desk.post(f"{at}1/", sent)
    assert refused.status_code == 422 and note[:4] in refused.content.decode()
    assert Asked.objects.get().draft == {}


def test_a_note_is_no_business_of_others_and_none_without_an_interview(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    asked, ben = Asked.objects.get(), Colleague()
    sent = {"go": "stay", "step": "1", "version": 1, "note": "Hesitated."}
    assert inside(ben.account).post(f"{at}1/", sent).status_code == 404
    with pytest.raises(Denied):
        interviewing.note(by=ben.account, asked=asked, item="1", text="x", now=NOW)
    with pytest.raises(actions.CannotAnswer):
        interviewing.note(by=ana.account, asked=asked, item="sex", text="x", now=NOW)
    put = AnAsked(client=mara)
    with pytest.raises(Denied):
        interviewing.note(by=ana.account, asked=put, item="1", text="x", now=NOW)
    assert Asked.objects.get(pk=asked.pk).draft == {}


def test_nothing_at_all_is_not_handed_in(desk, mara, form):
    at = begin(desk, mara, form.code)
    answer = desk.post(f"{at}check/", {"version": 1})
    assert answer.status_code == 422
    assert "Answer at least one question." in answer.content.decode()


def test_what_cannot_be_begun_says_why(desk, mara):
    page = desk.post(f"/desk/clients/{mara.pk}/measures/interview/", {"instrument": "no-such"})
    assert page.status_code == 422 and "Choose from the list." in page.content.decode()
    assert not Asked.objects.exists()


def test_it_is_no_business_of_the_clients_nor_of_those_beside(desk, ana, mara, form):
    at = begin(desk, mara, form.code)
    asked = Asked.objects.get()
    ben, fay = Colleague(), Colleague(roles=["FRONT_DESK"])
    for other in (inside(ben.account), inside(fay.account)):
        for page in (at, f"{at}1/", f"{at}check/", f"/desk/clients/{mara.pk}/measures/interview/"):
            assert other.get(page).status_code == 404
        assert tap(other, f"{at}1/", "1", "1").status_code == 404
    portal = inside(mara.account, "portal")
    assert portal.get(f"/portal/measures/{asked.pk}/").status_code == 404
    assert kiosk.waiting(client=mara, now=NOW) == []
    assert queries.open_for(client=mara, now=NOW) == []
    assert Asked.objects.get().draft == {}

    put = AnAsked(client=mara)  # what is asked of the client is answered by nobody here
    assert desk.get(at.replace(str(asked.pk), str(put.pk))).status_code == 404
    jo = ClientOf(care_team=[ana])
    assert desk.get(at.replace(str(mara.pk), str(jo.pk))).status_code == 404


def test_from_the_plan_of_an_assessment(desk, ana, mara, form):
    plan = planned(mara, ana.account)
    page = f"/desk/clients/{mara.pk}/assessments/{plan.pk}/"
    sent = {"kind": "INTERVIEW", "instrument": form.code, "title": "", "minutes": "10"}
    assert desk.post(f"{page}add/", sent).status_code == 302
    assert "Ask in an interview" in seen(desk, page)
    at = begin(desk, mara, form.code)
    shown = seen(desk, page)
    assert "Go on" in shown and "Start the clock" in shown and ">Start<" not in shown
    tap(desk, f"{at}1/", "0", "1")
    desk.post(f"{at}check/", {"version": 1})
    assert "Ask in an interview" not in seen(desk, page)


SCREENER = "c-ssrs-screener"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"1": 1, "2": 1, "3": 1, "4": 0, "5": 0, "6_lifetime": 0}, "moderate risk"),
        ({"1": 1, "2": 1, "3": 0, "4": 1, "5": 0, "6_lifetime": 0}, "high risk"),
        ({"1": 1, "2": 0, "6_lifetime": 0}, "low risk"),
        ({"1": 0, "2": 0, "6_lifetime": 0}, "nothing it looks for was found"),
        ({"1": 0, "2": 1, "3": 0, "5": 0, "6_lifetime": 0}, "cannot be said"),
    ],
    ids=["moderate", "high", "low", "none", "open"],
)  # fmt: skip
def test_what_is_sorted_and_not_added_up_says_its_risk_and_its_answers_in_words(
    desk, ana, mara, answers, says
):
    olga = Colleague(roles=["OWNER"])
    words = words_for(SCREENER) | {"answers": {"set-1": ["no", "yes"]}}
    licensed(olga.account, SCREENER, **words)
    sheet = actions.enter(
        by=ana.account, client=mara, instrument=SCREENER, version=101, source="INTERVIEW",
        answers=answers, facts={}, answered_on=NOW.date(), now=NOW,
    )  # fmt: skip

    text = desk.get(f"/desk/measures/{sheet.pk}/").content.decode()
    assert f"{SHORT}: {says}" in text
    assert "it has no score" not in text and "not counted" not in text
    assert "6. Question 6_lifetime" in text and "question 6, answer “yes”" in text
    assert says in desk.get(f"/desk/clients/{mara.pk}/measures/").content.decode()
    for alert in Alert.objects.all():
        page = desk.get(f"/desk/alerts/{alert.pk}/").content.decode()
        assert ">yes<" in page and "1 · yes" not in page


def test_who_types_its_words_reads_which_part_of_a_question_is_meant(ana):
    address = f"/desk/practice/questionnaires/text/{SCREENER}/"
    page = inside(ana.account).get(address).content.decode()
    assert ">Item 5 " in page and ">Item 6, lifetime " in page
    assert ">Item 6, past 3 months " in page
    ana.account.language = "de"
    ana.account.save()
    assert "Item 6, letzte 3 Monate" in inside(ana.account).get(address).content.decode()


@pytest.mark.parametrize(
    ("key", "says"),
    [("6", "6"), ("1.4", "1.4"), ("2_past_month", "2, past month"), ("bed_time", "bed time")],
)
def test_an_items_key_is_never_shown_with_its_underscores(key, says):
    assert measures.numbered(key) == says


def test_what_was_left_open_on_paper_is_named_by_the_number_on_the_form(desk, ana, mara):
    licensed(ana.account, SCREENER, **words_for(SCREENER))
    given = {"source": "PAPER", "answered_on": NOW.date().isoformat()}
    given |= {f"item-{n}": "0" for n in (1, 2)}
    page = f"/desk/clients/{mara.pk}/measures/enter/?instrument={SCREENER}"
    shown = desk.post(page, given, follow=True).content.decode()
    assert "Without an answer: 6." in shown


def test_a_score_of_before_says_no_more_than_that_it_was_answered(desk, ana, mara):
    licensed(Colleague(roles=["OWNER"]).account, SCREENER, **words_for(SCREENER))
    sheet = actions.enter(
        by=ana.account, client=mara, instrument=SCREENER, version=101, source="INTERVIEW",
        answers={"1": 1}, facts={}, answered_on=NOW.date(), now=NOW,
    )  # fmt: skip
    type(sheet.score).of_all.filter(sheet=sheet).update(findings=None)
    text = desk.get(f"/desk/measures/{sheet.pk}/").content.decode()
    assert f"{SHORT}: answered" in text


SHORT = "C-SSRS screener"
