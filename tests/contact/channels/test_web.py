"""The gateway over the web: its fields, its secret, and what its answers mean."""

import json
import socket
from urllib.parse import parse_qs

import pytest

from rapport.contact import channels
from rapport.contact.channels import NotSent, web
from rapport.contact.gateways import actions
from rapport.contact.gateways.jobs import upkeep
from rapport.contact.models import Gateway
from rapport.core import practice
from tests.contact.conftest import NOW

from .conftest import AGREED, set_gateway
from .test_contract import message

pytestmark = pytest.mark.django_db


class Mara:
    to = "+4930901820"


def send(**given):
    channels.found()["text"].send(message(Mara, **given))


def test_it_posts_the_fields_with_the_secret_in_its_header(gateway):
    set_gateway(gateway.url, fields={"an": "{to}", "msg": "Hi: {words}", "lang": "{language}"})
    send()

    ((path, heads, body),) = gateway.asked
    assert path == "/send?from=us"
    assert heads["Authorization"] == "Bearer s3same"
    assert heads["Content-Type"] == "application/json"
    said = json.loads(body)
    assert (said["an"], said["lang"]) == ("+4930901820", "en")
    assert said["msg"].startswith("Hi: Reminder") and "https" not in said["msg"]


def test_it_posts_form_fields_where_the_gateway_takes_those(gateway):
    set_gateway(gateway.url, form="FORM")
    send()

    ((_path, heads, body),) = gateway.asked
    assert heads["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body.decode())["to"] == ["+4930901820"]


def test_signs_in_a_message_are_not_fields():
    row = Gateway(fields={"a": "{text}|{to}"})
    kind, body = web.filled(row, message(Mara, words="{to} {id}", links=()))
    assert json.loads(body)["a"] == "{to} {id}|+4930901820"


@pytest.mark.parametrize(
    "mood, final, perhaps",
    [(400, True, False), (401, True, False), (429, False, False), (500, False, False),
     (502, False, True), (302, True, False), ("hangs up", False, True)],
)  # fmt: skip
def test_what_an_answer_means(gateway, mood, final, perhaps):
    set_gateway(gateway.url)
    gateway.mood = mood
    with pytest.raises(NotSent) as problem:
        send()
    assert (problem.value.final, problem.value.perhaps) == (final, perhaps)
    assert problem.value.address is False


def test_nobody_listening_means_that_it_did_not_go_out(trusted):
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        port = briefly.getsockname()[1]
    set_gateway(f"https://localhost:{port}/")
    with pytest.raises(NotSent) as problem:
        send()
    assert (problem.value.final, problem.value.perhaps) == (False, False)


def test_a_server_inside_is_not_asked_unless_the_owner_said_so(gateway):
    set_gateway(gateway.url, inside=False)
    with pytest.raises(NotSent) as problem:
        send()
    assert problem.value.final and gateway.asked == []


def test_a_certificate_nobody_vouches_for_gets_neither_secret_nor_number(gateway, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    set_gateway(gateway.url)
    with pytest.raises(NotSent):
        send()
    assert gateway.asked == []


WRONG = [
    ("url", {"url": "http://a.example/"}), ("url", {"url": "https://u:p@a.example/"}),
    ("url", {"url": "https://a.example/\r\nX: y"}), ("url", {"url": "ftp://a.example/"}),
    ("header", {"header": "X\r\nY"}), ("header", {"header": "Content-Type"}),
    ("secret", {"secret": "a\r\nb: c"}), ("secret", {"header": "", "secret": "x"}),
    ("secret", {"secret": ""}), ("fields", {"fields": {}}),
    ("fields", {"fields": {"to": "{to}"}}), ("fields", {"fields": {"text": "{text}"}}),
    ("fields", {"fields": {"to": "{to}", "text": "{text} {oops}"}}),
    ("fields", {"fields": {"a b": "{to}{text}"}}), ("form", {"form": "XML"}),
    ("reaches", {"reaches": "MAIL"}), ("agreed_on", {"agreed_on": None}),
    ("agreed_with", {"agreed_with": " "}),
    ("agreed_on", {"agreed_on": NOW.date().replace(year=2031)}),
]  # fmt: skip


@pytest.mark.parametrize("field, given", WRONG)
def test_a_setting_that_cannot_be_is_refused_beside_its_field(db, field, given):
    with pytest.raises(actions.CannotSet) as problem:
        set_gateway(given.pop("url", "https://a.example/"), **given)
    assert problem.value.field == field
    assert not Gateway.objects.exists()


def test_a_kept_secret_does_not_travel_to_another_gateway(db):
    set_gateway("https://a.example/")
    for url, header in (("https://b.example/", "Authorization"), ("https://a.example/", "X-Key")):
        with pytest.raises(actions.CannotSet) as problem:
            set_gateway(url, header=header, secret=None)
        assert problem.value.field == "secret"
    assert set_gateway("https://a.example/v2", secret=None).secret() == "Bearer s3same"


def test_the_secret_lies_encrypted(db):
    row = set_gateway("https://a.example/")
    assert b"s3same" not in bytes(row.header_secret)


def test_the_secret_comes_under_the_newest_key(db, monkeypatch):
    row = set_gateway("https://a.example/")
    Gateway.objects.update(header_secret_version=row.header_secret_version)
    upkeep(now=NOW)
    row.refresh_from_db()
    assert row.secret() == "Bearer s3same"
    assert row.header_secret_version == practice.current().keyring.version


def test_without_an_agreement_it_is_written_down_and_sends_nothing(gateway):
    set_gateway(gateway.url, agreed_with="", agreed_on=None)
    with pytest.raises(NotSent):
        send()
    assert gateway.asked == [] and AGREED["agreed_with"]
