"""The clock of an alert: owner, deputy, care team, each once, and nothing closes by itself."""

from datetime import date, timedelta

import pytest

from rapport.contact.models import MailServer, Notice
from rapport.core import jobs, policy, time
from rapport.core.jobs import Job
from rapport.progress.alerts import actions, queries
from rapport.progress.alerts.jobs import watch
from rapport.progress.models import Alert
from tests.factories import NOW, AnAlert, ASheet, ATimeOff, ClientOf, Colleague

from .conftest import HOUR, PROGRAM, at


@pytest.fixture
def mail():
    MailServer.objects.create(host="localhost", from_address="post@example.org", changed_at=NOW)


def stage(alert):
    alert.refresh_from_db()
    return alert.stage


def strike(when, *, loud=True):
    """What the clock does at ``when``, and everything that follows from it."""
    with time.at(when):
        watch(now=when)
        jobs.run_due(when, loud=loud)


def steps(alert):
    found = queries.steps(by=PROGRAM, alert=alert)
    return [(one.what, one.how, one.staff.display_name if one.staff else "") for one in found]


def test_from_the_owner_to_the_deputy_to_everybody_and_there_it_stays(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    strike(at(9, 59))
    assert stage(alert) == "OWNER"
    strike(at(10, 0))
    assert (stage(alert), alert.answer_by) == ("DEPUTY", at(11, 0))
    strike(at(10, 59))
    assert stage(alert) == "DEPUTY"
    strike(at(11, 0))
    assert (stage(alert), alert.answer_by) == ("TEAM", at(11, 0))
    strike(NOW + timedelta(days=40))
    assert stage(alert) == "TEAM"
    assert alert.acknowledged_at is None
    assert [(what, how) for what, how, _who in steps(alert) if what != "TOLD"] == [
        ("RAISED", "OWNER"),
        ("PASSED_ON", "DEPUTY"),
        ("PASSED_ON", "TEAM"),
    ]


def test_each_stage_comes_once_however_often_the_clock_strikes(raised, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    for _ in range(3):
        strike(at(10, 0))
    assert [what for what, *_rest in steps(alert)].count("PASSED_ON") == 1
    assert stage(alert) == "DEPUTY"


def test_two_clocks_that_read_the_same_alert_pass_it_on_once(raised, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    with time.at(at(10, 0)):
        one, two = (queries.to_pass_on(now=at(10, 0)).select_related("client__data_key").get()
                    for _ in range(2))  # fmt: skip
        for stale in (one, two):
            actions.pass_on(by=PROGRAM, alert=stale, now=at(10, 0))
    assert stage(alert) == "DEPUTY"


def test_without_a_deputy_it_goes_to_everybody(raised, ana, ben, mara, join):
    join(mara, ben)
    alert = raised()
    assert queries.waiting_for(by=ben.account).shown == []
    strike(at(10, 0))
    assert stage(alert) == "TEAM"
    assert queries.waiting_for(by=ben.account).shown == [alert]
    assert queries.waiting_for(by=ana.account).shown == [alert]


def test_an_owner_who_leaves_is_not_waited_for(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    ana.ended_on = NOW.date()
    ana.save()
    strike(at(9, 1))
    assert (stage(alert), alert.answer_by) == ("DEPUTY", at(10, 1))


def test_an_owner_whose_part_in_the_care_ended_is_not_waited_for(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    mara.care_team.filter(staff=ana).update(until_on=NOW.date())
    strike(at(9, 1))
    assert stage(alert) == "DEPUTY"


def test_a_deputy_who_leaves_is_not_waited_for(raised, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    strike(at(10, 0))
    ben.ended_on = NOW.date()
    ben.save()
    strike(at(10, 1))
    assert stage(alert) == "TEAM"


def test_what_was_acknowledged_goes_nowhere(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    actions.acknowledge(by=ana.account, alert=alert, how="SPOKE", done="", now=at(9, 5))
    strike(at(10, 0))
    assert stage(alert) == "OWNER"
    assert queries.waiting_for(by=ana.account).shown == []


def test_each_is_told_once_by_mail_and_the_mail_says_nothing(raised, ana, ben, mara, join, mail):
    join(mara, ben, "DEPUTY")
    alert = raised()
    strike(NOW, loud=False)
    strike(at(10, 0), loud=False)
    strike(at(11, 0), loud=False)
    told = [(how, who) for what, how, who in steps(alert) if what == "TOLD"]
    assert sorted(told) == sorted(
        [("MAIL", "Ana"), ("MAIL", "Ben"), ("MAIL", "Ana"), ("MAIL", "Ben")]
    )
    sent = Notice.objects.order_by("created_at").values_list("kind", "account_id")
    assert list(sent[:2]) == [("attention", ana.account_id), ("attention", ben.account_id)]
    assert {notice.secret()["link_path"] for notice in Notice.objects.filter(state="QUEUED")} <= {
        "/desk/"
    }


def test_without_a_mail_server_the_page_alone_tells(raised, ana):
    alert = raised()
    jobs.run_due(NOW, loud=True)
    assert ("TOLD", "PAGE", "Ana") in steps(alert)
    assert not Notice.objects.exists()


def test_who_acknowledged_in_the_meantime_is_not_told(raised, ana, mara, mail):
    alert = raised()
    actions.acknowledge(by=ana.account, alert=alert, how="SPOKE", done="", now=NOW)
    jobs.run_due(NOW, loud=True)
    assert not Notice.objects.exists()


def test_news_that_comes_late_tells_nobody_twice(raised, ben, mara, join, mail):
    """The job that tells the owner waits while the clock has already passed the alert on."""
    join(mara, ben, "DEPUTY")
    alert = raised()
    with time.at(at(10, 0)):
        watch(now=at(10, 0))
        jobs.run_due(at(10, 0))
    told = [who for what, _how, who in steps(alert) if what == "TOLD"]
    assert told == ["Ben"]


def test_a_reaction_that_broke_off_leaves_no_trace_and_runs_again(raised, mail, monkeypatch):
    alert = raised()

    def breaks(**_given):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(actions, "told", breaks)
        jobs.run_due(NOW)
    assert not Notice.objects.exists()
    later = NOW + timedelta(minutes=1)
    with time.at(later):
        jobs.run_due(later)
    assert Notice.objects.count() == 1
    assert [what for what, *_rest in steps(alert)] == ["RAISED", "TOLD"]


def test_only_the_clock_passes_on(raised, ana):
    alert = raised()
    with pytest.raises(policy.Denied):
        actions.pass_on(by=ana.account, alert=alert, now=NOW + HOUR)


def test_the_clock_strikes_every_minute():
    jobs.strike(NOW)
    Job.objects.all().delete()
    jobs.strike(NOW + timedelta(minutes=1))
    assert Job.objects.filter(name="alert.watch").count() == 1


def test_the_pressing_ones_come_first_and_the_rest_is_counted(ana, mara, django_assert_num_queries):
    for minutes in range(25):
        sheet = ASheet(client=mara)
        AnAlert(sheet=sheet, owner=ana, answer_by=NOW + timedelta(minutes=25 - minutes))
    AnAlert(sheet=ASheet(client=ClientOf()), owner=Colleague())
    with django_assert_num_queries(1):
        found = queries.waiting_for(by=ana.account)
        names = {alert.client.name for alert in found.shown}
    assert names == {"Mara Kern"}
    assert (len(found.shown), found.rest) == (20, 5)
    assert found.shown[0].answer_by == NOW + timedelta(minutes=1)


def test_someone_who_joined_the_team_sees_what_waits_there(raised, ben, mara, join):
    alert = raised()
    strike(at(10, 0))
    assert queries.waiting_for(by=ben.account).shown == []
    member = join(mara, ben, from_on=NOW.date())
    assert queries.waiting_for(by=ben.account).shown == [alert]
    member.until_on = NOW.date()
    member.save()
    assert queries.waiting_for(by=ben.account).shown == []
    assert date(2020, 1, 1) < member.from_on


# Where nobody is responsible --------------------------------------------------------------


def leave(staff):
    staff.ended_on = NOW.date()
    staff.save()


@pytest.fixture
def olga(db):
    return Colleague(display_name="Olga", roles=["OWNER"])


def test_where_nobody_is_responsible_the_owners_of_the_practice_are_told(raised, ana, olga, mail):
    leave(Colleague(roles=["OWNER"]))
    Colleague(roles=["FRONT_DESK"])
    leave(ana)
    alert = raised()
    strike(NOW, loud=False)
    assert [(how, who) for what, how, who in steps(alert) if what == "TOLD"] == [("MAIL", "Olga")]
    notice = Notice.objects.get()
    assert (notice.kind, notice.account_id) == ("attention", olga.account_id)


def test_an_alert_whose_last_holder_leaves_goes_to_the_owners(raised, ana, olga):
    alert = raised()
    strike(NOW)
    leave(ana)
    strike(at(9, 1))
    assert (stage(alert), steps(alert)[-1][2]) == ("TEAM", "Olga")


def test_while_somebody_is_responsible_owners_hear_nothing(raised, ben, mara, join, olga):
    join(mara, ben, "DEPUTY")
    alert = raised()
    for when in (NOW, at(10, 0), at(11, 0)):
        strike(when)
    assert stage(alert) == "TEAM"
    assert "Olga" not in {who for *_rest, who in steps(alert)}
    assert queries.without_anybody(by=olga.account).shown == []


def test_a_deputy_of_the_practice_is_somebody(raised, ana, ben, olga):
    actions.set_clock(by=PROGRAM, minutes=30, deputy_minutes=20, deputy=ben)
    leave(ana)
    alert = raised()
    strike(NOW)
    assert [who for what, _how, who in steps(alert) if what == "TOLD"] == ["Ben"]
    assert queries.without_anybody(by=olga.account).shown == []
    leave(ben)
    assert queries.without_anybody(by=olga.account).shown == [alert]


def test_only_owners_learn_that_one_waits_for_nobody_and_no_more_than_that(raised, ana, ben, olga):
    leave(ana)
    alert = raised()
    assert queries.without_anybody(by=ben.account).shown == []
    (shown,) = queries.without_anybody(by=olga.account).shown
    assert (shown, shown.seen) == (alert, False)
    assert queries.waiting_for(by=olga.account).shown == []
    with pytest.raises(Alert.DoesNotExist):
        queries.get(by=olga.account, alert_id=alert.pk)
    assert not policy.allows("alert.open", olga.account, alert=alert)


# Where somebody has time off --------------------------------------------------------------


def off(staff, hours=24):
    return ATimeOff(staff=staff, starts_at=NOW - HOUR, ends_at=NOW + hours * HOUR)


def test_an_owner_who_is_away_is_not_waited_for(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    off(ana)
    alert = raised()
    strike(NOW)
    assert (stage(alert), alert.answer_by) == ("DEPUTY", at(10))
    assert ("TOLD", "PAGE", "Ben") in steps(alert)


def test_one_that_waits_when_time_off_begins_goes_on_then_and_not_before(
    raised, ana, ben, mara, join
):
    join(mara, ben, "DEPUTY")
    ATimeOff(staff=ana, starts_at=at(9, 30), ends_at=at(12))
    alert = raised()
    strike(at(9, 29))
    assert stage(alert) == "OWNER"
    strike(at(9, 30))
    assert stage(alert) == "DEPUTY"


def test_time_off_that_begins_later_keeps_nobody_from_looking_now(
    raised, ana, ben, mara, join, olga
):
    join(mara, ben, "DEPUTY")
    for one in (ana, ben):
        ATimeOff(staff=one, starts_at=at(15), ends_at=at(18))
    alert = raised()
    strike(at(10))
    assert stage(alert) == "DEPUTY"
    strike(at(11))
    assert stage(alert) == "TEAM"
    assert "Olga" not in {who for *_rest, who in steps(alert)}


def test_who_is_back_is_waited_for_again(raised, ana, ben, mara, join):
    join(mara, ben, "DEPUTY")
    ATimeOff(staff=ana, starts_at=NOW - HOUR, ends_at=NOW)
    off(Colleague())
    alert = raised()
    strike(at(9, 30))
    assert stage(alert) == "OWNER"


def test_where_the_deputy_is_away_too_it_stands_with_everybody_at_once(
    raised, ana, ben, mara, join
):
    join(mara, ben, "DEPUTY")
    off(ana)
    off(ben)
    alert = raised()
    strike(NOW)
    assert (stage(alert), alert.answer_by) == ("TEAM", NOW)


def test_a_deputy_who_goes_away_is_not_waited_for(raised, ben, mara, join):
    join(mara, ben, "DEPUTY")
    alert = raised()
    strike(at(10))
    off(ben)
    strike(at(10, 1))
    assert stage(alert) == "TEAM"


def test_a_deputy_who_is_there_goes_before_one_who_is_away(raised, ben, mara, join):
    sam = Colleague(display_name="Sam")
    actions.set_clock(by=PROGRAM, minutes=30, deputy_minutes=20, deputy=sam)
    join(mara, ben, "DEPUTY")
    assert raised(rule="first").deputy == ben
    off(ben)
    assert raised(rule="second").deputy == sam
    off(sam)
    assert raised(rule="third").deputy == ben


def test_where_all_who_are_responsible_are_away_owners_hear_of_it(raised, ana, ben, olga, mara):
    off(ana)
    alert = raised()
    strike(NOW)
    assert stage(alert) == "TEAM"
    assert {"Ana", "Olga"} <= {who for what, _how, who in steps(alert) if what == "TOLD"}
    (shown,) = queries.without_anybody(by=olga.account).shown
    assert shown == alert


def test_an_owner_of_the_practice_who_is_away_sees_it_as_their_own_alone(raised, ana, olga):
    ana.roles = ["OWNER", "CLINICIAN"]
    ana.save()
    off(ana)
    alert = raised()
    assert queries.without_anybody(by=ana.account).shown == []
    assert queries.waiting_for(by=ana.account).shown == [alert]
    assert queries.without_anybody(by=olga.account).shown == [alert]
