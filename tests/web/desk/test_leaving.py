"""Somebody leaves: from which day, who takes over, whose clients have nobody, and back."""

from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.people.care_team import queries as care_team
from rapport.people.models import CareTeamMember, Invitation, Staff
from rapport.people.staff.jobs import leave
from tests.factories import APractice, ClientOf, Colleague, SupervisedBy
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    APractice()
    ana, ben = Colleague(display_name="Ana"), Colleague(display_name="Ben")
    olga = Colleague(roles=["OWNER", "CLINICIAN"], display_name="Olga")
    people = {"ana": ana, "ben": ben, "olga": olga, "browser": inside(olga.account)}
    return people | {
        "alone": ClientOf(care_team=[ana]),
        "shared": ClientOf(care_team=[ana, ben]),
    }


def of(staff, what=""):
    return f"/desk/staff/{staff.pk}/{what}"


def test_the_page_says_how_many_would_have_nobody_and_names_none(world):
    page = world["browser"].get(of(world["ana"], "end/")).content.decode()

    assert "2 clients have this colleague" in page
    assert "1 of them would then have nobody else." in page
    assert world["alone"].name not in page


def test_ending_and_handing_over_is_one_step(world):
    today = clock.today()

    page = world["browser"].post(of(world["ana"], "end/"), {"on": today, "to": world["ben"].pk},
                                 follow=True).content.decode()  # fmt: skip

    assert "1 client was handed over to Ben." in page
    world["ana"].refresh_from_db()
    assert world["ana"].ended_on == today and not world["ana"].account.is_active
    assert set(care_team.carried_by(world["ben"])) == {world["alone"], world["shared"]}
    assert not care_team.left_alone().exists()


def test_when_the_end_cannot_be_nothing_is_handed_over(world):
    answer = world["browser"].post(
        of(world["ana"], "end/"), {"on": "2019-01-01", "to": world["ben"].pk}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That is before the first day." in page and 'value="2019-01-01"' in page
    assert set(care_team.carried_by(world["ben"])) == {world["shared"]}
    assert not AuditEntry.objects.filter(verb="care_team.hand_over").exists()


def test_a_later_day_leaves_the_door_open_until_then(world):
    browser, last = inside(world["ana"].account), clock.today() + timedelta(days=3)
    world["browser"].post(of(world["ana"], "end/"), {"on": last, "to": ""})

    assert browser.get("/desk/").status_code == 200
    assert "Works here until" in world["browser"].get(of(world["ana"])).content.decode()
    Staff.objects.filter(pk=world["ana"].pk).update(ended_on=clock.today())
    assert browser.get("/desk/").status_code == 302


def test_the_end_is_taken_back(world):
    world["browser"].post(of(world["ana"], "end/"), {"on": clock.today(), "to": ""})

    page = world["browser"].post(of(world["ana"], "back/"), follow=True).content.decode()

    world["ana"].refresh_from_db()
    assert world["ana"].ended_on is None and world["ana"].account.is_active
    assert "no more since" not in page
    again = world["browser"].post(of(world["ana"], "back/"), follow=True).content.decode()
    assert "works here already" in again


def test_the_only_owner_stays(world):
    answer = world["browser"].post(of(world["olga"], "end/"), {"on": clock.today(), "to": ""})

    assert answer.status_code == 422
    assert "Somebody has to own the practice." in answer.content.decode()


def test_clients_of_who_left_already_are_handed_over_later(world):
    world["browser"].post(of(world["ana"], "end/"), {"on": clock.today(), "to": ""})
    assert set(care_team.left_alone()) == {world["alone"]}

    page = (
        world["browser"]
        .post(f"/desk/staff/{world['ana'].pk}/hand-over/", {"to": world["ben"].pk}, follow=True)
        .content.decode()
    )

    assert "1 client was handed over to Ben." in page
    assert not care_team.left_alone().exists()


def test_nobody_takes_over_for_themself_and_nobody_must_be_chosen(world):
    path = f"/desk/staff/{world['ana'].pk}/hand-over/"
    for to in (world["olga"].pk, world["ana"].pk, ""):
        answer = world["browser"].post(path, {"to": to})
        assert answer.status_code == 422, to
        assert "field__errors" in answer.content.decode()
    assert not CareTeamMember.objects.filter(staff=world["olga"]).exists()


def test_a_supervision_is_ended_on_the_colleagues_page(world):
    sam = Colleague(roles=["SUPERVISOR"], display_name="Sam")
    run = SupervisedBy(supervisor=sam, supervisee=world["ana"])
    assert "End it today" in world["browser"].get(of(world["ana"])).content.decode()

    page = world["browser"].post(f"/desk/supervision/{run.pk}/end/", follow=True).content.decode()

    run.refresh_from_db()
    assert run.until_on == clock.today()
    assert "The supervision has ended." in page and "End it today" not in page


def test_the_same_two_are_not_in_two_supervisions_at_once(world):
    sam = Colleague(roles=["SUPERVISOR"], display_name="Sam")
    today, day = clock.today(), timedelta(days=1)
    SupervisedBy(supervisor=sam, supervisee=world["ana"], from_on=today, until_on=today + 9 * day)
    path = of(world["ana"], "supervise/")
    given = {"supervisor": sam.pk, "from_on": today + 8 * day, "until_on": ""}

    answer = world["browser"].post(path, given)
    assert answer.status_code == 422
    assert "in a supervision on such a day already" in answer.content.decode()

    assert world["browser"].post(path, given | {"from_on": today + 9 * day}).status_code == 302
    before = {"from_on": today - 5 * day, "until_on": today}
    assert world["browser"].post(path, given | before).status_code == 302
    assert world["ana"].supervised_by.count() == 3


def test_on_a_leaving_day_set_before_the_door_closes_at_midnight(world):
    today = clock.today()
    Staff.objects.filter(pk=world["ana"].pk).update(ended_on=today)
    Staff.objects.filter(pk=world["ben"].pk).update(ended_on=today + timedelta(days=1))
    leave()
    for staff in (world["ana"], world["ben"]):
        staff.account.refresh_from_db()
    assert not world["ana"].account.is_active
    assert world["ben"].account.is_active
    closed = AuditEntry.objects.get(verb="account.disable")
    assert closed.by == "system:cron"


def test_without_a_supervisor_the_page_says_what_to_do_first(world):
    page = world["browser"].get(of(world["ana"], "supervise/")).content.decode()

    assert "Nobody else here has the role of supervisor." in page


@pytest.mark.parametrize("path", ["end/", "back/", "hand-over/", "withdraw/", "invite/"])
def test_only_an_owner_does_any_of_it(world, path):
    ben = inside(world["ben"].account)

    assert ben.post(of(world["ana"], path), {"on": clock.today(), "to": ""}).status_code == 404
    world["ana"].refresh_from_db()
    assert world["ana"].ended_on is None


def test_who_has_left_does_not_leave_again_and_gets_no_link(world):
    today = clock.today()
    world["browser"].post(of(world["ana"], "end/"), {"on": today, "to": ""})

    later = {"on": today + timedelta(days=30), "to": ""}
    answer = world["browser"].post(of(world["ana"], "end/"), later)
    assert answer.status_code == 422
    assert "has left already" in answer.content.decode()

    page = world["browser"].post(of(world["ana"], "invite/"), follow=True).content.decode()
    assert "This account is closed" in page
    world["ana"].refresh_from_db()
    assert world["ana"].ended_on == today
    assert not Invitation.objects.exists()
