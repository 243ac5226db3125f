"""At night each questionnaire's expected course is learned anew."""

from datetime import datetime
from typing import Any

from rapport.core import jobs
from rapport.core.policy import System

from ..chosen import queries as chosen
from ..measures import instruments
from . import actions, fitting, rules
from .models import Fit

BY = System("cron")


class NotLearned(Exception):
    """Some questionnaires have no new fit; what was learned of them before stands."""


@jobs.cron("expected.learn", "02:40")
@jobs.job("expected.learn", attempts=3)
def learn(*, now: datetime, progress: Any) -> None:
    """Each night: one questionnaire after the other, each kept in a commit of its own.

    One that cannot be learned keeps no other waiting; the job fails after all, where failed
    jobs are seen.
    """
    names = fitting.names()
    failed: list[str] = []
    for n, name in enumerate(names):
        progress(n, len(names))
        if not learn_one(name, now=now):
            failed.append(name)
    if failed:
        raise NotLearned(", ".join(failed))


def learn_one(name: str, *, now: datetime) -> bool:
    """Learn one questionnaire; False: it failed, and what was there stands."""
    form = chosen.item(instruments.get(name)).content
    if rules.scale_of(form).points is None:
        found: dict[str, Any] = {"verdict": Fit.Verdict.NO_CHANGE}
    else:
        try:
            found = fitting.learned(form)
        except fitting.Stopped:
            found = {"failed": Fit.Failed.STOPPED}
    actions.keep(by=BY, instrument=name, version=form.version, found=found, now=now)
    return "failed" not in found
