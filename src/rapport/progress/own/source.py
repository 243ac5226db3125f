"""Where the measures room finds what no file holds, each looked up once a page.

Versions are never changed, so what is kept for the length of a request cannot be stale; nothing
is kept beyond it, and nothing is shared between practices. A page on which nothing of this is
named asks the database nothing.
"""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import OuterRef, Subquery

from rapport.core import practice
from rapport.core.library import Item
from rapport.progress.measures import instruments

from . import forms, typed
from .models import ClientForm, ClientVersion, PracticeForm, PracticeVersion

_KEPT = "held_forms"


def _begin(**_signal: Any) -> None:
    connections[DEFAULT_DB_ALIAS].__dict__[_KEPT] = {}


def forget(**_signal: Any) -> None:
    """What was looked up may have changed, or the request is over."""
    kept = connections[DEFAULT_DB_ALIAS].__dict__.get(_KEPT)
    if kept is not None:
        kept.clear()


def _end(**_signal: Any) -> None:
    connections[DEFAULT_DB_ALIAS].__dict__.pop(_KEPT, None)


request_started.connect(_begin)
request_finished.connect(_end)


def _once(what: Any, find: Callable[[], Any]) -> Any:
    kept = connections[DEFAULT_DB_ALIAS].__dict__.get(_KEPT)
    if kept is None:  # a job: it asks anew each time
        return find()
    key = (practice.current().id, what)
    if key not in kept:
        kept[key] = find()
    return kept[key]


class Source:
    """What the practice holds, and what single clients have."""

    def find(self, id: str, version: int | None) -> Item[Any] | None:
        """The one called ``id``, in ``version`` or else in the newest there is."""
        found: Item[Any] | None = None
        if "\0" in id:  # from an address; PostgreSQL takes no such text
            return None
        if id.startswith(forms.CLIENTS):
            found = _once((id, version), lambda: _of_client(id, version))
        elif id.startswith(forms.BUILT) or typed.is_shell(id):
            found = _once((id, version), lambda: _of_practice(id, version))
        return found

    def these(self, ids: Collection[str]) -> dict[str, Item[Any]]:
        """Those of ``ids`` that are held here, newest versions: two statements at most."""
        mine = {id for id in ids if id.startswith(forms.CLIENTS)}
        held = {id for id in ids if id.startswith(forms.BUILT) or typed.is_shell(id)}
        found = {one.id: one for one in [*_newest_of_clients(mine), *_newest_of_practice(held)]}
        for id, one in found.items():
            _once((id, None), partial(_itself, one))
        return found

    def every(self, client: Any) -> Iterator[Item[Any]]:
        """What can be asked now: all that is not retired, and what ``client`` has alone."""
        yield from _once("every", _asked_now)
        if client is not None:
            yield from of_client(client)

    def closed(self, id: str, client: Any) -> bool:
        """Whether ``id`` is retired, ended, another client's, or none at all."""
        if id.startswith(forms.CLIENTS):
            if client is None:
                return True
            mine = ClientForm.objects.filter(client=client.pk, code=id, ended_at=None)
            return not mine.exists()
        if id.startswith(forms.BUILT) or typed.is_shell(id):
            return not PracticeForm.objects.filter(code=id, retired_at=None).exists()
        return False


def _itself(found: Item[Any]) -> Item[Any]:
    return found


def _newest_of_practice(codes: Collection[str]) -> list[Item[Any]]:
    if not codes:
        return []
    newest = PracticeVersion.objects.filter(form=OuterRef("form")).order_by("-number")
    rows = PracticeVersion.objects.filter(
        form__code__in=codes, pk=Subquery(newest.values("pk")[:1])
    )
    found = [built(row) for row in rows.select_related("form__data_key")]
    return [one for one in found if one is not None]


def _newest_of_clients(codes: Collection[str]) -> list[Item[Any]]:
    if not codes:
        return []
    newest = ClientVersion.objects.filter(form=OuterRef("form")).order_by("-number")
    rows = ClientVersion.objects.filter(form__code__in=codes, pk=Subquery(newest.values("pk")[:1]))
    near = rows.select_related("form", "client__data_key")
    return [forms.of_client(r.form.code, r.number, r.form.kind, r.content) for r in near]


def _of_practice(id: str, version: int | None) -> Item[Any] | None:
    found = PracticeVersion.objects.filter(form__code=id).select_related("form__data_key")
    if version is not None:
        found = found.filter(number=version)
    row = found.order_by("-number").first()
    return None if row is None else built(row)


def built(row: PracticeVersion) -> Item[Any] | None:
    """The questionnaire a version is; None where the library has the shell no more."""
    if row.form.kind == PracticeForm.Kind.LICENSED:
        return typed.filled(row.form.code, row.number, row.content)
    return forms.of_practice(row.form.code, row.number, row.content)


def _asked_now() -> list[Item[Any]]:
    newest = PracticeVersion.objects.filter(form=OuterRef("form")).order_by("-number")
    rows = PracticeVersion.objects.filter(
        form__retired_at=None, pk=Subquery(newest.values("pk")[:1])
    )
    found = [built(row) for row in rows.select_related("form__data_key").order_by("form__code")]
    return [one for one in found if one is not None]


def _of_client(id: str, version: int | None) -> Item[Any] | None:
    found = ClientVersion.objects.filter(form__code=id).select_related("form", "client__data_key")
    if version is not None:
        found = found.filter(number=version)
    row = found.order_by("-number").first()
    return None if row is None else forms.of_client(id, row.number, row.form.kind, row.content)


def of_client(client: Any) -> list[Item[Any]]:
    """What ``client`` can be asked in their own words now. One statement."""
    newest = ClientVersion.objects.filter(form=OuterRef("form")).order_by("-number")
    rows = ClientVersion.objects.filter(
        client=client.pk, form__ended_at=None, pk=Subquery(newest.values("pk")[:1])
    )
    found = []
    for row in rows.select_related("form").order_by("form__made_at", "form__pk"):
        row.client = client  # its data key is loaded already
        found.append(forms.of_client(row.form.code, row.number, row.form.kind, row.content))
    return found


instruments.hold(Source())
