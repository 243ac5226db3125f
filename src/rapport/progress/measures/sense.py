"""What makes no sense in a questionnaire's file although it can be read, and what its words lack.

One place for all of it: the library as it is loaded, ``rapport score`` with a file of one's own,
and the tests ask here. What a practice types is judged where it is typed (``own.rules``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rapport.core.shape import Misfit
from rapport.progress.measures.published import CutoffOf
from rapport.progress.measures.scales import Scale
from rapport.science.findings import Few, Rule

HIGHEST = 9999  # an answer is typed with four digits at most
LONGEST = 2 * 60 * 60  # seconds
YEARS = (1850, 2150)
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}")
LOINC = {"loinc": re.compile(r"\d{1,7}-\d"), "loinc_answers": re.compile(r"LA\d{1,7}-\d")}
CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def faults(form: Any) -> Iterator[Misfit]:
    """Everything in a questionnaire that cannot be, with where it stands."""
    yield from _answers(form)
    for n, item in enumerate(form.items, 1):
        yield from _item(form, item, f"items[{n}]")
    for place, part in form.parts.items():
        yield from _part(form, part, place)
    yield from _published(form)
    yield from _rules(form)
    yield from _worked(form)


def _answers(form: Any) -> Iterator[Misfit]:
    if not 1 <= form.seconds <= LONGEST:
        yield Misfit("seconds", f"from 1 to {LONGEST}")
    yield from _values("values", form.values)
    yield from _counts("counts", form.counts)
    if form.loinc_answers and len(form.loinc_answers) != len(form.values):
        yield Misfit("loinc_answers", "write as many as there are answers")
    yield from _coded("", "loinc_answers", form.loinc_answers)
    yield from _coded("", "loinc", [form.loinc])


def _values(path: str, values: Sequence[int]) -> Iterator[Misfit]:
    if len(values) < 2:
        yield Misfit(path, "write at least two answers")
    elif list(values) != sorted(set(values)):
        yield Misfit(path, "write the lowest answer first, and each once")
    elif values[-1] > HIGHEST:
        yield Misfit(path, f"an answer is {HIGHEST} at most")


def _counts(path: str, counts: Sequence[int]) -> Iterator[Misfit]:
    if counts and not 0 <= min(counts) <= max(counts) <= HIGHEST:
        yield Misfit(path, f"points are from 0 to {HIGHEST}")


def _coded(path: str, name: str, codes: Iterable[str]) -> Iterator[Misfit]:
    for code in codes:
        if code and not LOINC[name].fullmatch(code):
            yield Misfit(f"{path}.{name}" if path else name, f"{code} is no code of LOINC")


def _item(form: Any, item: Any, path: str) -> Iterator[Misfit]:
    if not KEY.fullmatch(item.key):
        yield Misfit(f"{path}.key", "letters, digits, hyphens and points, 20 at most")
    if item.up_to and item.values:
        yield Misfit(f"{path}.values", "write either values or up_to")
    if item.values:
        yield from _values(f"{path}.values", item.values)
    yield from _counts(f"{path}.counts", item.counts)
    yield from _coded(path, "loinc", [item.loinc])
    if item.reverse:
        counts = form.counts_of(item)
        turned = sorted(min(counts) + max(counts) - one for one in counts)
        if not item.scored:
            yield Misfit(f"{path}.reverse", "it is not scored, so nothing is turned round")
        elif turned != sorted(counts):
            yield Misfit(f"{path}.reverse", "turned round, its answers are others; write counts")


def _part(form: Any, part: Scale, path: str) -> Iterator[Misfit]:
    items = part.items_of(form.score.subscales)
    if not items and (path != "score.total" or part != Scale()):
        yield Misfit(f"{path}.of", "name the items that are added up")
    for n, name in _twice(part.of):
        yield Misfit(f"{path}.of[{n}]", f"{name} stands twice")
    if items and part.max_missing >= len(items):
        yield Misfit(f"{path}.max_missing", f"from 0 to {len(items) - 1}: one needs an answer")
    for item, least in part.from_.items():
        points = form.key.points[item]
        there = [points[answer] for answer in form.key.values[item]]
        if not min(there) < least <= max(there):
            advice = f"item {item} has from {min(there)} to {max(there)} points"
            yield Misfit(f"{path}.from.{item}", f"{advice}, so {least} tells nobody apart")
    for n, name in _twice(band.name for band in part.bands):
        yield Misfit(f"{path}.bands[{n}].name", f"two bands are called {name}")
    for n, band in enumerate(part.bands, 1):
        for end in band.range:
            yield from _fine(f"{path}.bands[{n}].range", end, part.decimals)
    if items:
        span = form.key.span(form.score.sum_of(part))
        yield from _tiles(f"{path}.bands", part, span)
        yield from _cutoffs(f"{path}.cutoffs", part.cutoffs, span, part.decimals)
        yield from _about(f"{path}.", {"changes": part.changes, "norms": part.norms}, span)


def _tiles(path: str, part: Scale, span: tuple[Any, Any]) -> Iterator[Misfit]:
    """Bands that leave a total out or name one twice."""
    grain = 10**part.decimals
    expected = round(span[0] * grain)
    for n, band in enumerate(part.bands, 1):
        low, high = (round(end * grain) for end in band.range)
        if low != expected or high < low:
            at = expected / grain if part.decimals else expected
            yield Misfit(f"{path}[{n}]", f"{band.name} must begin at {at} and not end before")
        expected = high + 1
    if part.bands and expected != round(span[1] * grain) + 1:
        yield Misfit(f"{path}[{len(part.bands)}]", f"the last must end at {span[1]}")


def _fine(path: str, points: float, decimals: int) -> Iterator[Misfit]:
    if abs(points * 10**decimals - round(points * 10**decimals)) > 1e-6:
        yield Misfit(path, f"{points} has more than the {decimals} decimals of the total")


def _cutoffs(
    path: str, cutoffs: Sequence[CutoffOf], span: tuple[Any, Any], decimals: int
) -> Iterator[Misfit]:
    (low, high), seen = span, set()
    for n, one in enumerate(cutoffs, 1):
        side = "at_most" if one.at_least is None else "at_least"
        points, at = getattr(one, side), f"{path}[{n}]"
        if not (low < points <= high if side == "at_least" else low <= points < high):
            yield Misfit(f"{at}.{side}", f"totals are from {low} to {high}, so {points} tells "
                         "nobody apart")  # fmt: skip
        yield from _fine(f"{at}.{side}", points, decimals)
        if (known := (one.name, tuple(sorted(one.facts.items())))) in seen:
            yield Misfit(f"{at}.name", f"another cut-off is called {one.name}, of the same people")
        seen.add(known)
        yield from _facts(f"{at}.facts", one.facts)
        yield from _dated(at, one)


def _facts(path: str, facts: Iterable[str]) -> Iterator[Misfit]:
    for name in facts:
        if not CODE.fullmatch(name):
            yield Misfit(path, f"{name!r} is no fact; write it like sex")


def _dated(path: str, one: Any) -> Iterator[Misfit]:
    if not YEARS[0] <= one.dated <= YEARS[1]:
        yield Misfit(f"{path}.dated", f"{one.dated} is no year")


_LISTS = ("changes", "norms", "groups", "responses", "remissions")


def _published(form: Any) -> Iterator[Misfit]:
    """What was published about the total, against the totals that there can be."""
    lists = {name: getattr(form, name) for name in _LISTS}
    if not form.has_total:
        for name, few in {"cutoffs": form.cutoffs, **lists}.items():
            if few:
                yield Misfit(name, "there is no total that they could be about")
        return
    yield from _cutoffs("cutoffs", form.cutoffs, form.span, form.score.total.decimals)
    yield from _about("", lists, form.span)


def _about(
    path: str, lists: Mapping[str, Sequence[Any]], span: tuple[Any, Any]
) -> Iterator[Misfit]:
    """Numbers with a source, against the points from ``span`` that there can be."""
    low, high = span
    totals = f"totals are from {low} to {high}"
    for name, few in lists.items():
        for n, twice in _twice(one.name for one in few):
            yield Misfit(f"{path}{name}[{n}].name", f"two are called {twice}")
        for n, one in enumerate(few, 1):
            yield from _dated(f"{path}{name}[{n}]", one)
    for n, one in enumerate(lists["changes"], 1):
        if not 0 < one.points <= high - low:
            yield Misfit(f"{path}changes[{n}].points", f"above 0, and {high - low} at most")
    for name, means, sds in (
        ("norms", ("mean",), ("sd",)),
        ("groups", ("earlier_mean", "later_mean"), ("earlier_sd", "later_sd")),
        ("remissions", ("bound",), ()),
    ):
        for n, one in enumerate(lists.get(name, ()), 1):
            for word in means:
                mean = getattr(one, word)
                if mean is not None and not low <= mean <= high:
                    yield Misfit(f"{path}{name}[{n}].{word}", totals)
            for word in sds:
                if getattr(one, word) > high - low:
                    yield Misfit(f"{path}{name}[{n}].{word}", totals)


def _rules(form: Any) -> Iterator[Misfit]:
    """Rules that never or always hold, and items that are left out by what follows them."""
    place = {item.key: n for n, item in enumerate(form.items)}
    for n, risk in enumerate(form.risks, 1):
        yield from _decides(form, f"risks[{n}].when", [risk.rule])
    for n, skip in enumerate(form.skips, 1):
        yield from _decides(form, f"skips[{n}].when", skip.rules)
        yield from _left_out(f"skips[{n}].items", skip.items)
        first = max(place[rule.item] for rule in skip.rules)
        if early := [item for item in skip.items if place[item] < first]:
            yield Misfit(f"skips[{n}].items", f"{early[0]} stands before what decides about it")
    for n, gate in enumerate(form.gates, 1):
        yield from _left_out(f"gates[{n}].items", gate.items)
        yield from _facts(f"gates[{n}].fact", [gate.fact])
        if _twice([gate.is_, *gate.otherwise]):
            yield Misfit(f"gates[{n}].otherwise", "name the other values of the fact, each once")
    for n, name in _twice(one.name for one in form.findings):
        yield Misfit(f"findings[{n}].name", f"two are called {name}")
    for n, one in enumerate(form.findings, 1):
        for at, part in enumerate(one.finding.when.of, 1):
            yield from _decides(form, f"findings[{n}].when[{at}]", Few(1, (part,)).rules)


def _decides(form: Any, path: str, rules: Iterable[Rule]) -> Iterator[Misfit]:
    for rule in rules:
        said = {rule.holds({rule.item: value}) for value in form.key.values[rule.item]}
        if len(said) < 2:
            when = "every answer" if True in said else "no answer"
            text = f"{rule.item} {rule.sign} {rule.number}"
            yield Misfit(path, f"{text} holds for {when} of item {rule.item}")


def _left_out(path: str, items: Sequence[str]) -> Iterator[Misfit]:
    if not items:
        yield Misfit(path, "name the items")
    for n, name in _twice(items):
        yield Misfit(f"{path}[{n}]", f"{name} stands twice")


def _twice(names: Iterable[str]) -> list[tuple[int, str]]:
    """Names that stood before, each with its place from 1."""
    every = list(names)
    return [(n, name) for n, name in enumerate(every, 1) if name in every[: n - 1]]


def _worked(form: Any) -> Iterator[Misfit]:
    """Worked cases that name what the form does not have."""
    there = {"findings": {one.name for one in form.findings}}
    there |= dict.fromkeys(("subscales", "bands", "above"), set(form.score.subscales))
    for n, example in enumerate(form.examples, 1):
        for name, known in there.items():
            for stray in sorted(getattr(example, name).keys() - known):
                yield Misfit(f"examples[{n}].{name}", f"{stray} stands nowhere in this file")


def unsaid(form: Any, words: Any) -> Iterator[Misfit]:
    """What has no words in a language, and words of what is not there."""
    parts = [form.score.total, *form.score.subscales.values()]
    labels: dict[str, set[str]] = {}
    for item in form.coded:
        labels.setdefault(item.labels, set()).update(map(str, form.values_of(item)))
    yield from _worded("items", words.items, {item.key for item in form.items})
    yield from _worded("labels", words.labels, set(labels))
    for name in sorted(labels.keys() & words.labels.keys()):
        yield from _worded(f"labels.{name}", words.labels[name], labels[name])
    yield from _worded("bands", words.bands, {band.name for part in parts for band in part.bands})
    yield from _worded("subscales", words.subscales, set(form.score.subscales))
    yield from _worded("findings", words.findings, {one.name for one in form.findings})


def _worded(path: str, words: Mapping[str, Any], needed: set[str]) -> Iterator[Misfit]:
    for name in sorted(needed - words.keys()):
        yield Misfit(f"{path}.{name}", "has no words")
    for name in sorted(words.keys() - needed):
        yield Misfit(f"{path}.{name}", "the questionnaire has nothing that these words are for")
