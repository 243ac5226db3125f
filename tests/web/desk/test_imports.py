"""A table is handed in, looked at, admitted and taken back, by whoever handed it in."""

import csv
import io
import re
import tempfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import jobs, verify
from rapport.core import time as clock
from rapport.core.jobs import LeaseLost
from rapport.core.models import DataKey, Job
from rapport.people.care_team import actions as care_team
from rapport.people.clients import actions as clients
from rapport.people.imports import actions
from rapport.people.imports.jobs import forget
from rapport.people.models import Client, Contact, Import, Imported, Staff
from tests.factories import APlace, APractice, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

DOOR = "/desk/clients/import/"
GOOD = "name,dob,mail,phone\nMara Lindgren,1990-05-04,mara@example.net,+49 30 901820\nOle,,,\n"


@pytest.fixture
def house():
    APractice()
    place = APlace()
    place.ana = Colleague(at=[place])
    place.fay = Colleague(roles=["FRONT_DESK"], at=[place])
    place.desk = inside(place.fay.account)
    return place


def handed_in(browser, text, order="iso"):
    raw = text if isinstance(text, bytes) else text.encode()
    return browser.post(DOOR, {"file": SimpleUploadedFile("x.csv", raw), "order": order})


def read(browser, text, order="iso"):
    """The address of a table's page, once it was read."""
    answer = handed_in(browser, text, order)
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_due(loud=True)
    return answer.headers["Location"]


def said(browser, address):
    return browser.get(address).content.decode()


def where(house, **other):
    return {"clinician": house.ana.pk, "place": house.pk, "status": "ACTIVE"} | other


def admitted(house, text):
    address = read(house.desk, text)
    assert house.desk.post(f"{address}begin/", where(house)).status_code == 302
    jobs.run_due(loud=True)
    return address


def test_a_table_is_looked_at_before_anybody_is_admitted(house):
    address = read(house.desk, GOOD)
    page = said(house.desk, address)
    assert "2 clients can be admitted" in page
    assert "mara@example.net" in page
    assert not Client.objects.exists()


def test_everybody_is_admitted_and_the_page_says_how_many(house):
    page = said(house.desk, admitted(house, GOOD))
    assert "2 clients were admitted" in page
    mara = Client.objects.get(sort_name="mara lindgren")
    assert [m.staff for m in mara.care_team.all()] == [house.ana]
    assert {c.plain for c in mara.contacts.all()} == {"mara@example.net", "+4930901820"}


@pytest.mark.django_db(transaction=True)
def test_taken_back_nothing_of_them_is_left_and_the_practice_verifies(house):
    keys = DataKey.objects.count()
    address = admitted(house, GOOD)
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert "Nobody of it is left." in said(house.desk, address)
    assert not Client.objects.exists()
    assert not Contact.objects.exists()
    assert DataKey.objects.count() == keys + 1  # the table's own
    assert [problem for _, problem in verify.everything() if problem] == []


def test_who_was_worked_with_since_stays(house):
    address = admitted(house, GOOD)
    ole = Client.objects.get(sort_name="ole")
    clients.archive(by=house.ana.account, client=ole, now=clock.now())
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert list(Client.objects.all()) == [ole]
    assert "1 client stays" in said(house.desk, address)


def test_who_belongs_to_a_couple_since_stays(house):
    address = admitted(house, GOOD)
    ole = Client.objects.get(sort_name="ole")
    ClientOf(kind="COUPLE").members.create(member=ole)
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert Client.objects.filter(pk=ole.pk).exists()
    assert not Client.objects.filter(sort_name="mara lindgren").exists()


def test_who_was_handed_over_to_another_clinician_stays(house):
    address = admitted(house, GOOD)
    ben = Colleague(at=[house])
    owner = Colleague(roles=["OWNER"])
    care_team.hand_over(by=owner.account, leaving=house.ana, staff=ben, on=clock.today())
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert Client.objects.count() == 2


def test_a_clinician_who_leaves_meanwhile_ends_it_and_the_rest_is_named(house):
    text = "name\n" + "\n".join(f"Client {n}" for n in range(12))
    address = read(house.desk, text)
    house.desk.post(f"{address}begin/", where(house))
    Staff.objects.filter(pk=house.ana.pk).update(ended_on=clock.today())
    jobs.run_due(loud=True)
    page = said(house.desk, address)
    assert "0 clients were admitted" in page
    assert "12 rows are left out" in page
    assert "the first clinician or the importer left" in page


def test_who_left_meanwhile_is_no_reason_not_to_take_back(house):
    address = admitted(house, GOOD)
    house.desk.post(f"{address}undo/")
    Staff.objects.filter(pk=house.fay.pk).update(ended_on=clock.today())
    jobs.run_due(loud=True)
    assert not Client.objects.exists()
    assert Import.objects.get().state == "UNDONE"


def test_work_that_was_thrown_away_is_begun_again(house):
    address = admitted(house, GOOD)
    house.desk.post(f"{address}undo/")
    Job.objects.filter(name="import.undo").delete()
    assert "It stopped" in said(house.desk, address)
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert not Client.objects.exists()


def test_taken_back_before_it_began_nobody_is_admitted(house):
    address = read(house.desk, GOOD)
    house.desk.post(f"{address}begin/", where(house))
    house.desk.post(f"{address}undo/")
    jobs.run_due(loud=True)
    assert not Client.objects.exists()
    assert Import.objects.get().state == "UNDONE"


def test_stopped_in_the_middle_it_goes_on_and_admits_nobody_twice(house):
    text = "name\n" + "\n".join(f"Client {n}" for n in range(50))
    address = read(house.desk, text)
    house.desk.post(f"{address}begin/", where(house))
    source = Import.objects.get()

    def killed(done, total):
        raise LeaseLost

    with pytest.raises(LeaseLost):
        actions.admit_all(source=source, now=clock.now(), progress=killed)
    assert Client.objects.count() == actions.AT_ONCE
    jobs.run_due(loud=True)
    assert Client.objects.count() == 50
    assert "50 clients were admitted" in said(house.desk, address)
    assert Import.objects.get().left_out == []


def test_pressed_twice_it_begins_once(house):
    address = read(house.desk, GOOD)
    assert house.desk.post(f"{address}begin/", where(house)).status_code == 302
    again = house.desk.post(f"{address}begin/", where(house))
    assert again.status_code == 422
    jobs.run_due(loud=True)
    assert Client.objects.count() == 2


def test_columns_nobody_knows_are_told_by_hand(house):
    address = read(house.desk, "Wer,Seit wann,Was\nMara Lindgren,04.05.1990,x\n", order="eu")
    page = said(house.desk, address)
    assert "This table needs your help" in page
    columns = {"column0": "legal_name", "column1": "birth_on", "column2": "-", "order": "eu"}
    assert house.desk.post(f"{address}columns/", columns).status_code == 302
    jobs.run_due(loud=True)
    assert "1 client can be admitted" in said(house.desk, address)


def test_two_columns_of_one_kind_are_refused_and_what_was_chosen_stays(house):
    address = read(house.desk, GOOD)
    columns = {"column0": "legal_name", "column1": "legal_name", "column2": "mail",
               "column3": "-", "order": "eu"}  # fmt: skip
    answer = house.desk.post(f"{address}columns/", columns)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Two columns mean the same" in page
    assert page.count('<option value="legal_name" selected>') == 2
    assert '<option value="eu" selected>' in page
    assert Import.objects.get().columns[1] == "birth_on"


def test_changed_columns_beat_a_reading_that_was_under_way(house):
    handed_in(house.desk, GOOD)
    source = Import.objects.get()
    columns = {"column0": "preferred_name", "column1": "last_name", "column2": "-",
               "column3": "-", "order": "iso"}  # fmt: skip
    house.desk.post(f"{DOOR}{source.pk}/columns/", columns)
    jobs.run_due(loud=True)
    source.refresh_from_db()
    assert (source.state, source.turn, source.columns[1]) == ("READY", 2, "last_name")
    assert source.rows == 2
    assert [p[2] for p in source.left_out] == ["empty"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "The file is empty."), (b"\x89PNG\0\0", "This is no text file."),
     (b"name,dob\n", "There is a header and no row below it."),
     (b'name\n"Mara', "begins on line 2"),
     (b"," .join([b"name"] * 201) + b"\nx\n", "more than 200 columns"),
     (b"name\n" + b"x\n" * 50_001, "more than 50,000 rows"),
     (b"name\n" + b"x" * (17 * 1024 * 1024), "larger than 16 MB")],
    ids=["empty", "picture", "header", "quote", "wide", "many", "large"],
)  # fmt: skip
def test_what_is_no_table_is_said_beside_the_file(house, raw, words):
    answer = handed_in(house.desk, raw)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_without_a_file_it_asks_for_one(house):
    answer = house.desk.post(DOOR, {"order": "us"})
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()
    assert '<option value="us" selected>' in answer.content.decode()


def test_a_large_table_is_never_put_into_a_temporary_file(house, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    rows = "".join(f"Client {n},{'x' * 2000}\n" for n in range(2000))
    assert handed_in(house.desk, f"name,remark\n{rows}").status_code == 302


def test_the_table_lies_sealed(house):
    handed_in(house.desk, GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_import")
        assert b"Lindgren" not in b"".join(bytes(v) for v in cursor.fetchone()
                                           if isinstance(v, bytes | memoryview))  # fmt: skip
    assert "Lindgren" not in str(list(Import.objects.values()))


def test_who_is_here_already_is_left_out_with_a_way_to_them(house):
    mara = ClientOf(legal_name="Ole", care_team=[house.ana], place=house)
    address = read(house.desk, GOOD)
    page = said(house.desk, address)
    assert "1 client can be admitted" in page
    assert "is a client here already" in page
    assert f"/desk/clients/{mara.pk}/" in page


def test_an_owner_does_not_learn_who_is_here_and_still_admits_nobody_twice(house):
    ClientOf(legal_name="Ole", care_team=[house.ana], place=house)
    owner = inside(Colleague(roles=["OWNER"]).account)
    address = read(owner, GOOD)
    assert "2 clients can be admitted" in said(owner, address)
    owner.post(f"{address}begin/", where(house))
    jobs.run_due(loud=True)
    again = read(owner, GOOD)
    assert "Nobody in this table can be admitted" in said(owner, again)


def test_another_person_finds_nothing_there(house):
    address = read(house.desk, GOOD)
    other = inside(Colleague(roles=["OWNER", "FRONT_DESK"], at=[house]).account)
    assert other.get(address).status_code == 404
    for act in ("columns", "begin", "undo", "forget"):
        assert other.post(f"{address}{act}/", where(house)).status_code == 404
    assert other.get(f"{address}left-out/").status_code == 404
    rest = said(other, DOOR).split('id="id_order"')[1].split("</form>")[1]
    assert re.search(r"\brows\b", rest) is None


def test_left_out_rows_come_back_as_a_table_that_runs_no_formula(house):
    text = 'name,phone,remark\n=cmd|x!A1,+49 30 901820,x\n,+49 30 901821,"=1+2"\n'
    address = read(house.desk, text)
    answer = house.desk.get(f"{address}left-out/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="left-out.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Why it was left out", "name", "phone", "remark"]
    assert rows[1][1:] == ["", "+49 30 901821", "'=1+2"]
    assert "Line 3, name: Write a name." in rows[1][0]
    assert len(rows) == 2


def test_a_clinician_who_treats_nobody_is_refused_beside_the_field(house):
    address = read(house.desk, GOOD)
    answer = house.desk.post(f"{address}begin/", where(house, clinician=house.fay.pk))
    assert answer.status_code == 422
    assert 'id="id_clinician_error"' in answer.content.decode()
    assert Import.objects.get().state == "READY"


@pytest.mark.django_db(transaction=True)
def test_forgotten_the_table_is_gone_and_the_clients_stay(house):
    address = admitted(house, GOOD)
    house.desk.post(f"{address}forget/")
    assert house.desk.get(address).status_code == 404
    assert Client.objects.count() == 2
    assert not DataKey.objects.filter(purpose="IMPORT").exists()
    assert not Imported.objects.exists()
    assert [problem for _, problem in verify.everything() if problem] == []


def test_after_a_month_tables_are_forgotten(house):
    read(house.desk, GOOD)
    forget(now=clock.now() + actions.KEPT - timedelta(hours=1))
    assert Import.objects.exists()
    forget(now=clock.now() + actions.KEPT + timedelta(hours=1))
    assert not Import.objects.exists()
    handed_in(house.desk, GOOD)
    Import.objects.update(state="UNDOING")
    forget(now=clock.now() + actions.KEPT + timedelta(hours=1))
    assert not Import.objects.exists()


def test_a_job_that_was_given_up_is_said(house):
    handed_in(house.desk, GOOD)
    source = Import.objects.get()
    Job.objects.filter(name="import.read").update(state="DEAD")
    page = said(house.desk, f"{DOOR}{source.pk}/")
    assert "It stopped" in page
    assert "every 1s" not in page


def test_while_at_work_the_page_asks_again_and_gets_the_part_alone(house):
    handed_in(house.desk, GOOD)
    address = f"{DOOR}{Import.objects.get().pk}/"
    assert "The table is being read" in said(house.desk, address)
    part = house.desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="import-state"')
    assert "every 1s" in part


def test_statements_are_as_many_for_a_hundred_left_out_as_for_two(house):
    def counted(rows):
        text = "name,dob\nOle,\n" + "".join(f"Client {n},soon\n" for n in range(rows))
        address = read(house.desk, text)
        with CaptureQueriesContext(connection) as ran:
            assert house.desk.get(address).status_code == 200
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return len([q for q in ran if not q["sql"].startswith(marks)])

    assert counted(100) == counted(2) <= 14
