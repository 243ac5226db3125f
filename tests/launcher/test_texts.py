"""A text that nobody translated is found before a German reads it."""

import pytest

from rapport.cli import texts

PAGE = """{% load i18n %}<h1>Rapport</h1> <bdi lang="en">Mara</bdi> {# remark #} <kbd>Ctrl</kbd>
    {% translate "Good day" %} {% blocktranslate %}Until {{ day }}{% endblocktranslate %}
{% blocktranslate count n=clients %}{{ n }} client{% plural %}{{ n }} clients{% endblocktranslate %}
{% translate "Close" context "a place" %}
"""
ACTION = 'said = _("Nobody " "answered.")\nlater = gettext_lazy("Close")\n'
GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Good day"
msgstr "Guten Tag"

msgid "Until %(day)s"
msgstr "Bis %(day)s"

msgid "%(n)s client"
msgid_plural "%(n)s clients"
msgstr[0] "Eine Person"
msgstr[1] "%(n)s Personen"

msgctxt "a place"
msgid "Close"
msgstr "Zumachen"

msgid "Close"
msgstr "Schließen"

msgid "Nobody answered."
msgstr "Niemand hat geantwortet."
"""


@pytest.fixture
def clone(tmp_path):
    """A small source, and all its German."""
    room = tmp_path / "src/rapport"
    (room / "templates").mkdir(parents=True)
    (room / "templates/page.html").write_text(PAGE)
    (room / "actions.py").write_text(ACTION)
    (room / "locale/de/LC_MESSAGES").mkdir(parents=True)
    (room / "locale/de/LC_MESSAGES/django.po").write_text(GERMAN)
    return room


def found(clone):
    return list(texts.problems(clone.parents[1]))


def german(clone, before, after):
    path = clone / "locale/de/LC_MESSAGES/django.po"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def test_a_whole_translation_has_no_problem(clone):
    assert found(clone) == []


@pytest.mark.parametrize(
    ("file", "more"),
    [("templates/page.html", '{% translate "Nobody asked" %}'),
     ("templates/page.html", '{% include "a.html" with text=_("Nobody asked") %}'),
     ("actions.py", 'raise Trouble(_("Nobody asked"))'),
     ("actions.py", 'raise Trouble(gettext_lazy("Nobody " "asked"))')],
)  # fmt: skip
def test_a_new_english_text_is_found_until_it_has_its_german(clone, file, more):
    (clone / file).write_text((clone / file).read_text() + more)

    assert found(clone) == ["German: “Nobody asked” is not in the catalogue. Run ./rapport texts."]

    texts.bring_up(clone.parents[1])
    assert found(clone) == ["German: “Nobody asked” has no translation."]

    german(clone, 'msgid "Nobody asked"\nmsgstr ""', 'msgid "Nobody asked"\nmsgstr "Keine Frage"')
    assert found(clone) == []


@pytest.mark.parametrize(
    "more", ["<p>Nobody asked</p>", '<button aria-label="Nobody asked">?</button>']
)
def test_words_that_no_translation_reaches_are_found(clone, more):
    (clone / "templates/page.html").write_text(PAGE + more)

    assert found(clone) == ["“Nobody asked” stands untranslatable in templates/page.html."]


def test_a_text_no_longer_said_leaves_the_catalogue(clone):
    (clone / "actions.py").write_text("")

    assert [one.split("”")[0] for one in found(clone)] == [
        "German: “Close",
        "German: “Nobody answered.",
    ]

    texts.bring_up(clone.parents[1])
    assert found(clone) == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [('"Bis %(day)s"', '"Bis %(tag)s"', "“Until %(day)s” has other placeholders"),
     ('"Bis %(day)s"', '"Bis bald"', "“Until %(day)s” has other placeholders"),
     ('"%(n)s Personen"', '"Personen"', "“%(n)s client” has other placeholders"),
     ('"%(n)s Personen"', '""', "“%(n)s client” lacks one of its plural forms"),
     ('msgid "Good day"', '#, fuzzy\nmsgid "Good day"', "“Good day” is marked as uncertain"),
     ('"Zumachen"', '""', "“Close” has no translation")],
)  # fmt: skip
def test_a_translation_that_would_read_wrong_is_named(clone, before, after, problem):
    german(clone, before, after)

    (one,) = found(clone)
    assert problem in one


def test_what_is_translated_stays_when_the_catalogue_is_brought_up(clone):
    german(clone, 'msgid "Good day"', '# at the door\nmsgid "Good day"')
    texts.bring_up(clone.parents[1])
    once = (clone / "locale/de/LC_MESSAGES/django.po").read_text()

    texts.bring_up(clone.parents[1])

    assert (clone / "locale/de/LC_MESSAGES/django.po").read_text() == once
    assert '# at the door\nmsgid "Good day"\nmsgstr "Guten Tag"' in once
    assert found(clone) == []


def test_an_uncertain_translation_is_asked_for_again(clone):
    german(clone, 'msgid "Good day"', '#, fuzzy\nmsgid "Good day"')

    texts.bring_up(clone.parents[1])

    assert found(clone) == ["German: “Good day” has no translation."]
