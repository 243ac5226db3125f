"""Core reaches upward only through registries; this fills them once every room is loaded."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The foundation."""

    name = "rapport.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("audit.checks", "vault.checks", "jobs.upkeep", "backup.daily"):
            import_module(f"rapport.core.{module}")  # models must be loaded first

        autodiscover_modules("policy", "reactions", "jobs", "checks")
