"""Mail that comes back: read from what mail servers send, and from what anybody might."""

import io
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.cli import main
from rapport.contact import notices
from rapport.contact.models import Delivery, Failing, Notice
from rapport.contact.reminders import bounces
from rapport.core import jobs, practice
from tests.contact.test_sending import parsed

from .conftest import BY, DAY, HOUR, NOW, at, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

FRIDAY = NOW + 4 * DAY
REPORT = """\
From: MAILER-DAEMON@mx.example
To: post@practice.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Thu, 10 Jan 2030 09:00:02 +0000

Final-Recipient: rfc822; mara@home.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <mara@home.example>: no such user

--B
Content-Type: {kind}

{head}

--B--
"""
HEAD = "From: post@practice.example\nMessage-ID: <{id}@practice.example>\nSubject: Reminder"


def report(id, *, action="failed", status="5.1.1", kind="message/rfc822", head=HEAD):
    whole = REPORT.format(action=action, status=status, kind=kind, head=head.format(id=id))
    return whole.replace("\n", "\r\n").encode()


@pytest.fixture
def sent(house, box, listen, setup_mail):
    setup_mail(listen(box))
    house.reminds(offsets=[1440, 120])
    house.contact = house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    house.box, house.row = box, Delivery.objects.get()
    return house


def came(raw):
    found = bounces.read(raw)
    return found is not None and bounces.came_back(by=BY, report=found, now=NOW)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_the_message_and_the_address(sent, kind):
    assert came(report(sent.row.pk, kind=kind))
    assert states() == [("REMINDER", "mail", "BOUNCED")]
    assert (Failing.objects.get().contact, Failing.objects.get().code) == (sent.contact, "5.1.1")
    sent.box.mails.clear()
    at(FRIDAY - 2 * HOUR, loud=True)
    assert sent.box.mails == []


def test_it_is_marked_once(sent):
    assert came(report(sent.row.pk))
    assert not came(report(sent.row.pk))


@pytest.mark.parametrize(
    "given",
    [{"action": "delayed", "status": "4.4.1"}, {"status": "4.2.2"}, {"action": "delivered"},
     {"status": "nonsense"}, {"head": "Subject: x"}, {"kind": "text/plain"}],
)  # fmt: skip
def test_a_delay_or_what_is_no_report_changes_nothing(sent, given):
    assert not came(report(sent.row.pk, **given))
    assert states() == [("REMINDER", "mail", "SENT")] and not Failing.objects.exists()


def test_a_report_about_somebody_elses_mail_changes_nothing(sent):
    assert not came(report("00000000-0000-4000-8000-000000000000"))
    assert states() == [("REMINDER", "mail", "SENT")]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 50, b"Content-Type: multipart/report\r\n\r\n",
                                 b"Content-Type: message/delivery-status\r\n\r\nx"])  # fmt: skip
def test_nonsense_is_passed_over(raw):
    assert bounces.read(raw) is None


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 900))
def test_a_report_broken_anywhere_is_no_crash(more, cut):
    raw = report("00000000-0000-4000-8000-000000000000")
    bounces.read(raw[:cut] + more + raw[cut:])


def test_a_mail_that_nests_without_end_is_no_crash():
    nested = b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(5000))
    assert bounces.read(nested) is None


def test_another_notice_that_came_back_is_marked_too(sent):
    notice = notices.send(kind="message", contact=sent.contact, now=NOW, link_path="/x/")
    jobs.run_due(FRIDAY - DAY, loud=True)
    assert came(report(notice.pk))
    assert Notice.objects.get().state == "FAILED"
    assert parsed(sent.box.mails[-1])["Message-ID"] == f"<{notice.pk}@practice.example>"


def test_the_command_reads_files_and_standard_input(sent, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("rapport.cli.commands.bounces.open_practice", lambda folder: None)
    file, other = tmp_path / "one", tmp_path / "two"
    file.write_bytes(report(sent.row.pk))
    other.write_bytes(b"hello")
    here = ["bounces", "--practice", str(practice.current().folder)]
    assert main([*here, str(file), str(other)]) == 0
    assert capsys.readouterr().out == "2 read, 1 marked as come back.\n"

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report(sent.row.pk))))
    assert main(here) == 0
    assert capsys.readouterr().out == "1 read, 0 marked as come back.\n"
    assert main([*here, str(tmp_path / "none")]) == 1
