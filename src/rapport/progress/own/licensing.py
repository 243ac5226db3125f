"""Typing into a shell of the library the words a practice holds a licence for."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from rapport.core import policy
from rapport.core.action import action

from ..adapting import rules as adapting
from . import rules, typed
from .models import PracticeForm, PracticeVersion
from .saying import refuse
from .source import forget


def _row(shell: str, by: Any, now: datetime) -> PracticeForm:
    """The row of a shell, made where there is none; locked."""
    if not typed.is_shell(shell):
        raise PracticeForm.DoesNotExist
    if not PracticeForm.objects.filter(code=shell).exists():
        with contextlib.suppress(IntegrityError), transaction.atomic():
            PracticeForm.begun("LICENSED", shell, by=by, now=now)
    rows = PracticeForm.objects.select_for_update(of=("self",)).select_related("data_key")
    return rows.get(code=shell)


@action("form.edit")
def keep(*, by: Any, shell: str, typed_in: Mapping[str, str], now: datetime) -> PracticeForm:
    """Keep what was typed so far, whatever is still wrong or missing in it.

    Raises:
        PracticeForm.DoesNotExist: the library has no such shell.
    """
    row = _row(shell, by, now)
    row.draft = {name: text[: 2 * rules.LONGEST] for name, text in typed_in.items()}
    row.save(update_fields=["draft"])
    return row


@action("form.edit")
def type_in(
    *, by: Any, shell: str, language: str, said: Mapping[str, Any], licence: Mapping[str, Any],
    same: bool, now: datetime,
) -> PracticeVersion:  # fmt: skip
    """Let a shell be asked in these words, as a version that never changes.

    Args:
        said: ``title``, ``intro``, ``items`` by key, ``answers`` by set and ``own`` by item, each
            a list of lines. licence: ``held`` and ``reference``, sealed with who typed it.
        same: only slips of the pen were put right, so that scores before and after compare.

    Raises:
        CannotKeep: by field: ``title``, ``intro``, ``item-1``, ``answers-set-1``, ``own-1`` …
        PracticeForm.DoesNotExist: the library has no such shell.
    """
    row = _row(shell, by, now)
    content = typed.shells()[shell].content
    refuse(_wrong(content, said, licence))
    newest = row.versions.select_related("form__data_key").order_by("-number").first()
    before = newest if newest and newest.number // typed.TURNS == content.version else None
    words: dict[str, Any] = dict(before.content["words"]) if before else {}
    number = _number(row, content.version)
    if (number - 1) // typed.TURNS != content.version and number % typed.TURNS == 0:
        refuse({"title": "version"})
    stays = before is not None and (same or language not in words)
    if before is not None and words.get(language) == dict(said):
        return before
    words[language] = dict(said)
    since = before.content["since"] if before is not None and stays else number
    person = policy.person(by)
    version = PracticeVersion.objects.create(
        form=row, number=number, content={"since": since, "words": words}, made_at=now,
        licence={**licence, "on": now.date().isoformat()}, made_by=person,
    )  # fmt: skip
    row.draft = {}
    row.retired_at = None
    row.save(update_fields=["draft", "retired_at"])
    forget()
    return version


def _number(row: PracticeForm, shell: int) -> int:
    least = shell * typed.TURNS
    there = row.versions.filter(number__gt=least, number__lt=least + typed.TURNS)
    highest: int = there.aggregate(highest=Max("number"))["highest"] or least
    return highest + 1


def _wrong(
    content: Any, said: Mapping[str, Any], licence: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {}
    if not licence.get("held"):
        found["held"] = "licence"
    if wrong := rules.text_wrong(licence.get("reference"), most=rules.SHORT):
        found["reference"] = (wrong, rules.SHORT)
    for name, needed in (("title", True), ("intro", False)):
        if wrong := rules.text_wrong(said[name], needed=needed):
            found[name] = (wrong, rules.LONGEST)
    shared = typed.sets(content)
    used = {typed.set_of(content, item) for item in content.items if not said["own"].get(item.key)}
    for item in content.items:
        text, needed = said["items"].get(item.key, ""), not content.is_adaptive
        if wrong := rules.text_wrong(text, needed=needed):
            found[f"item-{item.key}"] = (wrong, rules.LONGEST)
        if own := said["own"].get(item.key):
            found |= _lines_wrong(f"own-{item.key}", own, content.values_of(item))
    for name, values in shared.items():
        if name in used:
            found |= _lines_wrong(f"answers-{name}", said["answers"].get(name, []), values)
    return (_too_few(content, said) if content.is_adaptive else {}) | found


def _too_few(content: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """What an adaptive test lacks: the words of what everybody is asked, and enough to choose."""
    keys = [item.key for item in content.items]
    worded = {key for key in keys if said["items"].get(key, "").strip()}
    mute, needs = adapting.lacking(keys, content.bank.risks, worded)
    found: dict[str, Any] = {f"item-{key}": "of_all" for key in mute}
    if needs:
        open_ = [key for key in content.chosen if key not in worded]
        found |= dict.fromkeys((f"item-{key}" for key in open_[:needs]), ("few_items", needs))
    return found


def _lines_wrong(field: str, lines: list[str], values: tuple[int, ...]) -> dict[str, Any]:
    if len(lines) != len(values):
        return {field: ("order", ", ".join(map(str, values)))}
    if len(set(lines)) < len(lines):
        return {field: "twice"}
    wrong = next((w for one in lines if (w := rules.text_wrong(one, most=rules.SHORT))), None)
    return {field: (wrong, rules.SHORT)} if wrong else {}
