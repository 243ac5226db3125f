"""Hundreds of rows alike: a template is rendered once for each look, and filled in as text."""

import functools
import html
import re
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_GAP = re.compile("\ue000([a-z]+)\ue001")  # characters that are nobody's, so no text has them


@dataclass(frozen=True)
class Stencil:
    """A rendered template with gaps in it."""

    text: str  # as ``%`` takes it

    def filled(self, **texts: str) -> SafeString:
        """It with ``texts`` in the gaps of their names, escaped unless they are safe."""
        done = {
            name: text if type(text) is SafeString else html.escape(text)
            for name, text in texts.items()
        }
        return SafeString(self.text % done)


def cut(template: str, *names: str, **look: Any) -> Stencil:
    """The template with ``look`` in it, and gaps where it prints the texts of these ``names``.

    Args:
        names: what differs from row to row. The template prints each as it is: no filter, no
            condition may ask for it.
        look: what decides how it is drawn; few differ, each is rendered once.
    """
    return _cut(template, names, tuple(look.items()), get_language())


@functools.lru_cache(maxsize=1_000)
def _cut(
    template: str, names: tuple[str, ...], look: tuple[tuple[str, Any], ...], _language: str
) -> Stencil:
    gaps = {name: f"\ue000{name}\ue001" for name in names}
    rendered = render_to_string(template, {**dict(look), **gaps})
    return Stencil(_GAP.sub(r"%(\1)s", rendered.replace("%", "%%")))
