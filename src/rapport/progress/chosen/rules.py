"""A questionnaire with the chosen number in front. No database, no clock, no Django."""

from dataclasses import replace
from functools import cache

from ..measures import instruments
from ..measures.instruments import Instrument
from ..measures.published import ChangeOf, NormOf


def options(form: Instrument) -> dict[str, ChangeOf | NormOf]:
    """What a change can be judged by, by code; the first counts unless another is chosen."""
    changes = {f"change:{one.name}": one for one in form.changes if one.means == "reliable"}
    return {**changes, **{f"norm:{one.name}": one for one in form.norms}}


def is_open(form: Instrument) -> bool:
    """Whether there is more than one to choose from."""
    return len(options(form)) > 1


def by(form: Instrument, what: str) -> Instrument:
    """The questionnaire judged by ``what``; as it is where its file has no such number now.

    A norm judges by its arithmetic, so the published changes step back.
    """
    if what not in options(form) or instruments.get(form.id).content is not form:
        return form
    return _by(form.id, what)


@cache
def _by(id: str, what: str) -> Instrument:
    form = instruments.get(id).content
    chosen = options(form)[what]
    if isinstance(chosen, NormOf):
        others = [one for one in form.changes if one.means != "reliable"]
        norms = [chosen, *(one for one in form.norms if one is not chosen)]
        return replace(form, changes=others, norms=norms)
    rest = [one for one in form.changes if one is not chosen]
    return replace(form, changes=[chosen, *rest])
