"""Who may look at an alert."""

import pytest

from rapport.core import policy
from tests.factories import AnAlert, ASheet, ClientOf, Colleague

pytestmark = pytest.mark.django_db


def test_an_owner_opens_it_a_stranger_does_not_and_nobody_opens_none():
    ana, stranger = Colleague(), Colleague()
    alert = AnAlert(sheet=ASheet(client=ClientOf(care_team=[ana])), owner=ana)

    assert policy.allows("alert.open", ana.account, alert=alert)
    assert not policy.allows("alert.open", stranger.account, alert=alert)
    assert not policy.allows("alert.open", ana.account)
