"""A job: something promised, done later, at least once; and when each clock last struck."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One promise. It holds ids and the class of its last error, never a word of content."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        RUNNING = "RUNNING", _("running")
        DONE = "DONE", _("done")
        DEAD = "DEAD", _("given up")

    field_classes = {
        "id": "id",
        "name": "code",
        "args": "link",
        "state": "code",
        "run_at": "time",
        "attempts": "code",
        "max_attempts": "code",
        "lease_until": "time",
        "worker": "code",
        "unique_key": "code",
        "error": "code",
        "progress_done": "code",
        "progress_total": "code",
        "created_at": "time",
        "finished_at": "time",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    args = models.JSONField(default=dict, help_text="Ids, numbers and dates by keyword.")
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    run_at = models.DateTimeField(help_text="UTC. Not before this instant.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Runs begun so far.")
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_until = models.DateTimeField(
        null=True, help_text="UTC. A running job past this instant has lost its worker."
    )
    worker = models.CharField(max_length=32, blank=True, help_text="Random, new for each run.")
    unique_key = models.CharField(
        max_length=200, null=True, help_text="At most one waiting or running job has this key."
    )
    error = models.CharField(max_length=100, blank=True, help_text="Class of the last exception.")
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=["QUEUED", "RUNNING"]),
                name="job_is_promised_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="RUNNING") | (Q(lease_until__isnull=False) & ~Q(worker="")),
                name="job_that_runs_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_due"),
            models.Index(fields=["state", "finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"


class Tick(models.Model):
    """When a clock last struck. Locking the row is what keeps two schedulers from both striking."""

    field_classes = {"name": "code", "last_at": "time"}

    name = models.CharField(primary_key=True, max_length=100)
    last_at = models.DateTimeField(help_text="UTC. The planned instant, not the actual one.")

    def __str__(self) -> str:
        return f"tick {self.name}"
