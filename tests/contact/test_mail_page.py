"""The owner's page about mail: the server, a try, and what became of letters."""

from datetime import timedelta

import pytest

from rapport.contact import notices
from rapport.contact.models import MailServer, Notice
from rapport.contact.notices import failures
from rapport.contact.notices.smtp import SENTENCES
from rapport.people.models import Session
from tests.factories import AnAccount, APractice, Colleague
from tests.web.stepping import inside

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

TYPED = {"host": "localhost", "security": "STARTTLS", "username": "rapport",
         "password": "right", "from_address": "post@practice.example"}  # fmt: skip


@pytest.fixture
def olga():
    APractice(locale="en")
    return inside(Colleague(roles=["OWNER"], account=AnAccount(email="olga@a.example")).account)


def test_without_a_server_the_page_says_that_links_are_copied(olga):
    page = olga.get("/desk/practice/mail/").content.decode()

    assert "links are shown to copy" in page and "Set a mail server" in page


def test_a_server_is_set_and_its_password_never_shown_again(olga):
    answer = olga.post("/desk/practice/mail/edit/", TYPED | {"port": 587, "password": "s3same!"})

    assert answer.status_code == 302
    assert MailServer.objects.get().secret() == "s3same!"
    shown = olga.get("/desk/practice/mail/").content + olga.get(answer.url + "edit/").content
    assert b"s3same!" not in shown and b"kept encrypted" in shown


def test_an_empty_password_keeps_the_one_that_is_there(olga, setup_mail):
    setup_mail(587)

    typed = TYPED | {"port": 587, "password": "", "from_address": "b@c.example"}
    answer = olga.post("/desk/practice/mail/edit/", typed)

    assert answer.status_code == 302
    row = MailServer.objects.get()
    assert (row.from_address, row.secret()) == ("b@c.example", "right")


def test_a_kept_password_does_not_travel_to_another_server(olga, setup_mail):
    setup_mail(587)

    typed = TYPED | {"port": 587, "password": "", "host": "elsewhere.example"}
    answer = olga.post("/desk/practice/mail/edit/", typed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Type the password again" in page and 'value="elsewhere.example"' in page
    assert MailServer.objects.get().host == "localhost"


def test_a_test_letter_tells_each_step_in_words(olga, setup_mail, listen, box):
    setup_mail(listen(box))

    page = olga.post("/desk/practice/mail/test/").content.decode()

    assert [step for step in ("Reached", "Encrypted", "Signed in", "took a test mail")
            if step not in page] == []  # fmt: skip
    assert box.mails[0].rcpt_tos == ["olga@a.example"]


def test_a_test_letter_that_fails_says_where_it_stopped(olga, setup_mail, listen, box):
    setup_mail(listen(box), password="wrong")

    page = olga.post("/desk/practice/mail/test/").content.decode()

    assert "It stopped here." in page and "refused the password" in page
    assert "Signed in." not in page


def test_the_list_of_letters_names_nobody_and_says_why_one_failed(olga, setup_mail):
    setup_mail(587)
    mara = AnAccount(email="mara@home.example", realm="PORTAL")
    notice = notices.send(kind="new_device", account=mara, now=NOW)
    Notice.objects.filter(pk=notice.pk).update(state="FAILED", error="SMTPRecipientsRefused")

    page = olga.get("/desk/practice/mail/").content.decode()

    assert "Somebody signed in on a device" in page and "failed" in page
    assert "refused the recipient" in page
    assert "mara@home.example" not in page and str(mara.pk) not in page


def test_every_failure_there_is_has_a_sentence():
    for kind, _sentence in SENTENCES:
        assert failures.in_words(kind.__name__)
    assert failures.in_words("SomethingNew") == failures.UNREACHED
    assert failures.in_words("") == ""


def test_forgetting_the_server_is_said(olga, setup_mail):
    setup_mail(587)

    page = olga.post("/desk/practice/mail/forget/", follow=True).content.decode()

    assert MailServer.objects.count() == 0
    assert "sends no mail any more" in page


def test_nobody_but_an_owner_sees_or_tries_it(setup_mail):
    APractice()
    setup_mail(587)
    ana = inside(Colleague(roles=["CLINICIAN"]).account)

    assert ana.get("/desk/practice/mail/").status_code == 404
    for path in ("edit", "test", "forget"):
        assert ana.post(f"/desk/practice/mail/{path}/", TYPED).status_code == 404
    assert MailServer.objects.count() == 1


def test_changing_the_server_asks_for_a_fresh_proof(olga, setup_mail):
    setup_mail(587)
    Session.objects.update(stepped_up_at=NOW - timedelta(days=9999))

    assert olga.get("/desk/practice/mail/").status_code == 200
    for path in ("edit", "forget"):
        answer = olga.post(f"/desk/practice/mail/{path}/", TYPED | {"port": 25})
        assert answer.status_code == 403
    assert MailServer.objects.get().port == 587
