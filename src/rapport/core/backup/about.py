"""What a backup says of itself, and whether this Rapport can restore it."""

import importlib.util
import json
from dataclasses import asdict, dataclass
from typing import Any

from .problems import DamagedBackup, NewerBackup

NAME = "about.json"
FORMAT = 1
NEWER = "This backup was made by a newer Rapport: update Rapport first."


@dataclass(frozen=True)
class About:
    """Written first into every backup."""

    format: int
    rapport: str  # the version that made it
    practice_id: str
    made_at: str  # ISO 8601, UTC
    database: str  # "sqlcipher" or "postgresql"
    schema: dict[str, list[str]]  # package of our own app: names of its last migrations
    rows: dict[str, int]  # model label: rows when it was made

    def text(self) -> bytes:
        """As it is stored."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read(raw: bytes) -> About:
    """Read ``about.json``; refuse what a newer Rapport made.

    Raises:
        NewerBackup, DamagedBackup
    """
    try:
        said: dict[str, Any] = json.loads(raw)
        if said["format"] > FORMAT:
            raise NewerBackup(NEWER)
        about = About(**said)
        known = all(
            importlib.util.find_spec(f"{package}.migrations.{name}")
            for package, names in about.schema.items()
            for name in names
        )
    except ModuleNotFoundError:
        known = False
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedBackup("This is not a backup of Rapport.") from None
    if not known:
        raise NewerBackup(NEWER)
    return about
