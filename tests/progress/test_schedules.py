"""What asks by itself as care begins, goes on and ends, and when an answer calls for more."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from rapport.core import jobs, time
from rapport.core.events import announce
from rapport.core.policy import Denied, System
from rapport.meeting.events import AppointmentKept
from rapport.people.episodes import actions as episodes
from rapport.progress.measures import actions, asking, calendar, sessions
from rapport.progress.models import Ask, Asked, PlanLine, Recheck
from rapport.progress.schedules import actions as schedules
from rapport.progress.schedules import conditions, following, queries
from tests.factories import (
    NOW,
    AConsent,
    AnAppointment,
    AnAsk,
    AnAsked,
    ClientOf,
)

pytestmark = pytest.mark.django_db
BY = System("test")
TODAY = NOW.date()
DAY = timedelta(days=1)


def plan(*instruments, occasion="INTAKE", **given):
    return schedules.plan(by=BY, instruments=instruments, occasion=occasion, now=NOW, **given)


def begin(client, ana, on=TODAY):
    with time.at(NOW), transaction.atomic():
        episode = episodes.open_(by=BY, client=client, responsible=ana, on=on)
    jobs.run_due(now=NOW)
    return episode


def end(episode, on=TODAY, reason="COMPLETED"):
    episode.client.refresh_from_db()
    episodes.close(by=BY, client=episode.client, episode=episode, on=on, reason=reason)
    jobs.run_due(now=NOW)


def strike(client, now=NOW):
    return sorted(one.instrument for one in calendar.ask_due(by=BY, client_id=client.pk, now=now))


def stand(client, *instruments, **given):
    return schedules.stand(by=BY, client=client, instruments=instruments or ["phq-9"], now=NOW,
                           **given)  # fmt: skip


def test_whoever_begins_gets_the_practices_plan_and_their_own_rhythm_stays(ana, mara):
    plan("phq-9", "gad-7")
    plan("phq-9", occasion="SESSION", hours_before=48)
    plan("phq-9", occasion="FOLLOW_UP", weeks=[13, 26, 52])
    AnAsk(client=mara, occasion="DAYS", every_days=7, next_at=NOW + DAY)
    begin(mara, ana)

    made = sorted(mara.asks.values_list("occasion", "instrument", "count"))
    assert made == [
        ("DAYS", "phq-9", 0), ("FOLLOW_UP", "phq-9", 13), ("FOLLOW_UP", "phq-9", 26),
        ("FOLLOW_UP", "phq-9", 52), ("INTAKE", "gad-7", 0), ("INTAKE", "phq-9", 0),
    ]  # fmt: skip
    assert strike(mara) == ["gad-7", "phq-9"]
    asked = list(Asked.objects.all())
    assert len({one.sitting for one in asked}) == 1 and asked[0].sitting
    assert {one.expires_at for one in asked} == {NOW + 28 * DAY}
    assert {one.rule.occasion for one in asked} == {"INTAKE"}
    assert set(mara.asks.filter(occasion="INTAKE").values_list("ended_why", flat=True)) == {"DONE"}
    assert strike(mara) == []


def test_care_that_begins_later_is_asked_then_and_one_read_in_from_long_ago_not(ana, mara):
    plan("phq-9")
    begin(mara, ana, on=date(2030, 1, 20))
    assert [one.next_at.date() for one in mara.asks.all()] == [date(2030, 1, 20)]
    noa = ClientOf(care_team=[ana])
    begin(noa, ana, on=date(2029, 6, 1))
    assert not noa.asks.exists()


def test_a_line_of_the_plan_that_ended_is_for_nobody_new_and_can_be_taken_up(ana, mara):
    (line,) = plan("phq-9")
    schedules.end_line(by=BY, line=line, now=NOW)
    begin(mara, ana)
    assert not mara.asks.exists() and queries.lines(by=BY) == []
    schedules.take_up_line(by=BY, line=line)
    assert queries.lines(by=BY) == [line]
    plan("phq-9")
    assert PlanLine.objects.count() == 1
    with pytest.raises(Denied):
        schedules.plan(by=ana.account, instruments=["phq-9"], occasion="INTAKE", now=NOW)


def test_every_month_is_the_same_day_and_missed_ones_are_not_made_up_for(ana, mara):
    stand(mara, occasion="MONTH")
    assert strike(mara) == ["phq-9"]
    rule = Ask.objects.get()
    assert time.local(rule.next_at).date() == date(2030, 2, 7)
    Asked.objects.update(state="WITHDRAWN")
    assert strike(mara, NOW + 100 * DAY) == ["phq-9"]
    rule.refresh_from_db()
    assert time.local(rule.next_at).date() == date(2030, 5, 7)


def test_a_review_comes_after_so_many_sessions_and_then_again(ana, mara):
    (rule,) = stand(mara, occasion="REVIEW", sessions=4)

    def held(days):
        session = AnAppointment(client=mara, clinician=ana, starts_at=NOW + days * DAY,
                                status="KEPT")  # fmt: skip
        with transaction.atomic():
            announce(AppointmentKept(session.pk))
        jobs.run_due(now=NOW)
        return session

    for days in (1, 2, 3):
        held(days)
    assert strike(mara) == []
    assert [one.left for one in queries.of_client(by=BY, client=mara, now=NOW)] == [1]
    last = held(4)
    assert strike(mara) == ["phq-9"]
    following.session_held(by=BY, appointment_id=last.pk, now=NOW)  # settled anew
    Asked.objects.update(state="ANSWERED")
    assert strike(mara) == []
    assert [one.left for one in queries.of_client(by=BY, client=mara, now=NOW)] == [4]


def test_on_a_day_it_is_asked_once(mara):
    stand(mara, occasion="DATE", on=date(2030, 1, 9))
    assert strike(mara) == [] and strike(mara, NOW + 3 * DAY) == ["phq-9"]
    assert Ask.objects.get().ended_why == "DONE"


def test_the_end_of_care_sets_the_days_and_taking_it_back_takes_them_back(ana, mara):
    episode = begin(mara, ana)
    stand(mara, "gad-7", occasion="DISCHARGE")
    stand(mara, occasion="FOLLOW_UP", weeks=[13, 26])
    stand(mara, "pcl-5", occasion="MONTH")
    end(episode)
    days = mara.asks.filter(occasion="FOLLOW_UP").order_by("count")
    assert [time.local(one.next_at).date() for one in days] == [date(2030, 4, 8), date(2030, 7, 8)]
    assert strike(mara) == ["gad-7"]  # and not what ends with care
    assert mara.asks.get(occasion="MONTH").ended_why == "CARE"

    episodes.reopen(by=BY, client=mara, episode=episode)
    jobs.run_due(now=NOW)
    assert Asked.objects.get().state == "WITHDRAWN"
    assert mara.asks.filter(ended_at=None).count() == 4
    assert not mara.asks.exclude(occasion="MONTH").filter(next_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("consents", "asked", "why"),
    [
        ([], [], "NO_WORD"),
        ([{"kind": "FOLLOW_UP"}], ["phq-9"], "DONE"),
        ([{"kind": "FOLLOW_UP", "withdrawn_on": date(2030, 1, 2)}], [], "NO_WORD"),
        ([{"kind": "FOLLOW_UP"}, {"kind": "MESSAGES", "withdrawn_on": date(2030, 1, 2)}], [],
         "FORBIDDEN"),
    ],
)  # fmt: skip
def test_after_care_only_who_agreed_is_asked(ana, mara, consents, asked, why):
    episode = begin(mara, ana)
    for given in consents:
        AConsent(client=mara, **given)
    stand(mara, occasion="FOLLOW_UP", weeks=[4])
    end(episode)
    assert strike(mara, NOW + 29 * DAY) == asked
    assert Ask.objects.get().ended_why == why
    assert [one.rule.ended_why for one in queries.of_client(by=BY, client=mara, now=NOW)] == (
        [] if why == "DONE" else [why]
    )


def test_who_comes_back_is_followed_up_after_the_new_end_alone(ana, mara):
    AConsent(client=mara, kind="FOLLOW_UP")
    stand(mara, occasion="FOLLOW_UP", weeks=[4])
    end(begin(mara, ana))
    again = begin(mara, ana)
    assert strike(mara, NOW + 40 * DAY) == []
    end(again)
    assert Ask.objects.get().next_at is not None


def test_of_somebody_who_died_nothing_is_asked_and_what_waits_is_withdrawn(ana, mara):
    episode = begin(mara, ana)
    AConsent(client=mara, kind="FOLLOW_UP")
    stand(mara, occasion="FOLLOW_UP", weeks=[4])
    AnAsked(client=mara, instrument="gad-7")
    end(episode, reason="DIED")
    assert strike(mara, NOW + 40 * DAY) == []
    assert (Ask.objects.get().ended_why, Asked.objects.get().state) == ("DIED", "WITHDRAWN")


def test_what_a_schedule_asked_serves_the_session_that_comes(ana, mara):
    AnAsk(client=mara)
    stand(mara, occasion="MONTH")
    strike(mara)
    session = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=5))
    assert sessions.ask_due(by=BY, appointment_id=session.pk, now=NOW) == []
    Asked.objects.update(state="ANSWERED", closed_at=NOW)
    assert sessions.ask_due(by=BY, appointment_id=session.pk, now=NOW) == []
    sessions.withdraw_left_over(by=BY, client_id=mara.pk, now=NOW)
    Asked.objects.update(closed_at=NOW - 4 * DAY)
    assert len(sessions.ask_due(by=BY, appointment_id=session.pk, now=NOW)) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"occasion": "REVIEW"}, "sessions"),
        ({"occasion": "REVIEW", "sessions": 3}, "sessions"),
        ({"occasion": "FOLLOW_UP"}, "weeks"),
        ({"occasion": "FOLLOW_UP", "weeks": [13, 5]}, "weeks"),
        ({"occasion": "DATE"}, "on"),
        ({"occasion": "DATE", "on": date(2030, 1, 6)}, "on"),
        ({"occasion": "DATE", "on": date(2999, 1, 6)}, "on"),
        ({"occasion": "RAISED"}, "when"),
        ({"occasion": "MONTH", "instruments": ["no-such"]}, "instruments"),
        ({"occasion": "MONTH", "instruments": []}, "instruments"),
    ],
)
def test_a_schedule_that_cannot_be_says_where(mara, given, field):
    with pytest.raises(asking.CannotAsk) as refusal:
        schedules.stand(by=BY, client=mara, now=NOW, **{"instruments": ["phq-9"]} | given)
    assert refusal.value.field == field and not Ask.objects.exists()


def test_an_end_is_undone_unless_the_same_stands_or_it_was_asked(ana, mara):
    (rule,) = stand(mara, occasion="MONTH")
    asking.end_rule(by=BY, client=mara, rule=rule, now=NOW)
    assert strike(mara) == []
    schedules.take_up(by=ana.account, client=mara, rule=rule, now=NOW)
    assert strike(mara) == ["phq-9"]
    asking.end_rule(by=BY, client=mara, rule=rule, now=NOW)
    stand(mara, occasion="MONTH")
    with pytest.raises(asking.CannotAsk, match="by itself already"):
        schedules.take_up(by=BY, client=mara, rule=rule, now=NOW)


# Because of an answer ---------------------------------------------------------------------


def answered(client, score=2, now=NOW, instrument="phq-9", nine=0):
    answers = {str(n): score for n in range(1, 9)} | {"9": nine}
    sheet = actions.enter(by=BY, client=client, instrument=instrument, version=1, answers=answers,
                          source="PAPER", answered_on=time.local(now).date(), now=now)  # fmt: skip
    jobs.run_due(now=now)
    return sheet


def recheck(condition="band:moderately-severe", then="pcl-5", after_days=0, **given):
    return schedules.recheck(by=BY, condition=condition, then=then, after_days=after_days, now=NOW,
                             **{"instrument": "phq-9"} | given)  # fmt: skip


def test_a_result_asks_for_another_once_a_week_and_says_why(mara):
    rule = recheck()
    answered(mara, score=1)
    assert strike(mara) == []
    sheet = answered(mara)
    assert strike(mara) == ["pcl-5"]
    ask = Ask.objects.get()
    assert (ask.recheck, ask.because, ask.occasion) == (rule, sheet, "RAISED")
    answered(mara)
    Asked.objects.update(state="ANSWERED")
    assert Ask.objects.count() == 1
    answered(mara, now=NOW + 8 * DAY)
    assert strike(mara, NOW + 8 * DAY) == ["pcl-5"]


def test_the_same_sooner_and_a_single_answer(mara):
    recheck("item:9:1", "phq-9", 7)
    answered(mara, score=0, nine=1)
    assert strike(mara) == [] and strike(mara, NOW + 7 * DAY) == ["phq-9"]


def test_an_old_sheet_calls_for_nothing(mara):
    recheck("cutoff")
    sheet = answered(mara)
    Ask.objects.all().delete()
    assert following.result_came(by=BY, sheet_id=sheet.pk, now=NOW + 15 * DAY) == []
    assert len(following.result_came(by=BY, sheet_id=sheet.pk, now=NOW)) == 1


def test_a_circle_is_refused_with_the_way_round_and_the_same_within_a_week(mara):
    recheck(then="gad-7")
    with pytest.raises(asking.CannotAsk, match="GAD-7 → PHQ-9 → GAD-7") as refusal:
        recheck("cutoff", "phq-9", instrument="gad-7")
    assert refusal.value.field == "then"
    with pytest.raises(asking.CannotAsk, match="after a week"):
        recheck(then="phq-9", after_days=3)
    with pytest.raises(asking.CannotAsk, match="from the list"):
        recheck("band:unheard-of")
    first = Recheck.objects.get()
    schedules.end_recheck(by=BY, recheck=first, now=NOW)
    recheck("cutoff", "phq-9", instrument="gad-7")
    with pytest.raises(asking.CannotAsk, match="circle now"):
        schedules.take_up_recheck(by=BY, recheck=first)


def test_every_condition_that_is_offered_can_be_read():
    for item in asking.instruments.with_words().values():
        for written in conditions.offered(item.content):
            conditions.Condition.read(written)


def test_how_much_came_back_counts_what_is_over(mara):
    AnAsked(client=mara, state="ANSWERED")
    AnAsked(client=mara, instrument="gad-7", expires_at=NOW)
    AnAsked(client=mara, instrument="gad-7", state="WITHDRAWN")
    AnAsked(client=mara, instrument="audit")
    assert queries.completion(by=BY, client=mara, now=NOW).client == queries.Completion(1, 2)


def test_the_practices_share_is_told_of_ten_people_or_more_alone(mara):
    def share():
        return queries.completion_of_practice(
            by=BY, instrument="phq-9", since=TODAY, until=TODAY, now=NOW
        )

    for number in range(9):
        AnAsked(client=ClientOf(), state="ANSWERED" if number else "WITHDRAWN")
    AnAsked(client=mara, expires_at=NOW)
    AnAsked(client=mara, expires_at=NOW, asked_at=NOW + DAY)
    assert share() is None
    AnAsked(client=ClientOf(), state="ANSWERED")
    assert share() == queries.Completion(9, 10)
