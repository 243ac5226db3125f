"""Outcomes in words: the tables, and what they rest on."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.people.episodes import codes
from rapport.progress.outcomes import rules
from rapport.progress.outcomes.narrowing import NARROWED
from rapport.progress.outcomes.queries import JUDGED_BY_NHS, Outcomes
from rapport.progress.outcomes.showing import CHANGE, ENDING, Line
from rapport.science import talking_therapies as nhs
from rapport.science.medians import median

from . import measures
from . import outcomes_effects as effects
from .outcomes_sources import goals, judged_by
from .parted import together
from .shares import number, of, share

CLASSES = ("recovered", "improved", "unchanged", "deteriorated")
RATES = ("recovery", "reliable_recovery", "improvement", "deterioration")
ENOUGH = 0.9  # of those who ended: what NHS England expects to have both scores


@dataclass(frozen=True)
class Table:
    """A table: its title, the heads of its columns, and rows of a name with a text a column.

    Attributes:
        hidden: names of those who stand in another table and not in this one.
        worked: how a figure of each row came about, where it can be opened.
        note: what is to be said below.
    """

    title: str
    about: str
    heads: list[str]
    rows: list[tuple[str, list[tuple[str, str]]]]
    hidden: list[str]
    worked: list[effects.Worked] = field(default_factory=list)
    note: str = ""


def tables(found: Outcomes) -> list[Table]:
    """What is shown of everybody, of one's own clients and of the groups."""
    return [*(_of_change(found) if found.whole.shown else ()), *_of_endings(found)]


def _of_change(found: Outcomes) -> list[Table]:
    title = _("Who answered, and how far the mean moved")
    moved = _table(found, title, effects.whose(found), _score_heads(), _scores)
    told = (effects.worked(found, name, line) for name, line in lines(found))
    made = [replace(moved, worked=[one for one in told if one is not None])]
    if judged_by(found):
        title = _("What became of those with two scores")
        made.append(_table(found, title, "", _class_heads(), _classes))
    if goals(found.form):
        heads = [name for name, _added, _one in goals(found.form)]
        made.append(_table(found, _("Response and remission"), _about_goals(found), heads, _goals))
    if found.asked.instrument in JUDGED_BY_NHS and found.whole.treated:
        title = _("By the rules of NHS Talking Therapies, from PHQ-9 and GAD-7 together")
        about = _("Of clients with two kept sessions or more. Who has no valid score is in no "
                  "numerator and in every denominator. Where a measure of the problem itself was "
                  "answered twice, it takes the place of the GAD-7.")  # fmt: skip
        made.append(_table(found, title, about, _rate_heads(), _rates))
    return made


def _of_endings(found: Outcomes) -> list[Table]:
    made = []
    if found.whole.ended:
        about = _("Of clients of whom it is said how their care ended. Whoever dropped out ended "
                  "it alone, or could not be reached any more.")  # fmt: skip
        made.append(_table(found, _("How care ended"), about, _ending_heads(), _endings))
    if found.whole.waited:
        about = _("From the first contact to the first session that was kept.")
        title = _("How long people waited")
        waits = _table(found, title, about, _wait_heads(), _waits)
        made.append(replace(waits, note=_not_known(found.whole.tally)))
    return made


def _table(found: Outcomes, title: str, about: str, heads: list[str], say: Any) -> Table:
    rows, hidden = [], []
    for name, line in lines(found):
        if cells := say(found, line):
            rows.append((name, list(zip(heads, cells, strict=True))))
        elif line.any:
            hidden.append(name)
    return Table(title, about, heads, rows, hidden)


def lines(found: Outcomes) -> Iterator[tuple[str, Line]]:
    """Every line with its name: the practice, one's own, the groups."""
    yield _("The practice"), found.whole
    if found.mine is not None:
        yield _("Your own clients"), found.mine
    for line in found.groups:
        yield _group(found, line.name), line


def narrowed_to(found: Outcomes) -> list[str]:
    """To whom the page is narrowed, in words; none: it is of everybody."""
    chosen = {name: getattr(found.asked, name) for name in NARROWED}
    return [_called(found, name, value) for name, value in chosen.items() if value]


def _group(found: Outcomes, name: str) -> str:
    return _called(found, found.asked.by, name) if name else _("not said")


def _called(found: Outcomes, of_what: str, name: str) -> str:
    if of_what == "band":
        return str(measures.words(measures.found(found.asked.instrument)).bands.get(name, name))
    return codes.in_words(codes.Problem if of_what == "problem" else codes.Modality, name)


def _score_heads() -> list[str]:
    return [_("Clients"), _("With first and last score"), _("Mean of the first"),
            _("Mean of the last"), _("Effect, with interval")]  # fmt: skip


def _scores(found: Outcomes, line: Line) -> list[str]:
    if not line.shown:
        return []
    tally = line.tally
    return [
        number(tally.clients, 0), _with_both(tally),
        number(float(tally.first / tally.paired), 1),
        number(float(tally.last / tally.paired), 1),
        effects.said(effects.of(found, line)),
    ]  # fmt: skip


def _with_both(tally: rules.Tally) -> str:
    said = [of(tally.paired, tally.clients)]
    if tally.prorated:
        words = ngettext("%(n)s prorated", "%(n)s prorated", tally.prorated)
        said.append(words % {"n": tally.prorated})
    if tally.apart:
        words = ngettext("%(n)s more in another version or language",
                         "%(n)s more in another version or language", tally.apart)  # fmt: skip
        said.append(words % {"n": tally.apart})
    return together(said)


def _class_heads() -> list[str]:
    return [_("Recovered"), _("Improved, not recovered"), _("Unchanged"), _("Deteriorated")]


def _classes(found: Outcomes, line: Line) -> list[str]:
    if not line.shown:
        return []
    paired = line.tally.paired
    said = [share(line.tally.classes[name], paired) for name in CLASSES]
    return said if found.form.cutoffs else ["–", *said[1:]]


def _about_goals(found: Outcomes) -> str:
    if found.form.cutoffs:
        who = _("Of all with two scores. Whoever did not begin in the clinical range is in no "
                "numerator and in every denominator. Published shares are mostly of those who "
                "began in it: for these, look at its bands side by side.")  # fmt: skip
    else:
        who = _("Of all with two scores. Whoever began in remission is in no numerator and in "
                "every denominator.")  # fmt: skip
    return str(who)


def _goals(found: Outcomes, line: Line) -> list[str]:
    if not line.shown:
        return []
    tally = line.tally
    return [share(getattr(tally, name), tally.paired) for _head, name, _one in goals(found.form)]


def _rate_heads() -> list[str]:
    return [_("Completed"), _("With both pairs of scores"), _("Recovery"), _("Reliable recovery"),
            _("Reliable improvement"), _("Reliable deterioration")]  # fmt: skip


def _rates(found: Outcomes, line: Line) -> list[str]:
    judged = line.tally.service
    if not line.treated or judged is None:
        return []
    few = pgettext("figures", "hidden")
    return [
        number(judged.completed.numerator, 0),
        of(judged.paired.numerator, judged.paired.denominator),
        *(_rate(getattr(judged, name)) if line.cases else few for name in RATES[:2]),
        *(_rate(getattr(judged, name)) for name in RATES[2:]),
    ]


def _ending_heads() -> list[str]:
    return [_("It is said how it ended"), _("Ended as planned"), _("Dropped out")]


def _endings(found: Outcomes, line: Line) -> list[str]:
    if not line.ended:
        return []
    tally = line.tally
    return [of(tally.said, tally.clients), share(tally.planned, tally.said),
            share(tally.dropped, tally.said)]  # fmt: skip


def _wait_heads() -> list[str]:
    return [_("It is known how long"), _("Median, in days"), _("Within 6 weeks"),
            _("Within 18 weeks")]  # fmt: skip


def _waits(found: Outcomes, line: Line) -> list[str]:
    if not line.waited:
        return []
    tally, known = line.tally, line.tally.waited()
    middle = median(tally.waits)
    days = _("%(size)s (%(low)s to %(high)s)") % {
        "size": number(middle.estimate, 0 if middle.estimate.is_integer() else 1),
        "low": number(middle.low, 0), "high": number(middle.high, 0),
    }  # fmt: skip
    within = (share(tally.waited(limit), known) for limit in (rules.SOON, rules.LATE))
    return [of(known, tally.clients), days, *within]


def _rate(rate: nhs.Rate) -> str:
    return share(rate.numerator, rate.denominator)


def _not_known(tally: rules.Tally) -> str:
    """How many have no wait, and why."""
    reasons = {
        "CONTACT": ngettext("%(n)s has no day on which they first asked",
                            "%(n)s have no day on which they first asked",
                            tally.unknown["CONTACT"]),
        "BEFORE": ngettext("%(n)s was in care before being entered here",
                           "%(n)s were in care before being entered here",
                           tally.unknown["BEFORE"]),
        "SESSION": ngettext("%(n)s has no kept session on file",
                            "%(n)s have no kept session on file", tally.unknown["SESSION"]),
        "ORDER": ngettext("%(n)s has a first session before the day on which they first asked",
                          "%(n)s have a first session before the day on which they first asked",
                          tally.unknown["ORDER"]),
    }  # fmt: skip
    told = [words % {"n": number(tally.unknown[why], 0)} for why, words in reasons.items()
            if tally.unknown[why]]  # fmt: skip
    if not told:
        return ""
    said = _("Left out, because nobody knows how long they waited: %(reasons)s.")
    return said % {"reasons": together(told)}


def reading(found: Outcomes) -> str:
    """The whole page in a few sentences; empty: nothing may be said."""
    said = [_change(found)] if found.whole.shown else []
    return " ".join([*said, _ending(found.whole.tally)] if found.whole.ended else said)


def _ending(tally: rules.Tally) -> str:
    return _("Of %(said)s clients of whom it is said how their care ended, %(planned)s %% ended as "
             "planned and %(dropped)s %% dropped out.") % {
        "said": number(tally.said, 0), "planned": round(100 * tally.planned / tally.said),
        "dropped": round(100 * tally.dropped / tally.said),
    }  # fmt: skip


def _change(found: Outcomes) -> str:
    tally = found.whole.tally
    said = _("Of %(clients)s clients whose care ended, %(paired)s have a first and a last %(form)s "
             "that can be compared. Their mean went from %(first)s to %(last)s.") % {
        "clients": number(tally.clients, 0), "paired": number(tally.paired, 0),
        "form": found.form.short, "first": number(float(tally.first / tally.paired), 1),
        "last": number(float(tally.last / tally.paired), 1),
    }  # fmt: skip
    if tally.paired < ENOUGH * tally.clients:
        said += " " + _("Fewer than 9 in 10 have both: those without may have fared otherwise.")
    return str(said)


def left_out(found: Outcomes) -> dict[str, str]:
    """Groups of which nothing is shown, by code: their names stand in a sentence of their own."""
    return {line.name: _group(found, line.name) for line in found.groups if not line.any}


def hidden(found: Outcomes) -> bool:
    """Whether something on the page is hidden."""
    figures = [name for name in ENDING if getattr(found.whole, name)]
    figures += CHANGE if found.asked.instrument in JUDGED_BY_NHS else CHANGE[:1]
    return not all(getattr(line, name) for _name, line in lines(found) for name in figures)
