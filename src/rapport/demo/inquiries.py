"""The demo's inquiries: people who asked in the last weeks, one in every stage and a few more."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.contact.asking import actions as asking
from rapport.contact.inquiries import actions, conflicts, moving, queries, referring
from rapport.contact.inquiries.actions import Reach
from rapport.contact.referrers import actions as lists
from rapport.contact.referrers import queries as listed
from rapport.demo.days import Days
from rapport.demo.founding import House

BEFORE = 720  # hours: when the lists were made

COLLEAGUES = (
    ("Dr. Rosa Amaral", "COLLEAGUE", "couples, separation, Portuguese", "YES"),
    ("Malik Thorne", "COLLEAGUE", "children and young people, school", "YES"),
    ("Dr. Petra Lindholm", "COLLEAGUE", "eating, long-term", "NO"),
    ("Dr. Irene Castell, family doctor", "DOCTOR", "", "UNKNOWN"),
    ("Counselling centre at the harbour", "INSTITUTION", "crisis, same day, free of charge", "YES"),
)


@dataclass(frozen=True)
class Asker:
    """Somebody who asked: so many hours ago, how, for what; and how far it has got."""

    name: str
    hours: int
    came_by: str
    seeks: str
    source: int
    stage: str = "NEW"
    clinician: str = ""
    responsible: str = "fay"
    words: str = ""
    referrer: int | None = None
    todo: tuple[str, int] | None = None  # what, and due in so many days
    message: bool = True  # whether it is safe to leave one
    why: str = ""
    way: str = ""


ASKERS = (
    Asker("Nadia Ferrand", 5, "PHONE", "Sleeps badly since her mother died in spring. Would "
          "rather come early, before work.", 1, referrer=3, todo=("Call back, after five", 0)),
    Asker("Teodor Blank", 20, "FORM", "Panic on the train. Wants to know how long a wait is.", 3,
          responsible="", way="VIDEO"),
    Asker("Hedda Marsh", 220, "MAIL", "Cannot stop checking the stove. Late for work most days.", 3,
          clinician="ben"),
    Asker("Marguerite Osei", 76, "MAIL", "Twenty years married, talks turn into quarrels. Alone at "
          "first.", 0, "CALLED", "ana", words="Spoke on Tuesday. Husband is not to know for now: "
          "no messages on the line at home.", message=False,
          todo=("Ask Ana about Thursdays", -1)),
    Asker("Ilyas Rahimi", 190, "PHONE", "Cannot sit an exam, leaves the room. Second attempt in "
          "March.", 4, "CONSULTATION", "ben", words="First hour on Monday. Will bring the letter "
          "of the university."),
    Asker("Carla Wendt", 260, "PERSON", "Was here six years ago. Would like to go on where it "
          "ended.", 6, "FIT", "sam", words="Looked at together what is different this time. "
          "Both think about it until Friday.", todo=("Call, decided until then", 2)),
    Asker("Joseph Adeyemi", 330, "FORM", "New father, does not recognise himself.", 3, "OFFERED",
          "ines", words="Wednesdays at four are offered. Asks his wife about the evening shift.",
          way="VIDEO"),
    Asker("Linnea Sandberg", 640, "PHONE", "Low for months, back at work part-time.", 1,
          "STARTED", "ana", words="Knows the house from a friend. Can begin at once.", referrer=3),
    Asker("Andrés and Paula Quiroga", 420, "MAIL", "Separation, two children, wish for help in "
          "Portuguese or Spanish.", 2, "REFERRED", words="Nobody here speaks Spanish. Glad of a "
          "name."),
    Asker("Viktor Hale", 690, "PHONE", "Anger at work. Asked about the fee first.", 3, "CLOSED",
          words="Left a message twice, as agreed. No answer.", why="SILENT"),
)  # fmt: skip


def plan(house: House, days: Days) -> None:
    """Everybody who asked, by the actions a real practice uses."""
    days.at(days.now - timedelta(hours=BEFORE), partial(_lists, house))
    for n, one in enumerate(ASKERS):
        _plan(house, one, n, days)
    days.at(days.now - timedelta(hours=28), partial(_online, house), "inquiries")


def _online(house: House, now: datetime) -> None:
    """Somebody asked on the public page, at a place without a front desk; nobody answers yet."""
    asker = asking.Asker(
        "Ruth Delgado", [Reach("PHONE", "+1 212 555 0199")], "After six is best.",
        place=house.places["hill"], clinician=house.staff["ben"], language="en",
    )  # fmt: skip
    asking.ask(by=house.by, asker=asker, once=uuid.uuid4(), now=now)


def _plan(house: House, one: Asker, n: int, days: Days) -> None:
    at, made = _in_office_hours(house, days.now - timedelta(hours=one.hours), n), list[Any]()
    days.at(at, lambda now: made.append(_asked(house, one, n, now)), "inquiries")
    if one.todo is not None:
        due_on = days.now.astimezone(house.shape.zone).date() + timedelta(days=one.todo[1])
        days.at(at + timedelta(minutes=5), lambda now: _to_do(house, one, made[0], due_on, now))
    if one.words:
        answered = at + timedelta(minutes=20 + 35 * n)
        days.at(answered, lambda now: _spoke(house, one, made[0], now))
    if one.stage != "NEW":
        later = at + timedelta(hours=min(30, one.hours - 2))
        days.at(later, lambda now: _moved_on(house, one, made[0], now))


def _in_office_hours(house: House, at: datetime, n: int) -> datetime:
    """The same day at an hour when somebody answers; today's as long ago as it is."""
    day = at.astimezone(house.shape.zone).date()
    if day >= house.shape.today:
        return at
    return datetime.combine(day, time(9, 20), tzinfo=house.shape.zone) + timedelta(minutes=41 * n)


def _lists(house: House, now: datetime) -> None:
    lists.add_usual(by=house.by)
    asking.set_page(by=house.by, is_open=True, shows_names=True)
    for name, kind, specialities, takes in COLLEAGUES:
        lists.add_referrer(
            by=house.by, name=name, kind=kind, specialities=specialities, takes=takes,
            phone="+1 212 555 0170", mail="", address="", trusted=kind != "DOCTOR", now=now,
        )  # fmt: skip


def _referrer(number: int) -> Any:
    known = {one.name: one for one in listed.referrers(by=actions.OURS)}
    return known[COLLEAGUES[number][0]]


def _asked(house: House, one: Asker, n: int, now: datetime) -> Any:
    return actions.take(
        by=house.account("fay"), name=one.name, place=house.place(one.clinician or "ana"), now=now,
        came_by=one.came_by, seeks=one.seeks, way=one.way,
        source=listed.sources(by=house.by)[one.source],
        referrer=None if one.referrer is None else _referrer(one.referrer),
        clinician=house.staff.get(one.clinician), responsible=house.staff.get(one.responsible),
        reaches=[
            Reach("PHONE", f"+1 212 555 {180 + n:04d}", one.message, one.message),
            Reach("MAIL", f"asked{n}@demo.invalid", safe_to_write=one.message),
        ],
    )  # fmt: skip


def _to_do(house: House, one: Asker, inquiry: Any, due_on: date, now: datetime) -> None:
    assert one.todo is not None
    actions.add_task(
        by=house.account("fay"), inquiry=inquiry, words=one.todo[0], due_on=due_on, now=now,
        whose=house.staff.get(one.responsible),
    )  # fmt: skip


def _spoke(house: House, one: Asker, inquiry: Any, now: datetime) -> None:
    what = "MESSAGE" if one.stage == "CLOSED" else "SPOKE"
    actions.log(by=house.account("fay"), inquiry=inquiry, what=what, words=one.words, now=now)


def _moved_on(house: House, one: Asker, inquiry: Any, now: datetime) -> None:
    by, today = house.account("fay"), now.astimezone(house.shape.zone).date()
    inquiry = queries.get(by=by, inquiry_id=inquiry.pk)
    given = {"by": by, "inquiry": inquiry, "revision": inquiry.revision, "now": now}
    if one.stage == "STARTED":
        moving.start(clinician=house.staff[one.clinician], on=today, **given)
    elif one.stage == "REFERRED":
        referring.refer(
            referrer=_referrer(0), shared=["NAME", "PHONE"], agreed_on=today, agreed_how="SAID",
            told="They look for hours in the evening, together.", **given,
        )  # fmt: skip
    else:
        moving.move(stage=one.stage, why=one.why, **given)
    if one.stage == "FIT":
        conflicts.check(by=by, inquiry=inquiry, names=["Ruben Wendt"], now=now)
