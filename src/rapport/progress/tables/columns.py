"""What stands in a table of one questionnaire: its columns, and the codebook that says them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.core.library import Item as Filed
from rapport.progress.fhir import codes
from rapport.progress.measures.judging import clinical_of
from rapport.progress.measures.published import signs_of
from rapport.progress.measures.questionnaire import Instrument, InstrumentWords, Item
from rapport.progress.measures.scales import Scale
from rapport.science.scoring import NOT_APPLICABLE

NOT_ANSWERED, AWAY = -9, -8
MISSING = {NOT_ANSWERED: "not answered", AWAY: "does not apply"}
SOURCES = {"CLIENT": 1, "INTERVIEW": 2, "PAPER": 3, "INFORMANT": 4, "CLINICIAN": 5}
INFORMANTS = {
    "": 0, "PARENT": 1, "GUARDIAN": 2, "TEACHER": 3, "PARTNER": 4, "CHILD": 5, "OTHER": 6,
    "CLINICIAN": 7,
}  # fmt: skip
STATUSES = {"NOT_SCORABLE": 0, "PRORATED": 1, "SCORED": 2}
YES_NO = {0: "no", 1: "yes"}
HEAD = ("variable", "label", "values", "missing", "instrument", "version", "unit", "source")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A variable.

    Attributes:
        width: of a text, in bytes; 0: a number.
        values: what its numbers mean.
        missing: numbers that are none, see ``MISSING``.
        unit, source: as the codebook says them.
    """

    name: str
    label: str
    width: int = 0
    decimals: int = 0
    values: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    unit: str = ""
    source: str = ""

    @property
    def kind(self) -> Literal["text", "number"]:
        return "text" if self.width else "number"


def of(filed: Filed[Instrument], language: str = "en") -> list[Column]:
    """The columns of a questionnaire, in the order in which ``row`` fills them.

    Words of questions and answers only where anybody may pass them on.
    """
    one = filed.content
    _, words = codes.words_of(filed, language)
    scored = scale_source(one)
    return [
        Column(name="client", label="Client, a code that is new in each export", width=16),
        Column(name="sheet", label="Which sheet of the client, counted from 1"),
        Column(name="day", label="Days since the client's first sheet", unit="days"),
        Column(name="language", label="Language it was answered in", width=8),
        Column(name="source", label="How it was answered", values={
            1: "by the client", 2: "asked by the clinician", 3: "copied from paper",
            4: "by somebody else", 5: "rated by the clinician"}),
        Column(name="informant", label="Who answered about the client", values={
            0: "the client", 1: "a parent", 2: "a guardian", 3: "a teacher", 4: "a partner",
            5: "a child", 6: "somebody else", 7: "a clinician"}),
        Column(name="informant_number", label="Which of the client's informants; 0 is the client"),
        *(_item(one, item, words) for item in one.items),
        Column(name="status", label="How far it could be scored",
               values={0: "not scorable", 1: "prorated", 2: "scored"}),
        Column(name="total", label=f"{one.short}: total, unrounded", decimals=4, unit="points",
               source=scored),
        Column(name="total_rounded", label=f"{one.short}: total, rounded", unit="points",
               source=scored),
        Column(name="band", label=f"{one.short}: band", values=dict(enumerate(
            _bands(one.score.total, words), 1)), source=one.score.total.bands_source),
        Column(name="above_cutoff", label=": ".join(filter(None, (
            f"{one.short}: in the clinical range", signs_of(one.cutoffs)))),
               values=YES_NO, source=one.cutoffs[0].source if one.cutoffs else ""),
        Column(name="risk", label=f"{one.short}: an answer a person must look at", values=YES_NO),
        *_parts(one, words),
    ]  # fmt: skip


def _parts(one: Instrument, words: InstrumentWords | None) -> Iterator[Column]:
    """Each part's total, and its band where somebody named bands of it."""
    for name, part in one.score.subscales.items():
        label = f"{one.short}: {words.subscales.get(name, name) if words else name}"
        yield Column(name=f"part_{_plain(name)}", decimals=4, unit="points",
                     source=scale_source(one), label=label)  # fmt: skip
        if part.bands:
            yield Column(name=f"part_{_plain(name)}_band", label=f"{label}, band",
                         values=dict(enumerate(_bands(part, words), 1)),
                         source=part.bands_source)  # fmt: skip


def scale_source(one: Instrument) -> str:
    """Where the scoring was read."""
    return one.score.total.missing_source or one.licence.source


def _bands(scale: Scale, words: InstrumentWords | None) -> list[str]:
    return [words.bands.get(band.name, band.name) if words else band.name for band in scale.bands]


def _item(one: Instrument, item: Item, words: InstrumentWords | None) -> Column:
    said = words.items[item.key] if words else f"Item {item.key}"
    labels = words.labels.get(item.labels, {}) if words else {}
    turned = ", counts the other way round" if item.reverse else ""
    named = {value: labels.get(str(value), "") for value in one.values_of(item)}
    values = {value: text for value, text in named.items() if text}
    away = (NOT_ANSWERED, AWAY) if item.may_not_apply else (NOT_ANSWERED,)
    return Column(name=f"item_{_plain(item.key)}", label=f"{one.short} {item.key}{turned}: {said}",
                  values=values, missing=away, unit="as answered",
                  source=f"LOINC {item.loinc}" if item.loinc else "")  # fmt: skip


def _plain(key: str) -> str:
    """A key as a variable may be called."""
    return "".join(letter if letter.isalnum() else "_" for letter in key)


def row(
    one: Instrument, sheet: Any, *, client: str, number: int, day: int, informant: int
) -> list[Any]:
    """A sheet's cells; None where there is nothing.

    Args:
        informant: which of the client's informants answered, from 1; 0 is the client.
    """
    kind = sheet.informant.kind if sheet.informant is not None else ""
    score = getattr(sheet, "score", None)
    parts = score.subscales if score else {}
    return [
        client, number, day, sheet.language, SOURCES[sheet.source],
        INFORMANTS[kind], informant,
        *(_answer(sheet.answers.get(item.key)) for item in one.items),
        STATUSES[score.status] if score else None,
        score.total if score else None,
        score.total_rounded if score else None,
        _band(one.score.total, score.band) if score else None,
        _yes_no(clinical_of(one, score, sheet.version)) if score else None,
        _yes_no(score.risk) if score else None,
        *(cell for name, part in one.score.subscales.items()
          for cell in _of_part(part, parts.get(name, {}))),
    ]  # fmt: skip


def _of_part(part: Scale, found: Mapping[str, Any]) -> list[Any]:
    """What stands in the columns of a part."""
    band = [_band(part, found.get("band", ""))] if part.bands else []
    return [found.get("total"), *band]


def _band(scale: Scale, name: str) -> int | None:
    """The number of a band, the lowest points first; None where there is none."""
    return {band.name: n for n, band in enumerate(scale.bands, 1)}.get(name)


def _answer(said: Any) -> int:
    if said is None:
        return NOT_ANSWERED
    return AWAY if said == NOT_APPLICABLE else int(said)


def _yes_no(said: bool | None) -> int | None:
    return None if said is None else int(said)


def codebook(filed: Filed[Instrument], columns: list[Column]) -> Iterator[list[str]]:
    """The codebook's lines for one table, without the head."""
    one = filed.content
    for column in columns:
        yield [
            column.name, column.label,
            "; ".join(f"{value} = {text}" for value, text in column.values.items()),
            "; ".join(f"{value} = {MISSING[value]}" for value in column.missing),
            f"{one.id}: {one.title}", str(one.version), column.unit, column.source,
        ]  # fmt: skip
