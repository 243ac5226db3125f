"""What an assessor has: a norm table that is in use, and a plan with tests in it. All invented."""

from datetime import date

from rapport.progress.batteries import actions, giving
from rapport.progress.norms import actions as norms
from tests.factories import NOW

BORN = date(1990, 3, 15)
ABOUT = {
    "title": "Invented norms", "source": "Nobody (2019), p. 7", "population": "Nobody, invented",
    "year": "2019", "licence": "Invented", "better": "higher",
    "words": "0-39 = low\n40-59 = middling\n60-100 = high", "words_source": "Our own words, 2019",
}  # fmt: skip
LINES = """scale,sex,age_from,age_to,raw_from,raw_to,t,percentile,reliability
Memory,any,18,49,0,9,35,,0.91
Memory,any,18,49,10,19,50,,0.91
Memory,any,18,49,20,29,65,94,0.91
Memory,any,50,90,0,29,55,,0.91
Speed,female,18,90,0,50,70,,0.8
Speed,any,18,90,0,50,60,,0.8
Order,any,18,90,0,50,45,,
"""


def loaded(by, *, lines=LINES, now=NOW, table=None, release=True, **about):
    """A table; ``release`` puts it to use."""
    raw = lines if isinstance(lines, bytes) else lines.encode()
    version = norms.load(by=by, raw=raw, about=ABOUT | about, now=now, table=table)
    if release:
        norms.release(by=by, table=version.table, now=now)
    return version.table


def planned(client, by, question="Why is school hard?", now=NOW, battery=None):
    return actions.begin(by=by, client=client, question=question, now=now, battery=battery)


def elsewhere(assessment, by, *, title="Block test", scales=("Memory", "Speed"), **given):
    return actions.add(
        by=by, client=assessment.client, assessment=assessment, kind="ELSEWHERE", title=title,
        scales=list(scales), **given,
    )  # fmt: skip


def asked_in(assessment, by, instrument="phq-9", kind="QUESTIONNAIRE", **given):
    return actions.add(by=by, client=assessment.client, assessment=assessment, kind=kind,
                       instrument=instrument, **given)  # fmt: skip


def scored(test, by, table=None, *, sex="any", on=None, now=NOW, **raws):
    return giving.score(
        by=by, client=test.client, test=test, raws=raws or {"Memory": 25, "Speed": 30}, sex=sex,
        done_on=on or now.date(), now=now, table=table,
    )  # fmt: skip
