"""The server is gone and so is the network: the day sheet opens from the disk, and asks nobody."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.launcher.conftest import rapport
from tests.meeting.sealed import opened, parts
from tests.web.signin.conftest import PASSWORD, app_code

from .rounds import AXE, RUN, WIDE
from .test_killed_server import Server, asked

pytestmark = pytest.mark.journey

MADE = """
import sys
from datetime import timedelta
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]))
from rapport.core import time
from tests.factories import AContact, AnAppointment, APlace, ARelatedPerson, AType, ClientOf
from tests.web.signin.conftest import make_staff
ana = make_staff().staff
house = APlace(name="Birch Street 4")
morning = time.day_bounds(time.today())[0] + timedelta(hours=9)
for n, name in enumerate(["Mara Lindgren", "مارا ليندغرين", "Jo " + "Wolfeschlegelstein" * 9]):
    client = ClientOf(legal_name=name, care_team=[ana], place=house)
    AContact(client=client, safe_to_text=True)
    ARelatedPerson(client=client, name="Jon Lindgren", reach="+49 30 1111", emergency=True)
    AnAppointment(client=client, clinician=ana, place=house, way="VIDEO" if n else "HERE",
                  starts_at=morning + timedelta(days=n % 2, hours=n), status="BOOKED",
                  type=AType(name="Long session %s" % n))
"""
LANGUAGE = """
import sys
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]))
from rapport.people.models import Account
Account.objects.update(language="ar")
"""
LOOKS = (("light", 1440, 900), ("dark", 390, 844), ("light", 390, 844))


@pytest.fixture(scope="module")
def sheet(chromium, tmp_path_factory):
    """A sheet that was downloaded while the server lived: its file, the passphrase, the folder."""
    here = tmp_path_factory.mktemp("sheet")
    server = Server(here / "practice")
    owner = ["--owner", "owner@example.org", "--owner-name", "Olive Owner"]
    begun = rapport("init", "--practice", str(server.folder), "--name", "Birch Street", *owner)
    assert begun.returncode == 0, begun.stderr
    asked(MADE, server.folder)
    server.start()
    try:
        file, passphrase = downloaded(chromium, server, here)
    finally:
        server.kill()
    return {"file": file, "passphrase": passphrase, "practice": server.folder}


def downloaded(chromium, server, folder):
    """By keyboard: sign in, make the passphrase, take the file along."""
    context = chromium.new_context(locale="en", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{server.url}/desk/signin/?next=/desk/sheet/")
    page.get_by_label("Mail address").fill("ana@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(app_code())
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make the passphrase").focus()
    page.keyboard.press("Enter")
    passphrase = page.locator("#passphrase").inner_text()
    button = page.get_by_role("button", name="Download the sheet")
    button.focus()
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    assert re.fullmatch(r"day-sheet-\d{4}-\d\d-\d\d\.html", got.value.suggested_filename)
    file = folder / got.value.suggested_filename
    got.value.save_as(file)
    context.close()
    return file, passphrase


@pytest.fixture
def window(chromium):
    """A window without a network, and every address that its page asked for."""
    contexts = []

    def opening(file, **given):
        context = chromium.new_context(**{"locale": "en", "offline": True} | given)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("websocket", lambda socket: page.asked.append(socket.url))
        page.on("console", lambda line: page.said.append(line.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield opening
    for context in contexts:
        context.close()


def unlock(page, passphrase):
    page.get_by_label("Passphrase").fill(passphrase)
    page.keyboard.press("Enter")


def test_it_opens_without_server_and_network_by_keyboard_alone(sheet, window):
    page = window(sheet["file"])
    assert "Mara" not in page.content()
    page.keyboard.press("Tab")
    page.keyboard.type("AAAA BBBB")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "A passphrase has 20 letters and digits; there are so many here: 8"
    )
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Q" * 20)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That does not open it.")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    expect(page.get_by_label("Passphrase")).to_have_attribute("aria-invalid", "true")
    assert "Mara" not in page.content()

    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(sheet["passphrase"].lower().replace("-", " ").replace("0", "o"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("today")
    assert page.get_by_role("heading", level=2).count() == 7
    expect(page.get_by_role("link", name="+49 30 901820").first).to_have_attribute(
        "href", "tel:+49 30 901820"
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Print")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    assert "Mara" not in page.content()

    assert page.asked == [sheet["file"].as_uri()]
    assert page.said == []


@pytest.mark.parametrize(("scheme", "width", "height"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(sheet, window, scheme, width, height):
    page = window(sheet["file"], color_scheme=scheme, bypass_csp=True,
                  viewport={"width": width, "height": height})  # fmt: skip
    page.evaluate(AXE)
    unlock(page, "Q" * 20)
    expect(page.get_by_role("alert")).to_be_visible()
    closed = page.evaluate(RUN), page.evaluate(WIDE)
    unlock(page, sheet["passphrase"])
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()

    assert (closed, page.evaluate(RUN), page.evaluate(WIDE)) == (([], None), [], None)
    if width == 390:
        small = "all => all.filter(one => one.getBoundingClientRect().height < 44).length"
        assert page.eval_on_selector_all("#open button, nav a", small) == 0


def test_it_locks_itself_when_nobody_touches_it(sheet, window):
    page = window(sheet["file"])
    page.clock.install()
    page.goto(sheet["file"].as_uri())
    unlock(page, sheet["passphrase"])
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    page.clock.run_for(4 * 60_000)
    page.mouse.move(5, 5)
    page.clock.run_for(4 * 60_000)
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    page.clock.run_for(61_000)

    expect(page.get_by_role("status")).to_contain_text("Locked, because nobody touched it")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    expect(page.get_by_label("Passphrase")).to_have_value("")
    assert "Mara" not in page.content()


def test_it_says_when_it_is_older_than_a_day(sheet, window):
    page = window(sheet["file"])
    old = page.get_by_text("more than 24 hours old")
    expect(old).to_be_hidden()
    page.clock.install()
    page.goto(sheet["file"].as_uri())
    page.clock.fast_forward(23 * 60 * 60_000)
    expect(old).to_be_hidden()
    page.clock.fast_forward(62 * 60_000)
    expect(old).to_be_visible()
    unlock(page, sheet["passphrase"])
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    expect(old).to_be_visible()
    expect(page.locator("[data-today]:visible")).to_have_count(1)


def test_it_prints_every_day_and_no_button(sheet, window, tmp_path):
    page = window(sheet["file"], color_scheme="dark")
    unlock(page, sheet["passphrase"])
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    page.emulate_media(media="print")

    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper in ("rgb(255, 255, 255)", "white")
    page.pdf(path=tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").stat().st_size > 5_000


def test_a_changed_header_or_a_damaged_file_says_so(sheet, window, tmp_path):
    whole = sheet["file"].read_text()
    header, _body = parts(whole)
    for name, changed, sentence in (
        ("later", whole.replace('"header":"ey', '"header":"eyA'), "This file is damaged"),
        ("cut", whole.replace('"body":"', '"body":"AAAA'), "That does not open it."),
    ):
        assert changed != whole
        file = tmp_path / f"{name}.html"
        file.write_text(changed)
        page = window(file)
        unlock(page, sheet["passphrase"])
        expect(page.get_by_role("alert")).to_contain_text(sentence)
    assert b"Mara" not in header


def test_the_command_writes_the_same_without_a_server_in_another_language(sheet, window, tmp_path):
    practice = tmp_path / "practice"
    shutil.copytree(sheet["practice"], practice)
    asked(LANGUAGE, practice)
    refused = rapport("day-sheet", "--practice", str(practice))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    nowhere = rapport("day-sheet", "--practice", str(practice), "--to", str(tmp_path / "out"))
    assert "Connect the disk or make the folder first." in nowhere.stderr
    (tmp_path / "out").mkdir()
    done = rapport("day-sheet", "--practice", str(practice), "--to", str(tmp_path / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1 day sheet(s) written to {tmp_path / 'out'}.\n"
    (file,) = (tmp_path / "out").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Mara Lindgren" in opened(*parts(file.read_text()), sheet["passphrase"])

    page = window(file, bypass_csp=True, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.locator("#words").fill(sheet["passphrase"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mara Lindgren")).to_be_visible()
    page.evaluate(AXE)
    assert (page.evaluate(RUN), page.evaluate(WIDE)) == ([], None)
