"""Booking by oneself, as the portal and the public door share it: choose, keep, confirm."""
