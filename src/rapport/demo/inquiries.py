"""The demo's inquiries: people who asked in the last weeks, one in every stage and a few more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rapport.contact.inquiries import actions, conflicts, moving, queries, referring
from rapport.contact.inquiries.actions import Reach
from rapport.core import audit, events
from rapport.core import time as clock
from rapport.demo.founding import House

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
    Asker("Linnea Sandberg", 700, "PHONE", "Low for months, back at work part-time.", 1,
          "STARTED", "ana", words="Knows the house from a friend. Can begin at once.", referrer=3),
    Asker("Andrés and Paula Quiroga", 420, "MAIL", "Separation, two children, wish for help in "
          "Portuguese or Spanish.", 2, "REFERRED", words="Nobody here speaks Spanish. Glad of a "
          "name."),
    Asker("Viktor Hale", 980, "PHONE", "Anger at work. Asked about the fee first.", 3, "CLOSED",
          words="Left a message twice, as agreed. No answer.", why="SILENT"),
)  # fmt: skip


def ask(house: House, now: datetime, step: Callable[[str], Any]) -> None:
    """Everybody who asked, the earliest first, by the actions a real practice uses."""
    first = now - timedelta(hours=max(one.hours for one in ASKERS) + 24)
    with clock.at(first), events.untold(), audit.unit():
        referring.add_usual(by=house.by)
        for name, kind, specialities, takes in COLLEAGUES:
            referring.add_referrer(
                by=house.by, name=name, kind=kind, specialities=specialities, takes=takes,
                phone="+1 212 555 0170", mail="", address="", trusted=kind != "DOCTOR", now=first,
            )  # fmt: skip
    sources = list(queries.sources(by=house.by))
    known = {one.name: one for one in queries.referrers(by=house.by)}
    referrers = [known[name] for name, *_rest in COLLEAGUES]
    for n, one in enumerate(sorted(ASKERS, key=lambda one: -one.hours)):
        with events.untold():
            _asked(house, one, n, now, sources, referrers)
    step(f"{len(ASKERS)} inquiries")


def _asked(
    house: House, one: Asker, n: int, now: datetime, sources: list[Any], referrers: list[Any]
) -> None:
    by, at = house.account("fay"), now - timedelta(hours=one.hours)
    with clock.at(at), audit.unit():
        inquiry = actions.take(
            by=by, name=one.name, place=house.place(one.clinician or "ana"), now=at,
            came_by=one.came_by, seeks=one.seeks, source=sources[one.source], way=one.way,
            referrer=None if one.referrer is None else referrers[one.referrer],
            clinician=house.staff.get(one.clinician), responsible=house.staff.get(one.responsible),
            reaches=[
                Reach("PHONE", f"+1 212 555 {180 + n:04d}", one.message, one.message),
                Reach("MAIL", f"asked{n}@demo.invalid", safe_to_write=one.message),
            ],
        )  # fmt: skip
    if one.todo is not None:
        with clock.at(at + timedelta(minutes=5)), audit.unit():
            words, days = one.todo
            actions.add_task(
                by=house.by, inquiry=inquiry, words=words, now=clock.now(),
                whose=house.staff.get(one.responsible),
                due_on=clock.local(now).date() + timedelta(days=days),
            )  # fmt: skip
    if one.words:
        after = at + timedelta(minutes=20 + 35 * n)
        with clock.at(after), audit.unit():
            what = "MESSAGE" if one.stage == "CLOSED" else "SPOKE"
            actions.log(by=house.by, inquiry=inquiry, what=what, words=one.words, now=after)
    with clock.at(at + timedelta(hours=min(30, one.hours - 2))), audit.unit():
        _moved_on(house, one, inquiry, referrers)


def _moved_on(house: House, one: Asker, inquiry: Any, referrers: list[Any]) -> None:
    by, now = house.by, clock.now()
    inquiry = queries.get(by=by, inquiry_id=inquiry.pk)
    given = {"by": by, "inquiry": inquiry, "revision": inquiry.revision, "now": now}
    if one.stage == "STARTED":
        moving.start(clinician=house.staff[one.clinician], on=clock.local(now).date(), **given)
    elif one.stage == "REFERRED":
        referring.refer(
            referrer=referrers[0], shared=["NAME", "PHONE"], agreed_how="SAID",
            told="They look for hours in the evening, together.",
            agreed_on=clock.local(now).date(), **given,
        )  # fmt: skip
    elif one.stage != "NEW":
        moving.move(stage=one.stage, why=one.why, **given)
    if one.stage == "FIT":
        conflicts.check(by=by, inquiry=inquiry, names=["Ruben Wendt"], now=now)
