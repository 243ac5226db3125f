"""The doors as a Django app: templates, tags and static files, no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Doors and kit."""

    name = "rapport.web"
    label = "web"
