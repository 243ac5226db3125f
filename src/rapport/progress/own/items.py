"""What one client is asked in words of their own: set up, changed over time, ended."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.core import policy
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..measures.models import Ask
from . import forms, rules
from .models import ClientForm, ClientVersion
from .queries import own_versions
from .saying import CannotKeep, refuse
from .source import forget

SCALES = {"0-10": (0, 10), "1-7": (1, 7)}


def named(kind: str) -> dict[str, str]:
    """What a kind is called where the client and the care team read it, and how it is asked."""
    found = {
        "GOALS": (_("Goals"), _("GAS"), _("How far have you come? Choose what fits best now.")),
        "PROBLEMS": (_("Personal questionnaire"), pgettext("a measure in short", "PQ"),
                     _("How much did this bother you in the past week?")),
        "COMPLAINTS": (_("What you came for"), _("Complaints"),
                       _("How much does this bother you now?")),
        "RATINGS": (_("Ratings"), _("Ratings"), _("Choose the number that fits best now.")),
    }[kind]  # fmt: skip
    return dict(zip(("title", "short", "intro"), found, strict=True))


@action("own.set")
def set_items(
    *, by: Any, client: Client, kind: str, items: Sequence[Mapping[str, Any]],
    said: Mapping[str, str], language: str, now: datetime,
) -> ClientForm:  # fmt: skip
    """Ask ``client`` these from now on; the same kind again begins a new version.

    An item that comes with the key it had goes on with its series; others get keys of their own.

    Args:
        items: ``text`` and perhaps ``key``; of goals ``levels`` (five) and ``weight``.
        said: ``scale``, ``better``, ``low_words`` and ``high_words``; not of goals.

    Raises:
        CannotKeep: by field: ``text-1``, ``level-1-0``, ``weight-1``, ``scale`` …
    """
    if client.is_together:
        raise CannotKeep({"text-1": _("Ask each person on their own page.")})
    refuse(_wrong(kind, items, said))
    row = _row(client, kind, by, now)
    before = own_versions(form=row)
    last = before[-1] if before else None
    highest = max((int(one["key"]) for v in before for one in v.content["items"]), default=0)
    standing = last.content["items"] if last is not None else []
    low, high = SCALES.get(said["scale"], (0, 4))
    with translation.override(language):  # it is read by the client
        about = named(kind)
    content = {
        **about, "language": language, "low": low, "high": high,
        "better": "higher" if kind == "GOALS" else said["better"],
        "low_words": said["low_words"].strip(), "high_words": said["high_words"].strip(),
        "items": rules.keyed(items, standing, highest),
    }  # fmt: skip
    if last is not None and last.content == content:
        return row
    ClientVersion.objects.create(
        client=client, form=row, number=len(before) + 1, content=content, made_at=now,
        made_by=policy.person(by),
    )  # fmt: skip
    forget()
    return row


def _wrong(
    kind: str, items: Sequence[Mapping[str, Any]], said: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    if kind not in ClientForm.Kind.values:
        return {"kind": "choose"}
    found: dict[str, Any] = dict(rules.items_wrong(kind, items))
    if kind != "GOALS":
        for name, known in (("scale", tuple(SCALES)), ("better", ("lower", "higher"))):
            if said[name] not in known:
                found[name] = "choose"
    for name in ("low_words", "high_words"):
        if wrong := rules.text_wrong(said[name], most=rules.SHORT, needed=False):
            found[name] = (wrong, rules.SHORT)
    return found


def _row(client: Client, kind: str, by: Any, now: datetime) -> ClientForm:
    """The client's of this kind, made where none stands; locked."""
    open_ = ClientForm.objects.filter(client=client, kind=kind, ended_at=None)
    person = policy.person(by)
    try:
        with transaction.atomic():
            if not open_.exists():
                code = f"{forms.CLIENTS}{uuid.uuid4().hex[:12]}"
                ClientForm.objects.create(
                    client=client, kind=kind, code=code, made_by=person, made_at=now
                )  # fmt: skip
    except IntegrityError:
        pass  # a colleague began it in the same moment
    row = open_.select_for_update().get()
    row.client = client  # its data key is loaded already
    return row


@action("own.set")
def end(*, by: Any, client: Client, form: ClientForm, now: datetime) -> ClientForm:
    """Ask it no more, and no more by itself. What was answered stays."""
    row = ClientForm.objects.select_for_update().get(pk=form.pk, client=client)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        Ask.objects.filter(client=client, instrument=row.code, ended_at=None).update(ended_at=now)
    forget()
    return row
