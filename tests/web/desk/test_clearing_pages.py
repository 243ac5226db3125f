"""A time off as the front desk and its clinician clear it: whom to call, who covers, and back."""

import re
from datetime import timedelta

import pytest

from rapport.contact.models import Reminding
from rapport.core import time as clock
from rapport.meeting.models import Appointment
from tests.factories import (
    NOW,
    AContact,
    AnAlert,
    AnAppointment,
    APlace,
    APractice,
    ASheet,
    ATimeOff,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(NOW - HOUR):
        yield


class Week:
    """Ana is away on Monday. Elena, at ten, gave an answer that waits; Mara and Noa come later."""

    def __init__(self):
        APractice()
        self.house = APlace()
        self.ana, self.ben = (Colleague(at=[self.house], legal_name=name)
                              for name in ("Ana Roth", "Ben Falk"))  # fmt: skip
        self.fay = Colleague(roles=["FRONT_DESK"], at=[self.house])
        self.gone = ATimeOff(staff=self.ana)
        self.page = f"/desk/time-off/{self.gone.pk}/"
        self.elena, self.mara, self.noa = (self.meets(name, n) for n, name in (
            (3, "Elena Voss"), (1, "Mara Kern"), (2, "Noa Lind")))  # fmt: skip
        AContact(client=self.elena.client, value="+49 30 1234567", plain="+49301234567",
                 safe_to_message=True)  # fmt: skip
        sheet = ASheet(client=self.elena.client)
        self.alert = AnAlert(sheet=sheet, rule="self-harm", owner=self.ana)

    def meets(self, name, hours, **more):
        client = ClientOf(care_team=[self.ana], place=self.house, legal_name=name, **more)
        return AnAppointment(client=client, clinician=self.ana, place=self.house,
                             starts_at=NOW + hours * HOUR)  # fmt: skip

    def browser(self, who=None):
        return inside((who or self.fay).account)

    def typed(self, *meetings, **given):
        ticks = {"meeting": [f"{one.pk}:1" for one in meetings]}
        return ticks | {"to": "COLLEAGUE", "colleague": str(self.ben.pk), "later": "1",
                        "unit": "WEEKS"} | given  # fmt: skip


@pytest.fixture
def week():
    return Week()


def words(answer):
    """What a reader sees of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def line(answer, meeting):
    return next(one for one in answer.context["lines"] if one["meeting"] == meeting)


# Whom to call -----------------------------------------------------------------------------


def test_who_is_better_called_stands_first_unticked_with_a_number(week):
    page = week.browser().get(week.page)
    order = [one["meeting"].client.legal_name for one in page.context["lines"]]
    assert order == ["Elena Voss", "Mara Kern", "Noa Lind"]
    assert [one["ticked"] for one in page.context["lines"]] == [False, True, True]
    assert "Call, rather than write" in words(page)
    assert 'href="tel:+49301234567"' in page.content.decode()


def test_the_front_desk_is_never_told_why(week):
    said = week.browser().get(week.page).content.decode()
    assert str(week.alert.pk) not in said
    assert "alert/" not in said.replace('hx-get="/desk/alerts/waiting/"', "")
    assert "answer waits" not in said


def test_who_treats_the_client_finds_the_alert(week):
    page = week.browser(week.ana).get(week.page)
    assert f'href="/desk/alerts/{week.alert.pk}/"' in page.content.decode()
    assert "an answer waits for a look" in words(page)


def test_an_alert_that_was_answered_asks_for_no_call(week):
    week.alert.acknowledged_at, week.alert.acknowledged_by = NOW, week.ana
    week.alert.save()
    page = week.browser().get(week.page)
    assert "Call, rather than write" not in words(page)
    assert all(one["ticked"] for one in page.context["lines"])


def test_the_page_that_calls_one_off_says_it_too_with_the_number(week):
    page = week.browser().get(f"/desk/appointments/{week.elena.pk}/cancel/")
    assert "Call, rather than write" in words(page) and "answer waits" not in words(page)
    assert 'href="tel:+49301234567"' in page.content.decode()
    theirs = week.browser(week.ana).get(f"/desk/appointments/{week.elena.pk}/cancel/")
    assert f'href="/desk/alerts/{week.alert.pk}/"' in theirs.content.decode()
    other = words(week.browser().get(f"/desk/appointments/{week.mara.pk}/cancel/"))
    assert "Call, rather than write" not in other and "No number is noted" not in other


def test_the_page_that_calls_one_off_says_whom_no_message_reaches(week):
    Reminding.objects.create(notices=["CANCELLED"], changed_at=NOW)
    page = words(week.browser().get(f"/desk/appointments/{week.mara.pk}/cancel/"))

    assert "nobody tells them but you" in page and "told by a message" not in page
    assert "No number is noted at which one may leave a message." in page


def test_where_no_number_is_safe_that_is_said(week):
    week.elena.client.contacts.update(safe_to_message=False)
    assert "No number is noted at which one may leave a message." in words(
        week.browser().get(week.page)
    )


def test_pressed_all_the_same_it_is_called_off_and_the_owner_sees_that(week):
    week.browser().post(week.page, {"meeting": [f"{week.elena.pk}:1"], "reason": "Ill."})
    week.elena.refresh_from_db()
    assert week.elena.status == "CANCELLED"
    ana = week.browser(week.ana)
    pages = {"/desk/": "7 Jan 2030", f"/desk/alerts/{week.alert.pk}/": "7 Jan 2030"}
    for address, day in pages.items():
        assert f"The next meeting was called off: {day}" in words(ana.get(address)), address
    assert "No other is booked." in words(ana.get(f"/desk/alerts/{week.alert.pk}/"))
    assert "called off" not in words(week.browser(week.ben).get("/desk/"))


def test_an_alert_whose_client_meets_before_what_was_called_off_says_nothing(week):
    Appointment.objects.filter(pk=week.elena.pk).update(status="CANCELLED", cancelled_by="CLIENT")
    soon = AnAppointment(client=week.elena.client, clinician=week.ben, starts_at=NOW)
    page = f"/desk/alerts/{week.alert.pk}/"
    assert "called off" not in words(week.browser(week.ana).get(page))
    later = NOW + 9 * HOUR
    Appointment.objects.filter(pk=soon.pk).update(starts_at=later, ends_at=later + HOUR)
    assert "The one after it is booked: 7 Jan 2030" in words(week.browser(week.ana).get(page))


# Where to ---------------------------------------------------------------------------------


def test_a_look_says_of_each_whether_it_fits_and_one_press_moves_those(week):
    other = ClientOf(care_team=[week.ben], place=week.house, legal_name="Ida Falk")
    AnAppointment(client=other, clinician=week.ben, starts_at=NOW + 2 * HOUR)
    fay = week.browser()
    typed = week.typed(week.mara, week.noa)

    looked = fay.post(f"{week.page}move/", typed)

    assert "Free: Mon 7 Jan, 10 a.m." in words(looked)
    assert "Ben Falk and Ida Falk meet." in words(looked)
    assert line(looked, week.elena)["fit"] is None
    assert "Move the 1 that fits" in words(looked)
    assert Appointment.objects.filter(clinician=week.ben).count() == 1

    go = {"go": looked.context["where"].mark, "fits": re.findall(
        r'name="fits" value="([^"]+)"', looked.content.decode())}  # fmt: skip
    answer = fay.post(f"{week.page}move/", typed | go)
    assert answer.headers["Location"] == week.page
    page = fay.get(week.page)
    assert "1 meeting is moved." in words(page)
    assert [one["meeting"] for one in page.context["lines"]] == [week.elena, week.noa]
    week.mara.refresh_from_db()
    assert (week.mara.clinician, week.mara.starts_at) == (week.ben, NOW + HOUR)

    asked = re.search(r'name="meetings" value="([^"]+)"', page.content.decode())[1]
    fay.post(f"{week.page}undo/", {"meetings": asked, "moved": "on"})
    assert "1 meeting is where it was." in words(fay.get(week.page))
    week.mara.refresh_from_db()
    assert week.mara.clinician == week.ana


def test_weeks_later_is_offered_so_that_the_time_off_is_over(week):
    week.gone.ends_at = week.gone.starts_at + timedelta(days=12)
    week.gone.save()
    where = week.browser().get(week.page).context["where"]
    assert (where["later"].value(), where["unit"].value()) == (2, "WEEKS")


@pytest.mark.parametrize(
    ("given", "after"),
    [({"later": "3"}, timedelta(weeks=3)), ({"later": "3", "unit": "DAYS"}, timedelta(days=3))],
)
def test_later_with_the_same_clinician(week, given, after):
    typed = week.typed(week.mara, to="LATER", **given)
    fay, goal = week.browser(), f"{week.ana.pk}/{after.days}"
    fay.post(f"{week.page}move/", typed | {"go": goal, "fits": typed["meeting"]})
    week.mara.refresh_from_db()
    assert (week.mara.clinician, week.mara.starts_at) == (week.ana, NOW + HOUR + after)


def test_where_nothing_fits_nothing_can_be_pressed(week):
    ATimeOff(staff=week.ben)
    looked = week.browser().post(f"{week.page}move/", week.typed(week.mara))
    assert "None of them fits." in words(looked)
    assert "Ben Falk is away then: holiday." in words(looked)
    assert 'name="go"' not in looked.content.decode()


def test_what_was_not_looked_at_is_looked_at_first(week):
    """Another goal than was looked at, or a tick that was set since, moves nothing."""
    fay, typed = week.browser(), week.typed(week.mara)
    other = typed | {"go": f"{week.ana.pk}/7", "fits": typed["meeting"]}
    assert fay.post(f"{week.page}move/", other).status_code == 200
    since = typed | {"go": f"{week.ben.pk}/0", "fits": []}
    fay.post(f"{week.page}move/", since)
    assert not Appointment.objects.filter(revision=2).exists()


def test_what_was_changed_after_the_look_is_said(week):
    typed = week.typed(week.mara)
    Appointment.objects.filter(pk=week.mara.pk).update(revision=2)
    fay = week.browser()
    fay.post(f"{week.page}move/", typed | {"go": f"{week.ben.pk}/0", "fits": typed["meeting"]})
    assert "1 meeting was changed meanwhile, or its new time was taken." in words(
        fay.get(week.page)
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"colleague": ""}, "colleague"),
        ({"colleague": "nobody"}, "colleague"),
        ({"to": ""}, "to"),
        ({"to": "LATER", "later": ""}, "later"),
        ({"to": "LATER", "later": "0"}, "later"),
        ({"to": "LATER", "later": "60"}, "later"),
        ({"to": "LATER", "later": "x"}, "later"),
        ({"to": "LATER", "unit": "YEARS"}, "unit"),
        ({"meeting": []}, "__all__"),
        ({"meeting": ["x:1", "\x00"]}, "__all__"),
    ],
    ids=str,
)
def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(week, given, field):
    typed = week.typed(week.mara) | given
    answer = week.browser().post(f"{week.page}move/", typed | {"reason": "Ill, sorry."})
    assert answer.status_code == 422
    assert list(answer.context["where"].errors) == [field]
    assert "Ill, sorry." in answer.content.decode()


def test_a_mistake_in_calling_off_keeps_where_to(week):
    answer = week.browser().post(week.page, week.typed(to="LATER", later="5") | {"meeting": []})
    where = answer.context["where"]
    assert (where["to"].value(), where["later"].value()) == ("LATER", "5")
    assert not where.errors


def test_the_address_of_the_look_opened_again_is_the_list(week):
    again = week.browser().get(f"{week.page}move/")
    assert [one["ticked"] for one in again.context["lines"]] == [False, True, True]
    assert all(one["fit"] is None for one in again.context["lines"])
    assert not again.context["where"].errors


def test_restricted_clients_stay_with_their_care_team_and_that_is_said_at_first(week):
    hidden = week.meets("Hanna Hidden", 5, restricted=True)
    said = words(week.browser().get(week.page))
    assert "1 meeting is booked then with a client you may not know of." in said
    assert "Hanna" not in said
    ana = week.browser(week.ana)
    assert "restricted: stays with the care team" in words(ana.get(week.page))
    looked = ana.post(f"{week.page}move/", week.typed(hidden))
    assert "The record is restricted" in words(looked)


@pytest.mark.parametrize(
    ("notices", "said"),
    [(["MOVED"], "Whom they meet at the same time, nobody tells them"),
     ([], "No message goes out by itself")],
)  # fmt: skip
def test_whether_clients_hear_of_it_is_said(week, notices, said):
    Reminding.objects.create(notices=notices, changed_at=NOW)
    assert said in words(week.browser().get(week.page))
