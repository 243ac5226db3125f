"""The palette offers the pages that open to whoever asks, and no other."""

import re

import pytest

from tests.factories import APractice, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

OWNERS_ALONE = {"/desk/practice/trail/", "/desk/practice/backups/", "/desk/practice/mail/",
                "/desk/practice/jobs/"}  # fmt: skip


def offered(browser, text=""):
    page = browser.get("/desk/find/", {"q": text}).content.decode()
    return set(re.findall(r'href="([^"]+)"', page))


@pytest.mark.parametrize("role", ["OWNER", "CLINICIAN", "FRONT_DESK", "BILLER", "SUPERVISOR"])
def test_whatever_is_offered_opens(role):
    APractice()
    browser = inside(Colleague(roles=[role]).account)

    pages = offered(browser)

    assert {path for path in pages if browser.get(path).status_code != 200} == set()
    assert (pages >= OWNERS_ALONE) is (role == "OWNER")
    assert pages >= {"/desk/", "/desk/clients/", "/desk/signin/mine/"}


def test_backups_mail_and_audit_trail_are_found_by_their_words():
    APractice()
    browser = inside(Colleague(roles=["OWNER"]).account)

    assert offered(browser, "backup") == {"/desk/practice/backups/"}
    assert offered(browser, "MAIL") == {"/desk/practice/mail/"}
    assert offered(browser, "audit") == {"/desk/practice/trail/"}


def test_when_nothing_fits_the_palette_says_so():
    APractice()

    page = inside(Colleague().account).get("/desk/find/", {"q": "zzz"}).content.decode()

    assert "Nobody you may see fits" in page
