"""Asking real servers: nothing is followed, and nobody holds us up or fills the memory."""

import socket
import ssl

import pytest

from rapport.core import outbound
from rapport.core.outbound import Limits, NotReached


def at(server, path="/", scheme="http"):
    return f"{scheme}://cal.home:{server.port}{path}"


def here(_host, _port):
    return ["127.0.0.1"]


def ask(server, path="/", method="GET", **more):
    given = {"house": True, "resolve": here} | more
    return outbound.ask(method, at(server, path), **given)


def refused(*args, **more):
    with pytest.raises(NotReached) as no:
        ask(*args, **more)
    assert no.value.words
    return no.value.code


def test_a_server_in_the_house_answers(server):
    said = ask(server, "/mine.ics?a=b", headers={"X-One": "1"})

    assert (said.status, said.body, said.headers["etag"]) == (200, b"well", '"one"')
    method, path, headers, _body = server.asked[0]
    assert (method, path, headers["X-One"]) == ("GET", "/mine.ics?a=b", "1")
    assert headers["Host"] == f"cal.home:{server.port}"


def test_a_body_is_sent_and_an_empty_one_has_its_length(server):
    ask(server, method="PUT", body=b"some words")
    ask(server, method="PROPFIND")

    assert [(said[0], said[3]) for said in server.asked] == [
        ("PUT", b"some words"), ("PROPFIND", b""),
    ]  # fmt: skip
    assert server.asked[1][2]["Content-Length"] == "0"


def test_no_cookie_is_kept_and_no_name_given_away(server):
    ask(server)
    ask(server)

    for *_rest, headers, _body in server.asked:
        assert "Cookie" not in headers
        assert "rapport" not in str(headers).lower()
        assert "python" not in str(headers).lower()


def test_no_proxy_of_the_environment_is_asked(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert ask(server).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PROPFIND"])
def test_nothing_is_followed(server, method):
    said = ask(server, "/elsewhere", method)

    assert (said.status, said.moved, said.headers["location"]) == (302, True, "/plain")
    assert [path for _, path, *_ in server.asked] == ["/elsewhere"]


def test_a_name_that_changes_its_mind_makes_no_difference(server):
    """First public, then this machine: only what was looked at is connected to, once asked."""
    asked = []

    def rebinding(host, _port):
        asked.append(host)
        return ["192.0.2.1"] if len(asked) > 1 else ["127.0.0.1"]

    assert ask(server, resolve=rebinding).status == 200
    assert asked == ["cal.home"]


def test_a_name_that_turns_inside_after_it_was_looked_at_reaches_nothing(server, monkeypatch):
    """The connection is made to an address, so no resolver is asked a second time."""
    names, connected = [], []

    def rebinding(_host, _port):
        names.append("looked up")
        return ["93.184.215.14"] if len(names) == 1 else ["127.0.0.1"]

    class Watched(socket.socket):
        def connect(self, address):
            connected.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(outbound.socket, "socket", Watched)
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", at(server, scheme="https"), resolve=rebinding)

    assert no.value.code == "closed"
    assert connected == [("93.184.215.14", server.port)]
    assert (names, server.asked) == (["looked up"], [])


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["127.0.0.1", "1.1.1.1"], ["::1"]]
)
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(server, found):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", at(server, scheme="https"), resolve=lambda *_: found)

    assert (no.value.code, server.asked) == ("inside", [])


def test_the_machines_own_name_is_refused(server):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"https://localhost:{server.port}/")

    assert (no.value.code, server.asked) == ("inside", [])


def test_a_name_that_is_nobodys_is_said():
    def nobody(_host, _port):
        raise socket.gaierror

    with pytest.raises(NotReached) as no:
        outbound.ask("GET", "https://cal.example/", resolve=nobody)
    assert no.value.code == "name"


def test_a_resolver_that_never_answers_holds_nobody_up():
    with pytest.raises(NotReached) as no:
        outbound.ask(
            "GET", "https://cal.example/", limits=Limits(seconds=0.2),
            resolve=lambda *_: __import__("time").sleep(5) or [],
        )  # fmt: skip

    assert no.value.code == "slow"


@pytest.mark.parametrize("path", ["/slow", "/slowhead"])
def test_dripping_bytes_do_not_prolong_it(server, path):
    assert refused(server, path, limits=Limits(seconds=0.4)) == "slow"


def test_a_server_that_says_nothing_is_left(mute):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"http://127.0.0.1:{mute}/", house=True, limits=Limits(seconds=0.3))
    assert no.value.code == "slow"


def test_a_handshake_that_never_comes_is_left(mute):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"https://127.0.0.1:{mute}/", house=True, limits=Limits(seconds=0.3))
    assert no.value.code == "slow"


def test_no_time_is_no_time(mute):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"http://127.0.0.1:{mute}/", house=True, limits=Limits(seconds=0))
    assert no.value.code == "slow"


def test_a_line_that_is_broken_off_is_said(rude):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"http://127.0.0.1:{rude}/", house=True)
    assert no.value.code == "unreached"


def test_a_huge_body_is_left_where_it_is(server):
    assert refused(server, "/huge", limits=Limits(size=1_000_000)) == "big"


def test_what_is_packed_is_unpacked(server):
    assert ask(server, "/gzip").body == b"well " * 100


def test_what_swells_when_it_is_unpacked_is_not_let_in(server):
    assert refused(server, "/bomb", limits=Limits(size=1_000_000)) == "big"


@pytest.mark.parametrize("path", ["/twice", "/loose", "/brotli", "/nonsense"])
def test_what_cannot_be_read_is_said(server, path):
    assert refused(server, path) == "garbled"


def test_exactly_the_limit_passes(server):
    assert ask(server, limits=Limits(size=4)).body == b"well"
    assert refused(server, limits=Limits(size=3)) == "big"
    assert len(ask(server, "/gzip", limits=Limits(size=500)).body) == 500
    assert refused(server, "/gzip", limits=Limits(size=499)) == "big"


def test_nothing_answers_there():
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"http://127.0.0.1:{port}/", house=True)
    assert no.value.code == "closed"


def test_the_certificate_is_verified_for_the_name_that_was_asked_for(secure, trusted):
    good = f"https://localhost:{secure.port}/"
    assert outbound.ask("GET", good, house=True, resolve=here).body == b"well"

    with pytest.raises(NotReached) as no:
        outbound.ask("GET", at(secure, scheme="https"), house=True, resolve=here)
    assert no.value.code == "certificate"
    assert len(secure.asked) == 1


def test_a_certificate_nobody_vouches_for_is_refused(secure):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", f"https://localhost:{secure.port}/", house=True, resolve=here)
    assert (no.value.code, secure.asked) == ("certificate", [])


def test_https_where_there_is_none_is_said(server):
    with pytest.raises(NotReached) as no:
        outbound.ask("GET", at(server, scheme="https"), house=True, resolve=here)
    assert no.value.code == "tls"


def test_the_name_is_told_to_the_server_before_its_certificate(certificate, trusted):
    """With several houses on one machine, the name chooses (SNI)."""
    from .conftest import serving

    told = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    context.sni_callback = lambda _line, name, _context: told.append(name)
    server = serving(context)
    outbound.ask("GET", f"https://localhost:{server.port}/", house=True, resolve=here)
    server.shutdown()
    server.server_close()

    assert told == ["localhost"]


def test_a_header_cannot_be_slipped_in(server):
    assert refused(server, headers={"X-One": "1\r\nX-Two: 2"}) == "garbled"
    assert server.asked == []


def test_a_password_stands_in_no_print(server):
    said = ask(server, headers=outbound.basic("ana", "sécret:x"))

    assert server.asked[0][2]["Authorization"] == "Basic YW5hOnPDqWNyZXQ6eA=="
    assert "well" not in repr(said)
