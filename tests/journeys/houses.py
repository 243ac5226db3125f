"""Practices to go round in: one with a row for every address and long names, one just begun."""

from datetime import timedelta

from rapport.contact.inquiries import actions as inquiries
from rapport.contact.models import MailServer, Notice
from rapport.core import time
from rapport.core.models import BackupRecord, Job
from rapport.meeting.models import Diary
from rapport.people.accounts import invitations
from rapport.people.circle import actions as circle
from rapport.people.models import Account, CareTeamMember, Import
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking
from rapport.record.models import OtherDraft
from rapport.record.notes import signing
from rapport.record.process_notes import actions as process_notes
from tests.factories import (
    LONG_AGO,
    AChange,
    AConflictCheck,
    AConflictLook,
    AConsent,
    AnAccount,
    AnAlert,
    AnAlertStep,
    AnAppointment,
    AnEpisode,
    AnInquiry,
    AnInquiryTask,
    ANote,
    APlace,
    APractice,
    AReferral,
    AReferrer,
    ARelatedPerson,
    ARoom,
    AScore,
    ASheet,
    ASource,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.desk.test_imports import read
from tests.web.stepping import inside

UNBROKEN = ("Wolfeschlegelsteinhausenbergerdorff" * 9)[:300]
MANY_WORDS = ("Donaudampfschifffahrtsgesellschaft Kapitänin " * 7)[:300]

TABLE = "name,dob,mail,phone\nMara Lindgren,1990-05-04,mara@example.net,+49 30 901820\n"


def furnished(*, long=UNBROKEN, words=MANY_WORDS, arabic="سلمى " * 60):
    """Everything there is, under names as long as they may be.

    ``rows`` has the key that stands in for each parameter of an address.
    """
    now = time.now()
    APractice(name=words, discreet_name=words[:60])
    house, old = APlace(name=long[:120], address=words), APlace(name=words[:120])
    roles = ["CLINICIAN", "OWNER", "SUPERVISOR"]
    ana = Colleague(roles=roles, at=[house, old], display_name=long)
    jo = Colleague(at=[house], legal_name=words, roles=["CLINICIAN", "INTERN", "SUPERVISOR"])
    gone = Colleague(at=[house], display_name=words, ended_on=LONG_AGO)
    portal = AnAccount(realm=Account.Realm.PORTAL, email=f"{long[:240]}@example.org")
    mara = ClientOf(
        legal_name=long, preferred_name=arabic, pronouns=words[:40], care_team=[ana],
        place=house, account=portal, address=words, remark=long,
    )  # fmt: skip
    contact = circle.add_contact(
        by=ana.account, client=mara, kind="MAIL", value=f"{long[:60]}@example.org",
        label=long[:40], safe_to_write=True,
    )  # fmt: skip
    circle.add_contact(by=ana.account, client=mara, kind="PHONE", value="+49 30 901820")
    person = ARelatedPerson(client=mara, name=arabic[:300], emergency=True, remark=long)
    couple = ClientOf(legal_name=words, kind="COUPLE", care_team=[ana], place=house)
    circle.add_member(by=ana.account, client=couple, member=mara)
    ClientOf(legal_name="Jonas Weber", care_team=[ana], place=house, restricted=True)
    member = CareTeamMember.objects.create(client=mara, staff=jo, from_on=LONG_AGO)
    AnEpisode(client=mara, responsible=ana, closed_on=LONG_AGO, close_reason="MOVED")
    job = Job.objects.create(
        name="none", state="DEAD", run_at=now, created_at=now, finished_at=now, attempts=5,
        error=long[:100],
    )  # fmt: skip
    tries = [{"size": 4_200_000}, {"outcome": "OSError"}, {"restore_tested_at": now}]
    for days, more in enumerate(tries):
        BackupRecord.objects.create(made_at=now - timedelta(days), digest=b"x" * 32, **more)
    MailServer.objects.create(
        host=f"{long[:240]}.example", from_address=f"{long[:240]}@example.org", changed_at=now
    )
    for state, error in (("SENT", ""), ("FAILED", "SMTPRecipientsRefused")):
        Notice.objects.create(
            kind="invitation", account_id=portal.pk, state=state, error=error, created_at=now,
            attempts=3,
        )  # fmt: skip
    given = {"by": ana.account, "client": mara, "now": now}
    asking.set_rule(instruments=["phq-9", "audit-c"], hours_before=24, **given)
    put = asking.ask(instruments=["gad-7", "pcl-5"], way="LINK", **given)
    sheet = measures.enter(
        instrument="phq-9", version=1, source="PAPER", answered_on=time.today(),
        answers={str(n): 2 for n in range(1, 9)} | {"9": None}, **given,
    )  # fmt: skip
    invitations.make(by=ana.account, account=portal, purpose="CLIENT", now=now)
    read(inside(ana.account), f"{TABLE}{long},1990-05-04,{long},x\n{words},,,\n{words},,,\n")
    risky = ASheet(client=mara, answers={str(n): 3 for n in range(1, 10)})
    alert = AnAlert(sheet=risky, rule="self-harm", owner=ana, deputy=jo)
    course(mara, now)
    AnAlertStep(alert=alert, how="OWNER")
    AnAlertStep(alert=alert, what="NOTED", how="NOT_REACHED", staff=ana, done=words)
    meetings = met(ana, jo, mara, couple, house, long)
    note, thought = _notes(mara, ana, jo, words=words, long=long)
    rows = {
        "note": note, "process_note": thought,
        "appointment": meetings[0], "room": meetings[0].room,
        "client": mara, "alert": alert, "couple": couple, "contact": contact, "person": person,
        "episode": AnEpisode(client=mara, responsible=ana, problem="LOSS"), "member": member,
        "staff": jo, "leaving": jo, "place": house, "job": job, "account": ana.account,
        "supervision": SupervisedBy(supervisor=jo, supervisee=ana),
        "consent": AConsent(client=mara, version=long[:40]),
        "asked": put[0].asked, "rule": mara.asks.order_by("pk")[0], "sheet": sheet,
        "source": Import.objects.get(), "session": ana.account.sessions.get(),
    }  # fmt: skip
    rows |= asked(ana, jo, house, long=long, words=words)
    SupervisedBy(supervisor=ana, supervisee=gone)
    return {"desk": ana.account, "portal": Account.objects.get(pk=portal.pk), "rows": rows}


def asked(ana, jo, house, *, long, words):
    """Inquiries under long names: one with everything beside it, one in each other stage."""
    now, today = time.now(), time.today()
    given = {"place": house, "care_team": [ana], "status": "INQUIRY"}
    heard = ASource(name=long[:80])
    ASource(name=words[:80], closed_on=LONG_AGO)
    colleague = AReferrer(name=long[:200], specialities=words, phone=words[:60], takes="YES",
                          mail=f"{long[:60]}@example.org", address=words,
                          asked_on=today)  # fmt: skip
    inquiry = AnInquiry(
        client=ClientOf(legal_name=long, remark=words, **given), source=heard, received_at=now,
        referrer=colleague, seeks=long, clinician=ana, responsible=jo, way="VIDEO",
    )  # fmt: skip
    circle.add_contact(by=ana.account, client=inquiry.client, kind="PHONE", value="+49 30 901821")
    circle.add_contact(by=ana.account, client=inquiry.client, kind="MAIL",
                       value=f"{long[:60]}@example.org")  # fmt: skip
    inquiries.log(by=ana.account, inquiry=inquiry, what="SPOKE", words=long, now=now)
    for days in (-3, 0, 9):
        task = AnInquiryTask(inquiry=inquiry, words=words, due_on=today + timedelta(days=days),
                             whose=ana)  # fmt: skip
    check = AConflictCheck(inquiry=inquiry, names=["Jonas Weber", long])
    AConflictLook(check_of=check, staff=jo, answer="STANDS", at=now)
    for number, stage in enumerate(("CALLED", "FIT", "OFFERED", "REFERRED", "CLOSED")):
        AnInquiry(
            client=ClientOf(legal_name=words, **given), stage=stage, came_by="FORM",
            received_at=now - timedelta(days=40 * number), answered_at=now,
            why="SILENT" if stage == "CLOSED" else "",
        )  # fmt: skip
    return {
        "inquiry": inquiry, "task": task, "heard": heard, "referrer": colleague,
        "conflict": AConflictLook(check_of=check, staff=ana),
        "referral": AReferral(inquiry=inquiry, referrer=colleague, told=words,
                              shared=["NAME", "PHONE", "MAIL", "SEEKS"]),
    }  # fmt: skip


def course(client, now):
    """Scores that fall, with a pause, a prorated one and one of another version between."""
    given = [
        (400, 21, {}),
        (380, 19, {}),
        (250, 20, {"status": "PRORATED", "total": 19.6}),
        (236, 16, {}),
        (222, 15, {"version": 7}),
        (208, 14, {}),
        (194, 8, {}),
        (30, 6, {}),
    ]
    bands = [(20, "severe"), (15, "moderately-severe"), (10, "moderate"), (5, "mild")]
    for days, total, more in given:
        sheet = ASheet(client=client, answered_at=now - timedelta(days=days),
                       version=more.pop("version", 1))  # fmt: skip
        band = next(name for least, name in bands if total >= least)
        AScore(sheet=sheet, **{"total": total, "total_rounded": total, "band": band} | more)
    sheet = ASheet(client=client, answered_at=now - timedelta(days=370))
    AScore(sheet=sheet, status="NOT_SCORABLE", total=None, total_rounded=None, band="")


def met(ana, jo, mara, couple, house, long):
    """This week: kept, missed, cancelled, by video, of a couple, short, side by side, hidden."""
    Diary.objects.create(staff=ana, video_url="https://video.example/" + long[:200])
    room = ARoom(place=house, name=long[:60])
    nine = time.day_bounds(time.today())[0] + timedelta(hours=9)
    given = {"clinician": ana, "place": house}
    meetings = [
        AnAppointment(client=mara, starts_at=nine, room=room, way="VIDEO", **given),
        AnAppointment(client=couple, starts_at=nine + timedelta(hours=1), status="KEPT", **given),
        AnAppointment(client=mara, starts_at=nine + timedelta(hours=2), status="MISSED", **given),
        AnAppointment(client=mara, starts_at=nine + timedelta(hours=3),
                      ends_at=nine + timedelta(hours=3, minutes=5), **given),
        AnAppointment(client=mara, starts_at=nine + timedelta(hours=4), status="CANCELLED",
                      cancelled_by="CLIENT", **given),
        AnAppointment(client=ClientOf(care_team=[jo]), starts_at=nine + timedelta(hours=5),
                      **given),
    ]  # fmt: skip
    AChange(appointment=meetings[0], by=ana.account, reason=long, what="MOVED",
            before={"starts_at": nine.isoformat()})  # fmt: skip
    return meetings


def _notes(mara, ana, jo, *, words, long):
    """A draft with everything beside it, and a note in each other state; a process note."""
    AScore(sheet=ASheet(client=mara))
    both = {"client": mara, "author": ana, "sections": {"note": f"{words}\n\n{long}"}}
    signed = ANote(kind="OTHER", **both)
    signing.sign(by=ana.account, note=signed, revision=1, now=time.now())
    signing.add(by=ana.account, note=signed, text=words, now=time.now())
    ANote(state="RETURNED", supervisor=jo, remarks=words, **both)
    ANote(client=mara, author=jo, state="WAITING", supervisor=ana, signed_at=time.now())
    drawn = {"score": "x", "instrument": "pcl-5", "version": 1, "name": "PCL-5", "total": 40,
             "band": "", "on": "2026-11-24"}  # fmt: skip
    given = {"late": True, "drawn_in": [drawn], "supervisor": ana}
    note = ANote(**both | given | {"sections": {}})
    OtherDraft.objects.create(client=mara, note=note, sections={"note": long}, based_on=1,
                              window=note.pk, kept_at=time.now())  # fmt: skip
    by, now = ana.account, time.now()
    thought = process_notes.write(by=by, client=mara, text=f"{words}\n\n{long}", now=now)
    return note, thought


def begun():
    """The first day: an owner who sees clients, a clinician, and nobody else.

    ``client`` gives the clinician one of whom nothing is known yet.
    """
    APractice()
    olga, ben = Colleague(roles=["OWNER", "CLINICIAN"]), Colleague(roles=["CLINICIAN"])
    rows = {"staff": ben, "leaving": ben}

    def client():
        portal = AnAccount(realm=Account.Realm.PORTAL)
        rows["client"] = ClientOf(legal_name="Mara Kühn", account=portal, care_team=[ben])
        rows["couple"] = ClientOf(legal_name="The Kühns", kind="COUPLE", care_team=[ben])
        return Account.objects.get(pk=portal.pk)

    return {"owner": olga.account, "clinician": ben.account, "client": client, "rows": rows}
