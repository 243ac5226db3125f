"""The meeting room's tables, gathered for Django."""

from .appointments.models import Appointment, Change, Diary, Hold, Occupancy, Room
from .availability.models import Busy, OtherHours, TimeOff, WorkingHours
from .series.models import LeftOut, Pause, Series
from .types.models import AppointmentType
from .waiting.models import FreedHour, Offer, WaitingEntry, WaitingSettings

__all__ = [
    "Appointment", "AppointmentType", "Busy", "Change", "Diary", "FreedHour", "Hold", "LeftOut",
    "Occupancy", "Offer", "OtherHours", "Pause", "Room", "Series", "TimeOff", "WaitingEntry",
    "WaitingSettings", "WorkingHours",
]  # fmt: skip
