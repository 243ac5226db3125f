"""How much lies between clinicians, in words: the share, or what is missing, and one's own part."""

from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.science import therapists

if TYPE_CHECKING:
    from rapport.progress.outcomes.between import Missing, Told


def of(found: "Told | Missing | None") -> dict[str, Any]:
    """What the page says: ``between`` and ``part``, one's own; or ``missing``."""
    from rapport.progress.outcomes.between import Missing  # noqa: PLC0415  NumPy, here alone

    if found is None:
        return {"missing": _("These scores do not differ enough to say.")}
    if isinstance(found, Missing):
        return {"missing": _missing(found)}
    return {"between": _share(found), "part": _own(found.mine), "told": found}


def _missing(found: "Missing") -> str:
    needed = _("It takes %(clients)s clients with two scores and %(clinicians)s clinicians to say "
               "how much lies between them: from fewer, chance alone would make a number.") % {
        "clients": _number(therapists.LEAST_CLIENTS), "clinicians": therapists.LEAST_THERAPISTS,
    }  # fmt: skip
    if found.clients is None:
        few = _("Here there are fewer than 10 such clients.")
        return f"{needed} {few}"
    have = ngettext("Here there are %(clients)s clients of %(n)s clinician.",
                    "Here there are %(clients)s clients of %(n)s clinicians.",
                    found.clinicians)  # fmt: skip
    return f"{needed} {have % {'clients': _number(found.clients), 'n': found.clinicians}}"


def _share(found: "Told") -> str:
    return _("Of all differences in how far %(clients)s clients moved, %(share)s %% lie between "
             "%(clinicians)s clinicians (%(low)s to %(high)s); the rest lies between clients of "
             "one clinician.") % {
        "clients": _number(found.clients), "clinicians": found.clinicians,
        "share": _number(100 * found.share.estimate, 1), "low": _number(100 * found.share.low, 1),
        "high": _number(100 * found.share.high, 1),
    }  # fmt: skip


def _own(mine: "therapists.Effect | None") -> str:
    if mine is None or mine.standing == "suppressed":
        return _("Your own part is told from 10 clients of yours with two scores on.")
    if mine.size is None or mine.low is None or mine.high is None:
        return _("Too little data: what your %(n)s clients tell of you would be chance more than "
                 "anything else.") % {"n": mine.n}  # fmt: skip
    given = {"n": mine.n, "points": _number(abs(mine.size), 1), "low": _number(mine.low, 1),
             "high": _number(mine.high, 1)}  # fmt: skip
    if mine.size >= 0:
        said = _("Your %(n)s clients moved %(points)s points further for the better than their "
                 "case mix leads to expect (%(low)s to %(high)s).")  # fmt: skip
    else:
        said = _("Your %(n)s clients moved %(points)s points less far for the better than their "
                 "case mix leads to expect (%(low)s to %(high)s).")  # fmt: skip
    none = _("None at all is within what chance leaves open.")
    return f"{said % given} {none}" if mine.low <= 0 <= mine.high else said % given


def _number(number: float, decimals: int = 0) -> str:
    return str(number_format(round(number, decimals), decimals, force_grouping=True)).replace(
        "-", "−"
    )
