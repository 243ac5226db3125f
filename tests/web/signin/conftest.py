"""People at the door: with a password, an app, nothing yet."""

import re
import time as system

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client as Browser

from rapport.core import time
from rapport.people.accounts.models import Account, Realm
from rapport.people.models import Staff

PASSWORD = "a long quiet sentence"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(secret=SECRET, *, at=None, step=0):
    """What the authenticator app shows at an instant, some steps on."""
    seconds = at.timestamp() if at else system.time()
    return format_hotp_value(hotp_value(secret, int(seconds) // 30 + step))


def make_staff(mail="ana@example.org", *, password=PASSWORD, app=True, roles=("CLINICIAN",)):
    account = Account.objects.make(email=mail, realm=Realm.DESK, password=password)
    Staff.objects.create(
        account=account,
        legal_name="Ana Berg",
        display_name="Ana",
        roles=list(roles),
        started_on=time.today(),
    )
    if app:
        TOTP.activate(account, SECRET)
    return account


def make_client(mail="mara@example.net", *, password=PASSWORD, app=True):
    account = Account.objects.make(email=mail, realm=Realm.PORTAL, password=password)
    if app:
        TOTP.activate(account, SECRET)
    return account


@pytest.fixture
def ana(db):
    return make_staff()


@pytest.fixture
def mara(db):
    return make_client()


@pytest.fixture
def browser():
    return Browser()


def give_password(browser, mail="ana@example.org", password=PASSWORD, door="desk", **more):
    return browser.post(f"/{door}/signin/", {"mail": mail, "password": password, **more})


def sign_in(browser, mail="ana@example.org", door="desk", *, at=None, step=0, **more):
    """Password, then the app's code."""
    first = give_password(browser, mail, door=door, **more)
    assert first.status_code == 302, first.content.decode()
    code = app_code(at=at, step=step)
    second = browser.post(f"/{door}/signin/code/", {"code": code})
    assert second.status_code == 302, second.content.decode()
    return second


def is_in(browser, door="desk"):
    """Whether the browser stands inside the door."""
    return browser.get(f"/{door}/signin/mine/").status_code == 200


def plain(answer):
    """A page without what is random each time: nonces and form tokens."""
    return re.sub(r'(value|content|nonce)="[A-Za-z0-9+/=]{20,}"', "", answer.content.decode())
