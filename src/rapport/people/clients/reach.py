"""Phone numbers and mail addresses: checked, kept as typed, found by a blind index."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rapport.core import vault

from ..practice import queries as practice
from .rules import Unfit


def country() -> str:
    """The land whose numbers may be written without a prefix."""
    row = practice.current()
    return row.country if row else "US"


def tidy_phone(text: str, land: str) -> str:
    """A number in E.164, with its extension after a semicolon.

    Raises:
        Unfit: not a number of ``land`` or, with +, of any land.
    """
    try:
        number = phonenumbers.parse(text, land)
    except phonenumbers.NumberParseException as problem:
        raise Unfit("value", "no_phone") from problem
    if not phonenumbers.is_possible_number(number):
        raise Unfit("value", "no_phone")
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain};{number.extension}" if number.extension else plain


def tidy_mail(text: str) -> str:
    """A mail address in lower case.

    Raises:
        Unfit: not an address.
    """
    plain = text.strip().lower()
    try:
        validate_email(plain)
    except ValidationError as problem:
        raise Unfit("value", "no_mail") from problem
    return plain


def tidy(kind: str, text: str) -> str:
    """The one form of a number or address by which it is found and reached.

    Raises:
        Unfit: not a number, or not an address.
    """
    return tidy_phone(text, country()) if kind == "PHONE" else tidy_mail(text)


def index(kind: str, tidy: str) -> bytes:
    """The blind index by which a tidy value is found."""
    return vault.blind(tidy, purpose=f"contact.{kind.lower()}")


def lookup(text: str) -> bytes | None:
    """The blind index of what was typed, where it looks like an address or a whole number."""
    typed = text.strip()
    if "@" in typed:
        return index("MAIL", typed.lower())
    digits = sum(c.isdigit() for c in typed)
    if digits < 6 or any(c.isalpha() for c in typed):
        return None
    try:
        return index("PHONE", tidy_phone(typed, country()))
    except Unfit:
        return None
