"""The page about one's day sheet: a passphrase once, a file after a fresh proof, its age."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.meeting.models import DaySheet
from rapport.people.models import Session
from tests.factories import (
    AContact,
    ADaySheet,
    AnAppointment,
    APlace,
    APractice,
    ClientOf,
    Colleague,
)
from tests.meeting.sealed import opened, parts
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
PAGE = "/desk/sheet/"


@pytest.fixture
def ana():
    APractice()
    return Colleague(at=[APlace()])


@pytest.fixture
def browser(ana):
    return inside(ana.account)


def passphrase_of(answer):
    return re.search(r'id="passphrase">([A-Z0-9-]{24})<', answer.content.decode())[1]


def test_a_passphrase_is_shown_once_and_opens_the_file(ana, browser):
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana])
    AContact(client=mara)
    AnAppointment(client=mara, clinician=ana, starts_at=time.now() + timedelta(days=1))
    said = passphrase_of(browser.post(f"{PAGE}passphrase/"))
    assert said not in browser.get(PAGE).content.decode()

    answer = browser.post(f"{PAGE}file/")
    assert answer.status_code == 200
    name = f"day-sheet-{time.today()}.html"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Mara Lindgren" in opened(*parts(answer.content.decode()), said)


def test_a_download_stands_in_the_trail_with_everybody_it_names(ana, browser):
    clients = [ClientOf(care_team=[ana]) for _ in range(2)]
    for n, client in enumerate(clients):
        AnAppointment(client=client, clinician=ana, starts_at=time.now() + timedelta(hours=2 * n))
    ClientOf(care_team=[ana])
    browser.post(f"{PAGE}passphrase/")
    browser.post(f"{PAGE}file/")

    entries = AuditEntry.objects.filter(verb="day_sheet.fetch", by=str(ana.account.pk))
    shown = [one for e in entries for kind, one in e.subject if kind == "people.client"]
    assert sorted(shown) == sorted(str(client.pk) for client in clients)


@pytest.mark.parametrize("address", ["passphrase/", "file/"])
def test_passphrase_and_file_ask_who_it_is_first(ana, browser, address):
    ADaySheet(staff=ana)
    Session.objects.update(stepped_up_at=time.now() - timedelta(hours=1))
    before = DaySheet.objects.values_list("locked_at", "fetched_at").get()

    assert browser.post(PAGE + address).status_code == 403
    assert DaySheet.objects.values_list("locked_at", "fetched_at").get() == before


def test_without_a_passphrase_a_file_is_refused_in_words(browser):
    answer = browser.post(f"{PAGE}file/")

    assert answer.status_code == 422
    assert "Make the passphrase first" in answer.content.decode()
    given = {"days": 7, "names": "FULL"}
    assert "Make the passphrase first" in browser.post(PAGE, given).content.decode()


def test_the_page_says_when_the_newest_file_is_too_old(ana, browser):
    sheet = ADaySheet(staff=ana)
    assert "None was made yet" in browser.get(PAGE).content.decode()
    for hours, warns in ((23, False), (25, True)):
        DaySheet.objects.update(fetched_at=time.now() - timedelta(hours=hours))
        assert ("more than 24 hours old" in browser.get(PAGE).content.decode()) is warns
    DaySheet.objects.update(written_at=time.now())
    assert "more than 24 hours old" not in browser.get(PAGE).content.decode()
    with override_settings(DAY_SHEETS="/mnt/stick"):
        assert f"/mnt/stick/day-sheet-{sheet.pk.hex[:8]}.html" in browser.get(PAGE).content.decode()


def test_what_it_shows_is_chosen_and_nonsense_is_answered_beside_the_field(ana, browser):
    ADaySheet(staff=ana)
    wrong = browser.post(PAGE, {"days": "99", "names": "INITIALS"})
    assert wrong.status_code == 422
    assert 'value="99"' in wrong.content.decode()
    assert "id_days_error" in wrong.content.decode()

    assert browser.post(PAGE, {"days": "3", "names": "INITIALS"}).status_code == 302
    assert DaySheet.objects.values_list("days", "names", "reach").get() == (3, "INITIALS", False)
    assert "next 3 days" in browser.get(PAGE).content.decode()


def test_another_passphrase_begins_anew_and_an_end_forgets_it(ana, browser):
    first = passphrase_of(browser.post(f"{PAGE}passphrase/"))
    browser.post(PAGE, {"days": "3", "names": "INITIALS"})
    browser.post(f"{PAGE}file/")
    second = passphrase_of(browser.post(f"{PAGE}passphrase/"))
    sheet = DaySheet.objects.get()
    assert first != second
    assert (sheet.days, sheet.fetched_at) == (3, None)

    assert browser.post(f"{PAGE}end/").status_code == 302
    assert not DaySheet.objects.exists()
    assert "Make the passphrase" in browser.get(PAGE).content.decode()


def test_everybody_has_their_own(ana, browser):
    ben = Colleague()
    ADaySheet(staff=ben)
    assert "Begin with a passphrase" in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}end/")

    assert DaySheet.objects.get().staff == ben


def test_who_may_have_one_finds_it_in_the_menu_and_by_searching(browser):
    assert 'href="/desk/sheet/"' in browser.get("/desk/").content.decode()
    assert "/desk/sheet/" in browser.get("/desk/find/?q=nothing works").content.decode()
    olga = inside(Colleague(roles=["OWNER"]).account)
    assert 'href="/desk/sheet/"' not in olga.get("/desk/").content.decode()
    assert olga.get(PAGE).status_code == 404
    assert "/desk/sheet/" not in olga.get("/desk/find/?q=nothing works").content.decode()


def test_the_page_takes_few_statements_whatever_the_week_holds(ana, browser):
    ADaySheet(staff=ana)
    for n in range(9):
        client = ClientOf(care_team=[ana])
        AnAppointment(client=client, clinician=ana, starts_at=time.now() + timedelta(hours=2 * n))
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as said:
        browser.get(PAGE)
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    ours = [q["sql"] for q in said if not q["sql"].startswith(marks)]

    assert len(ours) <= 7, "\n".join(ours)
