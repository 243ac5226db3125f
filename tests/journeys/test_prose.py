"""What is written comes back word for word: from the field to the editor and to the field again."""

import random
import re

import pytest

from rapport.core import prose
from tests.factories import APractice, Colleague
from tests.web.stepping import inside

from .rounds import coming_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCHEMA = """async () => {
  const made = await import('/static/rapport/prose.js');
  document.body.insertAdjacentHTML('beforeend',
    '<div class="field"><label for="t">Words</label><textarea id="t"></textarea></div>' +
    '<template id="prose-tools"><div role="toolbar"></div></template>');
  const editor = made.edit(document.getElementById('t'));
  const doc = json => editor.schema.nodeFromJSON(json);
  window.prose = {
    again: text => made.write(made.read(editor.schema, text)),
    written: json => made.write(doc(json)),
    words: json => made.words(doc(json)),
    read: text => made.words(made.read(editor.schema, text)),
    shape: text => made.read(editor.schema, text).toJSON(),
  };
}"""

NASTY = [
    "1. x", "3. March", "17) March", "*", "**", "***", "_a_", "__a__", "a_b_c", "*a*",
    "<b>", "#", "# x", "####### x", "-", "- x", "--", "---", "- - -", "+", "+ x", "> x",
    ">", "=", "===", "\\", "\\\\", "\\*", "C:\\new\\", "`code`", "```", "~~~", "[a](b)",
    "![a](b)", "&amp;", "&lt;", "<!-- x -->", "a\tb", "1.5 mg", "-5", "سلمى قالت: نعم",
    "שלום *עולם*", "👩‍👩‍👧 x", "é́", "(a)", "\"b\"", "a#", "# a #", "2 * 3 * 4", "x*y*z",
    "* * *", "_ _ _", "1.", "12345678901. x", "https://example.org/a_b_c", "|a|b|", "a  b",
    "\u00a0",
]  # fmt: skip


@pytest.fixture
def page(chromium, live_server):
    APractice()
    context = coming_in(chromium, live_server, inside(Colleague(roles=["CLINICIAN"]).account))
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/")
    page.evaluate(SCHEMA)
    yield page
    context.close()


def text(words, *marks):
    return {"type": "text", "text": words, "marks": [{"type": mark} for mark in marks]}


def inline(chance):
    """A line of words, marks and breaks; emphasis wherever a hand may put it."""
    parts = []
    for _ in range(chance.randint(1, 5)):
        if parts and chance.random() < 0.25:
            parts.append({"type": "hardBreak"})
        else:
            marks = [m for m in ("bold", "italic") if chance.random() < 0.3]
            parts.append(text(chance.choice([*NASTY, " ", "words", " words ", "."]), *marks))
    return parts


def block(chance, depth=0):
    kind = chance.choice(
        ["paragraph"] * 4 + ["heading", "horizontalRule"]
        + ["blockquote", "bulletList", "orderedList"] * (depth < 3)
    )  # fmt: skip
    if kind == "horizontalRule":
        return {"type": kind}
    if kind == "paragraph":
        return {"type": kind, "content": inline(chance) if chance.random() < 0.9 else []}
    if kind == "heading":
        line = [one for one in inline(chance) if one["type"] == "text"]
        return {"type": kind, "attrs": {"level": chance.choice([1, 2, 3])}, "content": line}
    within = [block(chance, depth + 1) for _ in range(chance.randint(1, 3))]
    if kind == "blockquote":
        return {"type": kind, "content": within}
    first = {"type": "paragraph", "content": inline(chance) if chance.random() < 0.8 else []}
    items = [
        {"type": "listItem", "content": [first, *within[: chance.randint(0, 2)]]},
        {"type": "listItem", "content": [{"type": "paragraph", "content": inline(chance)}]},
    ]
    attrs = {"start": chance.choice([0, 1, 3, 9, 99])} if kind == "orderedList" else {}
    return {"type": kind, "attrs": attrs, "content": items}


def squeezed(words):
    return re.sub(r"[\s\ufeff]+", " ", words).strip()


def test_whatever_is_written_in_the_editor_comes_back_word_for_word(page):
    chance = random.Random(20301107)
    made = [
        {"type": "doc", "content": [block(chance) for _ in range(chance.randint(1, 4))]}
        for _ in range(600)
    ]
    found = page.evaluate(
        "all => all.map(one => { const said = prose.written(one);"
        " return [prose.words(one), said, prose.read(said), prose.again(said)]; })"
        ".map(one => [...one, prose.again(one[3])])", made
    )  # fmt: skip

    lost = [(words, said, read) for words, said, read, *_ in found if words != read]
    assert lost == [], "".join("\n".join(map(repr, one)) + "\n\n" for one in lost)
    assert [
        said for _, said, _, once, twice in found if once != twice and "\u00a0" not in said
    ] == []
    shown = [(words, said, on_paper(prose.tree(said))) for words, said, *_ in found]
    assert [one for one in shown if one[0] != one[2]] == []


def on_paper(blocks):
    """The words of what page and paper show of a text."""
    return squeezed(" ".join(_words(block) for block in blocks))


def _words(block):
    own = "".join(run["text"] for run in block["runs"])
    return " ".join([own, *map(_words, block["within"])])


def test_what_was_typed_without_the_editor_keeps_its_words_and_numbers(page):
    for words in [*NASTY, "\n".join(NASTY), "\n\n".join(NASTY)]:
        kept = page.evaluate("one => [prose.read(one), prose.read(prose.again(one))]", words)
        assert kept[0] == kept[1] == on_paper(prose.tree(words)), words
    for words in ("3. March\n17. March", "1) a\n2) b", "7. a\n   - b\n8. c", "- a\n  - b\n\n- c"):
        again = page.evaluate("one => prose.again(one)", words)
        assert prose.plain(again) == prose.plain(words), again


def test_what_is_nested_beyond_reading_is_kept_as_typed(page):
    deep = "".join("> " * n + f"word{n}\n" for n in range(1, 40))
    kept = page.evaluate("one => prose.read(prose.again(one))", deep)
    assert [word for word in kept.split() if word != ">"] == [f"word{n}" for n in range(1, 40)]


def test_emphasis_survives_where_commonmark_can_say_it(page):
    for words in (
        "a **b** c",
        "*a* **b** ***c***",
        "**a *b* c**",
        "a **b**, *c*.",
        "- **a**\n- *b*",
    ):
        assert page.evaluate("one => prose.again(one)", words) == words
