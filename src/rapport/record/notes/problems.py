"""Why a note cannot be kept or signed, in words that are safe to show."""

from collections.abc import Mapping
from typing import Any


class CannotWrite(Exception):
    """Nothing was written.

    Args:
        errors: by section key, ``started_at``, ``ended_at``, ``supervisor`` and so on; what
            concerns the whole note stands under "".
    """

    def __init__(self, errors: Mapping[str, Any] | str) -> None:
        found = {"": errors} if isinstance(errors, str) else errors
        self.errors = {key: str(words) for key, words in found.items()}
        super().__init__(" ".join(self.errors.values()))


class CannotSign(CannotWrite):
    """It was not signed, and what was written stands as it was."""
