"""The meeting room as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MeetingConfig(AppConfig):
    """Appointments and what they occupy."""

    name = "rapport.meeting"
    label = "meeting"

    def ready(self) -> None:
        from rapport.meeting.appointments import enforcement, export  # noqa: F401, PLC0415
        from rapport.meeting.waiting import export as waiting  # noqa: F401, PLC0415

        post_migrate.connect(enforcement.renew, sender=self)
