"""What may be typed into a questionnaire, and where it is wrong. Pure."""

import pytest

from rapport.progress.measures import written
from rapport.progress.own import rules

from .held_here import draft, goal, question

CHOICE = {"kind": "choice", "answers": [[0, "no"], [1, "yes"]]}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("هل نمت؟ <b>", None), ("a\nb\tc", None), ("", "missing"), ("  ", "missing"), (None, "signs"),
     ("x" * 2001, "long"), ("a\x00b", "signs"), ("a\ud800", "signs")],
)  # fmt: skip
def test_words_of_any_script_are_welcome(text, wrong):
    assert rules.text_wrong(text) == wrong


def test_words_that_need_not_be_may_be_empty():
    assert rules.text_wrong("", needed=False) is None


@pytest.mark.parametrize(
    ("text", "pairs", "wrong"),
    [
        ("never\n\n often ", [[0, "never"], [1, "often"]], None),
        ("1 = never\n5=always", [[1, "never"], [5, "always"]], None),
        ("a = b\nc = d", [[0, "a = b"], [1, "c = d"]], None),
        ("alone", [[0, "alone"]], "few"),
        ("\n".join("abcdefghijklmnopqrstu"), None, "many"),
        ("0 = a\nb", [[0, "a"], [None, ""]], "number"),
        ("0 = a\n0 = b", [[0, "a"], [0, "b"]], "twice"),
        ("a\na", [[0, "a"], [1, "a"]], "twice"),
        (f"a\n{'x' * 201}", None, "long"),
        ("0 = a\n1 =", [[0, "a"], [1, ""]], "missing"),
    ],
)
def test_answers_are_read_a_line_each(text, pairs, wrong):
    read, found = rules.answers_read(text)
    assert found == wrong and pairs in (None, read)
    if not wrong:
        assert rules.answers_read(rules.answers_written(read)) == (read, None)


@pytest.mark.parametrize(
    ("text", "bands", "wrong"),
    [
        ("0-4 = few\n5–10 = many", [[0, 4, "few"], [5, 10, "many"]], None),
        ("0-1.4 = a\n1,5-2 = b", [[0, 1.4, "a"], [1.5, 2, "b"]], None),
        ("", [], None), ("0 = few", [], "not_read"), ("a-4 = few", [], "not_read"),
        ("0-4 =", [], "not_read"), ("0-1.x = a", [], "not_read"), ("0-1.² = a", [], "not_read"),
    ],
)  # fmt: skip
def test_bands_are_read_a_line_each(text, bands, wrong):
    assert rules.bands_read(text) == (bands, wrong)
    assert rules.bands_read(rules.bands_written(bands)) == (bands, None)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {}),
        ({"kind": "poem"}, {"kind": "choose"}),
        ({"kind": "text"}, {"counts": "no_choice"}),
        ({"kind": "date", "counts": False, "alert": 1}, {"alert": "no_choice"}),
        ({"alert": 11}, {"alert": "number"}),
        (CHOICE | {"alert": 1}, {}),
        ({"ask_if": ["9", ">=", 1]}, {"ask_if": "not_there"}),
        ({"ask_if": ["2", ">=", 1]}, {"ask_if": "no_choice"}),
        ({"ask_if": ["1", ">=", 4]}, {"ask_if": "number"}),
        ({"ask_if": ["1", "==", 1]}, {"ask_if": "number"}),
        ({"ask_if": ["1", "<=", 0]}, {}),
    ],
)
def test_a_question_is_wrong_at_its_fields(given, wrong):
    before = draft(question(**CHOICE), question(kind="text"))["questions"]
    assert rules.question_wrong(question(**given), before) == wrong


def hangs(*of):
    return [{"key": str(n), "ask_if": [one, ">=", 1] if one else None}
            for n, one in enumerate(of, 1)]  # fmt: skip


@pytest.mark.parametrize(
    ("questions", "wrong"),
    [
        (hangs("", "1", "2"), {}),
        (hangs("1"), {"1": "itself"}),
        (hangs("2", "1"), {"1": "cycle", "2": "cycle"}),
        (hangs("3", "1", "2"), {"1": "cycle", "2": "cycle", "3": "cycle"}),
        (hangs("2", ""), {"1": "later"}),
        (hangs("9"), {"1": "not_there"}),
        (hangs("2", "3", "2"), {"1": "later", "2": "cycle", "3": "cycle"}),
    ],
)
def test_no_question_decides_about_itself(questions, wrong):
    assert rules.skips_wrong(questions) == wrong


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {}),
        ({"title": "x" * 10_000}, {"title": ("long", 200)}),
        ({"about": "x" * 10_000}, {"about": ("long", 2000)}),
        ({"questions": [], "scoring": "none"}, {"questions": ("missing", None)}),
        ({"scoring": "magic"}, {"scoring": ("choose", None)}),
        ({"missing": 2}, {"missing": ("limit", 1)}),
        ({"bands": [[0, 10, "a"], [11, 20, "b"]]}, {}),
        ({"bands": [[0, 9, "a"], [11, 20, "b"]]}, {"bands": ("gap", 10)}),
        ({"bands": [[0, 10, "a"], [10, 20, "b"]]}, {"bands": ("gap", 11)}),
        ({"bands": [[0, 10, "a"], [11, 19, "b"]]}, {"bands": ("gap", 20)}),
        ({"bands": [[5, 3, "a"]]}, {"bands": ("gap", 0)}),
        ({"scoring": "mean", "bands": [[0, 4.9, "a"], [5, 10, "b"]]}, {}),
        ({"scoring": "mean", "bands": [[0, 4, "a"], [5, 10, "b"]]}, {"bands": ("gap", 4.1)}),
    ],
)
def test_a_whole_is_wrong_at_its_fields(given, wrong):
    assert rules.whole_wrong(draft(question(), question(), **given)) == wrong


def test_nothing_counts_where_everything_is_in_words():
    whole = draft(question(kind="text", counts=True))
    assert rules.whole_wrong(whole) == {"scoring": ("uncounted", None)}
    assert rules.span([question()], "none") is None
    assert rules.span([question(), question()], "mean") == (0, 10)


def test_a_condition_that_cannot_be_and_too_many_questions_are_told_of():
    many = draft(*[question(counts=n == 0) for n in range(201)])
    many["questions"][0]["ask_if"] = ["1", ">=", 1]
    assert rules.whole_wrong(many) == {
        "questions": ("many", 200), "question-1": ("itself", None)
    }  # fmt: skip


def test_a_clients_items_are_wrong_at_their_fields():
    assert rules.items_wrong("RATINGS", []) == {"text-1": "missing"}
    assert rules.items_wrong("RATINGS", [{"text": "a"}, {"text": " A"}]) == {"text-2": "twice"}
    assert rules.items_wrong("RATINGS", [{"text": str(n)} for n in range(13)]) == {
        "text-12": "many"
    }
    wrong = goal("a", None, levels=["x", "x", "", "z", "y" * 300])
    assert rules.items_wrong("GOALS", [goal("b"), wrong, goal("c", 0)]) == {
        "level-2-1": "twice", "level-2-2": "missing", "level-2-4": "long", "weight-2": "weight",
        "weight-3": "weight",
    }  # fmt: skip
    assert rules.items_wrong("GOALS", [goal("")]) == {"text-1": "missing"}


def test_an_item_keeps_its_key_and_no_key_is_given_twice():
    before = [{"key": "1"}, {"key": "4"}]
    typed = [{"text": "a", "key": "4"}, {"text": "b", "key": "4"}, {"text": "c"}]
    assert [one["key"] for one in rules.keyed(typed, before, 7)] == ["4", "8", "9"]


@pytest.mark.parametrize(
    ("kind", "answer", "wrong"),
    [("text", None, None), ("text", 3, "no_text"), ("text", "\0", "no_text"), ("text", "a", None),
     ("text", "x" * 4001, "long"), ("date", "2030-02-28", None), ("date", "2030-02-30", "no_date"),
     ("date", "0300-01-01", "no_date")],
)  # fmt: skip
def test_answers_in_words_are_kept_as_they_can_be(kind, answer, wrong):
    assert written.wrong_in({"1": kind}, {"1": answer}) == ({"1": wrong} if wrong else {})


def test_answers_in_words_are_tidied():
    assert written.tidy({"1": "text", "2": "text"}, {"1": " a "}) == {"1": "a", "2": None}
