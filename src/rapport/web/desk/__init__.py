"""The desk door."""
