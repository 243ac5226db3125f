"""The desk's pages of an assessment, from its question to the paper in a client's hand."""

import io
import re

import pypdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.formats import date_format

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.progress.measures import actions as measures
from rapport.progress.models import (
    Asked,
    Assessment,
    AssessmentReport,
    Battery,
    NormTable,
    PlannedTest,
)
from rapport.progress.norms import said as norms
from rapport.web.desk.views.assessment_report import _full, _plain
from tests.factories import (
    NOW,
    AnAssessmentReport,
    APlace,
    APractice,
    ClientOf,
    Colleague,
    SupervisedBy,
)
from tests.progress.tested_here import (
    ABOUT,
    BORN,
    LINES,
    asked_in,
    elsewhere,
    loaded,
    planned,
    scored,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db
NORMS = "/desk/practice/norms/"
RTL = "<b>لماذا المدرسة صعبة؟</b>"
PHQ = {str(n): 1 for n in range(1, 9)} | {"9": 2}


@pytest.fixture
def ana():
    APractice()
    return Colleague(display_name="Ana", at=[APlace()])


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def mara(ana):
    return ClientOf(legal_name="Mara Lindgren", care_team=[ana], birth_on=BORN)


@pytest.fixture
def plan(ana, mara):
    return planned(mara, ana.account, now=time.now())


def text(given):
    return given.content.decode()


def page_of(plan, path=""):
    return f"/desk/clients/{plan.client_id}/assessments/{plan.pk}/{path}"


def of_test(test, path=""):
    return page_of(test.assessment, f"tests/{test.pk}/{path}")


def file(raw=LINES):
    return SimpleUploadedFile("norms.csv", raw if isinstance(raw, bytes) else raw.encode())


def names(plan):
    rows = PlannedTest.objects.filter(assessment=plan).order_by("place")
    return [one.instrument or one.title for one in rows]


# Norm tables ------------------------------------------------------------------------------


def test_a_table_is_read_looked_at_and_released(desk):
    assert "No table" in text(desk.get(NORMS)) or "Load a table" in text(desk.get(NORMS))
    made = desk.post(NORMS, ABOUT | {"file": file()})
    table = NormTable.objects.get()
    assert made["Location"] == f"{NORMS}{table.pk}/"
    shown = text(desk.get(made["Location"]))
    assert "Release it" in shown and "Memory" in shown and "18;00–49;11" in shown
    desk.post(f"{NORMS}{table.pk}/act/", {"do": "release"})
    shown = text(desk.get(made["Location"]))
    assert "Release it" not in shown and "In use since" in shown
    desk.post(f"{NORMS}{table.pk}/act/", {"do": "retire"})
    assert "Retired" in text(desk.get(made["Location"]))


def test_what_is_wrong_with_a_file_stands_at_the_field_and_what_was_typed_stays(desk):
    answer = desk.post(NORMS, ABOUT | {"title": RTL, "year": "soon",
                                       "file": file(LINES.replace("0.91", "9.1"))})  # fmt: skip
    shown = text(answer)
    assert answer.status_code == 422
    assert "Line 2, column reliability: a reliability lies from 0 to 1." in shown
    assert "Write the year of publication" in shown
    assert "&lt;b&gt;" in shown and "<b>" not in shown.split("<main")[1]
    assert not NormTable.objects.exists()
    assert desk.post(NORMS, ABOUT).status_code == 422  # no file at all


def test_thrown_away_before_it_is_released_a_table_is_gone(desk, ana):
    table = loaded(ana.account, release=False)
    assert desk.post(f"{NORMS}{table.pk}/act/", {"do": "drop"})["Location"] == NORMS
    assert not NormTable.objects.exists()


# The plan ---------------------------------------------------------------------------------


def test_an_assessment_is_begun_planned_and_put_in_order(desk, mara):
    listed = f"/desk/clients/{mara.pk}/assessments/"
    assert desk.post(listed, {"question": " "}).status_code == 422
    made = desk.post(listed, {"question": RTL})
    plan = Assessment.objects.get()
    assert made["Location"] == page_of(plan)
    assert "&lt;b&gt;" in text(desk.get(made["Location"]))

    add = page_of(plan, "add/")
    wrong = desk.post(add, {"kind": "ELSEWHERE", "title": "", "scales": "Memory", "minutes": "30"})
    assert wrong.status_code == 422 and "Write something here." in text(wrong)
    assert "Memory</textarea>" in text(wrong)
    desk.post(add, {"kind": "ELSEWHERE", "title": "Block test", "scales": "Memory\nSpeed"})
    again = desk.post(add, {"kind": "QUESTIONNAIRE", "instrument": "phq-9", "do": "another"})
    assert again["Location"] == add
    assert names(plan) == ["Block test", "phq-9"]
    second = PlannedTest.objects.get(instrument="phq-9")
    desk.post(of_test(second, "act/"), {"do": "up"})
    assert names(plan) == ["phq-9", "Block test"]


def test_the_clock_of_a_test_starts_and_stops(desk, plan, ana):
    test = elsewhere(plan, ana.account)
    assert ">Start the clock<" in text(desk.get(page_of(plan)))
    desk.post(of_test(test, "act/"), {"do": "start"})
    shown = text(desk.get(page_of(plan)))
    assert "running" in shown and ">Stop the clock<" in shown
    desk.post(of_test(test, "act/"), {"do": "stop"})
    shown = text(desk.get(page_of(plan)))
    assert "running" not in shown and "0 minutes taken" in shown and "Ana" in shown


def test_all_questionnaires_are_asked_in_one_sitting_in_the_order_of_the_plan(desk, plan, ana):
    for name in ("gad-7", "phq-9", "pcl-5"):
        asked_in(plan, ana.account, name)
    assert "Ask 3 questionnaires" in text(desk.get(page_of(plan)))
    assert desk.post(page_of(plan, "ask/"), {"way": "OWL"}).status_code == 422
    link = desk.post(page_of(plan, "ask/"), {"way": "DESK"})
    assert "one after the other" in text(link)
    rows = Asked.objects.order_by("part")
    assert [one.instrument for one in rows] == ["gad-7", "phq-9", "pcl-5"]
    assert len({one.sitting for one in rows}) == 1
    shown = text(desk.get(page_of(plan)))
    assert shown.count("asked, not answered") == 3 and "Ask 3" not in shown
    assert "left to be asked" in text(desk.get(page_of(plan, "ask/")))
    assert desk.post(page_of(plan, "ask/"), {"way": "DESK"}).status_code == 422


def test_an_interview_is_opened_from_the_plan_and_its_answers_stand_there(desk, plan, ana, mara):
    asked_in(plan, ana.account, kind="INTERVIEW")
    shown = text(desk.get(page_of(plan)))
    opens = f"/desk/clients/{mara.pk}/measures/interview/"
    assert f'action="{opens}"' in shown and "Ask in an interview" in shown
    assert desk.post(opens, {"instrument": "phq-9"}).headers["Location"].startswith(opens)
    answered(mara, ana, source="INTERVIEW")
    shown = text(desk.get(page_of(plan)))
    assert "10, moderate" in shown and opens not in shown


def answered(mara, ana, source="PAPER"):
    return measures.enter(by=ana.account, client=mara, instrument="phq-9", version=1, answers=PHQ,
                          source=source, answered_on=time.today(), now=time.now())  # fmt: skip


def test_a_plan_is_kept_as_a_battery_and_another_begins_with_it(desk, plan, ana, mara):
    elsewhere(plan, ana.account)
    act = page_of(plan, "act/")
    wrong = desk.post(act, {"do": "battery", "name": ""})
    assert wrong.status_code == 422 and "Write something here." in text(wrong)
    desk.post(act, {"do": "battery", "name": "Intake battery"})
    battery = Battery.objects.get()
    assert "Intake battery" in text(desk.get("/desk/practice/batteries/"))
    desk.post(f"/desk/clients/{mara.pk}/assessments/",
              {"question": "Anew?", "battery": str(battery.pk)})  # fmt: skip
    newest = Assessment.objects.exclude(pk=plan.pk).get()
    assert names(newest) == ["Block test"]
    desk.post(f"/desk/practice/batteries/{battery.pk}/", {"do": "retire"})
    assert "Intake battery" not in text(desk.get(f"/desk/clients/{mara.pk}/assessments/"))


def test_finished_and_opened_again(desk, plan, ana):
    elsewhere(plan, ana.account)
    desk.post(page_of(plan, "act/"), {"do": "finish"})
    shown = text(desk.get(page_of(plan)))
    assert "Add a test" not in shown and "Open it again" in shown
    late = desk.post(page_of(plan, "add/"), {"kind": "ELSEWHERE", "title": "Late"})
    assert late.status_code == 422 and "finished" in text(late)
    desk.post(page_of(plan, "act/"), {"do": "reopen"})
    assert "Add a test" in text(desk.get(page_of(plan)))


def test_a_finished_plan_takes_no_start_or_move(desk, plan, ana):
    test = elsewhere(plan, ana.account)
    desk.post(page_of(plan, "act/"), {"do": "finish"})
    for do in ("start", "up"):
        assert desk.post(of_test(test, "act/"), {"do": do}).status_code == 302
    assert PlannedTest.objects.get().times == []


# Scores -----------------------------------------------------------------------------------


def scores(table=None, **given):
    return {"do": "score", "done_on": time.today().isoformat(), "sex": "any", "raw-0": "25",
            "raw-1": "30", "table": str(table.pk) if table else ""} | given  # fmt: skip


def test_scores_are_typed_by_scale_and_every_number_opens_how_it_came_about(desk, plan, ana):
    table = loaded(ana.account)
    test = elsewhere(plan, ana.account, table=table)
    wrong = desk.post(of_test(test), scores(table, **{"raw-0": "many", "raw-1": "7"}))
    assert wrong.status_code == 422 and "Write a number" in text(wrong)
    assert 'value="many"' in text(wrong) and 'value="7"' in text(wrong)
    assert desk.post(of_test(test), scores(table, **{"raw-0": "", "raw-1": ""})).status_code == 422
    assert desk.post(of_test(test), scores(table))["Location"] == page_of(plan)
    shown = text(desk.get(of_test(test)))
    assert "T 65" in shown and "59.1 – 70.9" in shown and ">94<" in shown and "high" in shown
    assert "Invented norms, version 1" in shown and "Nobody (2019), p. 7" in shown
    assert "10 × √(1 − 0.91) = 3" in shown
    assert "Memory 25" in text(desk.get(page_of(plan)))


def test_a_score_outside_of_the_table_is_said_to_be(desk, plan, ana):
    table = loaded(ana.account)
    test = elsewhere(plan, ana.account, table=table)
    desk.post(of_test(test), scores(table, **{"raw-0": "31"}))
    shown = text(desk.get(of_test(test)))
    assert "No standard score: this score lies outside of the table." in shown


def test_scores_typed_under_another_version_of_the_table_are_not_mixed_up(desk, plan, ana):
    table = loaded(ana.account)
    test = elsewhere(plan, ana.account, table=table)
    version = re.search(r'name="version" value="([^"]+)"', text(desk.get(of_test(test))))[1]
    first, *lines = LINES.splitlines()
    loaded(ana.account, table=table, lines="\n".join([first, *lines[::-1]]))  # another order
    late = desk.post(of_test(test), scores(table, version=version))
    assert late.status_code == 422 and "Nothing was kept" in text(late)
    assert PlannedTest.objects.get().results == {}
    version = re.search(r'name="version" value="([^"]+)"', text(late))[1]
    desk.post(of_test(test), scores(table, version=version, **{"raw-0": "10", "raw-1": "30"}))
    kept = PlannedTest.objects.get().results["scales"]
    assert [(one["scale"], one["raw"]) for one in kept] == [("Order", 10), ("Speed", 30)]


def test_a_test_whose_table_was_retired_is_still_scored_by_it(desk, plan, ana):
    table = loaded(ana.account)
    test = elsewhere(plan, ana.account, table=table)
    desk.post(f"{NORMS}{table.pk}/act/", {"do": "retire"})
    assert "Invented norms, version 1" in re.sub(r"\s+", " ", text(desk.get(of_test(test))))
    desk.post(of_test(test), scores(table))
    assert PlannedTest.objects.get().results["version"]["table"] == str(table.pk)


def test_a_raw_score_is_shown_again_as_it_was_typed(desk, plan, ana):
    test = elsewhere(plan, ana.account, scales=["Time"])
    desk.post(of_test(test), scores(**{"raw-0": "1234.5678"}))
    assert 'value="1234.5678"' in text(desk.get(of_test(test)))


def test_lines_have_an_end_and_a_scale_stands_there_once(desk, plan, ana):
    test = elsewhere(plan, ana.account, scales=())
    many = desk.post(of_test(test), scores(lines="\n".join(f"s{n} = 1" for n in range(41))))
    assert many.status_code == 422 and "40" in text(many)
    twice = desk.post(of_test(test), scores(lines="Memory = 3\nMemory = 4"))
    assert twice.status_code == 422 and "Memory stands here twice" in text(twice)
    assert PlannedTest.objects.get().results == {}


def test_a_test_without_scales_takes_lines(desk, plan, ana):
    test = elsewhere(plan, ana.account, scales=[])
    wrong = desk.post(of_test(test), scores(lines="Memory = 3\nSpeed: 4"))
    assert wrong.status_code == 422 and "Memory = 3" in text(wrong)
    desk.post(of_test(test), scores(lines="Memory = 3\n\nSpeed of hand = 4,5"))
    kept = PlannedTest.objects.get().results["scales"]
    assert [(one["scale"], one["raw"]) for one in kept] == [("Memory", 3), ("Speed of hand", 4.5)]


def test_a_questionnaire_brings_its_score_to_a_norm_table(desk, plan, ana, mara):
    table = loaded(ana.account, lines="scale,age_from,age_to,mean,sd\nTotal,18,90,6,4\n")
    test = asked_in(plan, ana.account)
    answered(mara, ana)
    assert 'name="raw-0"' not in text(desk.get(of_test(test)))
    shown = text(desk.get(f"{of_test(test)}?table={table.pk}"))
    assert re.search(r'name="raw-0"[^>]*value="10"|value="10"[^>]*name="raw-0"', shown)
    desk.post(of_test(test), scores(table, **{"raw-0": "10"}))
    shown = text(desk.get(of_test(test)))
    assert "T 60" in shown and "(10 − 6) / 4 = 1" in shown and "No interval" in shown


def test_a_note_is_kept_and_a_test_left_out(desk, plan, ana):
    test = elsewhere(plan, ana.account)
    wrong = desk.post(of_test(test), {"do": "settle", "minutes": "0", "note": RTL})
    assert wrong.status_code == 422 and "&lt;b&gt;" in text(wrong)
    desk.post(of_test(test), {"do": "settle", "minutes": "20", "note": RTL, "left_out": "on"})
    row = PlannedTest.objects.get()
    assert (row.minutes, row.note, row.state) == (20, RTL, "LEFT_OUT")


SCHOOLED = """scale,age_from,age_to,education_from,education_to,raw_from,raw_to,t,reliability
Memory,18,90,0,9,0,50,65,0.91
Memory,18,90,10,13,0,50,50,0.91
Speed,18,90,,,0,50,40,0.8
"""


def test_norms_by_years_of_education_are_looked_up_and_shown(desk, plan, ana):
    table = loaded(ana.account, lines=SCHOOLED)
    test = elsewhere(plan, ana.account, table=table)
    assert "Years of education" in text(desk.get(of_test(test, f"?table={table.pk}")))
    lines = text(desk.get(f"{NORMS}{table.pk}/"))
    assert "Years of education" in lines and "10–13" in lines
    given = {"raw-0": "20", "raw-1": "20"}
    assert desk.post(of_test(test), scores(table, **given, education="12")).status_code == 302
    shown = text(desk.get(of_test(test)))
    assert "T 50" in shown and "T 40" in shown and "10 – 13 years of education" in shown
    assert 'name="education" value="12"' in shown

    desk.post(of_test(test), scores(table, **given, education="20"))
    shown = text(desk.get(of_test(test)))
    assert "no line for these years of education" in shown and "T 40" in shown
    desk.post(of_test(test), scores(table, **given, education=""))
    assert "no years of education are given" in text(desk.get(of_test(test)))
    wrong = desk.post(of_test(test), scores(table, **given, education="41"))
    assert wrong.status_code == 422 and 'id="id_education_error"' in text(wrong)


def test_a_table_that_tells_nobody_apart_by_education_does_not_ask_for_it(desk, plan, ana):
    table = loaded(ana.account)
    test = elsewhere(plan, ana.account, table=table)
    assert "Years of education" not in text(desk.get(of_test(test, f"?table={table.pk}")))
    assert "education" not in text(desk.get(f"{NORMS}{table.pk}/")).split("Columns of")[0]


# The report -------------------------------------------------------------------------------


@pytest.fixture
def tested(plan, ana, mara):
    """Two scales with norms, and a questionnaire with a risky answer."""
    asked_in(plan, ana.account)
    answered(mara, ana)
    scored(elsewhere(plan, ana.account), ana.account, loaded(ana.account), now=time.now())
    return plan


def typed(shown, **given):
    """The report's form as the page shows it, with some of it typed otherwise."""
    names = re.findall(r'name="(line_[\w-]+)"', shown)
    lines = re.findall(r'name="line_[\w-]+"[^>]*>\s*([^<]*)</textarea>', shown)
    return dict(zip(names, lines, strict=True)) | {
        "how": "true", "level": "0.9", "findings": "", "summary": "", "advice": "",
        "plain_intro": "We looked.", "plain_advice": "",
    } | given  # fmt: skip


def test_a_report_shows_numbers_differences_and_answers_to_look_at(desk, tested):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    assert "Not kept yet" in shown and "As a PDF" not in shown and "Answers to look at" in shown
    assert "Memory: better than about 9 in 10 people of the same age." in shown
    (pair,) = re.findall(r'name="pairs" value="([^"]+)"', shown)
    assert desk.post(page, typed(shown, pairs=pair)).status_code == 302
    shown = text(desk.get(page))
    assert "Version 1" in shown and "90 % interval" in shown and "estimated true score" in shown
    assert "Payne and Jones" in shown and ">5.39<" in shown  # 10 √(2 − 0.91 − 0.8)
    assert desk.post(page, typed(shown, how="guessed")).status_code == 422
    long = desk.post(page, typed(shown, findings="x" * 5001))
    assert long.status_code == 422 and "too long" in text(long)


def pdf_of(desk, plan, copy):
    return desk.post(page_of(plan, "report/pdf/"), {"copy": copy})


def test_two_copies_are_printed_and_each_print_is_in_the_trail(desk, tested):
    page = page_of(tested, "report/")
    assert pdf_of(desk, tested, "client")["Location"] == page  # nothing is kept yet
    desk.post(page, typed(text(desk.get(page)), findings=f"Quick. {RTL}"))
    for copy in ("colleagues", "client"):
        made = pdf_of(desk, tested, copy)
        assert made["Content-Type"] == "application/pdf" and made.content[:5] == b"%PDF-"
        assert "Mara" not in made["Content-Disposition"]
    assert pdf_of(desk, tested, "everybody").status_code == 302
    printed = AuditEntry.objects.filter(verb="assessment.print", about=tested.client_id)
    assert [one.subject for one in printed if "report" in str(one.subject)]


def test_a_long_paragraph_with_long_words_is_printed(desk, tested):
    page = page_of(tested, "report/")
    long = "Die Donaudampfschifffahrtsgesellschaft hat uns gut gefallen heute. " * 74
    desk.post(page, typed(text(desk.get(page)), findings=long))
    assert pdf_of(desk, tested, "colleagues").content[:5] == b"%PDF-"


def test_the_clients_copy_holds_no_raw_score_and_no_answer(desk, tested):
    page = page_of(tested, "report/")
    desk.post(page, typed(text(desk.get(page))))
    report = AssessmentReport.objects.get()
    full, plain = str(_full(tested, report)), str(_plain(report))
    assert "PHQ-9" in full and "25" in full and "T 65" in full and "Why is school hard?" in full
    assert "9 in 10" in plain and "We looked." in plain
    for word in ("PHQ", "25", "T 65", "high", "Why is school hard?", "Percentile"):
        assert word not in plain


def test_a_report_that_lags_behind_its_numbers_says_so(desk, tested, ana):
    page = page_of(tested, "report/")
    desk.post(page, typed(text(desk.get(page))))
    assert "Results have changed" not in text(desk.get(page))
    test = PlannedTest.objects.get(kind="ELSEWHERE")
    desk.post(of_test(test), scores(**{"raw-0": "3", "raw-1": "4"}))
    assert "Results have changed" in text(desk.get(page))


def test_a_difference_that_cannot_be_judged_any_more_is_left_out(desk, tested):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    (pair,) = re.findall(r'name="pairs" value="([^"]+)"', shown)
    desk.post(page, typed(shown, pairs=pair))
    test, table = PlannedTest.objects.get(kind="ELSEWHERE"), NormTable.objects.get()
    for given in (scores(table, **{"raw-1": "51"}), scores()):
        assert desk.post(of_test(test), given).status_code == 302
        shown = text(desk.get(page))
        assert "Results have changed" in shown and "Payne and Jones" not in shown


def test_what_the_client_is_told_follows_the_result_until_somebody_words_it(desk, tested):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    speed = re.findall(r'name="(line_[\w-]+)"', shown)[-1]
    desk.post(page, typed(shown, **{speed: "Speed: quick enough."}))
    test, table = PlannedTest.objects.get(kind="ELSEWHERE"), NormTable.objects.get()
    desk.post(of_test(test), scores(table, **{"raw-0": "5", "raw-1": "20"}))
    shown = text(desk.get(page))
    assert "Memory: better than about 1 in 10" in shown and "about 9 in 10" not in shown
    assert "Speed: quick enough." in shown


def test_in_two_windows_a_report_is_not_kept_over_another(desk, tested):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    assert desk.post(page, typed(shown, seen=seen, findings="One.")).status_code == 302
    other = desk.post(page, typed(shown, seen=seen, findings="Other."))
    assert "another version was kept" in text(other) and other.status_code == 422
    assert "Other." in text(other)
    seen = re.search(r'name="seen" value="(\w+)"', text(other))[1]
    assert desk.post(page, typed(shown, seen=seen, findings="Other.")).status_code == 302
    assert AssessmentReport.objects.count() == 2


def test_among_arabic_words_an_age_reads_years_before_months(desk, tested, ana):
    ana.account.language = "ar"
    ana.account.save()
    page = page_of(tested, "report/")
    desk.post(page, typed(text(desk.get(page)), findings="Quick."))
    rows = AssessmentReport.objects.get().content["rows"]
    age = next(norms.age(one["age"]) for one in rows if one["version"])
    with pypdfium2.PdfDocument(pdf_of(desk, tested, "colleagues").content) as made:
        assert age in {around for page in made for around in _around_semicolons(page)}


def _around_semicolons(page):
    """What the eye finds two digits to the left and to the right of each of them."""
    said = page.get_textpage()
    every = [
        (*said.get_charbox(n)[:2], said.get_text_range(n, 1)) for n in range(said.count_chars())
    ]
    boxes = [one for one in every if one[2].isdigit() or one[2] == ";"]
    for box in boxes:
        if box[2] == ";":
            row = sorted(one for one in boxes if abs(one[1] - box[1]) < 4)
            here = row.index(box)
            yield "".join(sign for *_, sign in row[here - 2 : here + 3])


def version_at(plan, number):
    report = AssessmentReport.objects.get(assessment=plan, number=number)
    return page_of(plan, f"report/{report.pk}/")


def words_of(pdf):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_an_older_version_is_read_and_printed_as_it_was_kept(desk, tested, ana):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    (pair,) = re.findall(r'name="pairs" value="([^"]+)"', shown)
    assert desk.post(page, typed(shown, pairs=pair, findings="Slow.")).status_code == 302
    AssessmentReport.objects.update(made_at=NOW)
    desk.post(page_of(tested, ""), {"question": "Why is sport hard?"})
    test, table = PlannedTest.objects.get(kind="ELSEWHERE"), NormTable.objects.get()
    desk.post(of_test(test), scores(table, **{"raw-0": "5", "raw-1": "20"}))
    desk.post(page, typed(text(desk.get(page)), findings="Quick.", how="observed"))

    listed = text(desk.get(page))
    old, new = version_at(tested, 1), version_at(tested, 2)
    assert old in listed and new in listed and listed.count(ana.display_name) >= 2
    shown = text(desk.get(old))
    assert "Slow." in shown and "Quick." not in shown and "It counts no more." in shown
    assert "Why is school hard?" in shown and "sport" not in shown
    assert "T 65" in shown and "90 % interval" in shown and "Payne and Jones" in shown
    assert "Answers to look at" in shown and "about 9 in 10" in shown and ana.display_name in shown
    assert "This is the newest version" in text(desk.get(new)) and "sport" in text(desk.get(new))

    printed = words_of(desk.post(f"{old}pdf/", {"copy": "colleagues"}).content)
    assert "Slow." in printed and "school" in printed and "T 65" in printed
    assert "Quick." not in printed and date_format(NOW, "DATE_FORMAT") in printed
    assert "9 in 10" in words_of(desk.post(f"{old}pdf/", {"copy": "client"}).content)
    assert desk.post(f"{old}pdf/", {"copy": "everybody"})["Location"] == page


def test_a_version_that_kept_no_question_says_so(desk, tested):
    page = page_of(tested, "report/")
    desk.post(page, typed(text(desk.get(page))))
    assert "As it is put today" not in text(desk.get(version_at(tested, 1)))
    report = AssessmentReport.objects.get()
    report.content = {name: one for name, one in report.content.items() if name != "question"}
    report.save()
    shown = text(desk.get(version_at(tested, 1)))
    assert "As it is put today" in shown and "Why is school hard?" in shown


RATES = """scale,other,points,percent
Memory,Speed,10,30
Speed,Memory,15,12.5
"""


def loading(rates, **given):
    sent = {**ABOUT, "file": file(), **given}
    return sent | {"apart": SimpleUploadedFile("apart.csv", rates.encode())}


def test_how_often_scales_lie_apart_is_loaded_looked_at_and_shown_with_a_difference(
    desk, plan, ana
):
    owner = inside(Colleague(roles=["OWNER", "CLINICIAN"]).account)
    wrong = owner.post(NORMS, loading("scale,other,points,percent\nMemory,Mood,1,2\n"))
    assert wrong.status_code == 422 and "no scale of this name" in text(wrong)
    assert not NormTable.objects.exists()
    assert owner.post(NORMS, loading(RATES)).status_code == 302
    table = NormTable.objects.get()
    shown = text(owner.get(f"{NORMS}{table.pk}/"))
    assert "How often scales lie apart" in shown and ">12.5<" in shown
    owner.post(f"{NORMS}{table.pk}/act/", {"do": "release"})

    test = elsewhere(plan, ana.account, table=table)
    page = page_of(plan, "report/")
    # Memory is T 65; Speed T 60, or T 70 of women
    for sex, rate in (("any", "–"), ("female", "–")):
        assert desk.post(of_test(test), scores(table, sex=sex)).status_code == 302
        shown = text(desk.get(page))
        (pair,) = re.findall(r'name="pairs" value="([^"]+)"', shown)
        desk.post(page, typed(shown, pairs=pair))
        shown = text(desk.get(page))
        assert "As far apart in the norm sample" in shown and f">{rate}<" in shown
    assert desk.post(of_test(test), scores(table, **{"raw-0": "15"})).status_code == 302
    desk.post(page, typed(text(desk.get(page)), pairs=pair))  # T 50 and T 60
    shown = text(desk.get(page))
    assert "30 %" in shown and "does not say" not in shown
    printed = words_of(pdf_of(desk, plan, "colleagues").content)
    assert "30 %" in printed and "whichever is higher" in printed
    assert (
        desk.post(of_test(test), scores(table, sex="female", **{"raw-0": "5"})).status_code == 302
    )
    desk.post(page, typed(text(desk.get(page)), pairs=pair))  # T 35 and T 70
    assert "at most 12.5 %" in text(desk.get(page))


def test_without_such_a_file_a_difference_says_nothing_of_how_often(desk, tested):
    page = page_of(tested, "report/")
    shown = text(desk.get(page))
    (pair,) = re.findall(r'name="pairs" value="([^"]+)"', shown)
    desk.post(page, typed(shown, pairs=pair))
    shown = text(desk.get(page))
    assert "the table does not say" in shown and "As far apart" not in shown


# Whose it is ------------------------------------------------------------------------------


def test_pages_of_one_client_open_nothing_of_another(desk, plan, ana):
    test = elsewhere(plan, ana.account)
    noa = ClientOf(care_team=[ana])
    other = planned(noa, ana.account)
    for path in (f"{plan.pk}/", f"{plan.pk}/report/", f"{other.pk}/tests/{test.pk}/"):
        assert desk.get(f"/desk/clients/{noa.pk}/assessments/{path}").status_code == 404
    report = AnAssessmentReport(assessment=plan)
    assert desk.get(page_of(plan, f"report/{report.pk}/")).status_code == 200
    second = planned(plan.client, ana.account)
    for path in (page_of(other, f"report/{report.pk}/"), page_of(second, f"report/{report.pk}/")):
        assert desk.get(path).status_code == 404
        assert desk.post(f"{path}pdf/", {"copy": "client"}).status_code == 404


def test_whoever_only_reads_finds_no_button(plan, ana, mara):
    elsewhere(plan, ana.account)
    vera = Colleague(roles=["SUPERVISOR"])
    SupervisedBy(supervisor=vera, supervisee=ana)
    desk = inside(vera.account)
    for path in ("", "report/"):
        shown = text(desk.get(page_of(plan, path)))
        assert "Add a test" not in shown and "Keep as a version" not in shown
    assert "Begin an assessment" not in text(desk.get(f"/desk/clients/{mara.pk}/assessments/"))
