"""Norm tables as they are typed: read line by line, refused at the column, looked up by age."""

import pytest

from rapport.progress.norms import rules, standing

HEAD = ("scale", "sex", "age_from", "age_to", "raw", "t")
GROUP = ("scale", "age_from", "age_to", "mean", "sd")


def table(*lines, head=HEAD):
    return rules.read([(1, head), *((n, line) for n, line in enumerate(lines, 2))])


def codes(found):
    return [(one.line, one.column, one.code) for one in found.faults]


def test_a_table_is_read_line_by_line():
    found = table(
        ("Memory ", "F", "6", "6:05", "12", "45,5"), ("Memory", "", "6:06", "7", "12", "40")
    )
    assert (found.kind, found.faults) == ("t", [])
    first, second = found.rows
    assert first == {
        "line": 2,
        "scale": "Memory",
        "sex": "female",
        "ages": [72, 77],
        "raws": [12, 12],
        "value": 45.5,
        "percentile": None,
        "reliability": None,
    }
    assert (second["sex"], second["ages"]) == ("any", [78, 95])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (("scale", "age_from", "age_to", "raw"), [("", "standards")]),
        ((*HEAD, "iq"), [("", "standards")]),
        ((*HEAD, "realiability"), [("realiability", "column_unknown")]),
        ((*HEAD, "t"), [("t", "column_twice")]),
        (("sex", "raw", "t"), [("scale", "column_missing"), ("age_from", "column_missing"),
                               ("age_to", "column_missing")]),
        (("scale", "age_from", "age_to", "t"), [("raw", "column_missing")]),
        ((*HEAD, "raw_to"), [("raw", "column_missing")]),
        (("scale", "age_from", "age_to", "sd"), [("mean", "column_missing")]),
        ((*GROUP, "raw", "t"), [("raw", "column_instead"), ("t", "column_instead")]),
    ],
)  # fmt: skip
def test_columns_that_are_missing_or_too_many(head, expected):
    assert [(one.column, one.code) for one in table(head=head).faults] == expected


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (("", "any", "6", "7", "1", "50"), "scale", "missing"),
        (("x" * 121, "any", "6", "7", "1", "50"), "scale", "long"),
        (("a\x07b", "any", "6", "7", "1", "50"), "scale", "signs"),
        (("M", "boy", "6", "7", "1", "50"), "sex", "sex"),
        (("M", "any", "six", "7", "1", "50"), "age_from", "age"),
        (("M", "any", "6", "6:12", "1", "50"), "age_to", "age"),
        (("M", "any", "6", "200", "1", "50"), "age_to", "age"),
        (("M", "any", "", "7", "1", "50"), "age_from", "missing"),
        (("M", "any", "8", "7", "1", "50"), "age_to", "order"),
        (("M", "any", "6", "7", "one", "50"), "raw", "number"),
        (("M", "any", "6", "7", "1", ""), "t", "missing"),
        (("M", "any", "6", "7", "1", "5e1"), "t", "number"),
        (("M", "any", "6", "7", "1", "1000000"), "t", "number"),
        (("M", "any", "6", "7", "1"), "", "cells"),
    ],
)
def test_what_is_wrong_stands_at_its_line_and_column(line, column, code):
    found = table(("Good", "any", "6", "7", "1", "50"), line)
    assert codes(found) == [(3, column, code)]


def test_faults_of_other_columns():
    head = ("scale", "age_from", "age_to", "raw_from", "raw_to", "percentile", "reliability")
    found = table(("M", "6", "7", "5", "4", "100", "1.2"), head=head)
    assert codes(found) == [(2, "reliability", "reliability"), (2, "raw_to", "order"),
                            (2, "percentile", "percentile")]  # fmt: skip
    bare = table(("M", "6", "7", "", "4", "50", "0.9"), head=head)
    assert codes(bare) == [(2, "raw_from", "missing")]
    grouped = table(("M", "6", "7", "20", "0"), ("M", "8", "9", "", ""), head=GROUP)
    assert codes(grouped) == [(2, "sd", "sd"), (3, "mean", "missing"), (3, "sd", "missing")]


def test_lines_that_contradict_each_other():
    same = table(("M", "any", "6", "7", "1", "50"), ("M", "any", "6", "7", "1", "51"))
    assert [(one.line, one.code, one.about) for one in same.faults] == [(3, "raws_overlap", "2")]
    ages = table(("M", "any", "6", "7", "1", "50"), ("M", "any", "7", "8", "2", "51"))
    assert [(one.line, one.code, one.about) for one in ages.faults] == [(3, "ages_overlap", "2")]
    apart = table(("M", "any", "6", "7", "1", "50"), ("M", "f", "7", "8", "1", "51"),
                  ("N", "any", "6", "7", "1", "50"))  # fmt: skip
    assert apart.faults == []
    twice = table(("M", "6", "7", "1", "2"), ("M", "6", "7", "3", "4"), head=GROUP)
    assert codes(twice) == [(3, "raw", "raws_overlap")]


def test_a_table_is_neither_empty_nor_endless():
    assert codes(table()) == [(1, "", "empty")]
    assert codes(rules.read([])) != []
    many = [("M", "any", "6", "7", str(n), "50") for n in range(rules.MOST_LINES + 2)]
    assert codes(table(*many)) == [(rules.MOST_LINES + 2, "", "lines")]
    scales = [(f"M{n}", "any", "6", "7", "1", "50") for n in range(rules.MOST_SCALES + 1)]
    assert codes(table(*scales)) == [(1, "scale", "scales")]


@pytest.mark.parametrize(
    ("text", "number"),
    [("45", 45), (" -1,5 ", -1.5), ("−1.5", -1.5), ("+2", 2), ("1,000.5", None), ("", None),
     ("٣", None), ("nan", None)],
)  # fmt: skip
def test_numbers_have_a_point_or_a_comma(text, number):
    assert rules.number_in(text) == number


# Looking up -------------------------------------------------------------------------------

ROWS = table(
    ("M", "any", "6", "7", "10", "40"), ("M", "any", "6", "7", "11", "50"),
    ("M", "f", "6", "7", "10", "60"), ("M", "any", "8", "9", "10", "30"),
    ("B", "m", "6", "7", "10", "50"),
).rows  # fmt: skip


def value(**given):
    found = rules.look_up(ROWS, **{"scale": "M", "sex": "any", "age": 80, "raw": 10} | given)
    return found.row["value"] if found.row else found.missing


def test_sex_age_and_score_choose_the_line():
    assert value() == 40
    assert value(raw=11) == 50
    assert value(sex="female") == 60
    assert (value(age=95), value(age=96)) == (40, 30)
    assert (value(age=72), value(age=71)) == (40, "age")
    assert rules.look_up(ROWS, scale="M", sex="any", age=80, raw=10).ages
    assert not rules.look_up(ROWS, scale="B", sex="male", age=80, raw=10).ages


def test_of_a_group_every_score_has_its_place():
    rows = table(("M", "6", "7", "20", "5"), head=GROUP).rows
    found = rules.look_up(rows, scale="M", sex="any", age=80, raw=31)
    assert standing.standing("group", found, 31)["z"] == pytest.approx(2.2)


def test_nothing_is_filled_in_beside_what_the_table_holds():
    assert value(scale="X") == "scale"
    assert value(age=None) == "age_unknown"
    assert value(raw=12) == "raw"
    assert value(raw=10.5) == "raw"
    assert value(sex="female", raw=11) == "raw"  # hers end there, and no other line stands in
    assert value(scale="B", sex="female") == "sex"


def test_everybody_stands_in_for_a_sex_without_lines_and_it_is_said():
    found = rules.look_up(ROWS, scale="M", sex="male", age=80, raw=10)
    assert (found.row["value"], found.any_sex) == (40, True)
    assert not rules.look_up(ROWS, scale="M", sex="female", age=80, raw=10).any_sex
    assert rules.scales_of(ROWS) == ["M", "B"]


SCHOOL = ("scale", "sex", "age_from", "age_to", "education_from", "education_to", "raw", "t")
TAUGHT = table(
    ("M", "any", "6", "99", "0", "8", "10", "60"), ("M", "any", "6", "99", "9", "12", "10", "50"),
    ("M", "f", "6", "99", "9", "12", "10", "55"), ("M", "f", "6", "99", "", "", "10", "45"),
    ("B", "any", "6", "99", "", "", "10", "40"), head=SCHOOL,
).rows  # fmt: skip


def taught(**given):
    asked = {"scale": "M", "sex": "any", "age": 480, "raw": 10, "education": 8} | given
    found = rules.look_up(TAUGHT, **asked)
    value = found.row["value"] if found.row else found.missing
    return (value, found.any_education)


def test_years_of_education_choose_the_line_and_nothing_is_extrapolated():
    assert taught() == (60, False)
    assert taught(education=0) == (60, False)
    assert (taught(education=9), taught(education=12)) == ((50, False), (50, False))
    assert taught(education=13) == ("education", False)
    assert taught(education=None) == ("education_unknown", False)
    assert taught(raw=11) == ("raw", False)
    assert taught(scale="B", education=None) == (40, False)  # it tells nobody apart by it


def test_lines_of_any_education_stand_in_and_it_is_said():
    assert taught(sex="female", education=9) == (55, False)
    assert taught(sex="female", education=13) == (45, True)
    assert taught(sex="female", education=None) == (45, True)
    found = rules.look_up(TAUGHT, scale="M", sex="female", age=480, raw=10, education=13)
    assert standing.standing("t", found, 10)["any_education"] is True
    assert rules.by_education(TAUGHT) and not rules.by_education(ROWS)


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (("8", "41"), [("education_to", "education")]),
        (("8,5", "12"), [("education_from", "education")]),
        (("9", "8"), [("education_to", "order")]),
        (("", "8"), [("education_from", "missing")]),
        (("٨", "9"), [("education_from", "education")]),
    ],
)
def test_years_of_education_are_whole_and_both_given(years, expected):
    found = table(("M", "any", "6", "7", *years, "1", "50"), head=SCHOOL)
    assert [(one.column, one.code) for one in found.faults] == expected


def test_years_of_education_do_not_overlap_and_come_in_two_columns():
    found = table(("M", "any", "6", "7", "0", "8", "1", "50"),
                  ("M", "any", "6", "7", "8", "12", "1", "51"), head=SCHOOL)  # fmt: skip
    assert [(one.line, one.code, one.about) for one in found.faults] == [
        (3, "education_overlap", "2")
    ]
    half = table(head=(*HEAD, "education_to"))
    assert [(one.column, one.code) for one in half.faults] == [("education_from", "column_missing")]


# What it comes to -------------------------------------------------------------------------


def came_to(kind, row, raw=10):
    whole = {"reliability": 0.91, **row}
    return standing.standing(kind, rules.Looked(whole), raw)


@pytest.mark.parametrize(
    ("kind", "row", "z", "shown"),
    [
        ("t", {"raws": [1, 9], "value": 65, "percentile": None}, 1.5, 65),
        ("iq", {"raws": [1, 9], "value": 85, "percentile": None}, -1, 85),
        ("scaled", {"raws": [1, 9], "value": 13, "percentile": None}, 1, 13),
        ("z", {"raws": [1, 9], "value": -0.5, "percentile": None}, -0.5, -0.5),
        ("percentile", {"raws": [1, 9], "value": 50, "percentile": 50}, 0, 50),
        ("group", {"mean": 20, "sd": 5}, -2, 30),
    ],
)
def test_each_kind_of_table_comes_to_one_standing(kind, row, z, shown):
    result = came_to(kind, row)
    assert result["z"] == pytest.approx(z)
    assert standing.value_of(result) == pytest.approx(shown)


def test_a_percentile_of_the_table_goes_before_the_curve():
    curve = came_to("t", {"raws": [1, 9], "value": 65, "percentile": None})
    assert (round(curve["percentile"], 1), curve["from_table"]) == (93.3, False)
    told = came_to("t", {"raws": [1, 9], "value": 65, "percentile": 90})
    assert (told["percentile"], told["from_table"]) == (90, True)


def test_intervals_and_differences_need_reliabilities():
    one = came_to("iq", {"raws": [1, 9], "value": 115, "percentile": None})
    observed = standing.interval(one, how="observed", level=0.95)
    true = standing.interval(one, how="true", level=0.95)
    assert (observed.around, round(observed.error, 1)) == (115, 4.5)
    assert true.around == pytest.approx(113.65)
    bare = came_to("iq", {"raws": [1, 9], "value": 100, "percentile": None, "reliability": None})
    assert standing.interval(bare, how="true", level=0.95) is None
    assert standing.apart(one, bare) is None
    sure = came_to("t", {"raws": [1, 9], "value": 50, "percentile": None, "reliability": 1})
    assert standing.apart(sure, sure) is None
    d = standing.apart(one, came_to("t", {"raws": [1, 9], "value": 50, "percentile": None}))
    assert (d.points, round(d.error, 2)) == (10, 4.24)  # T 60 and T 50


def test_the_practices_words_go_by_the_whole_t_score():
    bands = [[0.0, 39.0, "low"], [40.0, 59.0, "middling"]]
    said = [standing.in_words(bands, came_to("t", {"raws": [1, 9], "value": t, "percentile": None}))
            for t in (39.4, 39.5, 59.4, 59.5)]  # fmt: skip
    assert said == ["low", "middling", "middling", ""]
