"""What others answer about a client: only with a consent, in a series of its own, mixed with
nothing that is said of the client."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core.policy import Denied, System
from rapport.people.circle import actions as circle
from rapport.people.consents import actions as consents
from rapport.progress.alerts import said
from rapport.progress.expected import actions as expected
from rapport.progress.informants import actions, queries
from rapport.progress.informants.actions import NotAgreed
from rapport.progress.informants.models import Informant
from rapport.progress.keying import actions as keying
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, course, kiosk, latest
from rapport.progress.measures import queries as reading
from rapport.progress.measures.links import Holder
from rapport.progress.models import Alert, Asked, Score, Sheet
from rapport.progress.picture import queries as pictures
from rapport.progress.schedules import following
from rapport.progress.schedules import queries as schedules
from rapport.record.notes import queries as notes
from tests.factories import (
    NOW,
    AConsent,
    AnAccount,
    AnInformant,
    ARecheck,
    ARelatedPerson,
    AScore,
    ASheet,
    ClientOf,
)

from .held_here import asked_of, licensed, words_of

RISKY = {str(n): 3 for n in range(1, 11)}
CALM = {str(n): 1 for n in range(1, 11)} | {"9": 0}
WEEK = timedelta(days=7)


@pytest.fixture
def agreed(mara):
    return AConsent(client=mara, kind="OTHERS")


@pytest.fixture
def mother(mara, agreed):
    return ARelatedPerson(client=mara, relation="PARENT", name="Edda Kern")


def ask(ana, mara, **given):
    said = {"forms": ["phq-9"], "now": NOW, "role": "TEACHER"} | given
    return actions.ask(by=ana.account, client=mara, **said)


def answer(asked, answers=CALM, now=NOW):
    return measures.answer(
        by=Holder(asked.pk, asked.sitting), asked=asked, answers=answers, version=1, now=now
    )


def own(mara, total, weeks):
    sheet = ASheet(client=mara, answered_at=NOW - weeks * WEEK)
    return AScore(sheet=sheet, total=total, total_rounded=total)


def others(mara, total, weeks, informant=None):
    who = informant or AnInformant(client=mara)
    sheet = ASheet(
        client=mara, answered_at=NOW - weeks * WEEK, informant=who, source="INFORMANT"
    )  # fmt: skip
    return AScore(sheet=sheet, total=total, total_rounded=total, band="severe")


# Asking ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [None, "withdrawn", "another kind"])
def test_nobody_else_is_asked_without_a_consent_that_stands(ana, mara, kept):
    if kept == "withdrawn":
        AConsent(client=mara, kind="OTHERS", withdrawn_on=NOW.date())
    if kept == "another kind":
        AConsent(client=mara, kind="RELEASE")
    with pytest.raises(NotAgreed, match="consent"):
        ask(ana, mara)
    assert not Asked.objects.exists() and not Informant.objects.exists()


def test_a_sheet_carries_who_answered_and_so_does_its_score(ana, mara, mother):
    (put,) = ask(ana, mara, role="", person=mother, calls="  Jo ")
    assert put.path and (put.asked.way, put.asked.calls) == ("LINK", "Jo")
    sheet = answer(put.asked)
    assert sheet.source == "INFORMANT"
    assert sheet.informant == sheet.score.informant
    assert (sheet.informant.kind, sheet.informant.person) == ("PARENT", mother)
    assert not Score.objects.exists() and Score.of_all.count() == 1


def test_the_same_person_is_the_same_series_and_another_parent_another(ana, mara, mother):
    father = ARelatedPerson(client=mara, relation="PARENT")
    for whom in (mother, father, mother):
        (put,) = ask(ana, mara, role="", person=whom)
        answer(put.asked)
    assert Informant.objects.count() == 2
    assert Informant.objects.get(person=mother).sheets.count() == 2


def test_a_role_alone_says_that_it_is_one(ana, mara, agreed):
    ask(ana, mara)
    found = Informant.objects.get()
    assert found.by_role and found.person is None and found.kind == "TEACHER"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": ""}, "who"),
        ({"role": "CLINICIAN"}, "who"),
        ({"role": "NEIGHBOUR"}, "who"),
        ({"forms": []}, "instruments"),
        ({"forms": ["no-such"]}, "instruments"),
        ({"calls": "x" * 41}, "calls"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_names_its_field(ana, mara, agreed, given, field):
    with pytest.raises(asking.CannotAsk) as refused:
        ask(ana, mara, **given)
    assert refused.value.field == field
    assert not Asked.objects.exists()


def test_somebody_around_another_client_is_not_asked(ana, mara, agreed):
    stranger = ARelatedPerson(client=ClientOf(care_team=[ana]))
    with pytest.raises(asking.CannotAsk) as refused:
        ask(ana, mara, role="", person=stranger)
    assert refused.value.field == "who"


def test_a_couple_is_asked_on_each_one_s_page(ana):
    couple = ClientOf(kind="COUPLE", care_team=[ana])
    AConsent(client=couple, kind="OTHERS")
    with pytest.raises(asking.CannotAsk, match="own page"):
        ask(ana, couple)


def test_what_waits_for_one_keeps_no_other_from_being_asked(ana, mara, mother):
    ask(ana, mara)
    ask(ana, mara, role="", person=mother)
    asking.ask(by=ana.account, client=mara, instruments=["phq-9"], way="LINK", now=NOW)
    with pytest.raises(asking.CannotAsk, match="still waits"):
        ask(ana, mara)
    assert Asked.objects.count() == 3


def test_what_is_in_the_client_s_own_words_stays_with_the_client(ana, mara, agreed):
    row = asked_of(mara, ana.account, "RATINGS", "Going out")
    with pytest.raises(asking.CannotAsk, match="own words"):
        ask(ana, mara, forms=[row.code])


def test_an_adaptive_test_is_not_asked_of_others(ana, mara, agreed):
    licensed(System("test"), "promis-depression", items=words_of("promis-depression"))
    with pytest.raises(asking.CannotAsk, match="answered by the client alone"):
        ask(ana, mara, forms=["promis-depression"])


def test_only_the_care_team_asks_others(ben, mara, agreed):
    with pytest.raises(Denied):
        ask(ben, mara)


# The link --------------------------------------------------------------------------------


def test_once_the_consent_is_withdrawn_the_link_ends_and_works_again_when_it_stands(
    ana, mara, agreed
):
    (put,) = ask(ana, mara)
    consents.withdraw(by=ana.account, client=mara, consent=agreed, on=NOW.date())
    with pytest.raises(measures.Closed, match="no longer asked"):
        answer(put.asked)
    with pytest.raises(asking.CannotAsk, match="withdrawn"):
        asking.new_link(by=ana.account, client=mara, asked=put.asked, now=NOW)
    consents.take_back(by=ana.account, client=mara, consent=agreed)
    assert answer(put.asked).informant_id is not None


def test_a_client_s_own_link_asks_for_no_consent_to_others(ana, mara):
    (put,) = asking.ask(by=ana.account, client=mara, instruments=["phq-9"], way="LINK", now=NOW)
    assert answer(put.asked).source == "CLIENT"


def test_the_client_cannot_answer_in_an_informant_s_place(ana, agreed, mara):
    mara.account = AnAccount(realm="PORTAL")
    mara.save()
    (put,) = ask(ana, mara)
    by = mara.account
    with pytest.raises(Asked.DoesNotExist):
        reading.own(by=by, asked_id=put.asked.pk)
    with pytest.raises(Denied):
        measures.answer(by=by, asked=put.asked, answers=CALM, version=1, now=NOW)


def test_a_risky_answer_raises_an_alert_that_says_who_answered(ana, mara, mother):
    (put,) = ask(ana, mara, role="", person=mother)
    answer(put.asked, RISKY)
    alert = Alert.objects.get()
    assert said.informant(alert).person.name == "Edda Kern"
    alert.sheet = None  # as it is where nothing was handed in
    assert said.informant(alert).person == mother


def test_an_alert_of_the_client_s_own_names_nobody_else(mara, raised):
    assert said.informant(raised()) is None


# At the desk -----------------------------------------------------------------------------


def given(mara, **more):
    return {"client": mara, "instrument": "phq-9", "version": 1, "answers": CALM,
            "answered_on": NOW.date(), "now": NOW} | more  # fmt: skip


def test_a_rating_is_the_clinician_s_own_series(ana, mara):
    sheet = actions.rate(by=ana.account, **given(mara))
    assert (sheet.source, sheet.informant.rater, sheet.keyed_times) == ("CLINICIAN", ana, 0)
    again = actions.rate(by=ana.account, **given(mara))
    assert again.informant == sheet.informant
    assert not Score.objects.exists()


def test_the_program_rates_nobody(mara):
    with pytest.raises(measures.CannotAnswer, match="whoever rates"):
        actions.rate(by=System("test"), **given(mara))


def test_two_who_rate_are_two_series(ana, ben, mara, join):
    join(mara, ben)
    one, other = (actions.rate(by=who.account, **given(mara)) for who in (ana, ben))
    assert one.informant != other.informant


def test_nobody_rates_as_somebody_else_and_nothing_else_is_a_rating(ana, ben, mara, agreed):
    rater = actions.rate(by=ana.account, **given(mara)).informant
    role = AnInformant(client=mara)
    for source, informant in (
        ("CLINICIAN", None),
        ("CLINICIAN", role),
        ("PAPER", rater),
        ("LINK", None),
    ):
        with pytest.raises(measures.CannotAnswer) as refused:
            measures.enter(by=ana.account, **given(mara, source=source, informant=informant))
        assert "source" in refused.value.items
    theirs = AnInformant(client=mara, kind="CLINICIAN", rater=ben, by_role=False)
    with pytest.raises(measures.CannotAnswer):
        measures.enter(by=ana.account, **given(mara, source="CLINICIAN", informant=theirs))


def test_a_rating_is_corrected_by_whoever_rated_alone(ana, ben, mara, join):
    join(mara, ben)
    sheet = actions.rate(by=ana.account, **given(mara))
    changed = {"client": mara, "sheet": sheet, "answers": {**CALM, "1": 3}, "now": NOW}
    with pytest.raises(measures.CannotAnswer, match="whoever rates"):
        measures.correct(by=ben.account, **changed)
    assert measures.correct(by=ana.account, **changed).informant == sheet.informant


def test_an_informant_of_another_client_is_refused(ana, mara):
    other = AnInformant(client=ClientOf(care_team=[ana]))
    with pytest.raises(measures.CannotAnswer) as refused:
        measures.enter(by=ana.account, **given(mara, source="PAPER", informant=other))
    assert "who" in refused.value.items


def test_paper_of_a_parent_keyed_twice_is_the_parent_s(ana, mara, mother):
    row = actions.key(by=ana.account, person=mother, **given(mara))
    keying.key_again(by=ana.account, client=mara, keyed=row, answers=CALM, now=NOW)
    sheet = Sheet.objects.get()
    assert (sheet.source, sheet.informant.person) == ("PAPER", mother)


def test_an_interview_with_a_parent_needs_the_consent_too(ana, mara):
    with pytest.raises(NotAgreed):
        actions.enter(by=ana.account, role="PARENT", source="INTERVIEW", **given(mara))


def test_a_correction_stays_with_whoever_answered(ana, mara, agreed):
    old = actions.enter(by=ana.account, role="PARENT", source="PAPER", **given(mara))
    new = measures.correct(
        by=ana.account, client=mara, sheet=old, answers={**CALM, "1": 3}, now=NOW
    )  # fmt: skip
    assert new.informant == old.informant and not Score.objects.exists()


def test_a_client_s_own_words_are_not_rated_by_others(ana, mara, agreed):
    row = asked_of(mara, ana.account, "RATINGS", "Going out")
    answers = {"1": 3}
    with pytest.raises(measures.CannotAnswer, match="own words"):
        actions.rate(by=ana.account, **given(mara, instrument=row.code, answers=answers))


# Apart from the client's own -------------------------------------------------------------


@pytest.fixture
def mixed(mara):
    """The client at 9, then at 8; a parent at 27 and at 26, later and in between."""
    parent = AnInformant(client=mara)
    own(mara, 9, 4), others(mara, 27, 3, parent), own(mara, 8, 2), others(mara, 26, 1, parent)
    return parent


def test_the_course_is_the_client_s_alone(ana, mara, mixed):
    points = course.of(by=ana.account, client=mara, instrument="phq-9").points
    assert [one.shown for one in points] == [9, 8]
    assert points[-1].since_before.earlier == 9


def test_the_latest_score_and_its_change_are_the_client_s(ana, mara, mixed):
    (found,) = latest.latest(by=ana.account, clients=[mara.pk])[mara.pk]
    assert (found.score.total_rounded, found.change) == (8, -1)


def test_the_picture_and_what_notes_offer_are_the_client_s(ana, mara, mixed):
    seen = pictures.of(by=ana.account, client=mara, wanted="all", now=NOW)
    assert [p.shown for one in seen.measured for p in one.shown.points] == [9, 8]
    offered = notes.scores(by=ana.account, client=mara)
    assert {one.total_rounded for one in offered} == {9, 8}


def test_what_only_others_answered_is_no_measure_of_the_client_s(ana, mara):
    others(mara, 20, 1)
    assert course.kinds(by=ana.account, client=mara) == []
    assert reading.answered_by(client=mara) == []
    assert latest.latest(by=ana.account, clients=[mara.pk]) == {}


def test_others_scores_are_read_with_who_they_are_oldest_first(ana, ben, mara, mixed):
    found = queries.scores(by=ana.account, client=mara, instrument="phq-9", most=9)
    assert [one.total_rounded for one in found] == [27, 26]
    assert {one.informant for one in found} == {mixed}
    assert queries.scores(by=ben.account, client=mara, instrument="phq-9", most=9) == []
    assert queries.of_client(by=ana.account, client=mara) == [mixed]


def test_no_signal_and_no_further_question_comes_of_it(ana, mara):
    ARecheck()
    for weeks, total in ((6, 5), (5, 5), (4, 5)):
        own(mara, total, weeks)
    risen = others(mara, 27, 0)
    assert expected.look(by=System("test"), sheet_id=risen.sheet_id, now=NOW) == []
    risen.above_cutoff = True
    risen.save()
    assert following.result_came(by=System("test"), sheet_id=risen.sheet_id, now=NOW) == []


def test_what_waits_for_others_is_nowhere_the_client_answers(ana, mara, agreed):
    ask(ana, mara)
    assert kiosk.waiting(client=mara, now=NOW) == []
    assert reading.open_for(client=mara, now=NOW) == []
    (waits,) = reading.unanswered(by=ana.account, now=NOW)
    assert waits.informant is not None
    later = NOW + timedelta(days=30)
    back = schedules.completion(by=ana.account, client=mara, now=later)
    assert (back.client.asked, back.others.asked, back.others.answered) == (0, 1, 0)


# The rows --------------------------------------------------------------------------------


def test_a_person_who_is_forgotten_leaves_the_series_without_a_name(ana, mara, mother):
    (put,) = ask(ana, mara, role="", person=mother)
    answer(put.asked)
    ask(ana, mara, role="PARENT")
    circle.remove_related(by=ana.account, client=mara, person=mother)
    left = Sheet.objects.get().informant
    assert (left.kind, left.person, left.by_role) == ("PARENT", None, False)


@pytest.mark.parametrize("wrong", [{"kind": "CLINICIAN"}, {"by_role": True, "rater": True}])
def test_who_rates_is_known_and_nobody_else_is_staff(ana, mara, wrong):
    given = wrong | ({"rater": ana} if "rater" in wrong else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        AnInformant(client=mara, **given)
