"""The address to which a writing page saves by itself, as it is agreed with the script."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core.models import AuditEntry
from rapport.people.models import Session
from rapport.record.models import Note, OtherDraft
from tests.factories import NOW
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(house, begin):
    """Save as the page of Ana's draft does; ``send.note`` is the draft."""
    browser, note = inside(house.ana.account), begin()

    def save(text="Slept better.", revision=1, window=None, raw=None, **more):
        said = {"revision": revision, "window": str(window or uuid.uuid4()),
                "sections": {"note": text}} | more  # fmt: skip
        return browser.post(
            f"/desk/notes/{note.pk}/save/", raw if raw is not None else json.dumps(said),
            content_type="application/json",
        )  # fmt: skip

    save.note, save.browser = note, browser
    return save


def test_what_was_saved_is_answered_with_revision_and_hour(send):
    answer = send(started_at="09:00", ended_at="09:50")
    note = Note.objects.get()

    assert (answer.status_code, set(answer.json())) == (200, {"revision", "saved_at", "saved"})
    assert answer.json()["revision"] == note.revision == 2
    assert answer.json()["saved_at"].endswith("Z")
    assert note.sections == {"note": "Slept better."}
    assert (note.ended_at - note.started_at).seconds == 50 * 60


def test_without_times_they_stay(send):
    send(started_at="09:00", ended_at="09:50")
    send("Slept much better.", revision=2)

    assert Note.objects.get().started_at is not None


def test_another_window_hears_that_its_words_are_kept(send):
    send("one")
    window = uuid.uuid4()
    answers = [send(text, window=window) for text in ("two", "two and more")]

    assert [a.status_code for a in answers] == [409, 409]
    assert answers[0].json() == {
        "revision": 2, "kept": True, "url": f"/desk/notes/{send.note.pk}/",
    }  # fmt: skip
    assert OtherDraft.objects.get().sections == {"note": "two and more"}
    page = send.browser.get(f"/desk/notes/{send.note.pk}/").content.decode()
    assert "two and more" in page


@pytest.mark.parametrize(("text", "kept"), [("one more thing", True), ("", False)])
def test_after_signing_the_page_hears_that_it_is_closed(house, send, text, kept):
    Note.objects.update(state="WAITING", signed_at=NOW, supervisor=house.sam)
    answer = send(text)

    assert (answer.status_code, answer.json()) == (410, {"state": "WAITING", "kept": kept})
    assert OtherDraft.objects.exists() is kept


def test_too_much_is_said_at_the_section_and_nothing_is_written(send):
    answer = send("ü" * 1_000_000)

    assert answer.status_code == 422
    assert "1000000 characters" in answer.json()["errors"]["note"]
    assert Note.objects.get().revision == 1


@pytest.mark.parametrize(
    "more",
    [
        {"started_at": "25:00"}, {"ended_at": "soon"}, {"revision": "x"}, {"revision": 0},
        {"window": "mine"}, {"sections": {"secret": "x"}}, {"sections": ["x"]},
        {"sections": {"note": {"a": 1}}}, {"started_at": "10:00", "ended_at": "09:00"},
        {"raw": ""}, {"raw": "{"}, {"raw": "[" * 100_000}, {"raw": "null"}, {"raw": b"\xff"},
        {"raw": json.dumps({"sections": {"note": "x" * 11_000_000}})},
    ],
)  # fmt: skip
def test_nonsense_is_answered_with_words(send, more):
    answer = send(**more)

    assert answer.status_code == 422
    assert all(answer.json()["errors"].values())
    assert Note.objects.get().revision == 1


def test_signs_that_no_page_can_show_go_and_the_words_stay(send):
    assert send("a\u0000b\ud800c").status_code == 200
    assert Note.objects.get().sections == {"note": "abc"}


def test_nobody_else_saves_and_whoever_is_out_or_locked_hears_it(house, send):
    note = send.note
    stranger = inside(house.ben.account)
    address = f"/desk/notes/{note.pk}/save/"
    asked = {"content_type": "application/json", "headers": {"Sec-Fetch-Mode": "cors"}}
    assert stranger.post(address, "{}", **asked).status_code == 404
    Session.objects.update(locked_at=NOW)
    assert send.browser.post(address, "{}", **asked).status_code == 423
    Session.objects.all().delete()
    out = send.browser.post(address, "{}", **asked)
    assert (out.status_code, "HX-Redirect" in out.headers) == (401, True)


def test_a_save_takes_ten_statements_at_most(send):
    send("one")
    send("one two", revision=2)
    with CaptureQueriesContext(connection) as said:
        assert send("one two three", revision=3).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    ours = [q["sql"] for q in said if not q["sql"].startswith(marks)]

    assert len(ours) <= 10, "\n".join(ours)


def test_a_save_is_one_entry_in_the_trail_and_says_no_word(send):
    send("ornithorhynchus")
    (entry,) = AuditEntry.objects.filter(verb="note.save")

    assert entry.allowed is True
    assert "ornithorhynchus" not in str(entry.subject)
