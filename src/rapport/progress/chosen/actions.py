"""Choosing by which published number change is judged."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.core.library import NotInLibrary

from ..measures import instruments
from . import rules
from .models import Choice


class CannotChoose(Exception):
    """There is no such number. The message is safe to show."""


@action("norm.choose")
def choose(*, by: Any, instrument: str, what: str, now: datetime) -> Choice:
    """From now on judge change on ``instrument`` by ``what``; earlier choices are kept.

    Raises:
        CannotChoose: no such questionnaire, or its file has no such number.
    """
    try:
        form = instruments.get(instrument).content
    except NotInLibrary:
        raise CannotChoose(_("Choose from the list.")) from None
    if what not in rules.options(form):
        raise CannotChoose(_("Choose one from the list."))
    return Choice.objects.create(instrument=instrument, what=what, chosen_by=by, chosen_at=now)
