"""rapport score: tables, answers of another version, and questionnaires in files of one's own."""

import json

import pytest

from rapport.core import library
from rapport.progress.measures.instruments import INSTRUMENTS
from tests.launcher.conftest import rapport
from tests.launcher.test_score import scored


def table(feed, capsys, text, *words, id="phq-2"):
    """What comes out for a table, and the exit code."""
    code = feed(["score", id, "--csv", *words], text if isinstance(text, bytes) else text.encode())
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "text",
    ["1,2\n1,2\n", "2;1\n2;1\n", "case\t1\t2\tversion\nx\t1\t2\t1\n", '\ufeff1,2\r\n 1 ,"2"\r\n'],
)
def test_a_table_is_read_with_whatever_stands_between_its_cells(feed, capsys, text):
    code, (found,) = table(feed, capsys, text)

    assert (code, found["total"], found["status"]) == (0, 3, "scored")


def test_an_empty_cell_is_no_answer_and_a_fact_stands_in_a_column_of_its_own(feed, capsys):
    code, (woman, man, nobody) = table(
        feed, capsys, "sex,1,2,3\nfemale,1,1,1\nmale,1,1,1\n,1,1,\n", id="audit-c"
    )

    assert (woman["above_cutoff"], man["above_cutoff"]) == (True, False)
    assert (code, nobody["status"]) == (0, "not_scorable")
    (left,) = table(feed, capsys, "1,2,3,4,5\nn/a,1,1,1,1\n", id="wsas")[1]
    assert (left["total"], left["highest"]) == (4, 32)


@pytest.mark.parametrize(
    "line, advice",
    [
        ("1.0,1", "Item 1 is answered with 0, 1, 2, 3, or null"),
        ("1e0,1", "Item 1 is answered with"),
        ("NaN,1", "Item 1 is answered with"),
        ("two,1", "Item 1 is answered with"),
        ("1,-1", "Item 2 is answered with"),
        ("1,99999999999999999999", "Item 2 is answered with"),
        ("\u0662,1", "Item 1 is answered with"),
        ("n/a,1", "Item 1 is answered with"),
        ('"1,5",1', "Item 1 is answered with"),
        ("1;1", "1 cells stand under 2 columns."),
        ("1,1,1", "3 cells stand under 2 columns."),
        ("", "0 cells stand under 2 columns."),
        ('"1,1', "It is no line of a CSV file"),
        ('"1"1,1', "It is no line of a CSV file"),
        ("1,1" + " " * (1 << 20), "It is longer than a megabyte"),
        (b"\xff,1", "It is no UTF-8"),
        (b"1,\x00", "Item 2 is answered with"),
    ],
)
def test_a_line_of_a_table_that_cannot_be_scored_is_named(feed, capsys, line, advice):
    line = line if isinstance(line, bytes) else line.encode()

    code, (first, second, third) = table(feed, capsys, b"1,2\n1,1\n" + line + b"\n3,3\n")

    assert code == 1
    assert list(second) == ["error"]
    assert second["error"].startswith(f"Line 3: {advice}")
    assert (first["total"], third["total"]) == (2, 6)


@pytest.mark.parametrize(
    "head, advice",
    [
        (b"1,3\n", "there is no item '3'. Columns are: 1, 2, case, version."),
        (b"1|2\n", "there is no item '1|2'."),
        (b"1,1\n", "the column 1 stands there twice."),
        (b"case,version\n", "no column is an item. There are: 1, 2."),
        (b"\n", "no column is an item."),
        (b'"1,2\n', "It is no line of a CSV file"),
        ("1,2\n".encode("utf-16"), "It is no UTF-8. Save the file as UTF-8."),
        (b'{"answers": {"1": 1}}\n', "there is no item"),
    ],
)
def test_a_table_whose_head_is_wrong_is_refused_before_anything_is_scored(
    feed, capsys, head, advice
):
    assert feed(["score", "phq-2", "--csv"], head + b"1,1\n") == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"Line 1: {advice}")
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("version", [2, 0, "1", 1.0, True, None])
def test_answers_of_another_version_are_refused(version):
    full = {"answers": {"1": 1, "2": 1}}

    first, second = scored("phq-2", full | {"version": 1}, full | {"version": version}, code=1)

    assert first["total"] == 2
    assert second == {"error": "Line 2: It is of another version; version 1 is scored here."}


def test_answers_of_another_version_are_refused_in_a_table_too(feed, capsys):
    code, found = table(feed, capsys, "version,1,2\n1,1,1\n2,1,1\n,1,1\n")

    assert (code, ["error" in one for one in found]) == (1, [False, True, True])


PHQ_2 = library.root().joinpath("instruments", "phq-2.toml").read_text("utf-8")


@pytest.fixture
def own(tmp_path):
    """A questionnaire in a file of one's own."""

    def write(right="", wrong="", name="phq-2.toml"):
        assert right in PHQ_2
        (tmp_path / name).write_text(PHQ_2.replace(right, wrong, 1), "utf-8")
        return str(tmp_path / name)

    return write


def test_a_questionnaire_in_a_file_of_ones_own_is_scored(own):
    file = own()

    assert scored(file, {"answers": {"1": 1, "2": 2}})[0]["total"] == 3
    assert rapport("score", "--check", file).stdout == (
        f"PHQ-2: nothing is wrong, and {len(INSTRUMENTS.get('phq-2').content.examples)} "
        "worked cases add up.\n"
    )


@pytest.mark.parametrize("check", [[], ["--check"]])
@pytest.mark.parametrize(
    "right, wrong, reason",
    [
        ("total         = 1\n", "total         = 2\n", "total is 1, not 2 (line "),
        ("= [0, 1, 2, 3]", "= [0, 3, 2, 1]", "values: write the lowest answer"),
        ('id       = "phq-2"', "id = ", "is no TOML: Invalid value (at line "),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_anything_is_scored(
    own, feed, capsys, right, wrong, reason, check
):
    file = own(right, wrong)

    code = feed(["score", file, *check], b'{"answers": {"1": 1, "2": 2}}\n')

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert reason in said.err
    assert all(line.startswith(f"{file}: ") for line in said.err.splitlines())


def test_a_file_that_is_not_there_or_badly_named_is_one_sentence(own, feed, capsys):
    assert feed(["score", "nowhere.toml"], b"") == 2
    assert capsys.readouterr().err == ("nowhere.toml: cannot be read: No such file or directory\n")
    assert feed(["score", own(name="My form.toml")], b"") == 2
    assert "rename the file to <id>.toml" in capsys.readouterr().err


def test_words_beside_a_file_that_lack_something_are_refused_too(own, feed, capsys, tmp_path):
    words = library.root().joinpath("instruments", "phq-2.en.toml").read_text("utf-8")
    (tmp_path / "phq-2.en.toml").write_text(words.replace("\n3 = ", "\n4 = ", 1), "utf-8")

    assert feed(["score", "--check", own()], b"") == 2
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith(f"{tmp_path / 'phq-2.en.toml'}: labels.") for line in lines)


def test_a_library_with_a_file_that_makes_no_sense_scores_nothing(
    own, feed, capsys, tmp_path, monkeypatch
):
    (tmp_path / "instruments").mkdir()
    own("total         = 1\n", "total         = 2\n", name="instruments/phq-2.toml")
    monkeypatch.setattr(library, "root", lambda: tmp_path)

    for words in (["phq-2"], ["--check"], ["--list"]):
        assert feed(["score", *words], b'{"answers": {"1": 1, "2": 2}}\n') == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("library/instruments/phq-2.toml: examples[2]: total is 1, not 2")


def test_the_whole_library_is_checked(feed, capsys):
    assert feed(["score", "--check"], b"") == 0
    count = len(INSTRUMENTS.find())
    assert capsys.readouterr().out.startswith(f"{count} questionnaires: nothing is wrong, and ")
