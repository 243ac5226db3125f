"""An inquiry: the row beside somebody who asked for help and is no client yet."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients import scopes
from rapport.people.clients.models import Client

from ..referrers.models import Referrer, Source
from . import rules

ASKS = ("CLINICIAN", "INTERN", "SUPERVISOR", "FRONT_DESK", "OWNER")
"""Roles that have to do with inquiries; a biller has not."""


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries, and who may see them."""

    def visible_to(self, by: Any) -> "InquiryQuerySet":
        """Whom ``by`` may know of anyway; before care begins also one's own, and an owner's all.

        A restricted person is seen by the care team alone. Once somebody is a client, only
        the scope of clients counts.
        """
        what, values = scopes.asker(by)
        if what == "nobody" or (what in ("staff", "desk") and not by.staff.has(*ASKS)):
            return self.none()
        seen = Q(client__in=Client.objects.visible_to(by).values("pk"))
        if what in ("staff", "desk"):
            asks = Q(client__status=Client.Status.INQUIRY, client__restricted=False)
            mine = Q() if by.staff.has("OWNER") else Q(responsible=values["mine"])
            seen |= asks & mine
        return self.filter(seen)

    def open(self) -> "InquiryQuerySet":
        """Those that still wait for something."""
        return self.filter(stage__in=rules.OPEN)


class OfInquiry(models.QuerySet[Any]):
    """Rows that belong to an inquiry and are seen by whoever sees it."""

    def visible_to(self, by: Any) -> "OfInquiry":
        """Rows of inquiries that ``by`` may see."""
        return self.filter(inquiry__in=Inquiry.objects.visible_to(by).values("pk"))


class Inquiry(models.Model):
    """How somebody came, what they look for, who answers, and how far it has got."""

    class CameBy(models.TextChoices):
        FORM = "FORM", _("public page")
        PHONE = "PHONE", _("phone")
        MAIL = "MAIL", _("mail or letter")
        PERSON = "PERSON", _("in person")

    class Stage(models.TextChoices):
        NEW = "NEW", _("new")
        CALLED = "CALLED", _("called back")
        CONSULTATION = "CONSULTATION", _("consultation")
        FIT = "FIT", _("does it fit")
        OFFERED = "OFFERED", _("place offered")
        STARTED = "STARTED", _("started")
        REFERRED = "REFERRED", _("referred on")
        CLOSED = "CLOSED", _("closed")

    class Why(models.TextChoices):
        FULL = "FULL", _("no place here")
        NOT_OURS = "NOT_OURS", _("needs something else")
        CONFLICT = "CONFLICT", _("conflict of interest")
        ELSEWHERE = "ELSEWHERE", _("found somebody else")
        COST = "COST", _("the cost")
        LATER = "LATER", _("not now, perhaps later")
        SILENT = "SILENT", _("did not answer any more")
        OTHER = "OTHER", _("other")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "came_by": "code", "source": "link", "referrer": "link",
        "seeks": "sealed", "clinician": "link", "type": "link", "way": "code",
        "received_at": "time", "answered_at": "time", "stage": "code", "stage_since": "time",
        "why": "code", "responsible": "link", "entered_by": "link", "once": "code",
        "may_contact_at": "time", "held_at": "time", "held_for": "sealed", "revision": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField("people.Client", models.CASCADE, related_name="inquiry")
    came_by = models.CharField(max_length=6, choices=CameBy, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    referrer = models.ForeignKey(Referrer, models.PROTECT, null=True, related_name="+")
    seeks = vault.SealedText("inquiry.seeks", key="client.data_key", blank=True)
    clinician = models.ForeignKey(
        "people.Staff", models.PROTECT, null=True, related_name="+",
        help_text="Whom they would like to see.",
    )  # fmt: skip
    type = models.ForeignKey(
        "meeting.AppointmentType", models.SET_NULL, null=True, related_name="+"
    )
    way = models.CharField(max_length=5, choices=Appointment.Way, blank=True)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text="When somebody first answered.")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.NEW)
    stage_since = models.DateTimeField()
    why = models.CharField(max_length=9, choices=Why, blank=True)
    responsible = models.ForeignKey(
        "people.Staff", models.PROTECT, null=True, related_name="+", help_text="Who answers."
    )
    entered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    once = models.UUIDField(null=True, unique=True, help_text="A form sent twice makes one.")
    may_contact_at = models.DateTimeField(null=True, help_text="When they said so on the page.")
    held_at = models.DateTimeField(null=True, help_text="Not removed while this is set.")
    held_for = vault.SealedText("inquiry.held_for", key="client.data_key", blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="CLOSED") ^ Q(why=""), name="inquiry_says_why_it_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "received_at"], name="inquiry_by_stage"),
            models.Index(fields=["received_at"], name="inquiry_by_day"),
        ]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    seen_by: Any = None  # whose scope this row was loaded in; never stored

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.stage in rules.OPEN

    @property
    def next_stage(self) -> "tuple[str, str] | None":
        """The step that usually follows, as code and words."""
        code = rules.next_stage(self.stage)
        return (code, str(self.Stage(code).label)) if code else None

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class InquiryEntry(models.Model):
    """One line of an inquiry's log: a call, a letter, a step, and what it was before."""

    class What(models.TextChoices):
        SPOKE = "SPOKE", _("spoke with them")
        NOT_REACHED = "NOT_REACHED", _("called, not reached")
        MESSAGE = "MESSAGE", _("left a message")
        WROTE = "WROTE", _("wrote to them")
        HEARD = "HEARD", _("they called or wrote")
        NOTED = "NOTED", _("noted")
        MOVED = "MOVED", _("moved on")
        TAKEN_BACK = "TAKEN_BACK", _("taken back")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "inquiry": "link", "what": "code", "stage": "code",
        "at": "time", "by": "link", "words": "sealed", "before": "code", "revision": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="entries")
    what = models.CharField(max_length=11, choices=What)
    stage = models.CharField(max_length=12, choices=Inquiry.Stage, help_text="After it.")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    words = vault.SealedText("inquiry_entry.words", key="client.data_key", blank=True)
    before = models.JSONField(default=dict, help_text="What undoes it: ids and codes.")
    revision = models.PositiveIntegerField(help_text="The inquiry's revision it led to.")

    objects = OfInquiry.as_manager()

    class Meta:
        indexes = [models.Index(fields=["inquiry", "-at"], name="entry_of_inquiry")]

    def __str__(self) -> str:
        return f"inquiry entry {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class InquiryTask(models.Model):
    """Something to do for an inquiry, by a day."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "inquiry": "link", "words": "sealed", "due_on": "time",
        "whose": "link", "made_at": "time", "made_by": "link", "done_at": "time",
        "done_by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="tasks")
    words = vault.SealedText("inquiry_task.words", key="client.data_key")
    due_on = models.DateField()
    whose = models.ForeignKey("people.Staff", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfInquiry.as_manager()

    class Meta:
        indexes = [models.Index(fields=["done_at", "due_on"], name="inquiry_task_due")]

    def __str__(self) -> str:
        return f"inquiry task {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class ConflictCheck(models.Model):
    """Names somebody asked about before a first meeting, and what the answer was.

    Whom they may be is not kept: who may see a client finds the match anew.
    """

    class Outcome(models.TextChoices):
        CLEAR = "CLEAR", _("nobody here fits")
        SEEN = "SEEN", _("shown to whoever asked")
        LOOK = "LOOK", _("somebody here should look")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "inquiry": "link", "names": "sealed", "at": "time",
        "by": "link", "outcome": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="checks")
    names = vault.SealedJSON("conflict_check.names", key="client.data_key")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=5, choices=Outcome)

    objects = OfInquiry.as_manager()

    def __str__(self) -> str:
        return f"conflict check {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class LooksQuerySet(models.QuerySet["ConflictLook"]):
    """Looks, each seen by the one colleague who is asked."""

    def visible_to(self, by: Any) -> "LooksQuerySet":
        """Those that ``by`` is asked for."""
        return self.filter(staff=by.staff) if by.staff is not None else self.none()


class ConflictLook(models.Model):
    """One colleague is asked whether a check touches somebody whom they treat."""

    class Answer(models.TextChoices):
        CLEAR = "CLEAR", _("nothing stands in the way")
        STANDS = "STANDS", _("something stands in the way")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "check_of": "link", "staff": "link", "answer": "code",
        "at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    check_of = models.ForeignKey(ConflictCheck, models.CASCADE, related_name="looks")
    staff = models.ForeignKey("people.Staff", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    at = models.DateTimeField(null=True, help_text="When it was answered.")

    objects = LooksQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "staff"], name="look_is_asked_once"),
        ]

    def __str__(self) -> str:
        return f"conflict look {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Referral(models.Model):
    """Somebody was sent on to a colleague outside: what was told, and what they agreed to."""

    class Shared(models.TextChoices):
        NAME = "NAME", _("their name")
        PHONE = "PHONE", _("their phone number")
        MAIL = "MAIL", _("their mail address")
        SEEKS = "SEEKS", _("what they look for, as written here")

    class How(models.TextChoices):
        SAID = "SAID", _("said so")
        WRITTEN = "WRITTEN", _("in writing")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "inquiry": "link", "referrer": "link", "shared": "code",
        "told": "sealed", "agreed_on": "time", "agreed_how": "code", "at": "time", "by": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="referrals")
    referrer = models.ForeignKey(Referrer, models.PROTECT, related_name="+")
    shared = models.JSONField(default=list, help_text="Of Shared; none: they call themselves.")
    told = vault.SealedText("referral.told", key="client.data_key", blank=True)
    agreed_on = models.DateField(null=True)
    agreed_how = models.CharField(max_length=7, choices=How, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")

    objects = OfInquiry.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_on=None, agreed_how="")
                | Q(agreed_on__isnull=False) & ~Q(agreed_how=""),
                name="referral_says_when_and_how_they_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @property
    def passes_on(self) -> bool:
        """Whether anything was passed on; else they were given the colleague's number."""
        return self.agreed_on is not None

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Keeping(models.Model):
    """One row: how long somebody who never became a client is remembered."""

    field_classes: ClassVar[dict[str, str]] = {"id": "id", "months": "setting"}

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    months = models.PositiveSmallIntegerField(default=rules.MONTHS)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="keeping_is_one")]

    def __str__(self) -> str:
        return "keeping"


class PastInquiry(models.Model):
    """What is left of an inquiry that was removed: a month and codes, for the numbers alone."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "month": "time", "source": "link", "referrer": "link", "came_by": "code",
        "minutes": "code", "in_time": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(help_text="Its first day.")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    referrer = models.ForeignKey(Referrer, models.PROTECT, null=True, related_name="+")
    came_by = models.CharField(max_length=6, choices=Inquiry.CameBy, blank=True)
    minutes = models.PositiveIntegerField(null=True, help_text="To the first answer.")
    in_time = models.BooleanField(null=True, help_text="Whether that came as was promised.")

    class Meta:
        indexes = [models.Index(fields=["month"], name="past_inquiry_by_month")]

    def __str__(self) -> str:
        return f"past inquiry {self.pk}"
