"""The quiet strip on every page of the desk: alerts wait for whoever reads it."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rapport.progress.alerts import queries as alerts
from rapport.progress.alerts.queries import Waiting


def strip(by: Any) -> SafeString:
    """What it says to ``by``, "" where nothing waits; no name. Two statements at most."""
    return said(alerts.waiting_for(by=by, most=1), alerts.without_anybody(by=by, most=1))


def said(waiting: Waiting, alone: Waiting) -> SafeString:
    """The same of what was read already.

    Args:
        alone: what nobody is responsible for; owners are told.
    """
    if not waiting.shown and not alone.shown:
        return SafeString("")
    context = {
        "first": waiting.shown[0] if waiting.shown else None,
        "waits": len(waiting.shown) + waiting.rest,
        "alone": alone.shown[0] if alone.shown else None,
    }
    return SafeString(render_to_string("desk/progress/_waits.html", context).strip())
