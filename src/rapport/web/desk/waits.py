"""What a client, or somebody about them, was asked and has not answered, as their page shows it."""

from datetime import datetime
from typing import Any

from rapport.contact import notices
from rapport.contact.questions import queries as questions
from rapport.progress.informants import queries as others
from rapport.progress.measures import instruments, queries
from rapport.progress.schedules import planned
from rapport.web import informants
from rapport.web import measures as said
from rapport.web import schedules as words


def of(by: Any, client: Any, now: datetime) -> list[dict[str, Any]]:
    """Each with who asked, who is asked, by what, and what became of the mail about it."""
    told = questions.of_client(by=by, client=client)
    found = queries.waiting_of(by=by, client=client)
    instruments.these({one.instrument for one in found})  # those held here, at once
    elsewhere = any(one.informant_id is not None for one in found)
    agreed = not elsewhere or others.agreed(client.pk)
    mails = elsewhere and notices.can_send()
    lost = questions.not_arrived(by=by, client=client) if mails else set()
    held = questions.held_back(by=by, asked=found) if mails else set()
    return [
        _one(one, told.get(questions.key(one)), now)
        | _of_others(one, agreed, mails, lost)
        | {"held": questions.key(one) in held}
        for one in found
    ]


def _one(asked: Any, told: Any, now: datetime) -> dict[str, Any]:
    return {
        "asked": asked, "short": said.short(asked.instrument), "late": asked.expires_at <= now,
        "why": _why(asked), "told": told, "by": _by(asked), "who": informants.who(asked.informant),
    }  # fmt: skip


def _of_others(asked: Any, agreed: bool, mails: bool, lost: set[Any]) -> dict[str, Any]:
    """Of somebody else: whether they may be asked, can be mailed, and a mail came to nothing."""
    if asked.informant is None:
        return {}
    person = asked.informant.person
    mailed = bool(mails and agreed and person is not None and person.may_be_written_to)
    return {"unagreed": not agreed, "mails": mailed, "lost": mailed and person.pk in lost}


def _why(asked: Any) -> str:
    """What asked it by itself, in words; "" where somebody did."""
    if asked.rule is None:
        return ""
    return words.because(asked.rule) or words.occasion(asked.rule)


def _by(asked: Any) -> str:
    """Who of the staff asked; "" where it was asked by itself."""
    staff = asked.asked_by.staff if asked.asked_by is not None else None
    return staff.display_name if staff is not None else ""


def on_others(client: Any, now: datetime) -> dict[str, Any]:
    """What the practice's plan asks others about a client, and what it waits for.

    Returns:
        people: whether some wait for the consent alone. rows: each with who is asked.
    """
    rows = [
        {"short": said.short(one.line.instrument), "when": words.occasion(one.line),
         "whom": one.line.get_whom_display(), "silent": _named(one.silent, client),
         "people": _named(one.people, client)}
        for one in planned.awaited(client, now=now)
    ]  # fmt: skip
    return {"rows": rows, "people": any(one["people"] for one in rows)}


def _named(people: list[Any], client: Any) -> list[dict[str, Any]]:
    """Somebody around the client, by name: the client's key is at hand."""
    for one in people:
        one.client = client
    return [{"pk": one.pk, "name": informants.named(one)} for one in people]
