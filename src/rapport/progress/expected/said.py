"""Signals, reasons and expected ranges in plain words, with their numbers."""

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..measures.questionnaire import Instrument
from .queries import Expected
from .rules import Reason


def number(value: float) -> str:
    """With one decimal, or none where it is whole."""
    return number_format(round(value, 1), 0 if float(value).is_integer() else 1)


def percent(share: float) -> str:
    """A share as percent, without decimals."""
    return _("%(n)s %%") % {"n": number_format(round(100 * share), 0)}


def weeks(value: float) -> str:
    """A number of weeks."""
    whole = round(value)
    return ngettext("%(n)s week", "%(n)s weeks", whole) % {"n": number_format(whole, 0)}


def because(reason: Reason, form: Instrument) -> str:
    """One reason as a sentence with everything that was compared."""
    lower = form.better == "lower"
    has: dict[str, Any] = {name: number(value) for name, value in reason.numbers.items()}
    if reason.kind == "beyond the expected range":
        has["weeks"] = weeks(reason.numbers["time"])
        text = (
            _("%(score)s, %(weeks)s after the first score. Of clients who began alike, nine in "
              "ten are at %(bound)s or lower by then; about %(expected)s is expected.")
            if lower else
            _("%(score)s, %(weeks)s after the first score. Of clients who began alike, nine in "
              "ten are at %(bound)s or higher by then; about %(expected)s is expected.")
        )  # fmt: skip
    elif reason.kind == "improvement unlikely":
        has |= {
            "chance": percent(reason.numbers["probability"]),
            "limit": percent(reason.numbers["limit"]), "weeks": weeks(reason.numbers["planned"]),
        }  # fmt: skip
        text = _("After %(weeks)s, when the last score is usually given here, a score that is not "
                 "%(points)s points better than the first has a chance of %(chance)s; above "
                 "%(limit)s counts as a sign. About %(expected)s is expected then.")  # fmt: skip
    elif reason.kind == "worse than at intake":
        text = _("%(score)s now, %(intake)s at first. A change of %(points)s points is more than "
                 "the measure errs.")  # fmt: skip
    elif reason.kind == "worse than at best":
        text = _("%(score)s now, %(best)s at best. A change of %(points)s points is more than the "
                 "measure errs.")  # fmt: skip
    elif reason.kind == "no improvement by session":
        text = _("%(score)s now, %(intake)s at first, and %(session)s scores since. By the sixth, "
                 "%(points)s points better is what the rule asks for.")  # fmt: skip
    else:
        text = _("%(score)s, after %(session)s scores since the first. The clinical range begins "
                 "at %(caseness)s; by the tenth the rule asks to be out of it.")  # fmt: skip
    return text % has


def kind(reason: Reason) -> str:
    """What a reason is called."""
    return {
        "beyond the expected range": _("Beyond the expected range"),
        "improvement unlikely": _("Improvement has become unlikely"),
        "worse than at intake": _("Worse than at first"),
        "worse than at best": _("Worse than at best"),
        "no improvement by session": _("No improvement so far"),
        "still a case at session": _("Still in the clinical range"),
    }[reason.kind]


def ground(reason: Reason) -> str:
    """What it rests on, in a word or two."""
    return {
        "model": _("expected course"), "change": _("reliable change"), "rule": _("rule"),
    }[reason.ground]  # fmt: skip


def level(red: bool) -> str:
    """How strong a sign it is."""
    return _("Not on track") if red else _("First sign of not being on track")


def sentence(found: Expected) -> str:
    """What the drawn range is, or why none is drawn."""
    if not found.why:
        day = date_format(found.learned_at, "DATE_FORMAT") if found.learned_at else ""
        words = _("Four in five scores of clients who began alike lie in the expected range. It "
                  "was learned on %(day)s from %(n)s ended episodes of this practice, %(near)s of "
                  "them with a first score like this one.")  # fmt: skip
        said = words % {
            "day": day, "n": number_format(found.episodes, 0), "near": number_format(found.near, 0),
        }  # fmt: skip
        more = _("After the latest score it rests on all of them.")
        return f"{said} {more}" if found.ahead else said
    return why(found)


def why(found: Expected) -> str:
    """Why no range is drawn."""
    counts = {"n": number_format(found.episodes, 0), "near": number_format(found.near, 0)}
    return {
        "no score": _("There is no score in the present version of the questionnaire yet."),
        "nothing learned": _("No expected range is drawn: nothing was learned yet. It is tried "
                             "each night."),
        "too few": _("No expected range is drawn: it takes 300 ended episodes with two scores, "
                     "and there are %(n)s. Rules stand in for it.") % counts,
        "too few near": _("No expected range is drawn: of the ended episodes %(near)s began near "
                          "this first score, and it takes 30. Rules stand in for it.") % counts,
        "withheld": _("No expected range is drawn: on clients it was not learned from it did not "
                      "hold. Rules stand in for it."),
        "changed since": _("No expected range is drawn: the questionnaire has changed since it "
                           "was learned. Rules stand in for it."),
        "no change published": _("No expected range is drawn: nobody published how large a change "
                                 "on this questionnaire must be."),
    }[found.why]  # fmt: skip
