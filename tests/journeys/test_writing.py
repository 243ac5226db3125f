"""Writing a note in a browser: it saves itself, and nothing that happens loses a word."""

import json
import os
import time

import pytest
from playwright.sync_api import expect

from rapport.record.models import Note, OtherDraft
from tests.factories import AnAccount, ANote, APlace, APractice, ClientOf, Colleague
from tests.web.signin.conftest import PASSWORD
from tests.web.stepping import inside

from .rounds import coming_in, go, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ROWS = """async () => {
  const open = await new Promise((done, failed) => {
    const asked = indexedDB.open('rapport-drafts');
    asked.onsuccess = () => done(asked.result); asked.onerror = () => failed(asked.error); });
  if (!open.objectStoreNames.length) return [];
  const rows = await new Promise(done => {
    const asked = open.transaction('waiting').objectStore('waiting').getAll();
    asked.onsuccess = () => done(asked.result); });
  open.close();
  const plain = row => ({ ...row, iv: [...row.iv], sealed: [...new Uint8Array(row.sealed)] });
  return rows.map(plain); }"""


@pytest.fixture
def note(db):
    """Ana's draft about Mara, in which nothing stands yet."""
    APractice()
    house = APlace()
    ana = Colleague(at=[house], account=AnAccount(email="ana@example.org"))
    ana.account.set_password(PASSWORD)
    ana.account.save()
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=house)
    return ANote(client=mara, author=ana, sections={"note": ""})


@pytest.fixture
def window(chromium, live_server, note):
    """Opens browsers in which Ana is signed in; a second page of one is a second window."""
    opened = []

    def open_one(account=None, **given):
        visit = inside(account or note.author.account)
        opened.append(coming_in(chromium, live_server, visit, base_url=live_server.url, **given))
        return opened[-1].new_page()

    yield open_one
    for context in opened:
        context.close()


def at(note):
    return f"/desk/notes/{note.pk}/"


def writing(page, note):
    """Open the note and stand in its text."""
    with page.expect_request_finished(lambda one: one.url.endswith("/desk/me/draft-key/")):
        page.goto(at(note))
    return text(page)


def text(page):
    editor = page.get_by_role("textbox", name="Note")
    editor.focus()
    return editor


def stands(page, words):
    expect(page.locator("[data-draft-state]")).to_contain_text(words)


def kept(note):
    return Note.objects.get(pk=note.pk).sections["note"]


def aside():
    return [row.sections["note"] for row in OtherDraft.objects.all()]


def until(found, wanted, seconds=120):
    end = time.monotonic() + seconds
    while (is_now := found()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert is_now == wanted


def test_what_is_typed_is_saved_within_five_seconds(window, note):
    page = window()
    page.clock.install()
    writing(page, note)
    page.clock.pause_at(time.time() + 60)
    page.keyboard.type("Slept better, ")
    page.keyboard.press("Control+b")
    page.keyboard.type("ate")
    page.keyboard.press("Control+b")
    page.keyboard.type(" well.")
    page.clock.run_for(5_000)
    until(lambda: kept(note), "Slept better, **ate** well.")
    stands(page, "Saved at")
    until(lambda: page.evaluate(ROWS), [])
    page.reload()
    expect(text(page)).to_have_text("Slept better, ate well.")


def test_somebody_who_never_pauses_is_saved_too(window, note):
    page = window()
    writing(page, note)
    for _ in range(200):  # far longer than it may take, and never a pause
        page.keyboard.type("word ")
        page.wait_for_timeout(150)
        if kept(note):
            break
    assert kept(note).startswith("word word")


def test_words_wait_sealed_while_the_network_is_gone_and_go_on_by_themselves(window, note):
    page = window()
    writing(page, note)
    page.context.set_offline(True)
    page.keyboard.type("Nightingale sings.")
    stands(page, "waits on this device, sealed")
    rows = page.evaluate(ROWS)
    assert [row["note"] for row in rows] == [str(note.pk)]
    assert b"ightingale" not in bytes(rows[0]["sealed"])
    assert "ightingale" not in json.dumps(rows)
    assert kept(note) == ""
    page.context.set_offline(False)
    until(lambda: kept(note), "Nightingale sings.")
    until(lambda: page.evaluate(ROWS), [])


LOCK = """() => fetch('/desk/lock/', { method: 'POST', headers: { 'X-Requested-With': 'fetch',
  'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content } })
  .then(answer => answer.status)"""


def test_words_typed_before_the_lock_are_saved_after_it(window, note):
    page, on_their_way = window(), []
    writing(page, note)
    other = page.context.new_page()
    other.goto("/desk/")
    page.route("**/save/", lambda asked: on_their_way.append(asked))
    page.keyboard.type("Before the lock.")
    assert other.evaluate(LOCK) == 204
    with page.expect_response("**/save/") as refused:
        page.unroute("**/save/")
        for late in on_their_way:
            late.continue_()
    assert refused.value.status == 423
    assert kept(note) == ""
    until(lambda: len(page.evaluate(ROWS)), 1)
    page.evaluate("new BroadcastChannel('rapport-lock').postMessage('locked')")
    page.locator("#veil-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".veil")).to_be_hidden()
    until(lambda: kept(note), "Before the lock.")
    until(lambda: page.evaluate(ROWS), [])


def test_of_two_windows_both_texts_are_kept(window, note):
    one = window()
    two = one.context.new_page()
    writing(one, note)
    writing(two, note)
    expect(one.get_by_text("also open in another window")).to_be_visible()
    expect(two.get_by_text("also open in another window")).to_be_visible()
    text(one)
    one.keyboard.type("From the first.")
    until(lambda: kept(note), "From the first.")
    text(two)
    two.keyboard.type("From the second.")
    expect(two.get_by_text("Another window saved this note meanwhile.")).to_be_visible()
    assert kept(note) == "From the first."
    two.keyboard.type(" More.")
    until(aside, ["From the second. More."])
    go(two, "text=See both")
    reads(two, "main", "From the first.", "From the second. More.")
    two.close()
    expect(one.get_by_text("also open in another window")).to_be_hidden()


def test_words_of_a_closed_window_are_delivered_from_any_page_of_the_desk(window, note):
    page = window()
    writing(page, note)
    page.context.set_offline(True)
    page.keyboard.type("The lid was shut.")
    stands(page, "waits on this device, sealed")
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/desk/")
    until(lambda: kept(note), "The lid was shut.")
    until(lambda: later.evaluate(ROWS), [])


def test_words_of_a_closed_window_come_back_into_the_note(window, note):
    page = window()
    writing(page, note)
    page.context.set_offline(True)
    page.keyboard.type("The lid was shut.")
    stands(page, "waits on this device, sealed")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    writing(again, note)
    expect(text(again)).to_have_text("The lid was shut.")
    until(lambda: kept(note), "The lid was shut.")
    until(lambda: again.evaluate(ROWS), [])


def test_words_of_a_closed_window_stand_beside_a_note_that_moved_on(window, note):
    page = window()
    writing(page, note)
    page.context.set_offline(True)
    page.keyboard.type("The lid was shut.")
    stands(page, "waits on this device, sealed")
    context = page.context
    page.close()
    moved = Note.objects.get(pk=note.pk)
    moved.sections, moved.revision = {"note": "From another device."}, 2
    moved.save()
    context.set_offline(False)
    again = context.new_page()
    writing(again, note)
    expect(again.get_by_text("Another window saved this note meanwhile.")).to_be_visible()
    assert kept(note) == "From another device."
    assert aside() == ["The lid was shut."]
    until(lambda: again.evaluate(ROWS), [])


def out(page):
    page.click(".me > summary")
    page.get_by_role("button", name="Sign out").click()


def test_signing_out_with_unsaved_words_asks_and_leaves_them_sealed(window, note):
    page = window()
    writing(page, note)
    page.route("**/save/", lambda route: route.abort())
    page.keyboard.type("Nightingale.")
    stands(page, "waits on this device, sealed")
    out(page)
    asked = page.get_by_role("dialog", name="Some words are not saved yet")
    expect(asked).to_be_visible()
    assert wrong(page) == []
    asked.get_by_role("button", name="Stay").click()
    expect(asked).to_be_hidden()
    assert page.url.endswith(at(note))
    other = page.context.new_page()
    other.goto("/desk/")
    out(other)
    asked = other.get_by_role("dialog", name="Some words are not saved yet")
    asked.get_by_role("button", name="Leave them here and sign out").click()
    other.wait_for_url("**/desk/signin/")
    rows = other.evaluate(ROWS)
    assert len(rows) == 1 and "ightingale" not in json.dumps(rows)
    page.unroute("**/save/")
    expect(page.locator("[data-draft-state]")).to_contain_text("signed out")
    page.close()

    sign_in(other, note.author.account)
    writing(other, note)
    expect(text(other)).to_have_text("Nightingale.")
    until(lambda: kept(note), "Nightingale.")


def test_signing_out_saves_what_can_be_saved_and_asks_nothing(window, note):
    page = window()
    page.clock.install()
    writing(page, note)
    page.keyboard.type("Last words.")
    page.clock.pause_at(time.time() + 60)  # it waits for them three seconds at most, however long
    out(page)
    page.wait_for_url("**/desk/signin/")
    assert kept(note) == "Last words."
    assert page.evaluate(ROWS) == []


def sign_in(page, account):
    """Come in anew in the same browser."""
    origin = page.evaluate("location.origin")
    for name, morsel in inside(account).cookies.items():
        page.context.add_cookies([{"name": name, "value": morsel.value, "url": origin}])


def test_what_waits_of_one_person_is_not_offered_to_another(window, note):
    page = window()
    writing(page, note)
    page.route("**/save/", lambda route: route.abort())
    page.keyboard.type("Nightingale.")
    stands(page, "waits on this device, sealed")
    sealed = page.evaluate(ROWS)
    ben = Colleague(at=[note.client.place], account=AnAccount(email="ben@example.org"))
    sign_in(page, ben.account)
    his = page.context.new_page()
    sent = []
    his.on("request", lambda request: sent.append(request.url))
    his.goto("/desk/")
    his.wait_for_load_state("networkidle")
    assert not [url for url in sent if url.endswith("/save/")]
    assert his.evaluate(ROWS) == sealed
    key = his.evaluate("fetch('/desk/me/draft-key/').then(answer => answer.json())")["key"]
    assert his.evaluate(OPENED, key) == "closed"

    page.unroute("**/save/")
    page.keyboard.type(" More.")
    expect(page.get_by_text("cannot be saved by whoever is signed in now")).to_be_visible()
    assert kept(note) == ""
    out(his)
    his.wait_for_url("**/desk/signin/")
    assert len(his.evaluate(ROWS)) == 1
    sign_in(his, note.author.account)
    until(lambda: kept(note), "Nightingale. More.")


OPENED = """async key => {
  const open = await new Promise(done => {
    const asked = indexedDB.open('rapport-drafts'); asked.onsuccess = () => done(asked.result); });
  const [row] = await new Promise(done => {
    const asked = open.transaction('waiting').objectStore('waiting').getAll();
    asked.onsuccess = () => done(asked.result); });
  const raw = Uint8Array.from(atob(key), one => one.charCodeAt(0));
  const cipher = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  const bound = new TextEncoder().encode(JSON.stringify([row.whose, row.note, row.window]));
  const given = { name: 'AES-GCM', iv: row.iv, additionalData: bound };
  return crypto.subtle.decrypt(given, cipher, row.sealed).then(() => 'open', () => 'closed'); }"""


def test_without_a_key_nothing_is_kept_in_the_clear_and_the_page_says_so(window, note):
    page = window()
    page.route("**/draft-key/", lambda route: route.abort())
    page.goto(at(note))
    text(page)
    page.keyboard.type("Nightingale.")
    stands(page, "not kept on this device: leave this window open")
    assert page.evaluate(ROWS) == []
    page.unroute("**/draft-key/")
    until(lambda: kept(note), "Nightingale.")


def test_a_note_is_signed_with_the_words_that_were_on_their_way(window, note):
    page = window()
    writing(page, note)
    page.keyboard.type("The last sentence.")
    go(page, "text=Read and sign")
    go(page, "main button:has-text('Sign')")
    reads(page, "main", "The last sentence.")
    assert not OtherDraft.objects.exists()
    until(lambda: page.evaluate(ROWS), [])


def test_the_hidden_field_and_the_profile_on_disk_hold_no_word(
    chromium, live_server, note, tmp_path
):
    # A profile of its own, as a laptop has one; what lies in it after the window is gone.
    context = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium_path(), args=["--no-sandbox"], base_url=live_server.url
    )
    for name, morsel in inside(note.author.account).cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    page = context.new_page()
    writing(page, note)
    page.route("**/save/", lambda route: route.abort())
    page.keyboard.type("Nightingale in the hawthorn.")
    stands(page, "waits on this device, sealed")
    assert len(page.evaluate(ROWS)) == 1
    page.wait_for_timeout(1500)
    context.close()
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any("IndexedDB" in str(one) for one in files)
    for word in ("ightingale", "hawthorn"):
        spelt = [word.encode(), word.encode("utf-16-le")]
        assert [one for one in files if any(s in one.read_bytes() for s in spelt)] == []


def chromium_path():
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


def test_one_writes_moves_and_leaves_by_keyboard_alone(window, note):
    page = window()
    writing(page, note)
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Shift+8")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.keyboard.type("three")
    page.keyboard.press("Control+]")
    until(lambda: kept(note), "one\n\n- two\n  - three")
    page.keyboard.press("Control+[")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Save"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    tool = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(tool) == "Bold"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(tool) == "List"
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.keyboard.press("Space")
    page.keyboard.type(" four")
    until(lambda: kept(note), "one\n\n- two\n\nthree four")


def test_the_editor_says_its_name_and_axe_finds_nothing(window, note):
    page = window()
    editor = writing(page, note)
    page.keyboard.type("## A heading\n")
    page.keyboard.type("and *words* here\n- a list\n")
    expect(editor).to_have_attribute("aria-multiline", "true")
    assert wrong(page) == []


def test_what_is_pasted_keeps_emphasis_and_loses_the_rest(window, note):
    page = window()
    writing(page, note)
    paste(page, html="<h1 style='color:red'>Plan</h1><p onclick='x()'>a <b>b</b>"
          " <a href='https://x.example'>c</a><img src=x onerror=x()><script>x()</script></p>"
          "<table><tr><td>d</td></tr></table><ul><li>e</ul>")  # fmt: skip
    until(lambda: kept(note), "# Plan\n\na **b** c\n\nd\n\n- e")


def test_plain_words_that_are_pasted_stay_lines_and_signs(window, note):
    page = window()
    writing(page, note)
    paste(page, text="1. not a list\n* nor this\n\n<b>nor that</b>")
    until(lambda: kept(note), "1\\. not a list\n\\* nor this\n\n<b>nor that</b>")


def test_a_book_that_is_pasted_is_refused_in_words_and_nothing_is_lost(window, note):
    page = window()
    editor = writing(page, note)
    page.keyboard.type("Mine.")
    paste(page, text="word " * 200_000)
    expect(page.get_by_text("That is more than fits here. Nothing was pasted.")).to_be_visible()
    expect(editor).to_have_text("Mine.")
    paste(page, text="word " * 20_000)
    page.keyboard.type("!")
    until(lambda: len(kept(note)), len("Mine.") + 100_000)


def paste(page, text="", html=""):
    page.evaluate(
        """([text, html]) => { const data = new DataTransfer();
          if (text) data.setData('text/plain', text);
          if (html) data.setData('text/html', html);
          document.activeElement.dispatchEvent(new ClipboardEvent('paste',
            { clipboardData: data, bubbles: true, cancelable: true })); }""", [text, html]
    )  # fmt: skip


def test_without_script_the_field_is_an_ordinary_one(window, note):
    page = window(java_script_enabled=False)
    page.goto(at(note))
    field = page.get_by_label("Note", exact=True)
    field.fill("Slept *well*.\n3. March")
    go(page, "main button:has-text('Save')")
    assert kept(note) == "Slept *well*.\n3. March"
    expect(field).to_have_value("Slept *well*.\n3. March")
