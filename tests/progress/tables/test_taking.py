"""Measures as tables, read back by other people's programs."""

import csv
import io
import tracemalloc
import zipfile
from datetime import timedelta

import pyreadstat
import pytest

from rapport.core.policy import Denied, System
from rapport.progress.chosen import actions as chosen
from rapport.progress.measures import instruments, scored
from rapport.progress.measures.judging import Way
from rapport.progress.tables import columns, spss, taking
from tests.factories import NOW, AnInformant, AScore, ASheet, ClientOf, Colleague

CLI = System("cli")


def answered(client, answers, days=0, instrument="phq-9", **given):
    one = instruments.get(instrument).content
    at = NOW + timedelta(days=days)
    sheet = ASheet(client=client, instrument=instrument, answers=answers, answered_at=at, **given)
    AScore(sheet=sheet, **scored.columns(one, answers, {}))
    return sheet


@pytest.fixture
def practice(ana, ben, mara):
    other = ClientOf(care_team=[ben], legal_name="Ole Quxfeld")
    full = {str(n): 1 for n in range(1, 11)}
    answered(mara, full)
    answered(mara, {**full, "1": None}, days=14, source="PAPER")
    answered(mara, {"1": 3}, days=20)
    answered(other, {str(n): 3 for n in range(1, 10)})
    answered(other, {"1": 0, "2": "n/a", "3": "n/a"}, instrument="audit-c")
    wrong = answered(mara, full, days=30)
    wrong.replaced_by = answered(mara, {**full, "9": 3}, days=30)
    wrong.save()
    ASheet(client=mara, version=9, answers={"1": 2})


def taken(by, form, **given):
    made = taking.take_out(by=by, form=form, language="en", now=NOW, **given)
    content = b"".join(made.portions)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return made.name, {name: archive.read(name) for name in archive.namelist()}


def table(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def read_back(content, tmp_path):
    file = tmp_path / "it.sav"
    file.write_bytes(content)
    return pyreadstat.read_sav(file, user_missing=True, output_format="dict")


def test_spss_reads_answers_labels_and_what_is_missing(practice, tmp_path):
    name, files = taken(CLI, "spss")
    assert set(files) == {"phq-9.sav", "audit-c.sav", "codebook.csv"}
    assert not any(word in name.lower() for word in ("mara", "kern", "phq"))

    found, about = read_back(files["phq-9.sav"], tmp_path)
    labels = about.column_names_to_labels
    words = instruments.get("phq-9").words["en"]
    assert labels["item_1"] == f"PHQ-9 1: {words.items['1']}"[: spss.LONGEST]
    assert about.variable_value_labels["item_1"][3.0] == words.labels["scale"]["3"]
    assert about.variable_value_labels["item_1"][-9.0] == "not answered"
    assert about.missing_ranges["item_1"] == [{"lo": -9.0, "hi": -9.0}]
    rows = {(c, n): k for k, (c, n) in enumerate(zip(found["client"], found["sheet"], strict=True))}
    assert len(rows) == 5 and len(set(found["client"])) == 2
    mara = max(set(found["client"]), key=list(found["client"]).count)
    first, second, third, fourth = (rows[mara, n] for n in (1, 2, 3, 4))
    assert [found["day"][k] for k in (first, second, third, fourth)] == [0, 14, 20, 30]
    assert found["item_1"][second] == -9
    assert found["total"][second] == pytest.approx(9)
    assert [found["status"][k] for k in (first, second, third)] == [2, 1, 0]
    assert str(found["total"][third]) in ("nan", "None")
    assert (found["item_9"][fourth], found["risk"][fourth]) == (3, 1)
    assert about.variable_value_labels["band"][found["band"][first]] == words.bands["mild"]

    alcohol, about = read_back(files["audit-c.sav"], tmp_path)
    assert alcohol["item_2"][0] == -8 and alcohol["total"][0] == 0
    assert about.variable_value_labels["item_2"][-8.0] == "does not apply"


def test_csv_and_its_codebook_say_the_same(practice):
    _, files = taken(CLI, "csv")
    rows, book = table(files, "phq-9.csv"), table(files, "codebook.csv")
    assert len(rows) == 5
    assert [row["item_1"] for row in rows].count("") == 1
    assert table(files, "audit-c.csv")[0]["item_2"] == "n/a"
    known = [line for line in book if line["instrument"].startswith("phq-9")]
    assert [line["variable"] for line in known if line["variable"]] == list(rows[0])
    line = next(line for line in known if line["variable"] == "item_1")
    assert line["version"] == "1" and line["source"] == "LOINC 44250-9"
    assert "3 = Nearly every day" in line["values"]
    assert "1 sheets of another version are left out" in files["codebook.csv"].decode()


def test_every_line_says_who_answered(mara):
    full = {str(n): 1 for n in range(1, 11)}
    parent, other = (AnInformant(client=mara, by_role=False) for _ in range(2))
    answered(mara, full)
    answered(mara, full, days=1, informant=parent, source="INFORMANT")
    answered(mara, full, days=2, informant=other, source="PAPER")
    answered(mara, full, days=3, informant=parent, source="INFORMANT")
    _, files = taken(CLI, "csv")
    rows = sorted(table(files, "phq-9.csv"), key=lambda row: int(row["sheet"]))
    assert [(row["informant"], row["informant_number"], row["source"]) for row in rows] == [
        ("0", "0", "1"), ("1", "1", "4"), ("1", "2", "3"), ("1", "1", "4"),
    ]  # fmt: skip
    _, files = taken(CLI, "spss")
    assert b"a parent" in files["phq-9.sav"]


def test_a_clinician_takes_out_whom_they_treat_and_no_name(practice, ana, ben, mara):
    _, mine = taken(ana.account, "csv")
    _, theirs = taken(ben.account, "csv")
    assert len(table(mine, "phq-9.csv")) == 4 and "audit-c.csv" not in mine
    assert len(table(theirs, "phq-9.csv")) == 1
    whole = b"".join(mine.values()).decode()
    assert not any(word in whole for word in ("Mara", "Kern", str(mara.pk), str(NOW.year)))
    _, again = taken(ana.account, "csv")
    assert table(again, "phq-9.csv")[0]["client"] != table(mine, "phq-9.csv")[0]["client"]
    _, chosen = taken(CLI, "csv", chosen=["audit-c"])
    assert set(chosen) == {"audit-c.csv", "codebook.csv"}


def test_nobody_without_clients_takes_anything_out(ana):
    desk = ana.account
    ana.roles = ["FRONT_DESK"]
    ana.save()
    with pytest.raises(Denied):
        taken(desk, "csv")


def test_the_cut_off_in_use_is_asked_anew_and_the_codebook_names_it(ana, mara):
    answered(mara, {str(n): 1 for n in range(1, 10)})  # 9: below 10, above 8
    way = Way("published", cutoff="sensitive")
    chosen.choose(by=Colleague(roles=["OWNER"]).account, instrument="phq-9", what="change:nhs",
                  way=way, now=NOW)  # fmt: skip

    _, files = taken(ana.account, "csv")

    (row,) = table(files, "phq-9.csv")
    assert (row["total"], row["above_cutoff"]) in (("9", "1"), ("9.0", "1"))
    (line,) = (one for one in table(files, "codebook.csv") if one["variable"] == "above_cutoff")
    assert "in the clinical range: >= 8; settings that would" in line["label"]
    assert line["source"].startswith("Manea")


def test_an_empty_practice_gives_a_codebook_and_no_table(ana):
    _, files = taken(ana.account, "spss")
    assert list(files) == ["codebook.csv"]


def test_every_questionnaire_of_the_library_can_be_a_table(tmp_path):
    for id, filed in instruments.INSTRUMENTS.find().items():
        shown = columns.of(filed)
        cells = ["ä" * 8 if column.width == 16 else "en" if column.width else 1 for column in shown]
        content = b"".join(spss.written(shown, [cells, cells], title=filed.content.short, now=NOW))
        found, about = read_back(content, tmp_path)
        assert about.column_names == [column.name for column in shown], id
        assert found["client"][1] == "ä" * 8
        assert len({column.name for column in shown}) == len(shown)


def test_memory_does_not_grow_with_the_rows():
    filed = instruments.get("pcl-5")
    shown = columns.of(filed)
    cells = ["x", *[1] * (len(shown) - 1)]
    cells[3] = "en"

    def most(rows):
        files = [("it.sav", spss.written(shown, (cells for _ in range(rows)), title="x", now=NOW))]
        tracemalloc.start()
        for _ in taking.zipped(files, NOW):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(8_000) < most(1_000) + 200_000


def test_what_does_not_fit_is_refused():
    shown = [columns.Column(name="client", label="x", width=8)]
    with pytest.raises(ValueError, match="longer than 8 bytes"):
        b"".join(spss.written(shown, [["123456789"]], title="x", now=NOW))
    with pytest.raises(ValueError):
        b"".join(spss.written(shown, [["1", 2]], title="x", now=NOW))


def test_a_part_has_its_band_beside_its_total(mara, tmp_path):
    one = instruments.get("dass-21").content
    every = {item.key: 0 for item in one.items}
    low = every | dict.fromkeys(one.score.subscales["depression"].of, 1)
    answered(mara, low, instrument="dass-21")
    open_ = dict.fromkeys(one.score.subscales["anxiety"].of, None)
    answered(mara, low | open_, days=7, instrument="dass-21")
    _, files = taken(CLI, "csv")
    rows = sorted(table(files, "dass-21.csv"), key=lambda row: int(row["sheet"]))
    names = list(rows[0])
    for part in one.score.subscales:
        assert names[names.index(f"part_{part}") + 1] == f"part_{part}_band"
    # Seven ones doubled are 14: moderate, the third; nothing at all is normal, the first.
    assert [(row["part_depression"], row["part_depression_band"]) for row in rows] == [
        ("14", "3"), ("14", "3"),
    ]  # fmt: skip
    assert [row["part_anxiety_band"] for row in rows] == ["1", ""]
    line = next(
        line for line in table(files, "codebook.csv")
        if line["variable"] == "part_depression_band"
    )  # fmt: skip
    assert line["label"].endswith(", band") and "3 = moderate" in line["values"].lower()
    assert "Lovibond" in line["source"]

    _, files = taken(CLI, "spss")
    found, about = read_back(files["dass-21.sav"], tmp_path)
    labels = about.variable_value_labels["part_depression_band"]
    assert labels[found["part_depression_band"][0]].lower() == "moderate"


def test_a_part_without_bands_has_no_column_for_one():
    shown = [one.name for one in columns.of(instruments.get("pcl-5"))]
    assert any(name.startswith("part_") for name in shown)
    assert not any(name.endswith("_band") for name in shown)
