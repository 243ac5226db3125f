"""Somebody else who answers about a client. No row stands for the client, who is nobody else."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.people.clients.models import RelatedPerson

from ..measures.models import ClinicalOfClient


class Informant(models.Model):
    """One person, or one role, whose answers about a client are a series of their own."""

    class Kind(models.TextChoices):
        PARENT = "PARENT", _("parent")
        GUARDIAN = "GUARDIAN", _("guardian")
        TEACHER = "TEACHER", _("teacher")
        PARTNER = "PARTNER", _("partner")
        CHILD = "CHILD", _("child")
        OTHER = "OTHER", _("somebody else")
        CLINICIAN = "CLINICIAN", _("clinician")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "kind": "code", "person": "link", "rater": "link",
        "by_role": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="informants")
    kind = models.CharField(max_length=9, choices=Kind)
    person = models.ForeignKey(
        "people.RelatedPerson", models.SET_NULL, null=True, related_name="+",
        help_text="Null where a role alone is known, or where the person was forgotten since.",
    )  # fmt: skip
    rater = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    by_role = models.BooleanField(
        default=False, help_text="Only the role is known: it may be somebody else each time."
    )

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="CLINICIAN", rater__isnull=False, person=None, by_role=False)
                | (~Q(kind="CLINICIAN") & Q(rater=None)),
                name="a_clinician_who_rates_is_known",
            ),
            models.UniqueConstraint(
                fields=["client", "person"], condition=Q(person__isnull=False),
                name="informant_is_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["client", "rater"], condition=Q(rater__isnull=False),
                name="informant_is_a_rater_once",
            ),
            models.UniqueConstraint(
                fields=["client", "kind"], condition=Q(by_role=True),
                name="informant_is_a_role_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"informant {self.pk}"

    @classmethod
    def of(cls, person: RelatedPerson) -> "Informant":
        """Somebody around a client as who answers: the same row each time, so that it is one
        series."""
        kept, _new = cls.objects.get_or_create(
            client_id=person.client_id, person=person, defaults={"kind": person.relation}
        )
        return kept

    @property
    def relation(self) -> str:
        """What they are to the client as it is noted now, or was before they were forgotten."""
        return self.person.relation if self.person is not None else self.kind

    @property
    def is_gone(self) -> bool:
        """Whether this was somebody around the client who was forgotten since."""
        return self.person_id is None and self.rater_id is None and not self.by_role

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
