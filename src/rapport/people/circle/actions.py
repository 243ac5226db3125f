"""Changing what is around a client: ways to reach them, related people, couples and families."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events, vault
from rapport.core.action import action

from ..clients import reach, rules
from ..clients.actions import CannotKeep, fit
from ..clients.models import Client, Contact, GroupMember, RelatedPerson
from ..clients.rules import Unfit
from ..events import CircleChanged, MembersChanged

LONGEST_VALUE = 254
LONGEST_LABEL = 40


def _fill_contact(
    contact: Contact, kind: str, value: str, label: str, safe: dict[str, bool]
) -> None:
    try:
        typed = rules.tidy_line(value, field="value", longest=LONGEST_VALUE)
        contact.label = rules.tidy_line(label, field="label", longest=LONGEST_LABEL)
        plain = reach.tidy(kind, typed)
    except Unfit as problem:
        raise fit(problem) from problem
    contact.kind, contact.value, contact.plain = kind, typed, plain
    contact.lookup = reach.index(kind, plain)
    for name, allowed in safe.items():
        setattr(contact, name, allowed)


@action("client.edit")
def add_contact(
    *, by: Any, client: Client, kind: str, value: str, label: str = "",
    safe_to_message: bool = False, safe_to_text: bool = False, safe_to_write: bool = False,
) -> Contact:  # fmt: skip
    """A phone number or mail address, with what is safe to do with it.

    Raises:
        CannotKeep: not a number or address, or too long.
    """
    contact = Contact(client=client)
    safe = {"safe_to_message": safe_to_message, "safe_to_text": safe_to_text,
            "safe_to_write": safe_to_write}  # fmt: skip
    _fill_contact(contact, kind, value, label, safe)
    contact.save(force_insert=True)
    return contact


@action("client.edit")
def change_contact(
    *, by: Any, client: Client, contact: Contact, value: str, label: str, safe_to_message: bool,
    safe_to_text: bool, safe_to_write: bool,
) -> Contact:  # fmt: skip
    """Another value, or other things that are safe to do with it.

    Raises:
        CannotKeep: not a number or address, or not this client's.
    """
    _belongs(contact, client)
    _still_there(contact, "value")
    safe = {"safe_to_message": safe_to_message, "safe_to_text": safe_to_text,
            "safe_to_write": safe_to_write}  # fmt: skip
    _fill_contact(contact, contact.kind, value, label, safe)
    contact.save(force_update=True)
    return contact


@action("client.edit")
def remove_contact(*, by: Any, client: Client, contact: Contact) -> None:
    """Forget a number or address.

    Raises:
        CannotKeep: not this client's.
    """
    _belongs(contact, client)
    vault.remove(contact, by=by)


def _belongs(row: Any, client: Client) -> None:
    if row.client_id != client.pk:
        raise CannotKeep("client", _("This belongs to somebody else."))


def _still_there(row: Any, field: str) -> None:
    """Hold the row until the commit.

    Raises:
        CannotKeep: somebody removed it meanwhile.
    """
    if not type(row).objects.select_for_update().filter(pk=row.pk).exists():
        raise CannotKeep(field, _("Somebody removed this meanwhile. Add it anew."))


def _fill_related(
    person: RelatedPerson, relation: str, name: str, reach_at: str, may_know: str,
    emergency: bool, remark: str, mail: str, safe_to_write: bool,
) -> None:  # fmt: skip
    try:
        person.name = rules.tidy_name(name)
        person.reach = rules.tidy_line(reach_at, field="reach_at", longest=LONGEST_VALUE)
    except Unfit as problem:
        raise fit(problem) from problem
    try:
        person.mail = reach.tidy_mail(mail) if mail.strip() else ""
    except Unfit as problem:
        raise fit(Unfit("mail", problem.code)) from problem
    if safe_to_write and not person.mail:
        raise CannotKeep("mail", _("Write the address that is safe to write to."))
    person.relation, person.may_know, person.safe_to_write = relation, may_know, safe_to_write
    person.emergency, person.remark = emergency, remark


@action("client.edit")
def add_related(
    *, by: Any, client: Client, relation: str, name: str, reach_at: str = "",
    may_know: str = RelatedPerson.MayKnow.NOTHING, emergency: bool = False, remark: str = "",
    mail: str = "", safe_to_write: bool = False,
) -> RelatedPerson:  # fmt: skip
    """Somebody around the client, and what they may know.

    Args:
        mail: an address for what is sent by itself, as far as that is safe.

    Raises:
        CannotKeep: a name or address that cannot be.
    """
    person = RelatedPerson(client=client)
    _fill_related(
        person, relation, name, reach_at, may_know, emergency, remark, mail, safe_to_write
    )
    person.save(force_insert=True)
    events.announce(CircleChanged(client.pk))
    return person


@action("client.edit")
def change_related(
    *, by: Any, client: Client, person: RelatedPerson, relation: str, name: str, reach_at: str,
    may_know: str, emergency: bool, remark: str, mail: str = "", safe_to_write: bool = False,
) -> RelatedPerson:  # fmt: skip
    """Change what is known of somebody around the client, or what they may know.

    Raises:
        CannotKeep: a name or address that cannot be, or not this client's.
    """
    _belongs(person, client)
    _still_there(person, "name")
    _fill_related(
        person, relation, name, reach_at, may_know, emergency, remark, mail, safe_to_write
    )
    person.save(force_update=True)
    events.announce(CircleChanged(client.pk))
    return person


@action("client.edit")
def remove_related(*, by: Any, client: Client, person: RelatedPerson) -> None:
    """Forget somebody around the client.

    Raises:
        CannotKeep: not this client's.
    """
    _belongs(person, client)
    vault.remove(person, by=by)


@action("client.edit")
def add_member(*, by: Any, client: Client, member: Client) -> GroupMember:
    """Let a client belong to a couple or family. It opens nobody's record to anybody.

    Raises:
        CannotKeep: not a couple or family, or somebody who cannot belong to it.
    """
    if not client.is_together:
        raise CannotKeep("member", _("Only a couple or a family has members."))
    seen = Client.objects.visible_to(by).filter(pk=member.pk).exists()
    if not seen or member.is_together:
        raise CannotKeep("member", _("Choose one person whom you may see."))
    belongs, new = GroupMember.objects.get_or_create(client=client, member=member)
    if new:
        events.announce(MembersChanged(client.pk))
    return belongs


@action("client.edit")
def remove_member(*, by: Any, client: Client, member: Client) -> None:
    """The client does not belong to this couple or family any more.

    Raises:
        CannotKeep: nobody whom ``by`` may see.
    """
    if not Client.objects.visible_to(by).filter(pk=member.pk).exists():
        raise CannotKeep("member", _("Choose one person whom you may see."))
    if GroupMember.objects.filter(client=client, member=member).delete()[0]:
        events.announce(MembersChanged(client.pk))
