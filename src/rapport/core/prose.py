"""What somebody wrote, as CommonMark: made tidy once, then shown on page and paper alike.

Paragraphs, headings, emphasis, lists, block quotes, line breaks and rules have a meaning;
everything else (markup, links, images, code, entities) is words and stays what was typed.
A single line break is one: who writes without an editor sees their lines as lines. List
numbers are shown as typed, since "3. March" and "17. March" may begin two lines.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from typing import Literal, NotRequired, TypedDict

from markdown_it import MarkdownIt
from markdown_it.token import Token

Tag = Literal["p", "line", "h3", "h4", "h5", "ul", "ol", "li", "blockquote", "hr"]


class Run(TypedDict):
    """Words in one voice. A ``text`` of one newline is a line break."""

    text: str
    strong: bool
    em: bool


class Block(TypedDict):
    """A piece of text: either ``runs`` or blocks ``within``; both empty for a rule.

    A ``line`` is a paragraph in a list whose items stand close together. ``mark`` is what
    an item of a numbered list begins with, for example ``3.``.
    """

    tag: Tag
    runs: list[Run]
    within: list["Block"]
    mark: NotRequired[str]


class Html(str):
    """HTML that Django's templates show as it is."""

    def __html__(self) -> "Html":
        return self


DEEPEST = 16  # lists and quotes inside each other; a list counts twice, with its items
TAGS: dict[str, Tag] = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li",
    "blockquote": "blockquote",
}  # fmt: skip
HEADINGS: dict[int, Tag] = {3: "h3", 4: "h4", 5: "h5"}
_MEANT = ["blockquote", "hr", "list", "heading", "newline", "escape", "emphasis"]
_parser = MarkdownIt("zero", {"maxNesting": DEEPEST + 4}).enable([*_MEANT, "fragments_join"])
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def tidy(text: str) -> str:
    """``text`` as it is stored and sealed: one kind of line end, one form of each letter.

    Control characters go, marks of writing direction stay. Tidy text stays as it is.
    """
    lines = _LINE_ENDS.sub("\n", text)
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    composed = unicodedata.normalize("NFC", kept.replace("\ufeff", ""))
    return "\n".join(line.rstrip(" \t") for line in composed.split("\n")).strip("\n")


def tree(text: str) -> list[Block]:
    """``text`` in pieces, ready for JSON.

    Headings are h3 to h5 and never skip a level, to stand below a section's own. Text that
    nests more deeply than anybody reads is given line by line, as it was typed.
    """
    words = tidy(text)
    tokens = _parser.parse(words)
    if any(token.nesting == 1 and token.level >= DEEPEST for token in tokens):
        return [_as_typed(part) for part in re.split(r"\n{2,}", words) if part.strip()]
    return _pieces(tokens)


def html(text: str) -> Html:
    """``text`` as HTML: p, h3 to h5, ul, ol, li, blockquote, strong, em, br and hr.

    The only attribute is ``value``, the number of a list item.
    """
    return Html("".join(_html(block) for block in tree(text)))


def plain(text: str) -> str:
    """The words of ``text`` without markup, a line for each line: for search and previews."""
    return "\n".join(line for block in tree(text) for line in _lines(block)).strip("\n")


def _pieces(tokens: list[Token]) -> list[Block]:
    top = Block(tag="p", runs=[], within=[])
    around = [top]
    level = 2
    for token in _without_empty_headings(tokens):
        if token.nesting == -1:
            around.pop()
        elif token.type == "inline":
            around[-1]["runs"].extend(_runs(token.children or []))
        elif token.type == "hr":
            around[-1]["within"].append(Block(tag="hr", runs=[], within=[]))
        else:
            if token.type == "heading_open":
                level = min(int(token.tag[1]) + 2, level + 1, 5)
            block = _opened(token, level)
            around[-1]["within"].append(block)
            around.append(block)
    return top["within"]


def _without_empty_headings(tokens: list[Token]) -> Iterator[Token]:
    empty = {
        at
        for start, token in enumerate(tokens)
        if token.type == "heading_open" and not tokens[start + 1].content.strip()
        for at in range(start, start + 3)
    }
    return (token for at, token in enumerate(tokens) if at not in empty)


def _opened(token: Token, level: int) -> Block:
    kind = token.type.removesuffix("_open")
    tag = HEADINGS[level] if kind == "heading" else "line" if token.hidden else TAGS[kind]
    block = Block(tag=tag, runs=[], within=[])
    if kind == "list_item" and token.info:
        block["mark"] = token.info + token.markup
    return block


def _runs(tokens: list[Token]) -> Iterator[Run]:
    deep = {"strong": 0, "em": 0}
    for token in tokens:
        if token.nesting:
            deep[token.tag] += token.nesting
        else:
            text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            if text:
                yield Run(text=text, strong=deep["strong"] > 0, em=deep["em"] > 0)


def _as_typed(part: str) -> Block:
    runs = [Run(text=text, strong=False, em=False) for text in re.split("(\n)", part) if text]
    return Block(tag="p", runs=runs, within=[])


def _html(block: Block) -> str:
    if block["tag"] == "hr":
        return "<hr>"
    inside = "".join(map(_run, block["runs"])) + "".join(map(_html, block["within"]))
    if block["tag"] == "line":
        return inside
    value = f' value="{int(block["mark"][:-1])}"' if "mark" in block else ""
    return f"<{block['tag']}{value}>{inside}</{block['tag']}>"


def _run(run: Run) -> str:
    if run["text"] == "\n":
        return "<br>"
    text = escape(run["text"])
    if run["em"]:
        text = f"<em>{text}</em>"
    return f"<strong>{text}</strong>" if run["strong"] else text


def _lines(block: Block) -> Iterator[str]:
    if block["runs"]:
        yield from "".join(run["text"] for run in block["runs"]).split("\n")
    inside = [line for one in block["within"] for line in _lines(one)]
    if block["tag"] == "li":
        inside[:1] = [f"{block.get('mark', '-')} {inside[0] if inside else ''}".rstrip()]
    yield from inside
