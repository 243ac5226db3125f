"""Our CalDAV client against a real server, and against answers nobody should believe."""

from datetime import UTC, datetime

import pytest

from rapport.contact.calendars import dav, failures
from rapport.contact.calendars.failures import CannotSync

START, END = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC)
ENTRY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20300101T000000Z\r\nDTSTART:{at}\r\nDTEND:{until}\r\nSUMMARY:x\r\n{more}END:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


def entry(uid="a", at="20300107T090000Z", until="20300107T100000Z", more=""):
    return ENTRY.format(uid=uid, at=at, until=until, more=more)


def server(radicale, password="right", address=None, allowed=True):
    return dav.Server(address or radicale.url, "ana", password, lambda _host, _port: allowed)


def failed(what, *args, **more):
    with pytest.raises(CannotSync) as no:
        what(*args, **more)
    return no.value.code


def test_an_accounts_calendars_are_found_from_the_servers_address(radicale):
    radicale.make("work", "Work &lt;&amp; more&gt;")
    radicale.make("tasks", "To do", "VTODO")

    for address in (radicale.url, f"{radicale.url}ana/", f"{radicale.url}nothing/here/"):
        assert server(radicale, address=address).calendars() == [
            (f"{radicale.url}ana/private/", "Private"),
            (f"{radicale.url}ana/work/", "Work <& more>"),
        ]


def test_a_calendars_own_address_is_enough(radicale):
    found = server(radicale, address=f"{radicale.url}ana/private/").calendars()

    assert (f"{radicale.url}ana/private/", "Private") in found


def test_an_account_without_a_calendar_is_said(radicale):
    radicale.ask("DELETE", "ana/private/")

    assert failed(server(radicale).calendars) == "no_calendars"


def test_a_wrong_password_is_said(radicale):
    assert failed(server(radicale, "wrong").calendars) == "refused"


def test_a_server_in_the_house_that_nobody_allowed_is_not_asked(radicale):
    assert failed(server(radicale, allowed=False).calendars) == "http"


def test_a_write_holds_only_while_all_is_as_we_know_it(radicale):
    one, where = server(radicale), f"{radicale.url}ana/private/a.ics"
    first = one.put(where, entry().encode())
    assert one.put(where, entry().encode()) is None  # it is there already

    second = one.put(where, entry(at="20300107T093000Z").encode(), tag=first)
    assert second and second != first
    assert one.put(where, entry().encode(), tag=first) is None
    assert one.get(where).tag == second
    assert not one.delete(where, tag=first)
    assert one.delete(where, tag=second)
    assert one.get(where) is None
    assert one.delete(where, tag=second)  # gone is gone
    assert one.put(where, entry().encode(), tag=second) is None


def test_the_state_changes_when_something_does_and_only_then(radicale):
    one, where = server(radicale), f"{radicale.url}ana/private/"
    before = one.state(where)
    assert before == one.state(where) != ""
    radicale.write("a.ics", entry())

    assert one.state(where) != before


def test_a_stretch_of_time_is_asked_for_with_what_recurs_into_it(radicale):
    radicale.write("a.ics", entry())
    radicale.write("b.ics", entry("b", "20200106T090000Z", "20200106T100000Z",
                                  "RRULE:FREQ=WEEKLY\r\n"))  # fmt: skip
    radicale.write("c.ics", entry("c", "20310107T090000Z", "20310107T100000Z"))
    found = server(radicale).within(f"{radicale.url}ana/private/", START, END)

    assert sorted(item.address.rpartition("/")[2] for item in found) == ["a.ics", "b.ics"]
    assert all(item.tag and b"BEGIN:VEVENT" in item.text for item in found)


def test_a_calendar_that_is_gone_is_said(radicale):
    assert failed(server(radicale).state, f"{radicale.url}ana/never/") == "nothing"


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
        b'<!doctype a><a/>',
        b"<a><! DOCTYPE x></a>",
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'.encode(
            "utf-16"
        ),
        b"", b"well", b"<a>", b"<a>&b;</a>", b"\xff\xfe", b"<html><body>sign in<br></html>",
    ],
)  # fmt: skip
def test_what_is_no_plain_xml_is_not_read(body):
    assert failed(dav.parsed, body) == "answer"


def multistatus(href, more=""):
    return (
        f'<d:multistatus xmlns:d="DAV:"><d:response><d:href>{href}</d:href><d:propstat><d:prop>'
        f"{more}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        "</d:multistatus>"
    ).encode()


@pytest.fixture
def liar(plain):
    """A server that answers what a test wants."""
    plain.status = 207
    return plain, dav.Server(
        f"http://127.0.0.1:{plain.port}/plain", "ana", "s3cret", lambda *_: True
    )


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "http://127.0.0.1:9/", "http://169.254.169.254/x", "//evil/x",
             "ftp://x/", "http://ana@127.0.0.1/"],
)  # fmt: skip
def test_links_that_lead_out_are_not_followed(liar, link):
    plain, one = liar
    plain.body = multistatus(link, "<d:getetag>x</d:getetag>")

    assert failed(one.propfind, one.address, "d:getetag") in ("away", "answer")
    plain.body = multistatus(
        "/", f"<d:current-user-principal><d:href>{link}</d:href></d:current-user-principal>"
    )
    assert failed(one.calendars) in ("away", "answer", "no_calendars")
    assert {said[2]["Host"] for said in plain.asked} == {f"127.0.0.1:{plain.port}"}


@pytest.mark.parametrize(
    ("known", "to", "goes"),
    [
        ("https://caldav.icloud.example/", "https://p34-caldav.icloud.example/1/", True),
        ("https://caldav.icloud.example/", "https://caldav.icloud.example/2/", True),
        ("https://caldav.icloud.example/", "https://icloud.example.evil.org/", False),
        ("https://caldav.icloud.example/", "http://p34-caldav.icloud.example/", False),
        ("https://calendar.example/", "https://other.example/", False),
        ("https://1.1.1.1/", "https://2.1.1.1/", False),
        ("http://cal.home.example:5232/", "http://evil.home.example:5232/", False),
    ],
)
def test_where_the_password_goes(known, to, goes):
    apart = [dav.outbound.target(one, house=True) for one in (known, to)]

    assert dav._same_house(*apart) is goes


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "refused"), (403, "forbidden"), (404, "nothing"), (429, "busy"), (500, "server"),
     (503, "busy"), (400, "answer"), (507, "server"), (302, "moved")],
)  # fmt: skip
def test_what_a_server_refuses_is_said_in_words(liar, status, code):
    plain, one = liar
    plain.status, plain.body = status, b"no"

    assert failed(one.state, one.address) == code
    assert failures.in_words(code)


def test_a_password_stands_in_no_print(liar):
    assert "s3cret" not in repr(liar[1])
