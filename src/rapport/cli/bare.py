"""Words that stand on a page as they are, where nobody can translate them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

WORD = re.compile(r"[^\W\d_]{2}")
SAME_EVERYWHERE = re.compile(r"Rapport")
READ_ALOUD = {"alt", "aria-label", "placeholder", "title"}
NOT_PROSE = {"bdi", "code", "kbd", "script", "style"}  # names, and what only machines read
SETTINGS = {"door", "width"}  # blocks that choose how a frame looks


def words(template: Path) -> Iterator[str]:
    """Each stretch of words in ``template`` that no translation can reach."""
    shown = _Shown()
    shown.feed("".join(_outside_of_tags(template.read_text())))
    shown.close()
    for text in shown.found:
        if WORD.search(SAME_EVERYWHERE.sub("", text)):
            yield text


def _outside_of_tags(source: str) -> Iterator[str]:
    until = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name, *given = token.contents.split()
            if name in {"blocktranslate", "comment"} or (
                name == "block" and SETTINGS.intersection(given)
            ):
                until = f"end{name}"
            elif name == until:
                until = ""
        elif token.token_type == TokenType.TEXT and not until:
            yield token.contents


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in NOT_PROSE or (given.get("lang") and tag != "html"):
            self.inside.append(tag)
        self.found += [text for name, text in attrs if text and name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data.strip())
