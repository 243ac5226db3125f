"""The pages of notes: what is wrong is said at the field, and nothing typed is lost."""

import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pypdf
import pytest

from rapport.core import time as clock
from rapport.people.models import Practice
from rapport.people.practice.queries import remember_zone
from rapport.record.models import Addendum, Note, OtherDraft
from rapport.record.notes import actions, signing
from tests.factories import (
    AnAppointment,
    ANote,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script> [x](javascript:alert(1)) ![](//x) <b onclick=x>bold</b> &lt;"


@pytest.fixture
def ana():
    APractice()
    return Colleague(legal_name="Ana Berg")


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], legal_name="Mara Lindgren")


@pytest.fixture
def browser(ana):
    return inside(ana.account)


def draft(mara, ana, **given):
    return ANote(client=mara, author=ana, **{"kind": "PHONE", "sections": {}} | given)


def signed(mara, ana, **given):
    note = draft(mara, ana, **{"sections": {"note": "Slept better."}} | given)
    return signing.sign(by=ana.account, note=note, revision=1, now=clock.now())


def sent(text, revision=1, **more):
    start = {"revision": revision, "window": str(uuid.uuid4()), "section-note": text}
    return start | more


def at(note, path=""):
    return f"/desk/notes/{note.pk}/{path}"


def body(answer):
    return answer.content.decode()


class TestOpening:
    def test_about_a_meeting_its_kind_and_day_are_the_meetings(self, browser, mara, ana):
        met = AnAppointment(client=mara, clinician=ana, status="KEPT",
                            starts_at=clock.now() - timedelta(days=1))  # fmt: skip
        address = f"/desk/clients/{mara.pk}/notes/open/"
        for _twice in range(2):
            answer = browser.post(address, {"appointment": str(met.pk)})
        note = Note.objects.get()

        assert (note.kind, note.appointment, note.late) == ("SESSION", met, False)
        assert answer.url == at(note)

    def test_a_contact_without_one(self, browser, mara):
        page = body(browser.get(f"/desk/clients/{mara.pk}/notes/open/"))
        assert "SOAP" in page
        given = {"kind": "CRISIS", "happened_on": "2026-01-05", "template": "free",
                 "once": str(uuid.uuid4())}  # fmt: skip
        for _twice in range(2):
            browser.post(f"/desk/clients/{mara.pk}/notes/open/", given)

        note = Note.objects.get()
        assert (note.kind, note.late, note.template) == ("CRISIS", True, "free")

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"kind": "TEA"}, "TEA"), ({"kind": ""}, "Choose what kind"),
            ({"kind": "PHONE", "happened_on": "9999-01-01"}, "year between"),
            ({"kind": "PHONE", "happened_on": "2199-01-01"}, "not come yet"),
            ({"kind": "PHONE", "template": "haiku"}, "haiku"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_at_the_field(self, browser, mara, given, said):
        answer = browser.post(f"/desk/clients/{mara.pk}/notes/open/", given)

        assert (answer.status_code, said in body(answer)) == (422, True)
        assert not Note.objects.exists()

    @pytest.mark.parametrize("theirs", [True, False])
    def test_a_form_that_was_sent_about_somebody_else_opens_nothing(
        self, browser, mara, ana, theirs
    ):
        author = Colleague() if theirs else ana
        other = draft(ClientOf(care_team=[author]), author, once=uuid.uuid4())
        given = {"kind": "PHONE", "happened_on": "2026-01-05", "template": "free",
                 "once": str(other.once)}  # fmt: skip
        answer = browser.post(f"/desk/clients/{mara.pk}/notes/open/", given)

        assert (answer.status_code, "begun already" in body(answer)) == (422, True)
        assert Note.objects.get() == other

    @pytest.mark.parametrize("named", ["x", "0fceb8d8-ccdd-4ea8-aaa4-d127256ea525"])
    def test_a_meeting_that_is_not_there_is_no_choice(self, browser, mara, named):
        address = f"/desk/clients/{mara.pk}/notes/open/"
        assert browser.post(address, {"appointment": named}).status_code == 422
        assert browser.get(f"{address}?appointment={named}").status_code == 200
        assert not Note.objects.exists()


class TestWriting:
    def test_saving_without_script(self, browser, mara, ana):
        note = draft(mara, ana)
        answer = browser.post(at(note), sent("Slept *better*.", started_at="09:00"))
        page = body(browser.get(at(note)))

        assert answer.status_code == 302
        assert "Slept *better*." in page and "09:00" in page and "Saved" in page

    def test_times_that_nobody_touched_stay_what_they_are_also_in_another_zone(
        self, browser, mara, ana
    ):
        began = datetime(2026, 3, 2, 7, 46, 29, tzinfo=UTC)
        ended = began + timedelta(minutes=50)
        note = draft(mara, ana, happened_on=began.date(), started_at=began, ended_at=ended)
        Practice.objects.update(time_zone="Pacific/Pago_Pago")
        remember_zone("Pacific/Pago_Pago")
        try:
            browser.post(at(note), sent("Words.", started_at="20:46", ended_at="21:36"))
        finally:
            remember_zone("UTC")
        note.refresh_from_db()

        assert (note.started_at, note.ended_at, note.revision) == (began, ended, 2)

    def test_a_megabyte_is_answered_at_the_section_and_stands_there_still(self, browser, mara, ana):
        text = "ü" * 1_000_000
        answer = browser.post(at(draft(mara, ana)), sent(text))

        assert answer.status_code == 422
        assert "at most 200000" in body(answer) and text in body(answer)
        assert Note.objects.get().revision == 1

    def test_a_stop_before_the_start_loses_nothing(self, browser, mara, ana):
        more = {"started_at": "10:00", "ended_at": "09:00"}
        answer = browser.post(at(draft(mara, ana)), sent("Slept better.", **more))

        assert answer.status_code == 422
        assert "lies before the start" in body(answer) and "Slept better." in body(answer)

    def test_markup_of_every_kind_is_words(self, browser, mara, ana):
        note = draft(mara, ana, sections={"note": "x"})
        browser.post(at(note), sent(f"x {MARKUP}"))
        browser.post(at(note), sent(MARKUP))
        pages = [body(browser.get(at(note)))]
        OtherDraft.objects.all().delete()
        fresh = Note.objects.select_related("client__data_key", "author").get()
        signing.sign(by=ana.account, note=fresh, revision=fresh.revision, now=clock.now())
        browser.post(at(note, "add/"), {"add-text": MARKUP})
        pages.append(body(browser.get(at(note))))
        for page in pages:
            assert "alert(1)</script>" not in page
            assert "<b onclick" not in page and 'href="javascript' not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[1]

    def test_scores_are_drawn_in_and_taken_out_and_words_kept(self, browser, mara, ana):
        note, score = draft(mara, ana), AScore(sheet=ASheet(client=mara))
        browser.post(at(note, "draw/"), sent("one", score=str(score.pk)))
        drawn = Note.objects.get()
        assert (drawn.sections, len(drawn.drawn_in)) == ({"note": "one"}, 1)
        page = body(browser.get(at(note)))
        assert "Take out" in page and "Draw in" not in page
        browser.post(at(note, "draw/"), sent("one two", drawn.revision, out=str(score.pk)))
        assert (Note.objects.get().sections, Note.objects.get().drawn_in) == (
            {"note": "one two"}, [],
        )  # fmt: skip
        foreign = AScore(sheet=ASheet(client=ClientOf(care_team=[ana])))
        for named in (str(foreign.pk), "x", ""):
            revision = Note.objects.get().revision
            answer = browser.post(at(note, "draw/"), sent("one two", revision, score=named))
            assert answer.status_code == 404

    def test_carried_forward_and_in_another_form(self, browser, mara, ana):
        signed(mara, ana, template="girp", sections=dict.fromkeys(
            ("goals", "intervention", "response", "plan"), "Before."))  # fmt: skip
        note = draft(mara, ana, template="girp")
        given = {"revision": 1, "window": str(uuid.uuid4()), "section-plan": "New."}
        browser.post(at(note), given | {"then": "carry", "carry": ["goals", "plan"]})
        note.refresh_from_db()
        assert note.sections == {"goals": "Before.", "plan": "New."}
        given = {"revision": note.revision, "window": str(uuid.uuid4())}
        browser.post(at(note), given | {"then": "template", "template": "dap"})
        note.refresh_from_db()
        assert note.sections["data"] == "**Goals**\n\nBefore."
        given["revision"] = note.revision
        answer = browser.post(at(note), given | {"then": "template", "template": "haiku"})
        assert (answer.status_code, "Choose a form" in body(answer)) == (422, True)

    def test_a_draft_is_thrown_away(self, browser, mara, ana):
        note = draft(mara, ana)
        assert browser.post(at(note, "discard/")).url == "/desk/notes/"
        assert not Note.objects.exists()
        note = signed(mara, ana)
        browser.post(at(note, "discard/"))
        assert Note.objects.exists()

    def test_signing_after_another_tab_wrote_says_so_and_signs_nothing(self, browser, mara, ana):
        note = draft(mara, ana, sections={"note": "one"})
        browser.get(at(note, "sign/"))
        browser.post(at(note), sent("one two"))
        answer = browser.post(at(note, "sign/"), {"revision": "1"})

        assert answer.status_code == 422
        assert "changed in another window" in body(answer) and "one two" in body(answer)
        assert Note.objects.get().state == "DRAFT"

    def test_words_sent_to_a_signed_note_are_shown_beside_it(self, browser, mara, ana):
        note = signed(mara, ana)
        browser.post(at(note), sent("Too late a thought."))
        page = body(browser.get(at(note)))
        assert "Words that came after signing" in page and "Too late a thought." in page
        other = OtherDraft.objects.get()
        browser.post(at(note, "other/"), {"other": str(other.pk), "what": "instead"})
        assert OtherDraft.objects.exists()
        browser.post(at(note, "other/"), {"other": str(other.pk), "what": "drop"})
        assert not OtherDraft.objects.exists()
        assert browser.post(at(note, "other/"), {"other": "x"}).status_code == 404


class TestReading:
    def test_a_supervisor_reads_and_does_not_write(self, browser, mara, ana):
        vera = Colleague(roles=["SUPERVISOR"])
        SupervisedBy(supervisor=vera, supervisee=ana)
        note, other = signed(mara, ana), inside(vera.account)
        page = body(other.get(at(note)))

        assert "Checked just now" in page and "Add to this note" not in page
        for path in ("", "save/", "draw/", "sign/", "discard/", "add/", "cosign/", "take-back/"):
            assert other.post(at(note, path)).status_code == 404, path

    def test_a_note_that_was_changed_behind_our_back_says_so(self, browser, mara, ana):
        note = signed(mara, ana)
        Note.objects.filter(pk=note.pk).update(kind="CRISIS")

        assert "changed after it was signed" in body(browser.get(at(note)))

    def test_nothing_is_added_by_an_empty_form_and_twice_by_none(self, browser, mara, ana):
        note = signed(mara, ana)
        empty = browser.post(at(note, "add/"), {"add-text": " "})
        assert (empty.status_code, "Write something" in body(empty)) == (422, True)
        once = {"add-text": "She called.", "add-once": str(uuid.uuid4())}
        for _twice in range(2):
            assert browser.post(at(note, "add/"), once).status_code == 302
        assert Addendum.objects.count() == 1

    def test_the_pdf_says_what_was_signed_and_its_name_says_nothing(self, browser, mara, ana):
        note = signed(mara, ana, late=True)
        answer = browser.post(at(note, "pdf/"))
        said = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)

        assert answer.headers["Content-Type"] == "application/pdf"
        assert "Mara" not in answer.headers["Content-Disposition"]
        assert "Slept better." in said and "Ana Berg" in said and str(note.pk)[:8] in said
        assert bytes(note.seal).hex()[:4] in said
        waiting = draft(mara, ana)
        assert browser.post(at(waiting, "pdf/")).status_code == 302

    def test_a_score_drawn_in_brings_its_course_up_to_the_signature(self, browser, mara, ana):
        now = clock.now()
        first, last, later = (
            AScore(sheet=ASheet(client=mara, instrument="pcl-5",
                                answered_at=now + timedelta(days=days)),
                   total=total, total_rounded=total, band="")
            for days, total in ((-20, 61), (-10, 52), (1, 77))
        )  # fmt: skip
        note = actions.draw_in(by=ana.account, note=draft(mara, ana, sections={"note": "Well."}),
                               score=last, now=now)  # fmt: skip
        signing.sign(by=ana.account, note=note, revision=note.revision, now=now)

        answer = browser.post(at(note, "pdf/"))
        said = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
        assert "cut-off" in said
        drawn = re.findall(r"\b\d\d\b", said)
        assert str(first.total) in drawn and str(last.total) in drawn
        assert str(later.total) not in drawn


class TestWaiting:
    def test_each_has_what_waits_for_them(self, mara, ana):
        sam, ines = Colleague(roles=["SUPERVISOR"]), Colleague(roles=["INTERN"])
        SupervisedBy(supervisor=sam, supervisee=ines)
        jonas = ClientOf(care_team=[ines], legal_name="Jonas Weber")
        draft(mara, ana, happened_on=clock.today() - timedelta(days=3))
        draft(jonas, ines, state="RETURNED", remarks="Say more.", supervisor=sam)
        signed(jonas, ines)
        of_ana, of_ines, of_sam = (
            body(inside(one.account).get("/desk/notes/")) for one in (ana, ines, sam)
        )

        assert "Mara Lindgren" in of_ana and "3 days ago" in of_ana and "Jonas" not in of_ana
        assert "Say more." in of_ines and "Waiting for your supervisor" in of_ines
        assert "For you to co-sign" in of_sam and "Say more." not in of_sam

    def test_when_nothing_waits_it_says_so(self, browser):
        assert "Every note is signed." in body(browser.get("/desk/notes/"))
