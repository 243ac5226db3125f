"""A questionnaire as a practice judges by it: the chosen number in front, the chosen way. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ..measures import instruments, judging
from ..measures.judging import Method, Way
from ..measures.published import CutoffOf, GroupOf, NormOf
from ..measures.questionnaire import Instrument


@dataclass(frozen=True)
class Chosen:
    """What a practice chose for one questionnaire.

    Attributes:
        what: the code of the number that decides, as ``options`` has it; empty: the first.
        groups: those the practice entered that are looked at besides the file's.
    """

    what: str = ""
    way: Way = Way()
    groups: tuple[GroupOf, ...] = ()


FIRST = Chosen()


class Unfit(ValueError):
    """What was chosen does not go together. ``part`` says which of it, ``why`` in a code, and
    ``kind`` what number it is about."""

    def __init__(self, part: str, why: str, kind: str = "") -> None:
        super().__init__(why)
        self.part, self.why, self.kind = part, why, kind


def options(form: Instrument) -> dict[str, Any]:
    """Every number a change can be judged by, by code; the first counts unless one is chosen."""
    changes = {f"change:{one.name}": one for one in judging.numbers(form, "published")}
    norms = {f"norm:{one.name}": one for one in form.norms}
    return {**changes, **norms, **{f"group:{one.name}": one for one in form.groups}}


def cutoffs(form: Instrument) -> dict[str, list[CutoffOf]]:
    """The cut-offs by name, those that can be chosen: a name that depends on a fact about a
    person stands alone where it is the first, as a score does not hold the fact."""
    found: dict[str, list[CutoffOf]] = {}
    for one in form.cutoffs:
        found.setdefault(one.name, []).append(one)
    first = next(iter(found), "")
    return {
        name: some for name, some in found.items()
        if name == first or not any(one.facts for one in some)
    }  # fmt: skip


def is_open(form: Instrument) -> bool:
    """Whether there is something to choose."""
    return bool(options(form)) or len(cutoffs(form)) > 1


def takes_groups(form: Instrument) -> bool:
    """Whether a practice may enter groups of people who answered it twice: what has one total, of
    the library's, whose change is judged by two totals."""
    return form.has_total and instruments.is_in_library(form.id)


def with_groups(form: Instrument, groups: Iterable[GroupOf]) -> Instrument:
    """The questionnaire with ``groups`` after those it has."""
    there = {one.name for one in form.groups}
    more = [one for one in groups if one.name not in there]
    return replace(form, groups=[*form.groups, *more]) if more else form


def method_of(form: Instrument, chosen: Chosen) -> Method | None:
    """The method of a choice; one of former days named its number alone."""
    if chosen.way.method:
        return chosen.way.method
    number = options(form).get(chosen.what)
    if number is None:
        return judging.in_use(form)
    return "jacobson-truax" if isinstance(number, NormOf) else "published"


def checked(form: Instrument, chosen: Chosen) -> Chosen:
    """The choice, where all of it goes together.

    Raises:
        Unfit: it does not, or the file has nothing of the kind.
    """
    way = chosen.way
    method = method_of(form, chosen)
    if way.method and not judging.numbers(form, way.method):
        raise Unfit("method", "nothing to work with")
    known = options(form)
    if chosen.what not in (known if chosen.what or method else {""}):
        raise Unfit("what", "unknown")
    if method is not None and known[chosen.what] not in judging.numbers(form, method):
        raise Unfit("what", "not of this method", kind_of(known[chosen.what]))
    if way.level not in judging.LEVELS:
        raise Unfit("level", "unknown")
    if way.ends not in (1, 2):
        raise Unfit("ends", "unknown")
    if way.ends == 2 and method not in judging.OF_MEANS:
        raise Unfit("ends", "not of this method")
    if way.cutoff and way.cutoff not in cutoffs(form):
        raise Unfit("cutoff", "unknown")
    return chosen


def by(form: Instrument, chosen: Chosen) -> Instrument:
    """The questionnaire judged by ``chosen``; as it is where its file lacks what was chosen."""
    if chosen == FIRST or form.way != FIRST.way:
        return form
    there = instruments.INSTRUMENTS.find().get(form.id)
    if there is not None and there.content is form:
        return _kept(form.id, chosen)
    return _made(form, chosen)  # a shell with the text of the practice


@cache
def _kept(id: str, chosen: Chosen) -> Instrument:
    return _made(instruments.get(id).content, chosen)


def _made(file: Instrument, chosen: Chosen) -> Instrument:
    form = with_groups(file, chosen.groups)
    try:
        checked(form, chosen)
    except Unfit:
        return form
    first = next(iter(cutoffs(form)), "")
    name = chosen.way.cutoff if chosen.way.cutoff != first else ""
    way = replace(chosen.way, method=method_of(form, chosen) or "", cutoff=name)
    number = options(form).get(chosen.what)
    front: dict[str, Any] = {
        kind: sorted(getattr(form, kind), key=lambda one: one is not number)
        for kind in ("changes", "norms", "groups")
    }
    front["cutoffs"] = sorted(form.cutoffs, key=lambda one: one.name != (name or first))
    return replace(form, way=way, **front)


def kind_of(number: Any) -> str:
    """Which list of the file a number stands in, as its code says it."""
    if isinstance(number, NormOf):
        return "norm"
    return "group" if isinstance(number, GroupOf) else "change"
