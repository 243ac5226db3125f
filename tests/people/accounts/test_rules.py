"""When a visit is open, locked or over; how addresses are spelt; who a browser is."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.people.accounts import rules

NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


def standing(realm="DESK", *, signed_in=True, idle=0, age=0, locked=False):
    """``idle`` and ``age`` in minutes."""
    now = NINE + timedelta(minutes=max(age, idle))
    return rules.standing(
        realm=realm,
        signed_in=signed_in,
        began=now - timedelta(minutes=age),
        seen=now - timedelta(minutes=idle),
        locked=locked,
        now=now,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "open"),
        ({"idle": 14.9, "age": 20}, "open"),
        ({"idle": 15, "age": 20}, "locked"),
        ({"idle": 700, "age": 719}, "locked"),
        ({"locked": True}, "locked"),
        ({"age": 720}, "over"),
        ({"age": 720, "locked": True}, "over"),
        ({"realm": "PORTAL", "idle": 29.9, "age": 30}, "open"),
        ({"realm": "PORTAL", "idle": 30, "age": 30}, "over"),
        ({"realm": "PORTAL", "age": 720}, "over"),
        ({"signed_in": False, "idle": 59, "age": 900}, "open"),
        ({"signed_in": False, "idle": 60, "age": 60}, "over"),
    ],
)
def test_a_visit_is_open_locked_or_over(given, expected):
    assert standing(**given) == expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ａｎａ@example.org", "ana@example.org"),  # noqa: RUF001  full-width letters
        ("a+b.c@example.org", "a+b.c@example.org"),
        ("Ä@example.org", "ä@example.org"),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(typed, kept):
    assert rules.tidy_mail(typed) == kept
    assert rules.tidy_mail(kept) == kept


def test_a_proof_is_fresh_for_five_minutes():
    assert not rules.is_fresh(None, now=NINE)
    assert rules.is_fresh(NINE, now=NINE + timedelta(minutes=4, seconds=59))
    assert not rules.is_fresh(NINE, now=NINE + timedelta(minutes=5))
    assert not rules.is_fresh(NINE + timedelta(seconds=1), now=NINE), "a clock that went back"


def test_a_token_is_kept_as_its_hash():
    assert rules.hashed("abc").startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-4
    assert len(rules.hashed("\ud800")) == 64


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/156.0.0.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
         "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
         "Version/19.0 Mobile Safari/604.1", "Safari, iOS"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36",
         "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/19.0 Safari/605",
         "Safari, macOS"),
        ("curl/8", ""), ("", ""), ("x" * 100_000 + "Firefox/1", ""),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_two_words(agent, family):
    assert rules.agent_family(agent) == family


def test_every_kind_of_link_has_its_time():
    from rapport.people.accounts.models import Invitation

    assert set(rules.LASTS) == set(Invitation.Purpose.values)
