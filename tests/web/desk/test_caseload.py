"""Everybody one treats in a line each: who needs attention first, why, and who sees whom."""

import re
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.people.models import GroupMember
from tests.factories import (
    LONG_AGO,
    NOW,
    AnAlert,
    AnAppointment,
    AnAsked,
    AnEpisode,
    AnInformant,
    APractice,
    AScore,
    ASheet,
    ASignal,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

PAGE = "/desk/caseload/"
WEEK = timedelta(weeks=1)
BEYOND = {"kind": "beyond the expected range", "ground": "model", "again": True,
          "numbers": {"score": 18, "time": 4, "bound": 15, "expected": 12}}  # fmt: skip


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana(db):
    return Colleague()


def met(client, ana, days, **given):
    return AnAppointment(client=client, clinician=ana, starts_at=NOW + timedelta(days=days),
                         **given)  # fmt: skip


def client_of(ana, name, *, ahead=True, **given):
    """Somebody in care about whom there is nothing to say: a meeting lies ahead."""
    client = ClientOf(care_team=[ana], legal_name=name, **given)
    if ahead:
        met(client, ana, 30 + client.__class__.objects.count())
    return client


def scored(client, *totals, form="phq-9", last=NOW, **given):
    """Totals a week apart, and the score of the last."""
    latest = None
    for n, total in enumerate(reversed(totals)):
        sheet = ASheet(client=client, instrument=form, answered_at=last - n * WEEK, **given)
        score = AScore(sheet=sheet, total=total, total_rounded=total)
        latest = score if n == 0 else latest
    return latest


def shown(staff, query=""):
    answer = inside(staff.account).get(PAGE + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def lines(said):
    """The names on the page, in order."""
    return re.findall(r'<th scope="row"><a href="[^"]*"><bdi class="name">([^<]*)</bdi>', said)


def line(said, name):
    return next(row for row in said.split("<tr>") if f">{name}</bdi>" in row)


def test_who_needs_attention_stands_first_each_with_the_reason(ana):
    due, calm = client_of(ana, "Due"), client_of(ana, "Calm")
    AnAsked(client=due, asked_at=NOW - 3 * WEEK)
    scored(calm, 14, 12)
    unbooked = client_of(ana, "Unbooked", ahead=False)
    met(unbooked, ana, -9, status="KEPT")
    unmeasured = client_of(ana, "Unmeasured")
    scored(unmeasured, 12, last=NOW - 10 * WEEK)
    AnAsked(client=unmeasured, asked_at=NOW - 3 * WEEK, expires_at=NOW - 2 * WEEK)
    scored(client_of(ana, "Worse"), 8, 18)
    ASignal(score=scored(client_of(ana, "Amber"), 14, 15), owner=ana)
    red = client_of(ana, "Red")
    first = scored(red, 14, 17, last=NOW - WEEK)
    ASignal(score=first, level="RED", state="FOLLOWED", ended_at=NOW, reasons=[BEYOND])
    ASignal(score=scored(red, 18), level="RED", reasons=[BEYOND])
    risky = client_of(ana, "Risky")
    AnAlert(sheet=ASheet(client=risky), owner=ana)

    said = shown(ana)

    assert lines(said) == [
        "Risky", "Red", "Amber", "Worse", "Unmeasured", "Unbooked", "Due", "Calm",
    ]  # fmt: skip
    assert "7 of 8 clients in care have a reason to look." in said
    assert "An answer to look at since" in line(said, "Risky")
    because = "Red since 31 Dec 2029: PHQ-9, two scores in a row above the expected range"
    assert because in line(said, "Red")
    assert "First sign on 7 Jan 2030: PHQ-9, worse than at first" in line(said, "Amber")
    assert "PHQ-9 went from 8 to 18 by 7 Jan 2030" in line(said, "Worse")
    assert "Not measured since 29 Oct 2029" in line(said, "Unmeasured")
    assert "0 of 1" in line(said, "Unmeasured")
    assert "the last session was on 29 Dec 2029" in line(said, "Unbooked")
    assert "waits for an answer since 17 Dec 2029" in line(said, "Due")
    assert "nothing" in line(said, "Calm") and "14 at first, 12 now" in line(said, "Calm")
    assert not re.search(r"\d\d/\d\d/\d{4}", said)  # every day is written alike
    looked = AuditEntry.objects.filter(verb="caseload.read").latest("number")
    assert str(risky.pk) in str(looked.subject)


def test_a_line_leads_to_the_client_the_signal_and_the_picture_and_reads_without_seeing(ana):
    mara = client_of(ana, "Mara")
    signal = ASignal(score=scored(mara, 14, 20, 21), owner=ana)

    said = line(shown(ana), "Mara")

    for address in (f"clients/{mara.pk}/", f"signals/{signal.pk}/", f"clients/{mara.pk}/picture/"):
        assert f'href="/desk/{address}"' in said
    words = 'aria-label="PHQ-9: 3 scores, the last on 7 Jan 2030; the latest of them: 14, 20, 21"'
    assert words in said


def test_a_line_is_about_this_care_and_comparable_scores_alone(ana):
    mara = client_of(ana, "Mara")
    scored(mara, 4, last=NOW - 60 * WEEK)
    scored(mara, 3, last=NOW - 2 * WEEK, version=7)
    scored(mara, 15, 18)
    AnEpisode(client=mara, responsible=ana, opened_on=(NOW - 9 * WEEK).date())

    said = line(shown(ana), "Mara")

    assert "15 at first, 18 now" in said
    assert "worse" not in said


def test_what_others_were_asked_is_not_the_clients_to_answer(ana):
    mara = client_of(ana, "Mara")
    AnAsked(client=mara, asked_at=NOW - WEEK, informant=AnInformant(client=mara))
    assert "nothing asked" in line(shown(ana), "Mara")
    assert "waits for an answer" not in line(shown(ana), "Mara")


def test_what_was_corrected_counts_with_its_correction_alone(ana):
    mara = client_of(ana, "Mara")
    scored(mara, 12, last=NOW - 4 * WEEK)
    wrong = scored(mara, 27).sheet
    wrong.replaced_by = scored(mara, 11).sheet
    wrong.save(update_fields=["replaced_by"])

    said = line(shown(ana), "Mara")

    assert "12 at first, 11 now" in said and "worse" not in said


def test_whom_one_does_not_treat_stands_in_no_list(ana):
    client_of(ana, "Mine")
    client_of(Colleague(), "Somebody else's")
    client_of(ana, "Put away", archived_at=NOW)
    client_of(ana, "Asked only", status="INQUIRY")
    gone = client_of(ana, "Discharged", status="DISCHARGED")
    assert lines(shown(ana)) == ["Mine"]
    AnAlert(sheet=ASheet(client=gone), owner=ana)  # care has ended, an answer waits
    assert lines(shown(ana)) == ["Discharged", "Mine"]

    owner = Colleague(roles=["OWNER"])
    assert inside(owner.account).get(PAGE).status_code == 404
    treating = Colleague(roles=["OWNER", "CLINICIAN"])
    assert "You treat nobody yet." in shown(treating)


def test_who_supervises_chooses_whose_clients_stand_there(ana):
    ben = Colleague(display_name="Ben")
    sam = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=sam, supervisee=ana)
    SupervisedBy(supervisor=sam, supervisee=ben, until_on=LONG_AGO)
    client_of(ana, "Ana's")
    client_of(ana, "Restricted", restricted=True)
    client_of(ben, "Ben's")
    client_of(sam, "Sam's own")

    assert lines(shown(sam)) == ["Sam's own"] or lines(shown(sam)) == ["Sam&#x27;s own"]
    theirs = shown(sam, f"?whose={ana.pk}")
    assert [one[:3] for one in lines(theirs)] == ["Ana"]
    assert sorted(one[:3] for one in lines(shown(sam, "?whose=all"))) == ["Ana", "Sam"]
    assert inside(sam.account).get(f"{PAGE}?whose={ben.pk}").status_code == 422
    assert "Whose clients" not in shown(ana)


def test_it_is_narrowed_by_reason_problem_and_kind_of_help(ana):
    one, two = client_of(ana, "One"), client_of(ana, "Two", ahead=False)
    AnEpisode(client=one, responsible=ana, problem="LOSS", modality="CBT")
    AnEpisode(client=two, responsible=ana, problem="MOOD", modality="CBT")

    assert lines(shown(ana, "?reason=unbooked")) == ["Two"]
    assert lines(shown(ana, "?problem=LOSS")) == ["One"]
    assert lines(shown(ana, "?modality=CBT")) == ["Two", "One"]
    assert "Nobody fits." in shown(ana, "?modality=EMDR")
    assert inside(ana.account).get(f"{PAGE}?reason=nonsense").status_code == 422


def test_the_sessions_of_a_couple_are_those_of_both(ana):
    both = client_of(ana, "Both", kind="COUPLE")
    mara = client_of(ana, "Mara", ahead=False)
    GroupMember.objects.create(client=both, member=mara)

    assert "No appointment ahead" not in shown(ana)


def test_what_a_client_is_asked_in_own_words_has_its_line_and_no_verdict(ana):
    mara = client_of(ana, "Mara")
    scored(mara, 2, 9, form="mine-gone")  # nobody holds it any more

    said = line(shown(ana), "Mara")

    assert "no score yet" in said and "worse" not in said


def test_forty_stand_on_a_page(ana):
    for n in range(43):
        client_of(ana, f"Client {n:02}")

    said = shown(ana, "?modality=")

    assert len(lines(said)) == 40 and "Page 1 of 2" in said
    assert len(lines(shown(ana, "?page=2"))) == 3
