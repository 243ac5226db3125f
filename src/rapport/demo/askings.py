"""The demo's questionnaires: asked, and answered by link, in the portal or on paper."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rapport.demo import stories
from rapport.demo.bookings import Booked
from rapport.demo.cases import Case
from rapport.demo.cast import RISK
from rapport.demo.courses import Contact
from rapport.demo.days import Days
from rapport.progress.alerts import actions as alerts
from rapport.progress.measures import actions, asking, instruments
from rapport.progress.measures.links import Holder
from rapport.progress.models import Alert

SEX = {"she/her": "female", "he/him": "male"}
DONE = (
    ("SPOKE", "Rang within the half hour. Thoughts without a plan, no means at hand. Went "
              "through the day until our hour; client will ring if they come back."),
    ("PLAN", "Reached at work, stepped outside to talk. Read the safety plan together, step by "
             "step. Not alone this evening. Hour stays as booked."),
    ("NO_DANGER", "Spoke before the hour. The answer was about last week; none since. Asked "
                  "directly and twice. Item stays first on the list for the next hour."),
    ("SPOKE", "Called, no answer, called again: was on the bus. Tired of everything, not of "
              "living. Doctor's appointment brought forward, client agrees."),
)  # fmt: skip


def plan(case: Case, booked: dict[int, Booked], days: Days) -> None:
    """Every questionnaire of a client: those that were answered, and those that wait."""
    way = {0: "PORTAL", 3: "LINK"}.get(case.n, ("LINK", "LINK", "PAPER")[case.n % 3])
    asks = case.courses[-1].story.asks if case.courses else []
    soon = days.now + timedelta(days=2)
    ahead = (n for n, one in enumerate(case.contacts) if one.told is None and n in booked)
    always = next(ahead, None) if case.n == 0 else None  # also on a Friday: a week has an end
    for n, contact in enumerate(case.contacts):
        row = booked.get(n)
        told = contact.told
        if told is not None and told.scores:
            if row is not None and way != "PAPER" and told.what == "KEPT":
                _by_client(case, contact, row, days, way)
            else:
                _entered(case, contact, row, days)
        elif told is None and row is not None and asks and way != "PAPER":
            if case.n == RISK or (contact.at >= soon and n != always):
                continue  # answered this morning, or too early to ask
            waits = case.n == 0 or contact.at.date() != case.house.shape.today or case.n % 2
            at = min(contact.at - timedelta(hours=26), days.now - timedelta(minutes=70))
            if waits:
                days.at(at, partial(_ask, case, row, asks[:1], way), "asked")


def _by_client(case: Case, contact: Contact, row: Booked, days: Days, way: str) -> None:
    """Asked the day before, answered that evening or shortly before the hour."""
    assert contact.told is not None
    names = list(contact.told.scores)
    asked_at = contact.at - timedelta(hours=26)
    if contact.first:
        asked_at = contact.at - timedelta(minutes=90)
    put: list[Any] = []
    days.at(asked_at, lambda now: put.extend(_ask(case, row, names, way, now)), "asked")
    answered = contact.at - timedelta(minutes=case.dice.choice((35, 50, 65)))
    evening = (contact.at - timedelta(days=1)).replace(hour=19, minute=case.dice.randint(0, 59))
    if case.dice.random() < 0.4 and not contact.told.item_nine:
        answered = max(evening, asked_at + timedelta(minutes=9))
    days.at(answered, partial(_answer, case, contact, put), "questionnaires")


def _ask(case: Case, row: Booked, names: list[str], way: str, now: datetime) -> list[Any]:
    return [
        one.asked for one in asking.ask(
            by=case.carer, client=case.client, instruments=names, way=way, now=now,
            appointment=row.row,
        )
    ]  # fmt: skip


def _answer(case: Case, contact: Contact, rows: list[Any], now: datetime) -> None:
    for asked in rows:
        by = case.client.account if asked.way == "PORTAL" else Holder(asked.pk)
        sheet = actions.answer(
            by=by, asked=asked, version=asked.version, now=now, facts=_facts(case),
            answers=_answers(case, contact, asked.instrument),
        )  # fmt: skip
        look_after(case, sheet, contact, now)


def _entered(case: Case, contact: Contact, row: Booked | None, days: Days) -> None:
    """Filled in on paper in the hour, or asked on the telephone."""
    at = contact.at + timedelta(minutes=min(8, contact.minutes))
    days.at(at, partial(_enter, case, contact, row is not None), "questionnaires")


def _enter(case: Case, contact: Contact, meets: bool, now: datetime) -> None:  # noqa: FBT001
    assert contact.told is not None
    for name in contact.told.scores:
        sheet = actions.enter(
            by=case.carer, client=case.client, instrument=name, now=now, facts=_facts(case),
            version=instruments.get(name).content.version, source="PAPER" if meets else "INTERVIEW",
            answers=_answers(case, contact, name),
            answered_on=now.astimezone(case.house.shape.zone).date(),
        )  # fmt: skip
        look_after(case, sheet, contact, now)


def _answers(case: Case, contact: Contact, name: str) -> dict[str, int]:
    told = contact.told
    assert told is not None
    nine = told.item_nine if name == "phq-9" else 0
    return stories.answers(name, told.scores[name], case.seed * 1000 + case.n, nine)


def _facts(case: Case) -> dict[str, str]:
    sex = SEX.get(case.person.pronouns)
    return {"sex": sex} if sex else {}


def look_after(case: Case, sheet: Any, contact: Contact, now: datetime) -> None:
    """Whoever treats them looks within the hour and says what was done."""
    if contact.told is None or not contact.told.item_nine or sheet.instrument != "phq-9":
        return
    for alert in Alert.objects.filter(sheet=sheet, acknowledged_at=None):
        alert.client = case.client
        how, done = case.dice.choice(DONE)
        alerts.acknowledge(
            by=case.carer, alert=alert, how=how, done=done,
            now=now + timedelta(minutes=case.dice.randint(6, 40)),
        )  # fmt: skip
