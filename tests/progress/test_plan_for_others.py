"""The practice's plan asks people around a client, too, where the client agreed to that."""

from datetime import timedelta

import pytest

from rapport.core import jobs
from rapport.core.policy import System
from rapport.people.circle import actions as circle
from rapport.people.consents import actions as consents
from rapport.people.episodes import actions as episodes
from rapport.progress.informants import actions as informants
from rapport.progress.measures import asking, calendar
from rapport.progress.models import Ask, PlanLine
from rapport.progress.schedules import actions as schedules
from rapport.progress.schedules import planned as planning
from rapport.progress.schedules import queries, rules
from tests.factories import NOW, AConsent, ARelatedPerson, ClientOf

from .held_here import licensed, words_of

BY = System("test")
TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def timo(ana):
    """A child in care."""
    return ClientOf(care_team=[ana], legal_name="Timo Kern", kind="MINOR")


def around(client, relation="PARENT", may_know="CARE", **given):
    return ARelatedPerson(client=client, relation=relation, may_know=may_know, **given)


def plan(*names, whom="PARENTS", occasion="INTAKE", **given):
    return schedules.plan(by=BY, instruments=names or ["gad-7"], occasion=occasion, whom=whom,
                          now=NOW, **given)  # fmt: skip


def begin(client, ana, on=TODAY):
    episode = episodes.open_(by=BY, client=client, responsible=ana, on=on)
    jobs.run_due(now=NOW)
    return episode


def agree(client):
    consent = consents.note(by=BY, client=client, kind="OTHERS", version="1", how="PAPER",
                            given_on=TODAY, now=NOW, by_client=True)  # fmt: skip
    jobs.run_due(now=NOW)
    return consent


def asked(client, now=NOW):
    """Who is asked what now, the client as ""."""
    rows = calendar.ask_due(by=BY, client_id=client.pk, now=now)
    return sorted((one.informant.person.name if one.informant else "", one.instrument)
                  for one in rows)  # fmt: skip


def planned(client):
    rows = client.asks.filter(informant__isnull=False)
    return sorted((one.informant.person.relation, one.instrument, one.occasion) for one in rows)


def test_as_care_begins_each_parent_is_asked_beside_the_child(ana, timo):
    AConsent(client=timo, kind="OTHERS")
    around(timo, name="Edda Kern")
    around(timo, "GUARDIAN", name="Olu Kern")
    around(timo, "TEACHER", name="Pia Quint")
    plan()
    plan("gad-7", whom="")
    begin(timo, ana)

    assert asked(timo) == [("", "gad-7"), ("Edda Kern", "gad-7"), ("Olu Kern", "gad-7")]
    assert {one.episode for one in timo.asks.all()} == {timo.episodes.get()}


@pytest.mark.parametrize(
    ("whom", "kind", "relation"),
    [("PARENTS", "MINOR", "PARENT"), ("TEACHERS", "MINOR", "TEACHER"),
     ("PARTNER", "MINOR", "PARTNER"), ("PARTNER", "ADULT", "PARTNER")],
)  # fmt: skip
def test_it_is_for_the_people_it_names_alone(ana, whom, kind, relation):
    client = ClientOf(care_team=[ana], kind=kind)
    AConsent(client=client, kind="OTHERS")
    for one in ("PARENT", "TEACHER", "PARTNER", "CHILD", "OTHER"):
        around(client, one)
    plan(whom=whom)
    begin(client, ana)

    assert planned(client) == [(relation, "gad-7", "INTAKE")]


def test_nobody_is_asked_without_consent_or_who_may_not_know_or_about_a_grown_child(
    ana, timo, mara
):
    AConsent(client=mara, kind="OTHERS")
    around(mara)
    AConsent(client=timo, kind="OTHERS")
    around(timo, may_know="NOTHING")
    noa = ClientOf(care_team=[ana], kind="MINOR")
    around(noa)
    plan()
    for client in (mara, timo, noa):
        begin(client, ana)

    assert not Ask.objects.exists()


def test_on_the_page_of_a_couple_nobody_is_asked(ana):
    couple = ClientOf(care_team=[ana], kind="COUPLE")
    around(couple, "PARTNER")
    plan(whom="PARTNER")
    begin(couple, ana)
    agree(couple)

    assert not Ask.objects.exists()


def test_who_is_noted_or_agreed_to_after_care_began_is_asked_then_and_once(ana, timo):
    plan()
    plan("phq-9", occasion="MONTH")
    begin(timo, ana)
    circle.add_related(by=ana.account, client=timo, relation="PARENT", name="Edda Kern",
                       may_know="CARE")  # fmt: skip
    jobs.run_due(now=NOW)
    assert planned(timo) == []
    agree(timo)
    assert planned(timo) == [("PARENT", "gad-7", "INTAKE"), ("PARENT", "phq-9", "MONTH")]
    assert asked(timo) == [("Edda Kern", "gad-7"), ("Edda Kern", "phq-9")]

    late = circle.add_related(by=ana.account, client=timo, relation="GUARDIAN", name="Olu Kern")
    jobs.run_due(now=NOW)
    assert asked(timo) == []
    circle.change_related(
        by=ana.account, client=timo, person=late, relation="GUARDIAN", name="Olu Kern",
        reach_at="", may_know="ATTENDANCE", emergency=False, remark="",
    )  # fmt: skip
    jobs.run_due(now=NOW)
    assert asked(timo) == [("Olu Kern", "gad-7"), ("Olu Kern", "phq-9")]


def test_what_was_ended_by_hand_is_not_set_again_in_this_care(ana, timo):
    AConsent(client=timo, kind="OTHERS")
    around(timo)
    plan("phq-9", occasion="MONTH")
    begin(timo, ana)
    asking.end_rule(by=ana.account, client=timo, rule=timo.asks.get(), now=NOW)
    agree(timo)

    assert timo.asks.count() == 1
    assert timo.asks.get().ended_at == NOW


def test_what_somebody_is_asked_already_stays_as_it_was_set(ana, timo):
    AConsent(client=timo, kind="OTHERS")
    mother = around(timo)
    informants.stand(by=ana.account, client=timo, forms=["phq-9"], occasion="DAYS", every_days=14,
                     person=mother, now=NOW)  # fmt: skip
    plan("phq-9", occasion="SESSION", hours_before=48)
    begin(timo, ana)

    assert planned(timo) == [("PARENT", "phq-9", "DAYS")]


def test_what_is_planned_after_care_began_is_for_nobody_in_it(ana, timo):
    begin(timo, ana, on=TODAY - DAY)
    plan("phq-9", occasion="MONTH")
    around(timo)
    agree(timo)

    assert planned(timo) == []


def test_questions_for_the_beginning_are_not_asked_a_season_later(ana, timo):
    plan()
    plan("phq-9", occasion="REVIEW", sessions=10)
    PlanLine.objects.update(set_at=NOW - 90 * DAY)
    begin(timo, ana, on=TODAY - 60 * DAY)
    around(timo)
    agree(timo)

    assert planned(timo) == [("PARENT", "phq-9", "REVIEW")]
    assert timo.asks.get().since == NOW


def test_a_consent_that_is_withdrawn_ends_it(ana, timo):
    plan("phq-9", occasion="MONTH")
    around(timo)
    begin(timo, ana)
    consent = agree(timo)
    consents.withdraw(by=BY, client=timo, consent=consent, on=TODAY)
    jobs.run_due(now=NOW)

    assert timo.asks.get().ended_why == "UNAGREED"
    assert asked(timo) == []


def test_two_stretches_of_care_side_by_side_set_nothing_anew_after_a_withdrawal(ana, timo):
    plan("phq-9", occasion="MONTH")
    around(timo)
    begin(timo, ana)
    begin(timo, ana)
    consents.withdraw(by=BY, client=timo, consent=agree(timo), on=TODAY)
    jobs.run_due(now=NOW)
    agree(timo)

    assert [(one.ended_why, one.ended_at) for one in timo.asks.all()] == [("UNAGREED", NOW)]


def test_the_same_may_be_planned_for_the_client_and_for_others_and_each_ends_by_itself():
    (own,) = plan(whom="")
    (theirs,) = plan()
    plan()
    assert PlanLine.objects.count() == 2
    schedules.end_line(by=BY, line=theirs, now=NOW)
    assert queries.lines(by=BY) == [own]
    schedules.take_up_line(by=BY, line=theirs)
    assert queries.lines(by=BY) == [own, theirs]


def test_nobody_else_is_planned_an_adaptive_test_nor_somebody_there_is_not():
    with pytest.raises(asking.CannotAsk) as refused:
        plan(whom="NEIGHBOURS")
    assert refused.value.field == "whom"
    with pytest.raises(asking.CannotAsk, match="Choose from the list"):
        plan("no-such")
    licensed(BY, "promis-depression", items=words_of("promis-depression"))
    with pytest.raises(asking.CannotAsk, match="answered by the client alone"):
        plan("promis-depression")
    assert not PlanLine.objects.exists()


def test_what_one_person_is_asked_stands_together(ana, timo):
    for name in ("Edda", "Otto", "Sunniva"):
        around(timo, name=name)
    plan("phq-9", "gad-7", "phq-15")
    agree(timo)
    begin(timo, ana)

    rows = [one.rule for one in queries.of_client(by=ana.account, client=timo, now=NOW)]

    assert [one.instrument for one in rows] == ["gad-7", "phq-15", "phq-9"] * 3
    assert [len({one.informant_id for one in rows[n : n + 3]}) for n in (0, 3, 6)] == [1, 1, 1]


def waits_for(client, now=NOW):
    """What the plan waits for: of what, whom by name, and who may know nothing."""
    return [(one.line.instrument, sorted(each.name for each in one.people),
             sorted(each.name for each in one.silent))
            for one in planning.awaited(client, now=now)]  # fmt: skip


def test_what_waits_for_the_consent_names_who_is_asked_and_goes_on_once_it_is_there(ana, timo):
    around(timo, name="Edda Kern")
    around(timo, "GUARDIAN", name="Olu Kern", may_know="ATTENDANCE")
    around(timo, may_know="NOTHING")
    around(timo, "TEACHER")
    plan()
    begin(timo, ana)
    assert waits_for(timo) == [("gad-7", ["Edda Kern", "Olu Kern"], [])]

    agree(timo)
    assert waits_for(timo) == []
    assert asked(timo) == [("Edda Kern", "gad-7"), ("Olu Kern", "gad-7")]


def test_nobody_noted_or_nobody_who_may_know_is_said_of_those_whom_a_minor_has(ana, timo):
    for whom in ("PARENTS", "TEACHERS", "PARTNER"):
        plan(whom=whom)
    begin(timo, ana)
    assert waits_for(timo) == [("gad-7", [], [])] * 2
    around(timo, "TEACHER", name="Pia Quint", may_know="NOTHING")
    around(timo, "PARTNER", name="Kim Ode")
    waits = waits_for(timo)
    assert sorted(waits) == [("gad-7", [], []), ("gad-7", [], ["Pia Quint"]),
                             ("gad-7", ["Kim Ode"], [])]  # fmt: skip
    agree(timo)
    assert sorted(waits_for(timo)) == [("gad-7", [], []), ("gad-7", [], ["Pia Quint"])]


def test_nothing_waits_where_consent_alone_would_ask_nobody(ana, timo, mara):
    around(mara)
    around(timo)
    plan()
    plan("phq-9", occasion="SESSION")
    begin(mara, ana)  # grown
    assert waits_for(mara) == [] == waits_for(timo)  # care has not begun
    begin(timo, ana)
    assert [one for one, *_who in waits_for(timo)] == ["gad-7", "phq-9"]
    late = NOW + rules.LATE + DAY
    assert [one for one, *_who in waits_for(timo, late)] == ["phq-9"]  # its beginning is long ago

    consent = agree(timo)
    consents.withdraw(by=BY, client=timo, consent=consent, on=TODAY)
    jobs.run_due(now=NOW)
    assert waits_for(timo) == []  # it stands among what is asked by itself, ended, with the reason
    plan("phq-15")
    PlanLine.objects.filter(instrument="phq-15").update(set_at=NOW + 2 * DAY)
    assert waits_for(timo) == []  # planned after care began
    timo.archived_at = NOW
    assert waits_for(timo) == []


def test_on_the_page_of_a_couple_nothing_waits(ana):
    couple = ClientOf(care_team=[ana], kind="COUPLE")
    around(couple, "PARTNER")
    plan(whom="PARTNER")
    begin(couple, ana)

    assert waits_for(couple) == []
