"""The pages about reminders, as an owner, a clinician, the front desk and a client use them."""

import json

import pytest

from rapport.contact.models import Delivery, Failing, Gateway, Outbox, Preference, Reminding, Reply
from rapport.contact.reminders import queries
from rapport.core import time
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.series import actions as standing
from rapport.meeting.series.rules import Rule
from rapport.people.models import Session
from tests.contact.channels.conftest import gateway, set_gateway
from tests.factories import AnAccount, AType, ClientOf, Colleague
from tests.web.stepping import inside

from .conftest import BY, DAY, HOUR, NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

__all__ = ["gateway"]
FRIDAY = NOW + 4 * DAY
TYPED = {
    "before_0_0": "1", "before_0_1": "D", "before_1_0": "2", "before_1_1": "H",
    "before_2_0": "", "before_2_1": "D", "before_3_0": "", "before_3_1": "D",
    "way_0": "mail", "way_1": "text", "way_2": "", "notices": ["BOOKED", "MOVED"],
    "links": ["CONFIRM"], "quiet_from": "21:00", "quiet_until": "08:00", "quiet_before": "on",
}  # fmt: skip
CHOSEN = {key: value for key, value in TYPED.items() if key.startswith("before_")} | {
    "says": "PRACTICE", "remind": "OWN", "notices": ["MOVED"], "zone": "Asia/Kathmandu",
}  # fmt: skip
GATE = {
    "url": "https://gate.example/send", "form": "JSON",
    "fields_text": "to = {to}\r\nmsg = Hi = {text}\r\n", "header": "X-Key", "secret": "s3same",
    "agreed_with": "Texts Ltd", "agreed_on": "2029-12-01",
}  # fmt: skip
HERE = "/desk/practice/reminders/"


@pytest.fixture
def olga(house):
    return inside(Colleague(roles=["OWNER"]).account)


@pytest.fixture
def ana(house):
    return inside(house.ana.account)


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))
    return box


def text(answer):
    return answer.content.decode()


def test_until_the_owner_says_so_nobody_is_reminded(olga):
    page = text(olga.get(HERE))
    assert "Nobody is reminded yet" in page and "Set up reminders" in page


def test_the_owner_sets_rules_and_reads_them(olga):
    assert olga.post(f"{HERE}edit/", TYPED).status_code == 302
    row = Reminding.objects.get()
    assert (row.offsets, row.channels) == ([1440, 120], ["mail", "text"])
    assert (row.notices, row.links, row.quiet_before) == (["BOOKED", "MOVED"], ["CONFIRM"], True)
    page = text(olga.get(HERE))
    for words in ("1 day before, 2 hours before", "a time is booked", "9 p.m.–8 a.m."):
        assert words in page
    assert 'value="2"' in text(olga.get(f"{HERE}edit/"))


@pytest.mark.parametrize(
    "wrong, words",
    [({"before_0_0": "99", "before_0_1": "D"}, "from 5 minutes to 60 days"),
     ({"before_0_0": "1", "before_0_1": "M"}, "from 5 minutes"),
     ({"before_0_0": "-1"}, "greater than or equal"), ({"before_0_0": "x"}, "whole number"),
     ({"before_0_1": "Y"}, "valid choice"),
     ({"way_0": "", "way_1": ""}, "at least one way"), ({"way_0": "pigeon"}, "valid choice"),
     ({"quiet_until": ""}, "begin and end"), ({"quiet_until": "21:00"}, "another time"),
     ({"quiet_from": "25:00"}, "valid time"), ({"notices": ["X"]}, "valid choice")],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_and_what_was_typed_kept(olga, wrong, words):
    answer = olga.post(f"{HERE}edit/", TYPED | wrong)
    assert answer.status_code == 422
    assert words in text(answer) and 'value="2"' in text(answer)
    assert not Reminding.objects.exists()


def test_a_type_has_times_of_its_own(olga):
    kind = AType(name="Long one")
    there = f"{HERE}type/{kind.pk}/"
    times = {key: value for key, value in TYPED.items() if key.startswith("before_")}
    assert olga.post(there, times | {"how": "OWN"}).status_code == 302
    assert dict((one.pk, own) for one, own in queries.types(by=BY)) == {kind.pk: [1440, 120]}
    assert "1 day before, 2 hours before" in text(olga.get(HERE))
    olga.post(there, times | {"how": "USUAL"})
    assert dict((one.pk, own) for one, own in queries.types(by=BY)) == {kind.pk: None}


def test_the_gateway_is_set_and_its_secret_never_shown(olga):
    assert olga.post("/desk/practice/gateway/text/", GATE).status_code == 302
    row = Gateway.objects.get()
    assert row.fields == {"to": "{to}", "msg": "Hi = {text}"}
    assert row.secret() == "s3same" and row.is_agreed
    shown = text(olga.get(HERE)) + text(olga.get("/desk/practice/gateway/text/"))
    assert "s3same" not in shown
    assert "Texts Ltd</bdi>, " in shown
    assert olga.post("/desk/practice/gateway/text/", GATE | {"secret": ""}).status_code == 302
    assert Gateway.objects.get().secret() == "s3same"
    olga.post("/desk/practice/gateway/text/forget/")
    assert not Gateway.objects.exists()


def test_without_an_agreement_the_gateway_is_off_and_says_so(olga):
    olga.post("/desk/practice/gateway/text/", GATE | {"agreed_with": "", "agreed_on": ""})
    assert not Gateway.objects.get().is_agreed
    assert "off: no agreement is on record" in text(olga.get(HERE))


@pytest.mark.parametrize(
    "wrong, words", [({"url": "http://a.example"}, "encryption"), ({"agreed_on": ""}, "agreement"),
                     ({"fields_text": "to = {to}"}, "{text} or {words}"),
                     ({"header": "a b"}, "Authorization"), ({"header": ""}, "belong together")],
)  # fmt: skip
def test_a_gateway_that_cannot_be_is_refused_and_what_was_typed_kept(olga, wrong, words):
    answer = olga.post("/desk/practice/gateway/text/", GATE | wrong)
    assert answer.status_code == 422
    assert words in text(answer) and "Texts Ltd" in text(answer)
    assert not Gateway.objects.exists()


def test_texts_and_calls_have_a_gateway_each(olga):
    olga.post("/desk/practice/gateway/text/", GATE)
    calls = GATE | {"url": "https://voice.example/", "secret": "c4ll", "agreed_with": "Calls Ltd"}
    assert olga.post("/desk/practice/gateway/call/", calls).status_code == 302
    kept = {one.reaches: (one.url, one.secret()) for one in Gateway.objects.all()}
    assert kept == {"TEXT": (GATE["url"], "s3same"), "CALL": ("https://voice.example/", "c4ll")}
    page = text(olga.get(HERE))
    assert "Texts Ltd" in page and "Calls Ltd" in page

    olga.post("/desk/practice/gateway/text/forget/")
    assert Gateway.objects.get().secret() == "c4ll"
    olga.post("/desk/practice/gateway/text/", GATE)
    assert Gateway.objects.get(reaches="TEXT").secret() == "s3same"
    assert olga.get("/desk/practice/gateway/mail/").status_code == 404


class TestTrying:
    there = "/desk/practice/gateway/text/try/"

    def test_it_goes_to_the_number_that_is_typed_and_names_nobody(self, olga, gateway):
        set_gateway(gateway.url)
        answer = olga.post(self.there, {"number": "+49 30 901820"})
        assert answer.status_code == 302
        ((_path, _heads, body),) = gateway.asked
        assert json.loads(body) == {"to": "+4930901820",
                                    "text": "A test message. Nothing is to be done."}  # fmt: skip
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        "number, mood, words",
        [("12", 200, "whole phone number"), ("+4930901820", 401, "does not accept the secret"),
         ("+4930901820", 418, "did not take it. (418)"), ("", 200, "required")],
    )  # fmt: skip
    def test_what_went_wrong_stands_beside_the_number(self, olga, gateway, number, mood, words):
        set_gateway(gateway.url)
        gateway.mood = mood
        answer = olga.post(self.there, {"number": number})
        assert answer.status_code == 422 and words in text(answer)
        assert f'value="{number}"' in text(answer) or not number

    def test_without_an_agreement_nothing_is_sent(self, olga, gateway):
        set_gateway(gateway.url, agreed_with="", agreed_on=None)
        answer = olga.post(self.there, {"number": "+4930901820"})
        assert (answer.status_code, gateway.asked) == (422, [])


def test_today_names_the_way_that_refuses_what_it_is_sent(olga, house, gateway):
    set_gateway(gateway.url)
    house.reminds(order=["text"])
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    gateway.mood = 401
    at(FRIDAY - DAY, loud=True)
    with time.at(FRIDAY - DAY + HOUR):
        said = text(inside(Colleague(roles=["OWNER"]).account).get("/desk/also/"))
    assert "do not go out at the moment: text message" in said
    with time.at(FRIDAY + DAY):
        ana = inside(Colleague(roles=["OWNER"]).account)
        assert "do not go out" not in text(ana.get("/desk/also/"))


def test_what_goes_out_since_takes_the_warning_away(olga, house, gateway):
    set_gateway(gateway.url)
    house.reminds(order=["text"])
    house.called(safe_to_text=True)
    house.books(FRIDAY)
    house.books(FRIDAY + 6 * HOUR)
    gateway.mood = 401
    at(FRIDAY - DAY, loud=True)
    gateway.mood = 200
    at(FRIDAY - DAY + 6 * HOUR, loud=True)
    assert queries.troubled(by=BY, now=FRIDAY - DAY + 7 * HOUR) == []


def test_a_client_reads_what_arrives_and_not_how_it_is_made(house, gateway):
    set_gateway(gateway.url)
    set_gateway(gateway.url, reaches="CALL")
    house.mara.account = AnAccount(realm="PORTAL")
    house.mara.save()
    page = text(inside(house.mara.account, "portal").get("/portal/reminders/"))
    assert ">text message<" in page and ">automatic phone call<" in page and "gateway" not in page


def test_the_gateway_asks_for_a_fresh_proof(olga):
    Session.objects.update(stepped_up_at=None)
    assert olga.get("/desk/practice/gateway/text/").status_code == 403


def test_the_folder_is_used_once_there_is_an_agreement(olga):
    given = {"reaches": "TEXT", "agreed_with": "Hospital", "agreed_on": "2029-12-01"}
    assert olga.post("/desk/practice/outbox/", given).status_code == 302
    assert Outbox.objects.get().is_agreed
    assert "outbox" in text(olga.get(HERE))
    olga.post("/desk/practice/outbox/forget/")
    assert not Outbox.objects.exists()


def test_the_log_says_what_went_out_and_what_failed_without_a_name(house, box, listen, setup_mail):
    setup_mail(listen(box))
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    house.books(FRIDAY + HOUR, client=ClientOf(legal_name="Jonas Weber", place=house.place))
    at(FRIDAY - DAY, loud=True)
    with time.at(FRIDAY - DAY + HOUR):
        at(FRIDAY - DAY + HOUR, loud=True)
        page = text(inside(Colleague(roles=["OWNER"]).account).get(HERE))
    assert "no number or address that is safe" in page
    for hidden in ("Lindgren", "Weber", "home.example"):
        assert hidden not in page


def test_a_clinician_chooses_for_the_client_who_sees_it_in_the_portal(ana, house):
    there = f"/desk/clients/{house.mara.pk}/reminders/"
    assert ana.post(there, CHOSEN).status_code == 302
    own = Preference.objects.get()
    assert (own.offsets, own.notices, own.says) == ([1440, 120], ["MOVED"], "PRACTICE")
    assert own.zone == "Asia/Kathmandu"
    house.mara.account = AnAccount(realm="PORTAL")
    house.mara.save()
    mara = inside(house.mara.account, "portal")
    page = text(mara.get("/portal/reminders/"))
    assert 'value="PRACTICE"' in page and 'value="2"' in page
    assert mara.post("/portal/reminders/", CHOSEN | {"remind": "NEVER"}).status_code == 302
    assert Preference.objects.get().offsets == []


@pytest.mark.parametrize(
    "wrong, words", [({"says": "ALL"}, "valid choice"), ({"zone": "Mars/Base"}, "valid choice"),
                     ({"before_0_0": "", "before_1_0": ""}, "how long before"),
                     ({"remind": ""}, "required")],
)  # fmt: skip
def test_a_choice_that_cannot_be_is_refused(ana, house, wrong, words):
    answer = ana.post(f"/desk/clients/{house.mara.pk}/reminders/", CHOSEN | wrong)
    assert answer.status_code == 422 and words in text(answer)
    assert not Preference.objects.exists()


def test_the_appointment_and_the_client_say_what_was_told(ana, house, box, listen, setup_mail):
    setup_mail(listen(box))
    house.reminds()
    house.reached()
    meeting = house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    for there in (f"/desk/appointments/{meeting.pk}/", f"/desk/clients/{house.mara.pk}/reminders/"):
        page = text(ana.get(there))
        assert "reminder, 1 day before" in page and "sent" in page


def test_an_address_that_fails_shows_and_can_be_tried_again(ana, house):
    contact = house.reached()
    Failing.objects.create(contact=contact, lookup=contact.lookup, code="x", since=NOW)
    there = f"/desk/clients/{house.mara.pk}/"
    assert "does not take messages any more" in text(ana.get(f"{there}reminders/"))
    ana.post(f"{there}contact/{contact.pk}/works/")
    assert not Failing.objects.exists()


def test_today_shows_who_was_not_reached_and_who_asks_for_another_time(house):
    house.reminds()
    meeting = house.books(FRIDAY)
    with time.at(FRIDAY - DAY):
        ana = inside(house.ana.account)
        assert "could not be reached" not in text(ana.get("/desk/also/"))
        at(FRIDAY - DAY, loud=True)
        assert "could not be reached by a message" in text(ana.get("/desk/also/"))
        Reply.objects.create(client=house.mara, appointment=meeting, starts_at=FRIDAY,
                             does="MOVE", at=NOW)  # fmt: skip
        assert "asks for another time" in text(ana.get("/desk/also/"))
        there = f"/desk/appointments/{meeting.pk}/"
        assert "The client would like another time." in text(ana.get(there))
        ana.post(f"{there}asked/")
        assert "The client would like another time." not in text(ana.get(there))
        assert "asks for another time" not in text(ana.get("/desk/also/"))
        assert Reply.objects.get().seen_by == house.ana.account


def test_today_shows_who_may_not_know_that_it_is_called_off(house):
    house.reminds(notices=["CANCELLED"])
    off, theirs = house.books(FRIDAY), house.books(FRIDAY + HOUR)
    with time.at(NOW + HOUR):
        ana, ben = inside(house.ana.account), inside(Colleague().account)
        house.cancels(off, now=NOW + HOUR)
        theirs.refresh_from_db()
        meetings.cancel(by=BY, appointment=theirs, side="CLIENT", revision=theirs.revision,
                        now=NOW + HOUR)  # fmt: skip
        at(NOW + HOUR, loud=True)
        said = "may not know that it is called off"
        assert text(ana.get("/desk/also/")).count(said) == 1
        assert said not in text(ben.get("/desk/also/"))
    with time.at(FRIDAY):
        assert said not in text(ana.get("/desk/also/"))


def test_today_shows_who_was_told_of_what_is_gone_and_could_not_be_told(house, mails):
    house.reminds(notices=["CANCELLED"])
    contact = house.reached()
    wanted = standing.Wanted(clinician=house.ana, rule=Rule("WEEKLY"), starts_on=FRIDAY.date(),
                             at=time.local(FRIDAY).time(), holidays="KEEP",
                             place=house.place)  # fmt: skip
    slot = standing.begin(by=BY, client=house.mara, wanted=wanted, now=NOW)
    at(FRIDAY - DAY, loud=True)
    contact.delete()
    with time.at(FRIDAY - 20 * HOUR):
        standing.end(by=BY, series=slot, on=FRIDAY.date(), revision=1, now=FRIDAY - 20 * HOUR)
        at(FRIDAY - 19 * HOUR, loud=True)
        ana = inside(house.ana.account)
        assert "may not know that it is called off" in text(ana.get("/desk/also/"))


def test_the_front_desk_sees_it_too_and_a_stranger_does_not(house):
    house.reminds()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    with time.at(FRIDAY - DAY):
        fay = inside(Colleague(roles=["FRONT_DESK"], at=[house.place]).account)
        ben = inside(Colleague().account)
        assert "could not be reached" in text(fay.get("/desk/also/"))
        assert "could not be reached" not in text(ben.get("/desk/also/"))


def test_today_tells_everybody_that_a_way_does_not_work_and_the_owner_where(house, setup_mail):
    setup_mail(1)
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY)
    with time.at(FRIDAY - DAY + HOUR):
        olga, ana = inside(Colleague(roles=["OWNER"]).account), inside(house.ana.account)
        for page in (text(olga.get("/desk/also/")), text(ana.get("/desk/also/"))):
            assert "do not go out at the moment: mail" in page
        assert HERE in text(olga.get("/desk/also/"))
        assert HERE not in text(ana.get("/desk/also/"))
        assert "Messages by this way do not go out" in text(olga.get(HERE))


def test_what_was_confirmed_shows_on_today_in_the_calendar_and_on_the_appointment(house):
    with time.at(FRIDAY - HOUR):
        meeting = house.books(FRIDAY)
        there = [f"/desk/appointments/{meeting.pk}/", "/desk/", "/desk/calendar/"]
        ana = inside(house.ana.account)
        assert [one for one in there if "confirmed" in text(ana.get(one))] == []
        type(meeting).objects.filter(pk=meeting.pk).update(confirmed_at=NOW)
        assert [one for one in there if "confirmed" not in text(ana.get(one))] == []


def test_what_waits_is_gone_when_all_reminders_stop(olga, house):
    house.reminds()
    olga.post(f"{HERE}stop/")
    assert not Reminding.objects.exists() and not Delivery.objects.exists()


def test_a_gateway_that_no_rule_names_says_that_nothing_goes_out_by_it(olga, house):
    house.reminds(order=["mail"])
    olga.post("/desk/practice/gateway/text/", GATE)
    unused = "the rules do not name it"
    assert unused in text(olga.get(HERE))
    house.reminds(order=["mail", "text"])
    assert unused not in text(olga.get(HERE))
