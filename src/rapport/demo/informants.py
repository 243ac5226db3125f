"""The demo's one young client about whom others answer, too: a parent, a teacher, the clinician."""

from datetime import datetime, timedelta
from functools import partial

from rapport.demo import stories
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.people.circle import queries as around
from rapport.people.consents import actions as consents
from rapport.progress.informants import actions
from rapport.progress.measures import actions as measures
from rapport.progress.measures import instruments
from rapport.progress.measures.links import Holder

FORM = "gad-7"
VERSION = "Asking others, 2"
ROUNDS = ((24, 15, 18, 11), (4, 12, 14, 10))
"""Days ago; totals by the client, the parent, the teacher. The last round has a rating, too."""
RATED = 13


def plan(cases: list[Case], days: Days) -> None:
    """The first minor in care who has been here long enough."""
    longest = days.now - timedelta(days=ROUNDS[0][0] + 2)
    young = (one for one in cases if one.person.kind == "MINOR" and one.person.status == "ACTIVE")
    case = next((one for one in young if one.admitted < longest), None)
    if case is None:
        return
    first = days.now - timedelta(days=ROUNDS[0][0], hours=1)
    days.at(first, partial(_agree, case), "consents")
    for ago, *totals in ROUNDS:
        at = days.now - timedelta(days=ago)
        days.at(at, partial(_round, case, totals, ago == ROUNDS[-1][0]), "questionnaires")


def _agree(case: Case, now: datetime) -> None:
    consents.note(
        by=case.carer, client=case.client, kind="OTHERS", version=VERSION, how="PAPER", now=now,
        given_on=now.astimezone(case.house.shape.zone).date(),
    )  # fmt: skip


def _round(case: Case, totals: list[int], rates: bool, now: datetime) -> None:  # noqa: FBT001
    """Everybody answers on the same day: the client on paper, the others by their link."""
    given = {
        "by": case.carer, "client": case.client, "instrument": FORM, "now": now,
        "version": instruments.get(FORM).content.version,
        "answered_on": now.astimezone(case.house.shape.zone).date(),
    }  # fmt: skip
    mine, parent, teacher = (stories.answers(FORM, total, case.seed) for total in totals)
    measures.enter(source="PAPER", answers=mine, **given)
    (person, *_more) = around.related(by=case.carer, client=case.client)
    for whom, answers in (({"person": person}, parent), ({"role": "TEACHER"}, teacher)):
        (put,) = actions.ask(by=case.carer, client=case.client, forms=[FORM], now=now, **whom)
        measures.answer(
            by=Holder(put.asked.pk), asked=put.asked, version=put.asked.version, answers=answers,
            now=now + timedelta(minutes=20),
        )  # fmt: skip
    if rates:
        actions.rate(answers=stories.answers(FORM, RATED, case.seed), **given)
