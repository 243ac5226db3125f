"""A client is reminded of what waits: by mail, where that is safe, and never twice."""

from datetime import time as wall
from datetime import timedelta

import pytest

from rapport.contact.models import Notice, Preference, QuestionsTold, Reminding
from rapport.contact.questions import actions, rules
from rapport.contact.questions import jobs as clock
from rapport.core import jobs, time
from rapport.core.policy import Denied, System
from rapport.people.circle import actions as circle
from rapport.progress.measures import asking
from rapport.progress.models import Asked
from tests.factories import AConsent, AnEpisode, APractice, ClientOf, Colleague

from .conftest import NOW

pytestmark = pytest.mark.django_db
BY = System("test")
DAY = timedelta(days=1)


@pytest.fixture
def ana():
    APractice(discreet_name="", locale="en")
    return Colleague()


@pytest.fixture
def mara(ana):
    client = ClientOf(care_team=[ana])
    circle.add_contact(by=BY, client=client, kind="MAIL", value="mara@home.example",
                       safe_to_write=True)  # fmt: skip
    return client


@pytest.fixture(autouse=True)
def asked(mara, trusted, box, listen, setup_mail):
    """Two questionnaires in one sitting, mailed; reminders at most twice, two days apart."""
    with time.at(NOW):
        setup_mail(listen(box))
        actions.set_asking_again(by=BY, days=2, most=2, now=NOW)
        put = asking.ask(by=BY, client=mara, instruments=["phq-9", "gad-7"], way="LINK", now=NOW,
                         send=True)  # fmt: skip
        jobs.run_due(NOW, loud=True)
    return put


def mails(days=0, hours=0):
    """How many mails there are once the clock has struck then."""
    now = NOW + days * DAY + timedelta(hours=hours)
    with time.at(now):
        clock.remind(now=now)
        clock.remind(now=now)
    return Notice.objects.count()


def test_at_most_so_often_so_many_days_apart_and_once_for_a_sitting(box):
    assert [mails(1), mails(2), mails(3), mails(4), mails(6)] == [1, 2, 2, 3, 3]
    assert list(QuestionsTold.objects.order_by("at").values_list("number", flat=True)) == [0, 1, 2]
    with time.at(NOW + 6 * DAY):
        jobs.run_due(NOW + 6 * DAY, loud=True)
    assert len(box.mails) == 3
    last = box.mails[-1].content.decode()
    assert "still waiting" in last and "phq" not in last.lower()


@pytest.mark.parametrize(
    "stop",
    [
        lambda mara: Asked.objects.update(state="ANSWERED"),
        lambda mara: Asked.objects.update(state="WITHDRAWN"),
        lambda mara: Asked.objects.update(expires_at=NOW + DAY),
        lambda mara: mara.contacts.update(safe_to_write=False),
        lambda mara: Preference.objects.create(client=mara, offsets=[], changed_at=NOW),
        lambda mara: AConsent(client=mara, kind="MESSAGES", withdrawn_on=NOW.date()),
        lambda mara: type(mara).objects.filter(pk=mara.pk).update(archived_at=NOW),
        lambda mara: actions.set_asking_again(by=BY, days=2, most=0, now=NOW),
        lambda mara: AnEpisode(client=mara, responsible=Colleague(), closed_on=NOW.date(),
                               close_reason="DIED"),
    ],
)  # fmt: skip
def test_it_stops_when_done_when_it_is_not_wanted_or_not_safe(mara, stop):
    stop(mara)
    assert mails(3) == 1


def test_of_two_that_wait_only_the_part_without_an_answer_is_opened(asked):
    Asked.objects.filter(pk=asked[0].asked.pk).update(state="ANSWERED")
    assert mails(2) == 2
    assert Asked.objects.get(instrument="gad-7").token is not None


def test_quiet_hours_are_waited_for(mara):
    Reminding.objects.create(changed_at=NOW, quiet_from=wall(1), quiet_until=wall(23))
    assert mails(2) == 1
    Reminding.objects.update(quiet_from=wall(23), quiet_until=wall(1))
    assert mails(2) == 2


def test_what_was_handed_over_is_reminded_of_nowhere(mara):
    QuestionsTold.objects.all().delete()
    assert mails(3) == 1


def test_of_two_sittings_one_mail_goes_a_day(mara):
    with time.at(NOW):
        asking.ask(by=BY, client=mara, instruments=["pcl-5"], way="LINK", now=NOW, send=True)
        jobs.run_due(NOW, loud=True)
    assert [mails(2), mails(2, hours=3), mails(2, hours=24)] == [3, 3, 4]


def test_who_may_set_it_and_what_cannot_be(ana):
    with pytest.raises(Denied):
        actions.set_asking_again(by=ana.account, days=2, most=1, now=NOW)
    for field, given in (("days", {"days": 6, "most": 1}), ("most", {"days": 2, "most": 9})):
        with pytest.raises(actions.CannotSet) as refusal:
            actions.set_asking_again(by=BY, now=NOW, **given)
        assert refusal.value.field == field


def test_a_reminder_is_due_after_its_days_and_no_more_after_the_last():
    given = {"last": NOW, "days": 2, "most": 1}
    assert not rules.is_due(number=0, now=NOW + DAY, **given)
    assert rules.is_due(number=0, now=NOW + 2 * DAY, **given)
    assert not rules.is_due(number=1, now=NOW + 9 * DAY, **given)
