"""What every channel keeps to, whatever it is: one suite, run over each file in the folder."""

import uuid
from types import SimpleNamespace

import pytest

from rapport.contact import channels
from rapport.contact.channels import Message, NotSent
from tests.contact.conftest import NOW

from .conftest import ENDS

pytestmark = pytest.mark.django_db

SAFE = ("safe_to_write", "safe_to_text", "safe_to_message")


def message(end, **given):
    usual = {
        "id": uuid.uuid4(), "to": end.to, "subject": "Reminder",
        "words": "Reminder: Monday, 9:00\nZweite Zeile, größer", "language": "en", "now": NOW,
        "links": (("Confirm", "https://a.example/a/x/"),),
    }  # fmt: skip
    return Message(**usual | given)


def contact(kind, *safe):
    return SimpleNamespace(kind=kind, **{name: name in safe for name in SAFE})


def test_every_channel_is_tried_here():
    assert set(channels.found()) == set(ENDS)


def test_it_has_an_id_and_a_name(end):
    assert channels.found()[end.channel.id] is end.channel
    assert str(end.channel.name)


def test_it_is_ready_once_it_is_set_up_and_not_before(end):
    assert not end.channel.ready()
    end.set_up()
    assert end.channel.ready()
    assert end.channel.id in channels.ready()


def test_it_is_off_without_what_allows_it(end):
    end.set_up()
    end.without_agreement()
    assert not end.channel.ready()


def test_it_writes_only_where_that_is_safe(end):
    end.set_up()
    others = [name for name in SAFE if name != end.safe]
    wrong = "MAIL" if end.kind == "PHONE" else "PHONE"

    assert end.channel.fits(contact(end.kind, end.safe))
    assert not end.channel.fits(contact(end.kind))
    assert not end.channel.fits(contact(end.kind, *others))
    assert not end.channel.fits(contact(wrong, *SAFE))


def test_a_message_arrives_once_with_its_words_and_links(end):
    end.set_up()
    sent = message(end)
    end.channel.send(sent)

    ((to, text, id),) = end.arrived()
    assert (to, id) == (end.to, str(sent.id))
    for line in ("Reminder: Monday, 9:00", "Zweite Zeile, größer", "https://a.example/a/x/"):
        assert line in text


def test_sent_twice_it_can_be_told_that_it_is_one(end):
    end.set_up()
    sent = message(end)
    end.channel.send(sent)
    end.channel.send(sent)

    assert {id for _to, _text, id in end.arrived()} == {str(sent.id)}
    end.channel.send(message(end))
    assert len({id for _to, _text, id in end.arrived()}) == 2


def test_what_does_not_go_out_says_so_and_can_be_tried_again(end):
    end.set_up()
    end.breaks()
    with pytest.raises(NotSent) as problem:
        end.channel.send(message(end))

    assert not problem.value.final and not problem.value.address
    assert problem.value.code
    assert end.to not in repr(problem.value) and "Monday" not in str(problem.value)
    assert len(problem.value.code) <= 100


def test_without_being_set_up_nothing_goes_out(end):
    with pytest.raises(NotSent):
        end.channel.send(message(end))


@pytest.mark.parametrize("wrong", ["a@b.example\r\nBcc: all@evil.example", "x\ny", "{text}", ""])
def test_an_address_smuggles_nothing(end, wrong):
    end.set_up()
    try:
        end.channel.send(message(end, to=wrong))
    except NotSent as problem:
        assert problem.final and problem.address
    else:
        ((to, text, _id),) = end.arrived()
        assert to == wrong and "Monday" in text and "Bcc" not in text


def test_a_message_shows_nothing_when_it_is_printed(end):
    shown = repr(message(end))
    assert end.to not in shown and "Monday" not in shown and "/a/x/" not in shown
