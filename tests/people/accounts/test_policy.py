"""Who keeps whose accounts."""

import uuid

import pytest
from django.contrib.auth import get_user_model

from rapport.core import policy
from rapport.core.policy import Nobody, System
from rapport.core.time import now
from rapport.people.accounts import actions, invitations, queries
from rapport.people.accounts.models import Account, Realm, Session
from tests.web.signin.conftest import make_client, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    return make_staff("olga@example.org", roles=("OWNER",), app=False)


@pytest.fixture
def ana(db):
    return make_staff("ana@example.org", app=False)


def test_an_owner_keeps_staff_accounts_and_a_colleague_does_not(owner, ana):
    other = make_staff("eva@example.org", app=False)
    for permission in ("account.invite", "account.disable", "account.enable"):
        assert policy.allows(permission, owner, account=other)
        assert not policy.allows(permission, ana, account=other)
        assert not policy.allows(permission, Nobody(), account=other)
        assert policy.allows(permission, System("cli"), account=other)
    assert policy.allows("account.open", owner, realm=Realm.DESK)
    assert not policy.allows("account.open", ana, realm=Realm.DESK)
    assert policy.allows("account.open", ana, realm=Realm.PORTAL)


def test_an_owner_who_left_keeps_nothing(owner, ana):
    owner.staff.ended_on = now().date()
    assert not policy.allows("account.disable", owner, account=ana)


def test_a_portal_account_without_a_client_is_kept_by_nobody(owner, ana):
    mara = make_client(app=False)
    assert not policy.allows("account.disable", owner, account=mara)
    assert not policy.allows("account.disable", ana, account=mara)


def test_a_client_keeps_no_accounts(ana):
    mara = make_client(app=False)
    assert not policy.allows("account.disable", mara, account=ana)


def test_ones_own(ana, owner):
    assert policy.allows("me.password", ana, account=ana)
    assert not policy.allows("me.password", owner, account=ana)
    assert not policy.allows("me.password", ana)
    assert not policy.allows("me.password", Nobody(), account=ana)
    mine = Session(account=ana)
    assert policy.allows("session.end", ana, session=mine)
    assert not policy.allows("session.end", owner, session=mine)
    assert not policy.allows("session.end", ana)
    assert policy.allows("account.end_sessions", ana, account=ana)
    assert policy.allows("me.factors", ana)
    assert not policy.allows("me.factors", Nobody())


def test_a_link_is_used_by_whom_it_was_made_for(ana, owner):
    made, _path = invitations.make(by=System("cli"), account=ana, purpose="RESET", now=now())
    assert policy.allows("invitation.use", ana, invitation=made)
    assert not policy.allows("invitation.use", owner, invitation=made)
    assert not policy.allows("invitation.use", ana)


@pytest.mark.parametrize("purpose", ["RESET", "RECOVER"])
def test_an_owner_makes_no_way_into_an_account_that_is_used(owner, ana, purpose):
    with pytest.raises(policy.Denied):
        invitations.make(by=owner, account=ana, purpose=purpose, now=now())
    with pytest.raises(invitations.CannotInvite):
        invitations.make(by=owner, account=ana, purpose="STAFF", now=now())
    ana.set_unusable_password()
    ana.last_login = now()
    with pytest.raises(invitations.CannotInvite):
        invitations.make(by=owner, account=ana, purpose="STAFF", now=now())


def test_an_address_opens_one_account(owner):
    with pytest.raises(actions.CannotOpen):
        actions.open_(by=owner, email=" OLGA@example.org", realm=Realm.DESK)
    made = actions.open_(by=owner, email="New@example.org", realm=Realm.DESK, language="de")
    assert (made.email, made.language) == ("new@example.org", "de")
    assert not made.has_usable_password()


def test_closing_and_opening_again(owner, ana):
    actions.disable(by=owner, account=ana)
    assert not Account.objects.get(pk=ana.pk).is_active
    actions.enable(by=owner, account=ana)
    assert Account.objects.get(pk=ana.pk).is_active
    assert actions.end_sessions(by=ana, account=ana) == 0


def test_how_one_reads_is_kept(ana):
    actions.set_appearance(by=ana, account=ana, language="ar", theme="contrast")
    found = queries.mine(by=ana, account_id=ana.pk)
    assert (found.language, found.theme) == ("ar", "contrast")
    with pytest.raises(Account.DoesNotExist):
        queries.mine(by=ana, account_id=uuid.uuid4())


def test_one_realm_has_no_other_side(ana):
    mara = make_client(app=False)
    assert (ana.client, mara.staff, mara.client) == (None, None, None)
    assert ana.staff.display_name == "Ana"
    assert make_staff("no@example.org", app=False).staff is not None


def test_djangos_own_tools_find_accounts_too():
    made = get_user_model().objects.create_user("X@example.org", "a long sentence", realm="DESK")
    assert get_user_model().objects.get_by_natural_key("x@EXAMPLE.org") == made
    assert str(made) == f"account {made.pk}"
