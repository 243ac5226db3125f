"""Daily questions: agreed by the clinician, answered and ended by the client."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from rapport.core.policy import Denied
from rapport.people.models import Account
from rapport.progress.daily import actions, answering, phasing, queries
from rapport.progress.models import DailyEntry, DailyPlan, DailyQuestion, Phase
from rapport.progress.own import items
from rapport.progress.own.saying import CannotKeep
from tests.factories import NOW, ADailyPlan, AnAccount, APhase, ClientOf

TODAY = NOW.date()
DAY = timedelta(days=1)
AFTERNOON = datetime(2030, 1, 7, 15, 0, tzinfo=UTC)
TOMORROW = NOW + DAY


@pytest.fixture
def own(mara):
    """Mara herself, signed in to the portal."""
    mara.account = AnAccount(realm="PORTAL")
    mara.save(update_fields=["account"])
    return Account.objects.get(pk=mara.account.pk)


@pytest.fixture
def plan(ana, mara):
    return begin(ana, mara)


@pytest.fixture
def mood(ana, mara, plan):
    return add(ana, mara, plan)


def begin(ana, client, **given):
    given = {"from_on": TODAY, "until_on": None, "times": ["", "", ""], "now": NOW} | given
    return actions.begin(by=ana.account, client=client, **given)


def add(ana, client, plan, **given):
    given = {"kind": "RATING", "title": "Tension", "better": "lower", "low": "calm", "high": "",
             "now": NOW} | given  # fmt: skip
    return actions.add(by=ana.account, client=client, plan=plan, **given)


def keep(by, question, value, **given):
    answers = {} if value is None else {str(question.pk): value}
    given = {"on": TODAY, "slot": 0, "sent": uuid.uuid4(), "now": NOW, "answers": answers} | given
    return answering.keep(by=by, **given)


def read(ana, client, now=NOW):
    return queries.of(by=ana.account, client=client, now=now)


def values(ana, client, now=NOW):
    return [one.value for one in read(ana, client, now).series[0].points]


def standing():
    return [one.answers for one in DailyEntry.objects.filter(replaced_by=None).order_by("on")]


def test_what_is_agreed_and_answered_lies_sealed(ana, mara, own, plan, mood):
    entry = keep(own, mood, 7)
    found = read(ana, mara)
    assert (found.plan.pk, found.times, found.open_days) == (plan.pk, [""], [TODAY])
    assert found.series[0].question.words == {"title": "Tension", "low": "calm", "high": ""}
    assert values(ana, mara) == [7]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM progress_dailyquestion")
        assert b"Tension" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT answers FROM progress_dailyentry")
        assert str(mood.pk).encode() not in bytes(cursor.fetchone()[0])
    for row in (plan, mood, entry, APhase(client=mara)):
        assert "Tension" not in str(row)
        assert str(row.pk) in str(row)
        assert row.audit_about == mara.pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from_on": TODAY - DAY}, "from_on"),
        ({"from_on": TODAY + 91 * DAY}, "from_on"),
        ({"until_on": TODAY - DAY}, "until_on"),
        ({"until_on": TODAY + 401 * DAY}, "until_on"),
        ({"times": ["a" * 61, "evening", ""]}, "time_1"),
        ({"times": ["evening", " evening ", ""]}, "time_2"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(ana, mara, given, field):
    with pytest.raises(CannotKeep) as problem:
        begin(ana, mara, **given)
    assert list(problem.value.fields) == [field]
    assert not DailyPlan.objects.exists()


def test_a_couple_is_asked_each_by_themselves(ana):
    couple = ClientOf(kind="COUPLE", care_team=[ana])
    with pytest.raises(CannotKeep, match="own page"):
        begin(ana, couple)


def test_one_plan_runs_and_what_is_over_makes_room(ana, mara, plan):
    with pytest.raises(CannotKeep, match="already"):
        begin(ana, mara)
    actions.extend(by=ana.account, client=mara, plan=plan, until_on=TODAY, now=NOW)
    later = begin(ana, mara, from_on=TODAY + DAY, now=TOMORROW)
    assert queries.running(client=mara) == later
    assert [one.pk for one in queries.earlier(by=ana.account, client=mara, plan=later)] == [plan.pk]
    old = queries.of(by=ana.account, client=mara, now=TOMORROW, plan_id=plan.pk)
    assert (old.plan.pk, old.open_days) == (plan.pk, [])


def test_times_of_a_day_have_names_and_one_name_is_once_a_day(ana, mara):
    plan = begin(ana, mara, times=[" morning ", "", "evening"])
    assert (plan.times, plan.a_day) == (["morning", "evening"], 2)
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    once = begin(ana, mara, times=["evening", "", ""])
    assert (once.times, once.a_day) == ([], 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"low": "a" * 61}, "low"),
        ({"high": "a\x00"}, "high"),
        ({"kind": "WORDS"}, "kind"),
        ({"better": "none"}, "better"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_its_field(ana, mara, plan, given, field):
    with pytest.raises(CannotKeep) as problem:
        add(ana, mara, plan, **given)
    assert list(problem.value.fields) == [field]


def test_eight_things_are_enough(ana, mara, own, plan, mood):
    for n in range(7):
        add(ana, mara, plan, title=f"Thing {n}")
    with pytest.raises(CannotKeep, match="Eight"):
        add(ana, mara, plan)
    keep(own, mood, 3)
    actions.drop(by=ana.account, client=mara, question=mood, now=NOW)
    assert add(ana, mara, plan).number == 9
    with pytest.raises(CannotKeep, match="Eight"):
        actions.ask_again(by=ana.account, client=mara, question=mood, now=NOW)


def test_what_nobody_answered_goes_and_what_was_answered_stays(ana, mara, own, plan, mood):
    slip = add(ana, mara, plan, title="Tenson")
    actions.drop(by=ana.account, client=mara, question=slip, now=NOW)
    assert not DailyQuestion.objects.filter(pk=slip.pk).exists()
    keep(own, mood, 3)
    for _ in range(2):
        actions.drop(by=ana.account, client=mara, question=mood, now=NOW)
    assert keep(own, mood, 4).answers == {str(mood.pk): 3}  # asked no more, and not lost
    rest = add(ana, mara, plan, title="Rest")
    keep(own, rest, 9)
    assert values(ana, mara) == [3]
    actions.ask_again(by=ana.account, client=mara, question=mood, now=NOW)
    assert not DailyQuestion.objects.exclude(ended_on=None).exists()


def test_ratings_that_are_asked_already_are_taken_over_once(ana, mara, plan):
    said = {"scale": "0-10", "better": "higher", "low_words": "none", "high_words": "full"}
    given = {"by": ana.account, "client": mara, "kind": "RATINGS", "language": "en", "now": NOW}
    assert actions.ratings(by=ana.account, client=mara) == []
    items.set_items(items=[{"text": "Hope"}, {"text": "Rest"}], said=said, **given)
    for _ in range(2):
        actions.take_over(by=ana.account, client=mara, plan=plan, now=NOW)
    found = [(one.words, one.kind, one.better) for one in read(ana, mara).questions]
    assert found == [
        ({"title": text, "low": "none", "high": "full"}, "RATING", "higher")
        for text in ("Hope", "Rest")
    ]
    items.set_items(items=[{"text": "Hope"}], said=said | {"scale": "1-7"}, **given)
    assert actions.ratings(by=ana.account, client=mara) == []


def test_a_correction_keeps_what_was_said_before(ana, mara, own, mood):
    first = keep(own, mood, 7)
    second = keep(own, mood, 5)
    assert keep(own, mood, 5) == second  # nothing changed
    assert values(ana, mara) == [5]
    first.refresh_from_db()
    assert first.replaced_by == second
    assert DailyEntry.objects.count() == 2


def test_a_form_sent_twice_is_kept_once_even_after_a_correction(ana, mara, own, mood):
    sent = uuid.uuid4()
    first = keep(own, mood, 7, sent=sent)
    keep(own, mood, 5)
    assert keep(own, mood, 7, sent=sent) == first  # the network was slow; nothing goes back
    assert values(ana, mara) == [5]


def test_gone_back_to_and_sent_with_other_answers_a_form_is_a_correction(ana, mara, own, mood):
    sent = uuid.uuid4()
    first = keep(own, mood, 7, sent=sent)
    second = keep(own, mood, 3, sent=sent)
    assert values(ana, mara) == [3]
    assert keep(own, mood, 3, sent=sent) == second and keep(own, mood, 7, sent=sent) == first
    assert (values(ana, mara), DailyEntry.objects.count()) == ([3], 2)


def test_not_today_is_asked_and_not_answered(ana, mara, own, mood):
    keep(own, mood, None)
    assert standing() == [{}]
    series = read(ana, mara).series[0]
    assert (series.points, series.asked) == ([], 0)
    later = read(ana, mara, NOW + 2 * DAY).series[0]
    assert later.asked == 1  # today; yesterday is open until noon, and today is


def test_yesterday_is_open_until_noon_and_the_day_before_is_not(ana, mara, own, mood):
    assert keep(own, mood, 4, on=TODAY, now=TOMORROW).on == TODAY
    for on, now in ((TODAY, AFTERNOON + DAY), (TODAY - DAY, NOW), (TODAY + DAY, NOW)):
        with pytest.raises(CannotKeep, match="closed"):
            keep(own, mood, 4, on=on, now=now)


@pytest.mark.parametrize(("value", "kind"), [(11, "RATING"), (-1, "COUNT"), (2, "YES_NO")])
def test_an_answer_off_its_scale_is_refused_at_its_question(ana, mara, own, plan, value, kind):
    question = add(ana, mara, plan, kind=kind)
    with pytest.raises(CannotKeep) as problem:
        keep(own, question, value)
    assert list(problem.value.fields) == [str(question.pk)]
    assert not DailyEntry.objects.exists()


def test_each_time_of_a_day_stands_by_itself(ana, mara, own):
    question = add(ana, mara, begin(ana, mara, times=["morning", "evening"]))
    keep(own, question, 3, slot=0)
    keep(own, question, 6, slot=1)
    assert values(ana, mara) == [3, 6]
    for slot in (2, -1):
        with pytest.raises(CannotKeep, match="times of the day"):
            keep(own, question, 3, slot=slot)


def test_answers_to_what_is_not_asked_are_passed_over(own, mood):
    stray = {str(mood.pk): 2, str(uuid.uuid4()): 3}
    assert keep(own, mood, 2, answers=stray).answers == {str(mood.pk): 2}


def test_two_answers_never_stand_for_one_time(mara, plan):
    given = {"client": mara, "plan": plan, "on": TODAY, "kept_at": NOW, "answers": {}}
    DailyEntry.objects.create(sent=uuid.uuid4(), **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        DailyEntry.objects.create(sent=uuid.uuid4(), **given)


def test_the_client_ends_it_at_any_time_and_may_go_on(ana, mara, own, plan, mood):
    keep(own, mood, 3)
    answering.stop(by=own, now=NOW)
    with pytest.raises(CannotKeep, match="not asked any more"):
        keep(own, mood, 4)
    found = read(ana, mara, NOW + 9 * DAY)
    assert (found.plan.by_client, found.series[0].asked, found.open_days) == (True, 1, [])
    with pytest.raises(CannotKeep, match="The client ended"):
        actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW)
    answering.go_on(by=own, now=NOW)
    assert keep(own, mood, 4).answers == {str(mood.pk): 4}
    with pytest.raises(CannotKeep, match="nothing to go on"):
        answering.go_on(by=own, now=NOW)


def test_the_clinician_ends_it_and_takes_that_back(ana, mara, own, plan, mood):
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    for act in (lambda: actions.end(by=ana.account, client=mara, plan=plan, now=NOW),
                lambda: add(ana, mara, plan),
                lambda: actions.ask_again(by=ana.account, client=mara, question=mood,
                                          now=NOW)):  # fmt: skip
        with pytest.raises(CannotKeep, match="meantime"):
            act()
    actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW)
    assert keep(own, mood, 4).plan == plan
    with pytest.raises(CannotKeep, match="already"):
        actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW)


def test_until_when_can_be_changed(ana, mara, plan):
    def until(day):
        return actions.extend(by=ana.account, client=mara, plan=plan, until_on=day, now=TOMORROW)

    assert until(TODAY + DAY).until_on == TODAY + DAY
    assert until(None).until_on is None
    with pytest.raises(CannotKeep, match="passed"):
        until(TODAY)


def test_today_waits_until_every_time_was_answered(ana, mara, own):
    assert queries.waits(client=mara, now=NOW) is None
    plan = begin(ana, mara, times=["morning", "evening"])
    assert queries.waits(client=mara, now=NOW) is None  # nothing is asked yet
    question = add(ana, mara, plan)
    assert queries.waits(client=mara, now=NOW) is True
    keep(own, question, 3, slot=0)
    assert queries.waits(client=mara, now=NOW) is True
    keep(own, question, None, slot=1)
    assert queries.waits(client=mara, now=NOW) is False
    assert queries.waits(client=mara, now=TOMORROW) is True
    answering.stop(by=own, now=NOW)
    assert queries.waits(client=mara, now=NOW) is None


def test_a_question_of_another_client_is_not_touched(ana, mara, plan, mood):
    other = ClientOf(care_team=[ana])
    theirs = ADailyPlan(client=other)
    for act in (
        lambda: actions.drop(by=ana.account, client=other, question=mood, now=NOW),
        lambda: add(ana, mara, theirs),
        lambda: actions.reopen(by=ana.account, client=other, plan=plan, now=NOW),
    ):
        with pytest.raises(CannotKeep):
            act()
    assert DailyQuestion.objects.get().ended_on is None


def test_a_phase_begins_alone_on_its_day_and_comes_back(ana, mara):
    def mark(on=TODAY, **given):
        given = {"letter": "B", "words": " Going \n outside ", "now": NOW} | given
        return phasing.mark(by=ana.account, client=mara, on=on, **given)

    phase = mark()
    assert phase.words == "Going outside"
    with pytest.raises(CannotKeep, match="Another phase"):
        mark(letter="C")
    phasing.remove(by=ana.account, client=mara, phase=phase, now=NOW)
    assert queries.phases(by=ana.account, client=mara) == []
    second = mark(letter="C")
    with pytest.raises(CannotKeep, match="Another phase"):
        phasing.bring_back(by=ana.account, client=mara, phase=phase)
    phasing.remove(by=ana.account, client=mara, phase=second, now=NOW)
    phasing.bring_back(by=ana.account, client=mara, phase=phase)
    assert queries.phases(by=ana.account, client=mara) == [phase]
    other = ClientOf(care_team=[ana])
    with pytest.raises(CannotKeep, match="not of this client"):
        phasing.remove(by=ana.account, client=other, phase=phase, now=NOW)
    for given, field in (
        ({"letter": "Z"}, "letter"),
        ({"words": "a" * 201}, "words"),
        ({"on": date(1630, 1, 1)}, "on"),
    ):
        with pytest.raises(CannotKeep) as problem:
            mark(**given)
        assert list(problem.value.fields) == [field]
    for n in range(1, 12):
        mark(on=TODAY + n * DAY)
    with pytest.raises(CannotKeep, match="Twelve"):
        mark(on=TODAY + 12 * DAY)
    assert Phase.objects.filter(removed_at=None).count() == 12
    phasing.remove(by=ana.account, client=mara, phase=phase, now=NOW)
    mark(on=TODAY + 12 * DAY)
    with pytest.raises(CannotKeep, match="Twelve"):
        phasing.bring_back(by=ana.account, client=mara, phase=phase)
    shown = queries.phases(by=ana.account, client=mara)
    assert phasing.bring_back(by=ana.account, client=mara, phase=shown[0]) == shown[0]  # it stands


def test_strangers_and_clients_change_nothing(ana, ben, mara, own, plan, mood):
    for by in (ben.account, own):
        with pytest.raises(Denied):
            actions.end(by=by, client=mara, plan=plan, now=NOW)
        with pytest.raises(Denied):
            phasing.mark(by=by, client=mara, letter="A", on=TODAY, words="", now=NOW)
    with pytest.raises(Denied):
        keep(ana.account, mood, 3)
    with pytest.raises(DailyQuestion.DoesNotExist):
        queries.question(by=ben.account, question_id=mood.pk)
