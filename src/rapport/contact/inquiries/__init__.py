"""Inquiries: who asked for help here, what was answered, and what became of it."""
