"""Who asked for a time as their own clocks show it is reminded of it as those clocks show it."""

import pytest

from rapport.contact.models import Inquiry, Preference
from rapport.contact.reactions import take_who_booked_an_hour
from rapport.core import time
from rapport.meeting.events import FirstConsultationBooked
from tests.factories import (
    NOW,
    AnAppointment,
    AnIntroduction,
    APlace,
    APractice,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague(at=[APlace()], legal_name="Ana Roth")


def asked(ana, zone, **given):
    jo = ClientOf(status="INQUIRY", care_team=[ana], place=ana.places.get())
    meeting = AnAppointment(client=jo, clinician=ana, status="REQUESTED")
    AnIntroduction(client=jo, appointment=meeting, zone=zone, **given)
    return meeting


def heard_of(meeting):
    take_who_booked_an_hour(FirstConsultationBooked(meeting.pk), NOW)
    return Preference.objects.filter(client=meeting.client).first()


def test_the_zone_they_read_is_kept_and_nothing_else_is_chosen(ana):
    with time.at(NOW):
        own = heard_of(asked(ana, "America/St_Johns"))

    assert (own.zone, own.says, own.offsets) == ("America/St_Johns", "NEUTRAL", None)


@pytest.mark.parametrize("zone", ["UTC", "Mars/Olympus", ""])
def test_the_practices_zone_and_none_are_nothing_to_keep(ana, zone):
    with time.at(NOW):
        assert heard_of(asked(ana, zone)) is None


def test_what_was_chosen_before_stays(ana):
    meeting = asked(ana, "America/St_Johns")
    Preference.objects.create(client=meeting.client, zone="Asia/Tokyo", changed_at=NOW)
    with time.at(NOW):
        assert heard_of(meeting).zone == "Asia/Tokyo"


def test_the_inquiry_says_what_was_asked_for_and_in_which_words(ana):
    meeting = asked(ana, "America/St_Johns", words="I sleep badly.")
    with time.at(NOW):
        heard_of(meeting)
        inquiry = Inquiry.objects.get(client=meeting.client)
        page = inside(ana.account).get(f"/desk/inquiries/{inquiry.pk}/").content.decode()

    assert "The time they asked for" in page and "I sleep badly." in page
    assert f'href="/desk/appointments/{meeting.pk}/"' in page
