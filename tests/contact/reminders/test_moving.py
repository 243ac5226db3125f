"""Another time by the link in a reminder: chosen, confirmed, once; else asked for."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from rapport.contact.models import Delivery, Notice, Preference, Reply
from rapport.contact.reminders import answers, links, moving
from rapport.contact.reminders import queries as reminders
from rapport.core import jobs, time
from rapport.core.models import AuditEntry
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.models import Appointment, Diary, FreedHour, Hold, Occupancy
from rapport.meeting.requests import actions as requests
from rapport.meeting.requests.queries import Choice
from rapport.people.models import Account, GroupMember
from rapport.web.public import links as pages
from tests.contact.test_sending import parsed
from tests.factories import (
    AcceptedTerms,
    AnAccount,
    APractice,
    ASeries,
    AStretch,
    AType,
    ClientOf,
    Colleague,
    SomeTerms,
)
from tests.web.stepping import inside

from .conftest import BY, DAY, HOUR, NOW, House

FRIDAY = NOW + 4 * DAY
THEN = FRIDAY - DAY + HOUR  # when Mara opens the link
ELEVEN = FRIDAY + 2 * HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    made = House()
    Diary.objects.create(staff=made.ana, horizon_days=60)
    for weekday in range(1, 8):
        AStretch(staff=made.ana, weekday=weekday, place=made.place)
    made.talk = AType(name="Secret talk", bookers=["STAFF", "ACTIVE"], price_tag="90 €",
                      ways=["HERE", "VIDEO"])  # fmt: skip
    return made


def told(meeting, client=None):
    return Delivery.objects.create(
        client=client or meeting.client, appointment=meeting, kind="REMINDER", offset=1440,
        starts_at=meeting.starts_at, channel="mail", state="SENT", planned_at=FRIDAY - DAY,
        sent_at=FRIDAY - DAY,
    )  # fmt: skip


@pytest.fixture
def meeting(house):
    return house.books(FRIDAY, type=house.talk)


@pytest.fixture
def sent(meeting):
    """A reminder of Mara's meeting went out, and an hour later she opens its link."""
    with time.at(THEN):
        yield told(meeting)


def path(sent):
    return links.path(sent.pk, "MOVE", "en")


def opened(address, data=None):
    browser = Browser()
    answer = browser.get(address) if data is None else browser.post(address, data)
    return answer.status_code, answer.content.decode(), answer.headers.get("Location", "")


def button(start, ana):
    return f"{start:%Y-%m-%dT%H:%M}+00:00|{ana.pk}"


def chosen(house, sent, start=ELEVEN):
    """The address where a time that was kept is confirmed."""
    status, _page, to = opened(path(sent), {"start": button(start, house.ana)})
    assert status == 302
    return to


def moved_to(page, when=""):
    return "It is moved." in page and f'<p class="when"><strong>{when}' in page


def starts():
    return [one.starts_at for one in Appointment.objects.order_by("starts_at")]


def everything():
    tables = (Appointment, Occupancy, Hold, Reply, FreedHour, jobs.Job)
    return [list(table.objects.order_by("pk").values()) for table in tables], (
        AuditEntry.objects.count()
    )


# Looking ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_either_page_changes_nothing(house, sent, method):
    confirm = chosen(house, sent)
    before = everything()
    for address in (path(sent), f"{path(sent)}&day={FRIDAY:%Y-%m-%d}", confirm):
        for _ in range(2):
            assert getattr(Browser(), method)(address).status_code == 200
    assert everything() == before


def test_free_times_of_the_same_clinician_are_shown_and_nobody_is_named(house, sent):
    ben = Colleague(at=[house.place], legal_name="Ben Weiss")
    AStretch(staff=ben, place=house.place)
    requests.set_self_booking(by=BY, any_clinician=True, most_ahead=3)
    for address in (f"{path(sent)}&day={FRIDAY:%Y-%m-%d}", chosen(house, sent)):
        answer = Browser().get(address)
        page = answer.content.decode()
        for word in ("Seelenheil", "Ana Roth", "Ben Weiss", "Mara", "herap", "Secret talk", "90 €",
                     house.place.name, "In person"):  # fmt: skip
            assert word not in page, word
        assert str(ben.pk) not in page
        assert "Instead of Friday, 11 January 2030, 9 a.m." in page
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex' in page


def test_her_own_zone_is_named_and_asked_for_by_no_program(house, sent):
    house.chooses(zone="Asia/Tokyo")
    page = opened(f"{path(sent)}&day={FRIDAY:%Y-%m-%d}")[1]
    assert "Times in the time zone Asia/Tokyo." in page and "8 p.m." in page
    assert "data-ask-zone" not in page


def test_the_language_of_the_message_stays_through_all_steps(house, sent):
    start = links.path(sent.pk, "MOVE", "de")
    page = opened(start)[1]
    assert '<html lang="de"' in page
    assert page.count("in=de&amp;") > 3 and 'name="in" value="de"' in page
    to = opened(start, {"start": button(ELEVEN, house.ana)})[2]
    assert "in=de" in to and '<html lang="de"' in opened(to)[1]


def test_of_a_standing_slot_it_says_that_only_this_one_moves(house):
    slot = ASeries(client=house.mara, clinician=house.ana)
    meeting = house.books(FRIDAY, type=house.talk)
    Appointment.objects.filter(pk=meeting.pk).update(series=slot, nth_on=FRIDAY.date())
    with time.at(THEN):
        assert "Only this one time is moved" in opened(path(told(meeting)))[1]


def test_as_many_statements_in_a_full_diary_as_in_an_empty_one(house, sent):
    counted = []
    for days in (range(1), range(1, 20)):
        for n in days:
            another(house, FRIDAY + (n + 1) * DAY, THEN)
        with CaptureQueriesContext(connection) as queries:
            opened(path(sent))
        counted.append(len(queries))
    assert counted[0] == counted[1]


# Moving -----------------------------------------------------------------------------------


def test_a_time_is_kept_then_confirmed_and_the_meeting_is_moved(house, meeting, sent):
    to = chosen(house, sent)
    assert Hold.objects.get().starts_at == ELEVEN
    assert starts() == [FRIDAY]
    assert "Kept for you until" in opened(to)[1]

    status, page, _to = opened(to, {})

    assert status == 200 and moved_to(page, "Friday, 11 January, 11 a.m.")
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.way, meeting.clinician) == (ELEVEN, "HERE", house.ana)
    assert meeting.place == house.place
    assert not Hold.objects.exists()
    assert Occupancy.objects.filter(appointment=meeting).count() == 2
    done = AuditEntry.objects.filter(verb="reminder.answer").last()
    assert done.by == f"link:{sent.pk.hex}" and done.about == meeting.client_id


def test_used_again_it_says_the_new_time_and_does_nothing(house, meeting, sent):
    to = chosen(house, sent)
    opened(to, {})
    before = everything()
    for address, data in ((to, {}), (to, None), (path(sent), None), (path(sent), {}),
                          (path(sent), {"start": button(FRIDAY + DAY, house.ana)})):  # fmt: skip
        status, page, _to = opened(address, data)
        assert (status, moved_to(page, "Friday, 11 January, 11 a.m.")) == (200, True)
        assert "<button" not in page.split("<main")[1]
    assert everything() == before


def test_pressed_twice_at_once_the_second_answer_says_the_new_time_too(house, sent, rf):
    to = chosen(house, sent)
    looked = pages.found(path(sent).split("/")[2])  # by the second, before the first was done
    opened(to, {})
    answer = pages.closed(rf.post(to), looked, "moved_for_it")

    assert moved_to(answer.content.decode(), "Friday, 11 January, 11 a.m.")


def test_the_clinician_hears_and_the_old_hour_goes_to_who_waits(house, meeting, sent):
    opened(chosen(house, sent), {})
    jobs.run_due(THEN, loud=True)

    assert FreedHour.objects.get().starts_at == FRIDAY
    today = inside(house.ana.account)
    assert "moved to" in today.get("/desk/also/").content.decode()
    page = today.get(f"/desk/appointments/{meeting.pk}/").content.decode()
    assert "by a link in a message" in page[page.index("What became of it") :]
    assert not reminders.needing(by=house.ana.account, now=THEN, most=9), "no wish is left open"


def test_the_clinician_gets_a_mail_and_the_client_the_new_time(
    house, meeting, sent, box, listen, setup_mail, trusted
):
    setup_mail(listen(box))
    house.reminds(notices=["MOVED"], links=["MOVE"])
    house.reached()
    opened(chosen(house, sent), {})
    jobs.run_due(THEN, loud=True)

    assert Notice.objects.filter(kind="attention", account_id=house.ana.account_id).count() == 1
    new = Delivery.objects.get(kind="MOVED")
    assert (new.state, new.starts_at) == ("SENT", ELEVEN)
    (mail,) = [parsed(one) for one in box.mails if one.rcpt_tos == ["mara@home.example"]]
    assert [one.get_content_type() for one in mail.iter_attachments()] == ["text/calendar"]
    assert re.search(r"Another time.*/a/\S+", mail.get_body(("plain",)).get_content(), re.DOTALL)


def test_moved_back_to_where_it_was_the_old_link_stays_dead(house, meeting, sent):
    opened(chosen(house, sent), {})
    house.moves(meeting, FRIDAY, now=THEN)

    assert "this time stands all the same" in opened(path(sent), {})[1]
    assert starts() == [FRIDAY]


def test_a_newer_message_of_the_same_time_moves_again(house, meeting, sent):
    opened(chosen(house, sent), {})
    house.moves(meeting, FRIDAY, now=THEN)
    later = THEN + HOUR
    again = Delivery.objects.create(
        client=house.mara, appointment=meeting, kind="MOVED", starts_at=FRIDAY, revision=2,
        channel="mail", state="SENT", planned_at=later, sent_at=later,
    )  # fmt: skip
    with time.at(later):
        opened(chosen(house, again, ELEVEN + HOUR), {})
    assert starts() == [ELEVEN + HOUR]


def test_the_new_time_has_a_link_of_its_own(house, meeting, sent):
    opened(chosen(house, sent), {})
    meeting.refresh_from_db()
    opened(chosen(house, told(meeting), ELEVEN + HOUR), {})
    assert starts() == [ELEVEN + HOUR]


def test_after_five_minutes_it_can_be_had_if_it_is_free(house, sent):
    to = chosen(house, sent)
    with time.at(THEN + timedelta(minutes=6)):
        assert "not kept for you any more" in opened(to)[1]
        assert moved_to(opened(to, {})[1])
    assert starts() == [ELEVEN]


def another(house, start, now):
    jonas = ClientOf(legal_name="Jonas", care_team=[house.ana], place=house.place)
    return house.books(start, client=jonas, now=now)


def test_taken_meanwhile_is_said_with_times_near_and_the_old_one_stands(house, meeting, sent):
    to = chosen(house, sent)
    late = THEN + timedelta(minutes=6)
    with time.at(late):
        another(house, ELEVEN, late)
        status, page, _to = opened(to, {})
        assert (status, "That time was just taken." in page) == (422, True)
        near = re.findall(r'name="instead" value="([^"]+)"', page)
        assert len(near) == 6 and button(ELEVEN, house.ana) not in near
        meeting.refresh_from_db()
        assert meeting.starts_at == FRIDAY and not Reply.objects.exists()

        status, _page, again = opened(to, {"instead": near[-1]})
        assert status == 302
        assert moved_to(opened(again, {})[1])
    meeting.refresh_from_db()
    assert meeting.starts_at not in (FRIDAY, ELEVEN)


def test_taken_before_it_is_kept_is_said_with_times_near(house, sent):
    another(house, ELEVEN, THEN)
    status, page, _to = opened(path(sent), {"start": button(ELEVEN, house.ana)})
    assert (status, "That time was just taken." in page) == (422, True)
    assert len(re.findall(r'name="start" value="[^"]+" formnovalidate', page)) == 6
    assert starts() == [FRIDAY, ELEVEN] and not Hold.objects.exists()


def test_another_chosen_first_lets_the_kept_one_go(house, sent):
    chosen(house, sent)
    to = chosen(house, sent, ELEVEN + HOUR)
    assert Hold.objects.get().starts_at == ELEVEN + HOUR
    opened(to, {})
    assert starts() == [ELEVEN + HOUR]


def test_notice_and_horizon_hold_as_in_the_portal(house, sent):
    Diary.objects.update(notice_minutes=48 * 60, horizon_days=10)
    for start in (ELEVEN, FRIDAY + 20 * DAY):
        status, _page, _to = opened(path(sent), {"start": button(start, house.ana)})
        assert status == 422
    assert starts() == [FRIDAY]


@pytest.mark.parametrize("start", ["", "x", "2030-01-11T11:00|", "2030-01-11T11:00+00:00|nobody"])
def test_what_is_no_time_is_answered_calmly(sent, start):
    status, page, _to = opened(path(sent), {"start": start})
    assert (status, "Choose one of the times." in page) == (422, True)
    assert starts() == [FRIDAY]


def test_the_address_of_one_links_choice_does_not_pass_for_another(house, sent):
    theirs = another(house, FRIDAY + DAY, NOW)
    Appointment.objects.filter(pk=theirs.pk).update(type=house.talk)
    other = told(theirs)
    query = chosen(house, sent).partition("?")[2]
    token = links.path(other.pk, "MOVE").split("/")[2]

    status, _page, to = opened(f"/a/{token}/time/?{query}", {})

    assert (status, to) == (302, f"/a/{token}/?in=en")
    assert starts() == [FRIDAY, FRIDAY + DAY]


@pytest.mark.parametrize("query", ["", "?at=x", "?at="])
def test_with_nothing_chosen_one_is_led_to_the_times(sent, query):
    token = path(sent).split("/")[2]
    assert opened(f"/a/{token}/time/{query}")[2] == f"/a/{token}/?in=en"


@pytest.mark.parametrize("does", ["CONFIRM", "CANCEL"])
def test_a_link_for_something_else_moves_nothing(house, sent, does):
    other = links.Holder(sent.pk, does)
    choice = Choice(house.talk, "HERE", house.ana, lasting(ELEVEN, house.talk.minutes))
    for act, more in ((moving.keep, {}), (moving.move, {"hold": None})):
        with pytest.raises(answers.Closed):
            act(by=other, delivery=sent, choice=choice, now=THEN, **more)
    query = chosen(house, sent).partition("?")[2]
    token = links.path(sent.pk, does).split("/")[2]
    assert opened(f"/a/{token}/time/?{query}", {})[0] == 404
    opened(links.path(sent.pk, does), {"start": button(ELEVEN, house.ana)})
    assert starts() == [FRIDAY]


@pytest.mark.parametrize("change", ["way", "clinician", "type"])
def test_only_the_same_clinician_type_and_way(house, sent, change):
    ben = Colleague(at=[house.place])
    AStretch(staff=ben, place=house.place)
    given = {"type": house.talk, "way": "HERE", "clinician": house.ana}
    given[change] = {"way": "VIDEO", "clinician": ben,
                     "type": AType(bookers=["ACTIVE"])}[change]  # fmt: skip
    with pytest.raises(CannotBook):
        moving.move(by=links.Holder(sent.pk, "MOVE"), delivery=sent, hold=None, now=THEN,
                    choice=Choice(slot=lasting(ELEVEN, 50), **given))  # fmt: skip
    assert starts() == [FRIDAY]


# Asking instead ---------------------------------------------------------------------------


ASKS = "Would another time be better?"


def asks_instead(sent):
    """The page asks, with the number to call; nothing can be chosen by it, the wish can be sent."""
    status, page, _to = opened(path(sent))
    assert (status, ASKS in page, 'name="start"' in page) == (200, True, False)
    assert 'href="tel:+4930901820"' in page
    assert Reply.objects.count() == 0
    assert "you would like another time" in opened(path(sent), {})[1]
    assert Reply.objects.get().seen_at is None
    return page


@pytest.fixture
def phone():
    APractice(phone="+49 30 901820", name="Praxis Dr. Seelenheil, Psychotherapie")


@pytest.mark.usefixtures("phone")
class TestAsking:
    def test_none_of_the_times_suits(self, house, sent):
        page = opened(path(sent))[1]
        assert "Does none of these suit you?" in page and 'href="tel:+4930901820"' in page
        assert "you would like another time" in opened(path(sent), {})[1]
        assert starts() == [FRIDAY]

    def test_within_the_terms_it_is_too_near(self, sent, meeting):
        AcceptedTerms(appointment=meeting, terms=SomeTerms(hours=48))
        assert "It is too near to choose another time here" in asks_instead(sent)

    def test_too_near_by_now_what_was_chosen_is_not_moved(self, house, sent, meeting):
        to = chosen(house, sent)
        AcceptedTerms(appointment=meeting, terms=SomeTerms(hours=48))
        status, _page, back = opened(to, {})
        assert (status, back) == (302, f"{path(sent)}")
        status, page, _to = opened(path(sent), {"start": button(ELEVEN, house.ana)})
        assert (status, "It is too near" in page) == (422, True)
        assert starts() == [FRIDAY] and not Reply.objects.exists()

    def test_where_clients_may_not_book_it(self, house, sent):
        house.talk.bookers = ["STAFF"]
        house.talk.save()
        asks_instead(sent)

    def test_where_each_time_needs_the_practices_yes(self, house, sent):
        house.talk.needs_approval = True
        house.talk.save()
        asks_instead(sent)

    def test_where_it_has_no_type(self, sent, meeting):
        Appointment.objects.update(type=None)
        asks_instead(sent)

    def test_where_it_is_not_met_in_this_way_any_more(self, house, sent):
        house.talk.ways = ["VIDEO"]
        house.talk.save()
        asks_instead(sent)

    def test_where_the_clinician_is_not_offered_any_more(self, house, sent):
        house.talk.clinicians.set([Colleague(at=[house.place])])
        asks_instead(sent)

    def test_of_a_couple_one_alone_does_not_move(self, house):
        pair = ClientOf(kind="COUPLE", legal_name="Two", care_team=[house.ana], place=house.place)
        GroupMember.objects.create(client=pair, member=house.mara)
        meeting = house.books(FRIDAY, client=pair, type=house.talk)
        with time.at(THEN):
            asks_instead(told(meeting, client=house.mara))

    def test_who_does_not_book_by_themselves(self, house, sent):
        house.mara.status = "DISCHARGED"
        house.mara.save()
        asks_instead(sent)


@pytest.mark.parametrize(
    ("after", "says"),
    [(FRIDAY + HOUR, "This time is over"), (FRIDAY, "This time is over")],
)
def test_after_the_fact_it_says_so(house, sent, after, says):
    to = chosen(house, sent)
    with time.at(after):
        for address in (path(sent), to):
            assert says in opened(address, {})[1]
    assert starts() == [FRIDAY]


def test_called_off_meanwhile_nothing_is_moved(house, meeting, sent):
    to = chosen(house, sent)
    house.cancels(meeting, now=THEN)
    assert "This was called off" in opened(to, {})[1]
    assert starts() == [FRIDAY]


def test_moved_meanwhile_by_the_practice_it_says_so(house, meeting, sent):
    to = chosen(house, sent)
    house.moves(meeting, FRIDAY + DAY, now=THEN)
    assert "This was moved to another time since" in opened(to, {})[1]
    assert starts() == [FRIDAY + DAY]


def test_in_the_portal_and_by_the_link_one_time_is_kept(house, meeting, sent):
    account = AnAccount(realm=Account.Realm.PORTAL)
    house.mara.account = account
    house.mara.save()
    to = chosen(house, sent)
    visit = inside(account, "portal")
    visit.post(f"/portal/meetings/{meeting.pk}/move/",
               {"start": button(ELEVEN + HOUR, house.ana)})  # fmt: skip
    assert Hold.objects.get().starts_at == ELEVEN + HOUR
    assert "not kept for you any more" in opened(to)[1]


def test_what_she_chose_of_messages_is_not_touched(house, sent):
    opened(chosen(house, sent), {})
    assert not Preference.objects.exists()


def test_shown_once_more_the_new_time_is_on_the_clock_it_was_chosen_on(house, sent):
    address = f"{path(sent)}&zone=Asia/Tokyo"
    to = opened(address, {"start": button(ELEVEN, house.ana)})[2]
    tokyo = "Friday, 11 January, 8 p.m. (Asia/Tokyo)"
    assert moved_to(opened(to, {})[1], tokyo)

    assert moved_to(opened(to)[1], tokyo)
