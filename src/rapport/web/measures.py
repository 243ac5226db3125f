"""Scores in words, for every door: band, change, and what a measure is called."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core.library import NotInLibrary
from rapport.progress.measures import arithmetic, instruments
from rapport.progress.models import Score, Sheet


def found(name: str, version: int | None = None) -> Any:
    """The questionnaire called ``name``, in ``version`` where all are kept, or None."""
    try:
        return instruments.askable(name, version)
    except NotInLibrary:
        return None


def short(name: str) -> str:
    """What a questionnaire is called among clinicians: PHQ-9."""
    item = found(name)
    return item.content.short if item is not None else name


def plain(name: str) -> str:
    """What it is about, for the person who answered it: Depression (PHQ-9)."""
    item = found(name)
    return str(words(item).title) if item is not None else name


def words(item: Any) -> Any:
    """Its words in the reader's language, else in English."""
    spoken = (translation.get_language() or "en").split("-")[0]
    return item.words.get(spoken) or item.words.get("en") or next(iter(item.words.values()))


def band(score: Score) -> str:
    """The band's name, in small letters for the middle of a sentence."""
    item = found(score.instrument)
    if item is None or not score.band:
        return score.band
    return str(words(item).bands.get(score.band, score.band)).lower()


def number(points: float) -> str:
    """Points as they are written: whole ones without decimals."""
    return str(int(points)) if points == int(points) else str(number_format(points, 1))


def in_words(score: Score) -> str:
    """What a score says: "14, moderate", or why there is none."""
    if score.total_rounded is None or score.total is None:
        if score.status == "SCORED":
            return _("answered; it has no score")
        return _("no score: too many questions are open")
    named, item = band(score), found(score.instrument)
    total = number(item.content.score.total.rounded(score.total)) if item else score.total_rounded
    said = f"{total}, {named}" if named else str(total)
    return _("%(score)s (prorated)") % {"score": said} if score.status == "PRORATED" else said


def change(earlier: Score, later: Score) -> str:
    """How far two scores differ, and whether by more than chance."""
    if earlier.total_rounded is None or later.total_rounded is None:
        return ""
    points = later.total_rounded - earlier.total_rounded
    if not points:
        return _("the same as before")
    less = ngettext("%(n)s less than before", "%(n)s less than before", -points)
    more = ngettext("%(n)s more than before", "%(n)s more than before", points)
    said = (less if points < 0 else more) % {"n": abs(points)}
    beyond = _beyond_chance(earlier, later)
    if beyond is None:
        return str(said)
    how = _("more than chance") if beyond else _("within what chance explains")
    return f"{said}, {how}"


def _beyond_chance(earlier: Score, later: Score) -> bool | None:
    item = found(later.instrument)
    if item is None or earlier.total_rounded is None or later.total_rounded is None:
        return None
    published = item.content.changes, item.content.norms
    return arithmetic.more_than_chance(*published, earlier.total_rounded, later.total_rounded)


def rows(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Sheets, the latest first, each with its score and change in words."""
    before: dict[str, Score] = {}
    made = []
    for sheet in reversed(sheets):
        score, counts = getattr(sheet, "score", None), sheet.replaced_by_id is None
        earlier = before.get(sheet.instrument)
        made.append({
            "sheet": sheet, "short": short(sheet.instrument), "score": score,
            "said": in_words(score) if score is not None else "",
            "change": change(earlier, score) if earlier and score and counts else "",
            "risk": score is not None and score.risk is True,
            "replaced": not counts,
        })  # fmt: skip
        if score is not None and counts and score.total_rounded is not None:
            before[sheet.instrument] = score
    return made[::-1]
