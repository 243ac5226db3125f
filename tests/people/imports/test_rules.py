"""Reading a table: bytes, columns, dates, rows."""

from datetime import date

import pytest

from rapport.people.clients.rules import Unfit
from rapport.people.imports import rules, table
from rapport.people.imports.table import Line, NoTable

TODAY = date(2026, 11, 26)


def read(text, order="iso"):
    """Entries and problems of a table, with every number and address taken as good."""
    every = table.lines(text)
    where = rules.placed(rules.guessed(next(every)))
    return [
        rules.entry(line, where, order=order, today=TODAY, reach=lambda kind, value: value)
        for line in every
    ]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Näme\nJürgen".encode(), "UTF-8"),
        ("Näme\nJürgen".encode("utf-8-sig"), "UTF-8"),
        ("Näme\nJürgen".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "Näme\nJürgen".encode("utf-16-be"), "UTF-16"),
        ("Näme\nJürgen".encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_and_said(raw, name):
    assert table.decode(raw) == ("Näme\nJürgen", name)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
        (b"name\nMa\0ra", "nul"),
        ("name\nMa\0ra".encode("utf-16"), "nul"),
        ("name\nMara".encode("utf-16-le"), "nul"),
        ("name\nMara".encode("utf-32"), "nul"),
        (b"\xff\xfen", "encoding"),
        (b"name\nM\x81ra", "encoding"),
        (b"\xef\xbb\xbfname\nM\xe4ra", "encoding"),
    ],
)
def test_a_file_that_is_no_text_is_refused(raw, code):
    with pytest.raises(NoTable) as refused:
        table.decode(raw)
    assert refused.value.code == code


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_separator_is_found_also_beside_others_in_quotes(mark):
    assert table.separator(f'\n"name, ; full;,\t,;"{mark}dob{mark}mail\nx') == mark


def test_a_row_knows_the_line_it_begins_on_and_blank_ones_are_passed_over():
    found = list(table.lines('name,remark\n\nMara,"one\ntwo"\n,\nOle,x\n'))
    assert [(one.number, one.cells[0]) for one in found] == [(1, "name"), (3, "Mara"), (6, "Ole")]


@pytest.mark.parametrize(
    "text",
    ['name\n"Mara', 'name\n"Mara"x', "name\n" + "x" * 200_000],
    ids=["open", "after", "long"],
)
def test_a_quote_that_does_not_fit_is_refused_with_its_line(text):
    with pytest.raises(NoTable) as refused:
        list(table.lines(text))
    assert (refused.value.code, refused.value.line) == ("quotes", 2)


def test_a_name_to_be_called_by_is_read_and_tried_like_any():
    kept, refused = read("name,preferred name\nMara Lindgren, Mascha \nOle,!!!\n")
    assert kept.preferred_name == "Mascha"
    assert refused == [rules.Problem(3, "preferred_name", "no_letter")]


def test_fifty_thousand_rows_are_read_and_one_more_is_not():
    text = "name\n" + "\n".join(f"Client {n}" for n in range(50_000))
    assert sum(1 for _ in table.lines(text)) == 50_001
    with pytest.raises(NoTable) as refused:
        list(table.lines(f"{text}\nOne More"))
    assert refused.value.code == "too_many"


def meant(*header):
    return rules.placed(rules.guessed(Line(1, list(header))))


def test_columns_are_known_in_english_and_german_however_they_are_written():
    english = meant("First Name", "LAST_NAME", "DOB", "e-mail", "Shoe")
    german = meant("Vorname", "Nachname", "Geb.-Datum", "E-Mail")
    assert english == german == {"first_name": 0, "last_name": 1, "birth_on": 2, "mail": 3}
    street = meant("Vollständiger Name", "Straße", "PLZ", "Ort", "Handy")
    assert list(street) == ["legal_name", "street", "postcode", "city", "mobile"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["Mara Lindgren", "1990-05-04"], "no_header"),
        (["first name", "dob"], "no_header"),
        (["name", "full name"], "twice"),
    ],
)
def test_a_header_that_names_nobody_or_somebody_twice_is_refused(header, code):
    with pytest.raises(NoTable) as refused:
        meant(*header)
    assert refused.value.code == code


def test_no_header_means_two_fields():
    every = [header for known in rules.COLUMNS.values() for header in known]
    assert len(every) == len(set(every))
    assert all(rules.fold(header) == header for header in every)


@pytest.mark.parametrize(
    ("text", "order", "month"),
    [("1990-05-04", "iso", 5), ("05/04/1990", "us", 5), ("04.05.1990", "eu", 5),
     ("4-5-1990", "eu", 5), ("1990-05-04", "us", 5), ("1990-05-04", "eu", 5)],
)  # fmt: skip
def test_a_date_is_read_in_the_chosen_order(text, order, month):
    assert rules.day(text, order) == date(1990, month, 4)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [("04.05.1990", "iso", "no_date"), ("24.12.1990", "us", "no_date"),
     ("29.02.1990", "eu", "no_date"), ("04.05.90", "eu", "short_year"),
     ("soon", "eu", "no_date"), ("1990/05/04", "eu", "short_year")],
)  # fmt: skip
def test_a_date_is_never_guessed(text, order, code):
    with pytest.raises(Unfit) as refused:
        rules.day(text, order)
    assert refused.value.code == code


def test_a_row_becomes_a_client():
    header = "Vorname;Nachname;Geburtsdatum;Strasse;PLZ;Ort;Telefon;Handy;Sprache"
    row = " Mara ;Lindgren;04.05.1990;Weg 7;12345;Ort;030 1;0171 2;de, en"
    (one,) = read(f"{header}\n{row}\n", "eu")
    assert (one.legal_name, one.birth_on) == ("Mara Lindgren", date(1990, 5, 4))
    assert one.address == "Weg 7\n12345 Ort"
    assert one.contacts == [("PHONE", "030 1"), ("PHONE", "0171 2")]
    assert one.languages == ["de", "en"]


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "@x", "-2", '=HYPERLINK(""x"")'])
def test_a_formula_stays_the_text_it_is(cell):
    (one,) = read(f'name,remark\nMara,"{cell}"\n')
    assert one.remark == cell.replace('""', '"')


def test_everything_that_is_wrong_with_a_row_is_told():
    (wrong,) = read(f"name,dob,language\n{'x' * 301},2030-01-01,klingonish\n")
    assert [(p.line, p.field, p.code) for p in wrong] == [
        (2, "legal_name", "too_long"), (2, "birth_on", "in_future"),
        (2, "languages", "no_language"),
    ]  # fmt: skip


def test_a_row_that_is_too_short_misses_what_it_misses():
    one, nobody = read("dob,name,mail\n1990-05-04,Mara\n1990-05-04\n")
    assert (one.legal_name, one.contacts) == ("Mara", [])
    assert [(p.field, p.code) for p in nobody] == [("legal_name", "empty")]


def test_the_same_person_counts_once_however_they_are_written():
    rows = read("name,dob\nJürg Groß,1990-05-04\nJURG GROSS,1990-05-04\nJürg Groß,1991-05-04\n")
    once, twins = rules.apart(rows)
    assert [one.line for one in once] == [2, 4]
    assert [(p.line, p.other, p.code) for p in twins] == [(3, 2, "twice_in_file")]


def test_languages_are_known_by_code_and_by_name():
    (found,) = read('name,languages\nOle,"Deutsch, english; sv"\n')
    assert found.languages == ["de", "en", "sv"]


@pytest.mark.parametrize(("name", "size"), [("remark", 10_001), ("address", 1_501)])
def test_what_the_desks_form_would_not_take_stays_out(name, size):
    (found,) = read(f"name,{name}\nOle,{'x' * size}\n")
    assert [(p.field, p.code) for p in found] == [(name, "too_long_here")]


def test_a_first_line_for_spreadsheets_says_the_separator():
    every = list(table.lines("sep=;\nname;dob, day\nOle;x\n"))
    assert [one.cells for one in every] == [["name", "dob, day"], ["Ole", "x"]]
