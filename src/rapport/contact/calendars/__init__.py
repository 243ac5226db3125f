"""Calendars elsewhere: meetings go out under masked titles, busy times come in."""
