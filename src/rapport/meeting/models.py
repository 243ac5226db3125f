"""The meeting room's tables, gathered for Django."""

from .appointments.models import Appointment, Change, Diary, Hold, Occupancy, Room
from .availability.models import Busy, OtherHours, TimeOff, WorkingHours
from .series.models import LeftOut, Pause, Series
from .types.models import AppointmentType

__all__ = [
    "Appointment", "AppointmentType", "Busy", "Change", "Diary", "Hold", "LeftOut", "Occupancy",
    "OtherHours", "Pause", "Room", "Series", "TimeOff", "WorkingHours",
]  # fmt: skip
