"""Where the time of a page goes, under the profiler."""

import cProfile
import os
import pstats
from collections.abc import Callable, Iterator
from typing import Any

Wanted = dict[str, tuple[tuple[str, str], ...]]

PARTS: Wanted = {
    "visit: cookie to account": (("web/doors.py", "who"),),
    "loading and scope": (
        ("web/page.py", "<dictcomp>"), ("views/appointments.py", "_client"),
        ("measures/queries.py", "by_token"),
    ),
    "finding: all of it": (("clients/queries.py", "search"),),
    "what happened, in order": (
        ("views/happened.py", "rows"), ("views/happened.py", "entries"),
        ("views/happened.py", "since_last"),
    ),
    "contacts, people around": (
        ("circle/queries.py", "contacts"), ("circle/queries.py", "related"),
    ),
    "meetings of the day or week": (
        ("appointments/queries.py", "within"), ("appointments/queries.py", "taken"),
    ),
    "places in the week's grid": (("desk/grid.py", "day"), ("desk/grid.py", "drawn")),
    "scores, notes, alerts, questions": (
        ("measures/latest.py", "latest"), ("notes/queries.py", "of_appointments"),
        ("notes/queries.py", "first_waiting"), ("measures/queries.py", "first_unanswered"),
        ("alerts/queries.py", "waiting_for"),
    ),
    "clinicians and places": (
        ("diaries/queries.py", "clinicians"), ("diaries/queries.py", "spots"),
        ("diaries/queries.py", "diary_of"),
    ),
    "checking what was sent": (("forms/forms.py", "full_clean"),),
    "the action: what it writes": (
        ("notes/actions.py", "save"), ("appointments/actions.py", "book"),
        ("measures/actions.py", "answer"),
    ),
    "templates": (("backends/django.py", "render"),),
    "audit entry": (("audit/__init__.py", "_append"),),
    "commit (flushed to the disk)": (("backends/base/base.py", "commit"),),
}  # fmt: skip
"""Functions that never run inside each other."""

AMONG: Wanted = {
    "of all: statements in the database": (("backends/utils.py", "_execute"),),
    "of all: composing statements": (("sql/compiler.py", "as_sql"),),
    "of all: addresses": (("urls/base.py", "reverse"),),
    "of all: translations": (("trans_real.py", "gettext"),),
    "of all: opening what is sealed": (("vault/text.py", "opened"),),
    "of all: sealing": (("vault/sealing.py", "seal"),),
    "of finding: ranking": (("clients/rules.py", "<lambda>"),),
}


def printed(name: str, go: Callable[[], None], times: int) -> None:
    """Say where the time of a page goes: in parts that do not overlap, and across them."""
    with cProfile.Profile() as profile:
        for _ in range(times):
            go()
    found: Any = pstats.Stats(profile)
    calls = found.total_calls // times
    print(f"\n{name}: {1000 * found.total_tt / times:.1f} ms and {calls} calls under the profile")
    rest = 100.0
    for words, share in _shares(found, PARTS):
        rest -= share
        print(f"{words:36} {share:5.1f} %")
    print(f"{'request, middleware, the rest':36} {rest:5.1f} %")
    for words, share in _shares(found, AMONG):
        print(f"{words:36} {share:5.1f} %")


def _shares(found: Any, wanted: Wanted) -> Iterator[tuple[str, float]]:
    """The share of each wanted part, in percent; none of those that hardly took any."""
    for words, functions in wanted.items():
        took = sum(
            cumulative
            for (where, _line, called), (_cc, _nc, _tt, cumulative, _callers) in found.stats.items()
            for file, function in functions
            if where.replace(os.sep, "/").endswith(file) and called == function
        )
        if took * 1000 >= found.total_tt:
            yield words, 100 * took / found.total_tt
