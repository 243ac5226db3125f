"""When a sign-in lasts, locks and ends, and what may fail how often. No clock, no Django."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

ABSOLUTE = timedelta(hours=12)
"""How long one sign-in lasts at most (ASVS v5.0.0-7.3.2)."""
IDLE_DESK = timedelta(minutes=15)
"""Without a sign of life the desk locks (ASVS v5.0.0-7.3.1)."""
IDLE_PORTAL = timedelta(minutes=30)
"""Without a sign of life the portal signs out."""
NOBODY_LASTS = timedelta(hours=1)
"""A session nobody has signed in to is forgotten after this."""
WRITE_SEEN_EVERY = timedelta(minutes=1)
STEP_UP = timedelta(minutes=5)
"""How fresh the proof of identity must be for exports and changes of factors."""

LASTS = {
    "STAFF": timedelta(days=7),
    "CLIENT": timedelta(days=7),
    "OWNER_FIRST": timedelta(hours=1),
    "RECOVER": timedelta(hours=1),
    "RESET": timedelta(minutes=30),
}
"""How long each kind of link works."""

Standing = Literal["open", "locked", "over"]
Weak = Literal["", "digits", "guessed"]


def weak_pin(pin: str) -> Weak:
    """Why these digits are no good for a tablet: not six to ten, or what anybody tries first."""
    if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 10):
        return "digits"
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    return "guessed" if len(steps) == 1 and steps <= {-1, 0, 1} else ""


def rests(*, seen: datetime, now: datetime, after: timedelta) -> bool:
    """Whether a tablet was left for ``after``.

    ``seen`` may lag by WRITE_SEEN_EVERY, so that much more is waited.
    """
    return now - seen >= after + WRITE_SEEN_EVERY


def tidy_mail(text: str) -> str:
    """The one spelling under which a mail address is stored and compared.

    Compatibility-normalised (NFKC), without surrounding space, lower case. No other part
    of the address is touched: what comes before the @ belongs to the receiving server.
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


def hashed(token: str) -> str:
    """SHA-256 of a random token, in hex: enough for 128 bits and more of randomness."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def standing(
    *, realm: str, signed_in: bool, began: datetime, seen: datetime, locked: bool, now: datetime
) -> Standing:
    """Whether a session is open, locked or over at ``now``. All datetimes aware.

    The desk locks and keeps what was typed; the portal signs out. ``seen`` may lag the
    true last request by WRITE_SEEN_EVERY, so a lock may come that much early, never late.
    """
    if not signed_in:
        return "over" if now - seen >= NOBODY_LASTS else "open"
    if now - began >= ABSOLUTE:
        return "over"
    if realm == "PORTAL":
        return "over" if now - seen >= IDLE_PORTAL else "open"
    return "locked" if locked or now - seen >= IDLE_DESK else "open"


def is_fresh(stepped_up: datetime | None, *, now: datetime) -> bool:
    """Whether the last proof of identity is young enough for a step-up page."""
    return stepped_up is not None and timedelta(0) <= now - stepped_up < STEP_UP


@dataclass(frozen=True)
class Limit:
    """At most ``failures`` within ``window``, then no until the window has passed."""

    failures: int
    window: timedelta


LIMITS = {
    "password.account": Limit(10, timedelta(minutes=15)),
    "password.account_address": Limit(5, timedelta(minutes=5)),
    "password.address": Limit(50, timedelta(minutes=15)),
    "password.device": Limit(20, timedelta(minutes=15)),
    "passkey.address": Limit(60, timedelta(minutes=5)),
    "code.account": Limit(10, timedelta(minutes=15)),
    "reset.mail": Limit(3, timedelta(minutes=30)),
    "reset.address": Limit(20, timedelta(minutes=30)),
    "invitation.address": Limit(60, timedelta(minutes=15)),
    "unlock.session": Limit(5, timedelta(minutes=5)),
    "pin.account": Limit(5, timedelta(minutes=15)),
    "proof.account": Limit(10, timedelta(minutes=15)),
    "hold.address": Limit(40, timedelta(minutes=15)),
    "first.address": Limit(6, timedelta(hours=1)),
    "reply.mail": Limit(1, timedelta(hours=24)),
}
"""What may fail how often. Passkeys have a bucket of their own: guessing somebody's
password, however often, never keeps that person's passkey out."""

_SYSTEMS = (
    (r"iPhone|iPad", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
)
_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|Chromium/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)


def agent_family(user_agent: str) -> str:
    """Browser and system in two words, so that a person knows their own: "Firefox, Linux".

    Coarse on purpose: no version, no device model. Empty when neither is known.
    """
    said = user_agent[:400]
    browser = next((name for pattern, name in _BROWSERS if re.search(pattern, said)), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, said)), "")
    return ", ".join(part for part in (browser, system) if part)
