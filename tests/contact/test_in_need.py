"""A record that was opened in need: whoever cares for the client hears of it, and sees it."""

from datetime import date

import pytest

from rapport.core import jobs, time
from rapport.people.care_team import actions as care_team
from tests.factories import APractice, ClientOf, Colleague
from tests.web.stepping import inside

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trusted")]


@pytest.fixture
def opened(box, listen, setup_mail):
    APractice()
    setup_mail(listen(box))
    ana, ben = Colleague(), Colleague(display_name="Ben Okafor")
    mara = ClientOf(legal_name="Mara Lindgren", care_team=[ana], birth_on=date(1990, 5, 17))
    with time.at(NOW):
        care_team.break_glass(
            by=ben.account, name="Mara Lindgren", birth_on=date(1990, 5, 17), now=NOW,
            reason="She rang from the bridge and Ana cannot be reached.",
        )  # fmt: skip
        jobs.run_due()
        yield ana, ben, mara


def test_the_team_is_told_once_and_whoever_opened_it_is_not(opened, box):
    ana, _ben, _mara = opened
    assert [envelope.rcpt_tos for envelope in box.mails] == [[ana.account.email]]
    assert b"Mara" not in box.mails[0].content


def test_it_stands_on_the_teams_page_and_on_nobody_elses(opened):
    ana, ben, _mara = opened
    said = inside(ana.account).get("/desk/also/").content.decode()
    assert "Opened in need" in said
    assert "Mara Lindgren" in said
    assert "Ben Okafor" in said
    for other in (ben, Colleague()):
        assert "Mara Lindgren" not in inside(other.account).get("/desk/also/").content.decode()
