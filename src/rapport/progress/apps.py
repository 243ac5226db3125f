"""The progress room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import get_language


class ProgressConfig(AppConfig):
    """Measures, their scores, and the alerts they raise."""

    name = "rapport.progress"
    label = "progress"

    def ready(self) -> None:
        from rapport.progress.adapting import export as adapting  # noqa: F401, PLC0415
        from rapport.progress.batteries import export as batteries  # noqa: F401, PLC0415
        from rapport.progress.daily import export as daily  # noqa: F401, PLC0415
        from rapport.progress.marks import export as marks  # noqa: F401, PLC0415
        from rapport.progress.measures import alone, banks, export  # noqa: F401, PLC0415
        from rapport.progress.own import export as own_export  # noqa: F401, PLC0415
        from rapport.progress.own import source  # noqa: F401, PLC0415
        from rapport.progress.packs import library  # noqa: F401, PLC0415

        alone.read_in(get_language)
