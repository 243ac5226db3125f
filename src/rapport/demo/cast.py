"""Everybody in the demo. Invented; the addresses end in a domain that cannot exist (RFC 2606)."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

GIVEN = (
    "Mara", "Jonas", "Leila", "Wojciech", "Sinéad", "Amir", "Ines", "Tomás", "Yuki", "Priya",
    "Håkon", "Zoë", "Noah", "Fatima", "Lukas", "Chiara", "Ngozi", "Mehmet", "Elena", "Ravi",
    "Ana", "Owen", "Greta", "Samir", "Ivana", "Kofi", "Maya", "Luca", "Hanna", "Diego",
)  # fmt: skip
FAMILY = (
    "Kühn", "O'Brien", "Łącki", "Haddad", "Okafor", "Tanaka", "Sørensen", "García", "Yılmaz",
    "Petrova", "Sharma", "Rossi", "Nguyen", "Weber", "Silva", "Novák", "Mensah", "Adler",
    "Bianchi", "Lindqvist", "Moreau", "Castellanos-Vandermeer", "Achterberg", "Dubois",
)  # fmt: skip
PRONOUNS = ("she/her", "he/him", "they/them", "")
LONGEST = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Constantinopolitanska"

STAFF = (
    ("olga", "Olga Brandt", ["OWNER"], "both"),
    ("ana", "Dr. Ana Ferreira", ["CLINICIAN"], "river"),
    ("ben", "Ben Okoye", ["CLINICIAN"], "hill"),
    ("ines", "Ines Vogel", ["INTERN"], "river"),
    ("sam", "Dr. Sam Whitlock", ["CLINICIAN", "SUPERVISOR"], "river"),
    ("fay", "Fay Lindgren", ["FRONT_DESK"], "river"),
    ("bill", "Bill Marchetti", ["BILLER"], "both"),
)


@dataclass(frozen=True)
class Person:
    """An invented client."""

    name: str
    preferred: str
    pronouns: str
    born: date
    kind: str
    status: str
    phone: str
    mail: str
    clinician: int
    place: int
    restricted: bool


def clients(count: int, *, seed: int, today: date) -> list[Person]:
    """The same people for the same seed, their ages relative to ``today``."""
    dice = random.Random(seed)  # noqa: S311  invention, no secret
    return [_person(dice, n, today) for n in range(count)]


def _person(dice: random.Random, n: int, today: date) -> Person:
    given, family = dice.choice(GIVEN), dice.choice(FAMILY)
    name = f"{given} {family}"
    if n == 0:
        name = "Mara Kühn"
    elif n == 1:
        name = "Jonas Weber"
    elif n == 2:
        name = LONGEST
    minor = n % 9 == 5
    days = dice.randint(8 * 365, 17 * 365) if minor else dice.randint(19 * 365, 80 * 365)
    return Person(
        name=name,
        preferred=given if dice.random() < 0.1 and n > 2 else "",
        pronouns=dice.choice(PRONOUNS),
        born=today - timedelta(days=days),
        kind="MINOR" if minor else "ADULT",
        status=dice.choices(("ACTIVE", "WAITING", "DISCHARGED", "INQUIRY"), (70, 10, 15, 5))[0],
        phone=f"+1 212 555 {dice.randint(100, 199):04d}",
        mail=f"client{n}@demo.invalid",
        clinician=n % 4 if n > 1 else 0,
        place=n % 2,
        restricted=n == 1,
    )
