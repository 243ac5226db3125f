"""A client: who is helped, how to reach them safely, and who belongs to them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault

from . import scopes


class ClientQuerySet(models.QuerySet["Client"]):
    """Clients, and the two scopes in which they may be seen."""

    def visible_to(self, by: Any) -> "ClientQuerySet":
        """Clients whose existence ``by`` may know of (administrative scope)."""
        return self.filter(scopes.administrative(by))

    def clinical_to(self, by: Any) -> "ClientQuerySet":
        """Clients whose notes, measures and risk ``by`` may read (clinical scope)."""
        return self.filter(scopes.clinical(by))

    def current(self) -> "ClientQuerySet":
        """Clients who are not archived."""
        return self.filter(archived_at=None)


class OfClient(models.QuerySet[Any]):
    """Rows that belong to a client and are seen by whoever sees the client."""

    def visible_to(self, by: Any) -> "OfClient":
        """Rows of clients whom ``by`` may know of."""
        return self.filter(client__in=Client.objects.visible_to(by).values("pk"))

    def few_visible_to(self, by: Any) -> "OfClient":
        """The same where the rows are few by themselves: see ``scopes.of_rows``."""
        return self.filter(scopes.of_rows(scopes.administrative(by)))


class Client(models.Model):
    """Somebody who is helped here, or a couple or family that is helped together."""

    class Kind(models.TextChoices):
        ADULT = "ADULT", _("adult")
        MINOR = "MINOR", _("minor")
        COUPLE = "COUPLE", _("couple")
        FAMILY = "FAMILY", _("family")

    class Status(models.TextChoices):
        INQUIRY = "INQUIRY", _("inquiry")
        WAITING = "WAITING", _("waiting")
        ACTIVE = "ACTIVE", _("active")
        DISCHARGED = "DISCHARGED", _("discharged")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "data_key": "link", "account": "link", "kind": "code", "status": "code",
        "legal_name": "name", "preferred_name": "name", "sort_name": "name",
        "pronouns": "code", "birth_on": "time", "languages": "code", "place": "link",
        "restricted": "code", "address": "sealed", "remark": "sealed", "created_at": "time",
        "archived_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    account = models.OneToOneField(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="_client"
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.ADULT)
    status = models.CharField(max_length=10, choices=Status, default=Status.INQUIRY)
    legal_name = models.CharField(max_length=300)
    preferred_name = models.CharField(max_length=300, blank=True)
    sort_name = models.CharField(max_length=300, db_index=True, help_text="Folded, for lists.")
    pronouns = models.CharField(max_length=40, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text="BCP 47 codes.")
    place = models.ForeignKey("people.Place", models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False, help_text="The care team only.")
    address = vault.SealedText("client.address", key="data_key", blank=True)
    remark = vault.SealedText("client.remark", key="data_key", blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "sort_name"], name="client_by_status"),
            models.Index(fields=["place", "sort_name"], name="client_by_place"),
            models.Index(fields=["birth_on"], name="client_by_birth"),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"

    seen_by: Any = None  # whose scope this row was loaded in; never stored
    belongs: bool = False  # to a couple or family, where ``queries.get`` has asked

    @property
    def is_together(self) -> bool:
        """Whether this is a couple or family: several people, each with a record of their own."""
        return self.kind in TOGETHER

    @property
    def name(self) -> str:
        """What the client wants to be called."""
        return self.preferred_name or self.legal_name

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.pk


TOGETHER = (Client.Kind.COUPLE, Client.Kind.FAMILY)


class Contact(models.Model):
    """A phone number or mail address of a client, and what is safe to do with it."""

    class Kind(models.TextChoices):
        PHONE = "PHONE", _("phone")
        MAIL = "MAIL", _("mail")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "kind": "code", "label": "code", "value": "sealed",
        "plain": "sealed", "lookup": "secret", "safe_to_message": "code", "safe_to_text": "code",
        "safe_to_write": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=5, choices=Kind)
    label = models.CharField(max_length=40, blank=True)
    value = vault.SealedText("contact.value", key="client.data_key")
    plain = vault.SealedText("contact.plain", key="client.data_key")  # E.164, or lower-case mail
    lookup = models.BinaryField(max_length=32, db_index=True, help_text="Blind index of plain.")
    safe_to_message = models.BooleanField(default=False, help_text="May leave a message.")
    safe_to_text = models.BooleanField(default=False, help_text="May send a text.")
    safe_to_write = models.BooleanField(default=False, help_text="May write mail.")

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return f"contact {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class RelatedPerson(models.Model):
    """Somebody around the client: a parent, partner, guardian, emergency contact."""

    class Relation(models.TextChoices):
        PARENT = "PARENT", _("parent")
        GUARDIAN = "GUARDIAN", _("guardian")
        PARTNER = "PARTNER", _("partner")
        CHILD = "CHILD", _("child")
        TEACHER = "TEACHER", _("teacher")
        OTHER = "OTHER", _("other")

    class MayKnow(models.TextChoices):
        NOTHING = "NOTHING", _("nothing")
        ATTENDANCE = "ATTENDANCE", _("that the client comes here")
        CARE = "CARE", _("about the care, as agreed")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "relation": "code", "emergency": "code",
        "may_know": "code", "name": "sealed", "reach": "sealed", "remark": "sealed",
        "mail": "sealed", "safe_to_write": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="related_people")
    relation = models.CharField(max_length=8, choices=Relation)
    emergency = models.BooleanField(default=False)
    may_know = models.CharField(max_length=10, choices=MayKnow, default=MayKnow.NOTHING)
    name = vault.SealedText("related.name", key="client.data_key")
    reach = vault.SealedText("related.reach", key="client.data_key", blank=True)
    remark = vault.SealedText("related.remark", key="client.data_key", blank=True)
    mail = vault.SealedText("related.mail", key="client.data_key", null=True, blank=True)
    safe_to_write = models.BooleanField(default=False, help_text="May write mail to that address.")

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return f"related person {self.pk}"

    @property
    def may_be_written_to(self) -> bool:
        """Whether mail goes to them by itself: to an address that is safe, and nobody who may
        not even know that the client comes here."""
        knows = self.may_know != RelatedPerson.MayKnow.NOTHING
        return bool(self.safe_to_write and knows and self.mail)

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class GroupMember(models.Model):
    """A client who belongs to a couple or family that is a client too."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "client": "link", "member": "link"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="members")
    member = models.ForeignKey(Client, models.CASCADE, related_name="member_of")

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "member"], name="member_belongs_once"),
            models.CheckConstraint(
                condition=~Q(client=F("member")), name="member_is_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class NameGram(models.Model):
    """Three letters of a client's folded name: what finding a misspelt name needs."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "client": "link", "gram": "name"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="grams", db_index=False)
    gram = models.CharField(max_length=3)

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gram", "client"], name="gram_stands_once"),
        ]
        indexes = [models.Index(fields=["client"], name="gram_of_client")]

    def __str__(self) -> str:
        return f"name gram {self.pk}"
