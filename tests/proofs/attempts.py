"""Ways to want an hour, each through the whole of its door, and the answer in one word.

``sold:…`` with what was got, ``taken``, ``let_go`` for an hour that was kept and given up.
Whatever else was answered is said as it is.
"""

import hashlib
import re
import time as seconds
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core import signing
from django.test import Client as Browser

from rapport.core import time
from rapport.people.models import Account
from tests.web.stepping import inside

SAID = ("meet.", "have the room.", "That time is taken", "The room is taken",
        "That time was just taken", "Some of these hours are taken", "The calendar changed",
        "a little faster", "Several times are kept")  # fmt: skip
PATIENCE, AGAIN = 600, 0.05  # seconds: longer than anybody can keep an hour; and how often


@dataclass(frozen=True)
class Attempt:
    """One try: about which contest, in which way, by whom, and what is sent."""

    contest: int
    way: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    who: Account | None = None  # of the portal
    then: str = ""  # what is wanted afterwards


class Browsers:
    """One thread's: the front desk's, each client's own, and a stranger's."""

    def __init__(self, desk):
        self.desk, self.portal, self.stranger = inside(desk), {}, Browser()

    def go(self, attempt):
        """Try it."""
        try:
            return WAYS[attempt.way](self, attempt)
        except Exception as problem:
            return f"{type(problem).__name__}:{str(problem)[:60].replace(' ', '_')}"

    def phone(self, account):
        """A client's browser, in which they have signed in."""
        if account.pk not in self.portal:
            self.portal[account.pk] = inside(account, "portal")
        return self.portal[account.pk]


def in_a_word(answer):
    """Sold, taken, or what else it was."""
    if answer.status_code == 302:
        return "sold:" + urlsplit(answer.headers["Location"]).path.strip("/").split("/")[-1]
    text = answer.content.decode()
    if answer.status_code in (410, 422) and any(words in text for words in SAID):
        return "taken"
    alerts = re.findall(r'role="alert"[^>]*>(.*?)</div>', text, re.DOTALL)
    said = " ".join(re.sub(r"<[^>]*>", " ", " ".join(alerts)).split())
    return f"answer_{answer.status_code}_{said[:90]}".replace(" ", "_")


def send(browsers, attempt):
    """A form of the desk; where it asks first, it is to be all the same."""
    answer = browsers.desk.post(attempt.path, attempt.form)
    asked = re.search(r'name="anyway" value="([^"]*)"', answer.content.decode())
    if asked:
        answer = browsers.desk.post(attempt.path, attempt.form | {"anyway": asked[1]})
    return in_a_word(answer)


def send_until_it_is_had(browsers, attempt):
    """The same again and again: who keeps the hour meanwhile lets go of it."""
    until = seconds.monotonic() + PATIENCE
    while (said := send(browsers, attempt)) == "taken" and seconds.monotonic() < until:
        seconds.sleep(AGAIN)
    return said


def keep(browsers, attempt):
    """A client keeps an hour, then confirms it."""
    phone = browsers.phone(attempt.who)
    answer = phone.post(attempt.path, attempt.form)
    if answer.status_code == 302:
        answer = phone.post(answer.headers["Location"])
    return in_a_word(answer)


def let_go(browsers, attempt):
    """A client keeps an hour, and then another one instead."""
    phone = browsers.phone(attempt.who)
    answer = phone.post(attempt.path, attempt.form)
    if answer.status_code != 302:
        return in_a_word(answer)
    answer = phone.post(attempt.path, attempt.form | {"start": attempt.then})
    return "let_go" if answer.status_code == 302 else in_a_word(answer)


def ask_first(browsers, attempt):
    """A stranger keeps an hour, then says who they are."""
    form = dict(attempt.form)
    here = {"REMOTE_ADDR": form.pop("from")}
    answer = browsers.stranger.post(attempt.path, {"start": form.pop("start")}, **here)
    if answer.status_code != 302:
        return in_a_word(answer)
    page = answer.headers["Location"]
    a_while_ago = int(time.now().timestamp()) - 60
    form["stamp"] = signing.dumps(a_while_ago, salt="booking.stamp")
    said = in_a_word(browsers.stranger.post(page, form, **here))
    kept = hashlib.sha256(page.encode()).hexdigest()[:16]
    return f"sold:{kept}" if said == "sold:thanks" else said


def accept(browsers, attempt):
    """Somebody who waits takes what was offered, by the link that was mailed."""
    answer = browsers.stranger.post(attempt.path, attempt.form)
    if answer.status_code == 200 and "It is yours" in answer.content.decode():
        return "sold:" + attempt.path.strip("/").split("/")[-1]
    return in_a_word(answer)


WAYS = {one.__name__: one for one in (send, send_until_it_is_had, keep, let_go, ask_first, accept)}
