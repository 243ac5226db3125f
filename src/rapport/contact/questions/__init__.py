"""Telling clients that questions wait, and again while they do."""
