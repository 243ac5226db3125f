"""On which line of a TOML file a value stands, for messages; the parser does not say."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r]+|\#[^\n]*)
      |(?P<end>\n)
      |(?P<sign>[\[\]{}=,])
      |(?P<quoted>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|\"(?:[^\"\\]|\\.)*\"|'[^']*')
      |(?P<bare>[^\s\[\]{}=,\#\"']+)""",
    re.VERBOSE | re.DOTALL,
)
_LAST = re.compile(r"(\[\d+\]|\.?[^.\[\]]+)$")


def line_of(text: str, path: str) -> int:
    """The line on which ``path`` stands, or the nearest that stands around it, from 1.

    >>> line_of("[a]\\nb = 1\\n[[c]]\\nd = 2\\n[[c]]\\nd = 3", "c[2].d")
    6

    Args:
        text: TOML that a parser has taken.
        path: as ``core.shape`` writes it: ``score.total.bands[2].name``.
    """
    places = lines_of(text)
    while path not in places:
        shorter = _LAST.sub("", path)
        path = shorter if shorter != path else ""
    return places[path]


def lines_of(text: str) -> dict[str, int]:
    """The line of every key, table and list entry, by its path; the empty one is the whole."""
    return _Places(text).found


@dataclass
class _Token:
    kind: str
    text: str
    line: int


@dataclass
class _Places:
    """One pass over the file."""

    text: str
    found: dict[str, int] = field(default_factory=lambda: {"": 1})

    def __post_init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._tokens, self._at = list(_tokens(self.text)), 0
        table = ""
        while (first := self._here()).kind != "over":
            if first.kind == "end":
                self._at += 1
            elif first.text == "[" and first.kind == "sign":
                table = self._header()
            else:
                self._pair(table)

    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _header(self) -> str:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that begins here."""
        line = self._next().line
        many = self._here().text == "["
        self._at += many
        path = ""
        for part in self._key():
            count = self._counts.get(path)
            path = _join(f"{path}[{count}]" if count else path, part)
            self.found.setdefault(path, line)
        self._at += 1 + many
        if many:
            self._counts[path] = self._counts.get(path, 0) + 1
        if count := self._counts.get(path):
            path = f"{path}[{count}]"
        self.found[path] = line
        return path

    def _key(self) -> list[str]:
        """The parts of a dotted key."""
        parts: list[str] = []
        while (token := self._here()).kind in ("bare", "quoted"):
            quoted = token.kind == "quoted"
            parts += [token.text[1:-1]] if quoted else filter(None, token.text.split("."))
            self._at += 1
        return parts

    def _pair(self, table: str) -> None:
        line, path = self._here().line, table
        for part in self._key():
            path = _join(path, part)
            self.found.setdefault(path, line)
        self._at += 1
        self._value(path)

    def _value(self, path: str) -> None:
        opening = self._next()
        if opening.kind == "sign" and opening.text in "[{":
            self._inside(path, listed=opening.text == "[")
        else:
            while self._here().kind in ("bare", "quoted"):  # a time may hold a space
                self._at += 1

    def _inside(self, path: str, *, listed: bool) -> None:
        count = 0
        while (token := self._here()).text not in ("]", "}") or token.kind == "quoted":
            if token.kind == "end" or token.text == ",":
                self._at += 1
            elif listed:
                count += 1
                self.found[f"{path}[{count}]"] = token.line
                self._value(f"{path}[{count}]")
            else:
                self._pair(path)
        self._at += 1


def _tokens(text: str) -> list[_Token]:
    found, line = [], 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "blank":
            found.append(_Token(kind, match[0], line))
        line += match[0].count("\n")
    return [*found, _Token("over", "", line)]


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part
