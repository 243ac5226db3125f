"""A consent on file. Its text lies elsewhere; here stands which version, when, and how."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from ..clients.models import OfClient


class Consent(models.Model):
    """One agreement of a client, until it is withdrawn."""

    class Kind(models.TextChoices):
        TREATMENT = "TREATMENT", _("treatment")
        PRIVACY = "PRIVACY", _("privacy notice")
        FEES = "FEES", _("fees and cancellation")
        TELEHEALTH = "TELEHEALTH", _("meeting by video or phone")
        MESSAGES = "MESSAGES", _("messages by mail or text")
        RECORDING = "RECORDING", _("recording of sessions")
        RELEASE = "RELEASE", _("release of information")
        RESEARCH = "RESEARCH", _("research with numbers, without a name")
        FOLLOW_UP = "FOLLOW_UP", _("questions after care has ended")
        OTHERS = "OTHERS", _("asking other people about the client")

    class How(models.TextChoices):
        PAPER = "PAPER", _("on paper")
        SCREEN = "SCREEN", _("on a screen")

    class Giver(models.TextChoices):
        """Who agreed; empty is not noted."""

        CLIENT = "CLIENT", _("the client")
        PARENT = "PARENT", _("parent")
        GUARDIAN = "GUARDIAN", _("guardian")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "kind": "code", "version": "code", "given_on": "time",
        "how": "code", "noted_by": "link", "noted_at": "time", "withdrawn_on": "time",
        "giver": "code", "person": "link", "giver_name": "sealed",
    }  # fmt: skip

    never_removed: ClassVar[bool] = True  # ``rapport verify`` misses it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=Kind)
    version = models.CharField(max_length=40, help_text="As printed on the form.")
    given_on = models.DateField()
    how = models.CharField(max_length=6, choices=How, default=How.PAPER)
    giver = models.CharField(max_length=8, choices=Giver, blank=True, default="")
    person = models.ForeignKey(
        "people.RelatedPerson", models.SET_NULL, null=True, related_name="+",
        help_text="Who agreed for the client. Null once they are forgotten.",
    )  # fmt: skip
    giver_name = vault.SealedText(
        "consent.giver_name", key="client.data_key", null=True,
        help_text="As it was noted on that day: whoever is forgotten later agreed all the same.",
    )  # fmt: skip
    noted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_is_withdrawn_after_it_is_given",
            ),
        ]
        indexes = [models.Index(fields=["client", "kind", "-given_on"], name="consent_by_client")]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
