"""The contact room as a Django app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Notices by mail."""

    name = "rapport.contact"
    label = "contact"
