"""The meeting room's tables, gathered for Django."""

from .appointments.models import Appointment, Change, Diary, Hold, Occupancy, Room
from .availability.models import Busy, OtherHours, TimeOff, WorkingHours
from .day_sheet.models import DaySheet
from .equipment.models import Equipment
from .requests.models import Introduction, SelfBooking
from .series.models import LeftOut, Pause, Series
from .terms.models import Accepted, Terms
from .types.models import AppointmentType
from .waiting.models import FreedHour, Offer, WaitingEntry, WaitingSettings

__all__ = [
    "Accepted", "Appointment", "AppointmentType", "Busy", "Change", "DaySheet", "Diary",
    "Equipment", "FreedHour", "Hold", "Introduction", "LeftOut", "Occupancy", "Offer", "OtherHours",
    "Pause", "Room", "SelfBooking", "Series", "Terms", "TimeOff", "WaitingEntry",
    "WaitingSettings", "WorkingHours",
]  # fmt: skip
