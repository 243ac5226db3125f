"""Booking by clients and by strangers themselves, and the practice's answer to what they ask."""
