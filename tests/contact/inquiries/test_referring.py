"""Sending people on: only what they agreed to, to somebody on the list."""

from datetime import timedelta

import pytest

from rapport.contact.inquiries import moving, queries, referring
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import Inquiry, Referral, Source
from rapport.core.policy import Denied
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


def test_a_colleague_is_found_by_name_and_speciality(house):
    rosa = AReferrer(name="Dr. Rosa Amaral", specialities="Couples, Portuguese")
    for text, fits in [("amaral", True), ("couples", True), ("rosa port", True), ("", True),
                       ("children", False)]:  # fmt: skip
        assert queries.suits(rosa, text) is fits


def test_whether_they_take_people_has_its_day(house):
    by = house.fay.account
    rosa = referring.add_referrer(by=by, now=NOW, name=" Rosa  Amaral ", specialities="a  b",
                                  takes="UNKNOWN")  # fmt: skip
    assert (rosa.name, rosa.specialities, rosa.asked_on) == ("Rosa Amaral", "a b", None)

    referring.change_referrer(by=by, referrer=rosa, now=NOW, name="Rosa Amaral", takes="NO")
    assert (rosa.takes, rosa.asked_on) == ("NO", TODAY)
    referring.close_referrer(by=by, referrer=rosa, on=TODAY)
    assert list(queries.referrers(by=by)) == []
    assert list(queries.referrers(by=by, closed=True)) == [rosa]


def test_the_list_of_sources_is_the_practices_own(house):
    by = house.olga.account
    assert len(referring.add_usual(by=by)) == 7
    assert referring.add_usual(by=by) == []
    ours = referring.add_source(by=by, name="Radio")
    assert list(queries.sources(by=by))[-1] == ours
    with pytest.raises(CannotTake, match="already"):
        referring.add_source(by=by, name="Radio")
    for name in ("", "x" * 81):
        with pytest.raises(CannotTake):
            referring.add_source(by=by, name=name)

    referring.close_source(by=by, source=ours, on=TODAY)
    assert ours not in queries.sources(by=by)
    with pytest.raises(Denied):
        referring.add_source(by=house.ana.account, name="Fair")
    assert Source.objects.count() == 8
