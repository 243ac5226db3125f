"""Signing in at the desk and at the portal."""
