"""A pack as data: which questionnaires' words it holds, under what licence and conditions."""

from dataclasses import dataclass
from functools import cache

from rapport.core import library


@dataclass(frozen=True, kw_only=True)
class Pack(library.Entry):
    """Words of questionnaires that may be used on conditions.

    Its ``version`` is that of the conditions: with a new one they are to be accepted anew.

    Attributes:
        licence_name: what the licence is called.
        commercial: whether a practice that takes money may use it without asking anybody.
        instruments: library ids whose words lie in the folder of the pack's name.
    """

    licence_name: str
    commercial: bool
    instruments: list[str]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.licence.class_ != "B":
            raise ValueError("licence: a pack holds words of class B; others need none")
        if not self.licence.attribution:
            raise ValueError("licence: write the line that its makers ask for")
        if not self.instruments or len(set(self.instruments)) < len(self.instruments):
            raise ValueError("instruments: name each questionnaire once")


@dataclass(frozen=True, kw_only=True)
class PackWords(library.Words):
    """What somebody reads who is to accept it.

    Attributes:
        conditions: plain sentences of ours; the licence itself is what binds.
    """

    title: str
    conditions: list[str]


PACKS = library.register("packs", Pack, words=PackWords)


@cache
def _holders() -> dict[str, str]:
    return {one: item.id for item in PACKS.find().values() for one in item.content.instruments}


def holder(instrument: str) -> str:
    """The id of the pack with the words of a questionnaire; empty where it needs none."""
    return _holders().get(instrument, "")
