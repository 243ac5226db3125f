"""Dates in English: the day first and the month in letters, for 01/08/2030 is two days.

One English serves practices on both sides of the Atlantic; a date of a record must not be
read as another day on either. Times stay Django's: 8 a.m., 12:30 p.m., noon.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j F"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, P"
