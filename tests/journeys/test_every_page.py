"""Every page in a real browser, found by the walk over all addresses: axe finds nothing."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from rapport.people.circle import actions as circle
from rapport.people.models import Account, CareTeamMember
from tests.architecture.walk import routes
from tests.factories import (
    LONG_AGO,
    AnAccount,
    AnEpisode,
    APlace,
    APractice,
    ARelatedPerson,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
RUN = """axe.run().then(
    r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' '))))"""
LOOKS = [("light", 1440, 900), ("dark", 390, 844), ("contrast", 768, 1024)]
SIGNIN = ("account_", "mfa_", "signin_")
ONLY_POSTED = {"desk_client_archive", "desk_client_restrict", "desk_colleague_invite",
               "desk_colleague_back", "desk_colleague_withdraw", "desk_supervision_end",
               "desk_place_close", "desk_mail_test", "desk_mail_forget", "desk_backup_make",
               "desk_contact_remove", "desk_related_remove",
               "desk_client_members_add", "desk_client_members_remove", "desk_client_part_end",
               "desk_client_part_back", "desk_episode_back", "desk_client_portal_withdraw",
               "desk_client_portal_close", "desk_client_export",
               "demo_step"}  # fmt: skip
FORMS = {"desk_admit", "desk_break_glass", "desk_client_contact", "desk_client_related",
         "desk_contact", "desk_related", "desk_client_portal",
         "desk_engage", "desk_place", "desk_client_edit", "desk_practice_edit",
         "desk_place_edit", "desk_mail_edit"}  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def world():
    APractice()
    house = APlace()
    ana = Colleague(roles=["CLINICIAN", "OWNER"], at=[house])
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(
        legal_name="Wolfeschlegelsteinhausenbergerdorff " * 5, preferred_name="مارا",
        care_team=[ana], place=house, account=account,
    )  # fmt: skip
    contact = circle.add_contact(
        by=ana.account, client=mara, kind="MAIL", value="m@example.org", safe_to_write=True
    )
    person = ARelatedPerson(client=mara, name="سلمى " * 20, emergency=True)
    couple = ClientOf(legal_name="Kühn and Okafor", kind="COUPLE", care_team=[ana], place=house)
    circle.add_member(by=ana.account, client=couple, member=mara)
    CareTeamMember.objects.create(client=mara, staff=Colleague(at=[house]), from_on=LONG_AGO)
    AnEpisode(client=mara, responsible=ana, closed_on=LONG_AGO, close_reason="MOVED")
    rows = {
        "staff": ana, "contact": contact, "person": person,
        "episode": AnEpisode(client=mara, responsible=ana, problem="LOSS"),
    }  # fmt: skip
    return {
        "ana": ana, "mara": mara, "couple": couple, "rows": rows,
        "portal": Account.objects.get(pk=account.pk),
    }  # fmt: skip


def opened(chromium, live_server, account, door, theme, width, height):
    account.theme = theme
    account.save(update_fields=["theme"])
    context = chromium.new_context(viewport={"width": width, "height": height})
    for name, morsel in inside(account, door).cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    return context


def pages(door):
    for route in routes():
        if route.door != door or "<uuid:job_id>" in route.path or "<str:" in route.path:
            continue
        if route.name in ONLY_POSTED:
            continue
        if route.name.startswith(SIGNIN) and route.name not in {"mfa_index", "account_login"}:
            continue
        yield route


def wrong(page):
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    wide = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found + (["wider than the screen"] if wide else [])


@pytest.mark.parametrize(("theme", "width", "height"), LOOKS)
@pytest.mark.parametrize("door", ["desk", "portal", "public"])
def test_axe_finds_nothing_on_any_page(chromium, live_server, world, door, theme, width, height):
    account = world["portal"] if door == "portal" else world["ana"].account
    context = opened(chromium, live_server, account, "portal" if door == "portal" else "desk",
                     theme, width, height)  # fmt: skip
    page, problems, seen = context.new_page(), {}, 0
    for route in pages(door):
        whose = world["couple"] if "/members/" in route.path else world["mara"]
        path = route.path.replace("<uuid:client_id>", str(whose.pk))
        for name, row in world["rows"].items():
            path = path.replace(f"<uuid:{name}_id>", str(row.pk))
        path = path.replace("<uuid:place_id>", str(world["mara"].place_id))
        path = path.replace("<uuid:leaving_id>", str(world["ana"].pk))
        if "find" in path or "elsewhere" in path:
            continue  # a part of a page, and a page about nothing
        page.goto(f"{live_server.url}/{path}")
        seen += 1
        if found := wrong(page):
            problems[route.name] = found
        if route.name in FORMS:
            for field in page.query_selector_all("main input:not([type=hidden]), main textarea"):
                if field.get_attribute("type") not in ("checkbox", "radio", "date", "search"):
                    field.fill("")
            page.click("main button[type=submit]")
            if found := wrong(page):
                problems[f"{route.name}, wrong"] = found
    context.close()

    assert seen >= 2
    assert problems == {}


def test_a_client_is_found_as_one_types_and_opened_by_keyboard_alone(chromium, live_server, world):
    context = opened(chromium, live_server, world["ana"].account, "desk", "light", 1440, 900)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.keyboard.press("Control+k")
    page.keyboard.type("wolfe")
    page.wait_for_selector("[role=option] .name")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/clients/{world['mara'].pk}/")

    assert page.inner_text("h1") == "مارا"
    context.close()


def test_without_script_one_reads_searches_and_submits(chromium, live_server, world):
    context = chromium.new_context(java_script_enabled=False)
    for name, morsel in inside(world["ana"].account).cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/")
    page.fill("#q", "wolfe")
    page.keyboard.press("Enter")
    page.click("#found a")
    page.click("text=Change")
    page.fill("[name=pronouns]", "she/her")
    page.click("main button[type=submit]")

    assert "she/her" in page.inner_text("main")
    context.close()


def test_what_was_removed_comes_back_by_one_button(chromium, live_server, world):
    context = opened(chromium, live_server, world["ana"].account, "desk", "dark", 390, 844)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['mara'].pk}/")
    page.click("text=Remove >> nth=0")
    page.wait_for_selector(".undo")
    assert wrong(page) == []
    assert "m@example.org" not in page.inner_text("main")
    page.click("text=Undo")
    page.wait_for_selector("text=m@example.org")
    context.close()


def test_a_link_to_the_portal_is_shown_to_be_handed_over(chromium, live_server, world):
    context = opened(chromium, live_server, world["ana"].account, "desk", "light", 390, 844)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['mara'].pk}/portal/")
    page.click("main button.btn-primary")
    page.wait_for_selector("#link")

    assert "/i/" in page.input_value("#link")
    assert wrong(page) == []
    context.close()


def test_who_belongs_to_a_couple_is_found_as_one_types(chromium, live_server, world):
    mia = ClientOf(legal_name="Mia Okafor", care_team=[world["ana"]])
    context = opened(chromium, live_server, world["ana"].account, "desk", "light", 1440, 900)
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clients/{world['couple'].pk}/members/")
    page.type("#q", "okaf")
    page.wait_for_selector("#choose .entry")
    assert wrong(page) == []
    page.click("#choose button")
    page.wait_for_selector(f"a[href='/desk/clients/{mia.pk}/']")
    context.close()
