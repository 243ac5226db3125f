"""In whose language a page speaks to whoever came to it by a link."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from rapport.core import time as clock


@contextlib.contextmanager
def speaking(client: Any, way: Any) -> Iterator[None]:
    """On a link: in the client's first language, where Rapport speaks it; times by our clock.

    Args:
        way: how they came; where it has a ``home``, they are at it and chose a language there.
    """
    wanted = next((code.split("-")[0] for code in client.languages[:1]), "")
    knows = wanted in dict(settings.LANGUAGES) and not way.home
    with timezone.override(clock.zone()):
        if not knows:
            yield
            return
        with translation.override(wanted):
            yield
