"""The waiting list on the desk: who waits, hours on offer, one click on Today."""

import re
from datetime import timedelta

import pytest
from django.utils.formats import date_format

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.appointments import actions as meetings
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import (
    Appointment,
    FreedHour,
    Offer,
    Series,
    WaitingEntry,
    WaitingSettings,
)
from rapport.meeting.waiting import answering, links, offering
from rapport.meeting.waiting import jobs as clocks
from rapport.people.circle import actions as circle
from tests.factories import (
    AFreedHour,
    AnAppointment,
    APlace,
    APractice,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

GIVEN = {"urgency": "2", "weekdays": ["2"], "parts": ["EVENING"], "ways": ["PHONE"],
         "notice_hours": "24", "remark": "calls from work"}  # fmt: skip
HOUR = timedelta(hours=1)


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def fay(house):
    return Colleague(roles=["FRONT_DESK"], at=[house])


@pytest.fixture
def mara(ana, house):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana], place=house)


@pytest.fixture
def noon():
    """Tomorrow at noon, so that no night stands between an offer and its answer."""
    start = clock.day_bounds(clock.today() + timedelta(days=1))[0] + 12 * HOUR
    with clock.at(start):
        yield start


@pytest.fixture
def hour(ana, noon):
    return AFreedHour(clinician=ana, starts_at=noon + timedelta(days=2), could_take=1)


def said(answer):
    assert answer.status_code == 200
    return answer.content.decode()


class TestWhoWaits:
    def test_put_from_the_clients_page_and_seen_there(self, ana, mara):
        page = inside(ana.account)
        assert "Put on the waiting list" in said(page.get(f"/desk/clients/{mara.pk}/"))
        answer = page.post(f"/desk/clients/{mara.pk}/waiting/", GIVEN)
        entry = WaitingEntry.objects.get()

        assert answer.headers["Location"] == f"/desk/waiting/{entry.pk}/"
        assert (entry.urgency, entry.parts, entry.made_by) == (2, ["EVENING"], ana.account)
        shown = said(page.get(answer.headers["Location"]))
        assert "calls from work" in shown and "Tuesday" in shown
        assert f"/desk/waiting/{entry.pk}/" in said(page.get(f"/desk/clients/{mara.pk}/"))

    def test_since_when_may_lie_before_and_not_after_today(self, ana, mara):
        page, where = inside(ana.account), f"/desk/clients/{mara.pk}/waiting/"
        tomorrow = clock.today() + timedelta(days=1)
        answer = page.post(where, GIVEN | {"since": tomorrow.isoformat()})
        assert answer.status_code == 422 and "a day before" in answer.content.decode()
        page.post(where, GIVEN | {"since": (clock.today() - timedelta(weeks=5)).isoformat()})

        assert "5 weeks" in said(page.get("/desk/waiting/"))

    @pytest.mark.parametrize("field", ["since", "from_at", "urgency", "notice_hours", "weekdays"])
    def test_nonsense_keeps_what_was_typed(self, ana, mara, field):
        page = inside(ana.account)
        answer = page.post(f"/desk/clients/{mara.pk}/waiting/", GIVEN | {field: "99999-nonsense"})

        assert answer.status_code == 422
        assert "calls from work" in answer.content.decode()
        assert not WaitingEntry.objects.exists()

    def test_changed_with_everything_that_was_said(self, ana, mara, house):
        kind = AType(name="First talk")
        entry = AWaitingEntry(client=mara, remark="calls from work", weekdays=[2])
        entry.types.add(kind)
        entry.clinicians.add(ana)
        page, where = inside(ana.account), f"/desk/waiting/{entry.pk}/change/"
        form = said(page.get(where))
        assert form.count("checked") >= 4 and "calls from work" in form
        page.post(where, GIVEN | {"clinicians": [str(ana.pk)], "places": [str(house.pk)]})

        kept = WaitingEntry.objects.get()
        assert (list(kept.types.all()), list(kept.places.all()), kept.urgency) == ([], [house], 2)

    def test_taken_off_is_undone_by_one_button(self, ana, mara):
        entry = AWaitingEntry(client=mara)
        page, where = inside(ana.account), f"/desk/waiting/{entry.pk}/"
        page.post(f"{where}withdraw/")
        shown = said(page.get(where))
        assert "Taken off the waiting list." in shown and "Undo" in shown
        page.post(f"{where}withdraw/", {"back": "on"})

        assert WaitingEntry.objects.get().state == "WAITING"

    def test_asked_by_hand_and_confirmed_by_hand(self, ana, mara):
        entry = AWaitingEntry(client=mara)
        page, where = inside(ana.account), f"/desk/waiting/{entry.pk}/"
        page.post(f"{where}ask/")
        jobs.run_due(loud=True)
        assert "Nothing reached them so far: call." in said(page.get(where))
        assert "asked, no answer yet" in said(page.get("/desk/waiting/"))
        page.post(f"{where}confirm/")

        assert "no answer yet" not in said(page.get("/desk/waiting/"))

    def test_filters_keep_to_what_is_asked(self, ana, mara, house):
        AWaitingEntry(client=mara, urgency=1)
        other = ClientOf(legal_name="Noa Falk", care_team=[ana], place=house)
        AWaitingEntry(client=other).clinicians.add(Colleague())
        page = inside(ana.account)

        assert "Noa Falk" not in said(page.get("/desk/waiting/?urgency=1"))
        assert "Noa Falk" not in said(page.get(f"/desk/waiting/?clinician={ana.pk}"))
        assert "Show everybody" in said(page.get("/desk/waiting/?state=PLACED"))
        assert "Noa Falk" in said(page.get("/desk/waiting/?state=x&clinician=x&page=9"))

    def test_whoever_may_look_and_not_book_has_no_buttons(self, ana, mara, house):
        entry = AWaitingEntry(client=mara)
        bill = inside(Colleague(roles=["BILLER"], at=[house]).account)
        shown = said(bill.get(f"/desk/waiting/{entry.pk}/"))

        assert "Take off the list" not in shown
        assert bill.get(f"/desk/waiting/{entry.pk}/change/").status_code == 404
        assert bill.post(f"/desk/waiting/{entry.pk}/withdraw/").status_code == 404


class TestHours:
    def test_today_says_how_many_could_take_an_hour_and_offers_with_one_click(
        self, fay, mara, hour
    ):
        AWaitingEntry(client=mara)
        page = inside(fay.account)
        shown = said(page.get("/desk/also/"))
        assert "1 person could take this hour" in shown
        where = re.search(r'action="(/desk/waiting/hours/[^"]+/offer/)"', shown)[1]
        answer = page.post(where)

        assert answer.headers["Location"] == f"/desk/waiting/hours/{hour.pk}/"
        assert Offer.objects.get().state == "OFFERED"
        assert "could take this hour" not in said(page.get("/desk/also/"))

    def test_today_shows_clinicians_their_own_hours_alone(self, ana, mara, hour, house):
        page = inside(Colleague(at=[house]).account)
        assert "could take this hour" not in said(page.get("/desk/also/"))
        assert "could take this hour" in said(inside(ana.account).get("/desk/also/"))

    def test_today_says_whom_to_call_by_which_number_and_the_call_starts_the_clock(
        self, ana, fay, mara, hour
    ):
        circle.add_contact(by=ana.account, client=mara, kind="PHONE", value="+49 30 901820")
        AWaitingEntry(client=mara)
        page, stranger = inside(fay.account), inside(Colleague().account)
        page.post(f"/desk/waiting/hours/{hour.pk}/offer/")
        jobs.run_due(loud=True)
        shown = said(page.get("/desk/also/"))
        assert "nothing reached them, call" in shown and "+49 30 901820" in shown
        assert "leave no message" in shown and 'href="tel:+4930901820"' in shown
        assert "nothing reached them, call" in said(inside(ana.account).get("/desk/also/"))
        assert "Mara Lindgren" not in said(stranger.get("/desk/also/"))
        where = re.search(r'action="(/desk/waiting/offers/[^"]+/called/)"', shown)[1]
        waits = said(page.get(f"/desk/waiting/hours/{hour.pk}/"))
        assert "does not run" in waits and "+49 30 901820" in waits
        assert stranger.post(where).status_code == 404
        answer = page.post(where, {"back": "today"})

        assert answer.headers["Location"] == "/desk/"
        assert Offer.objects.get().told == "CALL"
        assert Offer.objects.get().answer_by == clock.now() + HOUR
        assert "nothing reached them, call" not in said(page.get("/desk/also/"))
        assert "answer by" in said(page.get(f"/desk/waiting/hours/{hour.pk}/"))

    def test_today_says_whom_the_question_did_not_reach_until_somebody_asked(self, fay, mara, noon):
        entry = AWaitingEntry(client=mara, confirm_on=clock.today())
        clocks.still_looking(now=noon)
        jobs.run_due(loud=True)
        page = inside(fay.account)
        shown = said(page.get("/desk/also/"))
        assert "Still looking?" in shown and "No number is known." in shown
        page.post(f"/desk/waiting/{entry.pk}/confirm/")

        assert "Still looking?" not in said(page.get("/desk/also/"))

    @pytest.mark.parametrize("who", ["client", "desk"])
    def test_what_a_client_took_by_themselves_is_news_and_what_the_desk_did_is_not(
        self, ana, fay, mara, hour, who
    ):
        AWaitingEntry(client=mara)
        inside(fay.account).post(f"/desk/waiting/hours/{hour.pk}/offer/")
        one = Offer.objects.get()
        by = links.Holder(one.pk) if who == "client" else fay.account
        answering.accept(by=by, offer=one, now=clock.now())
        jobs.run_due(loud=True)
        shown = said(inside(ana.account).get("/desk/also/"))

        assert ("Clients did this themselves" in shown) == (who == "client")
        assert ("took when it was offered:" in shown) == (who == "client")

    def test_an_hour_of_who_is_away_says_so(self, ana, hour):
        offering.give_up(by=System("test"), hour=hour, now=clock.now())

        assert "the clinician is away" in said(inside(ana.account).get("/desk/waiting/hours/"))

    def test_nobody_fits_is_said_and_nothing_is_offered(self, ana, hour):
        page = inside(ana.account)
        shown = said(page.get(f"/desk/waiting/hours/{hour.pk}/"))
        assert "Nobody could take it now" in shown
        page.post(f"/desk/waiting/hours/{hour.pk}/offer/", {"how": "IN_TURN"})

        assert "Nobody on the waiting list could take" in said(
            page.get(f"/desk/waiting/hours/{hour.pk}/")
        )

    def test_how_long_each_has_to_answer_is_said_in_hours_and_days(self, ana, mara, hour):
        WaitingSettings.objects.update_or_create(defaults={"answer_minutes": 1440})
        AWaitingEntry(client=mara)
        shown = said(inside(ana.account).get(f"/desk/waiting/hours/{hour.pk}/"))
        assert "Each has 1\xa0day to answer." in shown
        assert 'value="IN_TURN"' in shown and 'value="AT_ONCE"' not in shown  # there is but one

        FreedHour.objects.update(starts_at=clock.now() + timedelta(hours=5))
        shown = said(inside(ana.account).get(f"/desk/waiting/hours/{hour.pk}/"))
        assert "Each has 5\xa0hours to answer." in shown

    def test_it_says_why_it_fits_and_names_nobody_one_may_not_see(self, ana, mara, hour):
        AWaitingEntry(client=mara, weekdays=[clock.local(hour.starts_at).isoweekday()],
                      ways=["VIDEO"])  # fmt: skip
        AWaitingEntry(client=ClientOf(legal_name="Noa Falk"))
        shown = said(inside(ana.account).get(f"/desk/waiting/hours/{hour.pk}/"))

        assert "afternoon, by video" in shown and "Mara Lindgren" in shown
        assert "Somebody whom others here care for" in shown and "Noa Falk" not in shown

    def test_that_somebody_is_asked_whom_one_may_not_see_is_said_without_a_name(
        self, ana, mara, hour
    ):
        AWaitingEntry(client=mara)
        AWaitingEntry(client=ClientOf(legal_name="Noa Falk"))
        page, where = inside(ana.account), f"/desk/waiting/hours/{hour.pk}/"
        page.post(f"{where}offer/", {"how": "AT_ONCE"})
        shown = said(page.get(where)).partition("Who is asked")[2]

        assert "Mara Lindgren" in shown and "Noa Falk" not in shown
        assert shown.count("Somebody whom others here care for") == 1
        assert Offer.objects.filter(state="OFFERED").count() == 2

    @pytest.mark.parametrize(("answer", "state"), [("yes", "ACCEPTED"), ("no", "DECLINED")])
    def test_the_desk_answers_for_whoever_called(self, fay, mara, hour, answer, state):
        AWaitingEntry(client=mara)
        page, where = inside(fay.account), f"/desk/waiting/hours/{hour.pk}/"
        page.post(f"{where}offer/", {"how": "AT_ONCE"})
        assert "Takes it" in said(page.get(where))
        one = Offer.objects.get()
        for _ in range(2):
            page.post(f"/desk/waiting/offers/{one.pk}/", {"answer": answer})

        assert Offer.objects.get().state == state
        assert Appointment.objects.count() == (answer == "yes")
        said(page.get(where))

    @pytest.mark.parametrize("data", [{}, {"answer": ""}, {"answer": "YES"}])
    def test_what_is_no_answer_neither_takes_it_nor_turns_it_down(self, fay, mara, hour, data):
        AWaitingEntry(client=mara)
        page = inside(fay.account)
        page.post(f"/desk/waiting/hours/{hour.pk}/offer/", {"how": "AT_ONCE"})
        answer = page.post(f"/desk/waiting/offers/{Offer.objects.get().pk}/", data)

        assert answer.headers["Location"] == f"/desk/waiting/hours/{hour.pk}/"
        assert Offer.objects.get().state == "OFFERED"

    def test_stopped_kept_free_and_offered_after_all(self, ana, mara, hour):
        AWaitingEntry(client=mara)
        page, where = inside(ana.account), f"/desk/waiting/hours/{hour.pk}/"
        for act, body, state in (
            ("offer", {}, "RUNNING"), ("stop", {}, "OPEN"), ("keep", {"kept": "on"}, "KEPT"),
            ("keep", {"kept": "off"}, "OPEN"),
        ):  # fmt: skip
            page.post(f"{where}{act}/", body)
            assert FreedHour.objects.get().state == state
            said(page.get(where))

    def test_the_page_of_hours_has_all_three_sorts(self, ana, mara, hour):
        AWaitingEntry(client=mara)
        for days, state in ((3, "RUNNING"), (4, "GIVEN")):
            AFreedHour(clinician=ana, starts_at=hour.starts_at + timedelta(days), state=state,
                       settled_at=clock.now())  # fmt: skip
        shown = said(inside(ana.account).get("/desk/waiting/hours/"))

        assert "1 person could take this hour" in shown
        assert "being offered" in shown and "given" in shown

    def test_an_appointment_that_was_called_off_is_offered_from_its_page(self, ana, mara, noon):
        given = {"status": "CANCELLED", "cancelled_by": "PRACTICE"}
        one = AnAppointment(client=mara, clinician=ana, starts_at=noon + 50 * HOUR, **given)
        page = inside(ana.account)
        assert "Offer the hour to the waiting list" in said(
            page.get(f"/desk/appointments/{one.pk}/")
        )
        answer = page.post(f"/desk/appointments/{one.pk}/offer/")

        assert answer.headers["Location"] == f"/desk/waiting/hours/{FreedHour.objects.get().pk}/"

    def test_a_free_hour_of_the_calendar_is_offered_by_hand(self, ana, noon):
        page = inside(ana.account)
        at = f"{clock.local(noon + 26 * HOUR):%Y-%m-%dT%H:%M}"
        assert "Offer this hour to the waiting list" in said(
            page.get(f"/desk/calendar/book/?at={at}&who={ana.pk}")
        )
        form = said(page.get(f"/desk/waiting/hours/free/?at={at}&who={ana.pk}"))
        assert f'value="{at[:10]}"' in form and f'value="{at[11:]}"' in form
        body = {"on": at[:10], "at": at[11:], "minutes": "50", "clinician": str(ana.pk),
                "where": "", "ways": []}  # fmt: skip
        assert page.post("/desk/waiting/hours/free/", body).status_code == 302
        wrong = page.post("/desk/waiting/hours/free/", body | {"ways": ["HERE"]})

        assert FreedHour.objects.get().starts_at == noon + 26 * HOUR
        assert wrong.status_code == 422 and "Choose where" in wrong.content.decode()

    def test_a_place_is_shown_in_words_and_offered_by_a_button_of_its_own(self, ana, mara, hour):
        tuesday = hour.starts_at + timedelta(days=(1 - hour.starts_at.weekday()) % 7)
        FreedHour.objects.update(starts_at=tuesday, ends_at=tuesday + HOUR,
                                 rule="FREQ=WEEKLY;BYDAY=TU")  # fmt: skip
        meetings.book(by=System("test"), client=ClientOf(), clinician=ana, now=clock.now(),
                      slot=lasting(tuesday + timedelta(weeks=3), 50))  # fmt: skip
        other = ClientOf(care_team=[ana])
        for client in (mara, other):
            AWaitingEntry(client=client)
        page, where = inside(ana.account), f"/desk/waiting/hours/{hour.pk}/"
        assert "free again: every Tuesday, noon" in said(page.get("/desk/waiting/hours/"))
        shown = said(page.get(where))
        assert "It is free again and again: every Tuesday, noon" in shown
        assert "Every Tuesday, noon, from" in shown and "This hour alone" in shown
        taken = tuesday + timedelta(weeks=3)
        assert "Of the next 8 hours 1 is taken and would be left out:" in shown
        assert date_format(taken, "DATE_FORMAT") in shown

        page.post(f"{where}offer/", {"what": "place", "how": "AT_ONCE"})
        assert "A standing place: every Tuesday, noon" in said(page.get(where))
        assert "the place: every Tuesday, noon" in said(page.get("/desk/waiting/hours/"))
        one = Offer.objects.get(client=other)
        answer = page.post(f"/desk/waiting/offers/{one.pk}/", {"answer": "yes"})
        shown = answer.content.decode()
        assert answer.status_code == 422 and "1 day of the year ahead is not included:" in shown
        assert f'name="without" value="{taken.date().isoformat()} "' in shown
        assert not Series.objects.exists()
        page.post(f"/desk/waiting/offers/{one.pk}/",
                  {"answer": "yes", "without": taken.date().isoformat()})  # fmt: skip

        assert Series.objects.get().client == other
        assert "The appointment" in said(page.get(where))

    def test_a_place_of_which_others_have_most_is_not_offered_and_that_is_said(
        self, ana, mara, hour
    ):
        day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][hour.starts_at.weekday()]
        FreedHour.objects.update(rule=f"FREQ=WEEKLY;BYDAY={day}")
        for weeks in range(1, 6):
            at = hour.starts_at + timedelta(weeks=weeks)
            meetings.book(by=System("test"), client=ClientOf(), clinician=ana, now=clock.now(),
                          slot=lasting(at, 50))  # fmt: skip
        AWaitingEntry(client=mara)
        page, where = inside(ana.account), f"/desk/waiting/hours/{hour.pk}/"
        answer = page.post(f"{where}offer/", {"what": "place"}, follow=True)

        assert "others have most of its hours" in said(answer)
        assert FreedHour.objects.get().state == "OPEN"

    def test_who_would_join_the_care_team_is_said_before(self, fay, mara, hour, house):
        AWaitingEntry(client=mara)
        page, where = inside(fay.account), f"/desk/waiting/hours/{hour.pk}/"
        assert "joins the care team by it" not in said(page.get(where))
        FreedHour.objects.update(clinician=Colleague(at=[house], legal_name="Ben Weiss"))

        assert "Ben Weiss joins the care team by it" in said(page.get(where))

    @pytest.mark.parametrize(("again", "words"), [("1", "every"), ("2", "every second")])
    def test_an_hour_that_is_free_from_now_on_is_a_place(self, ana, noon, again, words):
        at = clock.local(noon + 26 * HOUR)
        body = {"on": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "minutes": "50", "where": "",
                "clinician": str(ana.pk), "ways": [], "again": again}  # fmt: skip
        page = inside(ana.account)
        shown = said(page.post("/desk/waiting/hours/free/", body, follow=True))

        assert f"It is free again and again: {words} {at:%A}, 2 p.m." in shown
        wrong = page.post("/desk/waiting/hours/free/", body | {"again": "9"})
        assert wrong.status_code == 422

    def test_a_stranger_offers_nothing(self, mara, hour, house):
        AWaitingEntry(client=mara)
        page = inside(Colleague(at=[house]).account)
        for act in ("offer", "stop", "keep"):
            assert page.post(f"/desk/waiting/hours/{hour.pk}/{act}/").status_code == 404
        offering.offer(by=System("test"), hour=hour, now=clock.now(), how="IN_TURN")
        one = Offer.objects.get()
        assert page.post(f"/desk/waiting/offers/{one.pk}/").status_code == 404
        assert "Mara" not in said(page.get(f"/desk/waiting/hours/{hour.pk}/"))


def test_owners_say_how_hours_are_offered(house):
    page = inside(Colleague(roles=["OWNER"], at=[house]).account)
    body = {"by_itself": "yes", "how": "AT_ONCE", "answer_minutes": "90", "most_at_once": "3",
            "confirm_weeks": "8"}  # fmt: skip
    assert page.post("/desk/practice/waiting/", body).status_code == 302
    wrong = page.post("/desk/practice/waiting/", body | {"confirm_weeks": "0"})

    row = WaitingSettings.objects.get()
    assert (row.by_itself, row.how, row.answer_minutes, row.confirm_weeks) == (
        True, "AT_ONCE", 90, 8,
    )  # fmt: skip
    assert wrong.status_code == 422 and "Choose from 1 to 52" in wrong.content.decode()


def test_the_minute_tells_today_what_changed(ana, mara, hour):
    FreedHour.objects.update(could_take=0)
    page = inside(ana.account)
    assert "could take this hour" not in said(page.get("/desk/also/"))
    AWaitingEntry(client=mara)
    clocks.watch(now=clock.now())

    assert "1 person could take this hour" in said(page.get("/desk/also/"))
