"""Every page by keyboard alone: all is reached, seen and left again; what opens gives back."""

import pytest
from playwright.sync_api import expect

from tests.factories import APractice, ClientOf
from tests.web.signin.conftest import PASSWORD, app_code, make_staff
from tests.web.stepping import inside

from .rounds import SIGNIN, coming_in, visited

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STOPS = """() => {
  // From the top of the page, also where a field took the focus as it opened.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.blur();
  document.body.removeAttribute('tabindex');
  const groups = {};
  let count = 0;
  for (const one of document.querySelectorAll(
      'a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.disabled || one.tabIndex < 0
      || one.type === 'hidden' || one.closest('[inert]')) continue;
    const words = (one.getAttribute('aria-label') || one.innerText || one.name || '').trim();
    const stop = one.type === 'radio' ? groups[one.name] ??= count++ : count++;
    one.dataset.stop = `${stop} ${one.localName} ${words.slice(0, 40)}`;
  }
  return [...new Set([...document.querySelectorAll('[data-stop]')].map(one => one.dataset.stop))];
}"""
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), innerWidth - 2);
  const at = [0.1, 0.25, 0.5, 0.75, 0.9].map(part => document.elementFromPoint(
    x, Math.min(Math.max(box.top + box.height * part, 1), innerHeight - 2)));
  const labels = [...(one.labels ?? [])];
  return { stop: one.dataset.stop ?? one.outerHTML.slice(0, 80),
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    open: box.bottom > 0 && box.top < innerHeight && at.some(seen => seen && (one.contains(seen)
      || seen.contains(one) || labels.some(label => label.contains(seen)))) };
}"""
PARTS_OF_A_DATE = 5


def walked(page):
    """Press Tab until the page is left or begins anew; what went wrong, and how many stops."""
    stops, met, problems = page.evaluate(STOPS), [], []
    dates = page.locator("input[type=date], input[type=time]").count()
    for _ in range(len(stops) + PARTS_OF_A_DATE * dates + 2):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or here["stop"] in met[:1] and len(set(met)) > 1:
            break  # out of the page, or round it
        met.append(here["stop"])
        if not here["marked"]:
            problems.append(f"nothing shows the focus: {here['stop']}")
        if not here["open"]:
            problems.append(f"covered while it has the focus: {here['stop']}")
    else:
        problems.append(f"the focus is trapped at {met[-3:]}")
    problems += [f"never reached: {stop}" for stop in stops if stop not in met]
    order = sorted(set(met), key=met.index)
    if order != [stop for stop in stops if stop in met]:
        problems.append("another order than one reads in")
    return sorted(set(problems)), len(stops)


MY_SIGNIN = {"mfa_index", "mfa_activate_totp", "signin_add_passkey", "account_change_password",
             "account_reauthenticate"}  # fmt: skip


def passed(route):
    """Everything but the rest of the sign-in, which is another page in another state."""
    return not route.name.startswith(SIGNIN) or route.name in MY_SIGNIN


@pytest.mark.parametrize(
    ("door", "width", "pages"), [("desk", 1440, 40), ("desk", 390, 40), ("portal", 390, 8),
                                 ("public", 390, 4)]
)  # fmt: skip
def test_tab_reaches_everything_and_the_focus_is_always_seen(
    chromium, live_server, world, door, width, pages
):
    visit = inside(world[door], door) if door in world else None
    given = {"viewport": {"width": width, "height": 700}}
    context = coming_in(chromium, live_server, visit, **given)
    page, problems, seen = context.new_page(), {}, 0
    for route in visited(page, live_server, door, world["rows"], only=passed):
        found, stops = walked(page)
        seen += 1
        if found or not stops:
            problems[str(route)] = found
    context.close()

    assert {where: found for where, found in problems.items() if "elsewhere" not in where} == {}
    assert seen >= pages


@pytest.fixture
def desk(chromium, live_server, world):
    """A window at the desk, on the page about today."""
    context = coming_in(chromium, live_server, inside(world["desk"]))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    yield page
    context.close()


def focus(page):
    """What has the focus, in a word."""
    return page.evaluate(
        "(document.activeElement.closest('summary') ?? document.activeElement).outerHTML"
    )


def test_the_first_tab_offers_to_skip_and_it_leads_to_the_page(desk):
    desk.keyboard.press("Tab")
    assert 'class="skip"' in focus(desk)
    desk.keyboard.press("Enter")
    assert 'id="main"' in focus(desk)
    desk.keyboard.press("Tab")
    assert desk.evaluate("!!document.activeElement.closest('main')")


def test_the_menu_opens_by_key_and_gives_the_focus_back(desk):
    desk.focus(".me > summary")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert "/desk/me/" in focus(desk)
    desk.keyboard.press("Escape")

    assert "<summary" in focus(desk)
    assert not desk.is_visible(".me__list")


def test_a_menu_that_the_focus_leaves_closes_behind_it(desk):
    desk.focus(".me > summary")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".me__list")
    for _ in range(desk.locator(".me__list :is(a, button)").count() + 1):
        desk.keyboard.press("Tab")

    assert desk.evaluate("!!document.activeElement.closest('main')")
    assert not desk.is_visible(".me__list")


@pytest.mark.parametrize("on", ["2026-11-23", "2026-11-28"])
def test_what_is_chosen_over_the_calendar_on_a_phone_closes_behind_the_focus(desk, live_server, on):
    desk.set_viewport_size({"width": 390, "height": 700})
    desk.goto(f"{live_server.url}/desk/calendar/?on={on}")
    desk.focus(".fold > summary")
    desk.keyboard.press("Enter")
    desk.focus(".fold button[type=submit]")
    covered = []
    for _ in range(7):
        desk.keyboard.press("Tab")
        here = desk.evaluate(HERE)
        covered += [] if here["open"] else [here["stop"]]

    assert covered == [] and not desk.is_visible(".fold__in")
    desk.focus(".fold > summary")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    assert not desk.is_visible(".fold__in") and "<summary" in focus(desk)
    desk.keyboard.press("Enter")
    desk.click("main h1")  # elsewhere, and on nothing that leads away
    assert not desk.is_visible(".fold__in")


def test_the_palette_is_gone_through_by_arrows_and_gives_the_focus_back(desk):
    desk.focus("[data-open-palette]")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("[role=option][aria-selected=true]")
    first = desk.inner_text("[role=option][aria-selected=true]")
    desk.keyboard.press("ArrowDown")
    assert desk.inner_text("[role=option][aria-selected=true]") != first
    desk.keyboard.press("ArrowUp")
    assert desk.inner_text("[role=option][aria-selected=true]") == first
    named = desk.get_attribute("#palette-input", "aria-activedescendant")
    assert desk.get_attribute("[role=option][aria-selected=true]", "id") == named
    desk.keyboard.press("Escape")

    expect(desk.locator("dialog[open]")).to_have_count(0)
    assert "data-open-palette" in focus(desk)


def test_the_keys_are_shown_by_a_key_and_give_the_focus_back(desk):
    desk.focus("main a")
    before = focus(desk)
    desk.keyboard.press("?")
    assert desk.is_visible("dialog.keys")
    desk.keyboard.press("Enter")  # the button to close has the focus

    expect(desk.locator("dialog[open]")).to_have_count(0)
    assert focus(desk) == before


def test_a_client_is_admitted_without_a_mouse(desk, world):
    desk.keyboard.press("Control+k")
    desk.keyboard.type("admit")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admit/")
    desk.focus("main input[name=legal_name]")
    desk.keyboard.type("Jo Nkemelu")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("h1:has-text('Jo Nkemelu')")

    assert ClientOf._meta.model.objects.filter(legal_name="Jo Nkemelu").exists()


def test_one_signs_in_by_keyboard(chromium, live_server):
    APractice()
    make_staff()
    context = coming_in(chromium, live_server, None)
    page = context.new_page()
    for path in ("/desk/signin/forgotten/", "/desk/signin/"):
        page.goto(f"{live_server.url}{path}")
        found, stops = walked(page)
        assert (found, stops > 3) == ([], True)
    page.focus("main input[name=mail]")
    page.keyboard.type("ana@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/signin/code/")
    page.focus("main input[name=code]")
    page.keyboard.type(app_code())
    page.keyboard.press("Enter")
    page.wait_for_selector(".me")
    context.close()
