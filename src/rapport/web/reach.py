"""How one reaches the practice: its name, number and hours, as pages say it."""

from typing import Any


def of(practice: Any) -> dict[str, Any]:
    """For a page's context; everything "" where there is no practice yet or nothing is set."""
    names = {"practice_name": "name", "phone": "phone", "hours": "hours",
             "answers_within": "answers_within"}  # fmt: skip
    return {key: getattr(practice, name, "") for key, name in names.items()}
