"""Who belongs to a couple or family, and who may say so."""

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import actions, queries
from rapport.people.clients import portal
from rapport.people.clients.actions import CannotKeep
from rapport.people.models import Account, GroupMember
from tests.factories import ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return Colleague()


@pytest.fixture
def couple(ana):
    return ClientOf(kind="COUPLE", care_team=[ana])


def test_somebody_one_may_not_see_is_neither_added_nor_removed(ana, couple):
    hidden = ClientOf(care_team=[Colleague()])
    with pytest.raises(CannotKeep, match="whom you may see"):
        actions.add_member(by=ana.account, client=couple, member=hidden)
    GroupMember.objects.create(client=couple, member=hidden)

    with pytest.raises(CannotKeep, match="whom you may see"):
        actions.remove_member(by=ana.account, client=couple, member=hidden)

    assert GroupMember.objects.exists()
    assert queries.members(by=ana.account, client=couple) == []


def test_belonging_opens_nobodys_record(ana, couple):
    ben = Colleague()
    mara = ClientOf(care_team=[ana, ben])
    actions.add_member(by=ana.account, client=couple, member=mara)

    assert queries.belongs_to(by=ben.account, client=mara) == []
    assert queries.belongs_to(by=ana.account, client=mara) == [couple]


def test_a_couple_belongs_to_no_family(ana, couple):
    family = ClientOf(kind="FAMILY", care_team=[ana])

    with pytest.raises(CannotKeep):
        actions.add_member(by=ana.account, client=family, member=couple)


def test_a_stranger_makes_no_way_into_a_clients_portal(ana):
    mara = ClientOf(care_team=[ana])

    with pytest.raises(policy.Denied):
        portal.invite(by=Colleague().account, client=mara, email="m@example.org", now=clock.now())

    assert not Account.objects.filter(realm="PORTAL").exists()
