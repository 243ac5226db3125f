"""Reminders on their way through a mail server that really listens: once, discreet, in time."""

from datetime import time as wall
from datetime import timedelta

import pytest
import vobject
from django.db import IntegrityError, transaction

from rapport.contact.calendars import actions as calendars
from rapport.contact.models import Delivery, Failing, Notice
from rapport.contact.reminders import actions, delivering, links, planning
from rapport.contact.reminders.jobs import forget, look
from rapport.core import jobs, time
from rapport.core.jobs import Job
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.series import actions as standing
from rapport.meeting.series import cancelling, resting
from rapport.meeting.series.rules import Rule
from rapport.people.circle import actions as circle
from rapport.people.models import GroupMember
from tests.contact.test_sending import parsed
from tests.factories import AnAccount, ASeries, AType, ClientOf

from .conftest import BY, DAY, HOUR, NOW, at, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]

MINUTE = timedelta(minutes=1)
FRIDAY = NOW + 4 * DAY


@pytest.fixture
def mails(box, listen, setup_mail):
    setup_mail(listen(box))
    return box


def plain(envelope):
    return parsed(envelope).get_body(("plain",)).get_content().strip()


def test_a_day_before_one_mail_goes_out_and_no_second(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    for hours in (-25, -24.1, -24, -23, -1, -0.1, 0, 1):
        at(FRIDAY + hours * HOUR, loud=True)

    (mail,) = mails.mails
    assert mail.rcpt_tos == ["mara@home.example"]
    assert plain(mail) == "Reminder: Friday, 11 January, 9 a.m."
    row = Delivery.objects.get()
    assert (row.state, row.offset, row.sent_at) == ("SENT", 1440, FRIDAY - DAY)
    assert parsed(mail)["Message-ID"] == f"<{row.pk}@practice.example>"


def test_it_tells_nothing_of_where_or_with_whom(house, mails):
    house.reminds(links=["CONFIRM", "CANCEL", "MOVE"])
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)

    everything = mails.mails[0].content.decode().lower()
    for word in ("seelenheil", "praxis", "therap", "ana roth", "mara lind", "session", "client",
                 "health", "rapport"):  # fmt: skip
        assert word not in everything


def in_calendar(envelope):
    """What a calendar program that is not ours reads in the file that came with a mail."""
    (file,) = parsed(envelope).iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "appointment.ics")
    return vobject.readOne(file.get_content()).vevent


def test_the_meeting_comes_as_a_file_follows_a_move_and_is_struck_out(house, mails):
    house.reminds(notices=["BOOKED", "MOVED", "CANCELLED"])
    house.reached()
    meeting = house.books(FRIDAY)
    at(NOW + MINUTE, loud=True)
    house.moves(meeting, FRIDAY + HOUR, now=NOW + 2 * MINUTE)
    at(NOW + 3 * MINUTE, loud=True)
    house.cancels(meeting, now=NOW + 4 * MINUTE)
    at(NOW + 5 * MINUTE, loud=True)

    told = [in_calendar(one) for one in mails.mails]
    assert [(one.dtstart.value, one.status.value) for one in told] == [
        (FRIDAY, "CONFIRMED"), (FRIDAY + HOUR, "CONFIRMED"), (FRIDAY + HOUR, "CANCELLED"),
    ]  # fmt: skip
    assert {one.uid.value for one in told} == {str(meeting.pk)}
    numbers = [int(one.sequence.value) for one in told]
    assert numbers == sorted(set(numbers))
    assert {one.summary.value for one in told} == {"Appointment"}


def test_the_file_calls_it_what_the_client_calls_it(house, mails):
    house.reminds()
    house.reached()
    house.mara.account = AnAccount(realm="PORTAL")
    house.mara.save()
    calendars.make_feed(by=house.mara.account, title="BUSY", words="Yoga", now=NOW)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)

    assert in_calendar(mails.mails[0]).summary.value == "Yoga"


def test_who_wants_no_file_gets_none(house, mails):
    house.reminds()
    house.reached()
    house.chooses(with_file=False)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)

    assert list(parsed(mails.mails[0]).iter_attachments()) == []


@pytest.mark.parametrize(
    "says, named, unnamed",
    [("NEUTRAL", [], ["Seelenheil", "Ana Roth"]), ("PRACTICE", ["Seelenheil"], ["Ana Roth"]),
     ("CLINICIAN", ["Seelenheil", "Ana Roth"], [])],
)  # fmt: skip
def test_it_names_what_the_client_chose(house, mails, says, named, unnamed):
    house.reminds()
    house.reached()
    house.chooses(says=says)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)

    text = plain(mails.mails[0])
    assert [name for name in named if name not in text] == []
    assert [name for name in unnamed if name in text] == []
    assert "Seelenheil" not in parsed(mails.mails[0])["Subject"] + parsed(mails.mails[0])["From"]


def test_it_is_written_in_the_clients_language(house, mails):
    house.reminds()
    house.reached()
    house.mara.languages = ["de-AT"]
    house.mara.save()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    assert '<html lang="de"' in parsed(mails.mails[0]).get_body(("html",)).get_content()
    assert "Freitag" in plain(mails.mails[0])


@pytest.mark.parametrize(
    "zone, said", [("", "9 a.m."), ("Europe/London", "9 a.m."),
                   ("Asia/Kathmandu", "2:45 p.m. (Asia/Kathmandu)")],
)  # fmt: skip
def test_the_time_is_the_clients_and_the_zone_named_where_it_differs(house, mails, zone, said):
    house.reminds()
    house.reached()
    house.chooses(zone=zone)
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    assert plain(mails.mails[0]) == f"Reminder: Friday, 11 January, {said}"


def test_several_offsets_go_out_one_after_the_other(house, mails):
    house.reminds(offsets=[2880, 1440, 120])
    house.reached()
    house.books(FRIDAY)
    for hours in range(-72, 1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert [row.offset for row in Delivery.objects.order_by("planned_at")] == [2880, 1440, 120]
    assert len(mails.mails) == 3


def test_after_two_days_without_power_one_goes_out_and_not_three(house, mails):
    house.reminds(offsets=[2880, 1440, 120])
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - HOUR, loud=True)
    at(FRIDAY - HOUR + 5 * MINUTE, loud=True)
    assert [row.offset for row in Delivery.objects.all()] == [120]


@pytest.mark.parametrize(
    "of_type, own, offsets",
    [(None, None, [1440]), ([60], None, [60]), ([], None, []), ([60], [30], [30]), ([60], [], []),
     (None, [2880, 30], [2880, 30])],
)  # fmt: skip
def test_the_type_and_the_client_may_have_others(house, mails, of_type, own, offsets):
    house.reminds()
    house.reached()
    kind = AType()
    actions.set_type(by=BY, type=kind, offsets=of_type)
    house.chooses(offsets=own)
    house.books(FRIDAY, type=kind)
    for minutes in (-2880, -1440, -60, -30):
        at(FRIDAY + minutes * MINUTE, loud=True)
    assert [row.offset for row in Delivery.objects.order_by("planned_at")] == offsets


# Moved, cancelled, over --------------------------------------------------------------------


def test_one_that_was_cancelled_is_not_reminded_of(house, mails):
    house.reminds()
    house.reached()
    house.cancels(house.books(FRIDAY))
    at(FRIDAY - DAY, loud=True)
    assert (mails.mails, states()) == ([], [])


def test_one_that_is_cancelled_while_the_mail_waits_is_not_sent(house, mails):
    house.reminds()
    house.reached()
    meeting = house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    house.cancels(meeting)
    mails.mood = "kind"
    at(FRIDAY - DAY + HOUR)

    assert mails.mails == []
    assert Delivery.objects.get().error == "NoLongerTrue"
    assert states() == [("REMINDER", "mail", "DROPPED")]


def test_one_that_moves_has_reminders_of_its_new_time_and_none_of_the_old(house, mails):
    house.reminds()
    house.reached()
    meeting = house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    house.moves(meeting, FRIDAY + DAY, now=FRIDAY - DAY)
    mails.mood = "kind"
    for hours in range(-23, 24):
        at(FRIDAY + hours * HOUR)

    assert [plain(mail) for mail in mails.mails] == ["Reminder: Saturday, 12 January, 9 a.m."]


def test_one_that_moves_away_and_back_is_reminded_of_once(house, mails):
    house.reminds()
    house.reached()
    meeting = house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    house.moves(meeting, FRIDAY + DAY, now=FRIDAY - DAY)
    house.moves(meeting, FRIDAY, now=FRIDAY - DAY)
    at(FRIDAY - 20 * HOUR, loud=True)
    assert len(mails.mails) == 1


def test_one_that_moved_back_before_it_was_told_is_told(house, mails):
    house.reminds()
    house.reached()
    meeting = house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    house.moves(meeting, FRIDAY + DAY, now=FRIDAY - DAY)
    at(FRIDAY - 23 * HOUR)
    assert states() == [("REMINDER", "mail", "DROPPED")]
    house.moves(meeting, FRIDAY, now=FRIDAY - 22 * HOUR)
    mails.mood = "kind"
    at(FRIDAY - 22 * HOUR, loud=True)
    assert (len(mails.mails), states()) == (1, [("REMINDER", "mail", "SENT")])


def test_one_that_has_begun_is_not_reminded_of(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - 10 * MINUTE)
    mails.mood = "kind"
    at(FRIDAY + MINUTE)
    assert (mails.mails, states()) == ([], [("REMINDER", "mail", "FAILED")])


def test_one_that_was_asked_for_is_reminded_of_only_once_it_is_booked(house, mails):
    house.reminds(notices=["BOOKED"])
    house.reached()
    house.books(FRIDAY, asked_for=True)
    at(FRIDAY - DAY, loud=True)
    assert [one.rcpt_tos for one in mails.mails] == [[house.ana.account.email]]  # who answers


# Safe ways ---------------------------------------------------------------------------------


def test_an_address_that_is_not_safe_gets_nothing_and_somebody_sees_it(house, mails):
    house.reminds()
    house.reached(safe=False)
    house.books(FRIDAY)
    for hours in (-24, -23, -22):
        at(FRIDAY + hours * HOUR, loud=True)
    assert (mails.mails, states()) == ([], [("REMINDER", "", "FAILED")])


def test_an_address_that_is_no_longer_safe_when_it_goes_out_gets_nothing(house, mails):
    house.reminds()
    contact = house.reached()
    house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    contact.safe_to_write, mails.mood = False, "kind"
    contact.save()
    at(FRIDAY - DAY + HOUR)
    assert mails.mails == []
    assert Delivery.objects.get().error == "NotSafe"


def test_once_there_is_a_way_the_client_is_told_after_all(house, mails):
    house.reminds()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    house.reached()
    at(FRIDAY - 20 * HOUR, loud=True)
    assert len(mails.mails) == 1


def test_who_is_archived_is_told_nothing(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    house.mara.archived_at, mails.mood = NOW, "kind"
    house.mara.save()
    at(FRIDAY - DAY + HOUR)
    assert (mails.mails, states()) == ([], [("REMINDER", "mail", "DROPPED")])


def test_a_couple_is_told_at_its_own_address_or_else_each_at_theirs(house, mails):
    house.reminds()
    both = ClientOf(kind="COUPLE", care_team=[house.ana], place=house.place)
    noa = ClientOf(care_team=[house.ana], place=house.place)
    for one in (house.mara, noa):
        GroupMember.objects.create(client=both, member=one)
    house.reached()
    house.reached(noa, "noa@home.example")
    house.books(FRIDAY, client=both)
    at(FRIDAY - DAY, loud=True)
    assert sorted(one.rcpt_tos[0] for one in mails.mails) == [
        "mara@home.example", "noa@home.example",
    ]  # fmt: skip

    mails.mails.clear()
    house.reached(both, "us@home.example")
    house.books(FRIDAY + DAY, client=both)
    at(FRIDAY, loud=True)
    assert [one.rcpt_tos for one in mails.mails] == [["us@home.example"]]


# Quiet hours -------------------------------------------------------------------------------

NIGHT = (wall(21), wall(8))


@pytest.mark.parametrize("before, goes", [(False, -60), (True, -12.25 * 60)])
def test_in_quiet_hours_it_goes_out_after_or_before_them(house, mails, before, goes):
    house.reminds(offsets=[10 * 60], quiet=NIGHT, before=before)
    house.reached()
    house.books(FRIDAY)
    sent = None
    for minutes in range(-24 * 60, 0, 15):
        at(FRIDAY + minutes * MINUTE, loud=True)
        if mails.mails and sent is None:
            sent = minutes
    assert (sent, len(mails.mails)) == (goes, 1)


def test_quiet_hours_are_those_of_the_clients_wall(house, mails):
    house.reminds(quiet=NIGHT)
    house.reached()
    house.chooses(zone="America/New_York")  # where it is 4 in the morning
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    assert mails.mails == []
    at(FRIDAY - DAY + 4 * HOUR, loud=True)
    assert len(mails.mails) == 1


def test_what_could_not_go_out_before_quiet_hours_waits_for_their_end(house, mails):
    house.reminds(quiet=NIGHT, offsets=[2880])
    house.reached()
    house.books(FRIDAY + 11 * HOUR + 30 * MINUTE)  # at half past eight in the evening
    mails.mood = "busy"
    at(FRIDAY - 2 * DAY + 11.5 * HOUR)
    mails.mood = "kind"
    at(FRIDAY - 2 * DAY + 13 * HOUR)
    assert (mails.mails, states()) == ([], [("REMINDER", "mail", "PLANNED")])
    at(FRIDAY - DAY, loud=True)
    assert len(mails.mails) == 1


# Notices -----------------------------------------------------------------------------------

ALL = ["BOOKED", "MOVED", "CANCELLED"]


def test_booking_moving_and_cancelling_are_told_at_once(house, mails):
    house.reminds(notices=ALL, offsets=[])
    house.reached()
    meeting = house.books(FRIDAY)
    jobs.run_due(NOW, loud=True)
    house.moves(meeting, FRIDAY + DAY)
    jobs.run_due(NOW, loud=True)
    house.cancels(meeting)
    jobs.run_due(NOW, loud=True)

    assert [plain(mail) for mail in mails.mails] == [
        "Noted for you: Friday, 11 January, 9 a.m.",
        "The new time is: Saturday, 12 January, 9 a.m.",
        "This does not take place: Saturday, 12 January, 9 a.m.",
    ]


@pytest.mark.parametrize("kept", [["MOVED", "CANCELLED"], ["BOOKED", "CANCELLED"], ["BOOKED"], []])
@pytest.mark.parametrize("who", ["practice", "client"])
def test_each_can_be_switched_off_by_practice_and_client(house, mails, kept, who):
    house.reminds(notices=kept if who == "practice" else ALL, offsets=[])
    house.reached()
    house.chooses(notices=kept if who == "client" else ALL)
    meeting = house.books(FRIDAY)
    jobs.run_due(NOW, loud=True)
    house.moves(meeting, FRIDAY + DAY)
    jobs.run_due(NOW, loud=True)
    house.cancels(meeting)
    jobs.run_due(NOW, loud=True)
    assert [row.kind for row in Delivery.objects.order_by("revision")] == kept


def test_who_was_told_of_a_booking_for_today_is_not_reminded_as_well(house, mails):
    house.reminds(notices=ALL)
    house.reached()
    house.books(NOW + 3 * HOUR)
    jobs.run_due(NOW, loud=True)
    at(NOW, loud=True)
    at(NOW + HOUR, loud=True)
    assert [row.kind for row in Delivery.objects.all()] == ["BOOKED"]


def test_where_the_clock_is_faster_than_the_news_the_client_is_told_once_all_the_same(house, mails):
    house.reminds(notices=ALL)
    house.reached()
    house.books(NOW + 3 * HOUR)
    look(now=NOW)
    jobs.run_due(NOW, loud=True)
    at(NOW + HOUR, loud=True)
    assert [row.kind for row in Delivery.objects.all()] == ["REMINDER"]


def test_another_room_is_no_other_time(house, mails):
    house.reminds(notices=["MOVED"])
    house.reached()
    meeting = house.books(FRIDAY)
    meeting.refresh_from_db()
    meetings.move(
        by=BY, appointment=meeting, slot=meeting.slot, revision=meeting.revision, now=NOW,
        clinician=house.ana, way="VIDEO", place=None,
    )  # fmt: skip
    jobs.run_due(NOW, loud=True)
    assert not Delivery.objects.exists()


def test_a_cancelling_that_is_taken_back_is_told(house, mails):
    house.reminds(notices=ALL)
    house.reached()
    meeting = house.cancels(house.books(FRIDAY))
    jobs.run_due(NOW, loud=True)
    meetings.undo(by=BY, appointment=meeting, revision=meeting.revision, now=NOW)
    at(NOW + HOUR, loud=True)
    at(NOW + 2 * HOUR, loud=True)
    assert [row.kind for row in Delivery.objects.order_by("planned_at")][-1] == "BOOKED"
    assert "Noted for you" in plain(mails.mails[-1])
    before = len(mails.mails)
    at(FRIDAY - DAY, loud=True)
    assert len(mails.mails) == before + 1


def test_what_was_entered_afterwards_is_told_to_nobody(house, mails):
    house.reminds(notices=ALL)
    house.reached()
    house.books(NOW - 3 * HOUR, afterwards=True)
    at(NOW, loud=True)
    assert mails.mails == []


def test_a_standing_slot_is_told_once_and_each_of_its_days_is_reminded_of(house, mails):
    house.reminds(notices=ALL)
    house.reached()
    slot = ASeries(client=house.mara, clinician=house.ana)
    for week in (1, 2, 3):
        meeting = house.books(NOW + 7 * week * DAY)
        type(meeting).objects.filter(pk=meeting.pk).update(
            series=slot, nth_on=(NOW + 7 * week * DAY).date()
        )
    jobs.run_due(NOW, loud=True)
    assert len(mails.mails) == 1
    for week in (1, 2, 3):
        at(NOW + 7 * week * DAY - DAY, loud=True)
    assert len(mails.mails) == 4


def test_without_rules_nobody_is_told_anything(house, mails):
    house.reached()
    house.cancels(house.books(FRIDAY))
    house.books(FRIDAY + DAY)
    for hours in (-24, 0):
        at(FRIDAY + hours * HOUR, loud=True)
    assert (mails.mails, states()) == ([], [])


def test_rules_that_are_switched_off_drop_what_waits(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    mails.mood = "busy"
    at(FRIDAY - DAY)
    actions.stop_reminding(by=BY)
    mails.mood = "kind"
    at(FRIDAY - DAY + HOUR)
    assert (mails.mails, states()) == ([], [("REMINDER", "mail", "DROPPED")])


# Failing -----------------------------------------------------------------------------------


def test_a_server_that_is_down_for_an_hour_loses_none_and_doubles_none(
    house, box, setup_mail, listen
):
    house.reminds(offsets=[120])
    setup_mail(1)  # where nobody listens
    clients = [ClientOf(care_team=[house.ana], place=house.place) for _ in range(7)]
    for n, one in enumerate(clients):
        house.reached(one, f"client-{n}@home.example")
        house.books(FRIDAY + n * HOUR, client=one)
    port = None
    for minutes in range(-180, 7 * 60, 5):
        if port is None and minutes >= -60:
            port = listen(box)
            setup_mail(port)
        at(FRIDAY + minutes * MINUTE)

    assert sorted(mail.rcpt_tos[0] for mail in box.mails) == [
        f"client-{n}@home.example" for n in range(7)
    ]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"SENT"}


def test_a_refused_address_is_remembered_and_written_to_no_more(house, mails):
    house.reminds(offsets=[1440, 120])
    contact = house.reached()
    house.books(FRIDAY)
    mails.mood = "unknown"
    at(FRIDAY - DAY, loud=True)
    assert Failing.objects.get().contact == contact
    mails.mood = "kind"
    at(FRIDAY - 2 * HOUR, loud=True)
    assert mails.mails == []
    assert [state for _kind, _channel, state in states()] == ["FAILED", "FAILED"]


def test_an_address_that_was_changed_is_written_to_again(house, mails):
    house.reminds(offsets=[1440, 120])
    contact = house.reached()
    house.books(FRIDAY)
    mails.mood = "unknown"
    at(FRIDAY - DAY, loud=True)
    circle.change_contact(by=BY, client=house.mara, contact=contact, value="m@new.example",
                          label="", safe_to_message=False, safe_to_text=False,
                          safe_to_write=True)  # fmt: skip
    mails.mood = "kind"
    at(FRIDAY - 2 * HOUR, loud=True)
    assert [mail.rcpt_tos for mail in mails.mails] == [["m@new.example"]]


def test_a_mail_taken_before_the_line_broke_comes_again_as_the_same_and_is_counted(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    mails.mood = "drops after"
    at(FRIDAY - DAY)
    mails.mood = "kind"
    at(FRIDAY - DAY + MINUTE)
    assert len(mails.mails) == 2
    assert len({parsed(mail)["Message-ID"] for mail in mails.mails}) == 1
    row = Delivery.objects.get()
    assert (row.state, row.again, row.attempts) == ("SENT", 1, 2)


# Once --------------------------------------------------------------------------------------


def test_the_database_holds_that_a_reminder_lives_once(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    row = Delivery.objects.get()
    same = {
        name: getattr(row, name)
        for name in ("client", "appointment", "kind", "starts_at", "offset", "planned_at")
    }
    for channel in ("mail", "web"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(channel=channel, **same)


def test_two_clocks_that_strike_at_once_promise_one(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    with time.at(FRIDAY - DAY):
        (one,) = planning.wanted(now=FRIDAY - DAY)
        given = {"by": BY, "client": house.mara, "appointment": one.appointment, "wanted": one}
        assert actions.promise(now=FRIDAY - DAY, **given) is not None
        assert actions.promise(now=FRIDAY - DAY, **given) is None
        jobs.run_due(FRIDAY - DAY, loud=True)
    assert len(mails.mails) == 1


def test_what_was_sent_is_not_sent_again_by_a_second_job(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    delivering.attempt(delivery_id=Delivery.objects.get().pk, now=FRIDAY - DAY)
    assert len(mails.mails) == 1


def test_a_job_that_was_thrown_away_is_made_anew(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    with time.at(FRIDAY - DAY):
        look(now=FRIDAY - DAY)
        Job.objects.filter(name=actions.SEND).delete()
        jobs.run_due(FRIDAY - DAY, loud=True)
    assert mails.mails == []
    at(FRIDAY - DAY + 20 * MINUTE, loud=True)
    assert len(mails.mails) == 1


def test_after_a_year_it_is_forgotten(house, mails):
    house.reminds()
    house.reached()
    house.books(FRIDAY)
    at(FRIDAY - DAY, loud=True)
    forget(now=FRIDAY + 366 * DAY)
    assert not Delivery.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("promised", [True, False])
@pytest.mark.parametrize("how", ["paused", "ended"])
def test_nobody_is_reminded_of_what_went_with_its_standing_slot(house, mails, promised, how):
    house.reminds(quiet=(wall(21), wall(8)))
    house.reached()
    at_seven = wall(7)
    wanted = standing.Wanted(clinician=house.ana, rule=Rule("WEEKLY"), starts_on=FRIDAY.date(),
                             at=at_seven, holidays="KEEP", place=house.place)  # fmt: skip
    slot = standing.begin(by=BY, client=house.mara, wanted=wanted, now=NOW)
    at_night = FRIDAY - DAY - 2 * HOUR
    if promised:
        at(at_night)
        Delivery.objects.create(
            client=house.mara, appointment=slot.appointments.order_by("starts_at")[0],
            kind="REMINDER", starts_at=FRIDAY - 2 * HOUR, offset=60, channel="mail",
            planned_at=at_night,
        )  # fmt: skip
        actions.send_later(Delivery.objects.get(offset=60))
    with time.at(at_night):
        if how == "ended":
            standing.end(by=BY, series=slot, on=FRIDAY.date(), revision=1, now=at_night)
        else:
            resting.pause(by=BY, series=slot, from_on=FRIDAY.date(), offered=False, revision=1,
                          until_on=FRIDAY.date() + 6 * DAY, now=at_night)  # fmt: skip
    for hours in (-23, -22, -3, -1):
        at(FRIDAY + hours * HOUR, loud=True)

    assert mails.mails == []


# What went with its standing slot ---------------------------------------------------------


def weekly(house, start=FRIDAY, **given):
    wanted = standing.Wanted(clinician=house.ana, rule=Rule("WEEKLY"), starts_on=start.date(),
                             at=time.local(start).time(), holidays="KEEP", place=house.place,
                             **given)  # fmt: skip
    return standing.begin(by=BY, client=house.mara, wanted=wanted, now=NOW)


def rests(slot, now, until=FRIDAY + 6 * DAY, **given):
    with time.at(now):
        return resting.pause(by=BY, series=slot, from_on=FRIDAY.date(), until_on=until.date(),
                             offered=given.get("offered", False), revision=slot.revision,
                             now=now)  # fmt: skip


def words(mails):
    return [plain(one) for one in mails.mails]


REMINDED = "Reminder: Friday, 11 January, 9 a.m."
OFF = "This does not take place: Friday, 11 January, 9 a.m."


@pytest.mark.parametrize("how", ["paused", "ended", "all of it", "another rule"])
def test_who_was_reminded_of_what_goes_with_its_slot_hears_that_it_is_off(house, mails, how):
    house.reminds(notices=["CANCELLED"])
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    later = FRIDAY - 20 * HOUR
    with time.at(later):
        if how == "paused":
            rests(slot, later)
        elif how == "ended":
            standing.end(by=BY, series=slot, on=FRIDAY.date(), revision=1, now=later)
        elif how == "all of it":
            second = slot.appointments.get(starts_at=FRIDAY + 7 * DAY)
            cancelling.cancel_all(by=BY, series=slot, now=later, side="PRACTICE", revision=1,
                                  appointment=second)  # fmt: skip
        else:
            elsewhen = standing.Wanted(clinician=house.ana, rule=Rule("WEEKLY"), at=wall(15),
                                       starts_on=FRIDAY.date(), holidays="KEEP",
                                       place=house.place)  # fmt: skip
            standing.change_following(by=BY, series=slot, from_on=FRIDAY.date(), wanted=elsewhen,
                                      revision=1, now=later)  # fmt: skip
    for minutes in (5, 10, 60, 600):
        at(later + minutes * MINUTE, loud=True)

    assert [said for said in words(mails) if said in (REMINDED, OFF)] == [REMINDED, OFF]
    file = in_calendar(mails.mails[words(mails).index(OFF)])
    assert (file.status.value, file.dtstart.value) == ("CANCELLED", FRIDAY)
    assert file.uid.value == in_calendar(mails.mails[0]).uid.value


def test_who_meets_at_that_time_all_the_same_hears_nothing_and_no_second_reminder(house, mails):
    house.reminds(notices=["CANCELLED"])
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    later = FRIDAY - 20 * HOUR
    by_video = standing.Wanted(clinician=house.ana, rule=Rule("WEEKLY"), starts_on=FRIDAY.date(),
                               at=wall(9), holidays="KEEP", way="VIDEO")  # fmt: skip
    with time.at(later):
        standing.change_following(by=BY, series=slot, from_on=FRIDAY.date(), wanted=by_video,
                                  revision=1, now=later)  # fmt: skip
    for hours in (-19, -10, -1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert words(mails) == [REMINDED]


NOTED = "Noted for you: Friday, 11 January, 9 a.m."


@pytest.mark.parametrize(
    "offsets, notices, said",
    [([], ["BOOKED", "CANCELLED"], NOTED), ([1440], ["CANCELLED"], REMINDED)],
)
def test_who_was_told_that_it_is_off_hears_that_it_is_not(house, mails, offsets, notices, said):
    house.reminds(offsets=offsets, notices=notices)
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    pause = rests(slot, FRIDAY - 20 * HOUR)
    at(FRIDAY - 19 * HOUR, loud=True)
    assert words(mails)[-1] == OFF
    with time.at(FRIDAY - 18 * HOUR):
        resting.resume(by=BY, pause=pause, on=FRIDAY.date(), now=FRIDAY - 18 * HOUR)
    for hours in (-17, -16, -1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert words(mails) == [said, OFF, said]


def test_undone_within_minutes_nobody_hears_of_it(house, mails):
    house.reminds(notices=["CANCELLED"])
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    pause = rests(slot, FRIDAY - 20 * HOUR)
    with time.at(FRIDAY - 20 * HOUR + MINUTE):
        resting.resume(by=BY, pause=pause, on=FRIDAY.date(), now=FRIDAY - 20 * HOUR + MINUTE)
    for hours in (-19, -10, -1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert words(mails) == [REMINDED]


@pytest.mark.parametrize("why", ["practice", "client", "left"])
def test_it_is_told_to_nobody_who_is_not_to_be_told(house, mails, why):
    house.reminds(notices=[] if why == "practice" else ["CANCELLED"])
    house.reached()
    if why == "client":
        house.chooses(notices=[])
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    rests(slot, FRIDAY - 20 * HOUR)
    if why == "left":
        type(house.mara).objects.filter(pk=house.mara.pk).update(archived_at=FRIDAY - 20 * HOUR)
    for hours in (-19, -10, -1, 1):
        at(FRIDAY + hours * HOUR, loud=True)
    assert words(mails) == [REMINDED]


def test_while_the_server_is_gone_it_waits_and_goes_out_once(house, mails):
    house.reminds(notices=["CANCELLED"])
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    rests(slot, FRIDAY - 20 * HOUR)
    mails.mood = "drops"
    at(FRIDAY - 19 * HOUR)
    mails.mood = ""
    for hours in (-18, -17, -10):
        at(FRIDAY + hours * HOUR)
    assert words(mails).count(OFF) == 1


def test_a_link_in_it_says_that_it_was_called_off(house, mails, client):
    house.reminds(notices=[], links=["CONFIRM"])
    house.reached()
    slot = weekly(house)
    at(FRIDAY - DAY, loud=True)
    rests(slot, FRIDAY - 20 * HOUR)
    path = links.path(Delivery.objects.get().pk, "CONFIRM")
    with time.at(FRIDAY - 19 * HOUR):
        seen = client.get(path)
        pressed = client.post(path)
    for answer in (seen, pressed):
        assert answer.status_code == 200
        assert "This was called off. You need not do anything." in answer.content.decode()
