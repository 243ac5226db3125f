"""The demo's house: the practice, its places and rooms, colleagues, their hours."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapport.core import time as clock
from rapport.demo import cast, opening, week
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as hours
from rapport.meeting.availability import queries as availability
from rapport.meeting.diaries import actions as diaries
from rapport.meeting.equipment import actions as equipment
from rapport.people.practice import actions as practice
from rapport.people.practice import queries
from rapport.people.staff import actions as staff
from rapport.progress.alerts import actions as alerts

ROOMS = {"ana": "Blue room", "sam": "Garden room", "ines": "Attic", "ben": "Front room",
         "clara": "Back room", "more": "Studio"}  # fmt: skip
HILL = ("ben", "clara")
EQUIPMENT = (("VR headset", "Headset 1", "river"), ("VR headset", "Headset 2", "river"),
             ("Test case", "Case 1", "river"), ("Test case", "Case 2", "hill"))  # fmt: skip
MINUTE = {"ben": 30, "sam": 30}  # past the hour, when their hours begin
SUMMER = {"ana": 196, "ben": 210, "clara": 224, "ines": 182, "sam": 217}  # day of the year
FULL = {"ana": 6, "ben": 5, "clara": 4, "ines": 3, "sam": 3}  # hours of today
AWAY_IN, AWAY_FOR = 33, 7  # days from today until Ana's next holiday, and how long it is
WAITS = 90  # minutes an alert waits for its owner
HOURS = "Monday to Friday, 9 am to 6 pm"
PHONE = "+1 212 555 0140"


@dataclass(frozen=True)
class House:
    """Everybody and everything that is there before the first client."""

    by: Any
    shape: week.Shape
    staff: dict[str, Any]
    places: dict[str, Any]
    rooms: dict[str, Any]
    diaries: dict[str, week.Diary]
    types: dict[str, Any]

    def account(self, name: str) -> Any:
        """Who acts when ``name`` does something."""
        return self.staff[name].account

    def place(self, name: str) -> Any:
        """Where a clinician works."""
        return self.places["hill" if name in HILL else "river"]


def found(by: Any, began: date, shape: week.Shape) -> House:
    """The practice on its first day."""
    ours = practice.found(
        by=by, name="Practice by the river", place="River house", country="US",
        time_zone="America/New_York", currency="USD",
    )  # fmt: skip
    practice.open_place(by=by, name="Hill house", address="9 Hill Road, Newfield")
    practice.change(by=by, practice=ours, hours=HOURS, phone=PHONE, answer_days=3)
    hill, river = queries.places(by=by)
    practice.change_place(by=by, place=river, name=river.name, address="14 Water Lane, Newfield")
    places = {"river": river, "hill": hill}
    for kind, name, where in EQUIPMENT:
        equipment.add(by=by, place=places[where], kind=kind, name=name)
    people = _staff(by, places, began)
    opening.agree(by, 48, clock.now())
    opening.ask_parents(by, clock.now())
    return House(
        by=by, shape=shape, staff=people, places=places, rooms=_rooms(by, places),
        diaries={name: _diary(by, name, people[name], places, shape) for name in cast.TREATING},
        types=opening.offer(by, people),
    )  # fmt: skip


def _staff(by: Any, places: dict[str, Any], began: date) -> dict[str, Any]:
    at = {"both": list(places.values()), "river": [places["river"]], "hill": [places["hill"]]}
    people = {
        key: staff.engage(
            by=by, email=f"{key}@demo.invalid", legal_name=name, display_name=name, roles=roles,
            places=at[where], started_on=began,
        )
        for key, name, roles, where in cast.STAFF
    }  # fmt: skip
    staff.supervise(by=by, supervisor=people["sam"], supervisee=people["ines"], from_on=began)
    alerts.set_clock(by=by, minutes=WAITS, deputy_minutes=60, deputy=people["sam"])
    return people


def _rooms(by: Any, places: dict[str, Any]) -> dict[str, Any]:
    return {
        name: diaries.add_room(by=by, place=places["hill" if name in HILL else "river"], name=room)
        for name, room in ROOMS.items()
    }


def soon(house: House) -> None:
    """What is different ahead: Ana's holiday, and that today is worked if it is a holiday."""
    today, now = clock.today(), clock.now()
    first, last = (clock.day_bounds(today + timedelta(AWAY_IN + n))[0] for n in (0, AWAY_FOR))
    hours.take_time_off(
        by=house.by, staff=house.staff["ana"], slot=Slot(first, last), why="HOLIDAY", now=now
    )
    if today in availability.holidays(house.places["river"], today, today):
        for name in cast.TREATING:
            hours.set_day(
                by=house.by, staff=house.staff[name], on=today, now=now,
                stretches=[opening.day_of(house.shape)],
            )  # fmt: skip
    opening.other_days(house.by, house.staff, today, now)


def _diary(
    by: Any, name: str, person: Any, places: dict[str, Any], shape: week.Shape
) -> week.Diary:
    opening.work(by, name, person, places, shape)
    return week.Diary(shape, MINUTE.get(name, 0), SUMMER[name], FULL[name])
