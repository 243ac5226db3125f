"""The press prints the same bytes for the same data, with our faces only, and keeps quiet."""

import io

import pypdf
import pypdfium2
import pytest

from rapport.core import press
from rapport.record.press import NOTE
from tests.record import papers


def test_the_same_data_give_the_same_bytes():
    assert press.pdf(NOTE, papers.arabic()) == press.pdf(NOTE, papers.arabic())


def test_the_file_carries_the_day_of_signing_and_not_of_printing():
    about = pypdf.PdfReader(io.BytesIO(press.pdf(NOTE, papers.english()))).metadata
    assert about["/CreationDate"] == about["/ModDate"] == "D:20251127000000Z"
    assert about["/Title"] == "Progress note 5f0a7be2c913"  # a name in it would show in lists


def test_only_the_faces_that_are_shipped_are_used():
    made = pypdf.PdfReader(io.BytesIO(press.pdf(NOTE, papers.arabic())))
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in made.pages
        for font in page["/Resources"]["/Font"].values()
    }
    known = ("Literata", "AtkinsonHyperlegibleNext", "NotoSans")
    assert names and all(name.startswith(known) for name in names)


def test_data_that_do_not_fit_are_refused_without_repeating_them():
    paper = papers.english(client="Mara Kowalczyk")
    del paper["signed"]
    with pytest.raises(press.CannotPrint) as refusal:
        press.pdf(NOTE, paper)
    assert "Mara" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_missing_faces_are_named_before_anything_is_printed(monkeypatch):
    monkeypatch.setattr(press, "FACES", "web/static/nothing")
    press._faces.cache_clear()
    with pytest.raises(press.CannotPrint, match="build the assets"):
        press.pdf(NOTE, papers.english())


def test_what_runs_to_the_right_does_so_on_an_arabic_sheet_and_stands_on_its_side():
    practice = {"name": "Practice by the river", "place": "1404 Water Lane, Newfield"}
    with pypdfium2.PdfDocument(press.pdf(NOTE, papers.arabic(practice=practice))) as made:
        number, street, house = (_left(made[0], one) for one in ("1404", "Newfield", "river"))
        assert number < street < made[0].get_width() / 2 < house


def _left(page, word):
    said = page.get_textpage()
    at, _count = said.search(word).get_next()
    return said.get_charbox(at)[0]
