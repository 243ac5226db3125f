"""How words reach a client. One file in this folder is one way to hand them over."""

import functools
import importlib
import pkgutil
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from rapport.core.policy import Words


@dataclass(frozen=True)
class Message:
    """What one reader is told. Its repr holds neither address nor words.

    Attributes:
        id: the same each time it is sent, so that twice can be told from two.
        to: a mail address, or a number in E.164.
        words: plain text; ``links`` pairs of words and address, to stand below it.
        sign: whom it says it comes from; empty says nothing.
        file: the meeting as iCalendar, for channels that can carry one; empty is none.
    """

    id: uuid.UUID
    to: str = field(repr=False)
    subject: str = field(repr=False)
    words: str = field(repr=False)
    language: str
    now: datetime
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    sign: str = field(default="", repr=False)
    file: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """Words and links as one plain text."""
        return "\n".join([self.words, *(f"{words}: {address}" for words, address in self.links)])


class NotSent(Exception):
    """It did not go out this time.

    Attributes:
        code: why, as the class of an error or a gateway's status; never what it said.
        final: sending it again will not help. address: because of the address itself.
        perhaps: it may have gone out all the same.
    """

    def __init__(
        self, code: str, *, final: bool = False, address: bool = False, perhaps: bool = False
    ) -> None:
        super().__init__(code)
        self.code, self.final, self.address, self.perhaps = code, final, address, perhaps


class Channel(Protocol):
    """One way out of the house.

    Attributes:
        id: stored with every message. name: in words, for the practice's pages.
        plain: in a client's words, what arrives.
        again: whether a message that is sent twice under one id reaches its reader once, or
            as what shows to be one. Where not, nothing is sent again that may have gone out.
    """

    id: str
    name: Words
    plain: Words
    again: bool

    def ready(self) -> bool:
        """Whether it is set up, and allowed to be used."""

    def fits(self, contact: Any) -> bool:
        """Whether this number or address of a client may be written to this way."""

    def send(self, message: Message) -> None:
        """Hand it over; returns once it was taken.

        Raises:
            NotSent: it was not, or nobody knows.
        """


@functools.cache
def found() -> dict[str, Channel]:
    """Every module in this folder must define its ``channels``; no list to edit."""
    modules = (
        importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)
    )
    return {one.id: one for module in modules for one in module.channels}


def ready() -> dict[str, Channel]:
    """Those that can be used today."""
    return {id: one for id, one in found().items() if one.ready()}
