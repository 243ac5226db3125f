"""A reminder each day: at the time the client chose, discreet, and only while today waits."""

import uuid
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from rapport.contact.models import Delivery, Preference
from rapport.contact.reminders import actions, bounces, daily, delivering, rules
from rapport.core import time
from rapport.core.policy import Denied
from rapport.people.models import Account, Client
from rapport.progress.daily import actions as plans
from rapport.progress.daily import answering, pausing
from rapport.progress.models import DailyPlan
from tests.contact.test_sending import parsed
from tests.factories import AConsent, ADailyPlan, ADailyQuestion, AnAccount, AnEpisode, Colleague
from tests.web.stepping import inside

from .conftest import BY, DAY, HOUR, NOW, at, states
from .test_reminding import mails, plain  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

EIGHT = NOW.replace(hour=20)
MINUTE = timedelta(minutes=1)
PAGE = "/portal/diary/reminder/"


@pytest.fixture
def mara(house, mails):  # noqa: F811
    """Mara, who can be written to, is asked something each day, and signs in to the portal."""
    house.reached()
    house.mara.account = AnAccount(realm="PORTAL")
    house.mara.save(update_fields=["account"])
    ADailyQuestion(plan=ADailyPlan(client=house.mara, from_on=NOW.date()))
    return house.mara


@pytest.fixture
def own(mara):
    return Account.objects.get(pk=mara.account.pk)


@pytest.fixture
def eight(own):
    """She wants to be reminded at eight in the evening."""
    return daily.choose(by=own, at=wall(20), now=NOW)


def test_it_is_off_until_it_is_chosen(mara, mails):  # noqa: F811
    at(EIGHT, loud=True)
    assert (mails.mails, states()) == ([], [])


def test_one_mail_at_the_time_that_was_chosen_and_no_second(eight, mails):  # noqa: F811
    for instant in (EIGHT - MINUTE, EIGHT, EIGHT + 5 * MINUTE, EIGHT + 50 * MINUTE):
        at(instant, loud=True)
    assert len(mails.mails) == 1
    row = Delivery.objects.get()
    assert (row.kind, row.state, row.sent_at, row.appointment) == ("DAILY", "SENT", EIGHT, None)
    at(EIGHT + DAY, loud=True)
    assert len(mails.mails) == 2


def test_it_tells_nothing_of_what_it_is_about(house, eight, mails):  # noqa: F811
    at(EIGHT, loud=True)
    assert plain(mails.mails[0]).splitlines()[0] == "You asked to be reminded at this time."
    everything = mails.mails[0].content.decode().lower()
    for word in ("diary", "tension", "seelenheil", "praxis", "therap", "ana roth", "mara lind",
                 "question", "answer", "health", "rapport", "session"):  # fmt: skip
        assert word not in everything


def test_in_the_language_of_the_client(mara, eight, mails):  # noqa: F811
    Client.objects.filter(pk=mara.pk).update(languages=["de"])
    at(EIGHT, loud=True)
    assert parsed(mails.mails[0])["Subject"] == "Erinnerung"


def answered(own):
    answering.keep(by=own, on=NOW.date(), slot=0, answers={}, sent=uuid.uuid4(), now=NOW)


STOPS = {
    "answered": lambda own, ana: answered(own),
    "ended": lambda own, ana: plans.end(by=ana.account, client=own.client,
                                        plan=DailyPlan.objects.get(), now=NOW),
    "ended by the client": lambda own, ana: answering.stop(by=own, now=NOW),
    "paused": lambda own, ana: pausing.pause(by=ana.account, client=own.client,
                                             plan=DailyPlan.objects.get(), from_on=NOW.date(),
                                             back_on=None, now=NOW),
    "over": lambda own, ana: DailyPlan.objects.update(until_on=NOW.date() - DAY,
                                                             from_on=NOW.date() - 9 * DAY),
    "not wanted": lambda own, ana: daily.choose(by=own, at=None, now=NOW),
    "not safe": lambda own, ana: own.client.contacts.update(safe_to_write=False),
    "no messages": lambda own, ana: AConsent(client=own.client, kind="MESSAGES",
                                             withdrawn_on=NOW.date()),
    "archived": lambda own, ana: Client.objects.update(archived_at=NOW),
    "died": lambda own, ana: AnEpisode(client=own.client, responsible=Colleague(),
                                       closed_on=NOW.date(), close_reason="DIED"),
}  # fmt: skip


@pytest.mark.parametrize("why", STOPS)
def test_none_is_sent_where_none_is_wanted(house, own, eight, mails, why):  # noqa: F811
    STOPS[why](own, house.ana)
    at(EIGHT, loud=True)
    assert mails.mails == []
    if why == "answered":
        at(EIGHT + DAY, loud=True)
        assert len(mails.mails) == 1


@pytest.mark.parametrize("why", ["answered", "paused", "ended by the client", "not wanted"])
def test_what_was_promised_is_looked_at_again_before_it_goes(house, own, eight, mails, why):  # noqa: F811
    with time.at(EIGHT):
        row = daily.promise(by=BY, client=own.client, now=EIGHT)
        STOPS[why](own, house.ana)
        delivering.attempt(delivery_id=row.pk, now=EIGHT)
    row.refresh_from_db()
    assert (row.state, row.error, mails.mails) == ("DROPPED", "NotWanted", [])
    at(EIGHT + 5 * MINUTE, loud=True)
    assert Delivery.objects.count() == 1


def test_quiet_hours_hold_when_it_is_chosen_and_when_it_is_sent(house, own, eight, mails):  # noqa: F811
    with pytest.raises(actions.CannotSet) as problem:
        daily.choose(by=own, at=wall(21, 30), now=NOW)  # as every practice begins: from nine
    assert problem.value.field == "at"
    with time.at(EIGHT):
        row = daily.promise(by=BY, client=own.client, now=EIGHT)
    house.reminds(quiet=(wall(19), wall(8)))
    with time.at(EIGHT):
        delivering.attempt(delivery_id=row.pk, now=EIGHT)
    row.refresh_from_db()
    assert (row.state, row.error) == ("DROPPED", "Quiet")
    at(EIGHT + DAY, loud=True)
    assert (mails.mails, Delivery.objects.count()) == ([], 1)


def test_it_comes_on_the_clients_own_wall(house, own, eight, mails):  # noqa: F811
    house.reminds()
    house.chooses(zone="America/New_York")
    assert Preference.objects.get().daily_at == wall(20)  # a choice about meetings leaves it
    at(EIGHT, loud=True)
    assert mails.mails == []
    at(EIGHT + 5 * HOUR, loud=True)  # eight in New York
    assert len(mails.mails) == 1


def test_a_server_that_was_off_catches_up_for_two_hours_and_not_at_night(eight, mails):  # noqa: F811
    at(EIGHT + 2 * HOUR, loud=True)
    assert mails.mails == []
    at(EIGHT + DAY + 50 * MINUTE, loud=True)
    assert len(mails.mails) == 1


def test_what_could_not_go_out_in_time_goes_no_more(house, own, eight, mails):  # noqa: F811
    house.reminds()
    with time.at(EIGHT):
        row = daily.promise(by=BY, client=own.client, now=EIGHT)
    late = EIGHT + 2 * HOUR
    with time.at(late):
        delivering.attempt(delivery_id=row.pk, now=late)
    row.refresh_from_db()
    assert (row.state, row.error) == ("DROPPED", "Late")
    Delivery.objects.update(state="PLANNED", attempts=1, error="TimeoutError")
    with time.at(late):
        delivering.attempt(delivery_id=row.pk, now=late)
    row.refresh_from_db()
    assert (row.state, row.error, mails.mails) == ("FAILED", "TimeoutError", [])


def test_what_fails_by_one_way_is_tried_by_the_next_and_then_no_more(house, own, eight):
    house.called(safe_to_text=True)
    with time.at(EIGHT):
        row = daily.promise(by=BY, client=own.client, now=EIGHT)
        Delivery.objects.filter(pk=row.pk).update(state="FAILED", error="SMTPException")
        assert daily.due(now=EIGHT) == [own.client.pk]
        assert daily.promise(by=BY, client=own.client, now=EIGHT) is None  # there is no other way


def test_without_a_way_it_is_written_down_once(mara, own, eight, mails):  # noqa: F811
    mara.contacts.all().delete()
    for n in range(3):
        at(EIGHT + 5 * n * MINUTE, loud=True)
    assert states() == [("DAILY", "", "FAILED")]
    assert Delivery.objects.get().error == "NoWay"


def test_two_never_live_for_one_day(mara, eight):
    given = {"client": mara, "kind": "DAILY", "starts_at": daily.ends(NOW), "planned_at": NOW}
    Delivery.objects.create(channel="mail", **given)
    for channel in ("mail", "web"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(channel=channel, **given)
    with time.at(EIGHT):
        Delivery.objects.update(channel="web")
        assert daily.promise(by=BY, client=mara, now=EIGHT) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**given | {"kind": "REMINDER"}, channel="mail")


def test_nobody_chooses_it_for_a_client(house, mara):
    with pytest.raises(Denied):
        daily.choose(by=house.ana.account, at=wall(20), now=NOW)


def test_a_refused_address_is_written_to_no_more(house, own, eight, mails):  # noqa: F811
    at(EIGHT, loud=True)
    row = Delivery.objects.get()
    bounces.came_back(by=BY, report=bounces.Report(row.pk, "5.1.1"), now=EIGHT)
    at(EIGHT + DAY, loud=True)
    assert len(mails.mails) == 1


# The pages --------------------------------------------------------------------------------


def test_the_client_chooses_a_time_and_takes_it_back(own):
    browser = inside(own, "portal")
    assert "Remind me each day" in browser.get("/portal/diary/").text
    page = browser.get(PAGE).text
    assert "It comes by mail" in page and "No reminder" not in page
    assert browser.post(PAGE, {"at": ""}).status_code == 422
    answer = browser.post(PAGE, {"at": "22:30"})
    assert answer.status_code == 422
    assert "Nothing is sent at that time of day." in answer.text and 'value="22:30"' in answer.text
    assert browser.post(PAGE, {"at": "20:00"}).headers["Location"] == "/portal/diary/"
    assert "Reminded each day at 8 p.m." in browser.get("/portal/diary/").text
    assert 'value="20:00"' in browser.get(PAGE).text
    browser.post(PAGE, {"none": "on", "at": "20:00"})
    assert "You are not reminded." in browser.get("/portal/diary/").text
    assert Preference.objects.get().daily_at is None


def test_the_page_says_when_nothing_can_be_sent(house, mara, own, eight):
    mara.contacts.update(safe_to_write=False)
    house.reminds(quiet=(wall(19), wall(8)))
    page = inside(own, "portal").get(PAGE).text
    assert "There is no number or address of yours that is safe" in page
    assert "Nothing is sent at the time you chose any more." in page


def test_the_desk_sees_that_one_went_out_and_not_what_about(house, own, eight, mails):  # noqa: F811
    at(EIGHT, loud=True)
    browser = inside(house.ana.account)
    page = browser.get(f"/desk/clients/{own.client.pk}/reminders/").text
    assert "daily reminder" in page


def test_a_time_that_the_clock_leaves_out_comes_all_the_same():
    rule, berlin = rules.daily_due, ZoneInfo("Europe/Berlin")
    spring = datetime(2030, 3, 31, 1, 30, tzinfo=UTC)  # 3:30 by the new clock; 2:30 was left out
    assert rule(wall(2, 30), berlin, spring)
    assert not rule(wall(2, 30), berlin, spring - 2 * HOUR)
