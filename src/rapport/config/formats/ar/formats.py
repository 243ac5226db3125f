"""A day with its time in Arabic: the day first, as Django writes it without one. Django has no
form of its own for it and falls back on the American one, which puts the month first."""

DATETIME_FORMAT = "j F، Y، g:i A"
SHORT_DATETIME_FORMAT = "d\u200f/m\u200f/Y g:i A"
