"""Typing into the forms of a page as a browser without script would: what stands there is sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

UNTYPED = ("hidden", "submit", "button", "file", "checkbox", "radio")


@dataclass
class Field:
    """What a form sends under one name.

    Attributes:
        values: what is chosen or written now. typed: whether somebody writes into it by hand.
    """

    values: list[str] = field(default_factory=list)
    typed: bool = False


@dataclass
class Form:
    """A form of a page: where it goes, and its fields."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    def filled(self, **instead):
        """What is sent, with other values for some of its fields."""
        data = {name: list(one.values) for name, one in self.fields.items() if one.values}
        return data | {name: [value] for name, value in instead.items()}


class _Reader(HTMLParser):
    def __init__(self, address):
        super().__init__()
        self.address, self.forms, self.open = address, [], None
        self.area = self.choice = None

    def handle_starttag(self, tag, pairs):
        said = dict(pairs)
        name = said.get("name")
        if tag == "form" and said.get("method") == "post":
            self.open = Form(urljoin(self.address, said.get("action") or self.address))
            self.forms.append(self.open)
        if self.open is None:
            return
        if tag == "option" and self.choice is not None:
            if "selected" in said or not self.choice.values:
                self.choice.values = [said.get("value", "")]
        if not name:
            return
        one = self.open.fields.setdefault(name, Field())
        if tag == "input":
            kind = said.get("type", "text")
            one.typed = kind not in UNTYPED
            if kind not in ("checkbox", "radio", "file") or "checked" in said:
                one.values.append(said.get("value") or "")
        elif tag == "button":
            one.values = one.values or [said.get("value") or ""]
        elif tag == "textarea":
            one.typed, self.area = True, one
            one.values = [""]
        elif tag == "select":
            self.choice = one

    def handle_data(self, data):
        if self.area is not None:
            self.area.values = [self.area.values[0] + data]

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.choice = None


def forms(answer, address):
    """The forms of a page that is sent by POST, in order."""
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    return reader.forms
