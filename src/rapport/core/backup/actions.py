"""What the owner does about backups."""

from typing import Any

from rapport.core import jobs
from rapport.core.action import action

from . import daily


@action("backup.make")
def ask(*, by: Any) -> None:
    """Have a backup made as soon as the worker is free; asking twice makes one."""
    jobs.enqueue(daily.JOB, unique=daily.JOB)
