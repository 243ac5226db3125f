"""Keying paper twice. Until both are alike, or somebody has decided, nothing counts of it; but a
risky answer is looked at from the first keying on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.clients.models import Client

from ..alerts import actions as alerts
from ..informants.models import Informant
from ..measures import actions, tongues
from ..measures import rules as measures
from ..measures.models import Asked, Sheet
from . import rules
from .models import Keyed, KeyingTwice

BY = System("measures")
State = Keyed.State


@action("measure.plan")
def key_twice(*, by: Any, wanted: bool, now: datetime) -> bool:
    """Say whether paper is keyed twice from now on. What waits for a second time still does."""
    if wanted:
        KeyingTwice.objects.get_or_create(pk=1, defaults={"changed_at": now})
    else:
        KeyingTwice.objects.filter(pk=1).delete()
    return wanted


@action("measure.enter")
def key(
    *, by: Any, client: Client, instrument: str, version: int, answers: Mapping[str, Any],
    answered_on: date, now: datetime, facts: Mapping[str, str] | None = None,
    informant: Informant | None = None, language: str = "",
) -> Keyed:  # fmt: skip
    """Key a sheet of paper the first time. An answer that is a risk raises its alert at once.

    Args:
        informant: who answered about the client; none is the client.
        language: of the paper; empty is the client's.

    Raises:
        CannotAnswer: as for ``enter``.
    """
    form = actions.enterable(client, instrument, version, informant)
    actions.fit(form, answers)
    at = actions.instant_of(answered_on, now)
    asked = Asked.objects.create(
        client=client, instrument=instrument, version=version, way=Asked.Way.DESK,
        language=measures.asked_in(language, tongues.of(client), form.words),
        state=Asked.State.WITHDRAWN, asked_at=now, expires_at=now, closed_at=now, kept_at=now,
        looked_at=now, asked_by=policy.person(by), informant=informant,
    )  # fmt: skip
    row = Keyed.objects.create(
        client=client, instrument=instrument, version=version, asked=asked, answered_at=at,
        first=_kept(form, answers, facts), first_by=policy.person(by), first_at=now,
    )  # fmt: skip
    _look(row, form, row.first["answers"], now)
    return row


@action("measure.enter")
def key_again(
    *, by: Any, client: Client, keyed: Keyed, answers: Mapping[str, Any], now: datetime,
    facts: Mapping[str, str] | None = None,
) -> Keyed:  # fmt: skip
    """Key it the second time. Alike, it is a sheet with its score; else somebody decides.

    Raises:
        CannotAnswer: as for ``enter``, or it was keyed a second time meanwhile.
    """
    row, form = _locked(client, keyed, State.ONCE)
    actions.fit(form, answers)
    row.second, row.second_by, row.second_at = _kept(form, answers, facts), policy.person(by), now
    _look(row, form, row.second["answers"], now)
    one, other = row.first, row.second
    alike = not rules.differing(one["answers"], other["answers"], list(form.content.key.values))
    if alike and one["facts"] == other["facts"]:
        _written(row, form, one["answers"], one["facts"], now)
    else:
        row.state = State.DIFFERS
    row.save()
    return row


@action("measure.enter")
def decide(
    *, by: Any, client: Client, keyed: Keyed, chosen: Mapping[str, str], now: datetime
) -> Keyed:
    """Say for each difference which keying is right; who did is kept, and so are both.

    Args:
        chosen: "first" or "second", by item; facts under ``fact-`` and their name.

    Raises:
        CannotAnswer: a difference is not decided, or somebody was first.
    """
    row, form = _locked(client, keyed, State.DIFFERS)
    one, other = row.first, row.second
    answers, open_ = rules.decided(
        one["answers"], other["answers"], chosen, list(form.content.key.values)
    )
    names = sorted({*one["facts"], *other["facts"]})
    about = {name.removeprefix("fact-"): which for name, which in chosen.items()}
    facts, unsaid = rules.decided(one["facts"], other["facts"], about, names)
    open_ += [f"fact-{name}" for name in unsaid]
    if open_:
        raise actions.CannotAnswer(dict.fromkeys(open_, _("Choose which one is right.")))
    row.decided_by, row.decided_at = policy.person(by), now
    _written(row, form, answers, {name: said for name, said in facts.items() if said}, now)
    row.save()
    return row


@action("measure.enter")
def drop(*, by: Any, client: Client, keyed: Keyed) -> Keyed:
    """Throw a keying away, as of the wrong client's paper. An alert that it raised stands."""
    row = Keyed.objects.select_for_update(of=("self",)).get(pk=keyed.pk, client=client)
    if row.state in (State.ONCE, State.DIFFERS):
        row.state = State.DROPPED
        row.save(update_fields=["state"])
    return row


@action("measure.enter")
def take_back(*, by: Any, client: Client, keyed: Keyed) -> Keyed:
    """Undo ``drop``."""
    row = Keyed.objects.select_for_update(of=("self",)).get(pk=keyed.pk, client=client)
    if row.state == State.DROPPED:
        row.state = State.ONCE if row.second_at is None else State.DIFFERS
        row.save(update_fields=["state"])
    return row


def _locked(client: Client, keyed: Keyed, state: str) -> tuple[Keyed, Any]:
    rows = Keyed.objects.select_for_update(of=("self",)).select_related("client__data_key", "asked")
    row = rows.get(pk=keyed.pk, client=client)
    if row.state != state:
        raise actions.CannotAnswer({"": _("Somebody went on with it meanwhile. Look at the list.")})
    return row, actions.form_of(row.instrument, row.version)


def _kept(form: Any, answers: Mapping[str, Any], facts: Mapping[str, str] | None) -> Any:
    return {
        "answers": measures.tidy(form.content.key, answers),
        "facts": actions.known_facts(form, facts or {}),
    }


def _look(row: Keyed, form: Any, answers: Mapping[str, Any], now: datetime) -> None:
    for rule, risky in form.content.dangers(answers).items():
        alerts.raise_(
            by=BY, client=row.client, asked=row.asked, answers=risky, rule=rule, now=now
        )  # fmt: skip


def _written(
    row: Keyed, form: Any, answers: Mapping[str, Any], facts: Mapping[str, str], now: datetime
) -> None:
    sheet = Sheet(
        client=row.client, asked=row.asked, instrument=row.instrument, version=row.version,
        language=row.asked.language, source=Sheet.Source.PAPER, answered_at=row.answered_at,
        entered_by=row.first_by, facts=dict(facts), keyed_times=2,
        informant_id=row.asked.informant_id,
    )  # fmt: skip
    actions.write(sheet, form, answers, now)
    alerts.handed_in(by=BY, client=row.client, sheet=sheet, now=now)
    row.state, row.sheet = State.DONE, sheet
