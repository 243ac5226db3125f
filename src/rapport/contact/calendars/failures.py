"""Why a calendar elsewhere could not be read or written, in words that say what to do.

Its row holds the code and nothing more.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.core import whereto

Words = str | Promise

WORDS: dict[str, Words] = {
    **whereto.WORDS,
    "moved": _("That address only points to another one. Open it in a browser and copy where it "
               "leads."),
    "refused": _("The server refuses user name or password. Some servers want a password made "
                 "for programs; make one there and type it here."),
    "forbidden": _("The server does not let you do this. Look at your rights there."),
    "nothing": _("There is nothing at this address any more. Copy it anew."),
    "busy": _("The server is busy. Rapport tries again by itself."),
    "server": _("The server made a mistake of its own. Rapport tries again by itself."),
    "answer": _("The server answered in a way that calendars do not. Check the address."),
    "no_calendar": _("What is there is no calendar. Copy the address that ends in .ics, or that "
                     "your calendar program calls “iCal” or “subscription”."),
    "many_events": _("That calendar has more entries than Rapport reads. Share one with fewer."),
    "many_exceptions": _("An entry there has more exceptions than Rapport reads. Split it into "
                         "two."),
    "often": _("An entry there recurs by the hour, minute or second, which Rapport does not "
               "follow. Change or remove it."),
    "slow_to_read": _("That calendar's rules take too long to work out. Share a simpler one."),
    "no_calendars": _("No calendar was found in this account. Make one there first."),
    "changed_key": _("What was kept of this calendar does not open any more. Remove it and "
                     "connect it again."),
    "unchosen": _("Choose which calendar of the account is meant."),
    "away": _("Its server is elsewhere now, where the password would not go. Connect the account "
              "again under its new address."),
}  # fmt: skip

FINAL = frozenset({"refused", "changed_key", "unchosen", "certificate"})
"""Trying again does not help, so it is tried seldom."""


class CannotSync(Exception):
    """A calendar elsewhere that could not be read or written. ``code`` is one of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """What happened and what to do, in a sentence."""
        return in_words(self.code)


def in_words(code: str) -> str:
    """The sentence for a code; nothing for none."""
    return str(WORDS.get(code, WORDS["answer"])) if code else ""
