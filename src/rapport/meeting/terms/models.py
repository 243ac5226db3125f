"""Terms of calling off: what was in force from when, and which version a client accepted."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.people.clients.models import OfClient

from .rules import LONGEST


class Terms(models.Model):
    """One version of the practice's terms. It is never changed: another one takes its place."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "version": "code", "hours": "setting", "texts": "setting", "from_on": "time",
        "made_at": "time", "made_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(unique=True)
    hours = models.PositiveSmallIntegerField(
        help_text="Before a meeting; called off later counts as late. 0: never."
    )
    texts = models.JSONField(default=dict, help_text="What clients read, by language.")
    from_on = models.DateField(help_text="The first day on which it is in force.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = _("terms")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hours__lte=LONGEST), name="terms_are_of_two_weeks_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"terms {self.version}"

    def read(self, *languages: str) -> tuple[str, str]:
        """The text in the first of ``languages`` that it has, else in any, and its language."""
        for language in languages:
            for code in (language, language.split("-")[0]):
                if self.texts.get(code):
                    return self.texts[code], code
        return next(((text, code) for code, text in sorted(self.texts.items()) if text), ("", ""))


class Accepted(models.Model):
    """That a client accepted terms: when booking, in the language they were read, or on paper or
    by word, as somebody here noted."""

    class How(models.TextChoices):
        ONLINE = "ONLINE", _("when booking")
        PAPER = "PAPER", _("on paper")
        WORD = "WORD", _("by word")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "terms": "link", "at": "time",
        "language": "code", "how": "code", "noted_at": "time", "noted_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    appointment = models.OneToOneField(
        "meeting.Appointment", models.CASCADE, null=True, related_name="accepted"
    )
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    language = models.CharField(max_length=10, blank=True)
    how = models.CharField(max_length=6, choices=How, default=How.ONLINE)
    noted_at = models.DateTimeField(null=True, help_text="By somebody here; else none.")
    noted_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how="ONLINE") ^ models.Q(appointment=None),
                name="accepted_when_booking_or_noted_here",
            ),
        ]
        indexes = [models.Index(fields=["client", "-at"], name="accepted_by_client")]

    def __str__(self) -> str:
        return f"accepted terms {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
