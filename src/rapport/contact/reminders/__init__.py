"""Reminders and notices of meetings: what a client is told, when, by which way, and once."""
