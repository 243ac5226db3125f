"""Who may see an inquiry, and whose it no longer is once care begins."""

import pytest

from rapport.contact.inquiries import queries
from rapport.contact.inquiries.promised import Promise
from rapport.contact.models import Inquiry
from rapport.core import policy
from tests.factories import AnInquiry, ClientOf

pytestmark = pytest.mark.django_db

EVERYBODY = ("ana", "ben", "fay", "flo", "bill", "olga")


def seers(house, inquiry):
    def sees(name):
        by = getattr(house, name).account
        return Inquiry.objects.visible_to(by).filter(pk=inquiry.pk).exists()

    return {name for name in EVERYBODY if sees(name)}


def answerers(house, inquiry):
    fresh = Inquiry.objects.get(pk=inquiry.pk)
    return {
        name for name in EVERYBODY
        if policy.allows("inquiry.edit", getattr(house, name).account, inquiry=fresh)
    }  # fmt: skip


@pytest.fixture
def inquiry(house):
    asker = ClientOf(status="INQUIRY", place=house.here, care_team=[house.ana])
    return AnInquiry(client=asker)


def test_the_care_team_the_front_desk_there_and_owners(house, inquiry):
    assert seers(house, inquiry) == answerers(house, inquiry) == {"ana", "fay", "olga"}


def test_and_whoever_answers(house, inquiry):
    inquiry.responsible = house.flo
    inquiry.save()

    assert seers(house, inquiry) == answerers(house, inquiry) == {"ana", "fay", "flo", "olga"}


def test_once_care_begins_only_who_sees_the_client(house, inquiry):
    inquiry.responsible = house.flo
    inquiry.save()
    inquiry.client.status = "ACTIVE"
    inquiry.client.save()

    assert seers(house, inquiry) == answerers(house, inquiry) == {"ana", "fay"}


def test_a_restricted_person_is_the_care_teams_alone(house, inquiry):
    inquiry.responsible = house.flo
    inquiry.save()
    inquiry.client.restricted = True
    inquiry.client.save()

    assert seers(house, inquiry) == answerers(house, inquiry) == {"ana"}


def test_a_biller_sees_no_inquiry_though_they_see_the_client(house, inquiry):
    assert house.bill.account and "bill" not in seers(house, inquiry)


def test_who_works_here_no_more_sees_none(house, inquiry):
    house.olga.ended_on = house.olga.started_on
    house.olga.save()

    assert "olga" not in seers(house, inquiry)


def test_missing_and_refused_are_alike(house, inquiry):
    with pytest.raises(Inquiry.DoesNotExist):
        queries.get(by=house.flo.account, inquiry_id=inquiry.pk)


def test_the_list_is_narrowed_by_stage_whose_and_what_is_due(house, inquiry):
    by = house.fay.account
    mine = AnInquiry(client__place=house.here, responsible=house.fay, stage="CALLED")
    closed = AnInquiry(client__place=house.here, stage="CLOSED", why="OTHER")

    assert set(queries.listed(by=by, promise=Promise())) == {inquiry, mine}
    assert list(queries.listed(by=by, promise=Promise(), stage="CLOSED")) == [closed]
    assert list(queries.listed(by=by, promise=Promise(), whose="mine")) == [mine]
    assert list(queries.listed(by=by, promise=Promise(), whose="nobody")) == [inquiry]
    assert {code: n for code, _words, n in queries.counts(by=by) if n} == {
        "NEW": 1, "CALLED": 1, "CLOSED": 1,
    }  # fmt: skip
