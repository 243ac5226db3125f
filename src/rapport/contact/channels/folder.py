"""Into a folder, for a gateway of the house's own that takes it from there."""

import json
import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core import practice
from rapport.core.policy import Words

from ..gateways import queries
from ..gateways.models import PLAIN, Reaches
from . import Message, NotSent

NAME = "outbox"


class Folder:
    """One file a message, whole as soon as it has its name; the same message is the same file.

    Its name says what is to be made of it, so that a program takes its own and no other's:
    ``<id>.text.json``, ``<id>.call.json`` or ``<id>.mail.json``.
    """

    id = "folder"
    name = _("a folder, for another gateway")
    again = True

    @property
    def plain(self) -> Words:
        """What the gateway makes of it."""
        row = queries.outbox()
        return PLAIN[Reaches(row.reaches)] if row else self.name

    def ready(self) -> bool:
        """Whether the owner has said that something takes messages from there."""
        row = queries.outbox()
        return row is not None and row.is_agreed

    def fits(self, contact: Any) -> bool:
        """Whatever may be written to: a number for texts, or a mail address."""
        row = queries.outbox()
        return row is not None and row.may_reach(contact)

    def send(self, message: Message) -> None:
        """Write the message beside its place and move it there.

        Raises:
            NotSent: the folder cannot be written to.
        """
        row = queries.outbox()
        if row is None or not row.is_agreed:
            raise NotSent("NotAgreed")
        said = {
            "id": str(message.id), "makes": row.reaches, "to": message.to,
            "language": message.language, "subject": message.subject,
            "text": message.text, "at": message.now.isoformat(),
        }  # fmt: skip
        here = where()
        try:
            here.mkdir(mode=0o700, exist_ok=True)
            beside = here / f".{message.id}.part"
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                      encoding="utf-8") as file:  # fmt: skip
                json.dump(said, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, here / f"{message.id}.{row.reaches.lower()}.json")
        except OSError as problem:
            raise NotSent(type(problem).__name__) from problem


def where() -> Path:
    """The folder, inside the practice's."""
    return practice.current().folder / NAME


channels = (Folder(),)
