"""A client's record, handed over: whole, readable, and silent in its name."""

import html.parser
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import formats, translation

from rapport.contact.inquiries import actions as inquiries
from rapport.contact.models import (
    Delivery,
    Failing,
    Preference,
    QuestionsTold,
    Reply,
    WaitingMessage,
)
from rapport.core import policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.core.policy import System
from rapport.people.care_team import actions as care_team
from rapport.people.circle import actions as circle
from rapport.people.clients import actions as clients
from rapport.people.export import actions, parts, words
from rapport.people.models import BreakGlass, Client, Session
from rapport.people.practice import queries as practice
from rapport.progress.models import AdaptiveTest, AssessmentReport
from tests.architecture.test_every_model_is_decided_about import leads_to_a_client, ours
from tests.factories import (
    AcceptedTerms,
    AChange,
    AConsent,
    ADailyEntry,
    ADailyPause,
    ADailyPlan,
    ADailyQuestion,
    AFreedHour,
    AKeyed,
    ALeftOut,
    AMark,
    AnAddendum,
    AnAlert,
    AnAlertStep,
    AnAppointment,
    AnAsk,
    AnAsked,
    AnAssessment,
    AnInformant,
    AnInquiry,
    AnInquiryTask,
    AnIntroduction,
    AnOffer,
    ANote,
    APause,
    APhase,
    APlace,
    APlannedTest,
    APractice,
    AReferral,
    AScore,
    ASeries,
    ASheet,
    ASignal,
    ASignalStep,
    ASource,
    AWaitingEntry,
    ClientOf,
    Colleague,
)
from tests.progress.held_here import asked_of
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

NOW = clock.now()
HEAD = {"format", "version", "made_at", "made_with", "practice", "left_out"}


@pytest.fixture
def mara():
    """A client with a row in every part."""
    APractice()
    ana = Colleague(legal_name="Ana Berg")
    one = clients.admit(
        by=ana.account, legal_name="Mara <b>Lindgren</b>", place=APlace(), clinician=ana, now=NOW,
        birth_on=date(1990, 5, 4), address="Birch Street 7", remark="ring twice",
    )  # fmt: skip
    circle.add_contact(by=ana.account, client=one, kind="MAIL", value="mara@example.net")
    circle.add_related(by=ana.account, client=one, relation="PARENT", name="Ole Lindgren")
    couple = ClientOf(kind=Client.Kind.COUPLE, care_team=[ana])
    circle.add_member(by=ana.account, client=couple, member=one)
    ben = Colleague()
    BreakGlass.objects.create(
        client=one, staff=ben, reason="in great need", opened_at=NOW,
        closes_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    _of_the_rooms_above(one, ana)
    one.ana, one.ben, one.couple = ana, ben, couple
    return one


def _of_the_rooms_above(client, ana):
    inquiry = AnInquiry(client=client, seeks="somebody to talk to", source=ASource(name="Radio"))
    inquiries.log(by=ana.account, inquiry=inquiry, what="SPOKE", words="rings again", now=NOW)
    AnInquiryTask(inquiry=inquiry)
    AReferral(inquiry=inquiry)
    AConsent(client=client, noted_by=ana.account)
    meeting = AnAppointment(client=client, clinician=ana)
    AChange(appointment=meeting, reason="the bus was late")
    AcceptedTerms(appointment=meeting)
    AnIntroduction(appointment=meeting)
    about = {"client": client, "appointment": meeting, "starts_at": meeting.starts_at}
    Delivery.objects.create(kind="REMINDER", offset=60, channel="mail", planned_at=NOW, **about)
    Reply.objects.create(does="MOVE", at=NOW, **about)
    Preference.objects.create(client=client, changed_at=NOW)
    contact = client.contacts.get()
    Failing.objects.create(contact=contact, lookup=contact.lookup, code="5.1.1", since=NOW)
    standing = ASeries(client=client, clinician=ana)
    APause(series=standing)
    ALeftOut(series=standing)
    entry = AWaitingEntry(client=client, remark="by bus")
    offer = AnOffer(hour=AFreedHour(clinician=ana), entry=entry)
    WaitingMessage.objects.create(client=client, kind="OFFER", offer=offer, asked_at=NOW,
                                  channel="mail", contact_id=entry.pk, planned_at=NOW)  # fmt: skip
    AnAsk(client=client)
    AKeyed(client=client)
    AnInformant(client=client)
    QuestionsTold.objects.create(client=client, of=client.pk, number=0, at=NOW)
    asked_of(client, System("test"), "RATINGS", "words of her own")
    sheet = ASheet(client=client, asked=AnAsked(client=client, state="ANSWERED"))
    AdaptiveTest.objects.create(client=client, asked=sheet.asked, result={"t": 55.5})
    ASignalStep(signal=ASignal(score=AScore(sheet=sheet)), staff=ana, words="spoke of it")
    AMark(client=client)
    AssessmentReport.objects.create(
        client=client, number=1, made_at=NOW, content={"texts": {"findings": "quick"}},
        assessment=APlannedTest(assessment=AnAssessment(client=client)).assessment,
    )  # fmt: skip
    APhase(client=client)
    ADailyEntry(plan=ADailyQuestion(plan=ADailyPlan(client=client)).plan)
    ADailyPause(plan__client=client, plan__ended_at=NOW)
    AnAlertStep(alert=AnAlert(sheet=sheet, owner=ana), staff=ana, done="called her at once")
    ANote(client=client, author=ana, sections={"note": "words of a draft"})
    signed = {"state": "SIGNED", "seal": b"s" * 32, "signed_at": NOW}
    note = ANote(client=client, author=ana, sections={"note": "slept better"}, **signed)
    AnAddendum(note=note, author=ana)


def taken(client, by=None):
    made = actions.export(by=by or client.ana.account, client=client, now=NOW)
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    assert archive.namelist() == ["record.html", "record.json"]
    page, document = (archive.read(name).decode() for name in archive.namelist())
    return made, page, json.loads(document)


def test_every_table_that_leads_to_a_client_is_exported_or_left_out_with_a_reason():
    decided = {part.model for part in parts.PARTS} | set(parts.WITHOUT)
    linked = {m._meta.label for m in ours() if leads_to_a_client(m)}
    assert linked - decided == set()
    assert all(str(why).strip() for why in parts.WITHOUT.values())


def test_every_field_stands_in_the_export_or_is_left_out_with_a_reason(mara):
    _made, _page, told = taken(mara)
    told["members"] = taken(mara.couple, by=System("cli"))[2]["members"]
    for part in parts.PARTS:
        rows = [told["client"]] if part.name == "client" else told[part.name]
        options = apps.get_model(part.model)._meta
        every = {f.name for f in (*options.local_fields, *options.local_many_to_many)}
        assert rows, part.name
        assert rows[0].keys() | part.left_out.keys() == every, part.name
        assert rows[0].keys().isdisjoint(part.left_out), part.name
        assert all(str(why).strip() for why in part.left_out.values())
        assert {f"{part.name}.{name}" for name in part.left_out} <= told["left_out"].keys()
    assert told.keys() == HEAD | {part.name for part in parts.PARTS}


def test_no_key_and_no_index_leaves():
    for part in parts.PARTS:
        secret = {n for n, kind in part.table.field_classes.items() if kind == "secret"}
        assert secret <= set(part.left_out), part.name


def test_every_field_has_a_word_on_paper():
    assert {f.name for part in parts.PARTS for f in part.fields()} - words.WORDS.keys() == set()


def test_what_was_sealed_stands_in_the_clear_in_both_files(mara):
    _made, page, told = taken(mara)
    assert told["client"]["address"] == "Birch Street 7"
    assert told["contacts"][0]["value"] == "mara@example.net"
    assert told["break_glass"][0]["reason"] == "in great need"
    for said in ("Birch Street 7", "ring twice", "mara@example.net", "Ole Lindgren",
                 "in great need", "Ana Berg"):  # fmt: skip
        assert said in page


def test_who_looked_is_named(mara):
    _made, page, told = taken(mara)
    first = told["looks"][0]
    assert first["by"] == {"id": str(mara.ana.account.pk), "name": "Ana Berg"}
    assert (first["verb"], first["allowed"]) == ("client.admit", True)
    words_of_it = next(str(r.words) for r in policy.table() if r.permission == "client.admit")
    assert words_of_it in page


def test_a_couple_one_may_not_know_of_is_an_id_without_a_name(mara):
    mara.couple.care_team.all().delete()
    _made, page, told = taken(mara)
    assert told["member_of"][0]["client"] == {"id": str(mara.couple.pk)}
    assert mara.couple.legal_name not in page


def test_the_page_needs_nothing_else_and_runs_nothing(mara):
    _made, page, _told = taken(mara)
    seen = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, dict(attrs)))

    Reader().feed(page)
    assert {tag for tag, _ in seen}.isdisjoint({"script", "img", "link", "iframe", "b"})
    assert not any(name in ("src", "href") or name[:2] == "on" for _, a in seen for name in a)
    assert "Mara &lt;b&gt;Lindgren" in page


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(mara, language, direction):
    with translation.override(language):
        page = taken(mara)[1]
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_the_page_says_by_the_practices_own_clock_when_it_was_made(mara):
    practice.remember_zone("Asia/Kathmandu")
    _, page, _ = taken(mara)
    there = formats.date_format(clock.local(NOW), "SHORT_DATETIME_FORMAT")
    practice.remember_zone("UTC")

    assert f"· {there}</p>" in page


def test_the_file_is_called_by_no_name(mara):
    one, other = taken(mara)[0].name, taken(mara)[0].name
    assert one != other
    assert one.startswith("rapport-export-") and "mara" not in one.lower()


def test_it_is_recorded_and_refused_to_strangers(mara):
    taken(mara)
    with pytest.raises(policy.Denied):
        actions.export(by=mara.ben.account, client=mara, now=NOW)
    kept = AuditEntry.objects.filter(verb="client.export").order_by("number")
    assert [(e.allowed, e.about) for e in kept] == [(True, mara.pk), (False, mara.pk)]


def test_the_desk_hands_it_over_to_the_care_team_alone(mara):
    address = f"/desk/clients/{mara.pk}/export/"
    answer = inside(mara.ana.account).post(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="rapport-export-')
    assert "Lindgren" not in str(answer.headers)
    for person in (mara.ben, Colleague(roles=["OWNER"])):
        assert inside(person.account).post(address).status_code == 404


def test_the_desk_asks_for_a_proof_that_is_not_fresh(mara):
    browser = inside(mara.ana.account)
    Session.objects.update(stepped_up_at=NOW - timedelta(days=9000))
    answer = browser.post(f"/desk/clients/{mara.pk}/export/")
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(verb="client.export").exists()


def test_a_broken_glass_opens_a_record_and_exports_none(mara):
    eve = Colleague()
    care_team.break_glass(
        by=eve.account, name=mara.legal_name, birth_on=mara.birth_on, now=NOW,
        reason="somebody is in danger",
    )  # fmt: skip
    with pytest.raises(policy.Denied):
        actions.export(by=eve.account, client=mara, now=NOW)
