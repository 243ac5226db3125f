"""Who works here, from which day until which, and who owns the practice."""

from datetime import timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.people import policy as people
from rapport.people.staff import actions
from tests.factories import ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga():
    return Colleague(roles=["OWNER"])


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "works"), [(0, None, True), (1, None, False), (-9, 1, True),
                                        (-9, 0, False)],
)  # fmt: skip
def test_a_colleague_may_what_colleagues_may_from_the_first_day_to_the_last(
    starts_in, ends_in, works
):
    today = clock.today()
    ben = Colleague(
        started_on=today + timedelta(starts_in),
        ended_on=None if ends_in is None else today + timedelta(ends_in),
    )

    assert policy.allows("staff.list", ben.account) is works
    assert policy.allows("client.admit", ben.account) is works


def test_whoever_left_keeps_no_client(olga):
    ben = Colleague()
    mara = ClientOf(care_team=[ben])
    assert people.sees_client(ben.account, client=mara)
    assert people.treats_client(ben.account, client=mara)
    assert people.on_care_team(ben.account, client=mara)

    actions.end(by=olga.account, staff=ben, on=clock.today())

    assert not people.sees_client(ben.account, client=mara)
    assert not people.treats_client(ben.account, client=mara)
    assert not people.on_care_team(ben.account, client=mara)


def test_the_only_owner_stays_until_another_is_named(olga):
    with pytest.raises(actions.CannotEngage, match="own the practice"):
        actions.end(by=olga.account, staff=olga, on=clock.today())

    second = Colleague(roles=["OWNER", "CLINICIAN"])
    actions.end(by=second.account, staff=olga, on=clock.today())

    olga.refresh_from_db()
    assert olga.ended_on == clock.today()


def test_the_only_owner_keeps_the_role(olga):
    with pytest.raises(actions.CannotEngage, match="own the practice"):
        actions.change(
            by=olga.account, staff=olga, legal_name="Olga", display_name="Olga",
            roles=["BILLER"], places=[],
        )  # fmt: skip


def test_a_colleague_ends_nobodys_work(olga):
    with pytest.raises(policy.Denied):
        actions.end(by=Colleague().account, staff=olga, on=clock.today())
