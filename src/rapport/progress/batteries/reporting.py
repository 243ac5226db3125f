"""The report of an assessment: its numbers as they stood, its texts, version by version."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.library import NotInLibrary
from rapport.core.press import pdf
from rapport.people.clients.models import Client

from ..measures import instruments
from ..measures.models import Sheet
from ..own.saying import said
from ..press.assessment import ASSESSMENT, Paper
from . import kept, queries, rules
from .models import Assessment, AssessmentReport, PlannedTest
from .queries import Line

TEXTS = ("findings", "summary", "advice")
PLAIN = ("intro", "advice")


@action("assessment.plan")
def save(
    *, by: Any, client: Client, assessment: Assessment, how: str, level: float,
    pairs: Sequence[Sequence[str]], texts: Mapping[str, str], plain: Mapping[str, str],
    plain_lines: Mapping[str, str], now: datetime, seen: str = "",
) -> AssessmentReport:  # fmt: skip
    """Keep the report as it stands now, as a version that never changes.

    The same again is the same version.

    Args:
        how, level: which intervals are shown. pairs: keys of rows whose difference is shown.
        texts: for colleagues. plain, plain_lines: for the client; a line by the key of its row.
        seen: ``stamp`` of what stood on the page; left out: nothing is compared.

    Raises:
        CannotPlan: by field what cannot be; results or the report changed since they were seen.
    """
    row = kept.ours(client, assessment)
    if how not in rules.HOW or level not in rules.LEVELS:
        raise kept.CannotPlan("how", said("choose"))
    fields = dict(texts) | {f"plain_{name}": one for name, one in plain.items()}
    fields |= {f"line_{key}": one for key, one in plain_lines.items()}
    for field, words in fields.items():
        kept.text(field, words, rules.LONGEST, needed=False)
    lines = queries.lines(by=by, assessment=row, now=now)
    rows = rows_of(lines)
    known = rules.pairs_of(rows)
    content = {
        "question": row.question, "how": how, "level": level, "rows": rows,
        "critical": critical_in(lines),
        "pairs": [list(pair) for pair in known if list(pair) in [list(one) for one in pairs]],
        "texts": {name: texts[name].strip() for name in TEXTS},
        "plain": {name: plain[name].strip() for name in PLAIN},
        "plain_lines": {one["key"]: plain_lines.get(one["key"], "").strip() for one in rows},
    }  # fmt: skip
    newest = row.reports.order_by("-number").first()
    if newest is not None:
        newest.client = client
        if newest.content == content:
            return newest
    if seen and seen != stamp(newest, rows):
        raise kept.CannotPlan("", _("Since you opened this page, results have changed or another "
                                    "version was kept. What you typed is still here and is not "
                                    "kept yet: compare, then keep it."))  # fmt: skip
    return AssessmentReport.objects.create(
        client=client, assessment=row, number=newest.number + 1 if newest else 1, content=content,
        made_by=policy.person(by), made_at=now,
    )  # fmt: skip


def stamp(newest: AssessmentReport | None, rows: Sequence[Mapping[str, Any]]) -> str:
    """Which version and which results somebody has before them; nothing can be read from it."""
    whole = json.dumps([newest.number if newest else 0, rows], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


@action("assessment.print")
def printed(*, by: Any, client: Client, report: AssessmentReport, paper: Paper) -> bytes:
    """A version of the report as a PDF. Who printed whose is in the trail.

    Args:
        paper: what is said, put into words by the door.
    """
    if report.client_id != client.pk:
        raise kept.CannotPlan("", _("This is not of this client."))
    return pdf(ASSESSMENT, paper)


def rows_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Every number of an assessment in its order, as a report keeps it.

    Each has ``key``, ``instrument`` or ``title``, ``scale``, ``raw``, ``on``; ``result`` and
    ``version`` where a norm table was asked; ``sheet``, ``band`` where a questionnaire was.
    """
    rows: list[dict[str, Any]] = []
    for line in lines:
        test = line.test
        if test.state == PlannedTest.State.LEFT_OUT:
            continue
        named = {"instrument": test.instrument, "title": test.title}
        if test.results:
            about = {"on": _iso(test.done_on), "sex": test.results["sex"],
                     "age": test.results["age"], "version": test.results["version"]}  # fmt: skip
            about |= {name: test.results[name] for name in ("education",) if name in test.results}
            rows += [
                {"key": f"{test.pk.hex[:12]}-{n}", **named, **about, **one, **_apart(test, one)}
                for n, one in enumerate(test.results["scales"], 1)
            ]
        elif line.sheet is not None:
            rows.append({"key": f"{test.pk.hex[:12]}-0", **named, **_of_sheet(line.sheet)})
    return rows


def _apart(test: PlannedTest, scale: Mapping[str, Any]) -> dict[str, Any]:
    """How often a scale lies apart from others, at the row of that which the table names first."""
    every = test.results.get("apart", [])
    found = [row for row in every if row["scale"] == scale["scale"]]
    return {"apart": found} if found else {}


def _of_sheet(sheet: Sheet) -> dict[str, Any]:
    score = getattr(sheet, "score", None)
    return {
        "scale": "", "raw": score.total_rounded if score is not None else None, "result": None,
        "version": None, "on": _iso(clock.local(sheet.answered_at).date()),
        "sheet": str(sheet.pk), "band": score.band if score is not None else "",
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def critical_in(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Answers that somebody has to look at: by questionnaire, the number of each question."""
    found = []
    for line in lines:
        sheet = line.sheet
        if sheet is None or line.test.state == PlannedTest.State.LEFT_OUT:
            continue
        try:
            content = instruments.askable(sheet.instrument, sheet.version).content
        except NotInLibrary:
            continue
        if content.version != sheet.version:
            continue
        risky: dict[str, Any] = {}
        for answers in content.dangers(sheet.answers).values():
            risky |= answers
        if risky:
            found.append({"instrument": sheet.instrument, "version": sheet.version,
                          "sheet": str(sheet.pk), "answers": risky})  # fmt: skip
    return found
