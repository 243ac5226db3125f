"""The forms of notes as data: their keys stand, and their words are there in each language."""

import pytest
from django.utils import translation

from rapport.core import library
from rapport.record.notes import templates
from rapport.record.notes.models import Note
from rapport.record.notes.reading import sheet

KEYS = {
    "soap": ["subjective", "objective", "assessment", "plan"],
    "dap": ["data", "assessment", "plan"],
    "birp": ["behaviour", "intervention", "response", "plan"],
    "girp": ["goals", "intervention", "response", "plan"],
    "free": ["note"],
}


def test_the_keys_under_which_notes_are_kept_do_not_change():
    assert {one.id: one.keys for one in templates.every()} == KEYS


@pytest.mark.parametrize("item", templates.FORMS.find().values(), ids=lambda item: item.id)
def test_words_in_another_language_name_every_section_and_help_and_no_other(item):
    assert set(item.words) == {"de"}
    for words in item.words.values():
        keys = [one.key for one in item.content.sections]
        helped = [one.key for one in item.content.sections if one.help]
        assert (list(words.labels), list(words.helps)) == (keys, helped)


def test_labels_are_in_the_readers_language():
    said = {}
    for language in ("en", "de", "de-at", "ar"):
        with translation.override(language):
            said[language] = templates.get("dap").label("assessment")

    assert said == {
        "en": "Assessment", "de": "Einschätzung", "de-at": "Einschätzung", "ar": "Assessment",
    }  # fmt: skip


def test_what_was_done_is_not_carried_forward():
    carried = {key for one in templates.every() for key in _carried(one)}
    assert carried.isdisjoint({"intervention", "response", "objective"})


def _carried(form):
    return [one.key for one in form.headings if "last" in one.fill]


def test_a_note_whose_form_is_gone_is_read_by_its_keys():
    note = Note(template="haiku", sections={"first_line": "x"})

    assert sheet(note).label("first_line") == "First line"
    with pytest.raises(library.NotInLibrary):
        templates.get("haiku")


@pytest.mark.parametrize("keys", [[], ["a", "a"], ["A"], ["a b"]])
def test_a_form_needs_sections_with_keys_of_their_own(keys):
    with pytest.raises(ValueError):
        sections = [
            templates.Section(key=key, label="x", kind="prose", required=True) for key in keys
        ]
        templates.Form(
            id="x", version=1, licence=None, name="x", about="x", sections=sections
        )  # fmt: skip
