"""Who reads a note: whoever treats the client, and of a draft its author alone."""

import pytest

from rapport.core import policy
from tests.factories import ANote, ClientOf, Colleague

pytestmark = pytest.mark.django_db


def test_a_note_that_waits_is_read_by_the_team_and_a_draft_by_its_author():
    ana, ben, stranger = Colleague(), Colleague(), Colleague()
    mara = ClientOf(care_team=[ana, ben])
    draft = ANote(client=mara, author=ana)
    waits = ANote(client=mara, author=ana, state="WAITING", supervisor=ben)

    def reads(who, note):
        return policy.allows("note.read", who.account, note=note)

    assert (reads(ana, draft), reads(ben, draft), reads(stranger, draft)) == (True, False, False)
    assert (reads(ana, waits), reads(ben, waits), reads(stranger, waits)) == (True, True, False)


def test_asked_about_no_note_the_answer_is_no():
    assert not policy.allows("note.read", Colleague().account)
