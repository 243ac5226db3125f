"""Asking: once, by link or in the portal, or before each session; and asking no longer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import jobs, policy, time, tokens
from rapport.core.events import announce
from rapport.core.models import Job
from rapport.core.policy import System
from rapport.meeting.events import AppointmentBooked, AppointmentCancelled, AppointmentMoved
from rapport.meeting.series import actions as standing
from rapport.people.models import Client
from rapport.progress.measures import actions, asking, calendar, links, queries, sessions
from rapport.progress.measures import jobs as clock
from rapport.progress.models import Ask, Asked
from tests.factories import (
    NOW,
    AnAccount,
    AnAppointment,
    AnAsk,
    AnAsked,
    APractice,
    ASeries,
    AType,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(hours=5)
BY = System("test")


@pytest.fixture
def ana():
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def ask(ana, client, *instruments, way="LINK", **given):
    said = {"instruments": list(instruments) or ["phq-9"], "way": way, "now": NOW} | given
    return asking.ask(by=ana.account, client=client, **said)


def due(now=NOW, **given):
    return sessions.ask_due(by=BY, now=now, **given)


def test_a_link_is_made_and_only_its_digest_is_kept(ana, mara):
    (put,) = ask(ana, mara)
    token = put.path.split("/")[2]
    stored = Asked.objects.get()

    assert len(token) >= 43
    assert bytes(stored.token) == tokens.digest(token) and len(stored.token) == 32
    assert queries.by_token(token=token).pk == stored.pk
    assert queries.by_token(token=token + "x") is None
    assert (stored.expires_at, stored.asked_by) == (NOW + timedelta(days=7), ana.account)


def test_several_are_asked_at_once_each_with_its_own_link(ana, mara):
    put = ask(ana, mara, "phq-9", "gad-7", "phq-9")
    assert [one.asked.instrument for one in put] == ["phq-9", "gad-7"]
    assert len({one.path for one in put}) == 2


def test_one_for_a_session_can_be_answered_until_it_ends(ana, mara):
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    (put,) = ask(ana, mara, appointment=session)
    assert put.asked.expires_at == session.ends_at


@pytest.mark.parametrize(
    ("languages", "asked_in"),
    [(["de"], "de"), (["de-AT", "en"], "de"), (["ar", "de"], "de"), (["fa"], "en"), ([], "en")],
)
def test_it_is_asked_in_the_first_language_where_there_are_official_words(
    ana, mara, languages, asked_in
):
    mara.languages = languages
    (put,) = ask(ana, mara)
    assert put.asked.language == asked_in


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"instruments": ["no-such"]}, "instruments"),
        ({"instruments": ["../phq-9"]}, "instruments"),
        ({"instruments": []}, "instruments"),
        ({"way": "PIGEON"}, "way"),
        ({"way": "PORTAL"}, "way"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(ana, mara, given, field):
    with pytest.raises(asking.CannotAsk) as refusal:
        ask(ana, mara, **given)
    assert refusal.value.field == field
    assert not Asked.objects.exists()


def test_what_still_waits_is_not_asked_twice(ana, mara):
    ask(ana, mara)
    with pytest.raises(asking.CannotAsk, match="still waits"):
        ask(ana, mara, "gad-7", "phq-9")
    assert Asked.objects.count() == 1
    assert ask(ana, mara, now=NOW + timedelta(days=8))


def test_a_couple_is_not_asked_but_each_of_them(ana):
    couple = ClientOf(kind="COUPLE", care_team=[ana])
    for go in (
        lambda: ask(ana, couple),
        lambda: asking.set_rule(
            by=ana.account, client=couple, instruments=["phq-9"], hours_before=24, now=NOW
        ),
    ):
        with pytest.raises(asking.CannotAsk, match="on their own page"):
            go()


def test_a_stranger_and_the_front_desk_ask_nothing(mara):
    for somebody in (Colleague(), Colleague(roles=["FRONT_DESK"], at=[mara.place])):
        with pytest.raises(policy.Denied):
            ask(somebody, mara)


def test_a_new_link_ends_the_one_before(ana, mara):
    (first,) = ask(ana, mara)
    second = asking.new_link(by=ana.account, client=mara, asked=first.asked, now=NOW)

    assert queries.by_token(token=first.path.split("/")[2]) is None
    assert queries.by_token(token=second.path.split("/")[2]).pk == first.asked.pk


def test_a_new_link_for_one_that_is_too_late_gives_a_week_more(ana, mara):
    (put,) = ask(ana, mara)
    later = NOW + timedelta(days=20)
    again = asking.new_link(by=ana.account, client=mara, asked=put.asked, now=later)
    assert again.asked.expires_at == later + timedelta(days=7)


def test_withdrawn_it_takes_no_answers_and_forgets_those_it_had(ana, mara):
    (put,) = ask(ana, mara)
    actions.keep(
        by=links.Holder(put.asked.pk), asked=put.asked, answers={"1": 2}, version=1, now=NOW
    )
    gone = asking.withdraw(by=ana.account, client=mara, asked=put.asked, now=NOW)

    assert (gone.state, gone.closed_at, gone.draft) == ("WITHDRAWN", NOW, {})
    with pytest.raises(asking.CannotAsk, match="withdrawn before"):
        asking.withdraw(by=ana.account, client=mara, asked=put.asked, now=NOW)


def test_what_was_answered_meanwhile_is_not_withdrawn(ana, mara):
    asked = AnAsked(client=mara, state="ANSWERED", closed_at=NOW)
    with pytest.raises(asking.CannotAsk, match="answered meanwhile"):
        asking.withdraw(by=ana.account, client=mara, asked=asked, now=NOW)


def test_another_clients_questionnaire_is_not_withdrawn(ana, mara):
    theirs = AnAsked(client=ClientOf())
    with pytest.raises(Asked.DoesNotExist):
        asking.withdraw(by=ana.account, client=mara, asked=theirs, now=NOW)


# Before each session ----------------------------------------------------------------------


def test_it_is_asked_once_for_each_session_of_the_coming_hours(ana, mara):
    AnAsk(client=mara, hours_before=24)
    near = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=25))
    AnAppointment(client=mara, clinician=ana, starts_at=NOW - timedelta(hours=2))

    (asked,) = due()
    assert (asked.appointment_id, asked.expires_at, asked.way) == (near.pk, near.ends_at, "LINK")
    assert due() == due(NOW + timedelta(minutes=15)) == []
    assert len(due(NOW + timedelta(hours=2))) == 1


def test_nothing_is_asked_for_a_cancelled_session_an_archived_client_or_an_ended_rule(ana, mara):
    AnAsk(client=mara)
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    type(session).objects.filter(pk=session.pk).update(status="CANCELLED", cancelled_by="CLIENT")
    assert due() == []
    type(session).objects.filter(pk=session.pk).update(status="BOOKED", cancelled_by="")
    Client.objects.filter(pk=mara.pk).update(archived_at=NOW)
    assert due() == []
    Client.objects.filter(pk=mara.pk).update(archived_at=None)
    Ask.objects.update(ended_at=NOW)
    assert due() == []
    Ask.objects.update(ended_at=None)
    assert len(due()) == 1


def test_the_database_itself_refuses_a_second_asking_for_a_session(ana, mara):
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    AnAsked(client=mara, appointment=session)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnAsked(client=mara, appointment=session)


def test_of_two_clocks_that_strike_together_one_asks(ana, mara, monkeypatch):
    rule = AnAsk(client=mara)
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    due()
    assert sessions._asked_once(BY, session, [rule.instrument, "gad-7"], NOW, None) == []
    assert Asked.objects.count() == 1


def test_whoever_has_signed_in_to_the_portal_is_asked_there(ana):
    account = AnAccount(realm="PORTAL", last_login=NOW)
    noa = ClientOf(care_team=[ana], account=account)
    AnAsk(client=noa)
    AnAppointment(client=noa, clinician=ana, starts_at=SOON)
    assert [(one.way, one.token) for one in due()] == [("PORTAL", None)]


def told(fact):
    with transaction.atomic():
        announce(fact)
    jobs.run_due(now=NOW)


def test_booking_near_moving_and_cancelling_are_followed(ana, mara):
    AnAsk(client=mara)
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    told(AppointmentBooked(session.pk))
    asked = Asked.objects.get()

    session.starts_at, session.ends_at = SOON + timedelta(days=2), SOON + timedelta(days=2, hours=1)
    session.save()
    told(AppointmentMoved(session.pk))
    asked.refresh_from_db()
    assert (asked.state, asked.expires_at) == ("OPEN", session.ends_at)

    session.status, session.cancelled_by = "CANCELLED", "CLIENT"
    session.save()
    told(AppointmentCancelled(session.pk))
    asked.refresh_from_db()
    assert (asked.state, asked.appointment_id) == ("WITHDRAWN", None)
    assert not Job.objects.filter(state="DEAD").exists()


def test_a_session_that_comes_back_is_asked_for_anew_but_not_what_somebody_withdrew(ana, mara):
    AnAsk(client=mara)
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    (asked,) = due()
    session.status, session.cancelled_by = "CANCELLED", "CLIENT"
    session.save()
    told(AppointmentCancelled(session.pk))
    session.status, session.cancelled_by = "BOOKED", ""
    session.save()

    (again,) = due()
    assert again.pk != asked.pk
    asking.withdraw(by=ana.account, client=mara, asked=again, now=NOW)
    assert due() == []


def test_a_rule_stands_once_and_ends(ana, mara):
    given = {"by": ana.account, "client": mara, "now": NOW}
    asking.set_rule(instruments=["phq-9", "gad-7"], hours_before=24, **given)
    asking.set_rule(instruments=["phq-9"], hours_before=48, **given)
    standing = queries.rules_of(by=ana.account, client=mara)
    assert [(r.instrument, r.hours_before) for r in standing] == [("gad-7", 24), ("phq-9", 48)]

    asking.end_rule(rule=standing[1], **given)
    assert [r.instrument for r in queries.rules_of(by=ana.account, client=mara)] == ["gad-7"]
    asking.set_rule(instruments=["phq-9"], hours_before=24, **given)


@pytest.mark.parametrize("hours", [0, -1, 25, 10_000])
def test_hours_that_are_none_of_the_list_are_refused(ana, mara, hours):
    with pytest.raises(asking.CannotAsk) as refusal:
        asking.set_rule(
            by=ana.account, client=mara, instruments=["phq-9"], hours_before=hours, now=NOW
        )
    assert refusal.value.field == "hours_before"


def test_what_was_asked_for_sessions_that_go_with_their_standing_slot_is_asked_no_longer(ana, mara):
    APractice()
    series = ASeries(client=mara, clinician=ana, starts_on=SOON.date(), made_at=NOW)
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON, series=series,
                            nth_on=SOON.date(), due_at=SOON)  # fmt: skip
    for name in ("phq-9", "gad-7"):
        AnAsk(client=mara, instrument=name)
    waiting, begun = due()
    Asked.objects.filter(pk=begun.pk).update(kept_at=NOW)
    by_hand = ask(ana, mara, "phq-2")[0].asked

    with time.at(NOW):
        standing.end(by=BY, series=series, on=SOON.date(), revision=1, now=NOW)
        jobs.run_due(NOW, loud=True)

    assert not type(session).objects.exists()
    states = dict(Asked.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "WITHDRAWN", begun.pk: "OPEN", by_hand.pk: "OPEN"}


class TestWhatATypeSends:
    @pytest.fixture
    def talk(self):
        return AType(forms=["phq-9", "gad-7", "gone-by-now"])

    def test_it_is_asked_once_before_each_meeting_of_that_type(self, ana, mara, talk):
        AnAppointment(client=mara, clinician=ana, starts_at=SOON, type=talk)
        AnAppointment(client=mara, clinician=ana, starts_at=SOON + timedelta(days=1), type=AType())
        far = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=73),
                            type=talk)  # fmt: skip

        assert [(one.instrument, one.way) for one in due()] == [
            ("phq-9", "LINK"), ("gad-7", "LINK")
        ]  # fmt: skip
        assert due() == []
        assert {one.appointment_id for one in due(NOW + timedelta(hours=1))} == {far.pk}

    def test_what_is_asked_before_each_session_anyway_is_asked_when_that_says(
        self, ana, mara, talk
    ):
        AnAsk(client=mara, instrument="phq-9", hours_before=24)
        start = NOW + timedelta(hours=48)
        AnAppointment(client=mara, clinician=ana, starts_at=start, type=talk)

        assert [one.instrument for one in due()] == ["gad-7"]
        assert [one.instrument for one in due(start - timedelta(hours=24))] == ["phq-9"]

    def test_nobody_is_asked_as_a_couple(self, ana, talk):
        two = ClientOf(kind="COUPLE", care_team=[ana])
        AnAppointment(client=two, clinician=ana, starts_at=SOON, type=talk)
        assert due() == []


# By the calendar --------------------------------------------------------------------------


WEEK = timedelta(days=7)


def by_the_calendar(now):
    return [
        one for client in calendar.waiting(now=now)
        for one in calendar.ask_due(by=BY, client_id=client, now=now)
    ]  # fmt: skip


def every(ana, client, days, *instruments, now=NOW):
    return asking.set_rule(
        by=ana.account, client=client, instruments=instruments, every_days=days, now=now
    )


def test_every_week_it_is_asked_in_one_sitting_and_not_in_between(ana, mara):
    every(ana, mara, 7, "phq-9", "gad-7")
    first = by_the_calendar(NOW)
    assert [one.instrument for one in first] == ["gad-7", "phq-9"]
    assert [one.part for one in first] == [1, 2]
    assert len({one.sitting for one in first}) == 1 and first[0].appointment is None
    for days in (0, 1, 6.9):
        assert by_the_calendar(NOW + timedelta(days=days)) == []

    assert len(by_the_calendar(NOW + WEEK)) == 2
    assert Asked.objects.count() == 4


def test_one_mail_tells_of_a_sitting(ana, mara):
    every(ana, mara, 7, "phq-9", "gad-7")
    with transaction.atomic():
        by_the_calendar(NOW)
    assert Job.objects.filter(name__contains="tell_who_is_asked").count() == 1


def test_what_still_waits_is_not_asked_twice_and_missed_rounds_are_not_made_up_for(ana, mara):
    every(ana, mara, 7, "phq-9")
    (waits,) = by_the_calendar(NOW)
    Asked.objects.update(expires_at=NOW + 10 * WEEK)
    assert by_the_calendar(NOW + WEEK) == []

    Asked.objects.update(state="ANSWERED", closed_at=NOW)
    late = NOW + 5 * WEEK + timedelta(days=1)
    assert len(by_the_calendar(late)) == 1
    assert Ask.objects.get().next_at == NOW + 6 * WEEK


def test_the_calendar_and_sessions_do_not_ask_for_each_other(ana, mara):
    every(ana, mara, 28, "phq-9")
    AnAsk(client=mara, instrument="gad-7")
    AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    assert [one.instrument for one in due()] == ["gad-7"]
    assert [one.instrument for one in by_the_calendar(NOW)] == ["phq-9"]


def test_nobody_is_asked_by_the_calendar_who_has_left_or_whose_rule_has_ended(ana, mara):
    (rule,) = every(ana, mara, 7, "phq-9")
    asking.end_rule(by=ana.account, client=mara, rule=rule, now=NOW)
    every(ana, ClientOf(care_team=[ana], archived_at=NOW), 7, "phq-9")
    assert by_the_calendar(NOW + WEEK) == []


def test_changing_to_before_each_session_takes_the_calendar_off(ana, mara):
    every(ana, mara, 7, "phq-9")
    asking.set_rule(by=ana.account, client=mara, instruments=["phq-9"], now=NOW)
    assert by_the_calendar(NOW + WEEK) == []


def test_days_apart_that_are_not_offered_are_refused(ana, mara):
    for days in (0, 1, 400):
        with pytest.raises(asking.CannotAsk) as refusal:
            every(ana, mara, days, "phq-9")
        assert refusal.value.field == "every_days"


def test_one_client_who_cannot_be_asked_keeps_no_other_waiting(ana, mara, monkeypatch):
    noa = ClientOf(care_team=[ana])
    for one in (mara, noa):
        every(ana, one, 7, "phq-9")
    ask_due = calendar.ask_due

    def breaks(*, client_id, **given):
        if client_id == mara.pk:
            raise RuntimeError("hers alone")
        return ask_due(client_id=client_id, **given)

    monkeypatch.setattr(calendar, "ask_due", breaks)
    with pytest.raises(RuntimeError):
        clock.ask_by_calendar(now=NOW)
    assert [one.client_id for one in Asked.objects.all()] == [noa.pk]
