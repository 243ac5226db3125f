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
PROBLEMS = ("MOOD", "ANXIETY", "LOSS", "TRAUMA", "RELATION", "WORK", "BODY")
ENDINGS = ("COMPLETED", "COMPLETED", "CLIENT_ENDED", "MOVED", "REFERRED")
SHORTEST = 60  # days
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
    stays: tuple["Stay", ...]


@dataclass(frozen=True)
class Stay:
    """A stretch of care, in days before today; ``until`` None: it goes on."""

    since: int
    until: int | None
    problem: str
    ended: str = ""


def clients(count: int, *, seed: int, today: date, days: int) -> list[Person]:
    """The same people for the same seed, their ages relative to ``today``.

    Args:
        days: how far their care reaches back.
    """
    dice = random.Random(seed)  # noqa: S311  invention, no secret
    past = random.Random(f"{seed} past")  # noqa: S311  the same people, however many years
    return [_person(dice, past, n, today, days) for n in range(count)]


def _stays(past: random.Random, status: str, days: int) -> tuple[Stay, ...]:
    """One stretch of care or two, oldest first; who only asked has none."""
    if status == "INQUIRY":
        return ()
    since = past.randint(1, max(2, days - 1))
    problem = past.choice(PROBLEMS)
    if status == "WAITING":
        return (Stay(min(since, 90), None, problem),)
    if since > 3 * SHORTEST and (status == "DISCHARGED" or past.random() < 0.3):
        first = Stay(since, past.randint(2 * SHORTEST, since - SHORTEST), problem,
                     past.choice(ENDINGS))  # fmt: skip
        if status == "DISCHARGED":
            return (first,)
        return first, Stay(past.randint(1, SHORTEST), None, past.choice(PROBLEMS))
    if status == "DISCHARGED":
        return (Stay(since, past.randint(0, since - 1), problem, past.choice(ENDINGS)),)
    return (Stay(since, None, problem),)


def _person(dice: random.Random, past: random.Random, n: int, today: date, days: int) -> Person:
    given, family = dice.choice(GIVEN), dice.choice(FAMILY)
    name = f"{given} {family}"
    if n == 0:
        name = "Mara Kühn"
    elif n == 1:
        name = "Jonas Weber"
    elif n == 2:
        name = LONGEST
    minor = n % 9 == 5
    age = dice.randint(8 * 365, 17 * 365) if minor else dice.randint(19 * 365, 80 * 365)
    preferred = given if dice.random() < 0.1 and n > 2 else ""
    pronouns = dice.choice(PRONOUNS)
    status = dice.choices(("ACTIVE", "WAITING", "DISCHARGED", "INQUIRY"), (70, 10, 15, 5))[0]
    return Person(
        name=name,
        preferred=preferred,
        pronouns=pronouns,
        born=today - timedelta(days=age),
        kind="MINOR" if minor else "ADULT",
        status=status,
        phone=f"+1 212 555 {dice.randint(100, 199):04d}",
        mail=f"client{n}@demo.invalid",
        clinician=n % 4 if n > 1 else 0,
        place=n % 2,
        restricted=n == 1,
        stays=_stays(past, status, days),
    )
