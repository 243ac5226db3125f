"""Hundreds of rows alike: a template is rendered once for each look, and filled in as text."""

import functools
import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_GAP = re.compile("\ue000([a-z]+)\ue001")  # characters that are nobody's, so no text has them


def filled(template: str, look: tuple[tuple[str, Any], ...], **texts: str) -> SafeString:
    """The template with ``look`` in it, and ``texts`` in the places of their names, escaped.

    Args:
        look: names and values that decide how it is drawn; few differ, each is rendered once.
        texts: what differs from row to row. The template prints each as it is: no filter, no
            condition may ask for it.
    """
    parts = _parts(template, look, tuple(texts), get_language())
    done = [escape(texts[part]) if odd else part for odd, part in parts]
    return mark_safe("".join(done))  # noqa: S308  parts are the template's own, texts are escaped


@functools.lru_cache(maxsize=1_000)
def _parts(
    template: str, look: tuple[tuple[str, Any], ...], names: tuple[str, ...], _language: str
) -> tuple[tuple[bool, str], ...]:
    """Pieces of the rendered template, and between them the names of what is to be filled in."""
    gaps = {name: f"\ue000{name}\ue001" for name in names}
    pieces = _GAP.split(render_to_string(template, {**dict(look), **gaps}))
    return tuple((n % 2 == 1, piece) for n, piece in enumerate(pieces))
