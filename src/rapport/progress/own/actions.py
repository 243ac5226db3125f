"""Building a questionnaire: typed as a draft, published as a version that never changes."""

import copy as copying
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action

from ..measures.models import Ask
from . import forms, rules
from .models import PracticeForm, PracticeVersion
from .saying import CannotKeep, refuse
from .source import forget

EMPTY = {
    "title": "", "about": "", "note": "", "language": "en", "better": "lower", "scoring": "none",
    "missing": 0, "bands": [], "questions": [], "last": 0, "out": None,
}  # fmt: skip
"""A draft as it begins; ``last`` is the highest key a question ever had, ``out`` the question that
was taken out last, with its place."""
KEPT = ("title", "about", "note", "language", "better", "scoring", "missing", "bands")


@action("form.edit")
def begin(*, by: Any, title: str, language: str, now: datetime) -> PracticeForm:
    """Begin a questionnaire of the practice's own.

    Raises:
        CannotKeep: a title that cannot be.
    """
    wrong = rules.text_wrong(title, most=rules.SHORT)
    refuse({"title": (wrong, rules.SHORT)} if wrong else {})
    form = PracticeForm.begun("BUILT", f"{forms.BUILT}{uuid.uuid4().hex[:12]}", by=by, now=now)
    form.draft = {**EMPTY, "title": title.strip(), "language": language}
    form.save(update_fields=["draft"])
    return form


def _locked(form: PracticeForm) -> PracticeForm:
    rows = PracticeForm.objects.select_for_update(of=("self",)).select_related("data_key")
    return rows.get(pk=form.pk)


def _kept(row: PracticeForm, draft: Mapping[str, Any]) -> PracticeForm:
    row.draft = dict(draft)
    row.save(update_fields=["draft"])
    return row


@action("form.edit")
def settle(*, by: Any, form: PracticeForm, said: Mapping[str, Any]) -> PracticeForm:
    """Keep title, introduction and scoring of the draft; questions stay as they are.

    Raises:
        CannotKeep: words that cannot be.
    """
    found = {
        name: (wrong, most)
        for name, most in (("title", rules.SHORT), ("about", rules.LONGEST),
                           ("note", rules.LONGEST))
        if (wrong := rules.text_wrong(said[name], most=most, needed=name == "title"))
    }  # fmt: skip
    refuse(found)
    row = _locked(form)
    return _kept(row, row.draft | {name: said[name] for name in KEPT})


@action("form.edit")
def put(
    *, by: Any, form: PracticeForm, key: str, question: Mapping[str, Any]
) -> PracticeForm:  # fmt: skip
    """Keep one question of the draft; with "" for a key it is a new one, the last.

    Raises:
        CannotKeep: something in it cannot be.
    """
    row = _locked(form)
    draft = row.draft
    keys = [one["key"] for one in draft["questions"]]
    at = keys.index(key) if key in keys else len(keys)
    if at == len(keys) and at >= rules.MOST_QUESTIONS:
        refuse({"text": ("many", rules.MOST_QUESTIONS)})
    refuse(rules.question_wrong(question, draft["questions"][:at]))
    if at == len(keys):
        draft["last"] += 1
        draft["questions"].append({**question, "key": str(draft["last"])})
    else:
        draft["questions"][at] = {**question, "key": key}
    return _kept(row, draft)


@action("form.edit")
def move(*, by: Any, form: PracticeForm, key: str, to: str) -> PracticeForm:
    """Move a question of the draft one place ``up`` or ``down``, or take it ``out``.

    The one that was taken out last can be put back until the draft is published.
    """
    row = _locked(form)
    draft, questions = row.draft, row.draft["questions"]
    at = next((n for n, one in enumerate(questions) if one["key"] == key), None)
    if at is None:
        return row
    one = questions.pop(at)
    if to == "out":
        draft["out"] = {"at": at, "question": one}
    else:
        questions.insert(max(0, at - 1) if to == "up" else at + 1, one)
    return _kept(row, draft)


@action("form.edit")
def put_back(*, by: Any, form: PracticeForm) -> PracticeForm:
    """Put the question that was taken out last where it was.

    Raises:
        CannotKeep: there is no room for it any more.
    """
    row = _locked(form)
    draft, out = row.draft, row.draft.get("out")
    if out is None:
        return row
    if len(draft["questions"]) >= rules.MOST_QUESTIONS:
        refuse({"questions": ("many", rules.MOST_QUESTIONS)})
    draft["questions"].insert(out["at"], out["question"])
    return _kept(row, draft | {"out": None})


@action("form.edit")
def publish(*, by: Any, form: PracticeForm, now: datetime) -> PracticeVersion:
    """Let the draft be asked from now on, as a version that never changes.

    What was answered before stays with the version it was answered on. The same draft again is
    the same version.

    Raises:
        CannotKeep: by field, what keeps it from being asked; a question's is ``question-<key>``.
    """
    row = _locked(form)
    refuse(rules.whole_wrong(row.draft))
    content = _numbered(row.draft)
    newest = row.versions.select_related("form__data_key").order_by("-number").first()
    if newest is not None and newest.content == content:
        return newest
    try:
        forms.of_practice(row.code, 1, content)
    except ValueError as problem:  # a safeguard: what the rules let pass and cannot be scored
        raise CannotKeep(
            {"questions": _("This cannot be scored. Look at the scoring.")}
        ) from problem
    version = PracticeVersion.objects.create(
        form=row, number=_next(row), content=content, made_at=now,
        made_by=policy.person(by),
    )  # fmt: skip
    _kept(row, row.draft | {"out": None})
    forget()
    return version


def tried(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft as it would be asked, to look at; its scoring may be unfinished.

    Raises:
        CannotKeep: there is no question yet, or one hangs on what cannot be.
    """
    found = rules.whole_wrong({**draft, "scoring": "none", "title": draft["title"] or "-"})
    refuse(found)
    return {**_numbered(draft), "scoring": "none", "bands": []}


def _numbered(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with questions numbered as they are asked."""
    places = {one["key"]: str(n) for n, one in enumerate(draft["questions"], 1)}
    questions = []
    for one in draft["questions"]:
        asks = one["ask_if"]
        named = [places[asks[0]], *asks[1:]] if asks else None
        questions.append({**one, "key": places[one["key"]], "ask_if": named})
    return {name: draft[name] for name in KEPT} | {"questions": questions}


def _next(row: PracticeForm) -> int:
    highest: int = row.versions.aggregate(highest=Max("number"))["highest"] or 0
    return highest + 1


@action("form.edit")
def copy(*, by: Any, form: PracticeForm, now: datetime) -> PracticeForm:
    """Begin another with the same draft."""
    made = PracticeForm.begun("BUILT", f"{forms.BUILT}{uuid.uuid4().hex[:12]}", by=by, now=now)
    draft = copying.deepcopy(form.draft)
    draft["title"] = (_("Copy of %(title)s") % {"title": draft["title"]})[: rules.SHORT]
    return _kept(made, draft)


@action("form.edit")
def retire(*, by: Any, form: PracticeForm, now: datetime) -> PracticeForm:
    """Ask it no more, and no more by itself. What was asked can still be answered."""
    row = _locked(form)
    if row.retired_at is None:
        row.retired_at = now
        row.save(update_fields=["retired_at"])
        Ask.objects.filter(instrument=row.code, ended_at=None).update(ended_at=now)
    forget()
    return row


@action("form.edit")
def reopen(*, by: Any, form: PracticeForm) -> PracticeForm:
    """Let it be asked again."""
    row = _locked(form)
    row.retired_at = None
    row.save(update_fields=["retired_at"])
    forget()
    return row
