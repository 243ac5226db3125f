"""An extract: made by night, sealed on the disk, replaced whole, done without where it is gone."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from rapport.core import practice, time, vault
from rapport.core.policy import Denied, System
from rapport.people.models import Account
from rapport.progress.extract import jobs, making, tables
from rapport.progress.extract.models import FOLDER, Extract
from rapport.progress.outcomes import queries
from tests.factories import (
    NOW,
    AnEpisode,
    APlace,
    APractice,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

ASKED = queries.Asked(since=date(2029, 1, 1), until=date(2029, 12, 31), instrument="phq-9")


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture
def ana():
    """A clinician of twelve clients whose care ended."""
    house = APlace()
    who = Colleague(at=[house])
    for n in range(12):
        client = ClientOf(place=house)
        AnEpisode(client=client, responsible=who, opened_on=date(2029, 2, 1),
                  closed_on=date(2029, 11, 1), close_reason="COMPLETED",
                  problem="A-PROBLEM")  # fmt: skip
        for month, total in ((3, 20 - n), (9, 8)):
            sheet = ASheet(client=client, answered_at=datetime(2029, month, 1, tzinfo=UTC))
            AScore(sheet=sheet, total=total, total_rounded=total, above_cutoff=total >= 10)
    return who


def _broken():
    yield b"one"
    raise ZeroDivisionError


def make():
    return making.make(by=System("cron"), now=NOW)


def test_a_small_practice_has_none(ana):
    jobs.extract(now=NOW)

    assert not Extract.objects.exists()
    assert queries.of_practice(by=ana.account, asked=ASKED).as_of is None


def test_the_night_makes_one_for_a_large_practice(ana, monkeypatch):
    monkeypatch.setattr(making, "MOST_LIVE", 11)

    jobs.extract(now=NOW)

    made = Extract.objects.get()
    assert (made.episodes, made.scores) == (12, 24)
    found = queries.of_practice(by=ana.account, asked=ASKED)
    assert (found.as_of, found.whole.tally.paired) == (NOW, 12)
    assert found.whole.tally.first == sum(range(9, 21))


def test_no_table_lies_there_in_plain(ana):
    made = make()

    files = list((practice.current().folder / FOLDER).glob(f"{made.pk}.*"))
    assert len(files) == 4
    for file in files:
        assert b"ARROW" not in file.read_bytes() and b"A-PROBLEM" not in file.read_bytes()
        assert b"phq-9" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_a_new_one_takes_the_place_of_the_one_before(ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        old = make()
    with django_capture_on_commit_callbacks(execute=True):
        new = make()

    assert list(Extract.objects.all()) == [new]
    names = {file.name.split(".")[0] for file in (practice.current().folder / FOLDER).iterdir()}
    assert names == {str(new.pk)}
    assert old.data_key_id == new.data_key_id


def test_one_that_fails_leaves_the_one_before_and_no_file(ana, monkeypatch):
    old = make()
    monkeypatch.setitem(making._PIECES, "ends", lambda _counted: _broken())

    with pytest.raises(ZeroDivisionError):
        make()

    assert list(Extract.objects.all()) == [old]
    names = {file.name.split(".")[0] for file in (practice.current().folder / FOLDER).iterdir()}
    assert str(old.pk) in names
    assert making.opened(old).episodes.num_rows == 12


def test_without_its_files_the_rows_are_read(ana):
    made = make()
    for table in ("episodes", "scores"):
        made.path(table).unlink()

    found = queries.of_practice(by=ana.account, asked=ASKED)

    assert (found.as_of, found.whole.tally.paired) == (None, 12)


def test_one_of_an_earlier_version_is_not_asked(ana, monkeypatch):
    """After an update it lies there until the night; until then the rows are read."""
    made = make()
    more = tables.EPISODES.append(pa.field("more", pa.int8()))
    monkeypatch.setattr(tables, "EPISODES", more)

    with pytest.raises(tables.Outdated):
        making.opened(made)
    found = queries.of_practice(by=ana.account, asked=ASKED)

    assert (found.as_of, found.whole.tally.paired) == (None, 12)


def test_a_changed_file_is_told_from_a_whole_one(ana):
    made = make()
    path = made.path("scores")
    said = bytearray(path.read_bytes())
    said[-1] ^= 1
    path.write_bytes(said)

    with pytest.raises(vault.Tampered):
        making.opened(made)


def test_nobody_makes_one_by_hand(ana):
    owner = Account.objects.get(pk=ana.account_id)
    with pytest.raises(Denied):
        making.make(by=owner, now=NOW)


def test_who_still_comes_is_not_in_it(ana):
    client = ClientOf(place=APlace())
    AnEpisode(client=client, responsible=ana, opened_on=date(2029, 2, 1))
    AScore(sheet=ASheet(client=client, answered_at=datetime(2029, 3, 1, tzinfo=UTC)))

    made = make()

    assert (made.episodes, made.scores) == (12, 24)
