"""What ``rapport verify`` checks in the record room."""

from .notes import checks

__all__ = ["checks"]
