"""Links in messages: looking does nothing, pressing does one thing, once, and kindly after."""

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.contact.models import Delivery, Notice, Reply
from rapport.contact.reminders import answers, links
from rapport.core import jobs, time
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.models import Appointment
from rapport.web.signin.quiet import NoTokens
from tests.contact.test_sending import parsed
from tests.factories import AcceptedTerms, SomeTerms
from tests.web.stepping import inside

from .conftest import BY, DAY, HOUR, NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

FRIDAY = NOW + 4 * DAY
EVERY = ["CONFIRM", "CANCEL", "MOVE"]
SAYS = {"CONFIRM": "Will you be there?", "CANCEL": "Call this off?",
        "MOVE": "Would another time be better?"}  # fmt: skip
DONE = {"CONFIRM": "It is noted that you will be there", "CANCEL": "It is called off",
        "MOVE": "you would like another time"}  # fmt: skip


@pytest.fixture
def sent(house, box, listen, setup_mail):
    """A reminder that went out; gives its meeting and the paths of its links."""
    setup_mail(listen(box))
    house.reminds(links=EVERY)
    house.reached()
    meeting = house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    text = parsed(box.mails[-1]).get_body(("plain",)).get_content()
    paths = re.findall(r"http://localhost:8000(/a/\S+)", text)
    with time.at(FRIDAY - DAY + HOUR):
        yield meeting, dict(zip(EVERY, paths, strict=True))


def opened(path, method="get"):
    answer = getattr(Browser(), method)(path)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("does", EVERY)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing_however_often(sent, does, method):
    meeting, paths = sent
    before = Appointment.objects.values().get(), AuditEntry.objects.count()
    for _ in range(3):
        status, page = opened(paths[does], method)
        assert status == 200
        assert method == "head" or SAYS[does] in page
    assert (Appointment.objects.values().get(), AuditEntry.objects.count()) == before
    assert not Reply.objects.exists()


def test_pressing_confirm_notes_it(sent):
    meeting, paths = sent
    assert DONE["CONFIRM"] in opened(paths["CONFIRM"], "post")[1]
    meeting.refresh_from_db()
    assert (meeting.status, meeting.confirmed_at) == ("BOOKED", FRIDAY - DAY + HOUR)
    done = AuditEntry.objects.filter(verb="reminder.answer").get()
    assert done.by == f"link:{Delivery.objects.get().pk.hex}" and done.about == meeting.client_id


def test_pressing_call_it_off_cancels_for_the_client(sent):
    meeting, paths = sent
    assert DONE["CANCEL"] in opened(paths["CANCEL"], "post")[1]
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancelled_by) == ("CANCELLED", "CLIENT")


@pytest.mark.parametrize(("does", "told"), [("CONFIRM", 0), ("CANCEL", 1), ("MOVE", 1)])
def test_the_clinician_hears_of_what_a_client_did_by_a_link(house, sent, does, told):
    paths = sent[1]
    for _ in range(2):
        opened(paths[does], "post")
    jobs.run_due(FRIDAY - DAY + HOUR, loud=True)
    notices = Notice.objects.filter(kind="attention", account_id=house.ana.account_id)
    assert notices.count() == told


def test_what_was_called_off_by_a_link_stands_on_today(house, sent):
    opened(sent[1]["CANCEL"], "post")
    page = inside(house.ana.account).get("/desk/also/").content.decode()
    assert "Clients did this themselves" in page
    assert "called off" in page


@pytest.fixture
def bound(sent):
    """Mara accepted that calling off is late from 48 hours before."""
    meeting, paths = sent
    AcceptedTerms(appointment=meeting, terms=SomeTerms(hours=48))
    return meeting, paths


def test_that_calling_off_is_late_is_said_before_the_button_is_pressed(bound):
    meeting, paths = bound
    status, page = opened(paths["CANCEL"])
    assert status == 200 and "It counts as called off late." in page
    assert "until Wednesday, 9 January, 9 a.m." in page and "Call it off late" in page
    done = Browser().post(paths["CANCEL"], {"late": "yes"}).content.decode()

    assert DONE["CANCEL"] in done
    meeting.refresh_from_db()
    assert (meeting.status, meeting.late) == ("CANCELLED", True)


def test_a_page_that_was_open_while_the_time_ran_out_says_it_first(bound):
    meeting, paths = bound
    status, page = opened(paths["CANCEL"], "post")

    assert status == 422 and "It counts as called off late." in page
    meeting.refresh_from_db()
    assert meeting.status == "BOOKED"


@pytest.mark.parametrize("does", ["CONFIRM", "MOVE"])
def test_the_other_links_say_nothing_of_it(bound, does):
    assert "late" not in opened(bound[1][does])[1]


def test_in_time_nothing_is_said_of_it(sent):
    meeting, paths = sent
    AcceptedTerms(appointment=meeting, terms=SomeTerms(hours=12))
    assert "late" not in opened(paths["CANCEL"])[1]
    assert DONE["CANCEL"] in opened(paths["CANCEL"], "post")[1]
    meeting.refresh_from_db()
    assert (meeting.status, meeting.late) == ("CANCELLED", False)


def test_the_desk_reads_who_called_it_off_and_how(house, sent):
    meeting, paths = sent
    opened(paths["CANCEL"], "post")
    page = inside(house.ana.account).get(f"/desk/appointments/{meeting.pk}/").content.decode()
    line = page[page.index("What became of it") :]

    assert "cancelled by the client" in line and "by a link in a message" in line


def test_pressing_another_time_keeps_the_time_and_says_so(sent):
    meeting, paths = sent
    assert DONE["MOVE"] in opened(paths["MOVE"], "post")[1]
    meeting.refresh_from_db()
    assert meeting.status == "BOOKED"
    assert Reply.objects.get().does == "MOVE"


@pytest.mark.parametrize("does", EVERY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_used_says_kindly_what_was_done(sent, does, method):
    meeting, paths = sent
    opened(paths[does], "post")
    meeting.refresh_from_db()
    revision = meeting.revision
    status, page = opened(paths[does], method)
    assert (status, DONE[does] in page, "<button" in page.split("<main")[1]) == (200, True, False)
    meeting.refresh_from_db()
    assert meeting.revision == revision and Reply.objects.count() == 1


@pytest.mark.parametrize("does", EVERY)
def test_after_the_fact_it_says_that_the_time_is_over(sent, does):
    meeting, paths = sent
    with time.at(FRIDAY + timedelta(minutes=1)):
        status, page = opened(paths[does], "post")
    assert (status, "This time is over" in page) == (200, True)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.confirmed_at) == ("BOOKED", None)


@pytest.mark.parametrize("does", EVERY)
def test_once_it_moved_the_old_link_does_nothing(house, sent, does):
    meeting, paths = sent
    house.moves(meeting, FRIDAY + DAY, now=FRIDAY - DAY)
    status, page = opened(paths[does], "post")
    assert (status, "moved to another time" in page) == (200, True)
    meeting.refresh_from_db()
    assert meeting.status == "BOOKED"


def test_once_it_is_called_off_it_cannot_be_confirmed(house, sent):
    meeting, paths = sent
    house.cancels(meeting, now=FRIDAY - DAY)
    assert "This was called off" in opened(paths["CONFIRM"], "post")[1]


def test_what_was_confirmed_is_not_any_more_when_it_moves(house, sent):
    meeting, paths = sent
    opened(paths["CONFIRM"], "post")
    house.moves(meeting, FRIDAY + DAY, now=FRIDAY - DAY)
    meeting.refresh_from_db()
    assert meeting.confirmed_at is None


def test_what_was_called_off_by_a_link_and_stands_again_is_not_called_off_by_it_twice(sent):
    meeting, paths = sent
    opened(paths["CANCEL"], "post")
    meeting.refresh_from_db()
    meetings.undo(by=BY, appointment=meeting, revision=meeting.revision, now=FRIDAY - DAY)
    assert "this time stands all the same" in opened(paths["CANCEL"], "post")[1]
    meeting.refresh_from_db()
    assert meeting.status == "BOOKED"


def test_a_link_does_its_one_thing_and_no_other(sent):
    """The purpose is signed: the token of one link does not pass as that of another."""
    _meeting, paths = sent
    token = paths["CONFIRM"].split("/")[2]
    holder = links.holder(token)
    assert holder.does == "CONFIRM"
    other = links.Holder(Delivery().pk, "CANCEL")
    with pytest.raises(Denied):
        answers.answer(by=other, delivery=Delivery.objects.get(), now=FRIDAY - DAY)
    with pytest.raises(Denied):
        answers.answer(by=BY, delivery=Delivery.objects.get(), now=FRIDAY - DAY)


@pytest.mark.parametrize("wrong", ["x", "A" * 52, "%00", "é", "a" * 5000])
def test_what_was_not_signed_here_is_not_there(sent, wrong):
    status, page = opened(f"/a/{wrong}/")
    assert (status, "This link does not work." in page) == (404, True)


def test_every_changed_sign_of_a_token_breaks_it(sent):
    _meeting, paths = sent
    token = paths["CANCEL"].split("/")[2]
    for n in range(len(token) - 1):  # the last holds two bits that mean nothing
        changed = token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :]
        assert links.holder(changed) is None


def test_the_page_names_nobody_and_is_kept_nowhere(sent):
    _meeting, paths = sent
    answer = Browser().get(paths["CONFIRM"])
    page = answer.content.decode().lower()
    for word in ("seelenheil", "ana roth", "mara", "therap", "practice", "rapport<"):
        assert word not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="robots" content="noindex' in page


def test_it_speaks_the_language_of_the_message(house, box, listen, setup_mail):
    setup_mail(listen(box))
    house.reminds(links=["CONFIRM"])
    house.reached()
    house.mara.languages = ["de"]
    house.mara.save()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    assert "/?in=de" in parsed(box.mails[-1]).get_body(("plain",)).get_content()


def test_tokens_stay_out_of_the_log(sent):
    _meeting, paths = sent
    record = logging.LogRecord("x", 20, "", 0, "GET %s 200", (paths["CONFIRM"],), None)
    NoTokens().filter(record)
    assert record.getMessage() == "GET /a/…/?in=en 200"


def test_once_confirmed_the_next_message_does_not_ask_again(house, box, listen, setup_mail):
    setup_mail(listen(box))
    house.reminds(links=EVERY, offsets=[1440, 120])
    house.reached()
    meeting = house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    Appointment.objects.filter(pk=meeting.pk).update(confirmed_at=NOW)
    at(FRIDAY - 2 * HOUR, loud=True)
    assert "Confirm" not in parsed(box.mails[-1]).get_body(("plain",)).get_content()
    assert "Call it off" in parsed(box.mails[-1]).get_body(("plain",)).get_content()


def test_calling_it_off_is_told_to_the_client_where_that_is_wanted(house, sent, box):
    _meeting, paths = sent
    house.reminds(links=EVERY, notices=["CANCELLED"])
    opened(paths["CANCEL"], "post")
    jobs.run_due(FRIDAY - DAY + HOUR, loud=True)
    theirs = [parsed(one) for one in box.mails if one.rcpt_tos == ["mara@home.example"]]
    assert "does not take place" in theirs[-1].get_body(("plain",)).get_content()


def test_a_couples_other_half_may_answer_too_and_it_counts_once(sent):
    meeting, paths = sent
    opened(paths["CONFIRM"], "post")
    first = Appointment.objects.get().confirmed_at
    with time.at(FRIDAY - 2 * HOUR):
        opened(paths["CONFIRM"], "post")
    assert Appointment.objects.get().confirmed_at == first
