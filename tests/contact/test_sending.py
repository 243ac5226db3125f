"""Notices on their way, through servers that really listen."""

import email
import logging
import re
import socket
import threading
from datetime import timedelta
from email import policy as email_policy
from time import monotonic

import pytest
from django.db import transaction

from rapport.contact import notices
from rapport.contact.models import MailServer, Notice
from rapport.contact.notices import kinds, sending, smtp
from rapport.core import jobs, time
from rapport.core.jobs import Job
from tests.factories import APractice

from .conftest import NOW, RudeListening

pytestmark = pytest.mark.usefixtures("trusted")


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    with time.at(NOW):
        yield


def tell(account, kind="message", **more):
    more = {"link_path": "/m/1/"} | more if kinds.KINDS[kind].link else more
    return notices.send(kind=kind, account=account, now=NOW, **more)


def parsed(envelope):
    return email.message_from_bytes(envelope.content, policy=email_policy.default)


@pytest.mark.parametrize("security", ["STARTTLS", "TLS", "NONE"])
def test_a_notice_arrives(security, box, listen, setup_mail, mara):
    setup_mail(listen(box, security), security)
    notice = tell(mara)
    assert (notice.state, box.mails) == ("QUEUED", [])

    assert jobs.run_due(NOW, loud=True) == 1

    (envelope,) = box.mails
    assert envelope.rcpt_tos == ["mara@home.example"]
    assert envelope.mail_from == "post@practice.example"
    assert box.passwords == [("rapport", "right")]
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at, notice.attempts) == ("SENT", NOW, 1)
    assert notice.enclosed is None


def test_the_mail_is_discreet_and_whole(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara)
    jobs.run_due(NOW, loud=True)

    mail = parsed(box.mails[0])
    assert mail["Subject"] == "New message"
    assert mail["From"] == "post@practice.example"
    assert mail["Message-ID"] == f"<{notice.pk}@practice.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 07 Jan 2030 09:00:00 +0000"
    plain = mail.get_body(("plain",)).get_content()
    assert plain.splitlines() == [
        "You have a new message.", "", "Read it:", "http://localhost:8000/m/1/",
    ]  # fmt: skip
    assert (
        '<a href="http://localhost:8000/m/1/">Read it</a>' in mail.get_body(("html",)).get_content()
    )
    everything = box.mails[0].content.decode().lower()
    for word in ("seelenheil", "praxis", "therap", "health", "client", "mara lind", "rapport"):
        assert word not in everything.replace("localhost", "")
    assert socket.gethostname().lower() not in everything or socket.gethostname() == "localhost"


def test_the_discreet_name_signs_if_there_is_one(box, listen, setup_mail, mara):
    practice = APractice()
    practice.discreet_name = "Das Büro am Fluss"
    practice.save()
    setup_mail(listen(box))
    tell(mara)
    jobs.run_due(NOW, loud=True)

    mail = parsed(box.mails[0])
    assert mail["From"].addresses[0].display_name == "Das Büro am Fluss"
    assert mail.get_body(("plain",)).get_content().splitlines()[-1] == "Das Büro am Fluss"


def test_a_code_stands_in_the_mail_and_nowhere_else(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara, "code", code="481-516")
    assert b"481-516" not in bytes(notice.enclosed)
    jobs.run_due(NOW, loud=True)

    mail = parsed(box.mails[0])
    assert "481-516" in mail.get_body(("plain",)).get_content()
    assert "481-516" not in mail["Subject"]
    assert not re.search("481.?516", str(Job.objects.get().args))  # a key may hold three of them


def test_links_use_the_public_address(box, listen, setup_mail, mara, settings):
    settings.ORIGINS = ["https://desk.example.org/", "https://other.example.org"]
    setup_mail(listen(box))
    tell(mara)
    jobs.run_due(NOW, loud=True)

    assert "https://desk.example.org/m/1/" in parsed(box.mails[0]).get_body().get_content()


@pytest.mark.parametrize(
    "own, practices, language, direction",
    [("ar", "en", "ar", "rtl"), ("", "de", "de", "ltr"), ("en", "de", "en", "ltr")],
)
def test_the_mail_speaks_the_readers_language(
    own, practices, language, direction, box, listen, setup_mail, mara
):
    APractice()
    type(APractice()).objects.update(locale=practices)
    mara.language = own
    mara.save()
    setup_mail(listen(box))
    tell(mara)
    jobs.run_due(NOW, loud=True)

    html = parsed(box.mails[0]).get_body(("html",)).get_content()
    assert f'<html lang="{language}" dir="{direction}">' in html


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_every_kind_can_be_sent(kind, box, listen, setup_mail, mara):
    setup_mail(listen(box))
    tell(mara, kind, **({"code": "123"} if kinds.KINDS[kind].code else {}))
    jobs.run_due(NOW, loud=True)

    body = parsed(box.mails[0]).get_body(("plain",)).get_content()
    assert str(kinds.KINDS[kind].body) in body
    for word in ("therap", "health", "client", "patient", "session", "clinic"):
        assert word not in body.lower()


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "gossip"},
        {"kind": "message"},
        {"kind": "new_device", "link_path": "/x/"},
        {"kind": "code"},
        {"kind": "message", "link_path": "/x/", "code": "1"},
        {"kind": "message", "link_path": "//evil.example/"},
        {"kind": "message", "link_path": "https://evil.example/"},
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(given, mara):
    with pytest.raises(ValueError):
        notices.send(account=mara, now=NOW, **given)
    assert not Notice.objects.exists()


def test_without_a_server_the_page_hands_the_link_over(mara):
    assert notices.can_send() is False
    notice = tell(mara)

    assert (notice.state, notice.enclosed) == ("NO_CHANNEL", None)
    assert not Job.objects.exists()


def test_a_notice_dies_with_the_change_it_tells_about(setup_mail, mara):
    setup_mail(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(mara)
        raise ZeroDivisionError

    assert not Notice.objects.exists()
    assert not Job.objects.exists()


def test_a_sent_notice_is_not_sent_again(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara)
    jobs.run_due(NOW, loud=True)

    sending.attempt(notice_id=notice.pk, now=NOW)

    assert len(box.mails) == 1


def test_a_server_forgotten_meanwhile_sends_nothing(setup_mail, mara):
    setup_mail(1)
    notice = tell(mara)
    MailServer.objects.all().delete()
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.enclosed) == ("NO_CHANNEL", None)


def test_a_closed_account_gets_no_mail(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara)
    mara.is_active = False
    mara.save()
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error, box.mails) == ("FAILED", "NoAddress", [])


@pytest.mark.parametrize(
    "address", ["mara@home.example\r\nBcc: all@evil.example", "mara@home.example\n", "not one", ""]
)
def test_an_address_that_would_break_the_head_is_not_written_to(
    address, box, listen, setup_mail, mara
):
    setup_mail(listen(box))
    notice = tell(mara)
    type(mara).objects.filter(pk=mara.pk).update(email=address)
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error, box.mails) == ("FAILED", "Unwritable", [])


def test_a_name_cannot_smuggle_a_line_into_the_head(box, listen, setup_mail, mara):
    APractice()
    type(APractice()).objects.update(discreet_name="Office\r\nBcc: all@evil.example")
    setup_mail(listen(box))
    notice = tell(mara)
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error, box.mails) == ("FAILED", "Unwritable", [])


def test_a_link_that_was_changed_is_not_sent(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara)
    Notice.objects.update(enclosed=bytes(notice.enclosed)[:-1] + b"x")
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error, box.mails) == ("FAILED", "Changed", [])


FAILURES = [
    ("busy", {}, "SMTPRecipientsRefused"),
    ("wrong sender", {}, "SMTPSenderRefused"),
    ("drops", {}, "SMTPServerDisconnected"),
    ("refuses", {}, "SMTPDataError"),
    ("kind", {"password": "wrong"}, "SMTPAuthenticationError"),
    ("kind", {"security": "TLS"}, "SSLError"),
    ("kind", {"host": "no-such-host.invalid"}, "gaierror"),
]


@pytest.mark.parametrize("mood, settings, error", FAILURES)
def test_a_failure_is_tried_again_and_works_later(
    mood, settings, error, box, listen, setup_mail, mara, caplog
):
    port = listen(box)
    setup_mail(port, **settings)
    notice = tell(mara)
    box.mood = mood
    with caplog.at_level(logging.DEBUG, "rapport"):
        jobs.run_due(NOW)

    notice.refresh_from_db()
    assert (notice.state, notice.error, notice.attempts) == ("QUEUED", error, 1)
    assert Job.objects.get().error == error
    assert "mara" not in caplog.text and "post@" not in caplog.text

    box.mood = "kind"
    box.mails.clear()
    setup_mail(port)
    jobs.run_due(NOW + timedelta(minutes=1), loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error, len(box.mails)) == ("SENT", "", 1)


def test_an_unknown_recipient_is_final(box, listen, setup_mail, mara):
    setup_mail(listen(box))
    notice = tell(mara)
    box.mood = "unknown"
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("FAILED", "SMTPRecipientsRefused")
    assert Job.objects.get().state == "DONE"


def test_after_all_attempts_it_has_failed_and_the_owner_sees_the_job(box, listen, setup_mail, mara):
    setup_mail(listen(box), password="wrong")
    notice = tell(mara)
    for n in range(sending.ATTEMPTS + 2):
        jobs.run_due(NOW + n * timedelta(hours=2))

    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("FAILED", sending.ATTEMPTS)
    assert (notice.error, notice.enclosed) == ("SMTPAuthenticationError", None)
    assert jobs.dead().count() == 1


def test_a_mail_taken_before_the_line_broke_comes_again_under_the_same_id(
    box, listen, setup_mail, mara
):
    setup_mail(listen(box))
    tell(mara)
    box.mood = "drops after"
    jobs.run_due(NOW)
    box.mood = "kind"
    jobs.run_due(NOW + timedelta(minutes=1))

    assert len(box.mails) == 2
    assert len({parsed(mail)["Message-ID"] for mail in box.mails}) == 1


def test_a_rude_goodbye_is_no_failure(box, listen, setup_mail, mara):
    setup_mail(listen(box, kind=RudeListening))
    notice = tell(mara)
    jobs.run_due(NOW, loud=True)

    notice.refresh_from_db()
    assert (notice.state, len(box.mails)) == ("SENT", 1)


def test_a_server_that_does_not_answer_is_left_after_a_while(setup_mail, mara, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        setup_mail(silent.getsockname()[1])
        notice = tell(mara)
        jobs.run_due(NOW)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("QUEUED", "TimeoutError")


def test_nobody_listening_is_tried_again(setup_mail, mara):
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        port = briefly.getsockname()[1]
    setup_mail(port)
    notice = tell(mara)
    jobs.run_due(NOW)

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("QUEUED", "ConnectionRefusedError")


def test_a_server_without_encryption_is_not_spoken_to(box, listen, setup_mail, mara):
    setup_mail(listen(box, "NONE"))
    notice = tell(mara)
    jobs.run_due(NOW)

    notice.refresh_from_db()
    assert (notice.error, box.mails, box.passwords) == ("SMTPNotSupportedError", [], [])


def test_a_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    box, listen, setup_mail, mara, monkeypatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    for security in ("STARTTLS", "TLS"):
        setup_mail(listen(box, security), security)
        notice = tell(mara)
        jobs.run_due(NOW)
        notice.refresh_from_db()
        assert notice.error == "SSLCertVerificationError"

    assert (box.mails, box.passwords) == ([], [])


def test_a_slow_server_holds_no_lock(box, listen, setup_mail, mara, transactional_db):
    """While a server thinks, others write."""
    asked, answer = threading.Event(), threading.Event()
    told = box.signs_in

    def thinks(*given):
        asked.set()
        assert answer.wait(60)
        return told(*given)

    box.signs_in = thinks
    setup_mail(listen(box))
    notice = tell(mara)
    worker = jobs.Worker(poll=0.05)
    worker.start()
    try:
        assert asked.wait(60)
        began = monotonic()
        for n in range(10):
            jobs.enqueue("notice.send", run_at=NOW + timedelta(days=9), notice_id=n)
        assert monotonic() - began < 30
        answer.set()
    finally:
        answer.set()
        assert worker.stop(10)

    notice.refresh_from_db()
    assert notice.state == "SENT"
