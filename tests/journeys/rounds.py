"""Going round the house in a real browser: every address that can be looked at, by the walk."""

import re
from pathlib import Path

from playwright.sync_api import Error, expect

from rapport.core import time
from rapport.people.models import Session
from tests.architecture.walk import routes

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
RUN = """axe.run({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(
    r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' '))))"""
LOOKS = (("light", 1440, 900), ("dark", 390, 844), ("contrast", 768, 1024))
TURN = """theme => { document.documentElement.dataset.theme = theme;
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish(); }"""
WIDE = """() => { const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return null;
  const out = one => { const box = one.getBoundingClientRect();
    return one.checkVisibility() && (box.right > root.clientWidth + 1 || box.left < -1); };
  const first = [...document.querySelectorAll('main, main *, .bar, .bar *, footer')].find(out);
  return first?.outerHTML.slice(0, 120) ?? 'something'; }"""
SIGNIN = ("account_", "mfa_", "signin_")
OUT = ("desk_appointment_join", "portal_join", "desk_interview")  # they lead elsewhere


def coming_in(chromium, live_server, visit, **given):
    """A window with the cookies of ``visit`` (a test browser); None is somebody unknown."""
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}} | given)
    for name, morsel in visit.cookies.items() if visit else ():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    return context


def address(route, rows):
    """The path of a route with the keys of ``rows`` in it; None where a row is missing."""
    path = route.path
    if "/members/" in path:
        path = path.replace("<uuid:client_id>", "<uuid:couple_id>")
    path = path.replace("<str:instrument>", "phq-9").replace("<slug:kind>", "goals")
    path = path.replace("<slug:way>", "text")
    path = path.replace("<slug:instrument>", "phq-9").replace("<slug:pack>", "core")
    path = path.replace("<str:shell>", "mdq").replace("<slug:key>", "1")
    for name, row in rows.items():
        path = path.replace(f"<uuid:{name}_id>", str(row.pk))
    path = path.replace("<int:number>", "1").replace("<int:place>", "1")
    return None if "<" in path else path


def visited(page, live_server, door, rows, only=lambda route: not route.name.startswith(SIGNIN)):
    """Open every page of a door, one after the other, and give its route.

    What only takes a form, a file, and what is a part of a page, is passed over; an address
    without an answer is not. The walk takes longer than a proof of who one is stays fresh.
    """
    for route in routes():
        path = address(route, rows)
        if route.door != door or path is None or not only(route) or route.name in OUT:
            continue
        Session.objects.update(stepped_up_at=time.now())
        try:
            answer = page.goto(f"{live_server.url}/{path}")
        except Error as problem:
            if "Download is starting" not in problem.message:
                raise
            continue
        if answer.status == 405 or not re.match(r"\s*<!doctype", answer.text()):
            continue
        assert (answer.status, answer.url) == (200, f"{live_server.url}/{path}"), str(route)
        whole(page)
        yield route


def whole(page):
    """Wait for the parts that come after the page, and open what is folded."""
    if page.query_selector("[hx-trigger=load]"):
        page.wait_for_load_state("networkidle")
    page.evaluate(OPEN)


def go(page, what):
    """Press what leads on, and wait for the page that follows."""
    with page.expect_navigation():
        page.click(what)


def reads(page, where, *words):
    """Wait until all of these words stand there: the page may still be arriving."""
    for one in words:
        expect(page.locator(where).first).to_contain_text(one, use_inner_text=True)


CHARTS = """async () => { const found = [];
  for (const svg of document.querySelectorAll('main svg[role=img]:not(.spark)')) {
    const chart = svg.closest('figure[data-chart]'), table = chart?.nextElementSibling;
    const reader = chart?.querySelector('.chart__reader:not([hidden]) [role=slider]');
    const rows = table?.querySelectorAll('tr[data-said]').length ?? 0;
    const press = key => reader.dispatchEvent(new KeyboardEvent('keydown', { key }));
    const name = svg.getAttribute('aria-label');
    if (!reader) { found.push(`no reading by keyboard: ${name}`); continue; }
    if (!rows || rows !== Number(reader.ariaValueMax)) found.push(`no table: ${name}`);
    press('Home'); const first = reader.ariaValueText; press('End');
    if (!first || (rows > 1 && reader.ariaValueNow !== String(rows))) found.push(`silent: ${name}`);
  } return found; }"""


def wrong(page, looks=LOOKS):
    """What axe says of the page in each look, and the looks in which it scrolls sideways.

    Also every chart that is not read by arrow keys, with words, or has not the same as a table.
    """
    page.wait_for_load_state()
    found = list(page.evaluate(CHARTS))
    page.evaluate(AXE)
    for theme, width, height in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(TURN, theme)
        found += [f"{theme}: {one}" for one in page.evaluate(RUN)]
        found += [f"{theme}: wider than {width}: {one}" for one in [page.evaluate(WIDE)] if one]
    return found


OPEN = "for (const one of document.querySelectorAll('main details')) one.open = true"
# Where answers are tapped every button says something that can be kept: a note may stay empty.
ASKS = """form => form.method === 'post' &&
  !form.matches('[data-passkey], [data-draft], :has(.answers)') &&
  [...form.elements].some(one => one.checkVisibility() && one.matches('input, textarea, select'))"""
SPOIL = """form => { form.noValidate = true;
  for (const one of form.elements) {
    if (one.type === 'hidden' || one.name === 'csrfmiddlewaretoken') continue;
    if (one.matches('select')) one.replaceChildren(new Option('nonsense', 'nonsense', true, true));
    else if (one.type === 'radio') { one.value = 'nonsense'; one.checked = true; }
    else if (one.type === 'checkbox') one.checked = false;
    else if (['date', 'number'].includes(one.type)) { one.type = 'text'; one.value = 'nonsense'; }
    else if (one.matches('input:not([type=file]), textarea')) one.value = '';
  } }"""


def spoilt(page):
    """Send each form of the page emptied and with choices that are none; give what it is.

    The page that answers is in the window while the caller looks at it.
    """
    here, forms = page.url, len(page.query_selector_all("main form"))
    for number in range(forms):
        if page.url != here or number:
            page.goto(here)
            whole(page)
        form = page.query_selector_all("main form")[number]
        if not form.evaluate(ASKS):
            continue
        form.evaluate(SPOIL)
        with page.expect_navigation() as sent:
            form.query_selector("button[type=submit]:not([aria-hidden])").click()
        yield number, sent.value.status
