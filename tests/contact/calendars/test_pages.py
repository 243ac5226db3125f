"""A clinician's page about calendars elsewhere, and the owner's about servers in the house."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.contact.calendars import failures
from rapport.contact.models import HouseServer, Outside, Pushed
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.meeting.models import Appointment, Busy
from rapport.people.models import Session
from tests.factories import AnAppointment, AnOutside, APushed, ClientOf, Colleague
from tests.web.stepping import inside

from .steps import put_elsewhere, turn, well
from .test_dav import entry
from .test_feeds import when
from .test_fetching import busy_at

pytestmark = pytest.mark.django_db

PAGE = "/desk/me/calendars/"


@pytest.fixture
def browser(ana):
    return inside(ana.account)


@pytest.fixture
def olga(ana):
    account = Colleague(roles=["OWNER"]).account
    browser = inside(account)
    Session.objects.update(stepped_up_at=clock.now(), last_seen_at=clock.now())
    return browser


def said(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_an_owner_allows_a_server_and_a_clinician_reads_from_it(browser, olga, plain):
    plain.body = busy_at(when())
    typed = {"name": "Family", "address": f"http://127.0.0.1:{plain.port}/a.ics"}
    refused = browser.post(f"{PAGE}address/", typed)
    assert refused.status_code == 422
    assert "an owner has to allow it first" in said(refused)
    assert typed["address"] in said(refused)

    allow = {"host": "127.0.0.1", "port": plain.port}
    assert olga.post("/desk/practice/servers/", allow).status_code == 422  # it has to be said
    assert olga.post("/desk/practice/servers/", allow | {"ours": "on"}).status_code == 302
    page = said(browser.post(f"{PAGE}address/", typed, follow=True))
    assert "Read just now." in page and "1 busy time" in page and "last read" in page
    assert Busy.objects.count() == 1

    server = HouseServer.objects.get()
    olga.post(f"/desk/practice/servers/{server.pk}/remove/")
    row = Outside.objects.get()
    page = said(browser.post(f"{PAGE}{row.pk}/turn/", follow=True))
    assert "an owner has to allow it first" in page


@pytest.mark.parametrize(
    ("host", "port"), [("not a host", 80), ("127.1", 80), ("a.example", 22), ("", 80), ("x", 0)]
)
def test_what_is_no_server_is_refused_beside_it(olga, host, port):
    answer = olga.post("/desk/practice/servers/", {"host": host, "port": port, "ours": "on"})

    assert answer.status_code == 422
    assert not HouseServer.objects.exists()


def test_an_account_is_connected_in_two_steps_and_its_password_never_shown(
    browser, radicale, allowed
):
    allowed(radicale.port)
    radicale.make("work", "Work")
    typed = {"name": "Mine", "address": radicale.url, "username": "ana", "password": "right"}
    answer = browser.post(f"{PAGE}account/", typed)
    row = Outside.objects.get()
    assert answer.url == f"{PAGE}{row.pk}/"
    assert "Choose which calendar" in said(browser.get(PAGE))

    page = said(browser.get(answer.url))
    assert (
        "Private" in page and "Work" in page and "right" not in re.findall(r'value="(.*?)"', page)
    )
    assert browser.post(answer.url, {"number": "7", "reads": "on"}).status_code == 422
    nothing = browser.post(answer.url, {"number": "1", "title": "BUSY"})
    assert nothing.status_code == 422 and "Choose at least one" in said(nothing)
    done = browser.post(answer.url, {"number": "1", "title": "BUSY", "reads": "on", "writes": "on"},
                        follow=True)  # fmt: skip
    assert "Read just now." in said(done) and "Mine: Work" in said(done)
    assert "my meetings are written here" in said(done)
    assert Outside.objects.get().secret() == (f"{radicale.url}ana/work/", "right")


@pytest.mark.parametrize(
    ("change", "words"),
    [({"password": "wrong"}, "refuses user name or password"),
     ({"address": "https://127.0.0.1/"}, "lies inside a network"),
     ({"name": ""}, "This field is required")],
)  # fmt: skip
def test_an_account_that_does_not_open_is_not_kept(browser, radicale, allowed, change, words):
    allowed(radicale.port)
    typed = {"name": "Mine", "address": radicale.url, "username": "ana", "password": "right"}
    answer = browser.post(f"{PAGE}account/", typed | change)

    assert answer.status_code == 422
    assert words in said(answer)
    assert 'value="ana"' in said(answer) and 'value="wrong"' not in said(answer)
    assert not Outside.objects.exists()


def test_what_differs_is_shown_on_the_page_and_today_and_decided_there(
    browser, ana, mara, radicale, connected
):
    row = connected()
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=when())
    well(row)
    put_elsewhere(radicale, f"{Pushed.objects.get().pk}.ics", when(hours=1))
    well(row)

    today, page = said(browser.get("/desk/also/")), said(browser.get(PAGE))
    assert "Your calendar says" in today and "take which?" in today
    assert "One meeting stands otherwise" in page and "Mara Kühn" in page
    pushed = Pushed.objects.get()
    assert browser.post(f"{PAGE}differs/{pushed.pk}/", {"what": "BOTH"}).status_code == 422
    assert browser.post(f"{PAGE}differs/{pushed.pk}/", {"what": "THEIRS"}).status_code == 302
    assert Appointment.objects.get(pk=meeting.pk).starts_at == when(hours=1)
    assert "take which?" not in said(browser.get("/desk/also/"))
    again = browser.post(f"{PAGE}differs/{pushed.pk}/", {"what": "OURS"})
    assert again.status_code == 404
    looked = AuditEntry.objects.filter(verb="calendar.open").order_by("number")[0]
    assert ["people.client", str(mara.pk)] in looked.subject


def test_a_time_taken_over_that_is_taken_says_so_on_the_page(
    browser, ana, mara, radicale, connected
):
    row = connected()
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    well(row)
    put_elsewhere(radicale, f"{Pushed.objects.get().pk}.ics", when(hours=1))
    well(row)
    AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana, starts_at=when(hours=1))
    answer = browser.post(f"{PAGE}differs/{Pushed.objects.get().pk}/", {"what": "THEIRS"})

    assert answer.status_code == 422
    assert 'role="alert"' in said(answer)


def test_deleted_there_leads_to_cancelling(browser, ana, mara, radicale, connected):
    row = connected()
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=when())
    well(row)
    radicale.delete(f"{Pushed.objects.get().pk}.ics")
    well(row)

    page = said(browser.get(PAGE))
    assert "deleted there" in page and f"/desk/appointments/{meeting.pk}/cancel/" in page
    assert "Deleted in your calendar" in said(browser.get("/desk/also/"))


def test_a_server_that_is_down_is_shown_with_what_to_do(browser, ana, radicale, connected):
    row = connected()
    radicale.stop()
    for _ in range(3):
        turn(row)
    page, today = said(browser.get(PAGE)), said(browser.get("/desk/also/"))
    radicale.start()

    assert "Nothing answers at this address" in page and "3 attempts" in page and "next" in page
    assert "Nothing answers at this address" in today


def test_somebody_elses_calendar_is_a_page_that_is_not_there(browser, ana, connected):
    row, ben = connected(), inside(Colleague().account)

    assert "Mine" not in said(ben.get(PAGE))
    for path in ("turn/", "remove/"):
        assert ben.post(f"{PAGE}{row.pk}/{path}").status_code == 404
    assert ben.get(f"{PAGE}{row.pk}/").status_code == 404
    assert Outside.objects.count() == 1


def test_removing_says_what_stays(browser, radicale, connected):
    radicale.write("a.ics", entry())
    row = connected()
    page = said(browser.post(f"{PAGE}{row.pk}/remove/", follow=True))

    assert "What was written there stays" in page
    assert not Outside.objects.exists()


def test_no_address_name_or_client_stands_in_the_trail(browser, ana, mara, radicale, connected):
    connected()
    said_there = str(list(AuditEntry.objects.values_list("subject", "verb")))

    assert radicale.url not in said_there and "Mine" not in said_there and "right" not in said_there


def test_a_page_of_many_takes_as_many_statements_as_of_few(browser, ana, mara):
    def grown(by):
        for _ in range(by):
            n = Outside.objects.count()
            row = AnOutside(staff=ana, failures=n, error="closed")
            at = when(days=n + 1)
            meeting = AnAppointment(client=mara, clinician=ana, starts_at=at)
            APushed(outside=row, appointment=meeting)
        with CaptureQueriesContext(connection) as taken:
            assert browser.get(PAGE).status_code == 200
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return [q["sql"] for q in taken if not q["sql"].startswith(marks)]

    browser.get(PAGE)
    few, many = grown(1), grown(8)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 8, "\n".join(many)


ODD = ["\x00", "x" * 10_000, "\u202e", "９", "-1", "1e9", "https://[", "https://x:y", "'; --", " "]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_typed_is_answered_in_words(browser, olga, ana, mara, odd):
    choice = AnOutside(staff=ana, found=[["https://a.example/", "Mine"]])
    pushed = APushed(outside=choice, appointment=AnAppointment(client=mara, clinician=ana))
    forms = {
        f"{PAGE}address/": ("name", "address"),
        f"{PAGE}account/": ("name", "address", "username", "password"),
        f"{PAGE}{choice.pk}/": ("number", "title", "reads"),
        f"{PAGE}feed/": ("title", "what"),
        f"{PAGE}differs/{pushed.pk}/": ("what",),
    }
    for path, names in forms.items():
        answer = browser.post(path, dict.fromkeys(names, odd))
        assert answer.status_code == 422, path
    answer = olga.post("/desk/practice/servers/", {"host": odd, "port": odd, "ours": "on"})
    assert answer.status_code == 422
    assert browser.get(f"/c/{odd[:100]}.ics").status_code == 404


@pytest.mark.parametrize("typed", ["https://127.0.0.1/a", "https://localhost/a.ics"])
def test_an_address_inside_is_refused_beside_it_and_nothing_is_kept(browser, typed):
    said = browser.post("/desk/me/calendars/address/", {"name": "Family", "address": typed})

    assert said.status_code == 422
    assert typed in said.content.decode()
    assert str(failures.WORDS["inside"])[:30] in html.unescape(said.content.decode())
    assert not Outside.objects.exists()
