"""Norm tables that a practice loads: read line by line, kept as versions, looked up."""
