"""Somebody else is told that questions wait: by mail to an address that is safe, discreetly, once,
and again while they wait; by nobody where the client does not agree any more."""

import re
from datetime import time as wall
from datetime import timedelta

import pytest

from rapport.contact.models import Notice, QuestionsTold, Reminding
from rapport.contact.questions import actions, queries
from rapport.contact.questions import jobs as clock
from rapport.core import jobs, time
from rapport.core.jobs import Job
from rapport.core.policy import Denied, System
from rapport.people.circle import actions as circle
from rapport.people.consents import actions as consents
from rapport.progress.informants import actions as informants
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, calendar
from rapport.progress.measures import queries as reading
from rapport.progress.measures.links import Holder
from rapport.progress.models import Asked
from tests.factories import AConsent, AnEpisode, APractice, ClientOf, Colleague

from .conftest import NOW
from .test_sending import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]
BY = System("test")
DAY = timedelta(days=1)
CALM = {str(n): 1 for n in range(1, 11)} | {"9": 0}


@pytest.fixture(autouse=True)
def nine_o_clock(db, box, listen, setup_mail):
    with time.at(NOW):
        setup_mail(listen(box))
        actions.set_asking_again(by=BY, days=2, most=2, now=NOW)
        yield


@pytest.fixture
def ana(db):
    APractice(name="Praxis Dr. Seelenheil", discreet_name="", locale="en", time_zone="UTC")
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana])


@pytest.fixture
def agreed(mara):
    return AConsent(client=mara, kind="OTHERS")


def around(mara, name="Edda Lindgren", mail="edda@home.example", **given):
    said = {"relation": "PARENT", "may_know": "CARE", "safe_to_write": True} | given
    return circle.add_related(by=BY, client=mara, name=name, mail=mail, **said)


@pytest.fixture
def mother(mara, agreed):
    return around(mara)


def every_month(mara, person, forms=("phq-9",)):
    """What stands from now on, asked for the first time at once."""
    informants.stand(by=BY, client=mara, forms=forms, occasion="MONTH", person=person, now=NOW)
    return calendar.ask_due(by=BY, client_id=mara.pk, now=NOW)


def work(now=NOW):
    with time.at(now):
        jobs.run_due(now, loud=True)


def remind(days=0, hours=0):
    """How many mails went out once the clock has struck then, twice."""
    now = NOW + days * DAY + timedelta(hours=hours)
    with time.at(now):
        clock.remind(now=now)
        clock.remind(now=now)
        jobs.run_due(now, loud=True)
    return Notice.objects.count()


def opened(envelope):
    """What the link in a mail asks now, or None."""
    plain = parsed(envelope).get_body(("plain",)).get_content()
    return reading.by_token(token=re.search(r"/m/([^/]+)/", plain)[1])


# The first mail ---------------------------------------------------------------------------


def test_the_mail_says_that_questions_wait_and_nothing_of_anybody(ana, mara, mother, box):
    every_month(mara, mother, forms=("phq-9", "gad-7"))
    work()
    (envelope,) = box.mails
    mail = parsed(envelope)
    assert (envelope.rcpt_tos, mail["Subject"]) == (["edda@home.example"], "A few questions")
    assert opened(envelope).informant.person == mother
    whole = envelope.content.decode().lower().replace("edda@home.example", "")
    for word in ("seelenheil", "praxis", "mara", "lindgren", "edda", "phq", "gad", "depress",
                 "therap", "health"):  # fmt: skip
        assert word not in whole
    assert Notice.objects.get().enclosed is None


def test_two_around_one_client_get_each_their_own_link(mara, mother, box):
    father = around(mara, "Olu Lindgren", "olu@home.example")
    every_month(mara, mother)
    every_month(mara, father)
    work()
    links = {one.rcpt_tos[0]: opened(one).informant.person for one in box.mails}
    assert links == {"edda@home.example": mother, "olu@home.example": father}


@pytest.mark.parametrize(
    "given",
    [
        {"safe_to_write": False},
        {"mail": "", "safe_to_write": False},
        {"may_know": "NOTHING"},
    ],
)
def test_where_no_address_is_safe_nothing_goes_out_and_the_link_waits(mara, agreed, box, given):
    (asked,) = every_month(mara, around(mara, **given))
    work()
    assert box.mails == [] and not Notice.objects.exists()
    put = asking.new_link(by=BY, client=mara, asked=asked, now=NOW)
    assert reading.by_token(token=put.path.split("/")[2]) == asked


def test_a_role_has_no_address(mara, agreed, box):
    informants.ask(by=BY, client=mara, forms=["phq-9"], role="TEACHER", send=True, now=NOW)
    work()
    assert box.mails == []


def test_asked_by_hand_it_is_mailed_at_once_and_only_where_that_was_wanted(mara, mother, box):
    informants.ask(by=BY, client=mara, forms=["phq-9"], person=mother, send=True, now=NOW)
    informants.ask(by=BY, client=mara, forms=["gad-7"], person=mother, now=NOW)
    work()
    assert [opened(one).instrument for one in box.mails] == ["phq-9"]


@pytest.mark.parametrize("meanwhile", ["consent", "safe", "forgotten"])
def test_what_is_no_longer_so_when_it_goes_out_keeps_the_mail_back(
    mara, agreed, mother, box, meanwhile
):
    every_month(mara, mother)
    box.mood = "busy"
    with time.at(NOW):
        jobs.run_due(NOW)
    if meanwhile == "consent":
        consents.withdraw(by=BY, client=mara, consent=agreed, on=NOW.date())
    elif meanwhile == "safe":
        type(mother).objects.update(safe_to_write=False)
    else:
        circle.remove_related(by=BY, client=mara, person=mother)
    box.mood = "kind"
    with time.at(NOW + timedelta(hours=1)):
        jobs.run_due(time.now())
    assert box.mails == []
    assert [(n.state, n.error) for n in Notice.objects.all()] == [("FAILED", "NoAddress")]


def test_a_consent_withdrawn_before_the_mail_was_promised_keeps_it_back(mara, agreed, mother, box):
    every_month(mara, mother)
    type(agreed).objects.update(withdrawn_on=NOW.date())
    work()
    assert box.mails == [] and not Notice.objects.exists()


def test_in_quiet_hours_it_waits_for_their_end(mara, mother, box):
    Reminding.objects.create(changed_at=NOW, quiet_from=wall(8), quiet_until=wall(11))
    every_month(mara, mother)
    work()
    assert box.mails == []
    work(NOW + timedelta(hours=2))
    assert len(box.mails) == 1


def test_a_job_that_runs_again_after_its_worker_was_killed_tells_once(mara, mother, box):
    (asked,) = every_month(mara, mother)
    for _ in range(2):
        actions.tell(by=BY, asked_id=asked.pk, now=NOW)
    work()
    Job.objects.update(state="QUEUED", run_at=NOW)  # as if the end of no run was written down
    work()
    assert len(box.mails) == 1 and QuestionsTold.objects.get().informant.person == mother


# Looking and answering --------------------------------------------------------------------


def test_a_scanner_that_fetches_every_link_changes_nothing(client, mara, mother, box):
    every_month(mara, mother)
    work()
    path = asking.links.path(re.search(rb"/m/([^/]+)/", box.mails[0].content)[1].decode())
    for _ in range(3):
        assert client.get(path).status_code == client.head(path).status_code == 200
    asked = Asked.objects.get()
    assert (asked.state, asked.opened_at, asked.kept_at) == ("OPEN", None, None)


def test_the_client_s_own_mail_is_another_and_opens_the_client_s_own(mara, mother, box):
    circle.add_contact(by=BY, client=mara, kind="MAIL", value="mara@home.example",
                       safe_to_write=True)  # fmt: skip
    every_month(mara, mother)
    asking.ask(by=BY, client=mara, instruments=["phq-9"], way="LINK", send=True, now=NOW)
    work()
    links = {one.rcpt_tos[0]: opened(one).informant_id for one in box.mails}
    assert links["mara@home.example"] is None and links["edda@home.example"] is not None


# Again ------------------------------------------------------------------------------------


def test_reminders_stop_when_it_was_answered(mara, mother, box):
    (asked,) = every_month(mara, mother)
    work()
    assert [remind(1), remind(2)] == [1, 2]
    assert "still waiting" in box.mails[-1].content.decode()
    measures.answer(by=Holder(asked.pk), asked=asked, answers=CALM, version=1, now=NOW + 3 * DAY)
    assert remind(4) == 2


@pytest.mark.parametrize(
    "stop",
    [
        lambda mara: Asked.objects.update(state="WITHDRAWN"),
        lambda mara: Asked.objects.update(expires_at=NOW + DAY),
        lambda mara: mara.related_people.update(safe_to_write=False),
        lambda mara: mara.related_people.update(may_know="NOTHING"),
        lambda mara: mara.consents.update(withdrawn_on=NOW.date()),
        lambda mara: type(mara).objects.filter(pk=mara.pk).update(archived_at=NOW),
        lambda mara: actions.set_asking_again(by=BY, days=2, most=0, now=NOW),
        lambda mara: AnEpisode(client=mara, responsible=Colleague(), closed_on=NOW.date(),
                               close_reason="DIED"),
    ],
)  # fmt: skip
def test_they_stop_when_it_is_over_not_agreed_or_not_safe(mara, mother, stop):
    every_month(mara, mother)
    work()
    stop(mara)
    assert remind(3) == 1


def test_a_client_who_wants_no_messages_keeps_nobody_else_from_theirs(mara, mother):
    AConsent(client=mara, kind="MESSAGES", withdrawn_on=NOW.date())
    every_month(mara, mother)
    work()
    assert remind(2) == 2


def test_each_is_reminded_of_their_own_on_the_same_day(mara, mother, box):
    every_month(mara, mother)
    every_month(mara, around(mara, "Olu Lindgren", "olu@home.example"))
    work()
    assert remind(2) == 4
    assert [one.rcpt_tos[0][:3] for one in box.mails[2:]] in (["edd", "olu"], ["olu", "edd"])


def test_in_quiet_hours_nobody_is_reminded(mara, mother):
    every_month(mara, mother)
    work()
    Reminding.objects.create(changed_at=NOW, quiet_from=wall(8), quiet_until=wall(11))
    assert [remind(2), remind(2, hours=3)] == [1, 2]


# By hand ----------------------------------------------------------------------------------


def again(ana, mara, asked, now):
    with time.at(now):
        actions.ask_again(by=ana.account, client=mara, asked=asked, now=now)
        jobs.run_due(now, loud=True)


def test_asked_again_a_new_link_goes_out_and_what_was_late_can_be_answered(ana, mara, mother, box):
    (asked,) = every_month(mara, mother)
    work()
    late = NOW + 30 * DAY
    again(ana, mara, asked, late)
    assert opened(box.mails[0]) is None and opened(box.mails[1]) == asked
    asked.refresh_from_db()
    assert asked.expires_at == late + 7 * DAY
    told = queries.of_client(by=BY, client=mara)[asked.pk]
    assert told.number == 1


def test_a_button_that_is_pressed_twice_sends_one_mail(ana, mara, mother, box):
    (asked,) = every_month(mara, mother)
    work()
    with pytest.raises(asking.CannotAsk, match="few minutes ago"):
        again(ana, mara, asked, NOW + timedelta(minutes=5))
    assert len(box.mails) == 1


def test_what_was_handed_over_can_be_mailed_later_as_the_first_mail(ana, mara, agreed, box):
    person = around(mara, safe_to_write=False)
    (asked,) = every_month(mara, person)
    with pytest.raises(asking.CannotAsk, match="no address"):
        again(ana, mara, asked, NOW)
    type(person).objects.update(safe_to_write=True)
    again(ana, mara, asked, NOW + DAY)
    assert QuestionsTold.objects.get().number == 0 and len(box.mails) == 1


def test_it_is_not_asked_again_without_the_consent_after_the_answer_or_by_a_stranger(
    ana, mara, agreed, mother, box
):
    (asked,) = every_month(mara, mother)
    (own,) = asking.ask(by=BY, client=mara, instruments=["phq-9"], way="LINK", now=NOW)
    with pytest.raises(Denied):
        again(Colleague(), mara, asked, NOW + DAY)
    with pytest.raises(asking.CannotAsk, match="meanwhile"):
        again(ana, mara, own.asked, NOW + DAY)
    consents.withdraw(by=BY, client=mara, consent=agreed, on=NOW.date())
    with pytest.raises(asking.CannotAsk, match="consent"):
        again(ana, mara, asked, NOW + DAY)
    Asked.objects.update(state="ANSWERED")
    with pytest.raises(asking.CannotAsk, match="meanwhile"):
        again(ana, mara, asked, NOW + DAY)


def test_a_mail_that_did_not_go_out_shows_until_one_does(ana, mara, mother, box):
    (asked,) = every_month(mara, mother)
    box.mood = "unknown"
    with time.at(NOW):
        jobs.run_due(NOW)
    assert queries.not_arrived(by=BY, client=mara) == {mother.pk}
    box.mood = "kind"
    again(ana, mara, asked, NOW + DAY)
    assert queries.not_arrived(by=BY, client=mara) == set()
