"""An adaptive test from asking it to its result, the client on a phone without script."""

import pytest

from rapport.core import time
from rapport.progress.models import Sheet
from tests.factories import APractice, ClientOf, Colleague
from tests.progress.held_here import gone_through, licensed, words_of
from tests.web.stepping import inside

from .rounds import AXE, RUN, WIDE, coming_in, reads
from .test_answering import PHONE, SMALL, tap

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BANK = "promis-depression"


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


def test_asked_answered_on_a_phone_without_script_and_opened(chromium, live_server, olga, mara):
    desk = coming_in(chromium, live_server, inside(olga.account))
    page = desk.new_page()
    page.goto(f"{live_server.url}/desk/clients/{mara.pk}/measures/")
    with page.expect_navigation():
        page.click("text=Adaptive test")
    reads(page, "main", "No item bank has its words here yet")
    whole(page)
    licensed(olga.account, BANK, items=words_of(BANK), now=time.now())
    gone_through(olga.account, mara, lambda key: 4, now=time.now())
    page.reload()
    whole(page)
    with page.expect_navigation():
        page.click("main button[type=submit]")
    link = page.get_attribute("main input[readonly]", "value")

    phone = chromium.new_context(**PHONE, java_script_enabled=False).new_page()
    phone.goto(link)
    tap(phone, "text=Begin")
    seen = phone.context.browser.new_context(**PHONE).new_page()
    seen.goto(phone.url)
    whole(seen)
    assert seen.evaluate(SMALL) == []
    seen.context.close()
    while not phone.url.endswith("/check/"):
        tap(phone, "ul.answers li:nth-child(1) button")
    tap(phone, ".answering__go")
    reads(phone, "h1", "Thank you")
    phone.context.close()

    sheet = Sheet.objects.order_by("-answered_at").first()
    for path in (f"measures/{sheet.pk}/", f"clients/{mara.pk}/course/{BANK}/"):
        page.goto(f"{live_server.url}/desk/{path}")
        for one in page.query_selector_all("details"):
            one.evaluate("one => { one.open = true }")
        whole(page)
        reads(page, "main", "95 % interval")
    desk.close()
