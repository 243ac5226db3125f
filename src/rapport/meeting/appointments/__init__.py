"""Promises to meet: booked, moved, kept, missed, cancelled, and never twice at once."""
