"""Colleagues: roles in words, a first link made, sent, made anew and withdrawn; places."""

import pytest

from rapport.contact import notices
from rapport.contact.models import Notice
from rapport.core.policy import System
from rapport.people.models import Account, Invitation, Place, Staff
from rapport.people.staff.models import Role
from rapport.web.desk.forms.staff import MEANS
from tests.factories import NOW, APlace, APractice, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga():
    APractice()
    return inside(Colleague(roles=["OWNER"]).account)


def test_every_role_says_what_it_means(olga):
    assert set(MEANS) == set(Role)
    page = olga.get("/desk/staff/engage/").content.decode()
    assert all(str(means) in page for means in MEANS.values())
    ana = Colleague(roles=["CLINICIAN", "SUPERVISOR"])
    page = olga.get(f"/desk/staff/{ana.pk}/").content.decode()
    assert str(MEANS[Role.CLINICIAN]) in page and str(MEANS[Role.SUPERVISOR]) in page


def engaged(olga):
    answer = olga.post(
        "/desk/staff/engage/",
        {"legal_name": "Nora New", "email": "nora@a.example", "roles": ["CLINICIAN"]},
    )
    return answer, Staff.objects.get(legal_name="Nora New")


def test_without_a_mail_server_the_link_is_shown_once_with_a_picture(olga):
    answer, nora = engaged(olga)

    page = answer.content.decode()
    assert "/i/" in page and "data:image/svg+xml" in page
    again = olga.get(f"/desk/staff/{nora.pk}/").content.decode()
    assert "Has not signed in yet; a link works until" in again and "/i/" not in again


def test_with_a_mail_server_the_link_is_sent_and_not_shown(olga):
    notices.set_server(by=System("test"), host="localhost", port=25, security="NONE", username="",
                       password="", from_address="a@b.example", now=NOW)  # fmt: skip

    answer, nora = engaged(olga)

    page = answer.content.decode()
    assert "on its way" in page and "/i/" not in page
    assert Notice.objects.get().account_id == nora.account_id


def test_a_link_is_made_anew_and_withdrawn(olga):
    _answer, nora = engaged(olga)
    olga.post(f"/desk/staff/{nora.pk}/invite/")

    page = olga.post(f"/desk/staff/{nora.pk}/withdraw/", follow=True).content.decode()

    assert "Withdrawn." in page and "no link works any more" in page
    assert Invitation.objects.filter(account=nora.account, withdrawn_at=None).count() == 0
    assert Invitation.objects.filter(account=nora.account).count() == 2


def test_who_has_signed_in_before_gets_no_first_link(olga):
    ana = Colleague()
    Account.objects.filter(pk=ana.account_id).update(last_login=NOW)

    assert "First sign-in" not in olga.get(f"/desk/staff/{ana.pk}/").content.decode()
    page = olga.post(f"/desk/staff/{ana.pk}/invite/", follow=True).content.decode()
    assert "has signed in before" in page


def test_a_place_gets_another_name_but_not_one_that_is_taken(olga):
    house, other = APlace(name="House"), APlace(name="Other")

    answer = olga.post(f"/desk/practice/place/{house.pk}/", {"name": "Other", "address": "x"})
    assert answer.status_code == 422 and "Another place has this name." in answer.content.decode()
    answer = olga.post(f"/desk/practice/place/{house.pk}/", {"name": "Mill", "address": "Weir 1"})

    assert answer.status_code == 302
    house.refresh_from_db()
    assert (house.name, house.address) == ("Mill", "Weir 1")
    assert Place.objects.get(pk=other.pk).name == "Other"


def test_a_place_is_closed_opened_again_and_never_the_last(olga):
    house, other = APlace(name="House"), APlace(name="Other")

    page = olga.post(f"/desk/practice/place/{house.pk}/close/", follow=True).content.decode()
    assert "Open House again" in page
    page = olga.post(f"/desk/practice/place/{other.pk}/close/", follow=True).content.decode()
    assert "Add another place first." in page
    assert Place.objects.get(pk=other.pk).closed_on is None
    olga.post(f"/desk/practice/place/{house.pk}/close/", {"closed": "off"})
    assert Place.objects.get(pk=house.pk).closed_on is None
