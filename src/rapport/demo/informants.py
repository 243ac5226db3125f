"""The demo's one young client about whom others answer, too: a parent, a teacher, the clinician."""

from datetime import datetime, timedelta
from functools import partial

from rapport.core.policy import System
from rapport.demo import stories
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.people.circle import queries as around
from rapport.people.consents import actions as consents
from rapport.progress.informants import actions
from rapport.progress.measures import actions as measures
from rapport.progress.measures import calendar, instruments
from rapport.progress.measures.links import Holder
from rapport.progress.models import Occasion

FORM = "gad-7"
VERSION = "Asking others, 2"
ROUNDS = ((24, 18, 11), (4, 14, 10))
"""Days ago; totals by the parent and the teacher. The last round has a rating, too."""
RATED = 13
STANDS = 20
"""Hours ago; since then the parent is asked by itself."""


def plan(cases: list[Case], days: Days) -> None:
    """The first minor in care who has been here long enough, and answers the same themselves."""
    longest = days.now - timedelta(days=ROUNDS[0][0] + 2)
    young = [
        one for one in cases
        if one.person.kind == "MINOR" and one.person.status == "ACTIVE" and one.admitted < longest
    ]  # fmt: skip
    case = max(young, key=_asks_the_same, default=None)
    if case is None:
        return
    first = days.now - timedelta(days=ROUNDS[0][0], hours=1)
    days.at(first, partial(_agree, case), "consents")
    for ago, *totals in ROUNDS:
        at = days.now - timedelta(days=ago)
        days.at(at, partial(_round, case, totals, ago == ROUNDS[-1][0]), "questionnaires")
    days.at(days.now - timedelta(hours=STANDS), partial(_stand, case), "questionnaires")


def _asks_the_same(case: Case) -> bool:
    return bool(case.courses) and FORM in case.courses[-1].story.asks


def _agree(case: Case, now: datetime) -> None:
    consents.note(
        by=case.carer, client=case.client, kind="OTHERS", version=VERSION, how="PAPER", now=now,
        given_on=now.astimezone(case.house.shape.zone).date(), person=case.agrees,
    )  # fmt: skip


def _stand(case: Case, now: datetime) -> None:
    """The parent is asked every month from now on; the first link waits to be handed on."""
    (person, *_more) = around.related(by=case.carer, client=case.client)
    actions.stand(by=case.carer, client=case.client, forms=[FORM], occasion=Occasion.MONTH,
                  person=person, now=now)  # fmt: skip
    calendar.ask_due(by=System("demo"), client_id=case.client.pk, now=now)


def _round(case: Case, totals: list[int], rates: bool, now: datetime) -> None:  # noqa: FBT001
    """Both answer by their link on the same day; in the last round the clinician rates, too."""
    given = {
        "by": case.carer, "client": case.client, "instrument": FORM, "now": now,
        "version": instruments.get(FORM).content.version,
        "answered_on": now.astimezone(case.house.shape.zone).date(),
    }  # fmt: skip
    parent, teacher = (stories.answers(FORM, total, case.seed) for total in totals)
    (person, *_more) = around.related(by=case.carer, client=case.client)
    for whom, answers in (({"person": person}, parent), ({"role": "TEACHER"}, teacher)):
        (put,) = actions.ask(by=case.carer, client=case.client, forms=[FORM], now=now, **whom)
        measures.answer(
            by=Holder(put.asked.pk), asked=put.asked, version=put.asked.version, answers=answers,
            now=now + timedelta(minutes=20),
        )  # fmt: skip
    if rates:
        actions.rate(answers=stories.answers(FORM, RATED, case.seed), **given)
