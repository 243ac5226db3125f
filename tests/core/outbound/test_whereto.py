"""Which addresses are asked, and which never are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import whereto
from rapport.core.whereto import NotReached

WEB = whereto.target("https://calendar.example/")


def refused(address, **more):
    with pytest.raises(NotReached) as no:
        to = whereto.target(address, **more)
        if to.literal:
            whereto.judged([to.host], to, house=more.get("house", False))
    assert no.value.words
    return no.value.code


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://calendar.example/", "http"),
        ("ftp://calendar.example/", "scheme"),
        ("file:///etc/passwd", "address"),
        ("gopher://calendar.example/", "scheme"),
        ("calendar.example/mine.ics", "address"),
        ("https://", "address"),
        ("", "address"),
        ("https:///path", "address"),
        ("https://ana:secret@calendar.example/", "userinfo"),
        ("https://@calendar.example/", "userinfo"),
        ("https://calendar.example:22/", "port"),
        ("https://calendar.example:25/", "port"),
        ("https://calendar.example:0/", "port"),
        ("https://calendar.example:99999/", "address"),
        ("https://calendar.example:x/", "address"),
        ("https://calendar.example/a b", "address"),
        ("https://calendar.example/a\r\nHost: x", "address"),
        ("https://cal\tendar.example/", "address"),
        ("https://calendar.example\\@127.0.0.1/", "address"),
        ("https://calendar.example/\x00", "address"),
        ("https://-bad.example/", "address"),
        ("https://bad..example/", "address"),
        ("https://" + "a" * 64 + ".example/", "address"),
        ("https://calendar.example/" + "a" * 2000, "address"),
        ("https://0177.0.0.1/", "address"),
        ("https://2130706433/", "address"),
        ("https://0x7f000001/", "address"),
        ("https://0x7f.1/", "address"),
        ("https://127.1/", "address"),
        ("https://1.2.3.4.5/", "address"),
        ("https://999.1.1.1/", "address"),
        ("https://127.0.0.1/", "inside"),
        ("https://127.0.0.1./", "inside"),
        ("https://①②⑦.⓪.⓪.①/", "inside"),
        ("https://0.0.0.0/", "inside"),
        ("https://10.1.2.3/", "inside"),
        ("https://172.31.0.1/", "inside"),
        ("https://192.168.178.1/", "inside"),
        ("https://100.64.0.1/", "inside"),
        ("https://169.254.169.254/latest/meta-data/", "inside"),
        ("https://224.0.0.1/", "inside"),
        ("https://255.255.255.255/", "inside"),
        ("https://198.18.0.1/", "inside"),
        ("https://[::1]/", "inside"),
        ("https://[::]/", "inside"),
        ("https://[::ffff:10.0.0.1]/", "inside"),
        ("https://[::ffff:7f00:1]/", "inside"),
        ("https://[::7f00:1]/", "inside"),
        ("https://[2002:a00:1::]/", "inside"),
        ("https://[2001:0:a00:1::]/", "inside"),
        ("https://[64:ff9b::a00:1]/", "inside"),
        ("https://[64:ff9b:1::a00:1]/", "inside"),
        ("https://[fe80::1]/", "inside"),
        ("https://[fe80::1%25eth0]/", "inside"),
        ("https://[fd00::1]/", "inside"),
        ("https://[ff02::1]/", "inside"),
        ("https://[nonsense]/", "address"),
        ("https://[v1.abc]/", "address"),
    ],
)
def test_nobody_is_sent_there(address, code):
    assert refused(address) == code


@pytest.mark.parametrize(
    "address",
    ["https://calendar.example/mine.ics", "https://calendar.example:8443/", "https://1.1.1.1/",
     "https://[2606:4700:4700::1111]/", "https://bücher.example/ä?q=ü"],
)  # fmt: skip
def test_the_web_is_asked(address):
    to = whereto.target(address)

    assert to.secure
    assert to.path.isascii()
    if to.literal:
        assert whereto.judged([to.host], to, house=False) == [to.host]


@pytest.mark.parametrize(
    "addresses",
    [["1.1.1.1", "10.0.0.1"], ["10.0.0.1", "1.1.1.1"], ["1.1.1.1", "::ffff:10.0.0.1"],
     ["2606:4700:4700::1111", "fe80::1%eth0"], ["1.1.1.1", "127.0.0.1"],
     ["1.1.1.1", "fe80::1%"]],
)  # fmt: skip
def test_a_name_that_is_public_and_private_is_neither(addresses):
    for house in (False, True):
        with pytest.raises(NotReached) as no:
            whereto.judged([*addresses, "169.254.169.254"], WEB, house=house)
        assert no.value.code == "inside"
    with pytest.raises(NotReached):
        whereto.judged(addresses, WEB, house=False)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "192.168.1.9", "fd00::1", "::1"])
def test_a_server_in_the_house_is_asked_where_an_owner_allowed_it(address):
    plain = whereto.target("http://cal.home:5232/", house=True)

    assert whereto.judged([address], plain, house=True) == [address]


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:10.0.0.1", "224.0.0.1", "0.0.0.0", "2002:a00:1::"]
)
def test_some_addresses_are_no_house(address):
    with pytest.raises(NotReached):
        whereto.judged([address], WEB, house=True)


def test_nothing_leaves_the_house_without_encryption():
    plain = whereto.target("http://calendar.example/", house=True)

    with pytest.raises(NotReached) as no:
        whereto.judged(["1.1.1.1"], plain, house=True)
    assert no.value.code == "http"


def test_an_address_begins_as_it_was_written():
    for text in ("https://a.example", "https://a.example:8443", "http://[fd00::1]:5232"):
        assert whereto.target(f"{text}/x", house=True).origin == text


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused_in_words(text):
    for address in (text, f"https://{text}", f"https://a.example/{text}"):
        try:
            to = whereto.target(address)
        except NotReached as no:
            assert no.words
        else:
            assert to.path.startswith("/") and to.path.isascii()
            assert not set("\r\n\t ") & set(to.path + to.host)


@given(st.integers(0, 2**32 - 1))
def test_every_number_of_an_old_address_is_read_as_one_or_refused(number):
    """No form but four plain decimals passes, whatever it would stand for."""
    for form in (str(number), hex(number), oct(number).replace("o", ""), f"0{number}"):
        if not form.endswith("o"):
            assert refused(f"https://{form}/") in ("address", "inside")
