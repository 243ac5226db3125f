"""Response and remission of a pair of scores, as a questionnaire's file defines them. Pure."""

from functools import cache
from typing import Any

from ..measures import judging
from .rules import End, Reached

NOTHING = (False, False, False)


def of(form: Any) -> Reached:
    """What became of a pair: whether it could, whether it responded, whether it remitted.

    Only who began in the clinical range, by the cut-off in use, can; of a measure without one,
    who did not begin in remission. Half of the way from 2 to 0 is one point, which says nothing.
    Of several definitions the first of the file counts, as it does of cut-offs.
    """

    @cache
    def said(earlier: float, later: float) -> dict[str, bool | None]:
        return {one.kind: one.yes for one in reversed(judging.reached(form, earlier, later))}

    def reached(first: End, last: End) -> tuple[bool, bool, bool]:
        version = first.form[0]
        if form.cutoffs:
            began = bool(judging.clinical(form, first.clinical, first.total, version))
        else:
            began = not said(first.total, first.total).get("remission")
        if not began:
            return NOTHING
        if not form.reckons_as(version):  # of another span, and another best score
            return True, False, False
        found = said(first.total, last.total)
        return True, bool(found.get("response")), bool(found.get("remission"))

    return reached
