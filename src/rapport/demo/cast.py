"""Everybody in the demo. Invented; the addresses end in a domain that cannot exist (RFC 2606)."""

import random
from dataclasses import dataclass, replace
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
SHE = frozenset(
    "Mara Leila Sinéad Ines Yuki Priya Zoë Fatima Chiara Ngozi Elena Ana Greta Ivana Maya "
    "Hanna ليلى".split()
)
PRONOUNS = ("she/her", "he/him", "they/them", "")
PROBLEMS = ("MOOD", "ANXIETY", "LOSS", "TRAUMA", "RELATION", "WORK", "BODY")
ENDINGS = ("COMPLETED", "COMPLETED", "CLIENT_ENDED", "MOVED", "REFERRED")
SHORTEST = 60  # days
LONGEST = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Constantinopolitanska"

STAFF = (
    ("olga", "Olga Brandt", ["OWNER"], "both"),
    ("ana", "Dr. Ana Ferreira", ["CLINICIAN"], "river"),
    ("ben", "Ben Okoye", ["CLINICIAN"], "hill"),
    ("clara", "Clara Nwosu", ["CLINICIAN"], "hill"),
    ("ines", "Ines Vogel", ["INTERN"], "river"),
    ("sam", "Dr. Sam Whitlock", ["CLINICIAN", "SUPERVISOR"], "both"),
    ("fay", "Fay Lindgren", ["FRONT_DESK"], "river"),
    ("bill", "Bill Marchetti", ["BILLER"], "both"),
)
TREATING = ("ana", "ben", "clara", "ines", "sam")
TURNS = "ana ben clara ana ines ben ana sam ana clara ana ines ben".split()
DRINKS = 6  # comes because of that
IN_HAND = 4  # Mara, Jonas, the longest name and the risk of today are Ana's
RISK = 3

COUPLE, FAMILY_OF_FOUR = 7, 20
TOGETHER = {COUPLE: (8, 9), FAMILY_OF_FOUR: (21, 22, 23)}
NAMED = {
    0: "Mara Kühn", 1: "Jonas Weber", 2: LONGEST, RISK: "Elena Petrova",
    COUPLE: "Hanna and Tomás Lindqvist", 8: "Hanna Lindqvist", 9: "Tomás Lindqvist",
    FAMILY_OF_FOUR: "The Mensah family", 21: "Kofi Mensah", 22: "Ngozi Mensah",
    23: "Maya Mensah", 26: "ليلى الحدّاد",
}  # fmt: skip
SPEAK = {26: ("ar", "en")}  # languages, the first is the one they are written to in


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
    clinician: str
    restricted: bool
    stays: tuple["Stay", ...]
    alone: bool = True  # comes alone; else with the couple or family they belong to


@dataclass(frozen=True)
class Stay:
    """A stretch of care, in days before today; ``until`` None: it goes on."""

    since: int
    until: int | None
    problem: str
    ended: str = ""


def no_texts(n: int) -> bool:
    """Whether this client does not want to be texted, as one in five."""
    return n % 5 == 4


def clients(count: int, *, seed: int, today: date, days: int) -> list[Person]:
    """The same people for the same seed, their ages relative to ``today``.

    Args:
        days: how far their care reaches back.
    """
    dice = random.Random(seed)  # noqa: S311  invention, no secret
    past = random.Random(f"{seed} past")  # noqa: S311  the same people, however many years
    drawn = [_person(dice, past, n, today, days) for n in range(count)]
    return [_known(one, n, drawn, days) for n, one in enumerate(drawn)]


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
    minor = n % 9 == 5
    age = dice.randint(8 * 365, 17 * 365) if minor else dice.randint(19 * 365, 80 * 365)
    preferred = given if dice.random() < 0.1 and n > 2 else ""
    pronouns = dice.choice(PRONOUNS)
    status = dice.choices(("ACTIVE", "WAITING", "DISCHARGED", "INQUIRY"), (70, 10, 15, 5))[0]
    return Person(
        name=f"{given} {family}",
        preferred=preferred,
        pronouns=pronouns,
        born=today - timedelta(days=age),
        kind="MINOR" if minor else "ADULT",
        status=status,
        phone=f"+1 212 555 {dice.randint(100, 199):04d}",
        mail=f"client{n}@demo.invalid",
        clinician="ana" if n < IN_HAND else TURNS[n % len(TURNS)],
        restricted=n == 1,
        stays=_stays(past, status, days),
    )


def _known(one: Person, n: int, drawn: list[Person], days: int) -> Person:
    """Whoever has a part of their own: the first four, a couple, a family and their members."""
    if n in NAMED:
        one = replace(one, name=NAMED[n], preferred="")
    if one.pronouns in ("she/her", "he/him"):
        she = one.name.split()[0] in SHE
        one = replace(one, pronouns="she/her" if she else "he/him")
    if n == DRINKS:
        stays = tuple(replace(stay, problem="SUBSTANCE") for stay in one.stays)
        return replace(one, stays=stays)
    group = next((main for main, members in TOGETHER.items() if n in (main, *members)), None)
    if n < IN_HAND:
        since = min((230, 150, 320, 60)[n], days - 1)
        stay = Stay(max(since, 1), None, ("MOOD", "WORK", "ANXIETY", "MOOD")[n])
        return replace(one, status="ACTIVE", stays=(stay,))
    if group is not None:
        kind = {COUPLE: "COUPLE", FAMILY_OF_FOUR: "FAMILY"}.get(n, one.kind)
        stay = Stay(max(min(170 - 2 * group, days - 1), 1), None, "RELATION")
        return replace(
            one, kind=kind, status="ACTIVE", stays=(stay,), clinician=drawn[group].clinician,
            alone=n == group, pronouns="" if n == group else one.pronouns,
        )  # fmt: skip
    return one


def waited(n: int) -> int:
    """Days from asking to the first day of care: mostly a few weeks, now and then months."""
    return 3 + n * 11 % 50 + (90 if n % 13 == 12 else 0)
