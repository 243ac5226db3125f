"""A note from the client's page to the seal, by keyboard and forms alone, without any script."""

import pytest

from rapport.record.models import Note, OtherDraft
from rapport.record.notes import signing
from tests.factories import (
    ANote,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

from .rounds import coming_in, go, reads, wrong

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(db):
    """Ana with Mara; Ines, supervised by Sam, with Jonas."""
    APractice()
    ana, sam = Colleague(), Colleague(roles=["SUPERVISOR"], legal_name="Sam Wolf")
    ines = Colleague(roles=["INTERN"], legal_name="Ines Roth")
    SupervisedBy(supervisor=sam, supervisee=ines)
    mara = ClientOf(care_team=[ana], legal_name="Mara Lindgren")
    jonas = ClientOf(care_team=[ines], legal_name="Jonas Weber")
    return {"ana": ana, "sam": sam, "ines": ines, "mara": mara, "jonas": jonas}


def come(chromium, live_server, staff, **given):
    context = coming_in(chromium, live_server, inside(staff.account), **given)
    return context, context.new_page()


def fill(page, name, text):
    page.fill(f"[name=section-{name}]", text)


def test_written_scored_read_signed_and_added_to(chromium, live_server, cast):
    AScore(sheet=ASheet(client=cast["mara"]), total_rounded=14, total=14.0, band="moderate")
    context, page = come(chromium, live_server, cast["ana"], java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/clients/{cast['mara'].pk}/")
    go(page, "text=Write a note")
    page.select_option("[name=kind]", "SESSION")
    page.select_option("[name=template]", "soap")
    go(page, "text=Begin")
    for name in ("subjective", "objective", "assessment"):
        fill(page, name, f"Words under *{name}*.")
    go(page, "text=Draw in")
    reads(page, "aside", "14")
    go(page, "text=Read and sign")
    go(page, "main button:has-text('Sign')")
    said = page.inner_text("[role=alert]")
    assert "Nothing was signed" in said and "Plan" in said and "started" in said
    go(page, "text=Write on")
    fill(page, "plan", "Sleep diary.")
    page.fill("[name=started_at]", "09:00")
    page.fill("[name=ended_at]", "09:50")
    go(page, "text=Read and sign")
    go(page, "main button:has-text('Sign')")
    read = page.inner_text("main")
    assert "Words under subjective." in read and "the note says what was signed" in read
    page.click("text=Add to this note")
    page.fill("[name=add-text]", "She called at noon.")
    go(page, "text=Sign and add")
    reads(page, "main", "She called at noon.")
    context.close()

    assert Note.objects.get().state == "SIGNED"


def test_two_windows_and_both_texts_are_kept(chromium, live_server, cast):
    note = ANote(client=cast["mara"], author=cast["ana"], sections={})
    context, page = come(chromium, live_server, cast["ana"], java_script_enabled=False)
    other = context.new_page()
    for window in (page, other):
        window.goto(f"{live_server.url}/desk/notes/{note.pk}/")
    fill(page, "note", "From the first window.")
    go(page, "main button:has-text('Save')")
    fill(other, "note", "From the second window.")
    go(other, "main button:has-text('Save')")
    said = other.inner_text("main")
    assert "Another window" in said
    assert "From the first window." in said and "From the second window." in said
    go(other, "text=Keep both")
    words = other.input_value("[name=section-note]")
    context.close()

    assert words == "From the first window.\n\nFrom the second window."
    assert not OtherDraft.objects.exists()


def test_a_supervisor_returns_it_and_co_signs_it_on_a_phone(chromium, live_server, cast):
    note = ANote(client=cast["jonas"], author=cast["ines"], kind="PHONE")
    signing.sign(by=cast["ines"].account, note=note, revision=1, now=note.created_at)
    context, page = come(
        chromium, live_server, cast["sam"], java_script_enabled=False, viewport=PHONE
    )
    page.goto(f"{live_server.url}/desk/notes/")
    go(page, "text=Jonas Weber")
    page.click("text=Return it with remarks")
    go(page, "main button:has-text('Return')")
    reads(page, "main", "Write something")
    page.fill("[name=back-text]", "Say more about risk.")
    go(page, "main button:has-text('Return')")
    hers, desk = come(chromium, live_server, cast["ines"], java_script_enabled=False)
    desk.goto(f"{live_server.url}/desk/notes/")
    reads(desk, "main", "Say more about risk.")
    go(desk, "text=Jonas Weber")
    desk.fill("[name=section-note]", "No thoughts of death.")
    go(desk, "text=Read and sign")
    reads(desk, "main", "Sam Wolf")
    go(desk, "main button:has-text('Sign')")
    page.goto(f"{live_server.url}/desk/notes/{note.pk}/")
    go(page, "main button:has-text('Co-sign')")
    said = page.inner_text("main")
    for one in (hers, context):
        one.close()

    assert "No thoughts of death." in said and "co-signed" in said.lower()
    assert Note.objects.get().state == "SIGNED"


def test_axe_finds_nothing_while_it_is_read_waits_or_is_refused(chromium, live_server, cast):
    ana, sam, ines = cast["ana"], cast["sam"], cast["ines"]
    signed = ANote(client=cast["mara"], author=ana, kind="PHONE", late=True)
    signing.sign(by=ana.account, note=signed, revision=1, now=signed.created_at)
    signing.add(by=ana.account, note=signed, text="> and\n\n1. more", now=signed.created_at)
    waits = ANote(client=cast["jonas"], author=ines, kind="PHONE")
    signing.sign(by=ines.account, note=waits, revision=1, now=waits.created_at)
    problems = {}
    for staff, note, forms in ((ana, signed, 1), (sam, waits, 1), (ines, waits, 0)):
        context, page = come(chromium, live_server, staff)
        page.goto(f"{live_server.url}/desk/notes/{note.pk}/")
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        problems[f"{staff.pk} reads"] = wrong(page)
        if forms:
            page.click("main details[open] form button[type=submit]")
            page.wait_for_selector("ul.field__errors")
            problems[f"{staff.pk} sends nothing"] = wrong(page)
        context.close()

    assert {where: found for where, found in problems.items() if found} == {}
