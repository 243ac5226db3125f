"""Who needs attention, and a client's own measures: by keyboard, on a phone, in every look."""

from datetime import timedelta

import pytest

from rapport.core import time
from tests.factories import AnAlert, APractice, AScore, ASheet, ASignal, ClientOf, Colleague
from tests.progress.held_here import asked_of
from tests.web.stepping import inside

from .rounds import coming_in, whole, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LEAPING = (20, 19, 21, 9, 10, 8)


@pytest.fixture
def ana():
    APractice()
    return Colleague()


@pytest.fixture
def window(chromium, live_server, ana):
    context = coming_in(chromium, live_server, inside(ana.account))
    yield context.new_page()
    context.close()


def scored(client, *totals, form="phq-9", **given):
    now, latest = time.now(), None
    for n, total in enumerate(reversed(totals)):
        sheet = ASheet(
            client=client, instrument=form, answered_at=now - timedelta(weeks=n), **given
        )
        score = AScore(sheet=sheet, total=total, total_rounded=total, band="")
        latest = score if n == 0 else latest
    return latest


def test_the_list_leads_to_its_reasons_by_keyboard_and_fits_a_phone(ana, window, live_server):
    mara = ClientOf(care_team=[ana], legal_name="Mara " + "Wolfeschlegelstein" * 9)
    ClientOf(care_team=[ana], legal_name="سلمى")
    latest = scored(mara, 12, 18, 20)
    signal = ASignal(score=latest, owner=ana, level="RED")
    AnAlert(sheet=latest.sheet, owner=ana)

    window.goto(f"{live_server.url}/desk/")
    window.get_by_role("link", name="Caseload").press("Enter")
    window.wait_for_url("**/desk/caseload/")
    whole(window)
    assert wrong(window) == []
    assert window.get_by_role("img", name="PHQ-9: 3 scores").is_visible()
    window.set_viewport_size({"width": 390, "height": 844})
    window.get_by_label("Reason").select_option("red")
    window.get_by_role("button", name="Show").press("Enter")
    window.wait_for_url("**reason=red**")
    assert window.locator("tbody tr").count() == 1
    window.get_by_role("link", name="Red since").press("Enter")
    window.wait_for_url(f"**/desk/signals/{signal.pk}/")


def test_every_chart_of_own_items_and_of_a_gain_is_read_by_keyboard(ana, window, live_server):
    mara = ClientOf(care_team=[ana])
    scored(mara, *LEAPING)
    own = asked_of(mara, ana.account, "RATINGS", "Sleep", "سلمى", now=time.now())
    scored(mara, 4, 3, form=own.code, answers={"1": 4, "2": 3})
    course = f"{live_server.url}/desk/clients/{mara.pk}/course"

    for address in (f"{course}/{own.code}/", f"{course}/phq-9/",
                    f"{live_server.url}/desk/clients/{mara.pk}/picture/?span=all"):  # fmt: skip
        window.goto(address)
        whole(window)
        assert wrong(window) == []
    readers = window.get_by_role("slider")
    assert readers.count() == 4
    sleep = window.get_by_role("slider", name="Sleep: read the points with the arrow keys")
    sleep.press("Home")
    assert sleep.get_attribute("aria-valuenow") == "1"
    assert "4, from 0 to 10" in sleep.inner_text()
    phq = window.get_by_role("slider", name="PHQ-9")
    for _ in range(2):
        phq.press("ArrowLeft")
    assert "; sudden gain" in phq.get_attribute("aria-valuetext")
