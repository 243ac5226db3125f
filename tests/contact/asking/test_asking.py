"""What becomes of somebody who asks on the public page: the mail they get, and who is told."""

import uuid

import pytest

from rapport.contact.asking import actions, queries
from rapport.contact.inquiries.actions import Reach
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.inquiries.promised import Promise
from rapport.contact.models import Inquiry, Notice
from rapport.core import jobs, time
from rapport.core.policy import Nobody, System
from rapport.people.practice.models import Practice
from tests.contact.conftest import NOW
from tests.contact.test_sending import parsed
from tests.factories import AnInquiry, APlace, APractice, ClientOf, Colleague

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

SAFE = Reach("MAIL", "jo@home.example", safe_to_write=True)


@pytest.fixture(autouse=True)
def house(db):
    APractice(name="Praxis Dr. Seelenheil, Psychotherapie", discreet_name="", locale="en",
              answer_days=2)  # fmt: skip
    actions.set_page(by=System("test"), is_open=True, shows_names=True)
    with time.at(NOW):
        yield APlace(name="River house")


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))

    def sent():
        jobs.run_due(NOW, loud=True)
        found = [(one.rcpt_tos[0], parsed(one)) for one in box.mails]
        box.mails.clear()
        return found

    return sent


def ask(*reaches, once=None, **given):
    asker = actions.Asker("Jo Quiet", list(reaches), **given)
    return actions.ask(by=Nobody(), asker=asker, once=once or uuid.uuid4(), now=NOW)


def test_a_safe_address_hears_once_that_it_arrived_and_by_when_somebody_answers(mails):
    once = uuid.uuid4()
    for _ in range(2):
        ask(SAFE, once=once, language="en")

    [(to, letter)] = mails()

    said = letter.get_body(("plain",)).get_content()
    assert (to, letter["Subject"]) == ("jo@home.example", "It has arrived")
    assert "We answer within 2 working days." in said
    assert "http://localhost:8000/help-now/?in=en" in said
    whole = letter.as_string().lower()
    assert not [word for word in ("seelenheil", "quiet", "therap") if word in whole]


def test_it_speaks_the_language_the_page_was_read_in(mails):
    ask(SAFE, language="de")

    said = mails()[0][1].get_body(("plain",)).get_content()

    assert "help-now/?in=de" in said


def test_nothing_is_promised_where_the_practice_says_nothing(mails):
    Practice.objects.update(answer_days=0)
    ask(SAFE)

    assert "We answer" not in mails()[0][1].get_body(("plain",)).get_content()


def test_one_address_is_written_to_once_a_day_whoever_types_it_in(mails):
    for _ in range(3):
        ask(SAFE)

    assert len(mails()) == 1
    assert Inquiry.objects.count() == 3


@pytest.mark.parametrize(
    "reach",
    [Reach("MAIL", "jo@home.example"), Reach("PHONE", "+1 555 010 0100", True, True)],
    ids=["not safe", "a number"],
)
def test_nothing_goes_where_it_is_not_safe(mails, reach):
    ask(reach)

    assert mails() == []
    assert not Notice.objects.exists()


def test_without_a_mail_server_nothing_is_promised():
    ask(SAFE)

    assert not Notice.objects.exists()


def test_a_page_that_was_closed_meanwhile_takes_nothing():
    actions.set_page(by=System("test"), is_open=False, shows_names=False)

    with pytest.raises(CannotTake):
        ask(SAFE)


@pytest.mark.parametrize(
    ("reach", "given", "field"),
    [(SAFE, {"words": "x" * 301}, "words"), (Reach("PHONE", "soon"), {}, "phone")],
    ids=["long", "no number"],
)
def test_what_cannot_be_is_named(reach, given, field):
    with pytest.raises(CannotTake) as said:
        ask(reach, **given)

    assert said.value.field == field
    assert not Inquiry.objects.exists()


# Whom nobody has answered -----------------------------------------------------------------


def told(one):
    return [
        (row.inquiry, row.opens)
        for row in queries.unanswered(by=one.account, promise=Promise(), most=5)
    ]


def test_the_front_desk_of_the_place_is_told_and_whom_they_would_like_to_see(house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    flo = Colleague(roles=["FRONT_DESK"], at=[APlace()])
    olga, ben, ana = Colleague(roles=["OWNER"]), Colleague(at=[house]), Colleague(at=[house])

    inquiry = ask(place=house, clinician=ben)

    assert told(fay) == told(ben) == [(inquiry, True)]
    assert told(flo) == told(olga) == told(ana) == []


def test_where_a_place_has_no_front_desk_owners_and_every_front_desk_are(house):
    hill = APlace(name="Hill house")
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    olga, ben = Colleague(roles=["OWNER"]), Colleague(at=[hill])
    Colleague(roles=["FRONT_DESK"], at=[hill], ended_on=NOW.date())

    inquiry = ask(place=hill)

    assert told(olga) == [(inquiry, True)]
    assert told(fay) == [(inquiry, False)]
    assert told(ben) == []


def test_who_wishes_no_place_comes_to_one_with_a_front_desk(house):
    APlace(name="Hill house")
    fay = Colleague(roles=["FRONT_DESK"], at=[house])

    inquiry = ask()

    assert inquiry.client.place == house
    assert told(fay) == [(inquiry, True)]


def test_without_any_front_desk_to_the_first_place(house):
    hill = APlace(name="Hill house")

    assert ask().client.place == hill


@pytest.mark.parametrize(
    "given",
    [{"answered_at": NOW}, {"stage": "CALLED"}, {"stage": "CLOSED", "why": "OTHER"}],
    ids=["answered", "called back", "closed"],
)
def test_nobody_is_told_of_whom_somebody_answered(house, given):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    AnInquiry(client__place=house, **given)

    assert told(fay) == []


def test_nor_of_whom_somebody_is_responsible_for_or_who_is_restricted_or_a_client(house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    AnInquiry(client__place=house, responsible=fay)
    AnInquiry(client=ClientOf(place=house, status="INQUIRY", restricted=True))
    AnInquiry(client=ClientOf(place=house, status="ACTIVE"))

    assert told(fay) == []
