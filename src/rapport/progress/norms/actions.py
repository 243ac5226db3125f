"""Loading a norm table: read whole or not at all, looked at, released as a version, retired."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action
from rapport.people.imports import table as files

from ..own import rules as typed
from ..own.saying import said as typed_said
from . import rates, rules, said
from .models import NormTable, NormVersion

TEXTS = {"title": 200, "source": 500, "population": 500, "year": 4, "licence": 500,
         "words_source": 500}  # fmt: skip
"""What is said of a table, with the most characters of each."""
NEEDED = ("title", "source", "population", "year", "licence")
BETTER = ("higher", "lower", "neither")
FIRST_YEAR = 1880


class CannotLoad(Exception):
    """The table cannot be taken so. What is wrong by field; every message is safe to show."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(text for texts in fields.values() for text in texts))
        self.fields = dict(fields)


@action("norm_table.load")
def load(
    *, by: Any, raw: bytes, about: Mapping[str, str], now: datetime, table: NormTable | None = None,
    apart: bytes | None = None,
) -> NormVersion:  # fmt: skip
    """Read a table out of a CSV file, to be looked at; nothing uses it before ``release``.

    Args:
        about: ``title``, ``source``, ``population``, ``year``, ``licence``; ``better``: which
            way scores are better; ``words``: ranges of T scores in the practice's words, one a
            line, and ``words_source``.
        table: of which it is a new version; one that was not released gives way to it.
        apart: another file, that says how often scales lie how far apart.

    Raises:
        CannotLoad: what is wrong by field; of the file by line and column. Nothing is written.
    """
    wrong = _about_wrong(about, year=now.year)
    content, faults = _read(raw)
    wrong |= {"file": faults} if faults else {}
    if apart is not None and not faults:
        content["apart"], faults = _read_apart(apart, rules.scales_of(content["rows"]))
        wrong |= {"apart": faults} if faults else {}
    if wrong:
        raise CannotLoad(wrong)
    if table is None:
        table = NormTable.begun(by=by, now=now)
    else:
        table = _locked(table)
        table.forget_draft(by=by)
    bands, _wrong = typed.bands_read(about["words"])
    kept = {name: " ".join(about[name].split()) for name in TEXTS}
    highest: int = table.versions.aggregate(highest=Max("number"))["highest"] or 0
    return NormVersion.objects.create(
        table=table, number=highest + 1, made_by=policy.person(by), made_at=now, content=content,
        about={**kept, "better": about["better"], "words": bands, "kind": content["kind"],
               "lines": len(content["rows"]), "scales": rules.scales_of(content["rows"])},
    )  # fmt: skip


@action("norm_table.load")
def release(
    *, by: Any, table: NormTable, now: datetime, seen: str = ""
) -> NormVersion | None:  # fmt: skip
    """Use the version that was looked at from now on. Results that are kept stay as they are.

    Args:
        seen: id of what was looked at; left out: whatever waits.

    Raises:
        CannotLoad: another one waits by now.
    """
    row = _locked(table)
    version = _waiting(row, seen)
    if version is not None:
        version.released_at = now
        version.save(update_fields=["released_at"])
    return version


@action("norm_table.load")
def drop(*, by: Any, table: NormTable, seen: str = "") -> NormTable | None:
    """Throw away what was looked at and not released; a table without any version goes with it.

    Args:
        seen: as in ``release``.

    Returns:
        The table, or None if it is gone.

    Raises:
        CannotLoad: another one waits by now.
    """
    row = _locked(table)
    _waiting(row, seen)
    row.forget_draft(by=by)
    if row.versions.exists():
        return row
    row.delete()
    row.data_key.delete()
    return None


@action("norm_table.load")
def retire(*, by: Any, table: NormTable, now: datetime) -> NormTable:
    """Offer it no more; what it was used for stays, with its number of version."""
    row = _locked(table)
    row.retired_at = row.retired_at or now
    row.save(update_fields=["retired_at"])
    return row


@action("norm_table.load")
def reopen(*, by: Any, table: NormTable) -> NormTable:
    """Undo ``retire``."""
    row = _locked(table)
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    return row


def _waiting(table: NormTable, seen: str) -> NormVersion | None:
    """The version that was not released, if it is the one that was looked at."""
    version = table.versions.filter(released_at=None).first()
    if version is not None and seen and str(version.pk) != seen:
        raise CannotLoad({"file": [_("Another file was read in the meantime. Look at it first.")]})
    return version


def _locked(table: NormTable) -> NormTable:
    rows = NormTable.objects.select_for_update(of=("self",)).select_related("data_key")
    return rows.get(pk=table.pk)


def _read(raw: bytes) -> tuple[dict[str, Any], list[str]]:
    """The lines of a file, or what is wrong with it in words."""
    lines, faults = _lines(raw)
    if faults:
        return {}, faults
    found = rules.read(lines)
    return {"kind": found.kind, "rows": found.rows}, _said(found.faults)


def _read_apart(raw: bytes, scales: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The same of a file of differences."""
    lines, faults = _lines(raw)
    if faults:
        return [], faults
    rows, wrong = rates.read(lines, scales)
    return rows, _said(wrong)


def _lines(raw: bytes) -> tuple[list[tuple[int, Sequence[str]]], list[str]]:
    if len(raw) > rules.MOST_BYTES:
        return [], [str(said.FILE["too_big"])]
    try:
        text, _encoding = files.decode(raw)
        return [(one.number, one.cells) for one in files.lines(text)], []
    except files.NoTable as problem:
        where = _("Line %(line)s:") % {"line": problem.line} + " " if problem.line else ""
        return [], [where + str(said.FILE[problem.code])]


def _said(found: Sequence[rules.Fault]) -> list[str]:
    faults = [said.fault(one) for one in found[: rules.FAULTS_SHOWN]]
    if more := len(found) - len(faults):
        faults.append(_("And %(n)s more.") % {"n": more})
    return faults


def _about_wrong(about: Mapping[str, str], *, year: int) -> dict[str, list[str]]:
    wrong = {
        name: [typed_said(code, most)]
        for name, most in TEXTS.items()
        if (code := typed.text_wrong(about[name], most=most, needed=name in NEEDED))
    }
    if "year" not in wrong and not _a_year(about["year"], year):
        wrong["year"] = [_("Write the year of publication, such as 2014.")]
    if about["better"] not in BETTER:
        wrong["better"] = [typed_said("choose")]
    bands, code = typed.bands_read(about["words"])
    if code is None and _gap(bands):
        wrong["words"] = [_("Whole T scores follow one another without a gap, the lowest first.")]
    elif code is not None:
        wrong["words"] = [_("Write one range a line, as 0-39 = low.")]
    if bands and "words_source" not in wrong and not about["words_source"].strip():
        wrong["words_source"] = [_("Name the source of these words.")]
    return wrong


def _a_year(text: str, latest: int) -> bool:
    text = text.strip()
    return text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text) <= latest + 1


def _gap(bands: list[list[Any]]) -> bool:
    whole = all(low == int(low) and high == int(high) and low <= high for low, high, _n in bands)
    follows = all(one[1] + 1 == other[0] for one, other in zip(bands, bands[1:], strict=False))
    return not (whole and follows)
