"""Wiring, no decisions."""
