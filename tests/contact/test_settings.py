"""Setting the mail server, trying it out, forgetting it."""

import smtplib
import socket
import ssl
from datetime import timedelta

import pytest

from rapport.contact import notices
from rapport.contact.models import MailServer, Notice
from rapport.contact.notices import CannotSet, smtp
from rapport.contact.notices.jobs import KEEP, upkeep
from rapport.contact.notices.smtp import Server, Step, explain
from rapport.core import jobs, practice, verify
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied, Nobody, System
from tests.factories import AnAccount, APractice, Colleague

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]


@pytest.fixture
def olga():
    APractice(locale="en")
    return Colleague(roles=["OWNER"], account=AnAccount(email="olga@office.example")).account


def words(report):
    return [(line.ok, line.words) for line in report]


def test_the_password_is_kept_encrypted(setup_mail):
    setup_mail(587, password="open sesame")

    row = MailServer.objects.get()
    assert b"sesame" not in bytes(row.password)
    assert row.secret() == "open sesame"
    assert "sesame" not in repr(vars(row)) and "sesame" not in repr(notices.queries.opened(row))
    assert str(row) == "mail server"
    assert AuditEntry.objects.get().verb == "mail.set"


def test_only_an_owner_sets_tries_and_forgets(setup_mail):
    setup_mail(587)
    for by in (Nobody(), Colleague(roles=["CLINICIAN"]).account):
        with pytest.raises(Denied):
            notices.set_server(by=by, host="h", port=1, security="TLS", username="",
                               password="", from_address="a@b.example", now=NOW)  # fmt: skip
        with pytest.raises(Denied):
            notices.forget_server(by=by)
        with pytest.raises(Denied):
            notices.test(by=by, now=NOW)
    assert MailServer.objects.count() == 1


@pytest.mark.parametrize(
    "change, field",
    [
        ({"host": ""}, "host"),
        ({"host": "smtp.example.org\r\nX"}, "host"),
        ({"host": "https://smtp.example.org/"}, "host"),
        ({"host": "a" * 254}, "host"),
        ({"port": 0}, "port"),
        ({"port": 65536}, "port"),
        ({"security": "SSL"}, "security"),
        ({"security": "NONE", "host": "smtp.example.org"}, "security"),
        ({"from_address": "nobody"}, "from_address"),
        ({"from_address": "a@b.example\r\nBcc: c@d.example"}, "from_address"),
        ({"password": None}, "password"),
        ({"password": ""}, "password"),
        ({"password": "pässword"}, "password"),
        ({"username": "über"}, "username"),
        ({"from_address": "a@mü.example"}, "from_address"),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_its_field(change, field, setup_mail):
    with pytest.raises(CannotSet) as problem:
        setup_mail(**({"port": 587} | change))

    assert problem.value.field == field
    assert not MailServer.objects.exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "LOCALHOST"])
def test_only_this_machine_may_do_without_encryption(host, setup_mail):
    assert setup_mail(25, security="NONE", host=host).security == "NONE"


def test_a_kept_password_does_not_travel_to_another_server(setup_mail):
    setup_mail(587)
    for change in ({"host": "evil.example"}, {"port": 25}, {"username": "b"}, {"security": "TLS"}):
        with pytest.raises(CannotSet, match="Type the password again"):
            setup_mail(**{"port": 587, "password": None, **change})

    kept = setup_mail(587, password=None, from_address="new@practice.example")

    assert kept.secret() == "right"
    assert MailServer.objects.get().from_address == "new@practice.example"


def test_a_server_without_user_needs_no_password(setup_mail, box, listen, olga):
    setup_mail(listen(box, auth=False), username="")

    assert all(ok for ok, _words in words(notices.test(by=olga, now=NOW)))
    assert MailServer.objects.get().password is None
    assert MailServer.objects.get().secret() == ""


def test_a_forgotten_server_sends_nothing(setup_mail):
    setup_mail(587)
    notices.forget_server(by=System("test"))

    assert (notices.can_send(), notices.server()) == (False, None)


@pytest.mark.parametrize(
    "security, steps",
    [
        ("STARTTLS", ["Reached", "Encrypted", "Signed in", "The server took"]),
        ("TLS", ["Reached", "Encrypted", "Signed in", "The server took"]),
        ("NONE", ["Reached", "Signed in", "The server took"]),
    ],
)
def test_a_test_tells_each_step_and_writes_to_whoever_asks(
    security, steps, setup_mail, box, listen, olga
):
    setup_mail(listen(box, security), security)
    report = notices.test(by=olga, now=NOW)

    assert [line.ok for line in report] == [True] * len(steps)
    for line, begins in zip(report, steps, strict=True):
        assert line.words.startswith(begins)
    assert box.mails[0].rcpt_tos == ["olga@office.example"]
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")][-1] == "mail.test"
    assert not Notice.objects.exists()


def test_a_user_name_that_no_server_takes_is_told_and_breaks_nothing(setup_mail, box, listen, olga):
    setup_mail(listen(box))
    MailServer.objects.update(username="über")  # from before it was refused

    report = words(notices.test(by=olga, now=NOW))

    assert [ok for ok, _ in report] == [True, True, False]
    assert "does not offer what is set here" in report[-1][1]


def test_a_test_without_practice_or_language_speaks_english(setup_mail, box, listen):
    class Operator(System):
        email, language = "operator@office.example", ""

    setup_mail(listen(box))

    assert all(line.ok for line in notices.test(by=Operator("cli"), now=NOW))
    assert b"Subject: A test" in box.mails[0].content


@pytest.mark.parametrize(
    "mood, change, told, steps",
    [
        ("kind", {"password": "wrong"}, "refused the password", 2),
        ("kind", {"host": "no-such-host.invalid"}, "No mail server has this name", 0),
        ("kind", {"security": "TLS"}, "does not speak TLS at this port", 0),
        ("unknown", {}, "refused the recipient", 3),
        ("wrong sender", {}, "does not let this sender", 3),
        ("drops", {}, "ended the connection", 3),
        ("refuses", {}, "answered with an error", 3),
    ],
)
def test_a_test_that_fails_says_where_and_why(
    mood, change, told, steps, setup_mail, box, listen, olga
):
    setup_mail(listen(box), **change)
    box.mood = mood
    report = notices.test(by=olga, now=NOW)

    assert [line.ok for line in report] == [True] * steps + [False]
    assert told in report[-1].words


def test_a_test_against_an_unvouched_certificate_stops_there(
    setup_mail, box, listen, olga, monkeypatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    setup_mail(listen(box))
    report = notices.test(by=olga, now=NOW)

    assert words(report)[-1][1].startswith("The mail server's certificate could not be verified")
    assert (box.mails, box.passwords) == ([], [])


def test_a_test_with_nothing_set_says_so(olga):
    with pytest.raises(CannotSet, match="Set a mail server first"):
        notices.test(by=olga, now=NOW)


def test_a_test_with_a_changed_password_says_so(setup_mail, olga):
    setup_mail(587)
    MailServer.objects.update(password=b"x" * 60)

    assert words(notices.test(by=olga, now=NOW)) == [
        (False, "The kept password does not open. Type it again.")
    ]


def test_a_test_with_an_unwritable_name_says_so(setup_mail, olga):
    setup_mail(587)
    type(APractice()).objects.update(discreet_name="a\nb")

    assert "cannot stand in a mail" in notices.test(by=olga, now=NOW)[0].words


@pytest.mark.parametrize(
    "problem, begins",
    [
        (socket.gaierror(), "No mail server has this name"),
        (TimeoutError(), "The mail server did not answer in time"),
        (ConnectionRefusedError(), "Nothing answers at this port"),
        (ssl.SSLCertVerificationError(), "The mail server's certificate"),
        (ssl.SSLError(), "The mail server does not speak TLS"),
        (smtplib.SMTPNotSupportedError(), "The mail server does not offer"),
        (smtplib.SMTPAuthenticationError(535, b"secret"), "The mail server refused the password"),
        (smtplib.SMTPHeloError(500, b""), "The mail server answered with an error"),
        (ConnectionResetError(), "The mail server could not be reached"),
    ],
)
def test_every_failure_has_a_sentence(problem, begins):
    assert str(explain(problem)).startswith(begins)
    assert "secret" not in str(explain(problem))


def test_a_refusal_is_final_only_if_the_server_says_never():
    def refused(*codes):
        return smtplib.SMTPRecipientsRefused({str(n): (c, b"") for n, c in enumerate(codes)})

    assert smtp.is_final(refused(550))
    assert not smtp.is_final(refused(450))
    assert not smtp.is_final(refused(550, 450))
    assert not smtp.is_final(OSError())


def test_nobody_need_listen_to_the_steps(box, listen):
    server = Server("localhost", listen(box, "NONE", auth=False), "NONE", "", "", "a@b.example")
    letter = notices.letters.write(
        notices.kinds.KINDS["test"], id="1", to="c@d.example", from_address="a@b.example",
        from_name="", language="en", now=NOW,
    )  # fmt: skip
    steps = []
    smtp.deliver(server, letter)
    smtp.deliver(server, letter, steps.append)

    assert steps == [Step.CONNECT, Step.HAND_OVER]
    assert len(box.mails) == 2


def test_old_notices_are_forgotten_and_the_password_follows_the_newest_key(setup_mail, mara):
    row = setup_mail(587)
    for days, state in [
        (1, "SENT"),
        (179, "SENT"),
        (181, "SENT"),
        (181, "QUEUED"),
        (200, "FAILED"),
    ]:
        at = NOW - timedelta(days=days)
        Notice.objects.create(kind="message", account_id=mara.pk, state=state, created_at=at)
    upkeep(now=NOW)
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["QUEUED", "SENT", "SENT"]
    assert KEEP == timedelta(days=180)
    row.refresh_from_db()
    before = (bytes(row.password), row.password_version)

    practice.current().keyring.rotate()
    upkeep(now=NOW)

    row.refresh_from_db()
    assert row.password_version == before[1] + 1
    assert bytes(row.password) != before[0]
    assert row.secret() == "right"


def test_upkeep_without_a_server_is_fine():
    upkeep(now=NOW)


def test_verify_names_a_changed_password_and_a_moved_link(setup_mail, mara):
    setup_mail(587)
    one, other = (
        notices.send(kind="message", account=mara, now=NOW, link_path=f"/{n}/") for n in "ab"
    )
    check = verify.CHECKS["mail"]
    assert list(check()) == []

    MailServer.objects.update(password=b"x" * 60)
    Notice.objects.filter(pk=one.pk).update(enclosed=bytes(other.enclosed))

    assert {str(problem) for problem in check()} == {
        "mail server: changed",
        f"notice {one.pk}: changed",
    }


def test_the_log_shows_kinds_and_states_and_nothing_else(setup_mail, mara):
    first = notices.send(kind="new_device", account=mara, now=NOW)
    setup_mail(587)
    second = notices.send(
        kind="message", account=mara, now=NOW + timedelta(hours=1), link_path="/x/"
    )

    rows = list(notices.latest(by=System("test")))

    assert rows == [second, first]
    assert "mara" not in str(rows) and "mara" not in str([vars(row) for row in rows])
    assert jobs.Job.objects.get().args == {"notice_id": str(second.pk)}
