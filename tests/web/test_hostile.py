"""What nobody sends by hand: wrong kinds of values, huge numbers, bytes that are no text."""

import json
import uuid

import pytest

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.record.models import ProcessNote
from rapport.record.process_notes import actions as process_notes
from tests.factories import (
    ANote,
    APlace,
    APractice,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

ODD = [None, True, 5, 1.5, 10**30, -1, [], ["a"], {}, {"a": 1}, "", "\x00", "\ud800", "\u202e",
       "x" * 10_000, "9" * 5000, "NaN", "12:00"]  # fmt: skip


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Berg")


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house)


@pytest.fixture
def desk(ana):
    return inside(ana.account)


def saved(desk, address, **given):
    return desk.post(address, json.dumps(given), content_type="application/json")


class TestSavingByItself:
    @pytest.mark.parametrize("name", ["revision", "window", "started_at", "ended_at", "sections"])
    def test_a_note_takes_what_it_knows_and_refuses_the_rest_in_words(self, desk, mara, ana, name):
        note = ANote(client=mara, author=ana, kind="PHONE", revision=3)
        start = {"revision": 3, "window": str(uuid.uuid4()), "sections": {"note": "New words."}}
        for odd in ODD:
            answer = saved(desk, f"/desk/notes/{note.pk}/save/", **start | {name: odd})
            assert answer.status_code in (200, 409, 422), (name, odd)

    @pytest.mark.parametrize("name", ["revision", "window", "sections"])
    def test_a_process_note_does_too(self, desk, mara, ana, name):
        note = process_notes.write(by=ana.account, client=mara, text="Mine.", now=clock.now())
        start = {"revision": 1, "window": str(uuid.uuid4()), "sections": {"text": "New."}}
        for odd in ODD:
            answer = saved(desk, f"/desk/process-notes/{note.pk}/save/", **start | {name: odd})
            assert answer.status_code in (200, 409, 422), (name, odd)

    def test_sections_that_are_no_words(self, desk, mara, ana):
        note = ANote(client=mara, author=ana, kind="PHONE")
        for odd in ODD:
            for sections in ({"note": odd}, {str(odd): "x"}, {"note": {"a": odd}}):
                given = {"revision": 1, "window": str(uuid.uuid4()), "sections": sections}
                answer = saved(desk, f"/desk/notes/{note.pk}/save/", **given)
                assert answer.status_code in (200, 409, 422), sections

    def test_what_is_no_json(self, desk, mara, ana):
        note = ANote(client=mara, author=ana, kind="PHONE")
        for raw in (b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"sections":'):
            address = f"/desk/notes/{note.pk}/save/"
            answer = desk.post(address, raw, content_type="application/json")
            assert answer.status_code == 422


class TestForms:
    def test_a_revision_beyond_all_numbers_is_refused_and_the_words_stay(self, desk, mara, ana):
        note = ANote(client=mara, author=ana, kind="PHONE")
        given = {"revision": str(10**30), "window": str(uuid.uuid4()), "section-note": "Kept here"}
        answer = desk.post(f"/desk/notes/{note.pk}/", given)

        assert answer.status_code == 422
        assert "Kept here" in answer.content.decode()

    def test_pages_of_a_history_that_are_no_numbers(self, desk, mara):
        for odd in ("9" * 5000, "00", "0", "-1", "\u0663", "x", "\x00"):
            assert desk.get(f"/desk/clients/{mara.pk}/history/", {"page": odd}).status_code == 200

    def test_a_client_who_is_no_id_is_nobody(self, desk):
        for odd in ("\x00", "\u202e", "x" * 5000, str(uuid.uuid4())):
            assert desk.get("/desk/calendar/book/", {"client": odd}).status_code == 404

    def test_a_process_note_begun_under_an_id_that_is_taken_touches_nothing(self, desk, mara, ana):
        ben, tim = Colleague(), ClientOf(care_team=[ana])
        now = clock.now()
        theirs = process_notes.write(by=System("test"), client=mara, author=ben, text="B", now=now)
        of_tim = process_notes.write(by=ana.account, client=tim, text="T", now=now)
        for taken in (theirs, of_tim):
            address = f"/desk/clients/{mara.pk}/process-notes/"
            answer = desk.post(address, {"once": str(taken.pk)})
            assert (answer.status_code, answer.url) == (302, address)
            assert "begun already" in desk.get(address).content.decode()

        mine = process_notes.write(by=ana.account, client=mara, text="Mine.", now=now)
        given = {"revision": 7, "window": str(of_tim.pk), "sections": {"text": "Other words."}}
        assert saved(desk, f"/desk/process-notes/{mine.pk}/save/", **given).status_code == 422
        assert ProcessNote.objects.get(pk=of_tim.pk).revision == 1
