"""Questionnaires no file holds: licensed text, the practice's own, and a client's own items."""
