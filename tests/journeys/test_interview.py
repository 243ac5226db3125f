"""An interview at the desk by keyboard alone: asked, gone back in, left, looked over, handed in."""

import pytest

from rapport.core import time
from rapport.progress.models import Asked, Sheet
from tests.factories import APractice, ClientOf, Colleague
from tests.progress.held_here import built, question
from tests.web.stepping import inside

from .rounds import AXE, RUN, WIDE, coming_in, reads

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


def press(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


def reach(page, words):
    """Tab until what is called ``words`` has the focus, and press it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return press(page, "Enter")
    raise AssertionError(words)


def test_by_keyboard_from_the_first_question_to_the_sheet(chromium, live_server, olga, mara):
    built(
        olga.account,
        question(kind="choice", text="Any bad nights?", answers=[[0, "no"], [1, "yes"]]),
        question(kind="text", text="What kept you awake?", counts=False, ask_if=["1", ">=", 1]),
        question(text="How were the days?", alert=9),
        now=time.now(), title="Nights", missing=0,
    )  # fmt: skip
    context = coming_in(chromium, live_server, inside(olga.account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/measures/")
    reach(page, "Interview")
    whole(page)
    reach(page, "(Nights)")
    whole(page)
    assert page.inner_text("h1") == "Any bad nights?"

    press(page, "2")
    assert page.inner_text("h1") == "What kept you awake?"
    whole(page)
    press(page, "ArrowLeft")  # it was no
    assert page.get_attribute(".answer[aria-pressed]", "value") == "1"
    page.keyboard.press("ArrowDown")
    press(page, "Enter")
    assert page.inner_text("h1") == "How were the days?"
    page.click("text=Add a note")
    page.fill("textarea[name=note]", "Not since May, she says.")
    page.keyboard.press("9")  # in the note: no answer
    whole(page)
    page.click("h1")
    press(page, "ArrowLeft")
    press(page, "ArrowRight")
    assert page.input_value("textarea[name=note]") == "Not since May, she says.9"
    press(page, "ArrowLeft")
    press(page, "ArrowRight")
    page.keyboard.press("?")
    page.keyboard.press("4")  # the page below an open window takes nothing
    page.keyboard.press("Escape")
    reach(page, "Leave, and go on later")
    reach(page, "Go on")
    assert page.inner_text("h1") == "How were the days?"
    press(page, "9")  # of 0 to 10 a digit is the answer itself
    reads(page, "h1", "All answers")
    reads(page, "main", "look at safety")
    assert "What kept you awake?" not in page.inner_text("main")
    whole(page)
    reach(page, "Hand it in")
    sheet = Sheet.objects.get()
    assert page.url.endswith(f"/desk/measures/{sheet.pk}/")
    assert sheet.answers == {"1": 0, "2": None, "3": 9} and sheet.source == "INTERVIEW"
    assert sheet.notes == {"3": "Not since May, she says.9"}
    reads(page, "main", "Not since May")
    assert Asked.objects.get().draft == {}
    context.close()
