"""Over the web, to whatever gateways the practice has an agreement with: texts and calls."""

import json
from typing import Any
from urllib.parse import urlencode

from rapport.core import outbound

from ..gateways import queries
from ..gateways.models import BY_WEB, PLAIN, Gateway, Reaches
from ..notices.secrets import Changed
from . import Message, NotSent

LIMITS = outbound.Limits(size=65536, seconds=15.0)  # of an answer; only its status counts
LATER = {408, 425, 429, 500, 503}
UNSURE = {502, 504}
NEVER = {"address", "scheme", "http", "userinfo", "port", "inside"}
AFTERWARDS = {"slow", "garbled", "big", "unreached"}  # the request may have arrived


class Web:
    """A request to one https address. The message's id goes along as Idempotency-Key."""

    def __init__(self, reaches: Reaches) -> None:
        self.reaches, self.id = reaches, reaches.lower()
        self.name = self.plain = PLAIN[reaches]

    @property
    def again(self) -> bool:
        """Only where the gateway knows a message by its key."""
        row = queries.gateway(self.reaches)
        return row is not None and row.knows_again

    def ready(self) -> bool:
        """Whether an address is set, and an agreement with the gateway is on record."""
        row = queries.gateway(self.reaches)
        return row is not None and row.is_agreed

    def fits(self, contact: Any) -> bool:
        """A number that is safe for what the gateway does."""
        row = queries.gateway(self.reaches)
        return row is not None and row.may_reach(contact)

    def send(self, message: Message) -> None:
        """Make the request.

        Raises:
            NotSent: final when the gateway refuses what it was sent.
        """
        row = queries.gateway(self.reaches)
        if row is None or not row.is_agreed:
            raise NotSent("NotAgreed")
        kind, body = filled(row, message)
        headers = {"Content-Type": kind, "Idempotency-Key": str(message.id)}
        try:
            if row.header:
                headers[row.header] = row.secret()
            answer = outbound.ask(
                "POST", row.url, headers=headers, body=body, limits=LIMITS, house=row.inside
            )  # fmt: skip
        except Changed as problem:
            raise NotSent("Changed") from problem
        except outbound.NotReached as problem:
            never, perhaps = problem.code in NEVER, problem.code in AFTERWARDS
            raise NotSent(f"Web.{problem.code}", final=never, perhaps=perhaps) from problem
        _taken(answer.status)


def _taken(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in LATER:
        raise NotSent(f"Http{status}")
    raise NotSent(f"Http{status}", final=status not in UNSURE, perhaps=status in UNSURE)


def filled(row: Gateway, message: Message) -> tuple[str, bytes]:
    """Content type and body: the practice's fields with the message in them."""
    said = {"{to}": message.to, "{text}": message.text, "{words}": message.words,
            "{id}": str(message.id), "{language}": message.language}  # fmt: skip
    fields = {name: _put(value, said) for name, value in row.fields.items()}
    if row.form == Gateway.Form.JSON:
        return "application/json", json.dumps(fields, ensure_ascii=False).encode()
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _put(template: str, said: dict[str, str]) -> str:
    """One pass: what stands in a message is not looked through for signs again."""
    out, rest = [], template
    while rest:
        mark = min((m for m in said if m in rest), key=rest.index, default=None)
        if mark is None:
            break
        before, _mark, rest = rest.partition(mark)
        out += [before, said[mark]]
    return "".join([*out, rest])


channels = tuple(Web(reaches) for reaches in BY_WEB)
