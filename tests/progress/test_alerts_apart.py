"""What goes wrong with one client holds up nobody else."""

import pytest

from rapport.core import time, vault
from rapport.progress.alerts import actions, queries
from rapport.progress.alerts.jobs import watch
from rapport.progress.measures import sessions
from rapport.progress.models import Asked
from tests.factories import AnAppointment, AnAsk, ASheet, ClientOf

from .conftest import HOUR, PROGRAM, at


@pytest.fixture
def two(ana):
    """Two alerts that wait, in the order in which the clock takes them."""
    sheets = [ASheet(client=ClientOf(care_team=[ana])) for _two in range(2)]
    raised = [
        actions.raise_(by=PROGRAM, client=one.client, sheet=one, rule="self-harm", now=at(9))
        for one in sheets
    ]
    return sorted(raised, key=lambda one: one.pk)


def test_an_alert_that_cannot_be_passed_on_holds_up_no_other(two, ana, monkeypatch):
    vault.destroy(two[0].client.data_key, by=ana.account, now=at(9))
    every = queries.Alert.objects.waiting()
    monkeypatch.setattr(queries, "to_pass_on", lambda **_given: every)
    with time.at(at(10)), pytest.raises(ExceptionGroup) as wrong:
        watch(now=at(10))
    two[1].refresh_from_db()

    assert [type(one) for one in wrong.value.exceptions] == [vault.Destroyed]
    assert two[1].stage == "TEAM"


def test_of_a_destroyed_record_nothing_is_passed_on(two, ana):
    vault.destroy(two[0].client.data_key, by=ana.account, now=at(9))
    with time.at(at(10)):
        watch(now=at(10))
    for one in two:
        one.refresh_from_db(fields=["stage"])

    assert [one.stage for one in two] == ["OWNER", "TEAM"]


def test_of_a_destroyed_record_nothing_is_asked_and_of_others_it_is(ana, mara):
    gone = ClientOf(care_team=[ana])
    for hours, client in enumerate((gone, mara)):
        AnAsk(client=client)
        AnAppointment(client=client, clinician=ana, starts_at=at(12) + hours * HOUR)
    vault.destroy(gone.data_key, by=ana.account, now=at(9))
    sessions.ask_due(by=PROGRAM, now=at(9))

    assert [one.client for one in Asked.objects.all()] == [mara]
