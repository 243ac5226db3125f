"""The people room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Practice, staff, clients, care teams."""

    name = "rapport.people"
    label = "people"
