"""Asking somebody else about a client, and rating one. Others are asked only where the client,
or who decides for them, agreed to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.clients.actions import fit
from rapport.people.clients.models import Client, RelatedPerson
from rapport.people.clients.rules import Unfit, tidy_line

from ..keying import actions as keying
from ..keying.models import Keyed
from ..measures import actions as measures
from ..measures import asking, instruments
from ..measures.asking import CannotAsk, Put
from ..measures.models import Ask, Asked, Occasion, Sheet
from ..schedules import actions as schedules
from . import queries
from .models import Informant

ROLES = (
    Informant.Kind.PARENT, Informant.Kind.TEACHER, Informant.Kind.PARTNER, Informant.Kind.OTHER,
)  # fmt: skip
"""Who can be named by a role alone."""
LONGEST = 40


class NotAgreed(CannotAsk):
    """There is no consent to asking others. The message is safe to show and says what to do."""

    def __init__(self) -> None:
        words = _("No consent to asking other people is on file for this client. Put it on file "
                  "first.")  # fmt: skip
        super().__init__("who", words)


@action("measure.ask")
def ask(
    *, by: Any, client: Client, forms: Sequence[str], now: datetime,
    role: str = "", person: RelatedPerson | None = None, calls: str = "", send: bool = False,
    language: str = "",
) -> list[Put]:  # fmt: skip
    """Put one or several questionnaires about ``client`` to somebody else: a link to hand on.

    Args:
        forms: library ids.
        role, person: who is asked: a role, or somebody around the client.
        calls: what they call the client; the link's page says it. Empty: it gives nobody away.
        send: announce MeasureAsked, so that they are told, where that is safe.
        language: as for ``ask`` of asking.

    Raises:
        NotAgreed: no consent to it is on file. CannotAsk: nobody, no such questionnaire, or one
            that still waits for the same person.
    """
    called = _may(client, forms, calls)
    informant = _found(client, role=role, person=person)
    waiting = client.asked.filter(state=Asked.State.OPEN, expires_at__gt=now, informant=informant)
    if waiting.filter(instrument__in=forms).exists():
        raise CannotAsk(
            "instruments",
            _("It was asked already and still waits. Withdraw that one, or make a new link."),
        )
    names = list(dict.fromkeys(forms))
    asking.in_words(names, client, language)
    return asking.sitting(
        by, client, names, Asked.Way.LINK, now, informant=informant, calls=called, send=send,
        language=language,
    )  # fmt: skip


@action("measure.ask")
def stand(
    *, by: Any, client: Client, forms: Sequence[str], occasion: str, now: datetime,
    role: str = "", person: RelatedPerson | None = None, calls: str = "", hours_before: int = 24,
    every_days: int = 7, language: str = "", **when: Any,
) -> list[Ask]:  # fmt: skip
    """From now on, put these about ``client`` to somebody else by itself, as long as the consent
    to it stands.

    Args:
        forms, role, person, calls, language: as for ``ask``.
        occasion: one that the client can be asked on by hand, before each session, or DAYS.
        hours_before, every_days: for those two. when: as for ``stand`` of schedules.

    Raises:
        NotAgreed, CannotAsk: as for ``ask``, or the occasion cannot be.
    """
    called = _may(client, forms, calls)
    informant = _found(client, role=role, person=person)
    given = {"by": by, "client": client, "instruments": forms, "now": now,
             "informant": informant, "calls": called, "language": language}  # fmt: skip
    if occasion == Occasion.SESSION:
        return asking.set_rule(hours_before=hours_before, **given)
    if occasion == Occasion.DAYS:
        return asking.set_rule(every_days=every_days, **given)
    return schedules.stand(occasion=occasion, **when, **given)


def _may(client: Client, forms: Sequence[str], calls: str) -> str:
    """Look whether these can be put to somebody else; what they call the client, tidied."""
    if not forms:
        raise CannotAsk("instruments", _("Choose at least one."))
    if client.is_together:
        raise CannotAsk("instruments", _("Ask each person on their own page."))
    for name in forms:
        _for_others(name, client)
    try:
        return tidy_line(calls, field="calls", longest=LONGEST)
    except Unfit as problem:
        raise CannotAsk("calls", str(fit(problem))) from problem


def _for_others(name: str, client: Client) -> None:
    if instruments.is_own(name, client):
        words = _("What is in the client's own words is answered by the client alone.")
        raise CannotAsk("instruments", words)
    schedules.for_others(name)


def _found(client: Client, *, role: str, person: RelatedPerson | None) -> Informant:
    """Whoever answers about ``client``: the same row each time, so that it is one series."""
    if not queries.agreed(client.pk):
        raise NotAgreed
    if person is not None:
        if person.client_id != client.pk:
            raise CannotAsk("who", _("Choose one from the list."))
        return Informant.of(person)
    if role not in ROLES:
        raise CannotAsk("who", _("Say who answers."))
    kept, _new = Informant.objects.get_or_create(client=client, kind=role, by_role=True)
    return kept


@action("measure.enter")
def enter(
    *, by: Any, client: Client, role: str = "", person: RelatedPerson | None = None, **given: Any
) -> Sheet:
    """Enter what somebody else answered about ``client`` on paper or in an interview.

    Raises:
        NotAgreed, CannotAsk: as for ``ask``. CannotAnswer: as for ``enter`` of measures.
    """
    informant = _found(client, role=role, person=person)
    return measures.enter(by=by, client=client, informant=informant, **given)


@action("measure.enter")
def key(
    *, by: Any, client: Client, role: str = "", person: RelatedPerson | None = None, **given: Any
) -> Keyed:
    """Key somebody else's sheet of paper the first time.

    Raises:
        NotAgreed, CannotAsk: as for ``ask``. CannotAnswer: as for ``key`` of keying.
    """
    informant = _found(client, role=role, person=person)
    return keying.key(by=by, client=client, informant=informant, **given)


@action("measure.enter")
def rate(*, by: Any, client: Client, **given: Any) -> Sheet:
    """Rate ``client`` oneself: a series of one's own, which is neither the client's answers read
    aloud nor their paper. It needs no consent to asking others: nobody else is asked.

    Raises:
        CannotAnswer: as for ``enter`` of measures, or nobody of the staff rates.
    """
    if by.staff is None:
        raise measures.CannotAnswer({"source": _("A rating is entered by whoever rates.")})
    rater, _new = Informant.objects.get_or_create(
        client=client, rater=by.staff, defaults={"kind": Informant.Kind.CLINICIAN}
    )
    source = Sheet.Source.CLINICIAN
    return measures.enter(by=by, client=client, informant=rater, source=source, **given)
