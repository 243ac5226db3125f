"""Every notice there is, and its words: nothing about health, clients or the practice."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

YOURS = _("If this was not you, sign in and end the visits you do not know.")


@dataclass(frozen=True)
class Kind:
    """What a notice says. Whoever reads it over a shoulder must learn nothing from it.

    link: the words of its link; a kind without has none.
    code: whether it carries a code. promises: it says within how many days somebody answers.
    """

    subject: Words
    body: Words
    more: Words = ""
    link: Words = ""
    code: bool = False
    promises: bool = False


SIGN_IN = _("About your sign-in")
ONCE = _("The link works once and only for a while.")

KINDS: dict[str, Kind] = {
    "message": Kind(_("New message"), _("You have a new message."), link=_("Read it")),
    "attention": Kind(
        _("Something for you"), _("Something needs a look from you."), link=_("See what it is")
    ),
    "questions": Kind(
        _("A few questions"), _("A few questions are waiting for you."), link=_("See them")
    ),
    "questions_again": Kind(
        _("A few questions"),
        _("A few questions are still waiting for you."),
        _("If an earlier mail had a link, the one in this mail takes its place."),
        link=_("See them"),
    ),
    "answer": Kind(_("An answer"), _("There is an answer for you."), link=_("See it")),
    "received": Kind(
        _("It has arrived"),
        _(
            "What you sent has arrived. Nobody reads it at once. If it cannot wait, there are "
            "numbers to call behind this link."
        ),
        link=_("See the numbers"),
        promises=True,
    ),
    "time_confirmed": Kind(_("About your request"), _("The time you asked for is yours.")),
    "time_declined": Kind(
        _("About your request"),
        _("The time you asked for could not be kept for you."),
        link=_("See other times"),
    ),
    "offer": Kind(
        _("A time has become free"),
        _("A time that may suit you has become free. It is kept for a while."),
        ONCE,
        link=_("See when"),
    ),
    "offer_gone": Kind(
        _("The time is taken"),
        _("The time you were asked about is not free any more. There will be another."),
    ),
    "still_looking": Kind(
        _("A short question"),
        _("You asked to be told when a time becomes free."),
        _("One tap says whether that still holds."),
        link=_("Answer"),
    ),
    "invitation": Kind(
        _("Your access"), _("An access has been made for you."), ONCE, link=_("Set it up")
    ),
    "reset": Kind(
        SIGN_IN, _("You asked for a new password."), ONCE, link=_("Choose a new password")
    ),
    "recover": Kind(
        SIGN_IN, _("A new way in has been made for you."), ONCE, link=_("Sign in anew")
    ),
    "code": Kind(SIGN_IN, _("Your code for signing in:"), code=True),
    "new_device": Kind(SIGN_IN, _("Somebody signed in on a device we had not seen."), YOURS),
    "factor_added": Kind(SIGN_IN, _("A new way to sign in was added."), YOURS),
    "factor_removed": Kind(SIGN_IN, _("A way to sign in was removed."), YOURS),
    "new_codes": Kind(SIGN_IN, _("New recovery codes were made."), YOURS),
    "password_changed": Kind(SIGN_IN, _("Your password was changed."), YOURS),
    "password_reset": Kind(SIGN_IN, _("A new password was set by a link."), YOURS),
    "recovered": Kind(SIGN_IN, _("Somebody who was locked out was let in anew."), YOURS),
    "test": Kind(_("A test"), _("This is a test. Mail from here arrives.")),
}
