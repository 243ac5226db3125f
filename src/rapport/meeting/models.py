"""The meeting room's tables, gathered for Django."""

from .appointments.models import Appointment, Change, Diary, Occupancy, Room

__all__ = ["Appointment", "Change", "Diary", "Occupancy", "Room"]
