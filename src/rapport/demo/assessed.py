"""The demo's assessment, with an invented norm table, and what its practice judges change by."""

from datetime import datetime, timedelta
from typing import Any

from rapport.core import time as clock
from rapport.demo.cases import Case
from rapport.demo.cast import RISK
from rapport.progress.batteries import actions, giving, named, plainly, queries, reporting
from rapport.progress.chosen import actions as chosen
from rapport.progress.chosen import entering
from rapport.progress.measures import actions as measures
from rapport.progress.measures import interviewing
from rapport.progress.measures.judging import Way
from rapport.progress.norms import actions as norms

SCALES = {"Word pairs": 21, "Block patterns": 34, "Pace": 17}
MANY = ((0, 9, 32), (10, 19, 44), (20, 29, 53), (30, 39, 61), (40, 50, 69))
LINES = "\n".join(
    ["scale,sex,age_from,age_to,raw_from,raw_to,t,reliability"]
    + [
        f"{name},any,16,99,{low},{high},{t},{0.93 - n * 0.04:.2f}"
        for n, name in enumerate(SCALES)
        for low, high, t in MANY
    ]
)
APART = "\n".join(
    ["scale,other,points,percent"]
    + [f"Block patterns,Pace,{points},{share}" for points, share in ((5, 62), (10, 34), (15, 12))]
)
ABOUT = {
    "title": "Invented norms, for this demo alone", "source": "Nobody; every number is invented",
    "population": "Nobody was tested", "year": "2024", "licence": "Invented; free to look at",
    "better": "higher", "words": "0-39 = low\n40-59 = middling\n60-100 = high",
    "words_source": "The demo's own words",
}  # fmt: skip
GROUP = {
    "people": "Example of this demo: nobody, made up to look at", "year": "2024",
    "source": "Made up for this demo; judge nobody by it", "note": "Every figure is invented.",
    "n": "60", "apart": "6", "unit": "weeks", "earlier_mean": "15.5", "earlier_sd": "5.5",
    "later_mean": "14.6", "later_sd": "5.8", "correlation": "0.72", "reliability": "",
}  # fmt: skip
TEXTS = {
    "findings": "Worked steadily for an hour and a half and asked for one break. Patterns came "
                "quickly and with pleasure; under time pressure several lines were skipped.",
    "summary": "What takes long at work is pace, not understanding. Mood explains part of it: see "
               "the questionnaire.",
    "advice": "More time for written tasks. Look again in six months.",
}  # fmt: skip
PLAIN = {
    "intro": "We wanted to find out why written work takes you so long. You did three tasks and "
             "filled in a questionnaire.",
    "advice": "We talk about what would make work easier, and look again in six months.",
}  # fmt: skip


def somebody(cases: list[Case]) -> None:
    """One of Ana's clients was tested in the last weeks; the practice keeps the battery."""
    case = next(
        (one for one in cases if one.person.clinician == "ana" and one.person.alone
         and one.person.status == "ACTIVE" and one.n not in (0, RISK)), None,
    )  # fmt: skip
    if case is not None:
        _tested(case, clock.now())
    if cases:
        by, then = cases[0].house.staff["olga"].account, clock.now() - timedelta(days=90)
        chosen.choose(by=by, instrument="pcl-5", what="change:nhs",
                      way=Way("published", cutoff="nhs"), now=then)  # fmt: skip
        entering.enter(by=by, instrument="phq-9", treated=False, given=GROUP, now=then)


def _tested(case: Case, now: datetime) -> None:
    by, client = case.carer, case.client
    began = now - timedelta(days=20)
    version = norms.load(by=by, raw=LINES.encode(), apart=APART.encode(), about=ABOUT, now=began)
    norms.release(by=by, table=version.table, now=began)
    given: dict[str, Any] = {"by": by, "client": client}
    plan = actions.begin(question="Referred by the family doctor: why does written work take so "
                                  "long, and what would help?", now=began, **given)  # fmt: skip
    actions.add(assessment=plan, kind="QUESTIONNAIRE", instrument="phq-9", minutes=5, **given)
    test = actions.add(assessment=plan, kind="ELSEWHERE", title="Three tasks (invented)",
                       table=version.table, minutes=75, **given)  # fmt: skip
    actions.add(assessment=plan, kind="INTERVIEW", instrument="audit-c", minutes=10, **given)
    talk = interviewing.begin(instrument="audit-c", version=1, now=now - timedelta(days=6), **given)
    measures.keep(by=by, asked=talk, answers={"1": 2}, version=1, now=now - timedelta(days=6))
    interviewing.note(by=by, asked=talk, item="1", now=now - timedelta(days=6),
                      text="Thought for a while; more often in company.")  # fmt: skip
    named.keep(by=by, name="Intake battery", tests=queries.tests(plan), now=began)
    day = now - timedelta(days=6)
    for do, minutes in (("start", 0), ("stop", 46), ("start", 55), ("stop", 84)):
        giving.keep_time(test=test, do=do, now=day + timedelta(minutes=minutes), **given)
    giving.score(test=test, raws=SCALES, sex="any", done_on=clock.local(day).date(), now=day,
                 table=version.table, **given)  # fmt: skip
    lines = queries.lines(by=by, assessment=plan, now=now)
    rows = reporting.rows_of(lines)
    scales = [one["key"] for one in rows if one["version"]]
    for texts, at in ((TEXTS | {"summary": "", "advice": ""}, day), (TEXTS, now)):
        reporting.save(
            assessment=plan, how="observed", level=0.95, pairs=[scales[1:]], texts=texts,
            plain=PLAIN, plain_lines={one["key"]: plainly.sentence(one) for one in rows}, now=at,
            **given,
        )  # fmt: skip
