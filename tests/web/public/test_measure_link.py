"""A questionnaire behind a link: it opens that alone, and tells lookers-on nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.progress.measures import asking, instruments
from rapport.progress.models import Alert, Asked, Sheet
from rapport.progress.packs import actions as packs
from rapport.progress.packs.library import holder
from tests.factories import APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice(name="Practice by the river", country="DE", hours="Mo-Fr 9-17, 030 901820")
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


def link(ana, mara, instrument="phq-9", **given):
    (put,) = asking.ask(
        by=ana.account, client=mara, instruments=[instrument], way="LINK", now=time.now(), **given
    )
    return put.path


def say(page, path, number, value, **more):
    return page.post(f"{path}1/{number}/", {"answer": value, "version": "1"} | more)


def fill(page, path, values):
    page.post(path)
    for number, value in enumerate(values, 1):
        assert say(page, path, number, value).status_code == 302


def hand_in(page, path, **more):
    return page.post(f"{path}1/check/", {"version": "1"} | more)


def test_from_the_first_page_to_the_thanks(ana, mara):
    page, path = Browser(), link(ana, mara)
    first = page.get(path).content.decode()
    assert "tel:112" in first and "Mo-Fr 9-17" in first and "about a minute" in first
    assert page.post(path).headers["Location"] == f"{path}1/1/"

    for number in range(1, 10):
        shown = page.get(f"{path}1/{number}/").content.decode()
        assert f"{number} of 10" in shown and shown.count('class="btn answer"') == 4
        assert say(page, path, number, "1").headers["Location"] == f"{path}1/{number + 1}/"
    assert say(page, path, 10, "0").headers["Location"] == f"{path}1/check/"

    thanks = hand_in(page, path)
    assert thanks.status_code == 200 and "Thank you" in thanks.content.decode()
    assert Sheet.objects.get().score.total_rounded == 9


def test_a_risky_answer_brings_help_in_the_same_response_and_an_alert(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["0"] * 8 + ["1", "0"])
    thanks = hand_in(page, path).content.decode()

    assert "risk-box" in thanks and thanks.count("tel:") >= 4
    assert Alert.objects.count() == 1


def test_without_a_risky_answer_nothing_is_said_about_one(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["3"] * 8 + ["0", "0"])
    assert "risk" not in hand_in(page, path).content.decode()


def test_no_page_shows_a_name_or_the_practice(ana, mara):
    page, path = Browser(), link(ana, mara)
    pages = [page.get(path)]
    fill(page, path, ["1"] * 10)
    pages += [page.get(f"{path}1/3/"), page.get(f"{path}1/check/")]
    pages += [hand_in(page, path), page.get(path)]
    for one in pages:
        said = one.content.decode()
        assert "Mara" not in said and "river" not in said and ana.display_name not in said


def test_nothing_is_kept_anywhere_on_the_way(ana, mara):
    page, path = Browser(), link(ana, mara)
    for one in (page.get(path), page.get(f"{path}1/1/"), page.get(f"/m/{'x' * 43}/")):
        assert one.headers["Cache-Control"] == "no-store"
        assert one.headers["Referrer-Policy"] == "no-referrer"
        assert one.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_looking_changes_nothing_because_programs_look_too(ana, mara):
    page, path = Browser(), link(ana, mara)
    before = list(Asked.objects.values_list()), AuditEntry.objects.count()
    for where in ("", "1/1/", "1/10/", "1/check/"):
        assert page.get(path + where).status_code == 200
        assert page.head(path + where).status_code == 200
    assert (list(Asked.objects.values_list()), AuditEntry.objects.count()) == before


def test_a_link_that_never_was_says_no_more_than_that_it_does_not_work(ana, mara):
    page = Browser()
    for token in ("x" * 43, "é", "..", "0" * 500, "%00", "a b"):
        for where in ("", "1/1/", "1/check/"):
            for answer in (page.get(f"/m/{token}/{where}"), page.post(f"/m/{token}/{where}")):
                assert answer.status_code == 404
    said = page.get(f"/m/{'x' * 43}/").content.decode()
    assert "This link does not work." in said and "tel:112" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"expires_at": "past"}, "The time for these questions is over."),
        ({"state": "WITHDRAWN"}, "These questions are no longer asked."),
        ({"state": "ANSWERED"}, "These questions were answered already."),
        ({"version": 7}, "has changed since it was asked"),
        ({"instrument": "no-such"}, "has changed since it was asked"),
    ],
)
def test_what_is_over_says_so_calmly_on_every_page(ana, mara, change, says):
    page, path = Browser(), link(ana, mara)
    if "expires_at" in change:
        change = {"expires_at": time.now() - timedelta(seconds=1)}
    Asked.objects.update(**change)
    for where in ("", "1/3/", "1/check/"):
        body = {"answer": "1", "version": "1"}
        for answer in (page.get(path + where), page.post(path + where, body)):
            assert answer.status_code == 410, where
            assert says in answer.content.decode() and "tel:112" in answer.content.decode()
    assert not Sheet.objects.exists()


def test_after_it_is_handed_in_no_earlier_answer_is_shown(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["2"] * 9 + ["0"])
    hand_in(page, path)
    for where in ("", "1/1/", "1/9/", "1/check/"):
        said = page.get(path + where).content.decode()
        assert 'aria-pressed="true"' not in said and "answered already" in said


def test_a_tap_sent_twice_gets_the_same_thanks_and_one_sheet(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["0"] * 8 + ["2", "0"])
    first, second = hand_in(page, path), hand_in(page, path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert "risk-box" in second.content.decode()
    assert Sheet.objects.count() == Alert.objects.count() == 1


def test_whoever_finds_the_link_later_learns_nothing_about_the_risk(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["0"] * 8 + ["2", "0"])
    hand_in(page, path)
    Asked.objects.update(closed_at=time.now() - timedelta(minutes=11))

    later = hand_in(Browser(), path)
    assert later.status_code == 410 and "risk-box" not in later.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "7"}, {"answer": "-1"}, {"answer": "often"}, {"answer": ["1", "2"]},
        {"answer": "1" * 5000}, {"answer": "<script>alert(1)</script>"}, {"answer": "\u0000"},
        {}, {"answer": "1", "version": "2"}, {"answer": "1", "version": "x"},
        {"answer": "1", "version": "9" * 400},
    ],
)  # fmt: skip
def test_what_cannot_be_an_answer_is_told_at_the_question(ana, mara, body):
    page, path = Browser(), link(ana, mara)
    page.post(path)
    answer = page.post(f"{path}1/3/", {"version": "1"} | body)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert Asked.objects.get().draft.get("answers", {}) == {}


def test_a_number_that_is_no_question_leads_back(ana, mara):
    page, path = Browser(), link(ana, mara)
    assert page.get(f"{path}1/0/").headers["Location"] == path
    assert page.get(f"{path}1/11/").headers["Location"] == f"{path}1/check/"
    assert page.get(f"{path}1/{10**30}/").headers["Location"] == f"{path}1/check/"


def test_two_tabs_and_another_device_go_on_where_the_last_stopped(ana, mara):
    one, two, path = Browser(), Browser(), link(ana, mara)
    fill(one, path, ["1", "2"])
    say(two, path, 3, "3")
    say(one, path, 1, "0")

    assert "Go on" in two.get(path).content.decode()
    assert two.post(path).headers["Location"] == f"{path}1/4/"
    assert Asked.objects.get().draft["answers"] == {"1": 0, "2": 2, "3": 3}


def test_what_is_left_open_is_shown_before_it_is_handed_in(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["1", "", "1", "1", "1", "1", "1", "1", "0", ""])
    check = page.get(f"{path}1/check/").content.decode()
    assert "2 questions are still open" in check
    assert f'href="{path}1/2/"' in check and f'href="{path}1/10/"' in check
    assert check.count("no answer; it needs none") == 1  # how difficult it made things

    hand_in(page, path)
    assert Sheet.objects.get().score.status == "PRORATED"


def test_every_open_question_is_named_those_that_need_no_answer_too(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["1", "1", "1", "1", "1", "1", "1", "1", "0", ""])
    check = page.get(f"{path}1/check/").content.decode()
    assert "One question is still open" in check and f'href="{path}1/10/"' in check

    say(page, path, 10, "1")
    check = page.get(f"{path}1/check/").content.decode()
    assert "That was the last question" in check and f'href="{path}1/10/"' in check  # back
    assert "needs none" not in check

    path = link(ana, mara, "audit-c")
    page.post(path)
    for number in (1, 2, 3):
        say(page, path, number, "1")
    check = page.get(f"{path}1/check/").content.decode()
    assert "One question is still open" in check and "Healthy limits differ" in check


def test_an_empty_sheet_is_refused_in_words(ana, mara):
    page, path = Browser(), link(ana, mara)
    answer = hand_in(page, path)
    assert answer.status_code == 422 and "Answer at least one" in answer.content.decode()


def test_answers_that_make_others_needless_pass_them_over(ana, mara):
    page, path = Browser(), link(ana, mara, "audit-c")
    page.post(path)
    assert "1 of 4" in page.get(f"{path}1/1/").content.decode()
    assert say(page, path, 1, "0").headers["Location"] == f"{path}1/2/"
    asks = page.get(f"{path}1/2/").content.decode()
    assert "2 of 2" in asks and "I would rather not say" in asks
    assert say(page, path, 2, "other").status_code == 422
    assert say(page, path, 2, "-").headers["Location"] == f"{path}1/check/"

    hand_in(page, path)
    sheet = Sheet.objects.select_related("score").get()
    assert (sheet.facts, sheet.score.total_rounded) == ({}, 0)


def test_what_decides_whether_a_question_is_for_somebody_is_asked_first(ana, mara):
    page, path = Browser(), link(ana, mara, "phq-15")
    page.post(path)
    asks = page.get(f"{path}1/1/").content.decode()
    assert "1 of 16" in asks and "about periods" in asks and "I would rather not say" in asks

    assert say(page, path, 1, "male").headers["Location"] == f"{path}1/2/"
    assert "2 of 15" in page.get(f"{path}1/2/").content.decode()
    for number in range(2, 16):
        assert "periods" not in page.get(f"{path}1/{number}/").content.decode()
        say(page, path, number, "1")
    hand_in(page, path)

    sheet = Sheet.objects.select_related("score").get()
    assert (sheet.facts, sheet.score.total_rounded) == ({"sex": "male"}, 14)


def test_what_was_not_validated_and_whose_words_they_are_is_told_before_the_first_question(
    ana, mara
):
    packs.accept(by=Colleague(roles=["OWNER"]).account, pack="core", version=1, use="FREE",
                 now=time.now())  # fmt: skip
    core, own = link(ana, mara, "core-10"), link(ana, mara, "session-feedback")

    for path in (core, f"{core}1/1/"):
        assert "© CORE System Trust" in Browser().get(path).content.decode()
    assert "not tested in research" in Browser().get(own).content.decode()
    assert "not tested in research" not in Browser().get(core).content.decode()


@pytest.mark.parametrize("instrument", [*instruments.with_words()])
def test_every_questionnaire_of_the_library_can_be_answered_to_its_end(ana, mara, instrument):
    if pack := holder(instrument):
        olga = Colleague(roles=["OWNER"])
        packs.accept(by=olga.account, pack=pack, version=1, use="FREE", now=time.now())
    page, path = Browser(), link(ana, mara, instrument)
    where = page.post(path).headers["Location"]
    taps = 0
    while not where.endswith("1/check/"):
        assert page.get(where).status_code == 200
        said = (page.post(where, {"answer": one, "version": "1"}) for one in ("1", "2", "-"))
        where = next(to for answer in said if (to := answer.headers.get("Location")))
        taps += 1
    assert hand_in(page, path).status_code == 200 and taps < 45


@pytest.mark.parametrize(("languages", "page_in", "words_in"), [
    (["de"], "de", "de"), (["ar"], "ar", "en"), (["fr"], "en", "en"), ([], "en", "en"),
])  # fmt: skip
def test_it_speaks_the_clients_first_language_as_far_as_it_can(
    ana, mara, languages, page_in, words_in
):
    mara.languages = languages
    mara.save()
    path = link(ana, mara)
    first = Browser().get(path)
    shown = Browser().get(f"{path}1/1/").content.decode()

    assert first.headers["Content-Language"] == page_in
    assert f'<html lang="{page_in}"' in shown and f'id="what" lang="{words_in}"' in shown
    assert (b"official words" in first.content) == (languages == ["fr"]) or page_in == "ar"


MOST = {"calm": 11, "risky": 17}


@pytest.mark.parametrize(("last", "most"), [("0", MOST["calm"]), ("1", MOST["risky"])])
def test_handing_in_takes_a_fixed_number_of_statements(ana, mara, last, most):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["1"] * 8 + [last, "0"])
    with CaptureQueriesContext(connection) as said:
        assert hand_in(page, path).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    ours = [q["sql"] for q in said if not q["sql"].startswith(marks)]
    assert len(ours) <= most, "\n".join(ours)


def test_a_token_reaches_neither_the_log_nor_the_trail(ana, mara, caplog):
    from rapport.web.signin.quiet import NoTokens

    caplog.handler.addFilter(NoTokens())
    page, path = Browser(), link(ana, mara)
    token = path.split("/")[2]
    assert say(page, path, 1, "9").status_code == 422
    fill(page, path, ["1"] * 10)
    hand_in(page, path)
    assert page.get(path).status_code == 410

    assert "/m/…/" in caplog.text and token not in caplog.text
    entries = AuditEntry.objects.filter(verb__in=("measure.keep", "measure.answer"))
    assert entries.count() == 12 and not entries.filter(by="").exists()
    assert all(token not in f"{e.by}{e.subject}" and e.about == mara.pk for e in entries)


def test_the_trail_says_that_somebody_held_the_link(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["1"] * 10)
    hand_in(page, path)
    olga = inside(Colleague(roles=["OWNER"]).account)
    trail = olga.get("/desk/practice/trail/")
    assert trail.status_code == 200 and "whoever held a link" in trail.content.decode()


# Help before anything is handed in --------------------------------------------------------


def test_from_a_risky_answer_on_every_screen_brings_help_until_it_is_taken_back(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["3"] * 8)
    for where in ("1/9/", "1/check/"):
        assert "risk" not in page.get(path + where).content.decode()

    follow = say(page, path, 9, "1").headers["Location"]
    for where in (follow, f"{path}1/9/", f"{path}1/1/", f"{path}1/check/"):
        shown = page.get(where).content.decode()
        assert 'class="risk-box"' in shown and "tel:112" in shown.split("risk-box")[1]
    wrong = say(page, path, 10, "7")
    assert wrong.status_code == 422 and "risk-box" in wrong.content.decode()

    say(page, path, 9, "0")
    for where in (f"{path}1/10/", f"{path}1/check/"):
        assert "risk" not in page.get(where).content.decode()


def test_the_first_page_says_who_is_told_although_nothing_is_handed_in(ana, mara):
    first = Browser().get(link(ana, mara)).content.decode()
    assert "are told of that answer" in first and "nobody reads them" not in first
    calm = Browser().get(link(ana, mara, "gad-7")).content.decode()
    assert "nobody reads them" in calm and "are told of that answer" not in calm


def test_the_first_page_of_a_link_does_not_tell_what_was_answered_before(ana, mara):
    page, path = Browser(), link(ana, mara)
    fill(page, path, ["0"] * 8 + ["3"])
    assert "risk" not in Browser().get(path).content.decode()


# Several in one sitting -------------------------------------------------------------------


def sitting(ana, mara, *instruments):
    first, *others = asking.ask(
        by=ana.account, client=mara, instruments=instruments, way="LINK", now=time.now()
    )
    assert [one.path for one in others] == [""] * len(others)
    return first.path


def test_one_link_opens_all_of_it_one_after_the_other(ana, mara):
    page, path = Browser(), sitting(ana, mara, "gad-2", "phq-2", "audit-c")
    first = page.get(path).content.decode()
    assert "2 questions." in first and "After them 2 more sets of questions wait." in first
    fill(page, path, ["1", "1"])
    thanks = hand_in(page, path).content.decode()
    assert "2 more sets of questions wait" in thanks and f'action="{path}"' in thanks

    assert page.post(path).headers["Location"] == f"{path}2/1/"
    page.post(f"{path}2/1/", {"answer": "2", "version": "1"})
    page.post(f"{path}2/2/", {"answer": "2", "version": "1"})
    assert (
        "One more set of questions waits."
        in page.post(f"{path}2/check/", {"version": "1"}).content.decode()
    )
    assert page.post(path).headers["Location"] == f"{path}3/1/"
    page.post(f"{path}3/1/", {"answer": "0", "version": "1"})
    done = page.post(f"{path}3/check/", {"version": "1"}).content.decode()
    assert "You can close this page." in done and "waits" not in done

    totals = {one.instrument: one.score.total_rounded for one in Sheet.objects.all()}
    assert totals == {"gad-2": 2, "phq-2": 4, "audit-c": 0}
    assert page.get(path).status_code == 410


def test_a_second_tap_and_an_old_tab_do_not_answer_the_next_questionnaire(ana, mara):
    page, path = Browser(), sitting(ana, mara, "gad-2", "phq-2")
    fill(page, path, ["1", "1"])
    first, second = hand_in(page, path), hand_in(page, path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert "One more set of questions waits." in second.content.decode()
    assert say(page, path, 2, "3").status_code == 410

    assert Sheet.objects.count() == 1
    assert Asked.objects.get(state="OPEN").draft == {}


def test_what_was_withdrawn_of_a_sitting_is_passed_over(ana, mara):
    page, path = Browser(), sitting(ana, mara, "gad-2", "phq-2")
    asking.withdraw(by=ana.account, client=mara, asked=Asked.objects.get(part=1), now=time.now())
    assert page.post(path).headers["Location"] == f"{path}2/1/"
    assert page.get(f"{path}1/1/").status_code == 410


def test_a_new_link_opens_the_whole_sitting_and_the_old_one_nothing(ana, mara):
    page, old = Browser(), sitting(ana, mara, "gad-2", "phq-2")
    Asked.objects.update(expires_at=time.now() - timedelta(hours=1))
    put = asking.new_link(
        by=ana.account, client=mara, asked=Asked.objects.get(part=2), now=time.now()
    )
    assert page.get(old).status_code == 404
    assert page.post(put.path).headers["Location"] == f"{put.path}1/1/"


def test_the_link_of_one_sitting_opens_no_other_and_no_part_that_is_not(ana, mara):
    page, path = Browser(), sitting(ana, mara, "gad-2", "phq-2")
    sitting(ana, ClientOf(care_team=[ana]), "gad-7", "audit-c")
    for part in (0, 3, 10**30):
        for where in (f"{part}/check/", f"{part}/1/"):
            assert page.get(path + where).status_code == 404
            assert page.post(path + where, {"answer": "1", "version": "1"}).status_code == 404
    assert not Sheet.objects.exists()
