"""Practices to go round in: one with a row for every address and long names, one just begun."""

import uuid
from datetime import timedelta

from rapport.contact.inquiries import actions as inquiries
from rapport.contact.models import (
    AskUs,
    Delivery,
    Failing,
    Feed,
    Gateway,
    MailServer,
    Notice,
    Outbox,
    Preference,
    Reminding,
    Reply,
    TypeReminders,
)
from rapport.core import time
from rapport.core.models import BackupRecord, Job
from rapport.core.policy import System
from rapport.meeting.models import (
    Accepted,
    Appointment,
    AppointmentType,
    Diary,
    Introduction,
    Occupancy,
)
from rapport.meeting.terms import actions as terms
from rapport.meeting.waiting import answering as replies
from rapport.meeting.waiting import offering, places
from rapport.people.accounts import invitations
from rapport.people.circle import actions as circle
from rapport.people.models import Account, CareTeamMember, Import
from rapport.progress.batteries import actions as batteries
from rapport.progress.batteries import giving, named, reporting
from rapport.progress.batteries.queries import lines as lines_of
from rapport.progress.batteries.queries import tests as tests_of
from rapport.progress.chosen import actions as choosing
from rapport.progress.chosen import entering
from rapport.progress.chosen import queries as comparing
from rapport.progress.daily import actions as daily
from rapport.progress.daily import answering, pausing, phasing
from rapport.progress.informants import actions as informants
from rapport.progress.measures import actions as measures
from rapport.progress.measures import asking, interviewing
from rapport.progress.measures.judging import Way
from rapport.progress.models import Acceptance, Informant
from rapport.progress.own import items
from rapport.progress.packs import actions as packs
from rapport.progress.schedules import actions as schedules
from rapport.record.models import OtherDraft
from rapport.record.notes import signing
from rapport.record.process_notes import actions as process_notes
from tests.factories import (
    LONG_AGO,
    AChange,
    AConflictCheck,
    AConflictLook,
    AConsent,
    ADaySheet,
    AFit,
    AFreedHour,
    AHouseServer,
    AKeyed,
    ALeftOut,
    AMark,
    AnAccount,
    AnAlert,
    AnAlertStep,
    AnAppointment,
    AnEpisode,
    AnEquipment,
    AnInformant,
    AnInquiry,
    AnInquiryTask,
    ANote,
    AnOtherDay,
    AnOutside,
    APause,
    APlace,
    APractice,
    APushed,
    AReferral,
    AReferrer,
    ARelatedPerson,
    ARoom,
    AScore,
    ASeries,
    ASheet,
    ASignal,
    ASignalStep,
    ASource,
    AStretch,
    ATimeOff,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.progress.grouped_here import WAITED, entered
from tests.progress.held_here import SAID, built, goal, gone_through, licensed, question, words_of
from tests.progress.tested_here import BORN, LINES, asked_in, elsewhere, loaded, planned, scored
from tests.web.desk.test_imports import read
from tests.web.stepping import inside

UNBROKEN = ("Wolfeschlegelsteinhausenbergerdorff" * 9)[:300]
ALIKE = UNBROKEN[5:]  # as long, of somebody whom the same letters do not find
MANY_WORDS = ("Donaudampfschifffahrtsgesellschaft Kapitänin " * 7)[:300]

TABLE = "name,dob,mail,phone\nMara Lindgren,1990-05-04,mara@example.net,+49 30 901820\n"


def furnished(*, long=UNBROKEN, words=MANY_WORDS, arabic="سلمى " * 60):
    """Everything there is, under names as long as they may be.

    ``rows`` has the key that stands in for each parameter of an address.
    """
    now = time.now()
    APractice(name=words, discreet_name=words[:60])
    AskUs.objects.create(pk=1, is_open=True, shows_names=True)
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
    person = ARelatedPerson(client=mara, name=arabic[:300], emergency=True, remark=long,
                            mail=f"{long[:60]}@example.org", safe_to_write=True,
                            may_know="CARE")  # fmt: skip
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
    for occasion in ("MONTH", "DISCHARGE", "FOLLOW_UP"):
        schedules.stand(instruments=["pcl-5"], occasion=occasion, weeks=[4, 104], **given)
    planned = {"by": ana.account, "now": now}
    for occasion in ("INTAKE", "SESSION", "REVIEW", "FOLLOW_UP"):
        (line, *_more) = schedules.plan(instruments=["phq-9", "audit-c"], occasion=occasion,
                                        sessions=10, weeks=[13], **planned)  # fmt: skip
    schedules.plan(instruments=["phq-9"], occasion="INTAKE", whom="PARENTS", language="de",
                   **planned)  # fmt: skip
    rule = schedules.recheck(instrument="phq-9", condition="item:9:1", then="pcl-5",
                             after_days=14, **planned)  # fmt: skip
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
    way = Way("published", cutoff="va-strict")
    choosing.choose(by=ana.account, instrument="pcl-5", what="change:nhs", way=way, now=now)
    rows_of_groups = compared(ana, now, long=long, words=words)
    answered_by_others(mara, person, ana, now)
    lived = marked(mara, now, long=long, words=words)
    lived |= day_by_day(mara, ana, now, long=long, words=words)
    AnAlertStep(alert=alert, how="OWNER")
    AnAlertStep(alert=alert, what="NOTED", how="NOT_REACHED", staff=ana, done=words)
    signal = ASignal(score=sheet.score, owner=ana, level="RED", prorated=True)
    ASignalStep(signal=signal, staff=jo, words=words, undone_at=now)
    AFit(failed_at=now, failed_as="STOPPED")
    meetings = met(ana, jo, mara, couple, house, long)
    hours = _hours(ana, jo, house, long)
    rest = _standing(mara, ana, meetings[0], long)
    offer = _waiting(ana, mara, house, long=long, words=words)
    elsewhere = _elsewhere(ana, meetings, long, portal)
    _packs(ana, long, now)
    note, thought = _notes(mara, ana, jo, words=words, long=long)
    rows = {
        "note": note, "process_note": thought, "offer": offer, "hour": offer.hour,
        "entry": offer.entry,
        "appointment": meetings[0], "room": meetings[0].room,
        "equipment": _equipped(meetings[0], long), "series": rest.series,
        "pause": rest, **hours,
        "signal": signal, "step": ASignalStep(signal=signal, staff=ana, words=long),
        **lived, **rows_of_groups,
        "client": mara, "alert": alert, "couple": couple, "contact": contact, "person": person,
        "episode": AnEpisode(client=mara, responsible=ana, problem="LOSS"), "member": member,
        "staff": jo, "leaving": jo, "place": house, "job": job, "account": ana.account,
        "supervision": SupervisedBy(supervisor=jo, supervisee=ana),
        "consent": AConsent(client=mara, version=long[:40]),
        "line": line, "recheck": rule, **_keyed(mara, ana),
        "interview": interviewing.begin(instrument="phq-9", version=1, **given),
        "asked": put[0].asked, "rule": mara.asks.earliest("set_at"), "sheet": sheet,
        "outside": elsewhere[0], "pushed": elsewhere[1],
        "server": AHouseServer(host=f"{long[:240]}.example", allowed_by=ana.account),
        "source": Import.objects.get(), "session": ana.account.sessions.get(),
        "type": offered(ana, jo, meetings, mara, words=words, long=long, now=now),
    }  # fmt: skip
    rows["accepted"] = Accepted.objects.get(client=mara, how="PAPER")
    rows |= asked(ana, jo, house, long=long, words=words)
    rows["form"] = held(ana, mara, long=long, words=words)
    rows |= assessed(ana, mara, long=long, words=words)
    SupervisedBy(supervisor=ana, supervisee=gone)
    ADaySheet(staff=ana, fetched_at=now - timedelta(days=2))
    reminded(mara, contact, meetings, now, words=words, long=long)
    return {"desk": ana.account, "portal": Account.objects.get(pk=portal.pk), "rows": rows}


def compared(ana, now, *, long, words):
    """Groups to compare with under long words: in use and corrected, ended, in treatment."""
    given = {"people": words[:500], "source": long[:500], "note": words[:500], "now": now}
    used = entered(ana.account, **given).group
    by = {"by": ana.account, "now": now}
    code = comparing.code(used.versions.get())
    way = Way("practice-corrected", cutoff="developers")
    choosing.choose(instrument="phq-9", what=code, way=way, **by)
    figures = WAITED | {"people": long[:500], "source": words[:500], "n": "40"}
    entering.correct(group=used, seen=1, given=figures, **by)
    entering.end(group=entered(ana.account, **given).group, **by)
    entered(ana.account, treated=True, **given)
    return {"group": used}


def _keyed(mara, ana):
    """A sheet keyed once and one keyed twice, not alike."""
    once = AKeyed(client=mara, first_by=ana.account)
    other = {"answers": {str(n): 2 for n in range(1, 11)}, "facts": {}}
    twice = AKeyed(client=mara, first_by=ana.account, second=other, second_by=ana.account,
                   second_at=time.now(), state="DIFFERS")  # fmt: skip
    return {"keyed": once, "differing": twice}


def held(ana, mara, *, long, words):
    """A questionnaire built here under long words, text typed into a shell, a client's goals."""
    by, now = ana.account, time.now()
    pairs = [[0, long[:200]], [1, words[:200]]]
    form = built(
        by, question(kind="choice", text=long * 3, answers=pairs, section=words[:200], alert=1),
        question(text=words, low=long[:200], ask_if=["1", ">=", 1], part=long[:200]),
        question(kind="text", text=words, counts=False),
        title=long[:200], about=words * 3, now=now,
        bands=[[0, 5, long[:200]], [6, 11, words[:200]]],
    )  # fmt: skip
    built(by, question(), now=now, title=words[:200])
    licensed(by, now=now, items={str(n): f"{n} {long}" for n in range(1, 8)})
    bank = "promis-depression"
    licensed(by, bank, now=now, items={key: f"{key} {long}" for key in words_of(bank)})
    for days, answer in ((60, 4), (3, 2)):
        day = now - timedelta(days=days)
        with time.at(day):
            gone_through(by, mara, lambda key, answer=answer: answer, now=day)
    goals = [goal(text[:200], 9, levels=[f"{n} {text[:190]}" for n in range(5)])
             for text in (long, words)]  # fmt: skip
    items.set_items(by=by, client=mara, kind="GOALS", items=goals, said=SAID, language="en",
                    now=now)  # fmt: skip
    return form


def assessed(ana, mara, *, long, words):
    """A plan under long words with a test in each state, norms in use and looked at, a report."""
    by, now = ana.account, time.now()
    mara.birth_on = BORN
    mara.save(update_fields=["birth_on"])
    lines = LINES.replace("Memory", long[:120]).replace("Speed", words[:100].strip())
    table = loaded(by, lines=lines, now=now, title=long[:200], population=words, source=long)
    loaded(by, lines=lines, now=now, table=table, release=False, title=long[:200])
    loaded(by, now=now, title=words[:200], lines="scale,age_from,age_to,mean,sd\nA,6,9,20,4\n")
    plan = planned(mara, by, question=f"{words}\n\n{long}", now=now)
    scales = [long[:120], " ".join(words[:100].split())]
    test = elsewhere(plan, by, title=long[:200], scales=scales, table=table, minutes=40)
    scored(test, by, table, now=now, **dict.fromkeys([*scales, words[:90].strip()], 25))
    asked_in(plan, by, minutes=5)
    asked_in(plan, by, "pcl-5")
    asked_in(plan, by, "audit-c")
    out = elsewhere(plan, by, title=words[:200], scales=[])
    giving.settle(by=by, client=mara, test=out, minutes=9, note=long, left_out=True, now=now)
    runs = elsewhere(plan, by, title=words[:200])
    giving.keep_time(by=by, client=mara, test=runs, do="start", now=now)
    battery = named.keep(by=by, name=long[:120], tests=tests_of(plan), now=now)
    named.retire(by=by, now=now, battery=named.keep(by=by, name=words[:120], tests=tests_of(plan),
                                                    now=now))  # fmt: skip
    kept = reporting.rows_of(lines_of(by=by, assessment=plan, now=now))
    report = reporting.save(
        by=by, client=mara, assessment=plan, how="true", level=0.9, now=now,
        pairs=[[kept[0]["key"], kept[1]["key"]]],
        texts={"findings": f"{words}\n\n{long}", "summary": long, "advice": words},
        plain={"intro": words, "advice": long}, plain_lines={kept[0]["key"]: long},
    )  # fmt: skip
    done = planned(mara, by, question=long, now=now)
    batteries.finish(by=by, client=mara, assessment=done, now=now)
    return {"assessment": plan, "test": test, "table": table, "battery": battery, "report": report}


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
        client=ClientOf(legal_name=ALIKE, remark=words, **given), source=heard, received_at=now,
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


def answered_by_others(mara, person, ana, now):
    """Somebody around the client, a teacher and a clinician answered; one still waits, and is
    asked by itself."""
    AConsent(client=mara, kind="OTHERS", giver="GUARDIAN", giver_name=person.name, person=person)
    for occasion in ("SESSION", "MONTH", "FOLLOW_UP"):
        informants.stand(by=ana.account, client=mara, forms=["gad-7"], occasion=occasion,
                         person=person, calls=person.name[:40], weeks=[13], now=now)  # fmt: skip
    informants.ask(by=ana.account, client=mara, forms=["gad-7"], person=person,
                   calls=person.name[:40], now=now)  # fmt: skip
    around = Informant.objects.get(client=mara)
    teacher = AnInformant(client=mara, kind="TEACHER")
    rater = AnInformant(client=mara, kind="CLINICIAN", by_role=False, rater=ana)
    for days, who, total in ((50, around, 12), (20, around, 18), (20, teacher, 9), (5, rater, 7)):
        sheet = ASheet(client=mara, answered_at=now - timedelta(days=days), informant=who,
                       source="CLINICIAN" if who is rater else "INFORMANT")  # fmt: skip
        AScore(sheet=sheet, total=total, total_rounded=total)


def marked(client, now, *, long, words):
    """What happened to a client: corrected once, shared, and one of the client's own."""
    today = now.date()
    mark = AMark(client=client, words=long, on=today - timedelta(days=200))
    AMark(client=client, words=words[:300], on=mark.on, replaced_by=mark)
    AMark(client=client, kind="MILESTONE", words=words[:300], shared=True,
          on=today - timedelta(days=20))  # fmt: skip
    own = AMark(client=client, words=long, by_client=True, shared=True, on=today)
    return {"mark": mark, "own_mark": own}


def day_by_day(client, ana, now, *, long, words):
    """Forty days of three things under long names, with gaps, in two phases; one plan before."""
    today = time.local(now).date()
    given = {"by": ana.account, "client": client}
    then = now - timedelta(days=40)
    with time.at(then):
        before = then - timedelta(hours=1)
        old = daily.begin(from_on=then.date(), until_on=None, times=[], now=before, **given)
        daily.end(plan=old, now=before, **given)
        plan = daily.begin(from_on=then.date(), until_on=None, times=[words[:60], long[:60]],
                           now=then, **given)  # fmt: skip
        asked = [
            daily.add(plan=plan, kind=kind, title=text, better="lower", low=long[:60],
                      high=words[:60], now=then, **given)
            for kind, text in (("RATING", long[:200]), ("COUNT", words[:200]), ("YES_NO", "Out?"))
        ]  # fmt: skip
    own = Account.objects.get(pk=client.account_id)
    for n in range(40):
        at = now - timedelta(days=n)
        for slot in () if n in (3, 4, 20, 30, 31) else (0, 1):
            answers = {str(one.pk): (n + slot) % most
                       for one, most in zip(asked, (11, 40, 2), strict=True)}  # fmt: skip
            answering.keep(by=own, on=time.local(at).date(), slot=slot, answers=answers,
                           sent=uuid.uuid4(), now=at)  # fmt: skip
    phases = [phasing.mark(letter=letter, words=long[:200], on=today - timedelta(days=days),
                           now=now, **given)
              for letter, days in (("A", 40), ("B", 20))]  # fmt: skip
    pause = pausing.pause(plan=plan, from_on=today - timedelta(days=31),
                          back_on=today - timedelta(days=29), now=now, **given)  # fmt: skip
    return {"question": asked[0], "phase": phases[1], "daily_pause": pause}


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


def _hours(ana, jo, house, long):
    """A week, a single day, a holiday with meetings in it, and types of every colour."""
    stretch = AStretch(staff=ana, weekday=time.today().isoweekday(), place=house, ways=["VIDEO"])
    AStretch(staff=jo, weekday=2, from_at="08:00", until_at="12:30")
    today = time.day_bounds(time.today())[0]
    gone = ATimeOff(
        staff=ana, starts_at=today, ends_at=today + timedelta(days=3), why="OTHER", made_at=today
    )
    types = [
        AType(name=f"{colour} {long}"[:80], colour=colour, minutes=n * 25, position=n,
              price_tag=long[:40], bookers=["STAFF", "PUBLIC"], heavy=n % 2)
        for n, colour in enumerate(AppointmentType.Colour.values, 1)
    ]  # fmt: skip
    types[0].clinicians.add(ana, jo)
    AType(name=long[:70], closed_on=LONG_AGO)
    for n, one in enumerate(Appointment.objects.filter(clinician=ana)):
        one.type = types[n % len(types)]
        one.save(update_fields=["type"])
    later = time.today() + timedelta(days=1)
    day = AnOtherDay(staff=ana, on=later, stretches=[["07:00", "09:30"], ["16:00", "21:00"]])
    AnOtherDay(staff=ana, on=later + timedelta(days=8), stretches=[])
    return {"stretch": stretch, "time_off": gone, "type": types[0], "day": day}


def _equipped(meeting, long):
    """A piece that was given up and that a meeting has all the same, and another of its kind."""
    of = {"place": meeting.place, "kind": long[:60]}
    piece = AnEquipment(name=long[:60], closed_on=time.today(), **of)
    AnEquipment(**of)
    times = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    Occupancy.objects.create(kind="EQUIPMENT", thing=piece.pk, appointment=meeting, **times)
    AppointmentType.objects.filter(colour="GREY").update(equipment=[long[:60], "Test case"])
    return piece


def _standing(mara, ana, meeting, long):
    """A standing slot: one moved, days left out for every reason, a pause; it follows another."""
    monday = time.today() - timedelta(time.today().weekday())
    rooms = [ARoom(place=meeting.place, name=f"{n}{long[:58]}") for n in (1, 2)]
    given = {"client": mara, "clinician": ana, "place": meeting.place, "starts_on": monday,
             "rooms": [str(room.pk) for room in rooms]}  # fmt: skip
    old = ASeries(ended_on=monday, **given)
    series = ASeries(follows=old, rule="FREQ=WEEKLY;BYDAY=MO", **given)
    meeting.series, meeting.nth_on = series, monday
    meeting.due_at = meeting.starts_at - timedelta(hours=1)
    meeting.save()
    for weeks, why in enumerate(("HOLIDAY", "AWAY", "TAKEN", "REMOVED", "PAUSE"), 2):
        ALeftOut(series=series, nth_on=monday + timedelta(7 * weeks), why=why)
    days = {"from_on": monday + timedelta(42), "until_on": monday + timedelta(60)}
    return APause(series=series, offered=True, **days)


def offered(ana, jo, meetings, mara, *, words, long, now):
    """What clients and strangers may book, the terms of it, and times that were asked for."""
    version = terms.set_terms(by=ana.account, hours=24, texts={"en": f"{words}\n\n{long}"},
                              from_on=time.today(), now=now)  # fmt: skip
    everybody = ["STAFF", "ACTIVE", "WAITING", "PUBLIC"]
    kind = AType(name=long[:80], price_tag=words[:40], bookers=everybody)
    AType(name=words[:80], bookers=everybody, needs_approval=True)
    for one in (ana, jo):
        for weekday in range(1, 8):
            AStretch(staff=one, weekday=weekday, place=meetings[0].place)
    Accepted.objects.create(client=mara, appointment=meetings[0], terms=version, at=now)
    terms.note_accepted(by=ana.account, client=mara, terms=version, how="PAPER", now=now,
                        on=time.today() - timedelta(days=40))  # fmt: skip
    waits = AnAppointment(client=mara, clinician=ana, status="REQUESTED", type=kind,
                          starts_at=now + timedelta(days=3), booked_at=now)  # fmt: skip
    Introduction.objects.create(client=mara, appointment=waits, words=long[:300], zone="UTC",
                                may_contact_at=now)  # fmt: skip
    return kind


def _waiting(ana, mara, house, *, long, words):
    """An hour on offer to Mara, one that is free, one that was given, and others who wait."""
    now = time.now()
    start = time.day_bounds(time.today() + timedelta(days=2))[0] + timedelta(hours=14)
    entry = AWaitingEntry(client=mara, remark=f"{words}\n{long}", urgency=1, asked_at=now,
                          weekdays=[1, 2, 3, 4, 5, 6, 7], since=now - timedelta(weeks=30),
                          parts=["MORNING", "AFTERNOON"], ways=["VIDEO"])  # fmt: skip
    entry.clinicians.add(ana)
    entry.places.add(house)
    entry.types.add(AType(name=f"Waits {words}"[:80]))
    hours = [
        AFreedHour(clinician=ana, place=house, starts_at=start + timedelta(hours=n), could_take=2,
                   ways=["HERE", "VIDEO", "PHONE"], **given)
        for n, given in enumerate(({"rule": places.weekly(start.date(), 2)}, {},
                                   {"state": "GIVEN", "settled_at": now}))
    ]  # fmt: skip
    offering.offer(by=System("test"), hour=hours[0], now=now, how="IN_TURN")
    for state in ("LAPSED", "WAITING"):
        AWaitingEntry(client=ClientOf(legal_name=ALIKE, care_team=[ana], place=house), state=state,
                      asked_at=now, asked_how="PAGE")  # fmt: skip
    mine = hours[0].offers.get(client=mara)
    return replies.not_reached(by=System("test"), offer=mine, now=now)


def reminded(mara, contact, meetings, now, *, words, long):
    """Rules, every gateway, a choice, an address that fails, and a message in every state."""
    Reminding.objects.create(offsets=[2880, 1440, 120, 30], channels=["mail", "text", "folder"],
                             changed_at=now)  # fmt: skip
    agreed = {"agreed_with": words[:200], "agreed_on": LONG_AGO, "changed_at": now}
    for id, way in enumerate(("TEXT", "CALL"), 1):
        url = f"https://gate.example/{long[:400]}"
        Gateway.objects.create(id=id, reaches=way, url=url, **agreed)
    Outbox.objects.create(**agreed)
    Failing.objects.create(contact=contact, lookup=contact.lookup, code="5.1.1", since=now)
    TypeReminders.objects.create(type=AType(name=f"Told {words}"[:80]), offsets=[60, 5])
    Preference.objects.create(client=mara, offsets=[60], says="CLINICIAN", zone="Asia/Kathmandu",
                              channels=["text"], changed_at=now)  # fmt: skip
    errors = {"FAILED": "NoWay", "BOUNCED": "Bounced 5.1.1", "UNSURE": "Web.slow",
              "DROPPED": "NoLongerTrue", "PLANNED": "ConnectionRefusedError"}  # fmt: skip
    ahead = AnAppointment(client=mara, clinician=meetings[0].clinician,
                          starts_at=now + timedelta(days=9), confirmed_at=now)  # fmt: skip
    for meeting in (meetings[0], ahead):
        for n, state in enumerate(Delivery.State.values):
            Delivery.objects.create(
                client=mara, appointment=meeting, kind="REMINDER", starts_at=meeting.starts_at,
                offset=n + 30, channel="mail" if n else "", state=state, attempts=n,
                error=errors.get(state, ""), planned_at=now - timedelta(hours=1),
            )  # fmt: skip
    for meeting in meetings[0], ahead:
        Reply.objects.create(client=mara, appointment=meeting, starts_at=meeting.starts_at,
                             does="MOVE", at=now)  # fmt: skip


def _packs(owner, long, now):
    """One that is on, one with a long permission that was withdrawn, one with older conditions."""
    given = {"by": owner.account, "now": now}
    packs.accept(pack="dass", version=1, use="PAID", **given)
    packs.accept(pack="audit", version=1, use="PAID", permitted_by=long, **given)
    packs.withdraw(pack="audit", **given)
    packs.accept(pack="core", version=1, use="FREE", **given)
    Acceptance.objects.filter(pack="core").update(version=0)


def _elsewhere(ana, meetings, long, portal):
    """Calendars elsewhere: one to choose, one that fails, one where meetings stand otherwise."""
    now = time.now()
    given = {"staff": ana, "host": f"{long[:240]}.example"}
    choice = AnOutside(found=[[f"https://a.example/{n}", long[:100]] for n in range(3)],
                       error="unchosen", name=long[:60], **given)  # fmt: skip
    AnOutside(kind="ICS", name=long[:60], failures=4, error="garbled", left_out=3, busy=212,
              tried_at=now, **given)  # fmt: skip
    row = AnOutside(name="family", writes=True, fetched_at=now, busy=1, **given)
    moved = [
        APushed(outside=row, appointment=meetings[0]),
        APushed(outside=row, appointment=meetings[3], what="GONE", theirs_starts_at=None,
                theirs_ends_at=None),
        APushed(outside=row, appointment=meetings[4]),
        APushed(outside=row, appointment=meetings[5], what="UNCLEAR", theirs_starts_at=None,
                theirs_ends_at=None),
    ]  # fmt: skip
    Feed.objects.create(account=ana.account, token=b"a" * 32, made_at=now, read_at=now)
    Feed.objects.create(account=portal, token=b"b" * 32, made_at=now, words=long[:60])
    return choice, moved[0]


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
    AskUs.objects.create(pk=1, is_open=True, shows_names=False)
    olga, ben = Colleague(roles=["OWNER", "CLINICIAN"]), Colleague(roles=["CLINICIAN"])
    rows = {"staff": ben, "leaving": ben}

    def client():
        portal = AnAccount(realm=Account.Realm.PORTAL)
        rows["client"] = ClientOf(legal_name="Mara Kühn", account=portal, care_team=[ben])
        rows["couple"] = ClientOf(legal_name="The Kühns", kind="COUPLE", care_team=[ben])
        return Account.objects.get(pk=portal.pk)

    return {"owner": olga.account, "clinician": ben.account, "client": client, "rows": rows}
