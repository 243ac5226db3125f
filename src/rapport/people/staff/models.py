"""Who works here: roles, places, and who supervises whom for how long."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does here. Several for one person; none of them opens a record alone."""

    OWNER = "OWNER", _("owner")
    CLINICIAN = "CLINICIAN", _("clinician")
    INTERN = "INTERN", _("supervised clinician")
    SUPERVISOR = "SUPERVISOR", _("supervisor")
    FRONT_DESK = "FRONT_DESK", _("front desk")
    BILLER = "BILLER", _("biller")


CLINICAL = frozenset({Role.CLINICIAN, Role.INTERN, Role.SUPERVISOR})


class Staff(models.Model):
    """A person who works in the practice."""

    field_classes = {
        "id": "id", "account": "link", "legal_name": "name", "display_name": "name",
        "roles": "code", "places": "link", "started_on": "time", "ended_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField("people.Account", models.PROTECT, related_name="_staff")
    legal_name = models.CharField(max_length=300)
    display_name = models.CharField(max_length=300)
    roles = models.JSONField(default=list, help_text="Codes of Role.")
    places = models.ManyToManyField("people.Place", related_name="+", blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The first day without access.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="staff_ends_after_starting",
            ),
        ]
        indexes = [models.Index(fields=["display_name"], name="staff_by_name")]

    def __str__(self) -> str:
        return f"staff {self.pk}"

    def has(self, *roles: str) -> bool:
        """Whether one of ``roles`` is among the person's."""
        return not set(roles).isdisjoint(self.roles)

    @property
    def roles_in_words(self) -> str:
        """The roles as a reader says them."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    def works_on(self, day: date) -> bool:
        """Whether the person works here on ``day`` (practice-local)."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


class Supervision(models.Model):
    """One person answers for another's work, from a day until (not including) a day."""

    field_classes = {
        "id": "id", "supervisor": "link", "supervisee": "link", "from_on": "time",
        "until_on": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supervisor = models.ForeignKey(Staff, models.PROTECT, related_name="supervises")
    supervisee = models.ForeignKey(Staff, models.PROTECT, related_name="supervised_by")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(supervisor=F("supervisee")), name="supervision_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="supervision_does_not_end_before_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"supervision {self.pk}"
