"""What an export holds: one part for each table that leads to a client.

A part takes every field of its table. What it leaves out stands in ``left_out`` with the
reason, so that nothing is missing by oversight. A room above declares its own tables with
``declare`` in its app's ``ready``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.translation import gettext_lazy as _

from rapport.core.policy import Words

NO_KEY = _("a key of the practice; nobody outside can use it")
FOR_SEARCH = _("made from the value beside it, to find it again")
FOR_THE_CHAIN = _("proves that the trail was not changed; it says nothing of the client")


@dataclass(frozen=True)
class Part:
    """One list in ``record.json`` and one section of ``record.html``.

    Args:
        name: the key in ``record.json``.
        model: ``app.Model``; its rows with the client at ``to_client``.
        order: by what the rows are sorted.
        left_out: field names with the reason why they stay here.
        only: a condition on rows, where some are no part of the record yet.
    """

    name: str
    title: Words
    model: str
    to_client: str = "client"
    order: tuple[str, ...] = ("pk",)
    left_out: Mapping[str, Words] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> type[Model]:
        """The model's class."""
        return apps.get_model(self.model)

    def fields(self) -> list["Field[object, object]"]:
        """The fields that leave, as the model lists them."""
        options = self.table._meta
        every = (*options.local_fields, *options.local_many_to_many)
        return [one for one in every if one.name not in self.left_out]


PARTS: list[Part] = []
WITHOUT: dict[str, Words] = {}
"""Tables that lead to a client and are left out altogether, with the reason."""


def declare(part: Part) -> None:
    """Add a part at the end.

    Raises:
        ValueError: two parts of this name.
    """
    if any(one.name == part.name for one in PARTS):
        raise ValueError(f"two parts of an export are called {part.name!r}")
    PARTS.append(part)


def leave_out(model: str, reason: Words) -> None:
    """Say that a whole table stays here, and why."""
    WITHOUT[model] = reason


for _part in (
    Part("client", _("The client"), "people.Client", "pk",
         left_out={"data_key": NO_KEY, "sort_name": FOR_SEARCH}),
    Part("contacts", _("How to reach the client"), "people.Contact", order=("kind", "pk"),
         left_out={"lookup": FOR_SEARCH}),
    Part("related_people", _("Around the client"), "people.RelatedPerson",
         order=("-emergency", "pk")),
    Part("members", _("Members of this couple or family"), "people.GroupMember"),
    Part("member_of", _("Couples and families the client belongs to"), "people.GroupMember",
         "member"),
    Part("episodes", _("Episodes of care"), "people.Episode", order=("opened_on", "pk")),
    Part("consents", _("Consents on file"), "people.Consent", order=("given_on", "pk")),
    Part("care_team", _("Care team"), "people.CareTeamMember", order=("from_on", "pk")),
    Part("break_glass", _("Opened in need"), "people.BreakGlass", order=("opened_at", "pk")),
    Part("looks", _("Who looked, and who changed something"), "core.AuditEntry", "about",
         order=("number",),
         left_out={"subject": _("ids of rows inside the practice"),
                   "origin": _("where the colleague sat; it is about the colleague"),
                   "key_version": FOR_THE_CHAIN, "mac": FOR_THE_CHAIN}),
):  # fmt: skip
    declare(_part)

leave_out("people.NameGram", FOR_SEARCH)
leave_out("people.Imported", _("a line number in a table that is forgotten after a month"))
