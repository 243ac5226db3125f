"""The funnel's axes: round numbers of clients, and what stands on it in words."""

from xml.etree import ElementTree

import pytest

from rapport.progress.outcomes.clinicians import Bounds, Found
from rapport.web import funnel
from rapport.web.chart import NARROW, WIDE

WORDS = funnel.Words("whole", "clients", "better", "all", "95 %", "99.8 %", ())


def numbers(least, most, size):
    curve = tuple(Bounds(n, (0.4, 0.6), (0.3, 0.7)) for n in (least, most))
    text = funnel.draw(Found((), curve, 0.5, None, 0, 0.0), WORDS, size=size)
    shown = [one for one in ElementTree.fromstring(text).iter("text")
             if one.get("text-anchor") == "middle" and (one.text or "").isdigit()]  # fmt: skip
    return [(int(one.text or ""), float(one.get("x") or 0)) for one in shown]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(("least", "most"), [(5, 15), (25, 145), (5, 65), (12, 1_300), (5, 9_000)])
def test_numbers_of_clients_are_round_and_do_not_run_into_each_other(least, most, size):
    found = numbers(least, most, size)

    assert 1 <= len(found) <= size.dates + 1
    assert all(clients % 5 == 0 and least <= clients <= most for clients, _x in found)
    steps = {b - a for (a, _), (b, _) in zip(found, found[1:], strict=False)}
    assert len(steps) <= 1
    assert all(b - a > 30 for (_, a), (_, b) in zip(found, found[1:], strict=False))


def test_nothing_written_leaves_the_drawing():
    curve = (Bounds(5, (0.0, 1.0), (0.0, 1.0)), Bounds(95, (0.4, 0.6), (0.3, 0.7)))
    text = funnel.draw(Found((), curve, 0.5, None, 0, 0.0), WORDS, size=NARROW)

    for one in ElementTree.fromstring(text).iter("text"):
        wide = len(one.text or "") * NARROW.letters * 0.6
        x, anchor = float(one.get("x") or 0), one.get("text-anchor")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor or "start"]
        assert left >= 0 and left + wide <= NARROW.width
        assert NARROW.letters <= float(one.get("y") or 0) <= NARROW.height
