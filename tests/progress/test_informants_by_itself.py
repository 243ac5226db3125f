"""Somebody else who is asked about a client by itself: on the same occasions as the client, for as
long as the client agrees, and each in a sitting of their own."""

from datetime import date, timedelta

import pytest

from rapport.core import jobs, time
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as appointments
from rapport.people.circle import actions as circle
from rapport.people.consents import actions as consents
from rapport.people.episodes import actions as episodes
from rapport.progress.informants import actions
from rapport.progress.informants.actions import NotAgreed
from rapport.progress.informants.models import Informant
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, calendar, sessions
from rapport.progress.measures import queries as reading
from rapport.progress.measures.links import Holder
from rapport.progress.models import Ask, Asked, Occasion
from rapport.progress.schedules import actions as schedules
from rapport.progress.schedules import queries
from tests.factories import NOW, AConsent, AnAppointment, ARelatedPerson, AType, ClientOf

BY = System("test")
TODAY = NOW.date()
DAY = timedelta(days=1)
SOON = NOW + timedelta(hours=20)
CALM = {str(n): 1 for n in range(1, 11)} | {"9": 0}


@pytest.fixture
def agreed(mara):
    return AConsent(client=mara, kind="OTHERS")


@pytest.fixture
def mother(mara, agreed):
    return ARelatedPerson(client=mara, relation="PARENT", name="Edda Kern")


@pytest.fixture
def father(mara, agreed):
    return ARelatedPerson(client=mara, relation="PARENT", name="Olu Kern")


def stand(mara, person=None, occasion="MONTH", by=BY, forms=("phq-9",), **given):
    whom = {"role": "TEACHER"} if person is None else {"person": person}
    return actions.stand(
        by=by, client=mara, forms=forms, occasion=occasion, now=NOW, **whom, **given
    )


def strike(mara, now=NOW):
    """Who was asked what: the name of the person, the role, or "the client"."""
    asked = calendar.ask_due(by=BY, client_id=mara.pk, now=now)
    return sorted((whom(one), one.instrument) for one in asked)


def whom(asked):
    if asked.informant is None:
        return "the client"
    return asked.informant.person.name if asked.informant.person else asked.informant.kind


def before(now=NOW):
    return sorted((whom(one), one.instrument) for one in sessions.ask_due(by=BY, now=now))


def begin(client, ana, on=TODAY):
    episode = episodes.open_(by=BY, client=client, responsible=ana, on=on)
    jobs.run_due(now=NOW)
    return episode


def end(episode, reason="COMPLETED"):
    episode.client.refresh_from_db()
    episodes.close(by=BY, client=episode.client, episode=episode, on=TODAY, reason=reason)
    jobs.run_due(now=NOW)


# By the calendar --------------------------------------------------------------------------


def test_every_month_each_is_asked_by_a_link_of_their_own(mara, mother, father):
    stand(mara, mother, forms=["phq-9", "gad-7"], calls="Jo")
    stand(mara, father)
    schedules.stand(by=BY, client=mara, instruments=["phq-9"], occasion="MONTH", now=NOW)
    assert strike(mara) == [
        ("Edda Kern", "gad-7"), ("Edda Kern", "phq-9"), ("Olu Kern", "phq-9"),
        ("the client", "phq-9"),
    ]  # fmt: skip
    hers = Asked.objects.filter(informant__person=mother)
    assert len({one.sitting for one in hers}) == 1 and {one.calls for one in hers} == {"Jo"}
    assert Asked.objects.exclude(token=None).count() == 3
    assert Asked.objects.get(informant__person=father).way == "LINK"


def test_the_clock_that_strikes_twice_asks_once_and_what_waits_is_not_asked_beside(mara, mother):
    stand(mara, mother, occasion="DAYS", every_days=7)
    assert strike(mara) == [("Edda Kern", "phq-9")]
    assert strike(mara) == []
    Asked.objects.update(expires_at=NOW + 9 * DAY)
    assert strike(mara, NOW + 7 * DAY) == []
    assert strike(mara, NOW + 14 * DAY) == [("Edda Kern", "phq-9")]


def test_what_one_has_answered_is_not_taken_for_the_other_s(mara, mother, father):
    stand(mara, mother)
    stand(mara, father)
    strike(mara)
    hers = Asked.objects.get(informant__person=mother)
    measures.answer(by=Holder(hers.pk), asked=hers, answers=CALM, version=1, now=NOW)
    waits = reading.waiting_of(by=BY, client=mara)
    assert [whom(one) for one in waits] == ["Olu Kern"]


def test_a_role_alone_can_be_asked_by_itself_too(mara, agreed):
    stand(mara, occasion="DATE", on=date(2030, 1, 9))
    assert strike(mara) == [] and strike(mara, NOW + 3 * DAY) == [("TEACHER", "phq-9")]


def test_set_anew_it_stands_once_beside_the_client_s_own_and_another_person_s(mara, mother, father):
    asking.set_rule(by=BY, client=mara, instruments=["phq-9"], every_days=7, now=NOW)
    for person in (mother, father):
        stand(mara, person, occasion="DAYS", every_days=7)
    stand(mara, mother, occasion="SESSION", hours_before=48)
    stood = Ask.objects.values_list("occasion", "informant__person").order_by("set_at", "pk")
    assert sorted(stood, key=str) == sorted(
        [("DAYS", None), ("SESSION", mother.pk), ("DAYS", father.pk)], key=str
    )


# Before each session ----------------------------------------------------------------------


def test_before_each_session_the_client_and_each_other_are_asked_once(ana, mara, mother, father):
    for person in (mother, father):
        stand(mara, person, occasion="SESSION", calls="Jo")
    type_ = AType(forms=["gad-7"])
    session = AnAppointment(client=mara, clinician=ana, starts_at=SOON, type=type_)
    assert before() == [("Edda Kern", "phq-9"), ("Olu Kern", "phq-9"), ("the client", "gad-7")]
    assert before() == []
    hers = Asked.objects.get(informant__person=mother)
    assert (hers.appointment, hers.expires_at, hers.calls) == (session, session.ends_at, "Jo")
    appointments.cancel(
        by=BY, appointment=session, side="CLIENT", revision=session.revision, now=NOW
    )
    jobs.run_due(now=NOW)
    assert set(Asked.objects.values_list("state", flat=True)) == {"WITHDRAWN"}


def test_what_a_schedule_asked_of_one_serves_the_session_for_that_one_alone(
    ana, mara, mother, father
):
    stand(mara, mother)
    strike(mara)
    for person in (mother, father):
        stand(mara, person, occasion="SESSION")
    AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    assert before() == [("Olu Kern", "phq-9")]


@pytest.mark.parametrize("over", ["consent", "person"])
def test_before_a_session_nobody_is_asked_who_may_not_be(ana, mara, agreed, mother, over):
    stand(mara, mother, occasion="SESSION")
    AnAppointment(client=mara, clinician=ana, starts_at=SOON)
    if over == "consent":
        consents.withdraw(by=BY, client=mara, consent=agreed, on=TODAY)
    else:
        circle.remove_related(by=BY, client=mara, person=mother)
    assert before() == []


# As care begins and ends ------------------------------------------------------------------


def test_when_care_begins_others_are_asked_where_it_is_still_to_come(ana, mara, mother):
    stand(mara, mother, occasion="INTAKE")
    (told,) = queries.of_client(by=BY, client=mara, now=NOW)
    assert told.rule.next_at is None and strike(mara) == []
    begin(mara, ana)
    assert strike(mara) == [("Edda Kern", "phq-9")]
    assert Ask.objects.get().ended_why == "DONE"


def test_care_that_is_agreed_for_a_later_day_is_waited_for(ana, mara, mother):
    begin(mara, ana, on=date(2030, 1, 20))
    stand(mara, mother, occasion="INTAKE")
    assert Ask.objects.get().next_at.date() == date(2030, 1, 20)


def test_care_that_has_begun_asks_nothing_for_its_beginning(ana, mara, mother):
    begin(mara, ana)
    with pytest.raises(asking.CannotAsk, match="begun already") as refusal:
        stand(mara, mother, occasion="INTAKE")
    assert refusal.value.field == "when" and not Ask.objects.exists()


def test_the_practice_s_plan_is_for_the_client_although_another_is_asked_the_same(
    ana, mara, mother
):
    schedules.plan(by=BY, instruments=["phq-9"], occasion="MONTH", now=NOW)
    stand(mara, mother)
    begin(mara, ana)
    assert strike(mara) == [("Edda Kern", "phq-9"), ("the client", "phq-9")]


def test_with_the_end_of_care_it_stops_but_for_the_end_itself_and_what_follows(ana, mara, mother):
    episode = begin(mara, ana)
    AConsent(client=mara, kind="FOLLOW_UP")
    stand(mara, mother, forms=["gad-7"], occasion="DAYS", every_days=7)
    stand(mara, mother, occasion="DISCHARGE")
    stand(mara, mother, forms=["pcl-5"], occasion="FOLLOW_UP", weeks=[4])
    end(episode)
    assert strike(mara) == [("Edda Kern", "phq-9")]
    assert Ask.objects.get(occasion="DAYS").ended_why == "CARE"
    assert strike(mara, NOW + 29 * DAY) == [("Edda Kern", "pcl-5")]


def test_after_care_others_are_asked_only_where_the_client_agreed_to_be_followed_up(
    ana, mara, mother
):
    episode = begin(mara, ana)
    stand(mara, mother, occasion="FOLLOW_UP", weeks=[4])
    end(episode)
    assert strike(mara, NOW + 29 * DAY) == []
    assert Ask.objects.get().ended_why == "NO_WORD"


def test_about_somebody_who_died_nobody_is_asked(ana, mara, mother):
    episode = begin(mara, ana)
    stand(mara, mother)
    strike(mara)
    end(episode, reason="DIED")
    assert (Ask.objects.get().ended_why, Asked.objects.get().state) == ("DIED", "WITHDRAWN")


# As long as the client agrees -------------------------------------------------------------


def test_without_a_consent_nothing_stands(mara):
    with pytest.raises(NotAgreed):
        stand(mara)
    assert not Ask.objects.exists() and not Informant.objects.exists()


def test_when_the_consent_is_withdrawn_it_ends_and_when_that_was_a_slip_it_stands_again(
    mara, agreed, mother
):
    stand(mara, mother)
    asking.set_rule(by=BY, client=mara, instruments=["gad-7"], now=NOW)
    consents.withdraw(by=BY, client=mara, consent=agreed, on=TODAY)
    jobs.run_due(now=NOW)
    assert Ask.objects.get(instrument="phq-9").ended_why == "UNAGREED"
    assert Ask.objects.get(instrument="gad-7").ended_at is None
    assert strike(mara) == []
    consents.take_back(by=BY, client=mara, consent=agreed)
    jobs.run_due(now=NOW)
    assert strike(mara) == [("Edda Kern", "phq-9")]


def test_what_was_ended_by_hand_does_not_come_back_with_the_consent(mara, agreed, mother):
    (rule,) = stand(mara, mother)
    asking.end_rule(by=BY, client=mara, rule=rule, now=NOW)
    consents.withdraw(by=BY, client=mara, consent=agreed, on=TODAY)
    consents.take_back(by=BY, client=mara, consent=agreed)
    jobs.run_due(now=NOW)
    assert strike(mara) == []


def test_a_second_consent_that_stands_keeps_it_and_another_kind_is_none(mara, agreed, mother):
    stand(mara, mother)
    release = AConsent(client=mara, kind="RELEASE")
    newer = AConsent(client=mara, kind="OTHERS", version="2")
    for one in (release, agreed):
        consents.withdraw(by=BY, client=mara, consent=one, on=TODAY)
        jobs.run_due(now=NOW)
        assert Ask.objects.get().ended_at is None
    consents.withdraw(by=BY, client=mara, consent=newer, on=TODAY)
    assert strike(mara) == []  # looked at again when it is due, although no news has come yet
    assert Ask.objects.get().ended_why == "UNAGREED"


def test_it_is_taken_up_again_only_where_the_client_agrees(ana, mara, agreed, mother):
    (rule,) = stand(mara, mother)
    asking.end_rule(by=BY, client=mara, rule=rule, now=NOW)
    consents.withdraw(by=BY, client=mara, consent=agreed, on=TODAY)
    with pytest.raises(asking.CannotAsk, match="consent"):
        schedules.take_up(by=ana.account, client=mara, rule=rule, now=NOW)
    consents.take_back(by=BY, client=mara, consent=agreed)
    schedules.take_up(by=ana.account, client=mara, rule=rule, now=NOW)
    assert strike(mara) == [("Edda Kern", "phq-9")]


def test_whoever_is_forgotten_is_asked_no_more_and_the_others_are(mara, mother, father):
    stand(mara, mother)
    stand(mara, father)
    circle.remove_related(by=BY, client=mara, person=mother)
    assert strike(mara) == [("Olu Kern", "phq-9")]
    assert sorted(Ask.objects.values_list("ended_why", flat=True)) == ["", "GONE"]


def test_what_waits_where_the_consent_was_withdrawn_needs_nobody(ana, mara, agreed, mother):
    stand(mara, mother)
    strike(mara)
    assert [whom(one) for one in reading.first_unanswered(by=ana.account, now=NOW, most=9)] == [
        "Edda Kern"
    ]
    consents.withdraw(by=BY, client=mara, consent=agreed, on=TODAY)
    assert reading.first_unanswered(by=ana.account, now=NOW, most=9) == []


# Who may, and what cannot be --------------------------------------------------------------


def test_only_the_care_team_lets_it_stand(ben, mara, agreed):
    with pytest.raises(Denied):
        stand(mara, by=ben.account)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"forms": []}, "instruments"),
        ({"forms": ["no-such"]}, "instruments"),
        ({"calls": "x" * 41}, "calls"),
        ({"occasion": "RAISED"}, "when"),
        ({"occasion": "SESSION", "hours_before": 5}, "hours_before"),
        ({"occasion": "DAYS", "every_days": 5}, "every_days"),
        ({"occasion": "REVIEW", "sessions": 3}, "sessions"),
    ],
)
def test_what_cannot_stand_names_its_field_and_leaves_nothing(mara, agreed, given, field):
    with pytest.raises(asking.CannotAsk) as refusal:
        stand(mara, **given)
    assert refusal.value.field == field
    assert not Ask.objects.exists() and not Informant.objects.exists()


def test_a_couple_is_asked_about_on_each_one_s_page(ana):
    couple = ClientOf(kind="COUPLE", care_team=[ana])
    AConsent(client=couple, kind="OTHERS")
    with pytest.raises(asking.CannotAsk, match="own page"):
        stand(couple)


def test_every_occasion_has_its_way(mara, mother):
    """But for what a result calls for, which is the client's."""
    for occasion, given in (
        ("INTAKE", {}), ("SESSION", {}), ("DAYS", {}), ("MONTH", {}), ("REVIEW", {"sessions": 4}),
        ("DATE", {"on": TODAY}), ("DISCHARGE", {}), ("FOLLOW_UP", {"weeks": [4]}),
    ):  # fmt: skip
        form = "phq-9" if occasion != "DAYS" else "gad-7"
        stand(mara, mother, occasion=occasion, forms=[form], **given)
    stands = set(Ask.objects.values_list("occasion", flat=True))
    assert set(Occasion.values) - stands == {"RAISED"}
    rows = queries.of_client(by=BY, client=mara, now=NOW)
    assert {one.rule.informant.person.name for one in rows} == {"Edda Kern"}


def test_the_day_of_the_clock_is_the_practice_s(mara, mother):
    stand(mara, mother)
    strike(mara)
    assert time.local(Ask.objects.get().next_at).date() == date(2030, 2, 7)
