"""Whom somebody worked with since an import: they stay when it is taken back."""

import uuid
from collections.abc import Collection

from django.db.models import Model

from rapport.core.action import REGISTERED
from rapport.core.models import AuditEntry
from rapport.core.policy import System

from ..care_team.models import CareTeamMember
from ..clients.models import Client, Contact, NameGram
from ..episodes.models import Episode
from ..staff.models import Staff
from .models import Imported

BROUGHT: tuple[type[Model], ...] = (CareTeamMember, Contact, Episode, Imported, NameGram)
"""The tables an import itself writes; a row in any other was made by somebody."""


def among(ids: Collection[uuid.UUID], clinician: Staff) -> set[uuid.UUID | None]:
    """Those of these clients who were changed, or about whom something was written.

    A change stands in the audit trail; that somebody merely looked does not count. Whoever
    was handed over to another than the import's first ``clinician`` counts as well.
    """
    changes = set(REGISTERED.values())
    said = AuditEntry.objects.filter(about__in=ids, allowed=True, verb__in=changes)
    found = set(said.exclude(by=System("import").pk).values_list("about", flat=True))
    found |= set(
        Client.objects.filter(pk__in=ids, account__isnull=False).values_list("pk", flat=True)
    )
    team = CareTeamMember.objects.filter(client__in=ids)
    found |= set(team.exclude(staff=clinician, until_on=None).values_list("client", flat=True))
    for relation in Client._meta.related_objects:
        rows, column = relation.related_model, relation.field.attname
        if rows not in BROUGHT:
            theirs = rows._base_manager.filter(**{f"{column}__in": ids})
            found |= set(theirs.values_list(column, flat=True))
    return found
