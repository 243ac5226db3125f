"""Who may give an hour away is asked of an hour; of none, nobody may."""

import pytest

from rapport.core import policy
from tests.factories import APlace, Colleague

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("permission", ["hour.offer", "hour.of_meeting"])
def test_nobody_gives_what_is_not_named(permission):
    fay = Colleague(roles=["FRONT_DESK"], at=[APlace()])
    assert not policy.allows(permission, fay.account)
