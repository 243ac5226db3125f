"""How many statements a page takes is fixed, whatever the practice has grown to."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.contact.inquiries import actions as inquiries
from rapport.contact.models import MailServer, Notice
from rapport.core import audit, time
from rapport.core.models import Job
from rapport.meeting.models import Appointment, FreedHour, Occupancy, Offer
from rapport.people.models import Account, BreakGlass, GroupMember
from rapport.progress.chosen import actions as choosing
from rapport.progress.chosen import entering
from rapport.progress.chosen import queries as comparing
from rapport.progress.measures import interviewing
from rapport.progress.measures.judging import Way
from rapport.progress.models import AdaptiveTest, PlanLine
from rapport.record.models import OtherDraft
from rapport.record.notes import signing
from rapport.record.process_notes import actions as process_notes
from tests.factories import (
    NOW,
    ABattery,
    AcceptedTerms,
    AChange,
    AConflictCheck,
    AConflictLook,
    AConsent,
    AContact,
    ADailyEntry,
    ADailyPlan,
    ADailyQuestion,
    AFreedHour,
    AKeyed,
    ALeftOut,
    AMark,
    AnAccount,
    AnAlert,
    AnAlertStep,
    AnAppointment,
    AnAsk,
    AnAsked,
    AnAssessmentReport,
    AnEpisode,
    AnEquipment,
    AnInformant,
    AnInquiry,
    AnInquiryTask,
    AnOffer,
    ANote,
    AnOutside,
    APhase,
    APlace,
    APlanLine,
    APractice,
    APushed,
    AReferral,
    ARelatedPerson,
    ARoom,
    AScore,
    ASeries,
    ASheet,
    ASignal,
    ATimeOff,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.progress.grouped_here import WAITED, entered
from tests.progress.held_here import asked_of, built, gone_through, licensed, question, words_of
from tests.progress.tested_here import BORN, asked_in, elsewhere, loaded, planned, scored

from .stepping import inside

pytestmark = pytest.mark.django_db

# Statements per page, permission, session and audit included; BEGIN and COMMIT are not
# statements of ours.
MOST = {
    "/desk/": 12,
    "/desk/clients/": 7,
    "/desk/clients/?q=client": 7,
    "/desk/staff/": 8,
    "/desk/practice/": 7,
    "/desk/practice/permissions/": 5,
    "/desk/practice/packs/": 6,
    "/desk/practice/change/": 7,
    "/desk/practice/norms/": 6,
    "/desk/practice/batteries/": 6,
}
CLIENT_PAGE = 21


def counted(browser, address):
    """What a page asks, without what its bar asks on every page: one statement, of owners two
    (tests/web/desk/test_alerts.py)."""
    with CaptureQueriesContext(connection) as said:
        assert browser.get(address).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [q["sql"] for q in said if not q["sql"].startswith(marks)]
    return [sql for sql in asked if not ('FROM "progress_alert"' in sql and " OVER () " in sql)]


@pytest.fixture
def house():
    APractice(answer_days=3)
    return APlace()


@pytest.mark.parametrize("address", MOST)
def test_a_list_takes_as_many_for_forty_as_for_two(house, address):
    ana = Colleague(at=[house])
    browser = inside(ana.account)
    for _ in range(2):
        ClientOf(care_team=[ana], place=house)
    browser.get(address)
    few = counted(browser, address)
    for _ in range(38):
        ClientOf(care_team=[ana], place=house)
        Colleague(at=[house])
    many = counted(browser, address)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST[address], "\n".join(many)


def test_the_client_page(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser = inside(ana.account)
    browser.get(f"/desk/clients/{mara.pk}/")  # the trail's first entry makes its head

    def grown(by):
        for _ in range(by):
            day = NOW + timedelta(days=Appointment.objects.count())
            meeting = AnAppointment(client=mara, clinician=ana, starts_at=day, status="KEPT")
            AChange(appointment=meeting)
            ANote(client=mara, author=ana, appointment=meeting)
            sheet = AScore(sheet=ASheet(client=mara)).sheet
            AnAlertStep(alert=AnAlert(sheet=sheet, owner=ana), what="TOLD", staff=ana)
            ASignal(score=sheet.score, owner=ana)
            AConsent(client=mara)
        return counted(browser, f"/desk/clients/{mara.pk}/")

    few, many = grown(2), grown(20)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= CLIENT_PAGE, "\n".join(many)


@pytest.mark.parametrize("role", ["CLINICIAN", "FRONT_DESK"])
def test_a_time_off_and_a_look_where_its_meetings_fit(house, role):
    """At most 15 for the list and 24 for the look, however many meetings and alerts."""
    ana, ben = Colleague(at=[house]), Colleague(at=[house])
    by = ana if role == "CLINICIAN" else Colleague(roles=[role], at=[house])
    page = f"/desk/time-off/{ATimeOff(staff=ana).pk}/"

    def grown(browser, many):
        for _ in range(many):
            mara = ClientOf(care_team=[ana], place=house)
            AContact(client=mara, safe_to_message=True)
            AnAlert(sheet=ASheet(client=mara), owner=ana)
            at = NOW + timedelta(minutes=5 * Appointment.objects.count())
            AnAppointment(client=mara, clinician=ana, place=house, room=ARoom(place=house),
                          starts_at=at, ends_at=at + timedelta(minutes=5))  # fmt: skip
        ticks = [f"{pk}:1" for pk in Appointment.objects.values_list("pk", flat=True)]
        typed = {"meeting": ticks, "to": "COLLEAGUE", "colleague": str(ben.pk)}
        with CaptureQueriesContext(connection) as said:
            assert browser.post(f"{page}move/", typed).context["fit"] == len(ticks)
        return len(counted(browser, page)), len(said)

    with time.at(NOW - timedelta(hours=1)):
        browser = inside(by.account)
        browser.get(page)  # the trail's first entry makes its head
        few, many = grown(browser, 2), grown(browser, 20)
    assert many == few
    assert many[0] <= 15 and many[1] <= 24, many


def test_today(house):
    """At most 12, whatever the day holds and whoever waits."""
    ana = Colleague(at=[house])
    browser, start = inside(ana.account), time.now().replace(minute=0)
    browser.get("/desk/")

    def grown(by):
        for _ in range(by):
            mara = ClientOf(care_team=[ana], place=house)
            at = start + timedelta(minutes=5 * Appointment.objects.count())
            until = at + timedelta(minutes=5)
            meeting = AnAppointment(client=mara, clinician=ana, starts_at=at, ends_at=until)
            ANote(client=mara, author=ana, appointment=meeting)
            for days in range(3):
                sheet = ASheet(client=mara, answered_at=NOW + timedelta(days=days))
                AScore(sheet=sheet)
            AnAlert(sheet=sheet, owner=ana)
            AnAsked(client=mara, expires_at=start + timedelta(days=7))
            AConsent(client=mara, kind="OTHERS")
            who = AnInformant(client=mara, person=ARelatedPerson(client=mara), by_role=False)
            AnAsked(client=mara, informant=who, expires_at=start + timedelta(days=6))
            APushed(appointment=meeting, outside=AnOutside(staff=ana, failures=3, error="closed"))
        return counted(browser, "/desk/")

    few, many = grown(2), grown(8)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 12, "\n".join(many)


BOARDS = {"people": 10, "rooms": 10, "equipment": 10, "week": 10}


@pytest.mark.parametrize("view", BOARDS)
def test_the_board_of_ten_clinicians_takes_as_many_for_any_number_of_meetings(house, view):
    fay = Colleague(at=[house], roles=["FRONT_DESK"])
    browser, address = inside(fay.account), f"/desk/board/?view={view}&on=2030-01-07"
    rooms = [ARoom(place=house) for _ in range(10)]
    staff = [Colleague(at=[house]) for _ in range(10)]
    pieces = [AnEquipment(place=house) for _ in range(10)]
    browser.get(address)  # the trail's first entry makes its head

    def grown(by, days):
        for one, room, piece in zip(staff, rooms, pieces, strict=True):
            for n in range(by):
                at = NOW + timedelta(days=days, hours=n)
                mara = ClientOf(care_team=[one], place=house)
                met = AnAppointment(client=mara, clinician=one, room=room, place=house,
                                    starts_at=at, type=AType())  # fmt: skip
                Occupancy.objects.create(kind="EQUIPMENT", thing=piece.pk, appointment=met,
                                         starts_at=at, ends_at=met.ends_at)  # fmt: skip
                other = ClientOf(care_team=[one])  # of whom only that the time is taken is seen
                AnAppointment(client=other, clinician=one, starts_at=at + timedelta(minutes=50),
                              ends_at=at + timedelta(hours=1))  # fmt: skip
            ATimeOff(staff=one)
        return counted(browser, address)

    few, many = grown(1, 0), grown(6, 0.5)
    assert len(many) == len(few), "\n".join(many)
    more = grown(3, -3)
    assert len(more) == len(few) <= BOARDS[view], "\n".join(more)


# Session, trail, and one for each thing that may wait: what clients asked for and did, tasks of
# inquiries, what is promised and by which days, whose answer is overdue, who cannot be reached,
# records opened in need, days of standing slots left out,
# hours that fell free, calendars elsewhere, conflicts to look at. It is loaded below Today.
# hours that fell free, whom to call about an hour and about still looking, calendars elsewhere,
# conflicts to look at. It is loaded below Today.
ALSO = 21


def test_what_else_waits(house):
    ana, ben = Colleague(at=[house]), Colleague(at=[house])
    browser = inside(ana.account)
    browser.get("/desk/also/")

    def grown(by):
        for _ in range(by):
            mara = ClientOf(care_team=[ana], place=house)
            BreakGlass.objects.create(
                client=mara, staff=ben, reason="in great need", opened_at=time.now(),
                closes_at=time.now() + timedelta(hours=1),
            )  # fmt: skip
        return counted(browser, "/desk/also/")

    few, many = grown(1), grown(8)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= ALSO, "\n".join(many)


OWNERS = {"/desk/practice/trail/": 9, "/desk/practice/mail/": 7, "/desk/practice/jobs/": 6}


@pytest.mark.parametrize("address", OWNERS)
def test_what_only_owners_read_takes_as_many_for_many(house, address):
    olga = Colleague(roles=["OWNER"], at=[house])
    browser = inside(olga.account)
    browser.get(address)
    few = counted(browser, address)
    for number in range(20):
        ana = Colleague(at=[house])
        mara = ClientOf(care_team=[ana], place=house)
        audit.record(verb="client.open", by=ana.account, subject={"client": mara})
        Job.objects.create(name=f"some.work-{number}", state="DEAD", run_at=NOW, created_at=NOW,
                           finished_at=NOW)  # fmt: skip
        Notice.objects.create(kind="message", account_id=ana.account_id, created_at=NOW,
                              state="SENT")  # fmt: skip
    many = counted(browser, address)

    assert len(many) <= OWNERS[address], "\n".join(many)
    assert len(many) - len(few) <= 1, "\n".join(many)  # names, asked for once there are some


def test_a_colleagues_page(house):
    olga = Colleague(roles=["OWNER"], at=[house])
    ana = Colleague(at=[house])
    browser, address = inside(olga.account), f"/desk/staff/{ana.pk}/"
    browser.get(address)
    few = counted(browser, address)
    for _ in range(10):
        ClientOf(care_team=[ana], place=house)
        SupervisedBy(supervisor=ana, supervisee=Colleague(at=[house]))
    many = counted(browser, address)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 10, "\n".join(many)


OF_A_CLIENT = {"": 18, "episodes/": 8, "history/": 13, "members/": 7, "portal/": 8}


@pytest.mark.parametrize("path", OF_A_CLIENT)
def test_the_pages_of_a_couple_take_as_many_for_twelve_as_for_two(house, path):
    ana = Colleague(at=[house])
    two = ClientOf(kind="COUPLE", care_team=[ana], place=house)
    browser = inside(ana.account)

    def grown(by):
        for _ in range(by):
            member = ClientOf(care_team=[ana], place=house)
            GroupMember.objects.create(client=two, member=member)
            AnEpisode(client=two, responsible=Colleague())
            AContact(client=two)
            ARelatedPerson(client=two)
        return counted(browser, f"/desk/clients/{two.pk}/{path}")

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(10)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= OF_A_CLIENT[path], "\n".join(many)


NOTES = {"/desk/notes/": 8, "desk_note": 12, "desk_process_notes": 10}


@pytest.mark.parametrize("page", NOTES)
def test_pages_of_notes_take_as_many_for_twelve_as_for_two(house, page):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    note = ANote(client=mara, author=ana, sections={})
    browser, args = inside(ana.account), {"desk_note": [note.pk], "desk_process_notes": [mara.pk]}
    address = page if page.startswith("/") else reverse(page, "rapport.web.desk.urls", args[page])

    def grown(by):
        for _ in range(by):
            ANote(client=mara, author=ana)
            ANote(client=mara, author=ana, state="RETURNED", remarks="More.", supervisor=ana)
            signed = ANote(client=mara, author=ana, kind="PHONE")
            signing.sign(by=ana.account, note=signed, revision=1, now=NOW)
            AScore(sheet=ASheet(client=mara))
            OtherDraft.objects.create(client=mara, note=note, sections={"note": "x"}, based_on=1,
                                      window=signed.pk, kept_at=NOW)  # fmt: skip
            process_notes.write(by=ana.account, client=mara, text="Hm.", now=NOW)
        return counted(browser, address)

    grown(1)
    few, many = grown(1), grown(10)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= NOTES[page], "\n".join(many)


def test_a_signed_note_takes_as_many_for_ten_additions_as_for_one(house):
    ana = Colleague(at=[house])
    note = ANote(client=ClientOf(care_team=[ana], place=house), author=ana, kind="PHONE")
    note = signing.sign(by=ana.account, note=note, revision=1, now=NOW)
    browser = inside(ana.account)

    def grown(by):
        for _ in range(by):
            signing.add(by=ana.account, note=note, text="More.", now=NOW)
        return counted(browser, f"/desk/notes/{note.pk}/")

    grown(1)
    few, many = grown(1), grown(9)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 9, "\n".join(many)


def test_the_measures_of_a_client_take_as_many_for_forty_sheets_as_for_two(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/measures/"
    AConsent(client=mara, kind="OTHERS")
    MailServer.objects.create(host="localhost", changed_at=NOW, from_address="post@home.example")

    def grown(by):
        for number in range(by):
            AScore(sheet=ASheet(client=mara))
            AnAsked(client=mara)
            AnAsk(client=mara, instrument=f"some-{number}", ended_at=NOW)
            around = ARelatedPerson(client=mara, mail="jo@home.example", safe_to_write=True)
            who = AnInformant(client=mara, person=around, by_role=False)
            AnAsk(client=mara, informant=who, calls="Jo")
            AScore(sheet=ASheet(client=mara, informant=who))
            AnAsked(client=mara, informant=who)
            AKeyed(client=mara, asked=AnAsked(client=mara, informant=who, state="WITHDRAWN"))
        return counted(browser, address)

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 18, "\n".join(many)  # four where others are asked: whether, and by mail


def test_what_waits_for_a_consent_takes_as_many_for_ten_lines_and_people_as_for_two(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    AnEpisode(client=mara, responsible=ana, opened_on=NOW.date())
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/measures/"

    def grown(by):
        for _ in range(by):
            number = PlanLine.objects.count()
            APlanLine(instrument=f"some-{number}", whom="PARTNER", occasion="MONTH",
                      set_at=NOW - timedelta(days=1))  # fmt: skip
            around = ARelatedPerson(client=mara, may_know="CARE")
            who = AnInformant(client=mara, person=around, by_role=False)
            AnAsk(client=mara, informant=who, occasion="MONTH", instrument="some-0")
        return counted(browser, address)

    grown(1)
    few, many = grown(1), grown(9)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 18, "\n".join(many)


@pytest.mark.parametrize(("door", "most"), [("desk", 13), ("portal", 9)])
def test_the_picture_takes_as_many_for_forty_scores_of_many_measures_as_for_two(house, door, most):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house, account=AnAccount(realm="PORTAL"))
    own = Account.objects.get(pk=mara.account.pk)
    browser = inside(ana.account) if door == "desk" else inside(own, "portal")
    address = f"/desk/clients/{mara.pk}/picture/" if door == "desk" else "/portal/picture/"
    teacher = AnInformant(client=mara, kind="TEACHER")

    def grown(by):
        for _ in range(by):
            day = NOW - timedelta(days=Appointment.objects.count())
            for form in ("phq-9", "gad-7", "pcl-5")[: 1 if by == 1 else 3]:
                AScore(sheet=ASheet(client=mara, instrument=form, answered_at=day))
                AScore(
                    sheet=ASheet(client=mara, instrument=form, informant=teacher, answered_at=day)
                )
            AMark(client=mara, shared=True, on=day.date())
            AnAppointment(client=mara, clinician=ana, status="KEPT", starts_at=day)
        AnEpisode(client=mara, responsible=ana, closed_on=NOW.date(), close_reason="MOVED")
        return counted(browser, address)

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= most, "\n".join(many)


CASELOAD = 21


def test_the_caseload_takes_as_many_for_forty_clients_as_for_two(house):
    ana, sam = Colleague(at=[house]), Colleague(at=[house], roles=["SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ana)
    browser, address = inside(sam.account), "/desk/caseload/?whose=all"
    built(Colleague(roles=["OWNER"]).account, question())

    def grown(by):
        for n in range(by):
            mara = ClientOf(care_team=[ana], place=house)
            AnEpisode(client=mara, responsible=ana, opened_on=NOW.date())
            for form in ("phq-9", "gad-7", "own-none", f"mine-{n}"):
                sheet = AScore(sheet=ASheet(client=mara, instrument=form)).sheet
            ASignal(score=sheet.score, owner=ana)
            AnAlert(sheet=sheet, owner=ana)
            AnAsked(client=mara)
            day = NOW + timedelta(days=Appointment.objects.count())
            AnAppointment(client=mara, clinician=ana, starts_at=day, status="KEPT")
        return counted(browser, address)

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= CASELOAD, "\n".join(many)


def test_a_picture_of_own_measures_takes_as_many_for_four_as_for_one(house):
    ana, olga = Colleague(at=[house]), Colleague(roles=["OWNER"])
    mara = ClientOf(care_team=[ana], place=house)
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/picture/?span=all"

    def grown(*kinds):
        for kind in kinds:
            own = asked_of(mara, ana.account, kind, "Sleep", "Work")
            form = built(olga.account, question())
            for code, answers in ((own.code, {"1": 2, "2": 1}), (form.code, {"1": 3})):
                for days in range(3):
                    sheet = ASheet(client=mara, instrument=code, answers=answers,
                                   answered_at=NOW - timedelta(days=days))  # fmt: skip
                    AScore(sheet=sheet, total=3, total_rounded=3, band="")
        return counted(browser, address)

    grown("PROBLEMS")  # the trail's first entry makes its head
    few, many = counted(browser, address), grown("GOALS", "COMPLAINTS", "RATINGS")
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 16, "\n".join(many)


@pytest.mark.parametrize(("page", "most"), [("", 14), ("question", 12), ("portal", 8)])
def test_daily_answers_take_as_many_for_four_hundred_days_as_for_two(house, page, most):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house, account=AnAccount(realm="PORTAL"))
    own = Account.objects.get(pk=mara.account.pk)
    browser = inside(own, "portal") if page == "portal" else inside(ana.account)
    today = time.today()
    plan = ADailyPlan(client=mara, from_on=today - timedelta(days=400))
    first = ADailyQuestion(plan=plan)
    address = f"/desk/clients/{mara.pk}/diary/"
    if page == "question":
        address = f"{address}questions/{first.pk}/"
    if page == "portal":
        address = "/portal/diary/"

    def grown(days, questions):
        for _ in range(questions):
            ADailyQuestion(plan=plan)
        given = {str(one.pk): 3 for one in plan.questions.all()}
        done = plan.entries.count()
        for n in range(done, days):
            ADailyEntry(plan=plan, on=plan.from_on + timedelta(days=n), answers=given)
        APhase(client=mara, on=today - timedelta(days=days))
        return counted(browser, address)

    grown(2, 0)  # the trail's first entry makes its head
    few, many = counted(browser, address), grown(400, 7)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= most, "\n".join(many)


def test_what_the_practice_holds_is_looked_up_once_a_page(house):
    olga = Colleague(at=[house], roles=["OWNER", "CLINICIAN"])
    mara = ClientOf(care_team=[olga], place=house)
    browser, measures = inside(olga.account), f"/desk/clients/{mara.pk}/measures/"

    def grown(by):
        for _ in range(by):
            form = built(olga.account, question())
        for _ in range(by):
            sheet = ASheet(client=mara, instrument=form.code, answers={"1": 3})
            AScore(sheet=sheet, total=3, total_rounded=3, band="", risk=False)
        ask = counted(browser, f"{measures}ask/"), counted(browser, "/desk/practice/types/add/")
        return [*ask, counted(browser, f"{measures}?of={form.pk}")]

    browser.get(measures)
    bare = counted(browser, f"{measures}ask/")
    few, many = grown(1), grown(9)
    assert [len(one) for one in few[:2]] == [len(one) for one in many[:2]]
    assert len(few[0]) == len(bare)  # one for the practice's and one for the client's own
    assert len(many[2]) <= len(few[2]) + 2, "\n".join(many[2])  # a second one, and its newest


def test_a_sheet_and_its_arithmetic(house):
    ana = Colleague(at=[house])
    sheet = AScore(sheet=ASheet(client=ClientOf(care_team=[ana], place=house))).sheet
    browser, address = inside(ana.account), f"/desk/measures/{sheet.pk}/"
    browser.get(address)
    assert len(counted(browser, address)) <= 9


def test_adaptive_tests_take_as_many_for_nine_results_as_for_two(house):
    olga = Colleague(at=[house], roles=["OWNER", "CLINICIAN"])
    mara = ClientOf(care_team=[olga], place=house)
    licensed(olga.account, "promis-depression", items=words_of("promis-depression"))
    browser, base = inside(olga.account), f"/desk/clients/{mara.pk}"

    def grown(by):
        for _ in range(by):
            day = NOW + timedelta(days=AdaptiveTest.objects.count())
            sheet = gone_through(olga.account, mara, lambda key: 2, now=day)
        pages = (f"{base}/measures/adaptive/", f"{base}/course/promis-depression/",
                 f"/desk/measures/{sheet.pk}/")  # fmt: skip
        return [counted(browser, page) for page in pages]

    grown(2)  # the trail's first entry makes its head, and the second is compared with the first
    few, many = grown(1), grown(7)
    assert [len(one) for one in few] == [len(one) for one in many]
    for page, most in zip(many, (8, 12, 12), strict=True):
        assert len(page) <= most, "\n".join(page)


OF_A_STANDING_SLOT = {"": 10, "pause/": 7, "end/": 6, "change/": 9}


@pytest.mark.parametrize("path", OF_A_STANDING_SLOT)
def test_a_standing_slot_takes_as_many_for_forty_days_as_for_two(house, path):
    ana = Colleague(at=[house])
    series = ASeries(client=ClientOf(care_team=[ana], place=house), clinician=ana, place=house)
    browser, address = inside(ana.account), f"/desk/series/{series.pk}/{path}"
    browser.get(address)  # the trail's first entry makes its head

    def grown(by):
        for _ in range(by):
            day = NOW + timedelta(days=7 * Appointment.objects.count())
            given = {"series": series, "nth_on": day.date(), "due_at": day, "starts_at": day}
            AnAppointment(client=series.client, clinician=ana, **given)
            ALeftOut(series=series, nth_on=day.date() + timedelta(days=1))
        return counted(browser, address)

    few, many = grown(2), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= OF_A_STANDING_SLOT[path], "\n".join(many)


WAITING = {
    "desk_waiting": 12,
    "desk_waiting_entry": 12,
    "desk_free_hours": 9,
    "desk_hour": 27,  # of a place
}


@pytest.mark.parametrize("page", WAITING)
def test_the_waiting_list_takes_as_many_for_forty_as_for_two(house, page):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    entry = AWaitingEntry(client=mara)
    start = time.now() + timedelta(days=2)
    hour = AFreedHour(clinician=ana, place=house, starts_at=start, rule="FREQ=WEEKLY")
    args = {"desk_waiting_entry": [entry.pk], "desk_hour": [hour.pk]}.get(page, [])
    browser, address = inside(ana.account), reverse(page, "rapport.web.desk.urls", args)

    def grown(by):
        for number in range(by):
            other = AWaitingEntry(client=ClientOf(care_team=[ana], place=house))
            other.clinicians.add(ana, Colleague())
            other.types.add(AType())
            other.places.add(APlace())
            at = start + timedelta(hours=FreedHour.objects.count())
            for state in ("OPEN", "RUNNING", "GIVEN"):
                at += timedelta(minutes=1)
                one = AFreedHour(clinician=ana, starts_at=at, state=state, settled_at=at)
                AnOffer(hour=one, entry=entry, state="LAPSED")
            AnOffer(hour=hour, entry=other, state="DECLINED", round=number + 2)
        return counted(browser, address)

    grown(1)  # the trail's first entry makes its head
    few, many = grown(1), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= WAITING[page], "\n".join(many)


def test_today_takes_as_many_for_twenty_free_hours_as_for_two(house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    browser = inside(fay.account)

    def grown(by):
        for number in range(by):
            at = time.now() + timedelta(days=1 + number)
            AFreedHour(clinician=Colleague(), starts_at=at, could_take=3)
            AnInquiry(client__place=house)
            AnInquiry(client__place=APlace(), clinician=Colleague())
        return counted(browser, "/desk/also/")

    grown(1)
    few, many = grown(1), grown(18)
    assert len(many) == len(few) <= 22, "\n".join(many)


def test_today_takes_as_many_for_five_to_call_as_for_one(house):
    ana = Colleague(at=[house])
    browser = inside(ana.account)

    def grown(by):
        for _ in range(by):
            mara = ClientOf(care_team=[ana], place=house)
            AContact(client=mara, value="+49 30 901820", plain="+4930901820")
            at = time.now() + timedelta(days=1, hours=Offer.objects.count())
            hour = AFreedHour(clinician=ana, starts_at=at, state="RUNNING")
            AnOffer(hour=hour, entry=AWaitingEntry(client=mara, state="OFFERED"), told="PAGE",
                    answer_by=at)  # fmt: skip
            AWaitingEntry(client=ClientOf(care_team=[ana], place=house), asked_at=NOW,
                          asked_how="PAGE")  # fmt: skip
        return counted(browser, "/desk/also/")

    grown(1)
    few, many = grown(0), grown(4)
    assert len(many) == len(few) <= 22, "\n".join(many)


def test_what_a_client_accepted_takes_as_many_for_twenty_as_for_one(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser, address = inside(ana.account), f"/desk/clients/{mara.pk}/terms/"

    def grown(by):
        for _ in range(by):
            at = NOW + timedelta(days=Appointment.objects.count())
            AcceptedTerms(appointment=AnAppointment(client=mara, clinician=ana, starts_at=at))
            AcceptedTerms(client=mara, appointment=None, how="WORD", noted_by=ana.account)
        return counted(browser, address)

    grown(1)
    few, many = grown(1), grown(18)
    assert len(many) == len(few) <= 9, "\n".join(many)


INQUIRIES = {"": 11, "leaving/": 7, "numbers/": 7, "referrers/": 5}


@pytest.mark.parametrize("path", INQUIRIES)
def test_lists_of_inquiries_take_as_many_for_forty_as_for_two(house, path):
    fay = Colleague(roles=["FRONT_DESK", "OWNER"], at=[house])
    browser, address = inside(fay.account), f"/desk/inquiries/{path}"

    def grown(by):
        for _ in range(by):
            inquiry = AnInquiry(client__place=house, responsible=fay)
            AnInquiryTask(inquiry=inquiry, whose=fay)
            check = AConflictCheck(inquiry=inquiry)
            AConflictLook(check_of=check, staff=fay)
            AReferral(inquiry=inquiry)
        return counted(browser, address)

    grown(1)
    few, many = grown(2), grown(38)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= INQUIRIES[path], "\n".join(many)


def test_an_inquiry_takes_as_many_for_twelve_lines_as_for_two(house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    inquiry = AnInquiry(client__place=house, client__care_team=[Colleague()])
    browser, address = inside(fay.account), f"/desk/inquiries/{inquiry.pk}/"

    def grown(by):
        for _ in range(by):
            inquiries.log(by=fay.account, inquiry=inquiry, what="SPOKE", words="Hm.", now=NOW)
            AnInquiryTask(inquiry=inquiry, whose=fay)
            AConflictLook(check_of=AConflictCheck(inquiry=inquiry), staff=Colleague())
            AReferral(inquiry=inquiry)
            AContact(client=inquiry.client)
        return counted(browser, address)

    grown(1)
    few, many = grown(1), grown(10)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 18, "\n".join(many)


def test_what_care_came_to_takes_as_many_for_forty_clients_as_for_two(house):
    ana = Colleague(at=[house])
    browser, today = inside(ana.account), time.today()

    def grown(by):
        for _ in range(by):
            client = ClientOf(place=house, care_team=[ana])
            AnEpisode(client=client, responsible=ana, opened_on=today - timedelta(days=90),
                      closed_on=today, close_reason="COMPLETED")  # fmt: skip
            for days in (80, 40, 1):
                at = time.now() - timedelta(days=days)
                AScore(sheet=ASheet(client=client, answered_at=at), total_rounded=20 - days % 7)
        return counted(browser, "/desk/outcomes/?by=problem")

    grown(1)
    few, many = grown(2), grown(38)
    assert len(many) == len(few) <= 9, "\n".join(many)


def test_a_quarter_of_what_care_came_to_takes_as_many_for_forty_clients_as_for_two(house):
    ana, olga = Colleague(at=[house]), Colleague(roles=["OWNER"])
    browser, year = inside(olga.account), time.today().year - 1

    def grown(by):
        for _ in range(by):
            client = ClientOf(place=house, care_team=[ana])
            AnEpisode(client=client, responsible=ana, opened_on=date(year, 9, 1),
                      closed_on=date(year, 12, 1), close_reason="COMPLETED")  # fmt: skip
        return counted(browser, f"/desk/outcomes/?period={year}-Q4&by=problem&modality=CBT")

    grown(1)
    few, many = grown(2), grown(38)
    assert len(many) == len(few) <= 14, "\n".join(many)


def test_clinicians_beside_chance_take_as_many_for_a_hundred_clients_as_for_fifty(house):
    team, today = [Colleague(at=[house]) for _ in range(5)], time.today()
    browser = inside(team[0].account)

    def grown(by):
        for n in range(5 * by):
            client = ClientOf(place=house, care_team=team[:1])
            AnEpisode(client=client, responsible=team[n % 5], opened_on=today - timedelta(days=90),
                      closed_on=today, close_reason="COMPLETED")  # fmt: skip
            for days, total in ((80, 20), (1, 19 - n % 13)):
                at = time.now() - timedelta(days=days)
                AScore(sheet=ASheet(client=client, answered_at=at), total_rounded=total)
        return counted(browser, "/desk/outcomes/clinicians/")

    grown(10)
    few, many = grown(1), grown(10)
    assert len(many) == len(few) <= 8, "\n".join(many)


ASSESSED = {"": 11, "report/": 12, "version": 13, "add/": 13, "tests": 12}


@pytest.mark.parametrize("path", ASSESSED)
def test_an_assessment_takes_as_many_for_twelve_tests_as_for_two(house, path):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house, birth_on=BORN)
    plan = planned(mara, ana.account)
    browser = inside(ana.account)
    page = f"/desk/clients/{mara.pk}/assessments/{plan.pk}/"

    def grown(by):
        for n in range(by):
            table = loaded(ana.account, title=f"Table {n}")
            test = elsewhere(plan, ana.account, table=table)
            scored(test, ana.account, table)
            AScore(sheet=ASheet(client=mara))
            report = AnAssessmentReport(assessment=plan, number=plan.reports.count() + 1)
        one_of = {"tests": f"tests/{test.pk}/", "version": f"report/{report.pk}/"}
        return counted(browser, page + one_of.get(path, path))

    asked_in(plan, ana.account)
    grown(1)
    few, many = grown(1), grown(10)

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= ASSESSED[path], "\n".join(many)


def test_assessments_and_norm_tables_take_as_many_for_many(house):
    ana = Colleague(at=[house])
    mara = ClientOf(care_team=[ana], place=house)
    browser = inside(ana.account)
    table = loaded(ana.account)
    pages = [f"/desk/clients/{mara.pk}/assessments/", f"/desk/practice/norms/{table.pk}/",
             "/desk/practice/norms/", "/desk/practice/batteries/"]  # fmt: skip

    def grown(by):
        for _ in range(by):
            planned(mara, ana.account)
            loaded(ana.account, table=table)
            loaded(ana.account)
            ABattery(tests=[{"title": "Block test", "instrument": ""}])
        return [len(counted(browser, page)) for page in pages]

    grown(1)
    few, many = grown(1), grown(10)
    assert many == few
    assert all(n <= most for n, most in zip(many, (9, 8, 6, 6), strict=True)), many


def test_an_interview_takes_as_many_for_a_long_form_as_for_a_short_one(house):
    olga = Colleague(at=[house], roles=["OWNER", "CLINICIAN"])
    mara = ClientOf(care_team=[olga], place=house)
    browser = inside(olga.account)
    measures = f"/desk/clients/{mara.pk}/measures/"

    def grown(many):
        form = built(olga.account, *[question() for _ in range(many)], now=time.now())
        given = {"by": olga.account, "client": mara, "now": time.now()}
        row = interviewing.begin(instrument=form.code, version=1, **given)
        at = f"{measures}interview/"
        pages = (at, f"{at}{row.pk}/1/", f"{at}{row.pk}/check/", measures)
        return [len(counted(browser, page)) for page in pages]

    grown(2)
    few, many = grown(2), grown(20)
    assert many == few
    assert all(n <= most for n, most in zip(many, (11, 11, 11, 17), strict=True)), many


COMPARED = {"/desk/practice/change/": 7, "/desk/practice/change/phq-9/": 7,
            "/desk/practice/change/phq-9/groups/": 7, "group": 8, "course": 12}  # fmt: skip


def test_groups_to_compare_with_take_as_many_for_many(house):
    olga = Colleague(roles=["OWNER", "CLINICIAN"], at=[house])
    mara, by = ClientOf(care_team=[olga], place=house), olga.account
    for days in (9, 1):
        AScore(sheet=ASheet(client=mara, answered_at=NOW - timedelta(days=days)))
    browser, first = inside(by), entered(by)
    choosing.choose(by=by, instrument="phq-9", what=comparing.code(first),
                    way=Way("practice-corrected"), now=NOW)  # fmt: skip
    own = {"group": f"/desk/practice/groups/{first.group.pk}/",
           "course": f"/desk/clients/{mara.pk}/course/phq-9/"}  # fmt: skip

    def grown(by_many):
        for _ in range(by_many):
            entered(by)
            entering.end(by=by, group=entered(by, "gad-7", treated=True).group, now=NOW)
            seen = first.group.versions.count()
            entering.correct(by=by, group=first.group, seen=seen, given=WAITED, now=time.now())
        return {page: counted(browser, own.get(page, page)) for page in COMPARED}

    grown(1)
    few, many = grown(1), grown(8)
    for page, most in COMPARED.items():
        assert len(many[page]) == len(few[page]) <= most, "\n".join(many[page])
