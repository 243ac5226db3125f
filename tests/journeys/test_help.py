"""Help is one tap away on every page of the portal, in one's language, without script too."""

import pytest

from tests.factories import AnAccount, APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .rounds import go

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mara():
    APractice(country="GB")
    account = AnAccount(realm="PORTAL", language="de")
    ClientOf(care_team=[Colleague()], account=account)
    return account


def context(chromium, live_server, account, **given):
    made = chromium.new_context(viewport={"width": 390, "height": 844}, **given)
    for name, morsel in inside(account, "portal").cookies.items():
        made.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    return made


def test_without_script_one_finds_the_numbers_of_another_land(chromium, live_server, mara):
    phone = context(chromium, live_server, mara, java_script_enabled=False)
    page = phone.new_page()
    page.goto(f"{live_server.url}/portal/looks/")
    go(page, ".help-now a")
    assert page.get_attribute("html", "lang") == "de"
    assert page.get_attribute("a.call >> nth=0", "href") == "tel:999"

    go(page, "text=Österreich")

    assert page.get_attribute("html", "lang") == "de"
    assert page.locator("a[href='tel:142']").count() == 1
    page.click("[data-quick-exit]")
    page.wait_for_url("**/elsewhere/")
    assert page.title() == "Weather"
    phone.close()


@pytest.mark.parametrize("path", ["/portal/looks/", "/help-now/"])
def test_leaving_quickly_leaves_nothing_to_go_back_to(chromium, live_server, mara, path):
    phone = context(chromium, live_server, mara)
    page = phone.new_page()
    page.goto(f"{live_server.url}/elsewhere/")
    page.goto(f"{live_server.url}{path}")
    page.click("[data-quick-exit]")
    page.wait_for_url("**/elsewhere/")

    page.go_back()

    assert page.title() == "Weather"
    phone.close()
