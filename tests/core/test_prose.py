"""Words stay words: whatever is typed, nothing of it is lost and nothing of it is markup."""

from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st

from rapport.core import prose

ALLOWED = {"p", "h3", "h4", "h5", "strong", "em", "ul", "ol", "li", "blockquote", "br", "hr"}
MARKUP = (
    "# ## ###### - * + 1. 17) 003. > ** * __ _ *** --- === ` ``` ~~~ \\ \\* | : [a](b) ![a](b) "
    "[a]: http://x <b> </p> <script> <!-- --> <https://x.y> &amp; &#42; &lt; http://x.y \" ' "
    "#import $x$ #[ ] @a word Wort كلمة mot² א 3 2026 . , é e\u0301"
).split(" ")
SPACES = [" ", "  ", "    ", "\n", "\n\n", "\r\n", "\t", "\x00", "\u2028", "\u200f", "\ud800", ""]
typed = st.lists(st.sampled_from([*MARKUP, *SPACES]) | st.text(max_size=5)).map("".join)


class Reader(HTMLParser):
    """Tags, attributes and text of what was made; a tag that does not close is an error."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), set(), "", []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def letters(text):
    return [c for c in text if c.isalpha()]


def letters_and_digits(text):
    return [c for c in text if c.isalnum()]


@given(typed)
@example(">" * 40 + " word")
@example("- " * 40 + "word")
@example("**a *b " * 30 + "c* d** " * 30)
@example("24. Nov\n31. Nov")
@example("[a]: http://b.c 'd'")
def test_whatever_is_typed_holds_only_these_tags_and_every_word(text):
    seen = Reader(prose.html(text))
    assert seen.tags <= ALLOWED
    assert seen.attributes <= {("li", "value")}
    assert letters(seen.text) == letters(prose.tidy(text))
    assert letters_and_digits(prose.plain(text)) == letters_and_digits(prose.tidy(text))


@given(typed)
def test_tidy_text_stays_as_it_is_and_can_be_stored(text):
    tidied = prose.tidy(text)
    assert prose.tidy(tidied) == tidied
    assert prose.tree(tidied) == prose.tree(text)
    tidied.encode("utf-8")


@given(typed)
def test_headings_begin_below_the_sections_and_skip_no_level(text):
    level = 2
    for tag in _tags(prose.tree(text)):
        if tag.startswith("h") and tag != "hr":
            assert 3 <= int(tag[1]) <= level + 1
            level = int(tag[1])


def _tags(blocks):
    for block in blocks:
        yield block["tag"]
        yield from _tags(block["within"])


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Mood: low\nAffect: flat", "<p>Mood: low<br>Affect: flat</p>"),
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("**so** *so*", "<p><strong>so</strong> <em>so</em></p>"),
        ("***both***", "<p><strong><em>both</em></strong></p>"),
        ("# A\n### B\n## C", "<h3>A</h3><h4>B</h4><h4>C</h4>"),
        ("#\n## A", "<h3>A</h3>"),
        ("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("> he said", "<blockquote><p>he said</p></blockquote>"),
        ("before\n---\nafter", "<p>before</p><hr><p>after</p>"),
        (r"3\. a \*star\*", "<p>3. a *star*</p>"),
        ("    not code", "<p>not code</p>"),
        ("`not code`", "<p>`not code`</p>"),
        ("&amp; <b>", "<p>&amp;amp; &lt;b&gt;</p>"),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ("", ""),
    ],
)
def test_what_has_a_meaning_and_what_has_none(text, html):
    assert prose.html(text) == html


def test_two_dates_at_the_beginning_of_lines_stay_these_dates():
    text = "3. March: the quarrel\n17. March: made up"
    assert prose.plain(text) == text
    assert '<li value="17">March' in prose.html(text)


def test_the_plain_words_keep_lines_and_lose_the_marks():
    text = "# Plan\n\nSleep **first**:\n\n- bed at 11\n- no phone\n\n> I will try\n\n1. again"
    assert prose.plain(text) == "Plan\nSleep first:\n- bed at 11\n- no phone\nI will try\n1. again"


def test_control_characters_go_and_marks_of_direction_stay():
    assert (
        prose.tidy("\ufeffa\x00b\x85c\u200f\u2067d\u2069\te \r\n\r\n")
        == "ab\nc\u200f\u2067d\u2069\te"
    )
    assert prose.tidy("e\u0301") == "é"


def test_text_nested_beyond_reading_is_shown_as_typed():
    deep = "> " * 30 + "word\nmore\n\nend"
    assert prose.plain(deep) == "> " * 30 + "word\nmore\nend"


def test_a_template_shows_it_without_being_told_it_is_safe():
    shown = Template("{{ text }}").render(Context({"text": prose.html("**a** <b>")}))
    assert shown == "<p><strong>a</strong> &lt;b&gt;</p>"
