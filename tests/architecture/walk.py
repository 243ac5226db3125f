"""Every address Rapport answers, found by walking the URL configurations of its doors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from rapport.web.signin.routes import third_party

DOORS = ("desk", "portal", "public")


@dataclass(frozen=True)
class Route:
    """One address: where it stands, its name, and the view behind it."""

    door: str
    path: str  # e.g. "desk/clients/<uuid:client_id>/"
    name: str
    view: Any

    @property
    def permission(self) -> str | None:
        """What the page declares, or what the table of the library's routes says."""
        return getattr(self.view, "permission", None) or third_party(self.name)

    def __str__(self) -> str:
        return f"{self.door}: {self.path} ({self.name})"


def _leaves(patterns: Any, before: str, door: str) -> Iterator[Route]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield Route(door, path, one.name or "", one.callback)
        else:
            yield from _leaves(one.url_patterns, path, door)


def routes() -> list[Route]:
    """All routes of all doors."""
    return [
        route
        for door in DOORS
        for route in _leaves(get_resolver(f"rapport.web.{door}.urls").url_patterns, "", door)
    ]
