"""What is wrong with a file or a row, in sentences that may be shown. No cell is repeated."""

from django.utils.translation import gettext_lazy as _

from ..clients.actions import SAID
from .models import Import
from .rules import Problem
from .table import NoTable

FILE = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than 64 MB. Split it."),
    "nul": _("This is no text file. Save the table as CSV (UTF-8) and try again."),
    "encoding": _("The file is neither UTF-8, UTF-16 nor Windows-1252. Save the table as CSV "
                  "(UTF-8) and try again."),
    "quotes": _("A quotation mark does not fit, in the row that begins on line %(line)s. "
                "Save the table as CSV once more."),
    "too_many": _("The file has more than 50,000 rows. Split it."),
    "no_header": _("The first row names no column Rapport knows. It needs one called name, or "
                   "first name and last name."),
    "twice": _("Two columns mean the same. Rename or remove one of them."),
    "too_wide": _("The table has more than 200 columns. Remove those that are not needed."),
    "no_rows": _("There is a header and no row below it."),
}  # fmt: skip
ROW = SAID | {
    "no_date": _("This is no date in the chosen order."),
    "short_year": _("Write the year with four digits."),
    "no_language": _("Write languages as codes such as de or en, or by their names."),
    "stopped": _(
        "It stopped before this row: the first clinician or the importer left. Hand it in again."
    ),
    "twice_in_file": _("The same person stands on line %(other)s already."),
    "not_kept": _("This could not be kept. Admit this client by hand."),
    "here_already": _("Somebody with this name and birth date is a client here already."),
}
FIELDS = {
    "legal_name": _("name"), "preferred_name": _("preferred name"), "birth_on": _("birth date"),
    "pronouns": _("pronouns"), "languages": _("languages"), "phone": _("phone"),
    "mobile": _("mobile phone"), "mail": _("mail"), "remark": _("remark"),
    "address": _("address"), "value": _("number or address"),
}  # fmt: skip


WHY = _("Why it was left out")


def of_fault(source: Import) -> str:
    """Why nothing in a table can be read; empty where something can."""
    return of_file(NoTable(source.fault, source.fault_line)) if source.fault else ""


def of_file(problem: NoTable) -> str:
    """Why the file cannot be read."""
    return str(FILE[problem.code]) % {"line": problem.line}


def of_row(problem: Problem) -> str:
    """Why a row stays out."""
    said = str(ROW[problem.code])
    words = said % {"other": problem.other} if problem.code == "twice_in_file" else said
    place = _("Line %(line)s, %(field)s: %(words)s")
    named = FIELDS.get(problem.field, problem.field)
    return str(place) % {"line": problem.line, "field": named, "words": words}


COLUMNS = {
    "legal_name": _("Whole name"), "first_name": _("First name"), "last_name": _("Last name"),
    "preferred_name": _("Preferred name"), "birth_on": _("Birth date"),
    "pronouns": _("Pronouns"), "languages": _("Languages"), "phone": _("Phone"),
    "mobile": _("Mobile phone"), "mail": _("Mail"), "address": _("Address"),
    "street": _("Street and number"), "postcode": _("Postcode"), "city": _("Town"),
    "remark": _("Remark for the desk"),
}  # fmt: skip
"""What a column of a table can hold."""
