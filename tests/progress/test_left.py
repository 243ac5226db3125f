"""Answers that were given and never handed in: a risky one is not lost."""

from datetime import timedelta

import pytest
from django.db import connection

from rapport.core import jobs, time, vault
from rapport.core.jobs import Job, registry
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from rapport.meeting.appointments import actions as meetings
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import said
from rapport.progress.measures import actions, asking, left, links, rules
from rapport.progress.measures.jobs import look_after_left
from rapport.progress.models import Alert, AlertStep, Asked
from tests.factories import NOW, AnAppointment, AnAsked, ClientOf

from .conftest import PROGRAM

MINUTE = timedelta(minutes=1)
LATER = NOW + rules.LEFT_FOR
RISKY = {"9": 3}


@pytest.fixture
def asked(mara):
    return AnAsked(client=mara)


def keep(asked, answers, now=NOW):
    return actions.keep(
        by=links.Holder(asked.pk), asked=asked, answers=answers, version=1, now=now
    )  # fmt: skip


def hand_in(asked, answers, now):
    return actions.answer(
        by=links.Holder(asked.pk), asked=asked, answers=answers, version=1, now=now
    )  # fmt: skip


def strike(now):
    """What the clock does at ``now``, and everything that follows from it."""
    with time.at(now):
        look_after_left(now=now)
        jobs.run_due(now, loud=True)


def whats():
    return [step.what for step in AlertStep.objects.order_by("at", "pk")]


def the_alert():
    near = ("client__data_key", "sheet", "asked__sheet")
    return Alert.objects.select_related(*near).get()


def test_a_risky_answer_is_an_alert_ten_minutes_after_the_last_answer(asked, ana, mara):
    keep(asked, {"8": 1} | RISKY)
    strike(LATER - MINUTE)
    assert not Alert.objects.exists()
    strike(LATER)

    alert = the_alert()
    assert (alert.client, alert.asked_id, alert.sheet_id) == (mara, asked.pk, None)
    assert (alert.rule, alert.instrument) == ("self-harm", "phq-9")
    assert (alert.owner, alert.stage, alert.answer_by) == (ana, "OWNER", LATER + 60 * MINUTE)
    assert (alert.draft, alert.kept_at) == (RISKY, NOW)
    assert sorted(whats()) == ["RAISED", "TOLD"]
    assert [one.answer for one in said.said(alert)] == ["3 · Nearly every day"]


def test_whoever_goes_on_answering_has_not_left(asked):
    keep(asked, RISKY)
    keep(asked, {"1": 1}, now=NOW + 9 * MINUTE)
    strike(NOW + 11 * MINUTE)
    assert not Alert.objects.exists()
    strike(NOW + 19 * MINUTE)
    assert Alert.objects.count() == 1


def test_a_slip_that_is_taken_back_in_time_and_calm_answers_raise_nothing(asked, mara):
    keep(asked, RISKY)
    keep(asked, {"9": 0}, now=NOW + MINUTE)
    keep(AnAsked(client=mara, instrument="gad-7"), {"1": 3})
    strike(NOW + 20 * MINUTE)
    assert not Alert.objects.exists()
    assert not Asked.objects.filter(looked_at=None).exists()


def test_however_often_the_clock_strikes_it_is_one_alert_told_once(asked):
    keep(asked, RISKY)
    for minute in range(3):
        strike(LATER + minute * MINUTE)
    assert Alert.objects.count() == 1
    assert sorted(whats()) == ["RAISED", "TOLD"]


def test_two_clocks_that_read_the_same_answers_raise_one_alert(asked):
    keep(asked, RISKY)
    one, two = (Asked.objects.select_related("client__data_key").get() for _ in range(2))
    for stale in (one, two):
        left.look_after(by=PROGRAM, asked=stale, now=LATER)
    assert Alert.objects.count() == 1


def test_what_was_looked_through_is_not_looked_through_again(asked, django_assert_num_queries):
    keep(asked, RISKY)
    strike(LATER)
    with django_assert_num_queries(1):
        look_after_left(now=LATER + MINUTE)
    entries = AuditEntry.objects.filter(verb="measure.look_after")
    assert [(entry.by, entry.about) for entry in entries] == [("system:clock", asked.client_id)]


def test_killed_before_it_commits_nothing_is_half_written_and_the_next_minute_does_it(
    asked, monkeypatch
):
    class Killed(BaseException):
        pass

    def killed(_fact):
        raise Killed

    keep(asked, RISKY)
    with monkeypatch.context() as dying:
        dying.setattr(alerts.events, "announce", killed)
        with pytest.raises(Killed):
            look_after_left(now=LATER)
    assert not (Alert.objects.exists() or Job.objects.exists())
    strike(LATER + MINUTE)
    assert sorted(whats()) == ["RAISED", "TOLD"]


def test_days_without_a_server_lose_nothing(asked):
    keep(asked, RISKY)
    Asked.objects.update(expires_at=NOW + MINUTE)
    strike(NOW + timedelta(days=3))
    assert the_alert().kept_at == NOW


def test_what_cannot_be_read_is_passed_over_and_keeps_no_other_waiting(asked, mara):
    gone = AnAsked(client=ClientOf())
    changed, no_more = AnAsked(client=mara, instrument="phq-2"), AnAsked(client=mara)
    for one in (gone, no_more, asked):
        keep(one, RISKY)
    keep(changed, {"1": 1})
    Asked.objects.filter(pk=changed.pk).update(version=7)
    Asked.objects.filter(pk=no_more.pk).update(instrument="no-such")
    vault.destroy(gone.client.data_key, by=PROGRAM, now=NOW)
    strike(LATER)
    assert the_alert().asked_id == asked.pk
    assert not Asked.objects.filter(looked_at=None).exists()


def test_one_that_was_tampered_with_fails_the_job_and_still_the_others_are_raised(mara):
    rows = [AnAsked(client=mara) for _ in range(3)]
    for row in rows:
        keep(row, RISKY)
    first, other = sorted(row.pk for row in rows)[:2]
    theirs = Asked.objects.values_list("draft", flat=True).get(pk=other)
    row = Asked._meta.pk.get_db_prep_value(first, connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE progress_asked SET draft = %s WHERE id = %s", [theirs.raw, row])
    with pytest.raises(vault.Tampered):
        look_after_left(now=LATER)
    assert Alert.objects.count() == 2


# Handing in afterwards --------------------------------------------------------------------


def test_handed_in_afterwards_the_standing_alert_gets_the_sheet(asked):
    keep(asked, RISKY)
    strike(LATER)
    raised = the_alert()
    sheet = hand_in(asked, {str(n): 1 for n in range(1, 9)} | RISKY, LATER + MINUTE)

    alert = the_alert()
    assert (alert.pk, alert.sheet_id, alert.raised_at) == (raised.pk, sheet.pk, LATER)
    assert sorted(whats()) == ["HANDED_IN", "RAISED", "TOLD"]
    assert said.handed_in(alert) == sheet
    strike(LATER + 30 * MINUTE)
    assert sorted(whats()) == ["HANDED_IN", "RAISED", "TOLD"]


def test_taken_back_the_alert_stays_and_says_what_was_handed_in(asked):
    keep(asked, RISKY)
    strike(LATER)
    sheet = hand_in(asked, {str(n): 0 for n in range(1, 10)}, LATER + MINUTE)

    alert = the_alert()
    assert sheet.score.risk is False
    assert (alert.sheet_id, alert.acknowledged_at) == (sheet.pk, None)
    assert [one.answer for one in said.said(alert)] == ["3 · Nearly every day"]
    assert [one.answer for one in said.said_later(alert)] == ["0 · Not at all"]


def test_handed_in_in_time_it_is_the_alert_of_the_sheet(asked):
    keep(asked, RISKY)
    sheet = hand_in(asked, RISKY, NOW + MINUTE)
    strike(LATER + MINUTE)
    alert = the_alert()
    assert (alert.sheet_id, alert.asked_id, alert.kept_at) == (sheet.pk, asked.pk, None)
    assert [one.answer for one in said.said(alert)] == ["3 · Nearly every day"]
    assert said.handed_in(alert) is None


def test_what_was_acknowledged_covers_the_same_answer_and_no_other(asked, ana):
    keep(asked, {"9": 1})
    strike(LATER)
    alerts.acknowledge(by=ana.account, alert=the_alert(), how="SPOKE", done="", now=LATER)
    keep(asked, {"10": 1}, now=LATER + MINUTE)
    strike(LATER + 20 * MINUTE)
    assert Alert.objects.count() == 1

    keep(asked, RISKY, now=LATER + 21 * MINUTE)
    strike(LATER + 40 * MINUTE)
    assert Alert.objects.waiting().get().kept_at == LATER + 21 * MINUTE

    sheet = hand_in(asked, RISKY, LATER + 41 * MINUTE)
    assert Alert.objects.count() == 2
    assert Alert.objects.waiting().get().sheet_id == sheet.pk


def test_a_worse_answer_handed_in_after_the_first_was_acknowledged_calls_again(asked, ana):
    keep(asked, {"9": 1})
    strike(LATER)
    alerts.acknowledge(by=ana.account, alert=the_alert(), how="SPOKE", done="", now=LATER)
    sheet = hand_in(asked, RISKY, LATER + MINUTE)
    assert Alert.objects.waiting().get().sheet_id == sheet.pk


# Asked no longer --------------------------------------------------------------------------


def test_withdrawn_or_expired_the_alert_stays(asked, ana, mara):
    keep(asked, RISKY)
    strike(LATER)
    asking.withdraw(by=ana.account, client=mara, asked=asked, now=LATER + MINUTE)
    strike(NOW + timedelta(days=30))
    alert = the_alert()
    assert alert.acknowledged_at is None
    assert [one.answer for one in said.said(alert)] == ["3 · Nearly every day"]


def test_withdrawn_before_the_clock_came_a_risky_answer_is_not_lost(asked, ana, mara):
    keep(asked, RISKY)
    asking.withdraw(by=ana.account, client=mara, asked=asked, now=NOW + MINUTE)
    assert (the_alert().draft, the_alert().kept_at) == (RISKY, NOW)
    strike(LATER)
    assert sorted(whats()) == ["RAISED", "TOLD"]


def test_nor_where_its_session_is_cancelled(ana, mara):
    session = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=5))
    keep(AnAsked(client=mara, appointment=session), RISKY)
    meetings.cancel(
        by=ana.account, appointment=session, side="CLIENT", revision=session.revision, now=NOW
    )  # fmt: skip
    jobs.run_due(NOW + MINUTE, loud=True)
    assert Asked.objects.get().state == "WITHDRAWN"
    assert the_alert().draft == RISKY


def test_only_the_program_looks_through_what_nobody_handed_in(asked, ana):
    keep(asked, RISKY)
    with pytest.raises(Denied):
        left.look_after(by=ana.account, asked=asked, now=LATER)


def test_the_clock_comes_every_minute():
    assert registry.CLOCKS["measure.look_after_left"].job == "measure.look_after_left"


def test_the_answer_lies_sealed_in_the_alert(asked):
    keep(asked, RISKY)
    strike(LATER)
    assert b'"9"' not in Alert.objects.values_list("draft", flat=True).get().raw
