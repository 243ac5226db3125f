"""Why a notice failed, in words. Its row holds the error's class and nothing more."""

from django.utils.translation import gettext_lazy as _

from .smtp import SENTENCES, Sentence

UNREACHED = _("The mail server could not be reached.")

WORDS: dict[str, Sentence] = {
    "NoAddress": _("Nobody can be written to: the account is closed."),
    "Changed": _("What was to be sent, or the mail password, does not open."),
    "Unwritable": _("The address or the discreet name cannot stand in a mail."),
    **{kind.__name__: words for kind, words in SENTENCES},
}


def in_words(error: str) -> Sentence:
    """The sentence for the class of error called ``error``; nothing for none."""
    return WORDS.get(error, UNREACHED) if error else ""
