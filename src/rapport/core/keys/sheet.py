"""The recovery sheet: the one thing that opens backups, kept on paper and not on the server."""

import re
import textwrap
from dataclasses import dataclass, field

import pyrage

from .problems import WrongKey

_IDENTITY = re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]+")


@dataclass(frozen=True)
class RecoverySheet:
    """An age identity (X25519). Its bech32 form carries its own check characters."""

    identity: str = field(repr=False)

    @classmethod
    def new(cls) -> "RecoverySheet":
        """A fresh sheet."""
        return cls(str(pyrage.x25519.Identity.generate()))

    @classmethod
    def parse(cls, text: str) -> "RecoverySheet":
        """Read a sheet back, as typed or scanned: line breaks, spaces and case do not matter.

        Raises:
            WrongKey: no key in the text, or a mistyped one.
        """
        found = _IDENTITY.search(re.sub(r"[\s]", "", text).upper())
        try:
            sheet = cls(found.group(0)[:74] if found else "")
            sheet.opener()
        except pyrage.IdentityError as problem:
            raise WrongKey(
                "That is not a recovery sheet, or a character was mistyped. Compare it again."
            ) from problem
        return sheet

    def opener(self) -> "pyrage.x25519.Identity":
        """The identity that decrypts."""
        return pyrage.x25519.Identity.from_str(self.identity)

    @property
    def recipient(self) -> str:
        """The public half, ``age1…``; it encrypts and opens nothing."""
        return str(self.opener().to_public())

    def text(self, practice: str) -> str:
        """The sheet to print."""
        prefix, key = self.identity[:16], self.identity[16:]
        groups = textwrap.wrap(" ".join(textwrap.wrap(key, 4)), 49)
        lines = "\n".join(f"    {line}" for line in [prefix, *groups])
        return f"""RAPPORT RECOVERY SHEET
{practice}

This sheet opens every backup of this practice. Print it, put it where you keep
your will, and delete the file. Whoever holds it and a backup reads everything.

{lines}

Public half (opens nothing): {self.recipient}

To restore: rapport restore BACKUP --practice FOLDER
and type the key above, group by group, when asked.
"""
