"""The record room as a Django app."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """Notes and process notes."""

    name = "rapport.record"
    label = "record"

    def ready(self) -> None:
        from rapport.record.notes import export, templates  # noqa: F401, PLC0415
