"""The forms a note can have (library kind ``notes``): SOAP, DAP and others, as data."""

import re
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import get_language

from rapport.core import library

FIRST = "dap"
"""The form of somebody who has written no note yet."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One heading and the text below it.

    Attributes:
        required: a note is not signed without it.
        fill: what is offered for it. ``last``: it may be carried forward from the last note;
            what was done in a session is not, so that no two notes look alike.
    """

    key: str
    label: str
    kind: Literal["prose"]
    required: bool
    help: str = ""
    fill: list[Literal["last"]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z_]{0,39}", self.key):
            raise ValueError("key: use lower-case letters and _, at most 40")


@dataclass(frozen=True, kw_only=True)
class Form(library.Entry):
    """What a note asks for, in order, in English."""

    name: str
    about: str
    sections: list[Section]

    def __post_init__(self) -> None:
        super().__post_init__()
        keys = [one.key for one in self.sections]
        if not keys or len(keys) != len(set(keys)):
            raise ValueError("sections: name at least one, each with a key of its own")


@dataclass(frozen=True, kw_only=True)
class FormWords(library.Words):
    """The same in another language: labels and helps by section key."""

    name: str
    about: str
    labels: dict[str, str]
    helps: dict[str, str] = field(default_factory=dict)


FORMS = library.register("notes", Form, words=FormWords)


@dataclass(frozen=True)
class Heading:
    """A section as its reader knows it."""

    key: str
    label: str
    help: str
    required: bool
    fill: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A form in the reader's language."""

    id: str
    version: int
    name: str
    about: str
    headings: tuple[Heading, ...]

    @property
    def keys(self) -> list[str]:
        """The keys of the sections, in order."""
        return [one.key for one in self.headings]

    def label(self, key: str) -> str:
        """What a section is called; one that the form does not have, by its key."""
        found = (one.label for one in self.headings if one.key == key)
        return next(found, key.replace("_", " ").capitalize())


def get(id: str) -> Sheet:
    """The form called ``id``, in the language of whoever reads.

    Raises:
        NotInLibrary: there is none.
    """
    return _sheet(FORMS.get(id))


def every() -> list[Sheet]:
    """All forms, by name, the shortest first among equals."""
    return sorted(map(_sheet, FORMS.find().values()), key=lambda one: (one.id == "free", one.name))


def _sheet(item: library.Item[Form]) -> Sheet:
    form, language = item.content, get_language() or "en"
    said: FormWords | None = item.words.get(language) or item.words.get(language.split("-")[0])
    headings = tuple(
        Heading(
            one.key, said.labels.get(one.key, one.label) if said else one.label,
            said.helps.get(one.key, "") if said else one.help, one.required, tuple(one.fill),
        )
        for one in form.sections
    )  # fmt: skip
    words = said or form
    return Sheet(form.id, form.version, words.name, words.about, headings)
