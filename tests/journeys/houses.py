"""Practices to go round in: one with a row for every address and long names, one just begun."""

from datetime import timedelta

from rapport.contact.models import MailServer, Notice
from rapport.core import time
from rapport.core.models import BackupRecord, Job
from rapport.people.accounts import invitations
from rapport.people.circle import actions as circle
from rapport.people.models import Account, CareTeamMember, Import
from rapport.record.models import OtherDraft
from rapport.record.notes import signing
from rapport.record.process_notes import actions as process_notes
from tests.factories import (
    LONG_AGO,
    AnAccount,
    AnEpisode,
    ANote,
    APlace,
    APractice,
    ARelatedPerson,
    AScore,
    ASheet,
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
    invitations.make(by=ana.account, account=portal, purpose="CLIENT", now=now)
    read(inside(ana.account), f"{TABLE}{long},1990-05-04,{long},x\n{words},,,\n{words},,,\n")
    note, thought = _notes(mara, ana, jo, words=words, long=long)
    rows = {
        "note": note, "process_note": thought,
        "client": mara, "couple": couple, "contact": contact, "person": person,
        "episode": AnEpisode(client=mara, responsible=ana, problem="LOSS"), "member": member,
        "staff": jo, "leaving": jo, "place": house, "job": job, "account": ana.account,
        "supervision": SupervisedBy(supervisor=jo, supervisee=ana),
        "source": Import.objects.get(), "session": ana.account.sessions.get(),
    }  # fmt: skip
    SupervisedBy(supervisor=ana, supervisee=gone)
    return {"desk": ana.account, "portal": Account.objects.get(pk=portal.pk), "rows": rows}


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
