"""Small secret files: written whole or not at all, readable by their owner alone."""

import os
from pathlib import Path


def write_secret(path: Path, content: bytes) -> None:
    """Replace ``path`` atomically: temporary file, flush to disk, rename. Mode 0600."""
    beside = path.with_name(path.name + ".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(beside, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
