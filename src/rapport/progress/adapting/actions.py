"""Asking an adaptive test, taking one answer after the other, handing it in."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.clients.models import Client

from ..measures import actions as measures
from ..measures import asking
from ..measures import rules as sheets
from ..measures.models import Asked, Sheet
from . import queries, rules, shells
from .models import AdaptiveTest


@action("measure.ask")
def ask(
    *, by: Any, client: Client, bank: str, way: str, stops: rules.Stops, now: datetime,
    send: bool = False,
) -> asking.Put:  # fmt: skip
    """Put a bank's questions to ``client``, to be chosen by the answers.

    Raises:
        CannotAsk: no bank that has its words here, one that still waits, no such way to the
            client, or a test that would never stop so; ``field`` says which.
    """
    if not shells.is_adaptive(bank):
        raise asking.CannotAsk("bank", _("Choose from the list."))
    for field, code in rules.wrong_in(stops).items():
        raise asking.CannotAsk(field, _said(code))
    (put,) = asking.ask(by=by, client=client, instruments=[bank], way=way, now=now, send=send)
    AdaptiveTest.objects.create(
        client=client, asked=put.asked, below_se=stops.below_se, least=stops.least,
        most=stops.most,
    )  # fmt: skip
    return put


def _said(code: str) -> str:
    ends = {"low": rules.SES[0], "high": rules.SES[1], "few": rules.FEWEST, "many": rules.LONGEST}
    words = {
        "se": _("Write a number from %(low)s to %(high)s."),
        "few": _("Write a number from %(few)s to %(many)s."),
        "many": _("Write a number from %(few)s to %(many)s."),
        "turned": _("This must not be below the least number of questions."),
    }
    return words[code] % ends


def _row(asked: Asked) -> Asked:
    rows = Asked.objects.select_for_update(of=("self",)).select_related("client__data_key")
    return rows.get(pk=asked.pk)


@action("measure.keep")
def take(
    *, by: Any, asked: Asked, key: str, answer: int | None, turn: int, now: datetime
) -> Asked:  # fmt: skip
    """Keep one answer, sealed, if it is to the present question or changes the last one.

    Anything else changes nothing: an answer that was sent twice, or from a page that lies open
    in another tab. Whoever sent it gets the present question.

    Args:
        answer: as numbered on the form; None passes the question.
        turn: how many answers had been taken when the question was shown.

    Raises:
        Closed: it can no longer be answered. CannotAnswer: an answer it does not have, or more
            of them without a pause than anybody gives.
    """
    row = _row(asked)
    measures.still_open(row, now)
    item = measures.form_of(row.instrument, row.version)
    test = queries.running(asked=row, item=item)
    where = rules.place(order=test.order, coming=test.coming, key=key, turn=test.turn, sent=turn)
    if where == "late":
        return row
    measures.fit(item, {key: answer}, whole=False)
    keeps = sheets.too_many(keeps=row.keeps, kept_at=row.kept_at, now=now)
    if keeps is None:
        raise measures.CannotAnswer(
            {"": _("Too many answers were sent at once. Wait a minute, then go on.")}
        )
    answers = {**test.answers, key: answer}
    row.draft = {"answers": answers, "facts": {}, "order": list(answers), "turn": test.turn + 1}
    row.opened_at = row.opened_at or now
    row.kept_at, row.looked_at, row.keeps = now, None, keeps
    row.save(update_fields=["draft", "opened_at", "kept_at", "looked_at", "keeps"])
    return row


@action("measure.answer")
def hand_in(*, by: Any, asked: Asked, version: int, now: datetime) -> Sheet:
    """Hand in a test that has come to its end: sheet, score, alerts, and how it came about.

    All of it in one transaction. Sent twice, it is one sheet.

    Raises:
        Closed: withdrawn, or too late. CannotAnswer: a question still waits, or every question
            was passed.
    """
    row = _row(asked)
    if row.state == Asked.State.ANSWERED:
        return Sheet.objects.select_related("score").get(asked=row)
    measures.still_open(row, now)
    item = measures.form_of(row.instrument, row.version)
    test = queries.running(asked=row, item=item)
    if test.coming is not None:
        raise measures.CannotAnswer({"": _("A question still waits. Answer it, or pass it.")})
    sheet = measures.answer(by=by, asked=row, answers=test.answers, version=version, now=now)
    kept, _made = AdaptiveTest.objects.get_or_create(client=row.client, asked=row)
    kept.client = row.client  # its key is at hand
    kept.result = _result(test)
    kept.save(update_fields=["result"])
    return sheet


def _result(test: queries.Running) -> dict[str, Any]:
    """Everything the result was made of, so that it can be opened whatever the library has."""
    bank, stops = test.content.bank, test.stops
    start = rules.sitting(bank.graded, bank.risks, test.worded, stops, {})
    steps, now = [], start
    for key, given in test.content.categories(test.answers).items():
        now = now.answered(key, given)
        steps.append({
            "key": key, "answer": test.answers[key], "theta": round(now.trait.theta, 6),
            "se": round(now.trait.se, 6), "counts": not test.is_for_all(key),
        })  # fmt: skip
    return {
        "bank": bank.id, "version": bank.version, "theta": round(now.trait.theta, 6),
        "se": round(now.trait.se, 6), "ended": now.ended, "steps": steps,
        "stops": {"below_se": stops.below_se, "least": stops.least, "most": stops.most},
        "values": bank.values,
        "items": {one.key: {"a": one.a, "b": one.b} for one in bank.items
                  if one.key in test.answers and not test.is_for_all(one.key)},
    }  # fmt: skip
