"""What stands around every page of the desk and the portal: rendered once, and each time theirs."""

import re

import pytest
from django.urls import reverse

from rapport.people.models import Account, Staff
from rapport.web import stencil
from tests.factories import AnAccount, APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

PAGE = "/desk/me/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def house():
    APractice()
    return APlace()


def shown(browser, address=PAGE):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def led_to(page):
    """Where the bar leads, and where it says that one is."""
    bar = re.search(r"<nav aria-label.*?</nav>", page, re.DOTALL)[0]
    return re.findall(r'href="([^"]+)"( aria-current)?', bar)


def test_each_is_led_where_they_may_go_and_called_by_their_name(house):
    ana = Colleague(at=[house], display_name="Ana <Roth>")
    fay = Colleague(at=[house], roles=["FRONT_DESK"], display_name="Fay 100 %s %(csrf)s")
    first, second = (shown(inside(one.account)) for one in (ana, fay))
    again = shown(inside(ana.account))

    assert "Ana &lt;Roth&gt;" in first and not re.search(r"\bAna\b", second)
    assert "Fay 100 %s %(csrf)s" in second
    assert ("/desk/board/", "") in led_to(second)
    assert ("/desk/board/", "") not in led_to(first)
    assert ("/desk/caseload/", "") in led_to(first)
    assert led_to(first) == led_to(again)
    for page, one in ((first, ana), (second, fay)):
        assert f'data-whose="{one.account.pk}"' in page


def test_it_says_where_one_is(house):
    browser = inside(Colleague(at=[house]).account)

    for address in ("/desk/", "/desk/clients/", "/desk/staff/"):
        here = [url for url, mark in led_to(shown(browser, address)) if mark]
        assert here == [address]


def test_who_may_more_since_a_moment_ago_is_led_there(house):
    one = Colleague(at=[house], display_name="Before")
    browser = inside(one.account)
    before = shown(browser)
    Staff.objects.filter(pk=one.pk).update(roles=["FRONT_DESK"], display_name="After")
    after = shown(browser)

    assert ("/desk/board/", "") not in led_to(before)
    assert ("/desk/board/", "") in led_to(after)
    assert "Before" in before and "Before" not in after
    assert "After" in after


def test_it_speaks_the_language_that_was_chosen(house):
    one = Colleague(at=[house])
    browser = inside(one.account)
    pages = {}
    for language in ("en", "de", "ar", "en"):
        Account.objects.filter(pk=one.account.pk).update(language=language)
        pages[language] = shown(browser)

    assert ">Lock</button>" in pages["en"]
    assert ">Lock</button>" not in pages["de"] + pages["ar"]
    assert "Sperren" in pages["de"]


def test_every_form_around_a_page_has_the_token_of_this_page(house):
    browser = inside(Colleague(at=[house]).account)
    first, second = (set(TOKEN.findall(shown(browser))) for _ in range(2))

    assert len(first) == len(second) == 1
    assert first != second


def test_who_has_no_password_is_not_asked_for_one(house):
    one, other = Colleague(at=[house]), Colleague(at=[house])
    one.account.set_unusable_password()
    one.account.save()
    other.account.set_password("three plain words of ten")
    other.account.save()

    assert 'id="veil-password"' not in shown(inside(one.account))
    assert 'id="veil-password"' in shown(inside(other.account))


def test_the_portal_has_its_own_token_and_language(house):
    account = AnAccount(realm=Account.Realm.PORTAL)
    ClientOf(care_team=[Colleague(at=[house])], place=house, account=account)
    address = reverse("portal_appearance", "rapport.web.portal.urls")
    english = shown(inside(account, "portal"), address)
    Account.objects.filter(pk=account.pk).update(language="de")
    german = shown(inside(account, "portal"), address)

    assert len(set(TOKEN.findall(english))) == 1
    assert set(TOKEN.findall(english)) != set(TOKEN.findall(german))
    assert "Leave quickly" in english
    assert "Leave quickly" not in german


def test_what_is_kept_of_it_names_nobody(house, monkeypatch):
    kept = []
    cut = stencil.cut

    def noting(*names, **look):
        kept.append((look, cut(*names, **look)))
        return kept[-1][1]

    monkeypatch.setattr(stencil, "cut", noting)
    one = Colleague(at=[house], display_name="Ana Roth")
    page = shown(inside(one.account))

    assert "Ana Roth" in page
    assert kept
    for look, drawn in kept:
        for said in ("Ana Roth", str(one.account.pk), *TOKEN.findall(page)):
            assert said not in drawn.text + repr(look)
