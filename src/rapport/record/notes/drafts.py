"""Words that have not reached the server: the key under which a browser keeps them."""

from typing import Any

from rapport.core import vault


def key(*, by: Any) -> bytes:
    """The 32 bytes under which a browser seals what ``by`` wrote until it is saved.

    A person's own, and the same for as long as the practice lives: words that wait on a
    laptop in a drawer open after any rotation of the practice's key.
    """
    return vault.blind(str(by.pk), purpose="draft.key")
