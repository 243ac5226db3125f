"""What the demo's practice offers, when, on which terms, and how its clients are reminded."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from rapport.contact.gateways import actions as gateways
from rapport.contact.reminders import actions as reminders
from rapport.core import time as clock
from rapport.demo.week import LAST, USUAL, Shape
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as hours
from rapport.meeting.diaries import actions as diaries
from rapport.meeting.requests import actions as requests
from rapport.meeting.terms import actions as terms
from rapport.meeting.types import actions as types
from rapport.meeting.waiting import actions as waiting
from rapport.progress.schedules import actions as schedules

TYPES = ("SESSION", "FIRST", "TOGETHER", "ASSESSMENT", "REVIEW", "CRISIS", "CLOSING")
SAID: Mapping[str, dict[str, Any]] = {
    "SESSION": {"price_tag": "$150", "needs_room": True},
    "FIRST": {"price_tag": "$120", "forms": ["phq-9", "gad-7"], "buffer_after": 15,
              "needs_room": True},
    "TOGETHER": {"price_tag": "$210", "needs_room": True},
    "ASSESSMENT": {"price_tag": "$260", "forms": ["phq-9", "gad-7", "pcl-5"],
                   "equipment": ["Test case"]},
    "REVIEW": {"price_tag": "$80", "bookers": ["STAFF", "ACTIVE"], "needs_approval": True,
               "ways": ["VIDEO", "PHONE"]},
}  # fmt: skip
HEAVY = {"name": "Exposure session", "kind": "SESSION", "minutes": 90, "price_tag": "$240",
         "colour": "GREY", "heavy": True, "buffer_after": 20, "needs_room": True,
         "equipment": ["VR headset"]}  # fmt: skip

LIMITS: Mapping[str, dict[str, Any]] = {
    "ana": {"buffer_after": 10, "most_a_day": 7, "most_in_a_row": 3, "heavy_a_day": 1},
    "ben": {"buffer_before": 5, "buffer_after": 5, "most_a_day": 6, "step": 30},
    "clara": {"buffer_after": 10, "most_a_day": 6, "most_in_a_row": 2, "step": 30},
    "ines": {"buffer_after": 10, "most_a_day": 4, "notice_minutes": 48 * 60},
    "sam": {"buffer_after": 10, "most_a_day": 5, "heavy_a_day": 2, "horizon_days": 90},
}
LUNCH = (time(12), time(13))
EVENING = (time(18, 30), time(20))

TERMS = {
    "en": "A time that you call off {hours} hours before it begins, or earlier, costs you "
          "nothing. Later than that it counts as called off late, because nobody else can come "
          "in your place any more. Whoever is ill calls, and we find a way.",
    "de": "Eine Stunde, die Sie {hours} Stunden vorher oder früher absagen, kostet Sie nichts. "
          "Danach zählt sie als spät abgesagt, weil niemand anders mehr kommen kann. Wer krank "
          "ist, ruft an, und wir finden einen Weg.",
}  # fmt: skip
REMIND = 24 * 60  # minutes before a meeting


def offer(by: Any, staff: Mapping[str, Any]) -> dict[str, Any]:
    """The types of appointment, by the names the demo uses for them."""
    made = dict(zip(TYPES, types.begin(by=by), strict=True))
    for name, said in SAID.items():
        types.change(by=by, type=made[name], clinicians=(), **said)
    made["HEAVY"] = types.add(by=by, clinicians=[staff["ana"], staff["sam"]], **HEAVY)
    requests.set_self_booking(by=by, any_clinician=False, most_ahead=3)
    waiting.set_settings(
        by=by, confirm_weeks=6, answer_minutes=24 * 60, by_itself=False, how="IN_TURN",
        most_at_once=5,
    )  # fmt: skip
    return made


def agree(by: Any, hours_before: int, now: datetime) -> None:
    """Terms of calling off, in force from that day on."""
    texts = {code: text.format(hours=hours_before) for code, text in TERMS.items()}
    terms.set_terms(
        by=by, hours=hours_before, texts=texts, from_on=clock.local(now).date(), now=now
    )


def ask_parents(by: Any, now: datetime) -> None:
    """As the care of a minor ends, parents and guardians are asked, too, where that was agreed."""
    schedules.plan(by=by, instruments=["gad-7"], occasion="DISCHARGE", whom="PARENTS", now=now)


def work(by: Any, name: str, person: Any, places: Mapping[str, Any], shape: Shape) -> None:
    """The week of one clinician: by day at their place, one evening elsewhere or by video."""
    diaries.set_diary(
        by=by, staff=person, minutes=50, video_url=f"https://video.demo.invalid/{name}"
    )
    hours.set_week(by=by, staff=person, week={})
    begins, ends = day_of(shape)
    home = places["hill" if name in ("ben", "clara") else "river"]
    hours.add_hours(
        by=by, staff=person, weekdays=[day + 1 for day in shape.workdays], from_at=begins,
        until_at=ends, place=home,
    )  # fmt: skip
    if ends <= EVENING[0] and name in ("ana", "sam"):
        given: dict[str, Any] = {"from_at": EVENING[0], "until_at": EVENING[1]}
        given |= {"place": places["hill"]} if name == "sam" else {"ways": ["VIDEO"]}
        hours.add_hours(by=by, staff=person, weekdays=[4 if name == "sam" else 2], **given)
    lunch = {"lunch_from": LUNCH[0], "lunch_until": LUNCH[1]}
    diaries.set_diary(by=by, staff=person, **lunch, **LIMITS[name])


def day_of(shape: Shape) -> tuple[time, time]:
    """From when until when everybody works."""
    begins = shape.first_hour(shape.today.weekday())
    first = min(begins, USUAL) - 1  # an hour before the first session for whoever comes monthly
    return time(max(first, 7)), time(max(begins, USUAL) + LAST + 2)


def other_days(by: Any, staff: Mapping[str, Any], today: date, now: datetime) -> None:
    """Next week: a shorter day of one clinician, two days of training of another."""
    monday = today + timedelta(days=7 - today.weekday())
    hours.set_day(
        by=by, staff=staff["clara"], on=monday + timedelta(days=3), now=now,
        stretches=[(time(12), time(16)), (time(16, 30), time(19))],
    )  # fmt: skip
    first, last = (clock.day_bounds(monday + timedelta(days=n)) for n in (1, 2))
    hours.take_time_off(
        by=by, staff=staff["ben"], slot=Slot(first[0], last[1]), why="TRAINING", now=now
    )


def remind(by: Any, types_: Mapping[str, Any], now: datetime) -> None:
    """Clients are told a day before, by text: through a folder that nothing takes them from.

    A gateway is written down beside it, and off.
    """
    gateways.use_outbox(
        by=by, reaches="TEXT", agreed_with="Harbour Messages (invented)",
        agreed_on=clock.local(now).date(), now=now,
    )  # fmt: skip
    gateways.set_gateway(
        by=by, url="https://texts.invalid/send", form="JSON", header="", secret="",
        fields={"to": "{to}", "text": "{text}"}, knows_again=False, inside=False, reaches="TEXT",
        agreed_with="", agreed_on=None, now=now,
    )  # fmt: skip
    reminders.set_reminding(
        by=by, offsets=[REMIND], order=["mail", "folder"],
        notices=["BOOKED", "MOVED", "CANCELLED"], links=["CONFIRM", "CANCEL", "MOVE"],
        quiet_from=time(21), quiet_until=time(8), quiet_before=False, now=now,
    )  # fmt: skip
    reminders.set_type(by=by, type=types_["FIRST"], offsets=[48 * 60, 120])
