"""Finding what was changed behind Rapport's back. Rooms register what they can check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was written, named by ids only."""

    kind: str  # changed, removed, inserted, moved, unreadable …
    where: str  # e.g. "audit entry 17", "people.client 5f… remark"
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}" + (f" ({self.detail})" if self.detail else "")


Check = Callable[[], Iterator[Problem]]
CHECKS: dict[str, Check] = {}


def verifies(name: str) -> Callable[[Check], Check]:
    """Register a check that ``rapport verify`` runs, in modules called ``checks``."""

    def register(check: Check) -> Check:
        if name in CHECKS:
            raise ValueError(f"two checks are called {name!r}")
        CHECKS[name] = check
        return check

    return register


def everything() -> Iterator[tuple[str, Problem | None]]:
    """Run every check: each problem as it is found, then (name, None) when one is done."""
    for name, check in sorted(CHECKS.items()):
        for problem in check():
            yield name, problem
        yield name, None
