"""The chain's head, noted beside the keys: a cut tail shows even where the table agrees."""

import os
import struct
from pathlib import Path

NAME = "audit.head"
_FORM = struct.Struct(">Q32s")


def note(folder: Path, number: int, mac: bytes) -> None:
    """Remember the newest link, never an older one than is noted.

    One small write in place, not flushed: after a power cut the note may lag a little
    behind the table, which ``verify`` allows; it may never run ahead of it.
    """
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        before = os.pread(handle, _FORM.size, 0) if hasattr(os, "pread") else b""
        if len(before) == _FORM.size and _FORM.unpack(before)[0] >= number:
            return
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, _FORM.pack(number, mac))
    finally:
        os.close(handle)


def noted(folder: Path) -> tuple[int, bytes] | None:
    """The number and MAC noted beside the keys, or None before the first entry."""
    try:
        raw = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None
    if len(raw) != _FORM.size:
        return None
    number, mac = _FORM.unpack(raw)
    return number, mac
