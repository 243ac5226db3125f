"""What ``rapport verify`` checks in the progress room."""

from .alerts import checks as alerts
from .measures import checks as measures

__all__ = ["alerts", "measures"]
