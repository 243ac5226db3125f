"""The recovery sheet: one page of paper that opens a practice when all else is lost."""

import re
from dataclasses import dataclass, field

import pyrage

from .problems import DamagedKeys, WrongKey

ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"  # of bech32: no 1, B, I, O
PREFIX = "AGE-SECRET-KEY-1"
LENGTH = 58
ROW = 16
_BARE = re.compile(r"[A-Z0-9][A-Z0-9 \-]{9,}")
_NUMBERED = re.compile(r"([1-4])[ .:)]+([A-Z0-9][A-Z0-9 \-]*)")
ROWS = [slice(start, start + ROW) for start in range(0, LENGTH, ROW)]


def _check(number: int, row: str) -> str:
    """Two characters that change with any mistyped, missing or exchanged character of a row.

    A polynomial over GF(1021) (prime, below 32 * 32), so that positions count too.
    """
    total = number
    for character in row:
        total = (total * 37 + ALPHABET.index(character) + 1) % 1021
    return ALPHABET[total // 32] + ALPHABET[total % 32]


def _grouped(row: str) -> str:
    return " ".join(row[start : start + 4] for start in range(0, len(row), 4))


@dataclass(frozen=True)
class RecoverySheet:
    """The private half (``identity``) on paper; its public half (``recipient``) in keys.json."""

    identity: str = field(repr=False)

    @classmethod
    def new(cls) -> "RecoverySheet":
        return cls(str(pyrage.x25519.Identity.generate()))

    def __reduce__(self) -> str:
        raise TypeError("a recovery sheet is not pickled")

    @property
    def opener(self) -> pyrage.x25519.Identity:
        """The private half as age wants it."""
        return pyrage.x25519.Identity.from_str(self.identity)

    @property
    def recipient(self) -> str:
        """The public half, ``age1…``."""
        return str(self.opener.to_public())

    def open(self, encrypted: bytes) -> bytes:
        """Decrypt what was encrypted to ``recipient``, or WrongKey."""
        try:
            return bytes(pyrage.decrypt(encrypted, [self.opener]))
        except pyrage.DecryptError:
            raise WrongKey("This recovery sheet belongs to another practice.") from None

    def text(self, practice: str) -> str:
        """The sheet as plain text, one page of at most 72 columns."""
        code = self.identity.removeprefix(PREFIX)
        rows = [
            f"    {number}   {_grouped(code[row]):<19}   {_check(number, code[row])}"
            for number, row in enumerate(ROWS, start=1)
        ]
        return _PAGE.format(practice=practice, rows="\n".join(rows), recipient=self.recipient)

    @classmethod
    def parse(cls, text: str) -> "RecoverySheet":
        """Read a sheet back: the whole page, its four rows, or the bare code.

        Raises:
            DamagedKeys: no sheet in it, or a row mistyped; the sentence says which.
        """
        upper = text.upper()
        bare = re.search(
            re.escape(PREFIX) + rf"([{ALPHABET}]{{{LENGTH}}})", re.sub(r"\s", "", upper)
        )
        code = bare.group(1) if bare else cls._rows(upper)
        try:
            sheet = cls(PREFIX + code)
            sheet.opener  # noqa: B018  reads the code's own checksum
        except pyrage.IdentityError:
            raise DamagedKeys("The recovery code is mistyped: compare it with the sheet.") from None
        return sheet

    @staticmethod
    def _rows(text: str) -> str:
        found: dict[int, str] = {}
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        numbered = [_NUMBERED.fullmatch(line) for line in lines]
        rows = [(int(row.group(1)), row.group(2)) for row in numbered if row]
        if not rows and len(lines) == len(ROWS) and all(map(_BARE.fullmatch, lines)):
            rows = list(enumerate(lines, start=1))  # typed without the numbers in front
        for number, typed in rows:
            rest = re.sub(r"[ \-]", "", typed)
            row, check = rest[:-2], rest[-2:]
            wanted = len(range(LENGTH)[ROWS[number - 1]])
            if len(row) != wanted or set(rest) - set(ALPHABET) or _check(number, row) != check:
                raise DamagedKeys(f"Row {number} of the recovery sheet is mistyped.")
            found[number] = row
        if not found:
            raise DamagedKeys("This is not a recovery sheet: type its four rows, one to a line.")
        for number in range(1, len(ROWS) + 1):
            if number not in found:
                raise DamagedKeys(f"Row {number} of the recovery sheet is missing.")
        return "".join(found[number] for number in sorted(found))


_PAGE = """\
RECOVERY SHEET

    {practice}

Whoever holds this page can open every backup of this practice.
Print it, lock it away from the computer, and keep no copy on any
computer. A second print in another safe place is a good idea.

You need it to restore a backup, and when the key file or the
passphrase is lost; the operating manual says how.
Type the four rows, one to a line, with or without the spaces.
The last two characters of a row check that row.

{rows}

There is no zero-or-O and no one-or-I to confuse: the letters B, I
and O and the digit 1 are never used after the row number.

Public half, safe to show:

    {recipient}
"""
