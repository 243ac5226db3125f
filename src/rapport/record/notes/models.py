"""A progress note, what was added to a signed one, and a second draft that nobody may lose."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import Client, OfClient


class OfRecord(OfClient):
    """Rows of a client's record, read by whoever treats the client."""

    def clinical_to(self, by: Any) -> "OfRecord":
        """Rows of clients whose clinical record ``by`` may read."""
        return self.filter(client__in=Client.objects.clinical_to(by).values("pk"))


class NoteQuerySet(OfRecord):
    """Notes; a draft is its author's until it is handed in."""

    def clinical_to(self, by: Any) -> "NoteQuerySet":
        """Notes that stand or wait, of clients ``by`` treats; drafts of ``by`` alone."""
        seen: Any = super().clinical_to(by)
        if getattr(by, "is_system", False):
            return seen
        mine = getattr(by.staff, "pk", None)
        return seen.exclude(Q(state__in=("DRAFT", "RETURNED")) & ~Q(author=mine))


class Note(models.Model):
    """What happened in one contact, by one author. Sections are CommonMark."""

    class Kind(models.TextChoices):
        SESSION = "SESSION", _("session")
        PHONE = "PHONE", _("phone call")
        COLLATERAL = "COLLATERAL", _("collateral contact")
        MISSED = "MISSED", _("missed session")
        CRISIS = "CRISIS", _("crisis contact")
        OTHER = "OTHER", _("other contact")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        WAITING = "WAITING", _("waits for co-signature")
        RETURNED = "RETURNED", _("returned with remarks")
        SIGNED = "SIGNED", _("signed")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "author": "link", "appointment": "link", "kind": "code",
        "late": "code", "template": "code", "template_version": "code", "happened_on": "time",
        "started_at": "time", "ended_at": "time", "state": "code", "sections": "sealed",
        "drawn_in": "sealed", "revision": "code", "created_at": "time", "saved_at": "time",
        "signed_at": "time", "seal": "code", "seal_key": "sealed", "supervisor": "link",
        "cosigned_at": "time", "remarks": "sealed", "once": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="notes")
    author = models.ForeignKey("people.Staff", models.PROTECT, related_name="notes")
    appointment = models.ForeignKey(
        "meeting.Appointment", models.PROTECT, null=True, related_name="notes"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SESSION)
    late = models.BooleanField(default=False, help_text="A late entry, marked as one.")
    template = models.CharField(max_length=40, help_text="Library id.")
    template_version = models.PositiveSmallIntegerField(default=1)
    happened_on = models.DateField(help_text="Practice-local.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    sections = vault.SealedJSON("note.sections", key="client.data_key", default=dict)
    drawn_in = vault.SealedJSON(
        "note.drawn_in", key="client.data_key", help_text="Scores as they stood when drawn in."
    )
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every save.")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, help_text="By the author.")
    seal = models.BinaryField(
        max_length=32, null=True, help_text="HMAC of content, signers and times."
    )
    seal_key = vault.SealedText("note.seal_key", key="client.data_key", null=True)
    supervisor = models.ForeignKey(
        "people.Staff", models.PROTECT, null=True, related_name="+",
        help_text="Whose co-signature it waits for, or has.",
    )  # fmt: skip
    cosigned_at = models.DateTimeField(null=True)
    remarks = vault.SealedText("note.remarks", key="client.data_key", blank=True)
    once = models.UUIDField(null=True, unique=True, help_text="A form sent twice opens one.")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "author"], condition=Q(appointment__isnull=False),
                name="note_of_appointment_and_author_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(state="SIGNED", seal__isnull=False, signed_at__isnull=False)
                | (~Q(state="SIGNED") & Q(seal=None)),
                name="note_is_sealed_when_signed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at=None) | Q(ended_at__gt=F("started_at")),
                name="note_ends_after_it_starts",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["client", "-happened_on"], name="note_by_client"),
            models.Index(fields=["author", "state", "happened_on"], name="note_by_author"),
            models.Index(fields=["supervisor", "state"], name="note_by_supervisor"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class OtherDraft(models.Model):
    """What a second tab or device wrote into a draft that had moved on. Kept until decided."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "note": "link", "sections": "sealed", "based_on": "code",
        "kept_at": "time", "window": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    note = models.ForeignKey(Note, models.CASCADE, related_name="other_drafts")
    sections = vault.SealedJSON("other_draft.sections", key="client.data_key", default=dict)
    based_on = models.PositiveIntegerField(help_text="The revision it started from.")
    window = models.UUIDField(help_text="Which open window wrote it: it saves into one row.")
    kept_at = models.DateTimeField()

    objects = OfRecord.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "window"], name="other_draft_of_a_window"),
        ]

    def __str__(self) -> str:
        return f"other draft {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Addendum(models.Model):
    """What was added to a signed note, sealed by itself and bound to the note's seal."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "note": "link", "author": "link", "text": "sealed",
        "signed_at": "time", "seal": "code", "seal_key": "sealed", "once": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    note = models.ForeignKey(Note, models.PROTECT, related_name="addenda")
    author = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    text = vault.SealedText("addendum.text", key="client.data_key")
    signed_at = models.DateTimeField()
    seal = models.BinaryField(max_length=32)
    seal_key = vault.SealedText("addendum.seal_key", key="client.data_key")
    once = models.UUIDField(null=True, unique=True)

    objects = OfRecord.as_manager()

    class Meta:
        indexes = [models.Index(fields=["note", "signed_at"], name="addendum_of_note")]

    def __str__(self) -> str:
        return f"addendum {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
