"""A questionnaire that was asked, the answers on it, and the score they make."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import vault
from rapport.people.clients.models import Client, OfClient


class PointsField(models.FloatField):
    """Points of a scale: whole ones are read as whole numbers, so that 14 stands as 14."""

    def from_db_value(self, value: float | None, *_: Any) -> int | float | None:
        """The number as the questionnaire counts it."""
        return int(value) if value is not None and value == int(value) else value


class ClinicalOfClient(OfClient):
    """Rows that belong to a client and are read by whoever treats the client."""

    def clinical_to(self, by: Any) -> "ClinicalOfClient":
        """Rows of clients whose clinical record ``by`` may read."""
        return self.filter(client__in=Client.objects.clinical_to(by).values("pk"))


class SelfReports(models.Manager.from_queryset(ClinicalOfClient)):  # type: ignore[misc]
    """Scores of what clients said of themselves. Change, bands, what is expected, outcomes and
    research are about these alone; whoever wants another informant's asks for them by name."""

    def get_queryset(self) -> ClinicalOfClient:
        """Without what somebody else answered about the client."""
        found: ClinicalOfClient = super().get_queryset().filter(informant=None)
        return found


class Occasion(models.TextChoices):
    """What a questionnaire is asked by itself for."""

    INTAKE = "INTAKE", _("when care begins")
    SESSION = "SESSION", _("before each session")
    DAYS = "DAYS", _("at regular intervals")
    MONTH = "MONTH", _("every month")
    REVIEW = "REVIEW", _("after a number of sessions")
    DATE = "DATE", _("on a day")
    DISCHARGE = "DISCHARGE", _("when care ends")
    FOLLOW_UP = "FOLLOW_UP", _("after care has ended")
    RAISED = "RAISED", _("because of an answer")


class Ask(models.Model):
    """A standing rule: ask this client, or somebody about them, this measure on this occasion."""

    class Ended(models.TextChoices):
        """Why it ended, where nobody ended it by hand."""

        DONE = "DONE", _("asked")
        CARE = "CARE", _("care has ended")
        DIED = "DIED", _("not asked: the client has died")
        NO_WORD = "NO_WORD", _("not asked: no consent to follow-up is on file")
        FORBIDDEN = "FORBIDDEN", _("not asked: the client wants no messages")
        UNAGREED = "UNAGREED", _("not asked: no consent to asking other people was on file")
        GONE = "GONE", _("not asked: this person is not around the client any more")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "instrument": "code", "occasion": "code", "count": "code",
        "hours_before": "code", "every_days": "code", "next_at": "time", "since": "time",
        "episode": "link", "recheck": "link", "because": "link", "set_by": "link",
        "set_at": "time", "ended_at": "time", "ended_why": "code", "informant": "link",
        "calls": "sealed", "language": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="asks")
    instrument = models.CharField(max_length=60, help_text="Library id.")
    occasion = models.CharField(max_length=9, choices=Occasion, default=Occasion.SESSION)
    count = models.PositiveSmallIntegerField(
        default=0, help_text="Sessions before a review; weeks after care has ended."
    )
    hours_before = models.PositiveSmallIntegerField(default=24)
    every_days = models.PositiveSmallIntegerField(
        null=True, help_text="So many days apart, at regular intervals."
    )
    next_at = models.DateTimeField(null=True, help_text="When the calendar asks the next time.")
    since = models.DateTimeField(null=True, help_text="Sessions after this count for a review.")
    episode = models.ForeignKey(
        "people.Episode", models.SET_NULL, null=True, related_name="+",
        help_text="The stretch of care it follows; null is whichever ends last.",
    )  # fmt: skip
    recheck = models.ForeignKey(
        "progress.Recheck", models.SET_NULL, null=True, related_name="+",
        help_text="The rule that a result has met.",
    )  # fmt: skip
    because = models.ForeignKey(
        "progress.Sheet", models.SET_NULL, null=True, related_name="+", help_text="That result."
    )
    informant = models.ForeignKey(
        "progress.Informant", models.CASCADE, null=True, related_name="+",
        help_text="Who is asked about the client; null is the client.",
    )  # fmt: skip
    calls = vault.SealedText(
        "ask.calls", key="client.data_key", null=True, blank=True,
        help_text="What the informant calls the client, where the link's page may say so.",
    )  # fmt: skip
    language = models.CharField(
        max_length=10, blank=True, help_text="Chosen for it; empty is the client's own."
    )
    set_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=9, choices=Ended, blank=True)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "instrument", "occasion", "count"],
                condition=Q(ended_at=None, informant=None),
                name="ask_stands_once",
            ),
            models.UniqueConstraint(
                fields=["informant", "instrument", "occasion", "count"],
                condition=Q(ended_at=None, informant__isnull=False),
                name="ask_of_an_informant_stands_once",
            ),
            models.CheckConstraint(
                condition=(~Q(occasion="DAYS") & Q(every_days=None))
                | Q(occasion="DAYS", every_days__gt=0, next_at__isnull=False),
                name="ask_has_a_next_time_by_the_calendar",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(ended_at=None, next_at__isnull=False),
                name="ask_by_next",
            ),
            models.Index(fields=["client", "ended_at"], name="ask_of_client"),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Asked(models.Model):
    """One questionnaire put once, to a client or to somebody about them: by link, in the portal,
    or at the desk."""

    class Way(models.TextChoices):
        LINK = "LINK", _("by link")
        PORTAL = "PORTAL", _("in the portal")
        DESK = "DESK", _("at the desk")

    class State(models.TextChoices):
        OPEN = "OPEN", _("not answered yet")
        ANSWERED = "ANSWERED", _("answered")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "appointment": "link", "instrument": "code",
        "version": "code", "language": "code", "way": "code", "state": "code", "token": "secret",
        "draft": "sealed", "asked_by": "link", "asked_at": "time", "expires_at": "time",
        "opened_at": "time", "kept_at": "time", "looked_at": "time", "closed_at": "time",
        "sitting": "link", "part": "code", "rule": "link", "keeps": "code", "informant": "link",
        "calls": "sealed", "in_interview": "code",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="asked")
    appointment = models.ForeignKey(
        "meeting.Appointment", models.SET_NULL, null=True, related_name="+"
    )
    instrument = models.CharField(max_length=60, help_text="Library id.")
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10, help_text="Of the words that are shown.")
    way = models.CharField(max_length=6, choices=Way)
    sitting = models.UUIDField(
        null=True, editable=False, help_text="What is answered in one go; null is by itself."
    )
    part = models.PositiveSmallIntegerField(default=1, help_text="Its place in the sitting.")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    token = models.BinaryField(
        max_length=32, null=True, unique=True, help_text="Digest of the link's secret."
    )
    rule = models.ForeignKey(
        Ask, models.SET_NULL, null=True, related_name="+", help_text="What asked it by itself."
    )
    informant = models.ForeignKey(
        "progress.Informant", models.CASCADE, null=True, related_name="+",
        help_text="Who is asked about the client; null is the client.",
    )  # fmt: skip
    calls = vault.SealedText(
        "asked.calls", key="client.data_key", null=True, blank=True,
        help_text="What the informant calls the client, where the link's page may say so.",
    )  # fmt: skip
    in_interview = models.BooleanField(
        default=False,
        help_text="Somebody here asks and taps the answers; nothing is put to anybody.",
    )
    draft = vault.SealedJSON("asked.draft", key="client.data_key", default=dict)
    asked_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, help_text="When the draft was last written.")
    keeps = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was written without a minute's pause."
    )
    looked_at = models.DateTimeField(
        null=True, help_text="When the draft as it stands was looked through for danger."
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ClinicalOfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "instrument"],
                condition=Q(appointment__isnull=False, informant=None) & ~Q(state="WITHDRAWN"),
                name="asked_once_before_a_session",
            ),
            models.UniqueConstraint(
                fields=["appointment", "instrument", "informant"],
                condition=Q(appointment__isnull=False, informant__isnull=False)
                & ~Q(state="WITHDRAWN"),
                name="informant_asked_once_before_a_session",
            ),
            models.UniqueConstraint(
                fields=["sitting", "part"],
                condition=Q(sitting__isnull=False),
                name="each_part_of_a_sitting_once",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-asked_at"], name="asked_by_client"),
            models.Index(fields=["state", "expires_at"], name="asked_by_state"),
            models.Index(fields=["instrument", "asked_at"], name="asked_by_instrument"),
            models.Index(fields=["kept_at"], condition=Q(looked_at=None), name="asked_by_kept"),
        ]

    def __str__(self) -> str:
        return f"asked {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Sheet(models.Model):
    """Answers as they were given, raw. Never changed: a correction is a new sheet."""

    class Source(models.TextChoices):
        CLIENT = "CLIENT", _("answered by the client")
        INTERVIEW = "INTERVIEW", _("asked by the clinician")
        PAPER = "PAPER", _("copied from paper")
        INFORMANT = "INFORMANT", _("answered by somebody else by link")
        CLINICIAN = "CLINICIAN", _("rated by the clinician")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "asked": "link", "instrument": "code", "version": "code",
        "language": "code", "source": "code", "answers": "sealed", "facts": "sealed",
        "answered_at": "time", "entered_by": "link", "replaced_by": "link",
        "keyed_times": "code", "informant": "link", "notes": "sealed",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="sheets")
    asked = models.OneToOneField(Asked, models.CASCADE, null=True, related_name="sheet")
    instrument = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    source = models.CharField(max_length=9, choices=Source)
    informant = models.ForeignKey(
        "progress.Informant", models.CASCADE, null=True, related_name="sheets",
        help_text="Who answered about the client; null is the client.",
    )  # fmt: skip
    answers = vault.SealedJSON("sheet.answers", key="client.data_key", default=dict)
    facts = vault.SealedJSON("sheet.facts", key="client.data_key", default=dict)
    notes = vault.SealedJSON(
        "sheet.notes", key="client.data_key", null=True, blank=True,
        help_text="What an interviewer noted to answers, by item; never scored.",
    )  # fmt: skip
    answered_at = models.DateTimeField()
    entered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    keyed_times = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was keyed from paper; 0 is not from paper, or unknown."
    )
    replaced_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="replaces", help_text="The correction."
    )

    objects = ClinicalOfClient.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client", "instrument", "answered_at"], name="sheet_by_client"),
        ]

    def __str__(self) -> str:
        return f"sheet {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id


class Score(models.Model):
    """What a sheet comes to, by the version of the instrument it was answered in.

    A questionnaire without a total has beside that one each of its parts as a score of its own,
    under the name ``alone`` gives it.
    """

    class Status(models.TextChoices):
        SCORED = "SCORED", _("scored")
        PRORATED = "PRORATED", _("prorated")
        NOT_SCORABLE = "NOT_SCORABLE", _("not scorable")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "client": "link", "sheet": "link", "instrument": "code", "at": "time",
        "status": "code", "total": "score", "total_rounded": "score", "band": "score",
        "above_cutoff": "score", "risk": "score", "subscales": "score", "findings": "score",
        "informant": "link", "whole": "link",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="scores")
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    whole = models.OneToOneField(
        Sheet, models.CASCADE, null=True, related_name="score",
        help_text="The same sheet, where this is what all of it comes to; null is a part.",
    )  # fmt: skip
    instrument = models.CharField(max_length=60, help_text="Library id, of a part its name.")
    at = models.DateTimeField(help_text="When the sheet was answered.")
    informant = models.ForeignKey(
        "progress.Informant", models.CASCADE, null=True, related_name="scores",
        help_text="As on its sheet: one series is one informant's.",
    )  # fmt: skip
    status = models.CharField(max_length=12, choices=Status)
    total = models.FloatField(null=True, help_text="Unrounded.")
    total_rounded = PointsField(
        null=True, help_text="Half up, to the decimals of the questionnaire; the band is of this."
    )
    band = models.CharField(max_length=40, blank=True, help_text="Code in the instrument's file.")
    above_cutoff = models.BooleanField(null=True)
    risk = models.BooleanField(null=True, help_text="Null: the item was not answered.")
    subscales = models.JSONField(default=dict)
    findings = models.JSONField(
        null=True, help_text="What the form's algorithms say, by code; null was never kept."
    )

    objects = SelfReports()
    of_all = ClinicalOfClient.as_manager()

    class Meta:
        default_manager_name = "of_all"  # whoever exports or counts rows misses none
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "instrument"], name="each_part_of_a_sheet_scored_once"
            ),
            models.CheckConstraint(
                condition=Q(whole=None) | Q(whole=models.F("sheet")),
                name="score_is_of_the_whole_of_its_sheet",
            ),
        ]
        indexes = [models.Index(fields=["client", "instrument", "at"], name="score_by_client")]

    def __str__(self) -> str:
        return f"score {self.pk}"

    @property
    def audit_about(self) -> uuid.UUID:
        """The client an audit entry about this row concerns."""
        return self.client_id
