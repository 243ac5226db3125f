"""Sending people on: only what they agreed to, to somebody on the list."""

from datetime import timedelta

import pytest

from rapport.contact.inquiries import moving, referring
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import Inquiry, Referral
from rapport.core.vault.checks import rows_the_trail_names
from tests.factories import NOW, AnInquiry, AReferrer, ClientOf

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
AGREED = {"agreed_on": TODAY, "agreed_how": "SAID"}
NOTHING = {"shared": [], "told": "", "agreed_on": None, "agreed_how": ""}


@pytest.fixture
def inquiry(house):
    asker = ClientOf(status="INQUIRY", place=house.here, care_team=[house.ana])
    return AnInquiry(client=asker)


def refer(house, inquiry, **given):
    return referring.refer(
        by=house.fay.account, inquiry=inquiry, now=NOW,
        **{"referrer": AReferrer(), "revision": 1} | NOTHING | given,
    )  # fmt: skip


def test_somebody_is_sent_on_with_what_they_agreed_to(house, inquiry):
    made = refer(house, inquiry, shared=["PHONE", "NAME"], told="Evenings.", **AGREED)

    assert (made.shared, made.told, made.passes_on) == (["NAME", "PHONE"], "Evenings.", True)
    now = Inquiry.objects.get(pk=inquiry.pk)
    assert (now.stage, now.answered_at) == ("REFERRED", NOW)


def test_or_is_given_the_number_and_calls_themself(house, inquiry):
    made = refer(house, inquiry, agreed_how="SAID")

    assert (made.passes_on, made.agreed_how) == (False, "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"shared": ["NAME"]}, "agreed_on"),
        ({"told": "Evenings."}, "agreed_on"),
        (AGREED, "shared"),
        ({"shared": ["NAME"], "agreed_on": TODAY + timedelta(days=1), "agreed_how": "SAID"},
         "agreed_on"),
        ({"shared": ["NAME"], "agreed_on": TODAY, "agreed_how": ""}, "agreed_how"),
        ({"shared": ["NOTES"], **AGREED}, "shared"),
        ({"told": "x" * 2001, **AGREED}, "told"),
        ({"revision": 4}, ""),
    ],
)  # fmt: skip
def test_nothing_is_passed_on_without_a_yes(house, inquiry, given, field):
    with pytest.raises(CannotTake) as problem:
        refer(house, inquiry, **given)

    assert problem.value.field == field
    assert not Referral.objects.exists()
    assert Inquiry.objects.get().stage == "NEW"


def test_it_can_be_taken_back_and_the_trail_knows(house, inquiry):
    refer(house, inquiry, shared=["NAME"], **AGREED)

    moving.undo(by=house.fay.account, inquiry=inquiry, revision=2, now=NOW)

    assert not Referral.objects.exists()
    assert Inquiry.objects.get().stage == "NEW"
    assert list(rows_the_trail_names()) == []
