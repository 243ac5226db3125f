"""An alert is raised once, with somebody's name on it and a time."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from rapport.core import policy, time
from rapport.core.jobs import Job
from rapport.core.models import AuditEntry
from rapport.progress.alerts import actions, queries
from rapport.progress.models import Alert, AlertStep
from tests.factories import NOW, AnAccount, ASheet, ClientOf, Colleague

from .conftest import HOUR, PROGRAM


def test_the_responsible_clinician_owns_it_for_an_hour(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY", from_on=date(2010, 1, 1))
    alert = raised()
    assert (alert.owner, alert.deputy, alert.stage) == (ana, ben, "OWNER")
    assert (alert.raised_at, alert.answer_by) == (NOW, NOW + HOUR)
    assert (alert.instrument, alert.rule) == ("phq-9", "item-9")


def test_the_practice_says_how_long_and_who_stands_in(raised, ana, ben):
    actions.set_clock(by=PROGRAM, minutes=30, deputy_minutes=20, deputy=ben)
    alert = raised()
    assert (alert.owner, alert.deputy) == (ana, ben)
    assert alert.answer_by == NOW + timedelta(minutes=30)


def test_a_deputy_is_never_the_owner_a_second_time(raised, ana):
    actions.set_clock(by=PROGRAM, minutes=30, deputy_minutes=20, deputy=ana)
    alert = raised()
    assert (alert.owner, alert.deputy) == (ana, None)


def test_who_has_left_owns_nothing(raised, ana, ben, mara, join):
    join(mara, ben)
    ana.ended_on = NOW.date()
    ana.save()
    assert raised().owner == ben


def test_with_nobody_on_the_team_it_is_everybodys_at_once(raised, ana, ben):
    actions.set_clock(by=PROGRAM, minutes=30, deputy_minutes=20, deputy=ben)
    ana.ended_on = NOW.date()
    ana.save()
    alert = raised()
    assert (alert.owner, alert.stage, alert.answer_by) == (None, "TEAM", NOW)
    assert queries.waiting_for(by=ben.account).shown == [alert]


def test_the_same_answer_raises_it_once(raised, sheet):
    first = raised()
    again = raised(now=NOW + HOUR)
    assert again == first
    assert Alert.objects.count() == 1
    assert [step.what for step in AlertStep.objects.all()] == ["RAISED"]
    other = actions.raise_(by=PROGRAM, client=sheet.client, sheet=sheet, rule="other", now=NOW)
    assert other != first


def test_it_is_written_with_the_answer_or_not_at_all(mara):
    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), transaction.atomic():
        sheet = ASheet(client=mara)
        actions.raise_(by=PROGRAM, client=mara, sheet=sheet, rule="item-9", now=NOW)
        raise PowerCut
    assert not Alert.objects.exists()
    assert not Job.objects.exists()


def test_the_client_who_answers_raises_it_and_nobody_elses(raised, mara, sheet):
    mara.account = AnAccount(realm="PORTAL")
    mara.save()
    with pytest.raises(policy.Denied):
        stranger = ClientOf(account=AnAccount(realm="PORTAL"))
        raised(by=stranger.account)
    with pytest.raises(policy.Denied):
        raised(by=Colleague().account)
    assert raised(by=mara.account).client == mara


def test_the_trail_names_the_client_and_no_answer(raised, mara):
    raised()
    entry = AuditEntry.objects.get(verb="alert.raise")
    assert entry.about == mara.pk


def test_a_clock_runs_between_five_minutes_and_a_day(ana):
    for minutes in (0, 4, 1441):
        with pytest.raises(actions.CannotAnswer) as problem:
            actions.set_clock(by=PROGRAM, minutes=minutes, deputy_minutes=60, deputy=None)
        assert problem.value.field == "minutes"
    actions.set_clock(by=PROGRAM, minutes=5, deputy_minutes=1440, deputy=None)
    desk = Colleague(roles=["FRONT_DESK"])
    with pytest.raises(actions.CannotAnswer):
        actions.set_clock(by=PROGRAM, minutes=5, deputy_minutes=5, deputy=desk)


def test_only_owners_of_the_practice_set_the_clock(ana):
    with pytest.raises(policy.Denied):
        actions.set_clock(by=ana.account, minutes=5, deputy_minutes=5, deputy=None)
    olga = Colleague(roles=["OWNER"])
    actions.set_clock(by=olga.account, minutes=5, deputy_minutes=5, deputy=None)
    with time.at(NOW):
        assert queries.clock_of().minutes == 5
