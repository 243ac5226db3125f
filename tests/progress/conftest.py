"""Mara, who has answered; Ana, who treats her; and what else an alert needs."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.core import time
from rapport.core.policy import System
from rapport.people.models import CareTeamMember
from rapport.progress.alerts import actions
from tests.factories import LONG_AGO, NOW, APractice, ASheet, ClientOf, Colleague

HOUR = timedelta(hours=1)
PROGRAM = System("test")


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice()
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague(display_name="Ana")


@pytest.fixture
def ben(db):
    return Colleague(display_name="Ben")


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], legal_name="Mara Kern")


@pytest.fixture
def sheet(mara):
    return ASheet(client=mara)


@pytest.fixture
def join():
    """Put a colleague on a client's care team: ``join(mara, ben, "DEPUTY")``."""

    def joined(client, staff, part="CO_THERAPIST", from_on=LONG_AGO):
        return CareTeamMember.objects.create(client=client, staff=staff, part=part, from_on=from_on)

    return joined


@pytest.fixture
def raised(sheet):
    """Raise the alert of Mara's sheet, now or later."""

    def call(now=NOW, rule="item-9", by=PROGRAM):
        return actions.raise_(by=by, client=sheet.client, sheet=sheet, rule=rule, now=now)

    return call


def at(hour, minute=0):
    """That time on the day of NOW."""
    return datetime(2030, 1, 7, hour, minute, tzinfo=UTC)
