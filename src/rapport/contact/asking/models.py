"""Whether strangers may ask for help on the public page."""

from typing import ClassVar

from django.db import models


class AskUs(models.Model):
    """One row: the public page on which somebody asks for help without choosing a time."""

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "is_open": "setting", "shows_names": "setting",
    }  # fmt: skip

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_open = models.BooleanField(default=False)
    shows_names = models.BooleanField(
        default=False, help_text="Whom one would like to see can be chosen there, by name."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ask_us_is_one")]

    def __str__(self) -> str:
        return "ask us"
