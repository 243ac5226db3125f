"""The session store keeps what Django expects and forgets what is over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError

from rapport.core import time
from rapport.core.keys import KeyProblem
from rapport.people.accounts import rules
from rapport.people.accounts.models import Account, Session
from rapport.people.accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


def visit(key=None, *, realm="DESK", now=NINE):
    return SessionStore(key, realm=realm, agent="Firefox, Linux", now=now)


@pytest.fixture
def account():
    return Account.objects.make(email="ana@example.org", realm="DESK")


def signed_in(account, *, now=NINE):
    one = visit(now=now)
    one["_auth_user_id"] = str(account.pk)
    one.save()
    return one


def test_it_keeps_and_finds():
    one = visit()
    one["colour"] = "teal"
    one.save()
    again = visit(one.session_key)
    assert again["colour"] == "teal"
    again["colour"] = "ink"
    again.save()
    assert visit(one.session_key)["colour"] == "ink"


def test_the_key_is_known_to_the_browser_alone():
    one = visit()
    one["colour"] = "teal"
    one.save()
    row = Session.objects.get()
    assert row.key_hash == rules.hashed(one.session_key)
    assert one.session_key not in str(Session.objects.values().get())
    assert b"teal" not in bytes(row.data)


def test_data_moved_to_another_row_does_not_open(account):
    one, two = visit(), signed_in(account)
    one["colour"] = "teal"
    one.save()
    stolen = Session.objects.get(key_hash=rules.hashed(two.session_key)).data
    Session.objects.filter(key_hash=rules.hashed(one.session_key)).update(data=stolen)
    with pytest.raises(KeyProblem):
        visit(one.session_key).get("colour")


def test_an_unknown_or_foreign_key_is_a_new_visit():
    one = visit()
    one["colour"] = "teal"
    one.save()
    for other in (visit("unknown-key-0123456789"), visit(one.session_key, realm="PORTAL")):
        assert other.get("colour") is None
        assert other.session_key is None
    assert visit(one.session_key, realm="")._get_session() == {}


def test_no_visit_is_stored_outside_the_doors():
    with pytest.raises(CreateError):
        visit(realm="").create()


def test_a_visit_that_was_ended_is_not_brought_back():
    one = visit()
    one.save()
    Session.objects.all().delete()
    one["colour"] = "teal"
    with pytest.raises(UpdateError):
        one.save()


def test_signing_in_starts_the_clock(account):
    one = visit()
    one["colour"] = "teal"
    one.save()
    later = NINE + timedelta(minutes=20)
    two = visit(one.session_key, now=later)
    two["_auth_user_id"] = str(account.pk)
    two.save()
    row = Session.objects.get()
    assert (row.created_at, row.stepped_up_at, row.account) == (later, later, account)


def test_a_new_key_for_the_same_person_keeps_the_clock(account):
    one = signed_in(account)
    later = visit(one.session_key, now=NINE + timedelta(minutes=10))
    later.step_up()
    row = Session.objects.get()
    assert row.key_hash == rules.hashed(later.session_key)
    assert later.session_key != one.session_key
    assert row.created_at == NINE
    assert row.stepped_up_at == NINE + timedelta(minutes=10)
    assert visit(later.session_key, now=later.now).is_fresh


def test_a_sign_of_life_is_written_once_a_minute(account, django_assert_num_queries):
    key = signed_in(account).session_key
    soon = visit(key, now=NINE + timedelta(seconds=59))
    assert soon.account == account
    with django_assert_num_queries(0):
        soon.touch()
    then = visit(key, now=NINE + timedelta(seconds=60))
    assert then.account == account
    with django_assert_num_queries(1):
        then.touch()
    assert Session.objects.get().last_seen_at == then.now


def test_nobody_is_there_before_anybody_came():
    empty = visit()
    empty.touch()
    empty.lock()
    empty.unlock()
    assert (empty.is_locked, empty.is_fresh, empty.account) == (False, False, None)


def test_locking_and_unlocking(account):
    one = signed_in(account)
    one.lock()
    one.lock()
    assert visit(one.session_key).is_locked
    visit(one.session_key).unlock()
    assert not visit(one.session_key).is_locked


def test_what_is_over_is_deleted_when_somebody_asks(account):
    key = signed_in(account).session_key
    assert visit(key, now=NINE + rules.ABSOLUTE).account is None
    assert not Session.objects.exists()


def test_sweeping_leaves_what_still_stands(account):
    visit(now=NINE).save()
    fresh = signed_in(account, now=NINE)
    with time.at(NINE + timedelta(hours=2)):
        SessionStore.clear_expired()
        assert Session.objects.get().key_hash == rules.hashed(fresh.session_key)
    with time.at(NINE + timedelta(hours=13)):
        SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_exists_and_delete_ask_by_the_key():
    one = visit()
    one.save()
    assert one.exists(one.session_key)
    one.delete(one.session_key)
    assert not one.exists(one.session_key)
    visit().delete()
