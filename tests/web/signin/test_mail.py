"""What goes out by mail: links, codes, and news about one's own account."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from rapport.contact import notices
from rapport.core import jobs, time
from rapport.core.policy import System
from rapport.people.accounts import actions
from rapport.people.accounts.models import Invitation
from tests.web.signin.conftest import (
    PASSWORD,
    app_code,
    give_password,
    is_in,
    make_client,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
Notice = notices.Notice


@pytest.fixture
def server(db):
    return notices.set_server(
        by=System("test"), host="localhost", port=2525, security="NONE", username="",
        password=None, from_address="post@example.org", now=time.now(),
    )  # fmt: skip


def told(account):
    return list(
        Notice.objects.filter(account_id=account.pk)
        .order_by("created_at")
        .values_list("kind", flat=True)
    )


def make_the_link(browser, mail="ana@example.org"):
    """Ask for a link and run what that queued, short of the mail itself."""
    browser.post("/desk/signin/forgotten/", {"mail": mail})
    from rapport.web.signin.jobs import reset_link

    for job in jobs.queue.Job.objects.filter(name="signin.reset_link"):
        reset_link(account_id=job.args["account_id"], now=time.now())
        job.delete()


def test_a_link_for_a_new_password_comes_by_mail(server, ana):
    make_the_link(Browser())
    notice = Notice.objects.get(account_id=ana.pk)
    path = notice.secret()["link_path"]
    assert notice.kind == "reset"
    assert Browser().get(path).status_code == 200


def test_nobody_gets_nothing(server, ana):
    for mail in ("nobody@example.org", "ana@example.net"):
        make_the_link(Browser(), mail)
    actions.disable(by=System("test"), account=ana)
    make_the_link(Browser())
    assert not Notice.objects.exists()
    assert not Invitation.objects.exists()


def test_where_no_mail_goes_out_no_link_is_made(ana):
    make_the_link(Browser())
    assert not Invitation.objects.exists()


def test_a_link_is_not_for_the_other_door(server, ana):
    Browser().post("/portal/signin/forgotten/", {"mail": "ana@example.org"})
    from rapport.web.signin.jobs import reset_link

    job = jobs.queue.Job.objects.get(name="signin.reset_link")
    reset_link(account_id=job.args["account_id"], now=time.now())
    assert not Notice.objects.exists()


def test_a_flood_of_wishes_sends_three_links(server, ana):
    for _again in range(6):
        make_the_link(Browser())
    assert Notice.objects.count() == 3


@pytest.fixture
def mara(server):
    return make_client(app=False)


def mailed_code(account):
    return (
        Notice.objects.filter(account_id=account.pk, kind="code")
        .latest("created_at")
        .secret()["code"]
    )


def test_a_client_comes_in_by_password_and_a_code_by_mail(mara, browser):
    answer = give_password(browser, "mara@example.net", door="portal")
    assert answer.url == "/portal/signin/mail-code/"
    assert browser.get(answer.url).status_code == 200
    assert not is_in(browser, "portal")
    wrong = browser.post(answer.url, {"code": "no"})
    assert wrong.status_code == 422
    done = browser.post(answer.url, {"code": mailed_code(mara)})
    assert done.url == "/portal/"
    assert is_in(browser, "portal")


def test_five_wrong_codes_begin_anew(mara, browser):
    give_password(browser, "mara@example.net", door="portal")
    for _n in range(5):
        last = browser.post("/portal/signin/mail-code/", {"code": "wrong"})
    assert last.url == "/portal/signin/"
    answer = browser.post("/portal/signin/mail-code/", {"code": mailed_code(mara)})
    assert answer.url == "/portal/signin/"
    assert not is_in(browser, "portal")


def test_a_mailed_code_belongs_to_the_browser_that_asked(mara, browser):
    give_password(browser, "mara@example.net", door="portal")
    other = Browser()
    answer = other.post("/portal/signin/mail-code/", {"code": mailed_code(mara)})
    assert answer.status_code == 302
    assert not is_in(other, "portal")


def test_a_client_with_an_app_is_asked_for_the_app(server, browser):
    make_client(app=True)
    answer = give_password(browser, "mara@example.net", door="portal")
    assert answer.url == "/portal/signin/code/"


def test_staff_never_get_along_with_a_mailed_code(server, browser):
    make_staff(app=False)
    give_password(browser)
    assert browser.get("/desk/signin/mine/").url == "/desk/signin/set-up/"
    assert not Notice.objects.filter(kind="code").exists()


def test_a_client_who_chose_a_password_is_in(server, browser):
    from tests.web.signin.test_links import FRESH, invite

    account = make_client(password=None, app=False)
    _made, path = invite(account, "CLIENT")
    browser.post(path)
    assert "send you a code by mail" in browser.get("/portal/signin/begin/").content.decode()
    browser.post("/portal/signin/begin/password/", {"password": FRESH})
    assert is_in(browser, "portal")


def test_a_new_device_is_told_and_a_known_one_is_not(ana):
    known, new = Browser(), Browser()
    sign_in(known)
    assert told(ana) == [], "the first is no news"
    sign_in(new, step=1)
    assert told(ana) == ["new_device"]
    with time.at(time.now() + timedelta(minutes=5)):
        known.post("/desk/signin/out/")
        give_password(known)
        known.post("/desk/signin/code/", {"code": app_code(at=time.now())})
    assert told(ana) == ["new_device"]


def test_changes_are_told(ana, browser):
    sign_in(browser)
    browser.post("/desk/signin/mine/codes/")
    given = {"old": PASSWORD, "password": "a new and longer sentence"}
    browser.post("/desk/signin/mine/password/", given)
    assert told(ana) == ["new_codes", "password_changed"]


def test_a_first_factor_is_told(browser):
    account = make_staff(app=False)
    give_password(browser)
    secret = browser.get("/desk/signin/mine/app/").context["secret"].replace(" ", "")
    browser.post("/desk/signin/mine/app/", {"code": app_code(secret)})
    assert told(account) == ["factor_added"]


def test_a_reset_and_a_recovery_are_told(ana):
    from tests.web.signin.test_links import FRESH, invite

    for purpose, page, kind in (
        ("RESET", "new-password", "password_reset"),
        ("RECOVER", "begin/password", "recovered"),
    ):
        browser = Browser()
        _made, path = invite(ana, purpose)
        browser.post(path)
        browser.post(f"/desk/signin/{page}/", {"password": FRESH})
        assert told(ana)[-1] == kind


def test_no_notice_says_where_it_goes_or_what_for(server, ana):
    make_the_link(Browser())
    row = str(Notice.objects.values().get())
    assert not re.search("ana|example.org|/i/", row)
