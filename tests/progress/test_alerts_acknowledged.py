"""An alert is answered with what was done, by one person, and by nobody who may not."""

import pytest
from django.db import connection

from rapport.core import policy, time
from rapport.progress.alerts import actions, queries
from rapport.progress.models import Alert, AlertStep
from tests.factories import NOW, Colleague, SupervisedBy

from .conftest import HOUR, PROGRAM, at


@pytest.fixture
def alert(raised):
    return raised()


def answer(alert, who, how="SPOKE", done="", now=NOW):
    return actions.acknowledge(by=who.account, alert=alert, how=how, done=done, now=now)


def note(alert, who, how="NOT_REACHED", done="", now=NOW):
    return actions.note(by=who.account, alert=alert, how=how, done=done, now=now)


def last(alert):
    return queries.steps(by=PROGRAM, alert=alert)[-1]


def test_it_is_closed_with_what_was_done_and_by_whom(alert, ana):
    answer(alert, ana, done="Called at nine; safe for tonight.", now=at(9, 10))
    alert.refresh_from_db()
    assert (alert.acknowledged_by, alert.acknowledged_at) == (ana, at(9, 10))
    step = last(alert)
    assert (step.what, step.how, step.staff) == ("ACKNOWLEDGED", "SPOKE", ana)
    assert step.done == "Called at nine; safe for tonight."


def test_what_was_done_is_sealed(alert, ana):
    answer(alert, ana, done="Called at nine.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT done FROM progress_alertstep WHERE what = 'ACKNOWLEDGED'")
        (stored,) = cursor.fetchone()
    assert b"Called" not in bytes(stored) if stored else pytest.fail("nothing was stored")


@pytest.mark.parametrize("how", ["", "NOT_REACHED", "MESSAGE", "NOTE", "RAISED", "spoke"])
def test_not_reaching_anybody_closes_nothing(alert, ana, how):
    with pytest.raises(actions.CannotAnswer) as problem:
        answer(alert, ana, how=how, done="Nobody answered.")
    assert problem.value.field == "how"
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


def test_something_else_is_said_in_words(alert, ana):
    with pytest.raises(actions.CannotAnswer) as problem:
        answer(alert, ana, how="OTHER", done="  ")
    assert problem.value.field == "done"
    answer(alert, ana, how="OTHER", done="Typed wrongly from paper; the sheet is corrected.")


def test_a_note_leaves_it_waiting(alert, ana):
    note(alert, ana)
    note(alert, ana, how="NOTE", done="Partner says she is on a train.")
    alert.refresh_from_db()
    assert alert.acknowledged_at is None
    assert queries.waiting_for(by=ana.account).shown == [alert]
    assert (last(alert).what, last(alert).staff) == ("NOTED", ana)
    with pytest.raises(actions.CannotAnswer):
        note(alert, ana, how="NOTE", done=" ")
    with pytest.raises(actions.CannotAnswer):
        note(alert, ana, how="SPOKE", done="Spoke with her.")


def test_of_two_at_once_the_second_reads_who_was_first(alert, ana, ben, mara, join):
    join(mara, ben)
    first, second = (queries.get(by=ana.account, alert_id=alert.pk) for _ in range(2))
    answer(first, ben, now=at(9, 5))
    with pytest.raises(actions.SomebodyWasFirst, match=r"Ben was first \(9:05 .*\)\. Your"):
        answer(second, ana, now=at(9, 6))
    assert Alert.objects.get().acknowledged_by == ben
    assert AlertStep.objects.filter(what="ACKNOWLEDGED").count() == 1


def test_a_note_can_be_added_afterwards(alert, ana):
    answer(alert, ana)
    note(alert, ana, how="NOTE", done="Called again in the evening.", now=at(19, 0))
    assert (last(alert).what, last(alert).done) == ("NOTED", "Called again in the evening.")


def test_who_may_look_and_answer(alert, ana, ben, mara, join):
    sam, fay, olga = (
        Colleague(roles=["SUPERVISOR"]),
        Colleague(roles=["FRONT_DESK"]),
        Colleague(roles=["OWNER"]),
    )
    SupervisedBy(supervisor=sam, supervisee=ana)
    for stranger in (ben, fay, olga):
        with pytest.raises(Alert.DoesNotExist):
            queries.get(by=stranger.account, alert_id=alert.pk)
        with pytest.raises(policy.Denied):
            answer(alert, stranger)
        with pytest.raises(policy.Denied):
            note(alert, stranger)
    assert queries.get(by=sam.account, alert_id=alert.pk) == alert
    assert queries.of_client(by=sam.account, client=mara) == [alert]
    assert queries.of_client(by=fay.account, client=mara) == []
    answer(alert, sam)


def test_the_practices_deputy_opens_it_once_it_was_passed_on(ana, ben, mara, raised):
    """Somebody who is not on the care team sees this one alert, and only then."""
    actions.set_clock(by=PROGRAM, minutes=60, deputy_minutes=60, deputy=ben)
    alert = raised()
    with pytest.raises(Alert.DoesNotExist):
        queries.get(by=ben.account, alert_id=alert.pk)
    with time.at(NOW + HOUR):
        actions.pass_on(by=PROGRAM, alert=alert, now=NOW + HOUR)
        found = queries.get(by=ben.account, alert_id=alert.pk)
        assert found.client.name == "Mara Kern"
        answer(found, ben, now=NOW + HOUR)
