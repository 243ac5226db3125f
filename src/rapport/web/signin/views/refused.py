"""What somebody sees whose form was refused before a page could look at it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render


def stale_form(request: Any, reason: str = "") -> HttpResponse:
    """The page was open too long, or the browser keeps no cookies."""
    return render(request, "signin/stale_form.html", status=403)
