"""When a glass may be broken and how long it stays open. Pure."""

from datetime import timedelta

OPEN_FOR = timedelta(hours=1)
SHORTEST_REASON = 10


def reason_suffices(text: str) -> bool:
    """Whether a reason says anything: ten characters, more than one of them different."""
    said = text.strip()
    return len(said) >= SHORTEST_REASON and len(set(said)) > 3
