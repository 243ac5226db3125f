"""Terms of calling off: versions, who is bound by which, and what is late across clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.core.models import Job
from rapport.core.policy import Denied, System
from rapport.meeting.appointments import actions as diary
from rapport.meeting.appointments import answers
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Accepted, Appointment, Change, Terms
from rapport.meeting.terms import actions, queries, rules
from tests.factories import NOW, AnAppointment, APlace, APractice, ClientOf, Colleague

DAY_BEFORE = NOW - timedelta(days=1)
SYSTEM = System("test")


@pytest.fixture
def house(db):
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def mara(ana, house):
    return ClientOf(care_team=[ana], place=house)


def terms(hours=24, from_on=None, now=NOW - timedelta(days=90), by=SYSTEM, **texts):
    return actions.set_terms(
        by=by, hours=hours, texts=texts or {"en": "Call off a day before."},
        from_on=from_on or now.date(), now=now,
    )  # fmt: skip


def accepted(appointment, version, at=NOW - timedelta(days=30)):
    return Accepted.objects.create(
        client=appointment.client, appointment=appointment, terms=version, at=at
    )


def call_off(appointment, now, by, side="CLIENT"):
    appointment.refresh_from_db()
    return diary.cancel(by=by.account, appointment=appointment, side=side,
                        revision=appointment.revision, now=now)  # fmt: skip


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 27, 8, 0, tzinfo=UTC)),  # forward that night
        (date(2027, 10, 31), datetime(2027, 10, 30, 9, 0, tzinfo=UTC)),  # back that night
        (date(2027, 6, 10), datetime(2027, 6, 9, 8, 0, tzinfo=UTC)),
    ],
)
def test_twenty_four_hours_are_twenty_four_whatever_clocks_do(day, last):
    starts = datetime(day.year, day.month, day.day, 10, 0, tzinfo=BERLIN)

    assert rules.last_moment(starts, 24) == last
    assert not rules.is_late(starts, last, 24), "the last moment is in time"
    assert rules.is_late(starts, last + timedelta(seconds=1), 24)
    assert not rules.is_late(starts, starts, 0), "no hours, never late"


def test_the_version_in_force_is_the_latest_that_has_begun(house):
    first = terms()
    ahead = terms(from_on=NOW.date() + timedelta(days=7))

    assert (first.version, ahead.version) == (1, 2)
    assert queries.in_force(day=NOW.date()) == first
    assert queries.in_force(day=NOW.date() + timedelta(days=7)) == ahead
    assert queries.in_force(day=date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours": -1}, "hours"), ({"hours": 337}, "hours"), ({"texts": {"en": " "}}, ""),
        ({"texts": {"xx": "Nobody reads this."}}, ""), ({"texts": {"en": "x" * 4001}}, "en"),
        ({"from_on": date(9999, 1, 1)}, "from_on"), ({"from_on": date(2020, 1, 1)}, "from_on"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused_in_words(house, given, field):
    fit = {"hours": 24, "texts": {"en": "x"}, "from_on": NOW.date()}

    with pytest.raises(CannotBook) as problem:
        actions.set_terms(by=SYSTEM, now=NOW, **fit | given)

    assert problem.value.field == field
    assert not Terms.objects.exists()


def test_a_clinician_sets_no_terms(ana):
    with pytest.raises(Denied):
        terms(by=ana.account)


def test_a_text_is_read_in_ones_language_else_in_the_practices(house):
    both = terms(en="A day before.", de="Einen Tag vorher.")

    assert both.read("de-AT", "en") == ("Einen Tag vorher.", "de")
    assert both.read("ar", "en") == ("A day before.", "en")


def test_what_was_accepted_with_a_meeting_binds_it_also_when_another_version_follows(ana, mara):
    old, new = terms(hours=24), terms(hours=48)
    first = AnAppointment(client=mara, clinician=ana)
    second = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=2))
    accepted(first, old)
    accepted(second, new, at=NOW - timedelta(days=2))

    assert queries.binding(appointment=first) == old
    assert queries.binding(appointment=second) == new


def test_what_the_practice_booked_is_bound_by_what_was_accepted_last(ana, mara):
    version = terms()
    accepted(AnAppointment(client=mara, clinician=ana), version)
    by_desk = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(days=7))

    assert queries.binding(appointment=by_desk) == version


def test_the_client_who_calls_off_inside_the_window_is_late_and_money_hears_of_it(ana, mara):
    meeting = AnAppointment(client=mara, clinician=ana)
    accepted(meeting, terms())

    call_off(meeting, NOW - timedelta(hours=23), ana)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.late) == ("CANCELLED", True)


@pytest.mark.parametrize(
    ("hours_before", "side", "late"),
    [(24, "CLIENT", False), (23.99, "CLIENT", True), (1, "PRACTICE", False),
     (1, "CLINICIAN", False), (-0.2, "CLIENT", True)],
)  # fmt: skip
def test_late_is_by_whose_side_and_when(ana, mara, hours_before, side, late):
    meeting = AnAppointment(client=mara, clinician=ana)
    accepted(meeting, terms())

    call_off(meeting, NOW - timedelta(hours=hours_before), ana, side)

    meeting.refresh_from_db()
    assert meeting.late is late


def test_who_accepted_nothing_is_never_late(ana, mara):
    terms()
    meeting = AnAppointment(client=mara, clinician=ana)

    call_off(meeting, NOW - timedelta(minutes=5), ana)

    meeting.refresh_from_db()
    assert meeting.late is False


def test_the_mark_is_taken_off_and_put_back_and_undone(ana, mara):
    meeting = AnAppointment(client=mara, clinician=ana)
    accepted(meeting, terms())
    late = call_off(meeting, NOW - timedelta(hours=1), ana)

    off = answers.mark_late(by=ana.account, appointment=late, late=False,
                            revision=late.revision, now=NOW)  # fmt: skip
    assert off.late is False
    back = diary.undo(by=ana.account, appointment=off, revision=off.revision, now=NOW)

    assert (back.late, back.status) == (True, "CANCELLED")
    whats = list(Change.objects.order_by("revision").values_list("what", flat=True))
    assert whats == ["CANCELLED", "NOT_LATE", "TAKEN_BACK"]


def test_undoing_the_calling_off_is_not_late_any_more(ana, mara):
    meeting = AnAppointment(client=mara, clinician=ana)
    accepted(meeting, terms())
    late = call_off(meeting, NOW - timedelta(hours=1), ana)

    back = diary.undo(by=ana.account, appointment=late, revision=late.revision,
                      now=NOW - timedelta(hours=1))  # fmt: skip

    assert (back.status, back.late) == ("BOOKED", False)
    assert Appointment.objects.get().occupancies.count() == 2


def test_what_the_practice_called_off_cannot_be_late(ana, mara):
    meeting = call_off(AnAppointment(client=mara, clinician=ana), DAY_BEFORE, ana, "PRACTICE")

    with pytest.raises(CannotBook, match="client called off"):
        answers.mark_late(by=ana.account, appointment=meeting, late=True,
                          revision=meeting.revision, now=NOW)  # fmt: skip


def test_a_stranger_marks_nothing(ana, mara):
    meeting = call_off(AnAppointment(client=mara, clinician=ana), DAY_BEFORE, ana)

    with pytest.raises(Denied):
        answers.mark_late(by=Colleague().account, appointment=meeting, late=True,
                          revision=meeting.revision, now=NOW)  # fmt: skip
    assert not Job.objects.filter(name__contains="late").exists()
