"""Where an alert goes when nobody looks at it."""

from datetime import timedelta
from uuid import uuid4

from rapport.progress.alerts.rules import Holders, passed_on
from tests.factories import NOW

ANA, SAM = uuid4(), uuid4()
HELD = Holders(ANA, SAM)


def goes(stage, minutes, here):
    until = NOW + timedelta(minutes=minutes)
    return passed_on(stage, HELD, answer_by=until, here=here, now=NOW, deputy_minutes=60)


def test_it_stays_while_its_clock_runs_and_goes_on_when_it_has_run_out():
    assert goes("OWNER", 1, {ANA, SAM}) is None
    on = goes("OWNER", 0, {ANA, SAM})
    assert (on.stage, on.answer_by) == ("DEPUTY", NOW + timedelta(minutes=60))
    assert goes("DEPUTY", 0, {ANA, SAM}).stage == "TEAM"


def test_who_has_left_is_passed_over_at_once():
    assert goes("OWNER", 30, {SAM}).stage == "DEPUTY"
    assert goes("OWNER", 30, set()).stage == "TEAM"


def test_with_the_whole_care_team_it_stays():
    assert goes("TEAM", -60, set()) is None
