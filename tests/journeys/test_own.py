"""A questionnaire from the first word to its score, and goals from set-up to a T score."""

import pytest

from rapport.core import time
from rapport.progress.measures import asking
from rapport.progress.models import ClientForm, PracticeForm, Sheet
from tests.factories import APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import AXE, RUN, WIDE, coming_in, go, reads
from .test_answering import PHONE, clean, tap

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def olga():
    APractice(name="Practice by the river", country="DE")
    return Colleague(roles=["OWNER", "CLINICIAN"])


@pytest.fixture
def mara(olga):
    return ClientOf(legal_name="Mara Lindgren", care_team=[olga])


def whole(page):
    page.evaluate(AXE)
    assert page.evaluate(RUN) == [], page.url
    assert page.evaluate(WIDE) is None, page.url


def link(olga, mara, code):
    (put,) = asking.ask(
        by=olga.account, client=mara, instruments=[code], way="LINK", now=time.now()
    )
    return put.path


def test_built_previewed_published_answered_on_a_phone_and_read(chromium, live_server, olga, mara):
    desk = coming_in(chromium, live_server, inside(olga.account))
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/practice/questionnaires/")
    page.fill("input[name=title]", "How the nights were")
    go(page, "text=Begin one")
    go(page, "text=Add a question")
    page.fill("textarea[name=text]", "Did you sleep?")
    page.fill("textarea[name=answers]", "0 = yes\n1 = no")
    whole(page)
    go(page, "text=Save and add another")
    page.check("input[value=text]")
    page.fill("textarea[name=text]", "What kept you awake?")
    page.uncheck("input[name=counts]")
    page.select_option("select[name=asks]", "1")
    page.fill("input[name=value]", "1")
    go(page, "button[value=keep]")
    go(page, "text=As the client sees it")
    whole(page)
    go(page, ".answer >> text=no")
    reads(page, "h1", "What kept you awake?")
    go(page, ".crumb a")
    page.check("input[value=sum]")
    whole(page)
    go(page, "button[value=publish]")
    reads(page, "main", "Version 1 is asked")

    phone = chromium.new_context(**PHONE).new_page()
    phone.goto(live_server.url + link(olga, mara, PracticeForm.objects.get().code))
    tap(phone, "text=Begin")
    clean(phone)
    tap(phone, ".answer >> text=no")
    clean(phone)
    phone.fill("textarea", "The neighbours <b>again</b>")
    tap(phone, "text=Go on")
    tap(phone, ".answering__go")
    page.goto(f"{live_server.url}/desk/measures/{Sheet.objects.get().pk}/")
    said = page.inner_text("main")
    assert "How the nights were: 1" in said and "The neighbours <b>again</b>" in said
    assert "Not validated" in said
    whole(page)
    phone.context.close()
    desk.close()


def test_without_a_script_no_button_and_no_key_loses_what_was_typed(chromium, live_server, olga):
    desk = coming_in(chromium, live_server, inside(olga.account), java_script_enabled=False)
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/practice/questionnaires/")
    page.fill("input[name=title]", "Nights")
    go(page, "text=Begin one")
    for n, words in enumerate(("First?", "Second?")):
        page.fill("input[name=title]", f"Nights {n}")
        go(page, "text=Add a question")
        page.fill("textarea[name=text]", words)
        page.fill("textarea[name=answers]", "0 = yes\n1 = no")
        go(page, "button[value=keep]")
        assert page.input_value("input[name=title]") == f"Nights {n}"

    for button in ("Up (2)", "Down (1)", "Take out (1)", "Put it back"):
        page.fill("textarea[name=about]", f"Before {button}")
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()
        assert page.input_value("textarea[name=about]") == f"Before {button}"
    page.fill("input[name=title]", "By the enter key")
    with page.expect_navigation():
        page.press("input[name=title]", "Enter")
    assert page.input_value("input[name=title]") == "By the enter key"
    reads(page, "main", "A draft: it is not asked yet.")
    desk.close()


def test_goals_from_set_up_to_a_t_score(chromium, live_server, olga, mara):
    desk = coming_in(chromium, live_server, inside(olga.account))
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/measures/")
    page.click("summary >> text=own words")
    go(page, "text=Goal attainment scaling")
    for n, name in enumerate(("Sleep", "Work"), 1):
        page.fill(f"textarea[name=text-{n}]", name)
        for step in range(5):
            page.fill(f"input[name=level-{n}-{step}]", f"{name}, step {step}")
    whole(page)
    go(page, "button >> text=Save")

    phone = chromium.new_context(**PHONE).new_page()
    phone.goto(live_server.url + link(olga, mara, ClientForm.objects.get().code))
    tap(phone, "text=Begin")
    clean(phone)
    tap(phone, "text=Sleep, step 3")
    tap(phone, "text=Work, step 3")
    tap(phone, ".answering__go")
    page.goto(f"{live_server.url}/desk/measures/{Sheet.objects.get().pk}/")
    reads(page, "h1", "GAS: 62")
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/course/{ClientForm.objects.get().code}/")
    reads(page, "main", "Sleep")
    whole(page)
    phone.context.close()
    desk.close()
