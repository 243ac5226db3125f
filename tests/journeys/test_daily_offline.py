"""What one is asked each day on a phone without a network: kept, locked, sent once, for its day."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from rapport.core import time
from rapport.people.models import Account
from rapport.progress.models import DailyEntry, DailyPlan
from tests.factories import ADailyPlan, ADailyQuestion, AnAccount, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import coming_in
from .test_answering import PHONE
from .test_answering_offline import LEFT, clean, laid_ready
from .test_daily import asked, kept  # noqa: F401  a fixture

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def phone(chromium, live_server, client):
    own = Account.objects.get(pk=client.account_id)
    return coming_in(chromium, live_server, inside(own, "portal"), **PHONE)


def opened(window, live_server):
    """The page of the server, and everything for without a network laid ready."""
    page = window.new_page()
    page.goto(f"{live_server.url}/portal/diary/")
    laid_ready(page)
    return page


def choose(page, number):
    page.locator(".daily__one").get_by_text(number, exact=True).first.tap()


def count(page, number):
    page.get_by_role("spinbutton").fill(number)


def press(page, name="Keep"):
    page.get_by_role("button", name=name, exact=True).tap()


def laid_aside(page, before):
    """What lies on the device is another than before."""
    for _ in range(600):
        if page.evaluate(LEFT)["rows"] != before:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was laid aside")


def emptied(page):
    """Nothing lies on the device any more."""
    for _ in range(600):
        left = page.evaluate(LEFT)
        if left == {"rows": [], "caches": [], "workers": []}:
            return
        page.wait_for_timeout(50)
    raise AssertionError(left)


def state(page):
    return page.locator("[data-offline-state]")


def test_kept_without_a_network_closed_opened_again_and_sent_once(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    window.set_offline(True)
    page.reload()
    expect(state(page)).to_contain_text("No network")
    clean(page)
    press(page)
    expect(state(page)).to_contain_text("Nothing was chosen")
    before = page.evaluate(LEFT)["rows"]
    choose(page, "7")
    laid_aside(page, before)
    page.close()

    page = window.new_page()  # what was chosen stays, before it was kept
    page.goto(f"{live_server.url}/portal/diary/")
    expect(page.locator(".daily__one input[value='7']").first).to_be_checked()
    count(page, "12")
    press(page)
    expect(state(page)).to_contain_text("Kept on this device for Today")
    expect(page.locator("[data-unsent]")).to_contain_text("not sent yet")
    clean(page)
    left = page.evaluate(LEFT)
    assert len(left["caches"]) == 1
    assert not any(word in row for row in left["rows"] for word in ("Tension", "answers", "plan"))
    page.close()
    assert kept() == []

    page = window.new_page()  # opened once more, still without a network: another answer
    page.goto(f"{live_server.url}/portal/diary/")
    expect(page.get_by_role("spinbutton")).to_have_value("12")
    choose(page, "6")
    press(page)
    expect(state(page)).to_contain_text("Kept on this device")
    lost = []

    def lose(route):
        route.fetch()  # the server takes it; its answer never arrives
        lost.append(route.request.url)
        route.abort()

    window.route("**/send/", lose, times=1)
    window.set_offline(False)
    page.get_by_text("What waited on this device was kept for").wait_for()
    expect(page.get_by_text("You have answered this.")).to_be_visible()
    assert kept() == [{str(asked[0].pk): 6, str(asked[1].pk): 12}]
    assert DailyEntry.objects.filter(on=time.today()).count() == 1
    assert not page.get_by_text("Other answers had been kept").is_visible()
    window.close()


def test_what_was_being_sent_when_the_network_went_waits_too(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    choose(page, "4")
    window.set_offline(True)
    press(page)  # by the page of the server: the worker keeps it
    expect(state(page)).to_contain_text("not sent yet")
    expect(page.locator(".daily__one input[value='4']").first).to_be_checked()
    page.reload()
    assert kept() == []
    window.set_offline(False)
    page.get_by_text("What waited on this device was kept for").wait_for()
    assert kept() == [{str(asked[0].pk): 4}]
    window.close()


def test_two_devices_the_last_to_arrive_stands_and_is_told(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    window.set_offline(True)
    page.reload()
    choose(page, "3")
    press(page)
    other = phone(chromium, live_server, asked[0].client)
    with_network = other.new_page()
    with_network.goto(f"{live_server.url}/portal/diary/")
    choose(with_network, "9")
    press(with_network)
    with_network.get_by_text("You have answered this.").wait_for()
    window.set_offline(False)
    page.get_by_text("Other answers had been kept for").wait_for()
    assert kept() == [{str(asked[0].pk): 3}]
    before = DailyEntry.objects.get(on=time.today(), replaced_by__isnull=False)
    assert before.answers == {str(asked[0].pk): 9}
    for one in (window, other):
        one.close()


def test_two_days_later_it_counts_for_the_day_it_was_given_for(chromium, live_server, asked):  # noqa: F811
    client, today = asked[0].client, time.today()
    window = phone(chromium, live_server, client)
    page = window.new_page()

    def earlier(route):
        """As the server would have answered two days ago."""
        pack = route.fetch().json()
        then = time.now() - timedelta(days=2)
        route.fulfill(json=pack | {"now": then.isoformat(), "standing": {}})

    window.route("**/pack/", earlier, times=1)
    page.goto(f"{live_server.url}/portal/diary/")
    laid_ready(page)
    window.set_offline(True)
    page.reload()
    choose(page, "5")
    press(page)
    expect(state(page)).to_contain_text("Kept on this device")
    window.set_offline(False)
    page.get_by_text("What waited on this device was kept for").wait_for()
    assert not page.get_by_text("You have answered this.").is_visible()
    entry = DailyEntry.objects.get(on=today - timedelta(days=2))
    assert entry.answers == {str(asked[0].pk): 5}
    assert kept() == []
    window.close()


def test_a_clock_wrong_by_a_year_changes_nothing(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = window.new_page()
    page.clock.set_fixed_time("2019-01-01T12:00:00")
    page.goto(f"{live_server.url}/portal/diary/")
    laid_ready(page)
    window.set_offline(True)
    page.reload()
    choose(page, "8")
    press(page)
    window.set_offline(False)
    page.get_by_text("What waited on this device was kept for").wait_for()
    assert kept() == [{str(asked[0].pk): 8}]
    window.close()


def test_another_who_signs_in_here_sends_nothing_of_it(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    window.set_offline(True)
    page.reload()
    choose(page, "2")
    press(page)
    expect(state(page)).to_contain_text("Kept on this device")
    noa = ClientOf(care_team=[Colleague()], account=AnAccount(realm="PORTAL"))
    ADailyQuestion(plan=ADailyPlan(client=noa, from_on=time.today()))
    coming = phone(chromium, live_server, noa)
    window.add_cookies(coming.cookies())
    window.set_offline(False)
    page.close()
    page = window.new_page()
    page.goto(f"{live_server.url}/portal/diary/")
    notice = page.locator("main [role=alert]")
    expect(notice).to_contain_text("They belong to somebody else who signs in here")
    clean(page)
    assert not DailyEntry.objects.filter(on=time.today()).exists()
    page.get_by_role("button", name="Me").or_(page.locator(".me summary")).first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/portal/signin/**")
    coming = phone(chromium, live_server, asked[0].client)
    window.add_cookies(coming.cookies())
    page.goto(f"{live_server.url}/portal/diary/")
    page.get_by_text("What waited on this device was kept for").wait_for()
    assert kept() == [{str(asked[0].pk): 2}]
    window.close()


def test_signing_out_sends_what_waits_and_leaves_nothing(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    home = window.new_page()
    home.goto(f"{live_server.url}/portal/")
    window.set_offline(True)
    page.reload()
    choose(page, "1")
    press(page)
    expect(state(page)).to_contain_text("Kept on this device")
    page.close()
    window.set_offline(False)
    home.locator(".me summary").click()
    home.get_by_role("button", name="Sign out").click()
    home.wait_for_url("**/portal/signin/**")
    assert kept() == [{str(asked[0].pk): 1}]
    emptied(home)
    window.close()


def test_once_it_is_over_nothing_stays_on_the_device(chromium, live_server, asked):  # noqa: F811
    window = phone(chromium, live_server, asked[0].client)
    page = opened(window, live_server)
    DailyPlan.objects.update(ended_at=time.now(), ended_on=time.today())
    page.reload()
    emptied(page)
    window.close()


def test_several_times_of_a_day_and_from_right_to_left(chromium, live_server, asked):  # noqa: F811
    DailyPlan.objects.update(a_day=2)
    plan = DailyPlan.objects.get()
    plan.times = ["morning", "evening"]
    plan.save()
    Account.objects.filter(pk=plan.client.account_id).update(language="ar")
    window = phone(chromium, live_server, plan.client)
    page = opened(window, live_server)
    window.set_offline(True)
    page.reload()
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.locator("[data-times] button").get_by_text("evening").tap()
    choose(page, "5")
    page.locator(".answering__go").tap()
    expect(page.locator("[data-unsent] li")).to_have_count(1)
    clean(page)
    page.locator("[data-clear]").evaluate("one => one.closest('details').open = true")
    page.locator("[data-clear]").tap()
    expect(page.locator("main form")).to_have_count(0)
    emptied(page)
    window.close()
