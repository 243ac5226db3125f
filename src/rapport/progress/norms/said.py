"""What is wrong with a norm table, in words; and what a table gives."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .rules import Fault

WORDS = {
    "column_missing": gettext_lazy("this column is missing"),
    "column_twice": gettext_lazy("this column stands here twice"),
    "column_unknown": gettext_lazy("there is no such column; look at the names above"),
    "column_instead": gettext_lazy("a table of means and standard deviations has no such column"),
    "standards": gettext_lazy("one column of t, z, percentile, scaled or iq is needed; percentile "
                              "may stand beside another"),
    "cells": gettext_lazy("this line has more or fewer cells than the first, which has %(about)s"),
    "missing": gettext_lazy("nothing stands here"),
    "number": gettext_lazy("this is no number that can be read: write 45, 45.5 or 45,5"),
    "sex": gettext_lazy("write any, female or male"),
    "age": gettext_lazy("write years, or years and months as 12:06"),
    "order": gettext_lazy("the end lies before the beginning"),
    "reliability": gettext_lazy("a reliability lies from 0 to 1"),
    "percentile": gettext_lazy("a percentile lies above 0 and below 100"),
    "sd": gettext_lazy("a standard deviation is above 0"),
    "long": gettext_lazy("use at most %(about)s characters"),
    "signs": gettext_lazy("use letters, digits and signs that can be read"),
    "ages_overlap": gettext_lazy("these ages overlap with those of line %(about)s"),
    "raws_overlap": gettext_lazy("the same scores stand in line %(about)s already"),
    "scales": gettext_lazy("a table has at most %(about)s scales"),
    "lines": gettext_lazy("a table has at most %(about)s lines"),
    "empty": gettext_lazy("there is no line below the names of the columns"),
    "rate_scale": gettext_lazy("the norm table has no scale of this name"),
    "rate_same": gettext_lazy("name another scale here"),
    "rate_points": gettext_lazy("write how far they lie apart, as a number above 0"),
    "rate_percent": gettext_lazy("a percentage lies from 0 to 100"),
    "rates_order": gettext_lazy("a larger difference is never found more often; compare line "
                                "%(about)s"),
    "education": gettext_lazy("write whole years, from 0 to 40"),
    "education_overlap": gettext_lazy("these years overlap with those of line %(about)s"),
}  # fmt: skip
FILE = {
    "empty": gettext_lazy("The file is empty."),
    "too_big": gettext_lazy("The file is larger than 1 MB. A norm table is smaller; look whether "
                            "it is the right file."),
    "nul": gettext_lazy("This is no text file. Save the table as CSV."),
    "encoding": gettext_lazy("The letters of this file cannot be read. Save it as CSV in UTF-8."),
    "quotes": gettext_lazy("A quotation mark is never closed."),
    "too_many": gettext_lazy("The file has too many lines."),
    "too_wide": gettext_lazy("The file has too many columns."),
}  # fmt: skip
KINDS = {
    "t": gettext_lazy("T scores"), "z": gettext_lazy("z scores"),
    "percentile": gettext_lazy("percentiles"), "scaled": gettext_lazy("scaled scores"),
    "iq": gettext_lazy("IQ scores"), "group": gettext_lazy("means and standard deviations"),
}  # fmt: skip
UNITS = {"t": gettext_lazy("T"), "z": gettext_lazy("z"), "scaled": gettext_lazy("scaled"),
         "iq": gettext_lazy("IQ")}  # fmt: skip


def fault(one: Fault) -> str:
    """One fault: where it is and what to do."""
    why = str(WORDS[one.code]) % {"about": one.about}
    if not one.column:
        return _("Line %(line)s: %(why)s.") % {"line": one.line, "why": why}
    given = {"line": one.line, "column": one.column, "why": why}
    return _("Line %(line)s, column %(column)s: %(why)s.") % given


def age(months: int) -> str:
    """An age in years and months: 12;06."""
    return f"{months // 12};{months % 12:02}"


MISSING = {
    "scale": gettext_lazy("the table has no scale of this name"),
    "age_unknown": gettext_lazy("no date of birth is known, so no line can be chosen"),
    "age": gettext_lazy("the table has no line for this age"),
    "sex": gettext_lazy("the table has no line for this group"),
    "education_unknown": gettext_lazy("no years of education are given, so no line can be chosen"),
    "education": gettext_lazy("the table has no line for these years of education"),
    "raw": gettext_lazy("this score lies outside of the table"),
}  # fmt: skip
"""Why there is no standard score. Nothing is filled in beside what a table holds."""
