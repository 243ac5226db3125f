"""A funnel of clinicians in words: what is drawn, one's own point, and the same as a table."""

from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.people.episodes import codes

from . import funnel

if TYPE_CHECKING:
    from rapport.progress.outcomes.clinicians import Found, Point, Refused


def of(found: "Found | Refused") -> dict[str, Any]:
    """What the page says of it: drawings, rows and sentences; or why there are none."""
    from rapport.progress.outcomes.clinicians import Refused  # noqa: PLC0415  NumPy, here alone

    return {"why": _why(found)} if isinstance(found, Refused) else _said(found)


def _said(found: "Found") -> dict[str, Any]:
    rows = [_row(one, n + 1) for n, one in enumerate(found.points)]
    words = funnel.Words(
        _whole(found), _("Clients with two scores"), _("Better, in % by case mix"),
        _("all together"), "95 %", f"{number_format(99.8)} %",
        tuple(row["said"] for row in rows),
    )  # fmt: skip
    return {
        "drawings": funnel.both(found, words), "outer": words.outer, "rows": rows,
        "reading": _whole(found), "own": _own(found), "case_mix": _case_mix(found),
        "left_out": found.left_out,
        "stands_out": any(one.stands_out for one in found.points),
        "spread": _points(found.spread),
    }  # fmt: skip


def _why(found: "Refused") -> str:
    if found.reason == "unjudged":
        return _("Nobody has published for this measure how large a change must be, so nobody is "
                 "called better.")  # fmt: skip
    if found.reason == "alike":
        return _("All of these clients got better, or none did: there is nothing to tell apart.")
    return ngettext(
        "%(n)s clinician has 10 clients or more with two scores. From 5 clinicians on a point "
        "without a name stays without one. Choose a longer time.",
        "%(n)s clinicians have 10 clients or more with two scores. From 5 clinicians on a point "
        "without a name stays without one. Choose a longer time.",
        found.have,
    ) % {"n": found.have}


def _whole(found: "Found") -> str:
    n = len(found.points)
    out = sum(one.stands_out for one in found.points)
    said = ngettext(
        "%(n)s clinician; of all their clients together %(share)s %% got better by more than the "
        "measure errs.",
        "%(n)s clinicians; of all their clients together %(share)s %% got better by more than the "
        "measure errs.",
        n,
    ) % {"n": n, "share": _points(found.target)}
    more = ngettext("%(n)s of them differs by more than chance and caseload explain.",
                    "%(n)s of them differ by more than chance and caseload explain.",
                    out) % {"n": out}  # fmt: skip
    none = _("None differs by more than chance and caseload explain.")
    return f"{said} {more if out else none}"


def _own(found: "Found") -> str:
    mine = found.mine
    if mine is None:
        return _(
            "You have no point of your own here: it takes 10 clients of yours with two scores."
        )
    given = {"n": mine.clients, "share": _points(mine.share), "low": _points(mine.inner[0]),
             "high": _points(mine.inner[1])}  # fmt: skip
    said = _("Your %(n)s clients: %(share)s %% by their case mix; for your caseload chance alone "
             "leaves %(low)s to %(high)s %% open, 19 times in 20.") % given  # fmt: skip
    if mine.stands_out:
        more = _("That is more than chance explains. It does not say why: look at whom you treat, "
                 "how you measure and what you do, with a supervisor.")  # fmt: skip
    elif mine.place:
        more = _("One in 20 lies outside by chance alone; among so many clinicians this one does "
                 "not stand out.")  # fmt: skip
    else:
        more = _("That is within what chance leaves open: it says neither good nor bad.")
    return f"{said} {more}"


def _case_mix(found: "Found") -> str:
    if found.adjusted is None:
        return _("The case mix could not be told from these clients, so nothing was made even.")
    problems = [codes.in_words(codes.Problem, name) if name else _("not said")
                for name in found.adjusted[1:]]  # fmt: skip
    if not problems:
        return _("Made even for the first score.")
    return _("Made even for the first score and for these problems: %(names)s.") % {
        "names": ", ".join(problems)
    }


def _row(one: "Point", number: int) -> dict[str, Any]:
    name = _("You") if one.mine else _("Clinician %(n)s") % {"n": number}
    about = one.clients if one.mine else _("about %(n)s") % {"n": one.clients}
    verdict = (
        _("more than chance explains") if one.stands_out
        else _("outside 99.8 %") if abs(one.place) == 2
        else _("outside 95 %") if one.place
        else pgettext("funnel", "within chance")
    )  # fmt: skip
    share = f"{_points(one.share)} %"
    return {"name": name, "clients": about, "share": share, "verdict": verdict,
            "said": f"{name}: {about}; {share}; {verdict}"}  # fmt: skip


def _points(share: float) -> int:
    return round(100 * share)
