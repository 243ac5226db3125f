"""What a file may tell: sessions with their notes, and what stands between them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

What = Literal["KEPT", "MISSED", "CANCELLED", "PHONE", "COLLATERAL", "CRISIS"]
Template = Literal["soap", "dap", "birp", "girp", "free"]

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "soap": ("subjective", "objective", "assessment", "plan"),
    "dap": ("data", "assessment", "plan"),
    "birp": ("behaviour", "intervention", "response", "plan"),
    "girp": ("goals", "intervention", "response", "plan"),
    "free": ("note",),
}

_GAP = re.compile(r"\{([^{}]+)\}")
_BEGINS = re.compile(r'(^|\n|\n- |[.?!]"? "?)$')


def _fitting(word: str, before: str) -> str:
    """``word`` with a capital where it begins a sentence."""
    return word[0].upper() + word[1:] if _BEGINS.search(before) else word


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a supervisor sent a note back with, and how the sections read before that."""

    remark: str
    was: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Session:
    """One contact and its note: a meeting, a missed one, a call, a crisis.

    ``after`` is how many days lie between it and the contact before. ``scores`` are the
    totals the client's answers had that day, by instrument; ``item_nine`` is the answer to
    the PHQ-9's last question. ``late``: written days afterwards, and marked so.
    ``tight``: nothing fits between this contact and the next.
    """

    note: dict[str, str]
    what: What = "KEPT"
    template: Template = "free"
    minutes: int = 50
    after: int = 7
    late: bool = False
    tight: bool = False
    ending: bool = False
    scores: dict[str, int] = field(default_factory=dict)
    item_nine: int = 0
    homework: str = ""
    returned: Returned | None = None
    between: bool = False

    def __post_init__(self) -> None:
        fits = SECTIONS[self.template]
        for text in (self.note, self.returned.was if self.returned else {}):
            if not set(text) <= set(fits):
                raise ValueError(f"a note in {self.template} has the sections {', '.join(fits)}")
        if not 0 <= self.item_nine <= 3 or (self.item_nine and "phq-9" not in self.scores):
            raise ValueError("item_nine is 0 to 3 and part of a phq-9")

    def filled(self, gaps: Mapping[str, str]) -> "Session":
        """The same with every ``{gap}`` of its texts replaced."""

        def told(text: str) -> str:
            return _GAP.sub(
                lambda found: _fitting(gaps[found[1]], text[: found.start()]), text
            ).strip()

        def all_of(texts: dict[str, str]) -> dict[str, str]:
            return {key: told(text) for key, text in texts.items()}

        back = self.returned
        return replace(
            self,
            note=all_of(self.note),
            homework=told(self.homework),
            returned=back and Returned(remark=told(back.remark), was=all_of(back.was)),
        )


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A questionnaire that came back before the hour it belongs to, at this time of today."""

    instrument: str
    total: int
    item_nine: int
    hour: int
    minute: int


@dataclass(frozen=True, kw_only=True)
class Between:
    """An ordinary hour that may lie between any two of a story's; its sections mix freely.

    A free note has two paragraphs that mix in the same way.
    """

    note: dict[str, str]
    kinds: list[str] = field(default_factory=lambda: ["ADULT"])


@dataclass(frozen=True, kw_only=True)
class Absence:
    """An hour that was missed or cancelled late, and what was done about it."""

    what: Literal["MISSED", "CANCELLED"]
    kinds: list[str]
    note: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A last note for whatever story ends for this reason."""

    reason: str
    kinds: list[str]
    what: What
    note: str


@dataclass(frozen=True, kw_only=True)
class Privately:
    """A fragment of an author's process notes: hers alone, part of no record."""

    id: str
    modality: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One consent of a pattern: ``after`` days into the care, as it was given."""

    kind: str
    version: str
    after: int
    given: Literal["PAPER", "SCREEN"]
    withdrawn_after: int = 0


@dataclass(frozen=True, kw_only=True)
class Consents:
    """What a client of one kind has on file, and what a careful colleague would say is missing."""

    id: str
    kinds: list[str]
    papers: list[Paper]
    missing: list[str] = field(default_factory=list)
