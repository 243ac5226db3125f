"""Process notes are their author's: nobody else finds, reads or changes one."""

import json
import uuid

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry, DataKey
from rapport.core.vault.checks import rows_the_trail_names
from rapport.record.models import AuthorKey, ProcessNote
from rapport.record.notes.problems import CannotWrite
from rapport.record.process_notes import actions, queries
from tests.factories import ClientOf
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(house):
    """Ana's thought about Mara."""
    return actions.write(
        by=house.ana.account, client=house.mara, text="I was tired of her.", now=clock.now()
    )


def fresh(note):
    return ProcessNote.objects.select_related("author_key__data_key").get(pk=note.pk)


def change(note, text, *, by, revision=None, window=None):
    return actions.change(
        by=by.account, process_note=note, text=text, revision=revision or note.revision,
        window=window or uuid.uuid4(), now=clock.now(),
    )  # fmt: skip


def test_each_author_has_a_key_of_their_own(house, written):
    mine = ClientOf(care_team=[house.ana, house.ben])
    actions.write(by=house.ana.account, client=mine, text="One.", now=clock.now())
    actions.write(by=house.ben.account, client=mine, text="Two.", now=clock.now())

    keys = AuthorKey.objects.select_related("data_key")
    assert {key.author for key in keys} == {house.ana, house.ben}
    assert {key.data_key.purpose for key in keys} == {"AUTHOR"}
    assert DataKey.objects.filter(purpose="AUTHOR").count() == 2
    assert written.author_key.data_key != house.mara.data_key


def test_only_the_author_finds_and_changes_it(house, written):
    house.mara.care_team.create(staff=house.ben, from_on=clock.today())
    assert queries.get(by=house.ana.account, process_note_id=written.pk) == written
    for other in (house.ben, house.sam):
        assert list(queries.of_client(by=other.account, client=house.mara)) == []
        with pytest.raises(ProcessNote.DoesNotExist):
            queries.get(by=other.account, process_note_id=written.pk)
        with pytest.raises(policy.Denied):
            change(written, "Mine now.", by=other)
        with pytest.raises(policy.Denied):
            actions.remove(by=other.account, process_note=written)
    assert fresh(written).text == "I was tired of her."


def test_the_program_reads_none(written):
    assert not ProcessNote.objects.visible_to(policy.System("cli")).exists()


def test_it_is_begun_once(house):
    once = uuid.uuid4()
    for _twice in range(2):
        actions.write(by=house.ana.account, client=house.mara, once=once, now=clock.now())
    assert ProcessNote.objects.count() == 1
    mine = ClientOf(care_team=[house.ben])
    with pytest.raises(CannotWrite):
        actions.write(by=house.ben.account, client=mine, once=once, now=clock.now())


def test_two_windows_both_keep_their_words(house, written):
    window = uuid.uuid4()
    change(written, "I was tired.", by=house.ana)
    for text in ("Why was I tired", "Why was I tired?"):
        saved = change(written, text, by=house.ana, revision=1, window=window)

    assert saved.kept.text == "Why was I tired?"
    texts = [one.text for one in queries.of_client(by=house.ana.account, client=house.mara)]
    assert sorted(texts) == ["I was tired.", "Why was I tired?"]


def test_a_book_is_answered_with_words(house, written):
    with pytest.raises(CannotWrite, match="at most 200000"):
        change(written, "x" * 1_000_000, by=house.ana)
    assert fresh(written).text == "I was tired of her."


def test_what_is_thrown_away_is_not_missed(house, written):
    actions.remove(by=house.ana.account, process_note=written)

    assert not ProcessNote.objects.exists()
    assert list(rows_the_trail_names()) == []


def test_the_author_reads_on_after_leaving_the_care_team_and_writes_no_more(house, written):
    house.mara.care_team.update(until_on=clock.today())
    browser, address = inside(house.ana.account), f"/desk/clients/{house.mara.pk}/process-notes/"
    page = browser.get(address)

    assert "I was tired of her." in page.content.decode()
    assert browser.get(f"/desk/process-notes/{written.pk}/").status_code == 200
    assert browser.post(address).status_code == 404
    assert browser.get(f"/desk/clients/{house.mara.pk}/").status_code == 404
    house.ana.ended_on = clock.today()
    house.ana.save()
    assert inside(house.ana.account).get(address).status_code in (302, 404)


class TestPages:
    def test_one_is_begun_written_and_thrown_away(self, house):
        browser = inside(house.ana.account)
        begun = browser.post(
            f"/desk/clients/{house.mara.pk}/process-notes/", {"once": str(uuid.uuid4())}
        )
        assert begun.status_code == 302
        sent = {"revision": "1", "window": str(uuid.uuid4()), "section-text": "I *was* tired."}
        assert browser.post(begun.url, sent).status_code == 302
        page = browser.get(f"/desk/clients/{house.mara.pk}/process-notes/").content.decode()
        assert "I <em>was</em> tired." in page
        assert browser.post(f"{begun.url}remove/").status_code == 302
        assert not ProcessNote.objects.exists()

    def test_what_is_wrong_loses_nothing(self, house, written):
        text = "y" * 200_001
        answer = inside(house.ana.account).post(
            f"/desk/process-notes/{written.pk}/",
            {"revision": "1", "window": str(uuid.uuid4()), "section-text": text},
        )
        assert answer.status_code == 422
        assert text in answer.content.decode()
        assert "at most 200000" in answer.content.decode()

    def test_it_saves_itself_as_notes_do(self, house, written):
        browser, window = inside(house.ana.account), str(uuid.uuid4())

        def send(text, revision, window=window):
            said = {"revision": revision, "window": window, "sections": {"text": text}}
            return browser.post(
                f"/desk/process-notes/{written.pk}/save/", json.dumps(said),
                content_type="application/json",
            )  # fmt: skip

        first = send("I was tired.", 1)
        assert (first.status_code, first.json()["revision"]) == (200, 2)
        second = send("Was I tired?", 1, str(uuid.uuid4()))
        assert (second.status_code, second.json()["kept"]) == (409, True)
        assert [send(bad, 2).status_code for bad in (7, None, "x" * 300_000)] == [422] * 3

    def test_everybody_else_has_a_page_that_is_not_there(self, house, written):
        house.mara.care_team.create(staff=house.ben, from_on=clock.today())
        browser = inside(house.ben.account)
        for path in ("", "save/", "remove/"):
            address = f"/desk/process-notes/{written.pk}/{path}"
            assert browser.post(address).status_code == 404
        assert browser.get(f"/desk/process-notes/{written.pk}/").status_code == 404
        mine = browser.get(f"/desk/clients/{house.mara.pk}/process-notes/").content.decode()
        assert "tired" not in mine


def test_the_trail_says_that_it_was_done_and_no_word(house, written):
    change(written, "And bored.", by=house.ana)
    verbs = list(AuditEntry.objects.order_by("number").values_list("verb", flat=True))
    said = json.dumps(list(AuditEntry.objects.values_list("subject", flat=True)))

    assert verbs == ["process_note.write", "process_note.open"]
    assert "tired" not in said
