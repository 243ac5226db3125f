"""Opening and closing episodes of care."""

from datetime import date, timedelta

import pytest

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.episodes import actions
from tests.factories import LONG_AGO, AnEpisode, ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return Colleague()


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana])


def close(by, client, episode, **given):
    said = {"on": clock.today(), "reason": "COMPLETED"} | given
    return actions.close(by=by.account, client=client, episode=episode, **said)


def test_it_is_closed_with_a_reason_and_opened_again(ana, mara):
    episode = AnEpisode(client=mara, responsible=ana)

    close(ana, mara, episode)
    episode.refresh_from_db()
    assert (episode.closed_on, episode.close_reason) == (clock.today(), "COMPLETED")

    actions.reopen(by=ana.account, client=mara, episode=episode)
    episode.refresh_from_db()
    assert (episode.closed_on, episode.close_reason) == (None, "")


def test_another_clients_episode_is_neither_closed_nor_opened_again(ana, mara):
    theirs = AnEpisode(client=ClientOf(care_team=[Colleague()]), responsible=ana)

    with pytest.raises(actions.CannotOpen, match="no episode of the client"):
        close(ana, mara, theirs)
    with pytest.raises(actions.CannotOpen, match="no episode of the client"):
        actions.reopen(by=ana.account, client=mara, episode=theirs)

    theirs.refresh_from_db()
    assert theirs.closed_on is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"on": LONG_AGO - timedelta(1)}, "after the episode was opened"),
        ({"reason": "BORED"}, "how the care ended"),
        ({"on": date(9999, 12, 31)}, "within a year"),
    ],
)
def test_an_end_that_cannot_be_is_refused(ana, mara, given, says):
    episode = AnEpisode(client=mara, responsible=ana)

    with pytest.raises(actions.CannotOpen, match=says):
        close(ana, mara, episode, **given)


def test_it_is_closed_once(ana, mara):
    episode = AnEpisode(client=mara, responsible=ana)
    close(ana, mara, episode)

    with pytest.raises(actions.CannotOpen, match="closed already"):
        close(ana, mara, episode)


def test_who_is_responsible_treats_clients(ana, mara):
    with pytest.raises(actions.CannotOpen, match="treats clients"):
        actions.open_(
            by=ana.account, client=mara, responsible=Colleague(roles=["BILLER"]), on=clock.today()
        )


def test_a_stranger_opens_none(ana, mara):
    with pytest.raises(policy.Denied):
        actions.open_(by=Colleague().account, client=mara, responsible=ana, on=clock.today())


@pytest.mark.parametrize(
    ("on", "says"),
    [(date(9999, 12, 31), "within a year"), (date(2226, 1, 1), "within a year"),
     (LONG_AGO - timedelta(1), "did not work here yet")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_at_the_day(ana, mara, on, says):
    with pytest.raises(actions.CannotOpen, match=says) as refused:
        actions.open_(by=ana.account, client=mara, responsible=ana, on=on)

    assert refused.value.field == "on"


def test_when_they_first_asked_is_kept(ana, mara):
    asked = clock.today() - timedelta(30)

    episode = actions.open_(
        by=ana.account, client=mara, responsible=ana, on=clock.today(), first_contact_on=asked
    )

    episode.refresh_from_db()
    assert episode.first_contact_on == asked


def test_nobody_first_asks_after_care_began(ana, mara):
    with pytest.raises(actions.CannotOpen, match="not after the first day") as refused:
        actions.open_(
            by=ana.account, client=mara, responsible=ana, on=clock.today(),
            first_contact_on=clock.today() + timedelta(1),
        )  # fmt: skip

    assert refused.value.field == "first_contact_on"
