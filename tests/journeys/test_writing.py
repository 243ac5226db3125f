"""Writing a note in a browser: it saves itself, and nothing that happens loses a word."""

import json
import time

import pytest
from playwright.sync_api import expect

from rapport.record.models import Note, OtherDraft
from tests.factories import AnAccount, ANote, APlace, APractice, ClientOf, Colleague
from tests.web.signin.conftest import PASSWORD
from tests.web.stepping import inside

from .rounds import AXE, RUN, coming_in, wrong

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
  return rows.map(row => ({ ...row, iv: [...row.iv], sealed: [...new Uint8Array(row.sealed)] })); }"""


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
        opened[-1].set_default_timeout(10_000)
        return opened[-1].new_page()

    yield open_one
    for context in opened:
        context.close()


def at(note):
    return f"/desk/notes/{note.pk}/"


def writing(page, note):
    """Open the note and stand in its text."""
    with page.expect_response("**/desk/me/draft-key/"):
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


def until(found, wanted, seconds=8):
    end = time.monotonic() + seconds
    while (is_now := found()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert is_now == wanted


def test_what_is_typed_is_saved_within_five_seconds(window, note):
    page = window()
    writing(page, note)
    page.keyboard.type("Slept better, ")
    page.keyboard.press("Control+b")
    page.keyboard.type("ate")
    page.keyboard.press("Control+b")
    page.keyboard.type(" well.")
    until(lambda: kept(note), "Slept better, **ate** well.", seconds=5)
    stands(page, "Saved at")
    until(lambda: page.evaluate(ROWS), [])
    page.reload()
    expect(text(page)).to_have_text("Slept better, ate well.")


def test_somebody_who_never_pauses_is_saved_too(window, note):
    page = window()
    writing(page, note)
    began = time.monotonic()
    while time.monotonic() - began < 5.2:
        page.keyboard.type("word ")
        page.wait_for_timeout(150)
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


LOCK = "fetch('/desk/lock/', { method: 'POST', headers: { 'X-Requested-With': 'fetch', 'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content } })"


def test_words_typed_before_the_lock_are_saved_after_it(window, note):
    page = window()
    writing(page, note)
    page.keyboard.type("Before the lock.")
    other = page.context.new_page()
    other.goto("/desk/")
    assert other.evaluate(f"{LOCK}.then(answer => answer.status)") == 204
    page.wait_for_timeout(3000)
    assert kept(note) == ""
    assert len(page.evaluate(ROWS)) == 1
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
    aside = lambda: [row.sections["note"] for row in OtherDraft.objects.all()]
    until(aside, ["From the second. More."])
    two.get_by_role("link", name="See both").click()
    two.wait_for_load_state()
    main = two.inner_text("main")
    assert "From the first." in main and "From the second. More." in main
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
    assert [row.sections["note"] for row in OtherDraft.objects.all()] == ["The lid was shut."]
    until(lambda: again.evaluate(ROWS), [])
