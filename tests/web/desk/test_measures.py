"""The desk's pages about measures: what waits, asking, entering, and the arithmetic opened."""

import re

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.progress.measures import actions
from rapport.progress.models import Ask, Asked, Sheet
from tests.factories import (
    AnAccount,
    AnAsked,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague(legal_name="Ana Ortiz")


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def at(mara, path=""):
    return f"/desk/clients/{mara.pk}/measures/{path}"


def ask(desk, mara, **given):
    said = {"instruments": ["phq-9"], "when": "NOW", "way": "LINK", "hours_before": "24"} | given
    return desk.post(at(mara, "ask/"), said)


def entered(desk, mara, answers=None, instrument="phq-9", **given):
    answers = {str(n): "1" for n in range(1, 10)} if answers is None else answers
    said = {"source": "PAPER", "answered_on": time.today().isoformat()} | given
    said |= {f"item-{key}": value for key, value in answers.items()}
    return desk.post(at(mara, f"enter/?instrument={instrument}"), said)


def test_a_link_is_shown_once_with_a_picture_and_opens_the_questions(desk, mara):
    shown = ask(desk, mara, instruments=["phq-9", "gad-7"]).content.decode()
    assert shown.count("data:image/svg+xml") == 1
    assert "PHQ-9, GAD-7" in shown and "one after the other" in shown
    link = shown.split('value="http://testserver')[1].split('"')[0]
    assert desk.get(link).status_code == 200
    waits = desk.get(at(mara)).content.decode()
    assert "PHQ-9" in waits and "GAD-7" in waits and "/m/" not in waits


def test_what_cannot_be_asked_stands_at_its_field_and_nothing_is_lost(desk, mara):
    AnAsked(client=mara, expires_at=time.now() + time.timedelta(days=1))
    for given, says in (
        ({}, "still waits"),
        ({"instruments": []}, "field is required"),
        ({"instruments": ["no-such"]}, "not one of"),
        ({"way": "PORTAL"}, "not one of"),
        ({"when": "NEVER"}, "not one of"),
        ({"when": "EACH", "hours_before": "25"}, "not one of"),
    ):
        answer = ask(desk, mara, **given)
        assert answer.status_code == 422, given
        assert says in answer.content.decode(), given
    assert Asked.objects.count() == 1 and not Ask.objects.exists()


def test_before_each_session_is_set_and_ended(desk, mara):
    assert ask(desk, mara, when="EACH", hours_before="48").status_code == 302
    rule = Ask.objects.get()
    assert (rule.instrument, rule.hours_before, Asked.objects.count()) == ("phq-9", 48, 0)
    assert "48 hours before" in desk.get(at(mara)).content.decode()

    desk.post(at(mara, f"rules/{rule.pk}/end/"))
    assert "48 hours before" not in desk.get(at(mara)).content.decode()


def test_at_regular_intervals_is_set_asked_and_ended(desk, mara):
    assert ask(desk, mara, when="DAYS", every_days="14").status_code == 302
    rule = Ask.objects.get()
    assert "every 14 days" in desk.get(at(mara)).content.decode()
    assert ask(desk, mara, when="DAYS", every_days="3").status_code == 422

    desk.post(at(mara, f"rules/{rule.pk}/end/"))
    assert "every 14 days" not in desk.get(at(mara)).content.decode()


def test_in_the_portal_it_stands_under_one_thing_to_do(ana, desk):
    account = AnAccount(realm="PORTAL")
    noa = ClientOf(care_team=[ana], account=account)
    assert ask(desk, noa, way="PORTAL").status_code == 302
    asked, portal = Asked.objects.get(), inside(account, "portal")

    assert "One thing to do" in portal.get("/portal/").content.decode()
    start = f"/portal/measures/{asked.pk}/"
    assert portal.get(start).status_code == 200
    assert portal.post(start).headers["Location"] == f"{start}1/"
    for number in range(1, 11):
        portal.post(f"{start}{number}/", {"answer": "1", "version": "1"})
    thanks = portal.post(f"{start}check/", {"version": "1"}).content.decode()
    assert "risk-box" in thanks and "To my page" in thanks
    assert "One thing to do" not in portal.get("/portal/").content.decode()
    looks = portal.get("/portal/looks/").content.decode()
    assert looks.count("handed answers in") == 1 and "used it" not in looks


def test_what_waits_and_what_was_answered_write_their_days_alike(desk, mara):
    ask(desk, mara), entered(desk, mara)
    page = desk.get(at(mara)).content.decode()
    assert "open until" in page and "Answered" in page
    assert not re.search(r"\d\d/\d\d/\d{4}", page)


def test_in_the_portal_one_goes_on_to_what_else_waits(ana, desk):
    account = AnAccount(realm="PORTAL")
    noa = ClientOf(care_team=[ana], account=account)
    ask(desk, noa, way="PORTAL", instruments=["gad-2", "phq-2"])
    portal = inside(account, "portal")
    first, second = Asked.objects.order_by("part")

    start = f"/portal/measures/{first.pk}/"
    assert "After them one more set of questions waits." in portal.get(start).content.decode()
    portal.post(f"{start}1/", {"answer": "1", "version": "1"})
    thanks = portal.post(f"{start}check/", {"version": "1"}).content.decode()
    assert f'action="/portal/measures/{second.pk}/"' in thanks and "To my page" in thanks


def test_another_client_of_the_portal_finds_nothing(ana):
    asked = AnAsked(client=ClientOf(care_team=[ana]), way="PORTAL")
    account = AnAccount(realm="PORTAL")
    ClientOf(account=account)
    portal = inside(account, "portal")
    for path in ("", "1/", "check/"):
        assert portal.get(f"/portal/measures/{asked.pk}/{path}").status_code == 404
        assert portal.post(f"/portal/measures/{asked.pk}/{path}").status_code == 404


def test_a_new_link_and_withdrawing(desk, mara):
    ask(desk, mara)
    asked = Asked.objects.get()
    again = desk.post(at(mara, f"asked/{asked.pk}/link/"))
    assert b"data:image/svg+xml" in again.content

    desk.post(at(mara, f"asked/{asked.pk}/withdraw/"))
    asked.refresh_from_db()
    assert asked.state == "WITHDRAWN"
    for path in ("link/", "withdraw/"):
        assert desk.post(at(mara, f"asked/{asked.pk}/{path}")).status_code == 302
    assert "withdrawn before" in desk.get(at(mara)).content.decode()


def test_another_clients_row_is_not_there_under_this_client(ana, desk, mara):
    theirs = AnAsked(client=ClientOf(care_team=[ana]))
    for path in ("link/", "withdraw/"):
        assert desk.post(at(mara, f"asked/{theirs.pk}/{path}")).status_code == 404


def test_paper_is_entered_and_its_arithmetic_opens(desk, mara):
    answers = {"1": "3", "2": "3", "3": "2", "4": "1", "5": "0", "6": "1", "7": "1", "8": "1"}
    where = entered(desk, mara, answers).headers["Location"]
    page = desk.get(where).content.decode()

    assert "PHQ-9: 14, moderate (prorated)" in page  # 12 x 9 / 8 = 13.5, half goes up
    for words in ("12 × 9 ÷ 8 = 13.5", "3 + 3 + 2 + 1 + 0 + 1 + 1 + 1", "10–14 Moderate",
                  "10 or more", "reached", "Kroenke, Spitzer", "question 9, answer &gt;= 1",
                  "nobody knows", "Pfizer", "More than half the days", "entered by Ana Ortiz",
                  "not counted"):  # fmt: skip
        assert words in page, words
    entry = AuditEntry.objects.filter(verb="measure.read").latest("number")
    assert entry.about == mara.pk


def test_what_was_left_open_on_paper_is_named_once_it_is_saved(desk, mara):
    answers = {str(n): "1" for n in range(1, 10)}
    page = desk.get(entered(desk, mara, answers | {"3": ""}).headers["Location"]).content.decode()
    assert "Saved. Without an answer: 3, 10. If one was missed, correct it." in page

    where = entered(desk, mara, answers | {"10": "0"}).headers["Location"]
    assert "Without an answer" not in desk.get(where).content.decode()
    page = desk.get(desk.post(f"{where}correct/", {"item-1": "2"}).headers["Location"])
    assert "Without an answer: 2, 3, 4, 5, 6, 7, 8, 9, 10." in page.content.decode()

    never = {"1": "0"}  # never drinks: how much is not asked
    where = entered(desk, mara, never, instrument="audit-c", **{"fact-sex": "male"})
    assert "Without an answer" not in desk.get(where.headers["Location"]).content.decode()
    men = {str(n): "1" for n in range(1, 16) if n != 4}  # question 4 is not for them
    where = entered(desk, mara, men, instrument="phq-15", **{"fact-sex": "male"})
    assert "Without an answer" not in desk.get(where.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answers": {"3": "4"}}, "item-3"),
        ({"answers": {"3": "often"}}, "item-3"),
        ({"answers": {"3": ["1", "2"]}}, "item-3"),
        ({"answers": {"12": "1"}}, None),
        ({"answers": {}}, None),
        ({"answered_on": "2199-01-01"}, "answered_on"),
        ({"answered_on": "9999-12-31"}, "answered_on"),
        ({"answered_on": "0001-01-01", "sure": "0001-01-01"}, "answered_on"),
        ({"answered_on": "yesterday"}, "answered_on"),
        ({"source": "CLIENT"}, "source"),
        ({"source": ""}, "source"),
    ],
)
def test_what_cannot_stand_on_paper_is_said_at_its_place(desk, mara, given, field):
    answer = entered(desk, mara, **{"answers": {"1": "2"}} | given)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Sheet.objects.exists()
    assert 'role="alert"' in page
    if field:
        assert f'id="id_{field}_error"' in page
    if given.get("answers") != {} and "answers" not in given:
        assert 'name="item-1" value="2"' in page and "checked" in page


def test_a_day_long_ago_is_asked_about_once_and_then_taken(desk, mara):
    long_ago = (time.today() - time.timedelta(days=365)).isoformat()
    asked = entered(desk, mara, answered_on=long_ago)
    page = asked.content.decode()
    assert asked.status_code == 422 and not Sheet.objects.exists()
    assert "more than half a year ago" in page and 'id="id_answered_on_error"' in page
    assert f'name="sure" value="{long_ago}"' in page and 'name="item-1" value="1"' in page

    other = (time.today() - time.timedelta(days=730)).isoformat()
    assert entered(desk, mara, answered_on=other, sure=long_ago).status_code == 422
    assert entered(desk, mara, answered_on=long_ago, sure=long_ago).status_code == 302
    assert time.local(Sheet.objects.get().answered_at).date().isoformat() == long_ago


def test_the_same_answers_of_a_day_are_asked_about_once_and_then_taken(desk, mara):
    assert entered(desk, mara, {"1": "2"}).status_code == 302
    asked = entered(desk, mara, {"1": "2"})
    page = asked.content.decode()
    assert asked.status_code == 422 and Sheet.objects.count() == 1
    assert "on file already" in page and 'name="sure" value="twice"' in page

    assert entered(desk, mara, {"1": "1"}).status_code == 302
    assert entered(desk, mara, {"1": "2"}, source="INTERVIEW").status_code == 302
    yesterday = (time.today() - time.timedelta(days=1)).isoformat()
    assert entered(desk, mara, {"1": "2"}, answered_on=yesterday).status_code == 302
    assert entered(desk, mara, {"1": "2"}, sure="twice").status_code == 302
    assert Sheet.objects.count() == 5


def test_audit_c_is_entered_with_what_does_not_apply_and_the_sex(desk, mara):
    where = entered(
        desk, mara, {"1": "1", "2": "1", "3": "1"}, instrument="audit-c", **{"fact-sex": "female"}
    ).headers["Location"]
    page = desk.get(where).content.decode()
    assert "3 or more" in page and "Female" in page and "for comparison" in page


def test_an_instrument_that_is_not_there_leads_to_the_list(desk, mara):
    for name in ("", "no-such", "../x"):
        page = desk.get(at(mara, f"enter/?instrument={name}")).content.decode()
        assert "Which questionnaire?" in page


def test_a_correction_keeps_both_and_says_so_on_both(desk, mara):
    first = entered(desk, mara).headers["Location"]
    page = desk.get(f"{first}correct/").content.decode()
    assert 'name="item-1" value="1"' in page and "answered_on" not in page
    answers = {f"item-{n}": "0" for n in range(1, 10)}
    second = desk.post(f"{first}correct/", answers).headers["Location"]

    assert "counts no more" in desk.get(first).content.decode()
    assert "corrects an earlier one" in desk.get(second).content.decode()
    assert desk.get(f"{first}correct/").status_code == 302
    both = desk.get(at(mara)).content.decode()
    assert "PHQ-9</strong> 9, mild" in both and "corrected" in both
    assert "PHQ-9</strong> 0, minimal" in both


def test_change_is_told_with_whether_it_is_more_than_chance(desk, mara):
    for days, value in ((20, "2"), (10, "1"), (0, "1")):
        day = (time.today() - time.timedelta(days=days)).isoformat()
        entered(desk, mara, {str(n): value for n in range(1, 10)}, answered_on=day)
    page = desk.get(at(mara)).content.decode()
    assert "9 less than before, more than chance" in page
    assert "the same as before" in page


@pytest.mark.parametrize(
    ("before", "why"),
    [({"version": 9}, "another version of the form, not compared"),
     ({"language": "de"}, "asked in another language, not compared")],
)  # fmt: skip
def test_between_versions_or_languages_no_change_is_told_but_why(desk, mara, before, why):
    day = time.now() - time.timedelta(days=20)
    AScore(sheet=ASheet(client=mara, answered_at=day, **before), total=20, total_rounded=20)
    entered(desk, mara)
    for page in (at(mara), f"/desk/clients/{mara.pk}/"):
        shown = desk.get(page).content.decode()
        assert why in shown and "less than before" not in shown


def test_a_sheet_of_a_version_the_library_has_no_more_shows_its_answers(desk, mara):
    old = AScore(sheet=ASheet(client=mara, version=9)).sheet
    page = desk.get(f"/desk/measures/{old.pk}/").content.decode()
    assert "another version" in page and "Correct" not in page


def test_a_supervisor_reads_and_neither_asks_nor_corrects(ana, mara):
    sam = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ana)
    sheet = AScore(sheet=ASheet(client=mara)).sheet
    desk = inside(sam.account)
    assert not re.search(r"\bAsk\b", desk.get(at(mara)).content.decode().split("<main")[1])
    assert desk.get(f"/desk/measures/{sheet.pk}/").status_code == 200
    for path in (at(mara, "ask/"), at(mara, "enter/"), f"/desk/measures/{sheet.pk}/correct/"):
        assert desk.get(path).status_code == 404


def test_the_practices_hours_are_set_and_read_before_the_first_question(mara):
    olga = inside(Colleague(roles=["OWNER"]).account)
    olga.post("/desk/practice/edit/", {
        "name": "Practice by the river", "discreet_name": "", "hours": "Mo-Fr 9-17",
        "time_zone": "UTC", "country": "DE", "currency": "EUR", "locale": "en",
        "tablet_minutes": "3",
    })  # fmt: skip
    assert "Mo-Fr 9-17" in olga.get("/desk/practice/").content.decode()


def test_a_faulty_library_item_in_an_old_sheet_never_breaks_the_list(desk, mara):
    AScore(sheet=ASheet(client=mara, instrument="no-such", version=1))
    assert "no-such" in desk.get(at(mara)).content.decode()
    assert actions.Closed  # the page answers whatever the library has become
