"""Days on which nobody was asked: set, taken away, answered, and counted as none."""

from datetime import timedelta

import pytest

from rapport.core.policy import Denied
from rapport.people.models import Account
from rapport.progress.daily import actions, answering, pausing, queries
from rapport.progress.models import DailyPause
from rapport.progress.own.saying import CannotKeep
from tests.factories import NOW, ADailyEntry, ADailyPause, ADailyPlan, ADailyQuestion, AnAccount

from .test_daily import keep

DAY = timedelta(days=1)
TODAY = NOW.date()
FIRST = TODAY - 10 * DAY


@pytest.fixture
def own(mara):
    """Mara herself, signed in to the portal."""
    mara.account = AnAccount(realm="PORTAL")
    mara.save(update_fields=["account"])
    return Account.objects.get(pk=mara.account.pk)


@pytest.fixture
def plan(mara):
    return ADailyPlan(client=mara, from_on=FIRST)


@pytest.fixture
def mood(plan):
    return ADailyQuestion(plan=plan)


def pause(ana, mara, plan, since, back, now=NOW):
    return pausing.pause(by=ana.account, client=mara, plan=plan, from_on=since, back_on=back,
                         now=now)  # fmt: skip


def asked(ana, mara, now=NOW):
    return queries.of(by=ana.account, client=mara, now=now).series[0].asked


def test_days_of_a_pause_do_not_count_as_missed(ana, mara, plan, mood):
    assert asked(ana, mara) == 9  # yesterday is open until noon, and today is
    pause(ana, mara, plan, FIRST + 2 * DAY, FIRST + 6 * DAY)
    assert asked(ana, mara) == 5
    ADailyEntry(plan=plan, on=FIRST + 3 * DAY, answers={str(mood.pk): 4})
    assert asked(ana, mara) == 6  # answered all the same


def test_what_was_ended_and_goes_on_was_paused_between(ana, mara, own, plan, mood):
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW + 4 * DAY)
    answering.stop(by=own, now=NOW + 5 * DAY)
    answering.go_on(by=own, now=NOW + 9 * DAY)
    found = queries.of(by=ana.account, client=mara, now=NOW + 9 * DAY)
    assert [(one.from_on, one.back_on) for one in found.pauses] == [
        (TODAY, TODAY + 4 * DAY), (TODAY + 5 * DAY, TODAY + 9 * DAY),
    ]  # fmt: skip
    assert found.series[0].asked == 10 + 1  # before it was ended, and the day between


def test_ended_and_taken_back_on_one_day_is_no_pause(ana, mara, plan):
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW)
    assert not DailyPause.objects.exists()


def test_a_plan_that_was_over_anyway_is_no_pause(ana, mara, plan):
    plan.until_on = TODAY - 3 * DAY
    plan.save()
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    actions.reopen(by=ana.account, client=mara, plan=plan, now=NOW + DAY)
    assert not DailyPause.objects.exists()


def test_a_question_that_was_out_for_days_was_not_missed_on_them(ana, mara, plan, mood):
    other = ADailyQuestion(plan=plan)
    ADailyEntry(plan=plan, on=FIRST, answers={str(mood.pk): 4, str(other.pk): 2})
    given = {"by": ana.account, "client": mara, "question": mood}
    actions.drop(now=NOW - 5 * DAY, **given)
    actions.ask_again(now=NOW - 2 * DAY, **given)
    found = queries.of(by=ana.account, client=mara, now=NOW)
    assert [one.asked for one in found.series] == [6, 9]
    assert found.pauses == []  # all the others went on
    assert queries.waits(client=mara, now=NOW) is True


def test_in_a_pause_nothing_is_asked_and_nothing_waits(ana, mara, own, plan, mood):
    pause(ana, mara, plan, TODAY, None)
    assert queries.of(by=own, client=mara, now=NOW).open_days == [TODAY - DAY]
    assert queries.waits(client=mara, now=NOW) is None
    with pytest.raises(CannotKeep, match="paused"):
        keep(own, mood, 3)
    assert keep(own, mood, 3, on=TODAY - DAY).on == TODAY - DAY


def test_going_on_ends_a_pause_today_and_one_to_come_goes(ana, mara, plan, mood):
    row = pause(ana, mara, plan, TODAY - 2 * DAY, None)
    given = {"by": ana.account, "client": mara, "now": NOW}
    assert pausing.go_on(pause=row, **given).back_on == TODAY
    assert pausing.go_on(pause=row, **given).back_on == TODAY  # it is over
    assert queries.waits(client=mara, now=NOW) is True
    later = pause(ana, mara, plan, TODAY + 3 * DAY, TODAY + 5 * DAY)
    assert pausing.go_on(pause=later, **given).removed_at == NOW
    assert [one.pk for one in queries.pauses_of(plan)] == [row.pk]


def test_a_pause_is_taken_away_and_brought_back(ana, mara, plan, mood):
    row = pause(ana, mara, plan, FIRST, FIRST + 3 * DAY)
    given = {"by": ana.account, "client": mara, "pause": row}
    for _ in range(2):
        pausing.remove(now=NOW, **given)
    assert asked(ana, mara) == 9
    for _ in range(2):
        pausing.bring_back(**given)
    assert asked(ana, mara) == 6
    pausing.remove(now=NOW, **given)
    pause(ana, mara, plan, FIRST + DAY, FIRST + 2 * DAY)
    with pytest.raises(CannotKeep, match="paused already"):
        pausing.bring_back(**given)


@pytest.mark.parametrize(
    ("since", "back", "field"),
    [(-11, 0, "from_on"), (91, None, "from_on"), (0, 0, "back_on"), (0, 401, "back_on"),
     (4, None, "from_on"), (-9, -7, "from_on")],
)  # fmt: skip
def test_a_pause_that_cannot_be_is_refused_at_its_field(ana, mara, plan, since, back, field):
    plan.until_on = TODAY + 3 * DAY
    plan.save()
    pause(ana, mara, plan, FIRST, FIRST + 2 * DAY)
    with pytest.raises(CannotKeep) as problem:
        pause(ana, mara, plan, TODAY + since * DAY, None if back is None else TODAY + back * DAY)
    assert list(problem.value.fields) == [field]
    assert DailyPause.objects.count() == 1


def test_fifty_pauses_are_enough_and_none_of_what_is_over(ana, mara, plan):
    for n in range(50):
        ADailyPause(plan=plan, from_on=TODAY + 2 * n * DAY, back_on=TODAY + (2 * n + 1) * DAY)
    with pytest.raises(CannotKeep, match="Fifty"):
        pause(ana, mara, plan, TODAY + DAY, None)
    actions.end(by=ana.account, client=mara, plan=plan, now=NOW)
    with pytest.raises(CannotKeep, match="ended"):
        pause(ana, mara, plan, FIRST, None)


def test_strangers_clients_and_others_pages_change_nothing(ana, ben, mara, own, plan):
    row = pause(ana, mara, plan, TODAY, None)
    for by in (ben.account, own):
        with pytest.raises(Denied):
            pausing.remove(by=by, client=mara, pause=row, now=NOW)
    foreign = ADailyPause()
    with pytest.raises(CannotKeep, match="not of this client"):
        pausing.remove(by=ana.account, client=mara, pause=foreign, now=NOW)
    with pytest.raises(DailyPause.DoesNotExist):
        queries.daily_pause(by=ben.account, daily_pause_id=row.pk)
    assert str(row.pk) in str(row) and row.audit_about == mara.pk
