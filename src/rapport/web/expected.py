"""Signals and their quality in words: rows, reasons, and the tables of figures."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core.library import NotInLibrary
from rapport.progress.chosen import queries as chosen
from rapport.progress.expected import rules
from rapport.progress.expected import said as words
from rapport.progress.expected.models import Fit, Signal
from rapport.progress.measures import instruments
from rapport.progress.measures.judging import points_by
from rapport.science.proportions import wilson
from rapport.science.suppression import LEAST, suppressed

EPISODES = 300  # as growth.signals has it, which needs NumPy

SINGULAR = {
    "intercept variance is 0": gettext_lazy("Clients do not differ in level beyond their first "
                                            "score."),
    "slope variance is 0": gettext_lazy("Clients do not differ in how fast they change."),
    "correlation is 1": gettext_lazy("Level and speed of change cannot be told apart."),
    "correlation is -1": gettext_lazy("Level and speed of change cannot be told apart."),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A signal in a list."""

    signal: Signal
    short: str
    level: str
    why: str

    @property
    def red(self) -> bool:
        """Whether two signs came in succession."""
        return self.signal.level == Signal.Level.RED


def short(instrument: str) -> str:
    """What the measure is called in short."""
    try:
        return instruments.get(instrument).content.short
    except NotInLibrary:
        return instrument


def row(signal: Signal) -> Row:
    """A signal in a line: which measure, how strong, the weightiest reason."""
    first = rules.reasons(signal.reasons)[0]
    level = words.level(signal.level == Signal.Level.RED)
    return Row(signal, short(signal.instrument), level, words.kind(first))


def opened(signal: Signal) -> dict[str, Any]:
    """A signal with every reason, and what it rests on."""
    found = rules.reasons(signal.reasons)
    try:
        form = chosen.item(instruments.get(signal.instrument)).content
    except NotInLibrary:
        form = None
    reasons = [
        {"kind": words.kind(one), "ground": words.ground(one), "again": one.again,
         "rule": one.ground == "rule", "text": words.because(one, form) if form else ""}
        for one in found
    ]  # fmt: skip
    return {
        "short": short(signal.instrument), "level": words.level(signal.level == Signal.Level.RED),
        "reasons": reasons, "by_rules": any(one.ground == "rule" for one in found),
        "source": by[1] if form and (by := points_by(form)) else None,
    }  # fmt: skip


@dataclass(frozen=True)
class Quality:
    """One questionnaire's fit and what its signals are worth, in words.

    Attributes:
        state: what was learned from what, or why nothing was.
        rows: name and cells of each level of signal; empty where they are hidden or missing.
        band: how often scores lay within the 80 % band.
        none: why there are no figures; empty where there are.
    """

    short: str
    state: list[str]
    failed: str = ""
    rows: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    about: str = ""
    band: str = ""
    none: str = ""


def quality(fit: Fit) -> Quality:
    """What the page shows of one questionnaire."""
    found = Quality(short(fit.instrument), _state(fit), _failed(fit))
    counts = fit.quality
    if not counts:
        return _with(found, none=_("No ended episode has two scores after the first one yet, so "
                                   "nothing can be said of the signals."))  # fmt: skip
    worse, clients = counts["worse"], counts["clients"]
    if clients < LEAST:
        return _with(found, none=_(
            "Fewer than 10 ended episodes have two scores after the first one. Figures of so few "
            "would tell of single people."
        ))  # fmt: skip
    band = _band(counts["band"])
    if None in suppressed((worse, clients - worse)).cells:
        return _with(found, band=band, none=_(
            "Fewer than 10 of the clients ended worse, or fewer than 10 did not. Figures of so "
            "few would tell of single people, and say little."
        ))  # fmt: skip
    by = _("the expected range") if counts["ground"] == "MODEL" else _("rules and reliable change")
    about = ngettext(
        "%(n)s client with two scores or more after the first, looked at score by score by "
        "%(by)s; %(worse)s ended reliably worse than they began.",
        "%(n)s clients with two scores or more after the first, looked at score by score by "
        "%(by)s; %(worse)s ended reliably worse than they began.", clients,
    ) % {"n": _n(clients), "by": by, "worse": _n(worse)}  # fmt: skip
    rows = [
        (_("Any sign"), _cells(counts["amber"], worse, clients - worse)),
        (_("Two in succession"), _cells(counts["red"], worse, clients - worse)),
    ]
    return _with(found, rows=rows, about=about, band=band)


def _with(found: Quality, **more: Any) -> Quality:
    return Quality(**{**found.__dict__, **more})


def _state(fit: Fit) -> list[str]:
    if fit.learned_at is None:
        return [_("Nothing was learned yet.")]
    day = date_format(fit.learned_at, "DATE_FORMAT")
    counts = {"day": day, "n": _n(fit.episodes), "scores": _n(fit.scores),
              "missing": _n(max(EPISODES - fit.episodes, 0))}  # fmt: skip
    said = {
        Fit.Verdict.NO_CHANGE: _("Nobody published how large a change on this questionnaire must "
                                 "be, so there are no signals."),
        Fit.Verdict.TOO_FEW: _("Looked through on %(day)s: %(n)s ended episodes with two scores. "
                               "An expected range takes 300, %(missing)s more; until then rules "
                               "stand in for it and no range is drawn."),
        Fit.Verdict.HOLDS: _("Learned on %(day)s from %(n)s ended episodes with %(scores)s scores "
                             "after the first. The range holds on clients it was not learned "
                             "from."),
        Fit.Verdict.WIDENED: _("Learned on %(day)s from %(n)s ended episodes with %(scores)s "
                               "scores after the first. On clients it was not learned from the "
                               "range had to be fitted to what they showed; so it holds."),
        Fit.Verdict.WITHHELD: _("Learned on %(day)s from %(n)s ended episodes with %(scores)s "
                                "scores after the first. On clients it was not learned from the "
                                "range does not hold, so none is drawn and rules stand in for it."),
    }[Fit.Verdict(fit.verdict)] % counts  # fmt: skip
    return [said, *dict.fromkeys(str(SINGULAR[one]) for one in fit.singular if one in SINGULAR)]


def _failed(fit: Fit) -> str:
    if fit.failed_at is None:
        return ""
    said = {"day": date_format(fit.failed_at, "DATE_FORMAT"), "why": fit.get_failed_as_display()}
    return _("The night of %(day)s did not succeed: %(why)s. What stood before stands; it is "
             "tried again each night.") % said  # fmt: skip


def _cells(of: dict[str, Any], worse: int, others: int) -> list[tuple[str, str]]:
    return [
        (_("Found, of those who ended worse"), _share(of["found"], worse)),
        (_("How early"), _lead(of)),
        (_("False, per 100 scores"), _false(of)),
        (_("Alarmed without need"), _share(of["alarmed"], others)),
    ]


def _share(count: int, n: int) -> str:
    found = wilson(count, n)
    return _("%(count)s of %(n)s: %(share)s %% (%(low)s to %(high)s)") % {
        "count": _n(count), "n": _n(n), "share": _n(100 * found.estimate),
        "low": _n(100 * found.low), "high": _n(100 * found.high),
    }  # fmt: skip


def _lead(of: dict[str, Any]) -> str:
    if of["lead"] is None:
        return "–"
    low, middle, high = map(words.number, of["lead"])
    said = {"middle": middle, "low": low, "high": high, "weeks": words.weeks(of["weeks"])}
    text = _("%(middle)s scores before the last (half of them %(low)s to %(high)s), %(weeks)s")
    return text % said


def _false(of: dict[str, Any]) -> str:
    if not of["looks"]:
        return "–"
    said = {
        "rate": _tenth(100 * of["false"] / of["looks"]), "n": _n(of["false"]),
        "looks": _n(of["looks"]), "low": _tenth(100 * (of["low"] or 0)),
        "high": _tenth(100 * (1 if of["high"] is None else of["high"])),
    }  # fmt: skip
    return _("%(rate)s (%(low)s to %(high)s); %(n)s at %(looks)s scores") % said


def _band(of: dict[str, Any] | None) -> str:
    if of is None or not of["of"] or of["low"] is None:
        return ""
    said = {
        "n": _n(of["hits"]), "of": _n(of["of"]),
        "share": _tenth(100 * of["hits"] / of["of"]),
        "low": _tenth(100 * of["low"]), "high": _tenth(100 * of["high"]),
    }  # fmt: skip
    return _("Of %(of)s scores of clients the range was not learned from, %(n)s lay within the "
             "80 %% range: %(share)s %% (%(low)s to %(high)s).") % said  # fmt: skip


def _n(value: float) -> str:
    return number_format(round(value), 0)


def _tenth(value: float) -> str:
    return number_format(round(value, 1), 1)
