"""The time zone of whoever reads: the browser's where it says it, else the practice's."""

import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.core import time as clock

AREAS = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
         "Europe/", "Indian/", "Pacific/")  # fmt: skip


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Zones to choose from, by name."""
    cities = {name for name in zoneinfo.available_timezones() if name.startswith(AREAS)}
    return ("UTC", *sorted(cities))


@lru_cache(maxsize=64)
def options(chosen: str) -> SafeString:
    """The same as a page offers them, and the one that is shown, which may be an old name.

    Written once: there are hundreds.
    """
    known = names() if chosen in names() else (chosen, *names())
    marks = {chosen: "<option selected>{}</option>"}
    every = ((format_html(marks.get(name, "<option>{}</option>"), name),) for name in known)
    return format_html_join("", "{}", every)


@dataclass(frozen=True)
class Shown:
    """The zone in which times are shown.

    Attributes:
        asked: whether the address says one. problem: why it could not be the one it says.
    """

    zone: ZoneInfo
    asked: bool = True
    problem: str = ""

    @property
    def name(self) -> str:
        """The IANA name."""
        return self.zone.key

    @property
    def words(self) -> str:
        """The name as people read it."""
        return self.zone.key.replace("_", " ")

    @property
    def ours(self) -> bool:
        """Whether it is the practice's."""
        return self.zone.key == clock.zone().key


def of(request: Any, usual: str = "") -> Shown:
    """The zone the address asks for; else ``usual``, or the practice's."""
    return named(request.GET.get("zone", "") or usual)


def named(wanted: str) -> Shown:
    """A zone by its name; the practice's where there is none of this name."""
    if not wanted:
        return Shown(clock.zone(), asked=False)
    if wanted in names() or wanted == clock.zone().key:
        return Shown(clock.zone_named(wanted))
    problem = _("There is no such time zone. Times are shown in the practice's.")
    return Shown(clock.zone(), problem=problem)
