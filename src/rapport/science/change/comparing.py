"""Whether two scores may be compared at all."""

from dataclasses import dataclass
from typing import Literal

Difference = Literal["measure", "version", "language", "missing_rule", "informant"]
MUST_AGREE: tuple[Difference, ...] = (
    "measure", "version", "language", "missing_rule", "informant",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """How one score came about.

    Attributes:
        missing_rule: what is done about missing answers, for example "at most 2 of 9".
        informant: who answered about the client; the client, if nobody else.
        prorated: the total was filled up from the items that were answered.
    """

    measure: str
    version: str
    language: str
    missing_rule: str
    informant: str = "self"
    prorated: bool = False


@dataclass(frozen=True)
class Comparison:
    """Whether two scores may be compared; true if so.

    Attributes:
        differs: in what they differ that must be the same.
        prorated: one of them or both are; no reason to refuse, but one to say so.
    """

    differs: tuple[Difference, ...]
    prorated: bool

    def __bool__(self) -> bool:
        return not self.differs


def comparable(earlier: Sheet, later: Sheet) -> Comparison:
    """Say whether two scores may be compared, and if not, why.

    A difference between versions, languages or informants is no change of the client.

    >>> first = Sheet("phq-9", version="1", language="en", missing_rule="at most 2")
    >>> last = Sheet("phq-9", version="1", language="de", missing_rule="at most 2", prorated=True)
    >>> comparable(first, last)
    Comparison(differs=('language',), prorated=True)
    >>> bool(comparable(first, first))
    True
    """
    differs = tuple(one for one in MUST_AGREE if getattr(earlier, one) != getattr(later, one))
    return Comparison(differs, earlier.prorated or later.prorated)
