"""A day answered on a phone, without a script and by keyboard; its points read by arrow keys."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.people.models import Account
from rapport.progress.models import DailyEntry
from tests.factories import (
    ADailyEntry,
    ADailyPlan,
    ADailyQuestion,
    AnAccount,
    APractice,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

from .rounds import coming_in, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def asked():
    """Two things asked for ten days, the last of them today, which is open."""
    APractice()
    client = ClientOf(care_team=[Colleague()], account=AnAccount(realm="PORTAL"))
    plan = ADailyPlan(client=client, from_on=time.today() - timedelta(days=9))
    questions = [ADailyQuestion(plan=plan), ADailyQuestion(plan=plan, kind="COUNT")]
    for n in (0, 1, 3, 4, 8):
        ADailyEntry(plan=plan, on=plan.from_on + timedelta(days=n),
                    answers={str(one.pk): n for one in questions})  # fmt: skip
    return questions


def phone(chromium, live_server, asked, **given):
    own = Account.objects.get(pk=asked[0].client.account_id)
    return coming_in(chromium, live_server, inside(own, "portal"), **PHONE, **given)


def kept():
    return [one.answers for one in DailyEntry.objects.filter(on=time.today(), replaced_by=None)]


def test_a_thumb_answers_without_a_script(chromium, live_server, asked):
    context = phone(chromium, live_server, asked, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/diary/")
    numbers = page.locator(".daily__one").all()
    assert len(numbers) == 12
    for one in numbers:
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.get_by_text("7", exact=True).first.tap()
    page.get_by_role("spinbutton").fill("12")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep").tap()
    page.get_by_text("You have answered this.").wait_for()
    assert kept() == [{str(asked[0].pk): 7, str(asked[1].pk): 12}]
    context.close()


def test_the_keyboard_alone_answers_and_reads_the_picture(chromium, live_server, asked):
    context = phone(chromium, live_server, asked)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/diary/")
    page.get_by_role("radio", name="leave open").focus()
    page.keyboard.press("ArrowRight")  # round to the first
    page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("You have answered this.").wait_for()
    assert kept() == [{str(asked[0].pk): 1}]
    reader = page.get_by_role("slider").first
    latest = reader.inner_text()
    reader.focus()
    page.keyboard.press("ArrowLeft")
    assert "8 of 10" in reader.inner_text() != latest
    assert wrong(page) == []
    context.close()


def test_the_page_reads_from_right_to_left(chromium, live_server, asked):
    Account.objects.filter(pk=asked[0].client.account_id).update(language="ar")
    context = phone(chromium, live_server, asked)
    page = context.new_page()
    page.goto(f"{live_server.url}/portal/diary/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert wrong(page) == []
    context.close()
