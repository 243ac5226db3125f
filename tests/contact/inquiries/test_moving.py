"""From stage to stage, to a client and back."""

from datetime import timedelta

import pytest

from rapport.contact.inquiries import actions, moving, queries
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.models import Inquiry, InquiryEntry
from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import Denied
from rapport.meeting.appointments import answers as meetings
from rapport.people.circle import actions as circle
from rapport.people.models import Client
from tests.factories import NOW, AnAppointment, AnInquiry, ANote, ClientOf

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def _that_day():
    with clock.at(LATER):
        yield


@pytest.fixture
def inquiry(house):
    asker = ClientOf(status="INQUIRY", place=house.here, care_team=[house.ana], remark="Stairs.")
    return AnInquiry(client=asker, seeks="Sleeps badly.")


def fresh(inquiry):
    return Inquiry.objects.select_related("client").get(pk=inquiry.pk)


def move(house, inquiry, stage, **given):
    return moving.move(
        by=house.fay.account, inquiry=inquiry, stage=stage, now=LATER,
        **{"revision": fresh(inquiry).revision} | given,
    )  # fmt: skip


def undo(house, inquiry, **given):
    return moving.undo(
        by=house.fay.account, inquiry=inquiry, now=LATER + timedelta(minutes=1),
        **{"revision": fresh(inquiry).revision} | given,
    )  # fmt: skip


def start(house, inquiry, by=None, **given):
    usual = {"clinician": house.ana, "on": LATER.date(), "revision": fresh(inquiry).revision}
    return moving.start(
        by=(by or house.fay).account, inquiry=inquiry, now=LATER, **usual | given
    )  # fmt: skip


def state(inquiry):
    now = fresh(inquiry)
    return now.stage, now.why, now.stage_since, now.answered_at


def test_every_step_can_be_taken_back(house, inquiry):
    steps = [("CALLED", ""), ("FIT", ""), ("CLOSED", "FULL"), ("NEW", "")]
    for stage, why in steps:
        before = state(inquiry)
        assert move(house, inquiry, stage, why=why).stage == stage
        assert undo(house, inquiry).stage == before[0]
        assert state(inquiry) == before
        move(house, inquiry, stage, why=why)

    assert state(inquiry)[0] == "NEW"


def test_a_step_onwards_is_a_first_answer_and_closing_is_none(house, inquiry):
    move(house, inquiry, "CLOSED", why="FULL")
    assert fresh(inquiry).answered_at is None
    move(house, inquiry, "CALLED")
    assert fresh(inquiry).answered_at == LATER


def test_a_button_pressed_twice_moves_once(house, inquiry):
    move(house, inquiry, "CALLED", revision=1)
    move(house, inquiry, "CALLED", revision=1)
    assert InquiryEntry.objects.count() == 1

    undo(house, inquiry, revision=2)
    undo(house, inquiry, revision=2)
    assert (state(inquiry)[0], InquiryEntry.objects.count()) == ("NEW", 2)


@pytest.mark.parametrize(
    ("stage", "given", "field"),
    [
        ("CLOSED", {}, "why"),
        ("CLOSED", {"why": "x"}, "why"),
        ("STARTED", {}, "stage"),
        ("REFERRED", {}, "stage"),
        ("x", {}, "stage"),
        ("CALLED", {"revision": 7}, ""),
    ],
)
def test_what_is_no_step_changes_nothing(house, inquiry, stage, given, field):
    with pytest.raises(CannotTake) as problem:
        move(house, inquiry, stage, **given)

    assert problem.value.field == field
    assert state(inquiry)[0] == "NEW"
    assert not InquiryEntry.objects.exists()


def test_there_is_nothing_to_take_back_after_a_call(house, inquiry):
    move(house, inquiry, "CALLED")
    actions.log(by=house.fay.account, inquiry=inquiry, what="SPOKE", words="", now=LATER)

    with pytest.raises(CannotTake, match="nothing"):
        undo(house, inquiry)


def test_an_inquiry_becomes_a_client_with_everything_that_is_known(house, inquiry):
    client = inquiry.client
    circle.add_contact(by=house.fay.account, client=client, kind="PHONE", value="+49 30 901820",
                       safe_to_message=True)  # fmt: skip

    start(house, inquiry, problem="MOOD", referral_source="DOCTOR")

    now = Client.objects.get(pk=client.pk)
    episode = now.episodes.get()
    assert (now.status, now.legal_name, now.remark) == ("ACTIVE", client.legal_name, "Stairs.")
    assert (episode.responsible, episode.problem, episode.referral_source) == (
        house.ana, "MOOD", "DOCTOR",
    )  # fmt: skip
    assert now.contacts.get().safe_to_message
    assert [m.staff for m in now.care_team.filter(until_on=None)] == [house.ana]
    assert (fresh(inquiry).stage, fresh(inquiry).seeks) == ("STARTED", "Sleeps badly.")


def test_another_clinician_carries_it_and_the_one_wished_for_leaves(house, inquiry):
    start(house, inquiry, clinician=house.ben, status="WAITING")

    client = Client.objects.get(pk=inquiry.client_id)
    assert client.status == "WAITING"
    assert [m.staff for m in client.care_team.filter(until_on=None)] == [house.ben]


@pytest.mark.parametrize("clinician", ["ana", "ben"])
def test_that_can_be_taken_back_as_if_it_had_never_been(house, inquiry, clinician):
    client = inquiry.client
    before = list(client.care_team.values_list("staff", "part", "from_on", "until_on"))
    was = state(inquiry)
    start(house, inquiry, clinician=getattr(house, clinician))

    undo(house, inquiry)

    now = Client.objects.get(pk=client.pk)
    assert (now.status, now.remark, now.episodes.count()) == ("INQUIRY", "Stairs.", 0)
    assert list(now.care_team.values_list("staff", "part", "from_on", "until_on")) == before
    assert state(inquiry) == was


def test_not_once_somebody_worked_with_the_client(house, inquiry):
    start(house, inquiry)
    ANote(client=inquiry.client, author=house.ana, created_at=LATER + timedelta(hours=1))

    with pytest.raises(CannotTake, match="Care went on"):
        undo(house, inquiry)
    assert Client.objects.get(pk=inquiry.client_id).status == "ACTIVE"


def test_nor_once_a_meeting_was_kept(house, inquiry):
    start(house, inquiry)
    AnAppointment(client=inquiry.client, clinician=house.ana, status="KEPT",
                  settled_at=LATER + timedelta(days=1))  # fmt: skip

    with pytest.raises(CannotTake, match="Care went on"):
        undo(house, inquiry)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"status": "INQUIRY"}, "status"), ({"revision": 9}, ""), ({"clinician": "fay"}, "clinician")],
)
def test_care_that_cannot_begin_so_leaves_all_as_it_was(house, inquiry, given, field):
    if "clinician" in given:
        given = {"clinician": getattr(house, given["clinician"])}
    with pytest.raises(CannotTake) as problem:
        start(house, inquiry, **given)

    assert problem.value.field == field
    assert Client.objects.get(pk=inquiry.client_id).status == "INQUIRY"
    assert state(inquiry)[0] == "NEW"


def test_care_begins_once(house, inquiry):
    start(house, inquiry, revision=1)
    start(house, inquiry, revision=1, by=house.ana)
    assert inquiry.client.episodes.count() == 1

    with pytest.raises(CannotTake, match="Care has begun"):
        move(house, inquiry, "CALLED")


def test_whoever_may_not_see_it_moves_nothing(house, inquiry):
    for deed, given in [(moving.move, {"stage": "CALLED"}), (moving.undo, {}),
                        (moving.start, {"clinician": house.ben, "on": LATER.date()})]:  # fmt: skip
        with pytest.raises(Denied):
            deed(by=house.ben.account, inquiry=inquiry, revision=1, now=LATER, **given)


def test_the_log_has_every_step_with_who_made_it(house, inquiry):
    move(house, inquiry, "CALLED")
    undo(house, inquiry)

    rows = queries.entries(by=house.fay.account, inquiry=inquiry)
    assert [(row.what, row.stage, row.by) for row in rows] == [
        ("TAKEN_BACK", "NEW", house.fay.account), ("MOVED", "CALLED", house.fay.account),
    ]  # fmt: skip


def requested(house, inquiry):
    return AnAppointment(client=inquiry.client, clinician=house.ana, status="REQUESTED",
                         starts_at=LATER + timedelta(days=3))  # fmt: skip


def test_a_yes_to_the_time_they_asked_for_answers_them_and_goes_on_to_the_consultation(
    house, inquiry
):
    meeting = requested(house, inquiry)
    meetings.approve(by=house.ana.account, appointment=meeting, revision=1, now=LATER)
    jobs.run_due(LATER, loud=True)

    assert state(inquiry) == ("CONSULTATION", "", LATER, LATER)
    undo(house, inquiry)
    assert fresh(inquiry).stage == "NEW"


def test_a_no_is_an_answer_and_leaves_them_where_they_are(house, inquiry):
    meeting = requested(house, inquiry)
    meetings.decline(by=house.ana.account, appointment=meeting, words="", revision=1, now=LATER)
    jobs.run_due(LATER, loud=True)

    assert (fresh(inquiry).stage, fresh(inquiry).answered_at) == ("NEW", LATER)
    assert InquiryEntry.objects.get(inquiry=inquiry).what == "WROTE"


@pytest.mark.parametrize("stage", ["FIT", "OFFERED", "CLOSED"])
def test_an_inquiry_that_has_gone_further_stays_where_it_is(house, inquiry, stage):
    move(house, inquiry, stage, **({"why": "OTHER"} if stage == "CLOSED" else {}))
    meeting = requested(house, inquiry)
    meetings.approve(by=house.ana.account, appointment=meeting, revision=1, now=LATER)
    jobs.run_due(LATER, loud=True)
    assert fresh(inquiry).stage == stage


def test_what_was_left_to_do_when_it_was_closed_waits_for_nobody(house, inquiry):
    def due():
        return queries.due(by=house.fay.account, until=LATER.date(), most=5)

    task = actions.add_task(by=house.fay.account, inquiry=inquiry, words="Call back",
                            due_on=LATER.date(), whose=None, now=NOW)  # fmt: skip
    assert due() == [task]
    move(house, inquiry, "CLOSED", why="ELSEWHERE")
    assert due() == []
    after = actions.add_task(by=house.fay.account, inquiry=inquiry, words="Ask how it went",
                             due_on=LATER.date(), whose=None,
                             now=LATER + timedelta(minutes=2))  # fmt: skip
    assert due() == [after]
    undo(house, inquiry)
    assert set(due()) == {task, after}


@pytest.mark.parametrize(("begins", "asked"), [(0, NOW.date()), (-3, LATER.date() - timedelta(3))])
def test_waiting_counts_from_the_inquiry(house, inquiry, begins, asked):
    """Whoever was seen before the inquiry was written down did not wait."""
    start(house, inquiry, on=LATER.date() + timedelta(begins))

    assert fresh(inquiry).client.episodes.get().first_contact_on == asked
