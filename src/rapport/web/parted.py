"""Parts of a sentence put together as the reader's language parts them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def together(parts: Iterable[object]) -> str:
    """The parts as one: "14, moderate; 6 less than on 3 March"."""
    return pgettext("between parts of a sentence", "; ").join(map(str, parts))
