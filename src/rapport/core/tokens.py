"""Secrets that stand in an address: made at random, of which the database keeps the digest."""

import hashlib
import secrets


def made() -> tuple[str, bytes]:
    """A new token of 32 random bytes, and its digest. Only the digest is kept."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    """SHA-256 of a token: enough for a secret as random as this one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
