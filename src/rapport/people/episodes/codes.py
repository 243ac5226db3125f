"""Coarse words for why somebody comes, how they are helped and who sent them. No diagnoses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Problem(models.TextChoices):
    ANXIETY = "ANXIETY", _("anxiety")
    MOOD = "MOOD", _("low mood")
    TRAUMA = "TRAUMA", _("after something terrible")
    LOSS = "LOSS", _("loss and grief")
    RELATION = "RELATION", _("relationships")
    BODY = "BODY", _("body, sleep and eating")
    SUBSTANCE = "SUBSTANCE", _("alcohol and other substances")
    WORK = "WORK", _("work and study")
    OTHER = "OTHER", _("other")


class Modality(models.TextChoices):
    CBT = "CBT", _("cognitive behavioural")
    PSYCHODYNAMIC = "PSYCHODYNAMIC", _("psychodynamic")
    SYSTEMIC = "SYSTEMIC", _("systemic")
    HUMANISTIC = "HUMANISTIC", _("humanistic")
    EMDR = "EMDR", _("EMDR")
    SUPPORT = "SUPPORT", _("supportive")
    OTHER = "OTHER", _("other")


class Referral(models.TextChoices):
    SELF = "SELF", _("came by themself")
    DOCTOR = "DOCTOR", _("family doctor")
    COLLEAGUE = "COLLEAGUE", _("another clinician")
    HOSPITAL = "HOSPITAL", _("hospital")
    FAMILY = "FAMILY", _("family or friends")
    SCHOOL = "SCHOOL", _("school or employer")
    OTHER = "OTHER", _("other")


def in_words(codes: type[models.TextChoices], code: str) -> str:
    """What ``code`` means; a code of one's own is its own word."""
    return str(codes(code).label) if code in codes.values else code
