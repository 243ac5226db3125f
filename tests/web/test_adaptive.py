"""An adaptive test over the pages: typed in, asked, answered on a link, opened at the desk."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.core import time
from rapport.people.models import Account
from rapport.progress.adapting import actions, queries, rules
from rapport.progress.measures import asking, banks
from rapport.progress.models import AdaptiveTest, Alert, Asked, Sheet
from tests.factories import AnAccount, APractice, ClientOf, Colleague
from tests.progress.held_here import gone_through, licensed, words_of
from tests.science.adaptive import slow
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

BANK, RISK = "promis-depression", "EDDEP39"
ITEMS = banks.get(BANK).content.graded
THERE = "/desk/practice/questionnaires/text/promis-depression/"
LATER = timedelta(days=28)


@pytest.fixture
def olga():
    APractice(country="DE")
    return Colleague(roles=["OWNER", "CLINICIAN"], display_name="Olga")


@pytest.fixture
def desk(olga):
    return inside(olga.account)


@pytest.fixture
def mara(olga):
    return ClientOf(legal_name="Mara Lindgren", care_team=[olga])


@pytest.fixture
def typed(olga):
    licensed(olga.account, BANK, items=words_of(BANK), now=time.now())


def text(given):
    return given.content.decode()


def hidden(page, name):
    return re.search(f'name="{name}" value="([^"]*)"', page)[1]


def asked_on_page(desk, mara, **given):
    """The path of the link that the desk shows."""
    said = {"bank": BANK, "way": "LINK", "below_se": "0.3", "least": "4", "most": "12"} | given
    shown = text(desk.post(f"/desk/clients/{mara.pk}/measures/adaptive/", said))
    return re.search(r"http://testserver(/m/[^/\s\"<]+/)", shown)[1]


def say(page, address, answer):
    """Answer the question at ``address`` as its page would; where it leads."""
    shown = text(page.get(address))
    body = {"turn": hidden(shown, "turn"), "step": hidden(shown, "step"), "answer": answer}
    return page.post(address, body).headers["Location"]


def run(page, path, choose):
    """Answer from the first question to the last; the keys in the order asked, where it ends."""
    at, keys = page.post(path).headers["Location"], []
    while not at.endswith("/check/"):
        keys.append(hidden(text(page.get(at)), "step"))
        at = say(page, at, choose(keys))
    return keys, at


def test_a_run_over_the_page_asks_the_very_items_a_search_finds(desk, mara, typed):
    page, path, given = Browser(), asked_on_page(desk, mara), {}
    first = text(page.get(path))
    assert "At most 13 questions" in first

    def choose(keys):
        if keys[-1] == RISK:
            return "1"
        assert keys[-1] == slow.chosen(ITEMS, given, shut={RISK})
        given[keys[-1]] = len(keys) % 4
        return str(given[keys[-1]] + 1)

    keys, check = run(page, path, choose)
    assert keys[-1] == RISK and keys[:-1] == list(given)
    assert "Thank you" in text(page.post(check, {"version": "101"}))
    sheet = Sheet.objects.get()
    theta, _se = slow.estimate(ITEMS, given)
    assert sheet.score.total == pytest.approx(50 + 10 * theta, abs=1e-3)

    opened = text(desk.get(f"/desk/measures/{sheet.pk}/"))
    assert f"T score {sheet.score.total:.1f}" in opened and "Typed words EDDEP29" in opened
    assert "How this came about" in opened and "4.343" in opened  # a of EDDEP29
    course = text(desk.get(f"/desk/clients/{mara.pk}/course/{BANK}/"))
    assert "95 % interval" in course
    measures = text(desk.get(f"/desk/clients/{mara.pk}/measures/"))
    assert "PROMIS Depression, adaptive" in measures


def test_progress_is_said_in_words_and_without_a_share(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    at = page.post(path).headers["Location"]
    shown = text(page.get(at))
    assert "Question 1." in shown and "12 at most" in shown
    assert "<progress" not in shown and "%" not in re.sub(r"<[^>]*>", "", shown)
    assert shown.count('class="btn answer"') == 5


def test_one_back_and_no_further(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    first = page.post(path).headers["Location"]
    second = say(page, first, "1")
    third = say(page, second, "1")

    back = text(page.get(second))
    assert 'aria-pressed="true"' in back and "Forward" in back
    assert page.get(first).headers["Location"] == third
    before = hidden(text(page.get(third)), "step")
    assert say(page, second, "5") == third
    assert hidden(text(page.get(third)), "step") != before
    assert page.get(f"{path}1/9/").headers["Location"] == third
    assert page.get(f"{path}1/check/").headers["Location"] == third


def test_a_tab_that_lay_open_gets_the_present_question(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    first = page.post(path).headers["Location"]
    stale = text(page.get(first))
    second = say(page, first, "3")
    body = {"turn": hidden(stale, "turn"), "step": hidden(stale, "step"), "answer": "5"}

    for _twice in range(2):
        assert page.post(first, body).headers["Location"] == second

    asked = Asked.objects.select_related("client__data_key").get()
    assert list(asked.draft["answers"].values()) == [3]


@pytest.mark.parametrize(
    "body",
    [{}, {"answer": "9"}, {"answer": "x"}, {"answer": "-1"}, {"answer": ["1", "2"]},
     {"answer": "99999999"}],
)  # fmt: skip
def test_what_is_no_answer_is_said_beside_the_question(desk, mara, typed, body):
    page, path = Browser(), asked_on_page(desk, mara)
    first = page.post(path).headers["Location"]
    shown = text(page.get(first))
    there = {"turn": hidden(shown, "turn"), "step": hidden(shown, "step")}

    refused = page.post(first, there | body)

    assert refused.status_code == 422 and 'role="alert"' in text(refused)
    assert "Typed words" in text(refused)


def test_a_turn_that_is_none_changes_nothing(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    first = page.post(path).headers["Location"]

    for turn in ("", "x", "-1", "9" * 30, "1"):
        body = {"turn": turn, "step": "EDDEP29", "answer": "1"}
        assert page.post(first, body).headers["Location"] == first


def test_a_risky_answer_shows_help_and_raises_the_alert(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)

    _keys, check = run(page, path, lambda keys: "4")

    assert "You do not have to be alone" in text(page.get(check))
    thanks = text(page.post(check, {"version": "101"}))
    assert "You do not have to be alone" in thanks
    assert Alert.objects.get().rule == "self-harm"
    again = text(page.post(check, {"version": "101"}))
    assert "You do not have to be alone" in again and Sheet.objects.count() == 1
    assert page.get(path).status_code == 410


def test_it_goes_on_where_it_was_left(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    second = say(page, page.post(path).headers["Location"], "2")

    other = Browser()
    assert "Go on" in text(other.get(path))
    assert other.post(path).headers["Location"] == second


def test_in_the_portal_and_never_somebody_elses(olga, typed):
    account = AnAccount(realm="PORTAL")
    mara = ClientOf(care_team=[olga], account=account)
    other = AnAccount(realm="PORTAL")
    ClientOf(care_team=[olga], account=other)
    actions.ask(by=olga.account, client=mara, bank=BANK, way="PORTAL", stops=rules.STANDARD,
                now=time.now())  # fmt: skip
    start = f"/portal/measures/{Asked.objects.get().pk}/"
    page = inside(Account.objects.get(pk=account.pk), "portal")
    _keys, check = run(page, start, lambda keys: "3")
    assert "Thank you" in text(page.post(check, {"version": "101"}))

    course = text(page.get(f"/portal/course/{BANK}/"))
    assert "come to" in course and "50 is the average" in course and "add up" not in course
    assert inside(Account.objects.get(pk=other.pk), "portal").get(start).status_code == 404


def test_on_the_tablet_in_the_clients_hands(olga, mara, typed):
    actions.ask(by=olga.account, client=mara, bank=BANK, way="DESK", stops=rules.STANDARD,
                now=time.now())  # fmt: skip
    page = inside(olga.account)
    page.post(f"/desk/clients/{mara.pk}/hand-over/")

    keys, check = run(page, "/desk/kiosk/", lambda keys: "1")

    assert check == "/desk/kiosk/1/check/" and keys[-1] == RISK
    page.post(check, {"version": "101"})
    assert Sheet.objects.get().client_id == mara.pk


def test_it_is_not_packed_for_an_hour_without_a_network(desk, mara, typed):
    page, path = Browser(), asked_on_page(desk, mara)
    (part,) = page.get(f"{path}pack/").json()["parts"]
    assert (part["state"], part["steps"]) == ("closed", [])
    said = {"version": 101, "answers": {"EDDEP29": "1"}, "facts": {}, "done": True}
    sent = page.post(f"{path}1/send/", said, content_type="application/json")
    assert sent.status_code == 409 and not Sheet.objects.exists()
    assert "data-ahead" not in text(page.get(page.post(path).headers["Location"]))


def test_settings_are_shown_bounded_and_kept(desk, mara, typed):
    address = f"/desk/clients/{mara.pk}/measures/adaptive/"
    shown = text(desk.get(address))
    assert 'value="0.3"' in shown and 'value="4"' in shown and 'value="12"' in shown
    assert "chooses among 27 questions" in shown and "reliability of about 0.9" in shown

    said = {"bank": BANK, "way": "LINK", "below_se": "0.05", "least": "9", "most": "5"}
    refused = desk.post(address, said)
    assert refused.status_code == 422 and "0.2 to 0.6" in text(refused)
    refused = desk.post(address, said | {"below_se": "0.25"})
    assert "below the least number" in text(refused) and not Asked.objects.exists()
    for missing in ("below_se", "least", "most", "bank", "way"):
        given = {n: v for n, v in (said | {"below_se": "0.25", "most": "9"}).items()
                 if n != missing}  # fmt: skip
        assert desk.post(address, given).status_code == 422

    asked_on_page(desk, mara, below_se="0.25", least="5", most="6")
    assert AdaptiveTest.objects.get().stops == rules.Stops(0.25, 5, 6)
    twice = desk.post(address, said | {"below_se": "0.25", "most": "9"})
    assert twice.status_code == 422 and "still waits" in text(twice)


def test_without_words_the_page_says_what_is_missing(desk, olga, mara):
    empty = text(desk.get(f"/desk/clients/{mara.pk}/measures/adaptive/"))
    assert "No item bank has its words here yet" in empty and RISK in empty
    assert 'href="/desk/practice/questionnaires/"' in empty
    assert "PROMIS Depression, adaptive" in text(desk.get("/desk/practice/questionnaires/"))
    ana = Colleague()
    hers = ClientOf(care_team=[ana])
    shown = text(inside(ana.account).get(f"/desk/clients/{hers.pk}/measures/adaptive/"))
    assert "An owner does that" in shown


def test_words_are_typed_in_for_some_and_the_page_says_what_that_comes_to(desk, mara):
    shown = text(desk.get(THERE))
    assert "0 of 27 questions have words" in shown and "PROMIS Health Organization" in shown
    some = words_of(BANK, "EDDEP04", "EDDEP05", "EDDEP06", RISK)
    said = {
        "language": "en",
        "title": "Mood",
        "intro": "In the past 7 days",
        "held": "on",
        "reference": "order 7",
        "answers-set-1": "never\nrarely\nsometimes\noften\nalways",
    }
    said |= {f"item-{key}": words for key, words in some.items()}

    refused = desk.post(THERE, said)
    assert refused.status_code == 422 and "Typed words EDDEP05" in text(refused)
    assert "Questions still to write: 1" in text(refused)

    kept = desk.post(THERE, said | {"item-EDDEP07": "Typed words EDDEP07"}, follow=True)
    assert "Kept as version 101" in text(kept)
    shown = text(desk.get(THERE))
    assert "4 of 27 questions have words" in shown and "at a T score of 60" in shown
    (mine,) = [one for one in queries.offers() if one.is_ready]
    assert mine.item.id == BANK
    page, path = Browser(), asked_on_page(desk, mara)
    keys, _check = run(page, path, lambda keys: "3")
    assert set(keys) == set(some) | {"EDDEP07"}


def test_it_is_not_among_what_is_entered_from_paper(desk, mara, typed):
    entering = text(desk.get(f"/desk/clients/{mara.pk}/measures/enter/"))
    assert "PROMIS" not in entering
    assert "PROMIS Depression, adaptive" in text(desk.get(f"/desk/clients/{mara.pk}/measures/ask/"))


def test_two_results_are_compared_by_their_own_errors(desk, olga, mara, typed):
    for days, answer in ((0, "4"), (28, "1")):
        with time.at(time.now() + timedelta(days=days)):
            page, path = Browser(), link(olga, mara)
            _keys, check = run(page, path, lambda keys, answer=answer: answer)
            page.post(check, {"version": "101"})
    sheet = Sheet.objects.order_by("-answered_at").first()

    for address in (f"/desk/measures/{sheet.pk}/", f"/desk/clients/{mara.pk}/course/{BANK}/"):
        shown = text(desk.get(address))
        assert "more than measurement error explains" in shown
        assert "Brouwer, Meijer and Zevalkink (2013)" in shown and "z = −" in shown
    listed = text(desk.get(f"/desk/clients/{mara.pk}/measures/"))
    assert "less than before, more than chance" in listed and "most likely between" in listed
    assert desk.get(f"/desk/measures/{sheet.pk}/correct/").status_code == 302


def link(olga, mara):
    put = actions.ask(by=olga.account, client=mara, bank=BANK, way="LINK", stops=rules.STANDARD,
                      now=time.now())  # fmt: skip
    return put.path


def test_a_bank_whose_words_are_gone_still_opens_its_results(desk, olga, mara, typed):
    page, path = Browser(), link(olga, mara)
    _keys, check = run(page, path, lambda keys: "2")
    page.post(check, {"version": "101"})
    sheet = Sheet.objects.get()
    Sheet.objects.update(version=999)

    shown = text(desk.get(f"/desk/measures/{sheet.pk}/"))

    assert "EDDEP29" in shown and "Typed words" not in shown and "How this came about" in shown
    AdaptiveTest.objects.all().delete()
    assert "EDDEP29" in text(desk.get(f"/desk/measures/{sheet.pk}/"))


def test_all_in_one_sitting_one_goes_on_to_the_next(olga, mara, typed):
    given = {"by": olga.account, "client": mara, "way": "LINK", "now": time.now()}
    (put, _other) = asking.ask(instruments=[BANK, "gad-2"], **given)
    page = Browser()
    keys, check = run(page, put.path, lambda keys: "1")
    thanks = text(page.post(check, {"version": "101"}))
    assert "One more set of questions waits" in thanks and len(keys) >= 5
    assert "1 of 2" in text(page.get(page.post(put.path).headers["Location"]))


def test_a_test_in_which_all_but_the_risk_item_was_passed_is_compared_with_none(
    desk, olga, mara, typed
):
    early, now = time.now() - LATER, time.now()
    gone_through(olga.account, mara, lambda key: 4, now=early)
    sheet = gone_through(olga.account, mara, lambda key: 1 if key == RISK else None, now=now)
    shown = text(desk.get(f"/desk/measures/{sheet.pk}/"))
    assert "every question was passed" in shown and "the one before" not in shown


def test_words_that_read_otherwise_are_compared_with_none_in_the_list(desk, olga, mara, typed):
    gone_through(olga.account, mara, lambda key: 4, now=time.now() - LATER)
    gone_through(olga.account, mara, lambda key: 3, now=time.now() - LATER / 2)
    page = f"/desk/clients/{mara.pk}/measures/"
    assert text(desk.get(page)).count("less than before") == 1
    said = {key: f"{words}, said anew" for key, words in words_of(BANK).items()}
    licensed(olga.account, BANK, items=said, now=time.now() - LATER / 3)
    gone_through(olga.account, mara, lambda key: 1, now=time.now())
    assert text(desk.get(page)).count("less than before") == 1
