"""What is wrong with something that was typed, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import rules

WORDS = {
    "missing": _("Write something here."),
    "long": _("This is too long. Use at most %(most)s characters."),
    "signs": _("Use letters, digits and signs that can be read."),
    "choose": _("Choose from the list."),
    "few": _("Write two or more, one a line."),
    "many": _("These are too many. Use at most %(most)s."),
    "number": _("This number cannot be. Choose one of the answers there are."),
    "twice": _("This stands here twice."),
    "itself": _("A question cannot decide whether it is asked itself."),
    "cycle": _("Whether this question is asked depends on itself, by way of others. Change the "
               "condition of one of them."),
    "later": _("The question this depends on comes later. Move it before this one."),
    "not_there": _("The question this depends on is not there any more. Choose another."),
    "no_choice": _("An answer in words has no number. Choose a question with answers to choose."),
    "order": _("Write as many lines as there are answers, in their order: %(most)s."),
    "gap": _("Bands leave no number out and name none twice. Look at %(most)s."),
    "uncounted": _("Nothing counts yet. Tick “counts” at the questions that are added up, or "
                   "choose no score."),
    "weight": _("A weight is a whole number from 1 to 100."),
    "not_read": _("Write each band on a line: from, hyphen, to, equals sign, name. For example "
                  "0-4 = few."),
    "licence": _("Tick this only if the practice holds a licence. Without one the words cannot be "
                 "kept."),
    "of_all": _("Everybody is asked this one, whatever the test chooses. Write its words."),
    "few_items": _("The test needs more questions to choose from. Questions still to write: "
                   "%(most)s."),
    "limit": _("Write a number from 0 to %(most)s."),
    "version": _("There are too many versions of this text. Ask for help."),
}  # fmt: skip


class CannotKeep(Exception):
    """It cannot be kept so. What is wrong by field; every message is safe to show."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


def said(code: str, most: Any = None) -> str:
    """One fault in words."""
    shown = f"{most:g}" if isinstance(most, float) else most
    return str(WORDS[code]) % {"most": rules.LONGEST if most is None else shown}


def refuse(found: Mapping[str, Any]) -> None:
    """Say what is wrong, if anything is.

    Args:
        found: by field a code, or a code with what helps to mend it.

    Raises:
        CannotKeep: something is.
    """
    if found:
        raise CannotKeep({
            name: said(*one) if isinstance(one, tuple) else said(one) for name, one in found.items()
        })  # fmt: skip
