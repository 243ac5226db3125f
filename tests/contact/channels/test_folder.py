"""The folder for another gateway: what is to be made of a message is in its file's name."""

import json

import pytest

from rapport.contact.channels import folder
from rapport.contact.gateways import actions as gateways
from rapport.core import time
from rapport.core.policy import System
from tests.contact.conftest import NOW

from .conftest import ByFolder
from .test_contract import message

pytestmark = pytest.mark.django_db


def test_texts_calls_and_mail_are_told_apart_by_their_names(request):
    end, way = ByFolder(request.getfixturevalue), folder.Folder()
    sent = {}
    for reaches in ("TEXT", "CALL", "MAIL", "TEXT"):
        with time.at(NOW):
            gateways.use_outbox(by=System("test"), reaches=reaches, agreed_with="Hospital",
                                agreed_on=NOW.date(), now=NOW)  # fmt: skip
        one = message(end)
        way.send(one)
        way.send(one)  # the same message is the same file
        sent[f"{one.id}.{reaches.lower()}.json"] = reaches

    found = {one.name: json.loads(one.read_text())["makes"] for one in folder.where().iterdir()}
    assert found == sent
