"""Why a message did not go out, in words. Its row holds a code and nothing more."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rapport.core import whereto
from rapport.core.policy import Words

from ..notices.failures import WORDS as OF_MAIL

_WORDS: dict[str, Words] = {
    "NoWay": _("There is no number or address that is safe to write to, by any way that is set "
               "up here."),
    "NotSafe": _("The number or address is not there any more, not safe, or was refused before."),
    "NotReady": _("This way is not set up any more."),
    "NotAgreed": _("No agreement with the gateway is on record."),
    "NoServer": _("No mail server is set."),
    "NoLongerTrue": _("It was moved or called off before this went out."),
    "NotWanted": _("Not wanted any more."),
    "Quiet": _("It would have come in quiet hours."),
    "Late": _("It could not go out in time."),
    "SwitchedOff": _("Reminders were switched off."),
    "Left": _("The client is archived."),
    "Over": _("It had begun before this could go out."),
    "Lost": _("Rapport was stopped while it was being sent."),
}  # fmt: skip
_GATEWAY: Words = _("The gateway did not take it.")


def in_words(error: str) -> Words:
    """The sentence for a code; "" for none."""
    if not error:
        return ""
    if error.startswith("Bounced"):
        return _("The address does not take mail.")
    if error in ("Http401", "Http403"):
        return _("The gateway does not accept the secret.")
    if error.startswith("Http"):
        return format_lazy("{} ({})", _GATEWAY, error.removeprefix("Http"))
    if error.startswith("Web."):
        return whereto.WORDS.get(error.removeprefix("Web."), _GATEWAY)
    return _WORDS.get(error) or OF_MAIL.get(error, _("It could not be handed over."))
