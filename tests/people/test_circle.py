"""Who belongs to a couple or family, and who may say so."""

import pytest

from rapport.core import audit, policy, verify
from rapport.core import time as clock
from rapport.core.models import AuditEntry
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


@pytest.mark.django_db(transaction=True)
class TestForgettingARow:
    @pytest.fixture
    def mara(self, ana):
        return ClientOf(care_team=[ana])

    @pytest.fixture
    def rows(self, ana, mara):
        contact = actions.add_contact(by=ana.account, client=mara, kind="MAIL", value="m@x.org")
        person = actions.add_related(by=ana.account, client=mara, relation="PARENT", name="Ole")
        return contact, person

    def test_the_practice_verifies_afterwards_and_the_trail_names_the_row(self, ana, mara, rows):
        contact, person = rows
        ids = {str(contact.pk), str(person.pk)}
        actions.remove_contact(by=ana.account, client=mara, contact=contact)
        actions.remove_related(by=ana.account, client=mara, person=person)

        assert [problem for _, problem in verify.everything() if problem] == []
        entries = AuditEntry.objects.filter(verb="client.edit").order_by("-number")[:2]
        assert {pk for e in entries for label, pk in e.subject if label != "people.client"} == ids

    def test_a_trail_that_holds_a_row_without_its_name_verifies_too(self, ana, mara):
        audit.record(verb="client.edit", by=ana.account, subject={"people.contact_id": "None"})
        assert [problem for _, problem in verify.everything() if problem] == []

    def test_what_was_removed_meanwhile_is_said_and_not_brought_back(self, ana, mara, rows):
        contact, person = rows
        type(contact).objects.filter(pk=contact.pk).delete()
        type(person).objects.filter(pk=person.pk).delete()
        safe = dict.fromkeys(("safe_to_message", "safe_to_text", "safe_to_write"), False)
        with pytest.raises(CannotKeep, match="removed"):
            actions.change_contact(
                by=ana.account, client=mara, contact=contact, value="n@x.org", label="", **safe
            )
        with pytest.raises(CannotKeep, match="removed"):
            actions.change_related(
                by=ana.account, client=mara, person=person, relation="PARENT", name="Ole",
                reach_at="", may_know="NOTHING", emergency=False, remark="",
            )  # fmt: skip
