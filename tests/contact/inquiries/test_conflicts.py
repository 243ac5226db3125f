"""Whether somebody here treats a relative is asked without learning whom."""

from datetime import timedelta

import pytest

from rapport.contact.inquiries import conflicts, queries
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import ConflictCheck, ConflictLook
from rapport.core import vault
from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from tests.factories import LONG_AGO, NOW, AnInquiry, ARelatedPerson, ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def inquiry(house):
    asker = ClientOf(status="INQUIRY", place=house.here, care_team=[house.ana])
    return AnInquiry(client=asker)


def check(house, inquiry, *names, by=None):
    return conflicts.check(
        by=(by or house.ana).account, inquiry=inquiry, names=list(names), now=NOW
    )


def test_nobody_fits(house, inquiry):
    ClientOf(legal_name="Jonas Webermann", care_team=[house.ben])

    told = check(house, inquiry, "Jonas Weber", "Bosch")

    assert (told.check.outcome, told.shown, told.asked, told.alone) == ("CLEAR", [], False, False)
    assert not ConflictLook.objects.exists()


def test_who_may_not_see_them_learns_only_that_somebody_should_look(house, inquiry):
    ClientOf(legal_name="Jonas Weber", care_team=[house.ben])

    told = check(house, inquiry, "jonas weber")

    assert (told.check.outcome, told.shown, told.asked, told.alone) == ("LOOK", [], True, False)
    assert [look.staff for look in ConflictLook.objects.all()] == [house.ben]


def test_who_may_see_them_is_shown_them(house, inquiry):
    jonas = ClientOf(legal_name="Jonas Weber", care_team=[house.ana, house.ben])

    told = check(house, inquiry, "Jonas Weber")

    assert (told.check.outcome, told.shown, told.asked) == ("SEEN", [jonas], False)


def test_people_around_a_client_count_too(house, inquiry):
    client = ClientOf(care_team=[house.ben])
    ARelatedPerson(client=client, name="Mia Okafor")

    assert check(house, inquiry, "Mia Okafor").check.outcome == "LOOK"
    vault.destroy(client.data_key, by=house.ana.account, now=NOW)
    assert check(house, inquiry, "Mia Okafor").check.outcome == "CLEAR"


def test_the_person_who_asks_is_no_conflict_with_themself(house, inquiry):
    ARelatedPerson(client=inquiry.client, name="Mia Okafor")

    assert check(house, inquiry, "Mia Okafor", inquiry.client.legal_name).check.outcome == "CLEAR"


def test_a_restricted_client_and_one_without_anybody_are_found_too(house, inquiry):
    ClientOf(legal_name="Jonas Weber", place=house.here, restricted=True, care_team=[house.ben])
    told = check(house, inquiry, "Jonas Weber", by=house.fay)
    assert (told.check.outcome, told.shown) == ("LOOK", [])

    alone = ClientOf(legal_name="Ada Lund")
    told = check(house, inquiry, "Ada Lund")
    assert (told.check.outcome, told.asked, told.alone) == ("LOOK", False, True)
    alone.care_team.create(staff=house.ben, from_on=LONG_AGO, until_on=LONG_AGO + timedelta(9))
    assert check(house, inquiry, "Ada Lund").alone


def test_every_check_is_recorded_with_its_names_sealed(house, inquiry):
    ClientOf(legal_name="Jonas Weber", care_team=[house.ben])
    check(house, inquiry, "Jonas Weber")

    row = queries.checks(by=house.ana.account, inquiry=inquiry)[0]
    assert (row.names, row.by) == (["Jonas Weber"], house.ana.account)
    raw = ConflictCheck.objects.values_list("names", flat=True).get()
    assert b"Weber" not in raw.raw
    entry = AuditEntry.objects.get(verb="conflict.check")
    assert (entry.about, entry.by) == (inquiry.client_id, str(house.ana.account.pk))
    assert str(ConflictLook.objects.get().pk) not in str(entry.subject)


def test_the_trail_does_not_say_whom_they_are(house, inquiry):
    jonas = ClientOf(legal_name="Jonas Weber", care_team=[house.ben])
    check(house, inquiry, "Jonas Weber")

    said = str(list(AuditEntry.objects.values_list("subject", "about")))
    assert str(jonas.pk) not in said


@pytest.mark.parametrize("names", [[], ["A B"] * 21, ["x" * 301]])
def test_no_name_and_too_many_are_no_question(house, inquiry, names):
    with pytest.raises(CannotTake):
        check(house, inquiry, *names)
    assert not ConflictCheck.objects.exists()


def test_whoever_does_not_answer_the_inquiry_asks_nothing(house, inquiry):
    with pytest.raises(Denied):
        check(house, inquiry, "Jonas Weber", by=house.ben)


@pytest.fixture
def look(house, inquiry):
    ClientOf(legal_name="Jonas Weber", care_team=[house.ben])
    check(house, inquiry, "Jonas Weber", "Ada Lund")
    return ConflictLook.objects.get()


def test_who_is_asked_sees_their_own_client_and_no_other_name(house, look):
    ClientOf(legal_name="Ada Lund", care_team=[house.ana])
    opened = queries.look(by=house.ben.account, conflict_id=look.pk)

    touched = conflicts.touched(by=house.ben.account, conflict=opened)
    assert [(one.client.legal_name, one.names) for one in touched] == [
        ("Jonas Weber", ["Jonas Weber"])
    ]


def test_who_is_asked_answers_in_one_word(house, look):
    by = house.ben.account
    assert queries.looks(by=by, most=5) == [look]

    conflicts.answer(by=by, conflict=look, answer="STANDS", now=NOW)

    assert queries.looks(by=by, most=5) == []
    assert ConflictLook.objects.get().answer == "STANDS"
    with pytest.raises(CannotTake):
        conflicts.answer(by=by, conflict=look, answer="x", now=NOW)


def test_nobody_else_looks(house, look):
    for name in ("ana", "fay", "olga"):
        by = getattr(house, name).account
        with pytest.raises(ConflictLook.DoesNotExist):
            queries.look(by=by, conflict_id=look.pk)
        with pytest.raises(Denied):
            conflicts.answer(by=by, conflict=look, answer="CLEAR", now=NOW)
