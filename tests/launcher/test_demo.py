"""The demo's people have a past, and the same one for the same seed."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from rapport.demo import build, cast
from tests.launcher.conftest import ROOT, environment, rapport

TODAY = date(2030, 3, 1)


@pytest.mark.parametrize("days", [31, 400, 4000])
def test_stays_lie_in_the_past_in_order_and_end_only_for_who_has_left(days):
    for person in cast.clients(300, seed=7, today=TODAY, days=days):
        said = [n for stay in person.stays for n in (stay.since, stay.until) if n is not None]
        assert said == sorted(said, reverse=True)
        assert all(0 <= n < max(days, 3) for n in said)
        going_on = [stay for stay in person.stays if stay.until is None]
        assert len(going_on) == (person.status in ("ACTIVE", "WAITING"))


def test_the_same_seed_invents_the_same_people_however_many_years():
    short = cast.clients(80, seed=3, today=TODAY, days=60)
    long = cast.clients(80, seed=3, today=TODAY, days=3000)
    assert [(p.name, p.born, p.status) for p in short] == [(p.name, p.born, p.status) for p in long]
    assert short == cast.clients(80, seed=3, today=TODAY, days=60)
    assert short != cast.clients(80, seed=4, today=TODAY, days=60)


ASKED = """
import sys, json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]), "demo")
from django.test import Client as Browser
from rapport.core import time, verify
from rapport.core.models import AuditEntry, Job
from rapport.meeting.models import Appointment, Change, Occupancy
from rapport.people.models import Account, Client, Consent, Episode, GroupMember, Staff
from rapport.progress.models import Alert, AlertStep, Asked, Score
from rapport.record.models import Addendum, Note
from rapport.record.process_notes.models import ProcessNote

at = list(AuditEntry.objects.order_by("number").values_list("at", flat=True))
opened = Episode.objects.order_by("opened_on").values_list("opened_on", flat=True)
risk = Alert.objects.select_related("owner", "deputy", "client").get(acknowledged_at=None)

def pages(mail):
    browser = Browser(SERVER_NAME="localhost")
    account = Account.objects.loaded().get(email=mail + "@demo.invalid")
    assert browser.post(f"/demo/step/{account.pk}/").status_code == 302
    wanted = ["/portal/"] if account.client else ["/desk/"]
    if account.staff:
        seen = Client.objects.visible_to(account).order_by("pk").values_list("pk", flat=True)
        wanted += [f"/desk/clients/{pk}/" for pk in seen[:3]]
    return [browser.get(path).status_code for path in wanted]

held = Occupancy.objects.order_by("kind", "thing", "starts_at").values_list(
    "kind", "thing", "starts_at", "ends_at")
print(json.dumps({
    "oldest": (time.today() - opened[0]).days,
    "closed": Episode.objects.exclude(closed_on=None).count(),
    "in_order": at == sorted(at),
    "status": sorted(Client.objects.values_list("status", flat=True)),
    "problems": [str(p) for _, p in verify.everything() if p],
    "overlaps": sum(a[:2] == b[:2] and b[2] < a[3] for a, b in pairwise(held)),
    "meetings": Counter(Appointment.objects.values_list("status", flat=True)),
    "changes": Counter(Change.objects.values_list("what", flat=True)),
    "ahead": Appointment.objects.filter(starts_at__gt=time.now()).count(),
    "over_and_booked": Appointment.objects.filter(
        ends_at__lte=time.now(), status="BOOKED").count(),
    "notes": Counter(Note.objects.values_list("state", flat=True)),
    "unsigned": list(Note.objects.filter(state="DRAFT").values_list(
        "author__account__email", flat=True)),
    "cosigned": Note.objects.exclude(cosigned_at=None).count(),
    "seals": Note.objects.exclude(seal=None).count(),
    "scores": Counter(Score.objects.values_list("instrument", flat=True)),
    "open": list(Asked.objects.filter(state="OPEN").values_list("way", flat=True)),
    "thoughts": ProcessNote.objects.count(),
    "consents": Consent.objects.count(),
    "members": GroupMember.objects.count(),
    "risk": [risk.owner.account.email, risk.deputy.account.email, risk.stage,
             (time.now() - risk.raised_at).total_seconds() < 7200, risk.client.legal_name],
    "jobs": list(Job.objects.values_list("name", flat=True)),
    "pages": {name: pages(name) for name in sys.argv[2].split()},
}))"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo of fifteen clients and a year, and what was found in it."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    given = ["--folder", str(folder), "--clients", "15", "--years", "1", "--build-only"]
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "demo", *given], cwd=ROOT, env=environment(),
        text=True, capture_output=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = [key for key, *_rest in cast.STAFF] + ["mara"]
    said = subprocess.run(
        [sys.executable, "-c", ASKED, str(folder), " ".join(names)], cwd=ROOT, env=environment(),
        text=True, capture_output=True, timeout=200, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1]) | {"told": done.stdout}


def test_a_demo_has_a_past_and_verifies(made):
    assert made["oldest"] > 180
    assert made["closed"] > 0
    assert made["problems"] == []
    people = Counter(p.status for p in cast.clients(15, seed=1, today=TODAY, days=400))
    assert people - Counter(made["status"]) == {}
    asked = {"INQUIRY": 11, "ACTIVE": 1}  # one of whom stayed
    assert Counter(made["status"]) - people == asked
    assert made["in_order"]
    assert "appointments" in made["told"] and "notes" in made["told"]


def test_no_two_of_its_meetings_overlap_and_none_that_is_over_was_left_open(made):
    assert made["overlaps"] == 0
    assert made["over_and_booked"] == 0
    assert made["ahead"] >= 5
    assert set(made["meetings"]) == {"BOOKED", "KEPT", "MISSED", "CANCELLED", "REQUESTED"}


def test_its_notes_are_signed_but_for_what_waits_today(made):
    assert made["notes"]["SIGNED"] == made["seals"] > 60
    assert "ana@demo.invalid" in made["unsigned"]
    assert made["cosigned"] > 0
    assert made["notes"]["WAITING"] >= 1 and made["notes"]["RETURNED"] >= 1
    assert made["thoughts"] >= 5


def test_its_clients_answered_and_agreed(made):
    assert {"phq-9", "gad-7"} <= set(made["scores"])
    assert made["scores"]["phq-9"] > 30
    assert "PORTAL" in made["open"]
    assert made["consents"] > 25
    assert made["members"] == 2


def test_the_alert_of_today_waits_for_its_owner_and_nothing_else_is_to_be_done(made):
    assert made["risk"] == ["ana@demo.invalid", "sam@demo.invalid", "OWNER", True, "Elena Petrova"]
    assert sorted(made["jobs"]) == [
        "contact.reactions.tell_who_owns_it", "progress.reactions.ask_what_was_raised",
        "progress.reactions.compare",
    ]  # fmt: skip


def test_everybody_may_be_stepped_into_and_sees_their_first_page_and_clients(made):
    assert len(made["pages"]) == len(cast.STAFF) + 1
    assert {code for codes in made["pages"].values() for code in codes} == {200}
    assert len(made["pages"]["ana"]) == 4


def lies_in(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


@pytest.mark.parametrize("given", [[], ["--fresh"]])
@pytest.mark.parametrize("place", ["letters", "letters.new"])
def test_a_demo_touches_no_folder_that_is_not_its_own(tmp_path, place, given):
    theirs = tmp_path / place
    (theirs / "kept").mkdir(parents=True)
    (theirs / "kept" / "letter.txt").write_text("mine")
    before = lies_in(tmp_path)
    done = rapport("demo", "--folder", str(tmp_path / "letters"), "--clients", "1", "--port", "0",
                   "--build-only", *given)  # fmt: skip
    assert done.returncode == 1
    assert f"{theirs} is not empty and holds no demo" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert lies_in(tmp_path) == before


def test_a_demo_takes_the_place_of_an_older_one_and_of_an_unfinished_one(tmp_path):
    folder = tmp_path / "demo"
    (build.start(folder) / "practice.db").touch()  # and stopped here
    beside = build.start(folder)
    assert not (beside / "practice.db").exists()
    build.finish(beside, folder)
    first = (folder / "keys.json").read_bytes()
    build.finish(build.start(folder), folder)
    assert (folder / "keys.json").read_bytes() != first
    assert [one.name for one in tmp_path.iterdir()] == ["demo"]
    assert not (folder / build.UNFINISHED).exists()


def test_what_was_put_in_its_place_meanwhile_stays(tmp_path):
    folder = tmp_path / "demo"
    beside = build.start(folder)
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(build.NotOurs, match="nothing in it was touched"):
        build.finish(beside, folder)
    assert (folder / "letter.txt").read_text() == "mine"


def test_a_demo_in_place_of_a_file_or_where_nothing_can_be_made_is_one_sentence(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    for where, said in ((file, "is no folder"), ("/proc/demo", "cannot be made"),
                        (file / "below", "cannot be made")):  # fmt: skip
        done = rapport("demo", "--folder", str(where), "--port", "0", "--build-only")
        assert done.returncode == 1
        assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert file.read_text() == "mine"
