"""The press prints the same bytes for the same data, with our faces only, and keeps quiet."""

import io

import pypdf
import pytest

from rapport.core import press
from rapport.record.press import NOTE
from tests.record import papers


def test_the_same_data_give_the_same_bytes():
    assert press.pdf(NOTE, papers.arabic()) == press.pdf(NOTE, papers.arabic())


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
