"""The sign-in library's own addresses that we mount, with the permission each asks for.

There are none: every address of the sign-in is a page of ours on the library's parts
(authenticators, passkeys, one-time codes, sign-in stages), so each carries its permission
like any other page. Should one of the library's views be mounted, it stands here by its
name; the walk over all addresses fails for one that does not.
"""

THIRD_PARTY: dict[str, str] = {}


def third_party(name: str) -> str | None:
    """The permission that the library's view ``name`` asks for, or None for an unlisted one."""
    return THIRD_PARTY.get(name)
