"""What every page shows around its answer: navigation, demo banner, language, theme."""

from typing import Any

from django.http import HttpRequest

from rapport.core import practice


def furniture(request: HttpRequest) -> dict[str, Any]:
    """Context that the base templates use on every page."""
    return {"demo": practice.current().mode == "demo"}
