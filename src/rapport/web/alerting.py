"""The quiet strip on every page of the desk: alerts wait for whoever reads it."""

import uuid
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rapport.progress.alerts import queries as alerts
from rapport.progress.alerts.queries import Waiting


def strip(by: Any) -> SafeString:
    """What it says to ``by``, "" where nothing waits; no name. Two statements at most."""
    first, waits = alerts.first_waiting(by=by)
    return said(first, waits, alerts.without_anybody(by=by, most=1))


def said(first: uuid.UUID | None, waits: int, alone: Waiting) -> SafeString:
    """The same of what was read already.

    Args:
        first: the alert that is the most pressing. waits: how many there are.
        alone: what nobody is responsible for; owners are told.
    """
    if first is None and not alone.shown:
        return SafeString("")
    context = {"first": first, "waits": waits, "alone": alone.shown[0] if alone.shown else None}
    return SafeString(render_to_string("desk/progress/_waits.html", context).strip())
