"""Scores in words, for every door: band, change, and what a measure is called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core.library import Item, NotInLibrary
from rapport.progress.chosen import queries as chosen
from rapport.progress.chosen import rules as choices
from rapport.progress.chosen.rules import FIRST, Chosen
from rapport.progress.measures import alone, instruments, judging, rules
from rapport.progress.measures.latest import points_between
from rapport.progress.models import Score, Sheet

from . import informants
from . import judging as by_what
from .counting import counted
from .parted import together

APART: dict[str, Any] = {
    "version": gettext_lazy("another version of the form, not compared"),
    "language": gettext_lazy("asked in another language, not compared"),
}
"""Why a change is not said."""
ABOUT: dict[str, Any] = {
    "lifetime": gettext_lazy("lifetime"),
    "past_month": gettext_lazy("past month"),
    "past_3_months": gettext_lazy("past 3 months"),
}
"""What of a question an item asks for, by the end of its key."""


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


def tongue(code: str) -> str:
    """A language as the reader calls it."""
    try:
        return str(translation.get_language_info(code)["name_translated"])
    except KeyError:
        return code


def numbered(key: str) -> str:
    """An item's key for a person: "6, past 3 months" for 6_past_3_months, else its words apart."""
    number = question(key)
    if (about := key[len(number) + 1 :]) in ABOUT:
        return _("%(number)s, %(about)s") % {"number": number, "about": ABOUT[about]}
    return key.replace("_", " ")


def question(key: str) -> str:
    """The number of a question on its form: of 6_lifetime and 6_past_3_months it is 6."""
    return key.partition("_")[0]


def tongues(items: Iterable[Item[Any]]) -> list[tuple[str, str]]:
    """The languages there are words in, for a form."""
    codes = {code for item in items for code in item.words}
    return sorted(((code, tongue(code)) for code in codes), key=lambda pair: pair[1])


def answered_in(before: Mapping[str, str], items: Iterable[Item[Any]]) -> str:
    """In which language each of ``items`` was answered last, where there are several, and why
    that matters; empty: none was."""
    by_language: dict[str, list[str]] = {}
    for item in items:
        if item.id in before and len(item.words) > 1:
            by_language.setdefault(before[item.id], []).append(item.content.short)
    if not by_language:
        return ""
    listed = together(
        _("%(forms)s in %(language)s") % {"forms": ", ".join(forms), "language": tongue(code)}
        for code, forms in sorted(by_language.items())
    )
    return _("Answered last: %(listed)s. A change is reckoned only between answers in one "
             "language.") % {"listed": listed}  # fmt: skip


def band(score: Score) -> str:
    """The band's name, in small letters for the middle of a sentence."""
    item = found(score.instrument)
    if item is None or not score.band:
        return score.band
    return str(words(item).bands.get(score.band, score.band)).lower()


def number(value: float, name: str) -> str:
    """Points as the questionnaire called ``name`` counts them: 14, or 3.50 of a mean."""
    decimals = instruments.decimals(name)
    return str(number_format(round(value, decimals), decimal_pos=decimals))


def in_words(score: Score) -> str:
    """What a score says: "14, moderate", or why there is none."""
    if score.total_rounded is None:
        return _parts(score) or _("no score: too many questions are open")
    named = band(score)
    points = number(score.total_rounded, score.instrument)
    said = f"{points}, {named}" if named else points
    return _("%(score)s (prorated)") % {"score": said} if score.status == "PRORATED" else said


def _parts(score: Score) -> str:
    """Of a form without one total its parts: "Depression 12, moderate; Anxiety 4, normal"."""
    item = found(score.instrument)
    if item is None or item.content.has_total:
        return ""
    if not item.content.is_scored:
        return _("answered; it has no score")
    if not item.content.score.subscales:
        return _found(score, item)
    spoken, said = words(item), []
    for name, scale in item.content.score.subscales.items():
        part = score.subscales.get(name, {})
        if (points := part.get("total_rounded")) is None:
            continue
        total = number_format(points, decimal_pos=scale.decimals)
        named = spoken.bands.get(part.get("band", ""), "").lower()
        title = alone.said(spoken, name)
        said.append(f"{title} {total}, {named}" if named else f"{title} {total}")
    return together(said)


def _found(score: Score, item: Item[Any]) -> str:
    """Of a form that is sorted and not added up what it was sorted into: "moderate risk"."""
    spoken, known = words(item), score.findings or {}
    holds = [finding(spoken, one.name) for one in item.content.findings if known.get(one.name)]
    if holds:
        return together(holds)
    if score.findings is None:
        return _("answered")
    if None in known.values():
        return _("cannot be said: an answer is missing")
    return _("nothing it looks for was found")


FOUND = {
    "high-risk": gettext_lazy("high risk"), "moderate-risk": gettext_lazy("moderate risk"),
    "low-risk": gettext_lazy("low risk"), "positive-screen": gettext_lazy("positive screen"),
}  # fmt: skip


def finding(spoken: Any, name: str) -> str:
    """What a finding is called: by the form's words, else by the interface."""
    return str(spoken.findings.get(name) or FOUND.get(name) or name.replace("-", " "))


def change(earlier: Score, later: Score, judged_by: Chosen = FIRST) -> str:
    """How far two scores of one informant differ, and whether by more than chance: that only of
    clients themselves, as the published limits are of people who answer about themselves.

    Args:
        judged_by: what the practice chose.
    """
    if earlier.total_rounded is None or later.total_rounded is None:
        return ""
    points = points_between(earlier, later)
    if not points:
        return _("the same as before")
    many = counted(abs(points))
    less = ngettext("%(n)s less than before", "%(n)s less than before", many)
    more = ngettext("%(n)s more than before", "%(n)s more than before", many)
    said = (less if points < 0 else more) % {"n": number(abs(points), later.instrument)}
    own = later.informant_id is None
    beyond, by = _beyond_chance(earlier, later, judged_by) if own else (None, "")
    if beyond is None:
        return str(said)
    how = _("more than chance") if beyond else _("within what chance explains")
    return f"{said}, {how} ({by})"


def _beyond_chance(earlier: Score, later: Score, judged_by: Chosen) -> tuple[bool | None, str]:
    """The verdict, and by what method."""
    item = found(later.instrument)
    if item is None or earlier.total_rounded is None or later.total_rounded is None:
        return None, ""
    form = choices.by(item.content, judged_by)
    reliable = judging.reliable(form, [earlier.total_rounded], [later.total_rounded])
    return reliable, by_what.brief(form)


def rows(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """Sheets, the latest first, each with its score, who answered, and change in words.

    A score is compared with the same informant's before alone, on words that read the same; one
    who is known by a role alone may be somebody else each time, and is compared with none.
    """
    before: dict[tuple[str, Any], Sheet] = {}
    made, judged_by = [], chosen.every() if len(sheets) > 1 else {}
    for sheet in reversed(sheets):
        score, counts = getattr(sheet, "score", None), sheet.replaced_by_id is None
        key, role = (sheet.instrument, sheet.informant_id), _by_role(sheet)
        earlier = None if role else before.get(key)
        made.append({
            "sheet": sheet, "short": short(sheet.instrument), "score": score,
            "said": in_words(score) if score is not None else "",
            "change": _compared(earlier, sheet, judged_by.get(sheet.instrument, FIRST))
            if earlier and score and counts else "",
            "risk": score is not None and score.risk is True,
            "replaced": not counts, "who": informants.answered_by(sheet.informant),
        })  # fmt: skip
        if score is not None and counts and score.total_rounded is not None:
            before[key] = sheet
    return made[::-1]


def _compared(earlier: Sheet, later: Sheet, judged_by: Chosen) -> str:
    """As ``change``, or why there is none; "" where there is no score."""
    why = rules.apart(
        (earlier.version, earlier.language), (later.version, later.language),
        lambda version: (item := found(later.instrument)) is not None
        and item.content.alike(version),
    )  # fmt: skip
    if why and later.score.total_rounded is not None:
        return str(APART[why])
    return change(earlier.score, later.score, judged_by)


def _by_role(sheet: Sheet) -> bool:
    return sheet.informant is not None and bool(sheet.informant.by_role)
