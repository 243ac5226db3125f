"""News between rooms."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from rapport.core import events, jobs, time
from rapport.core.events import NotInTransaction, announce, on
from rapport.core.jobs import Job, NotAnId, registry

NOW = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class TeaMade:
    cup_id: uuid.UUID
    on: date
    at: datetime
    kind: str
    spoons: int
    sweet: bool
    for_id: uuid.UUID | None = None


FACT = TeaMade(uuid.uuid4(), date(2030, 1, 7), NOW, "green", 2, False)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(registry, "SPECS", dict(registry.SPECS))
    monkeypatch.setattr(events, "_listeners", {})
    with time.at(NOW):
        yield


@pytest.mark.django_db
def test_each_listener_hears_the_fact_as_it_was_told():
    heard = []

    @on(TeaMade)
    def pour(fact):
        heard.append(("pour", fact))

    @on(TeaMade, outside=True)
    def call(fact, *, once, now):
        heard.append((once, fact, now))

    promised = announce(FACT)

    assert heard == []
    assert jobs.run_due(NOW) == 2
    assert sorted(map(len, heard)) == [2, 3]
    assert ("pour", FACT) in heard
    assert (str(promised[1].pk), FACT, NOW) in heard
    assert [registry.spec(job.name).outside for job in promised] == [False, True]


@pytest.mark.django_db
def test_of_what_happens_untold_nobody_hears_and_afterwards_they_hear_again():
    on(TeaMade, name="tea.serve")(lambda fact: None)
    with events.untold():
        assert announce(FACT) == []
    assert not Job.objects.exists()
    assert [job.name for job in announce(FACT)] == ["tea.serve"]


@pytest.mark.django_db
def test_a_reaction_is_named_after_where_it_stands_or_as_it_says():
    @on(TeaMade)
    def pour(fact):
        """Pour it."""

    on(TeaMade, name="tea.serve", attempts=9)(lambda fact: None)

    assert [job.name for job in announce(FACT)] == [
        "tests.core.events.test_events.pour",
        "tea.serve",
    ]
    assert Job.objects.get(name="tea.serve").max_attempts == 9


@pytest.mark.django_db
def test_two_reactions_of_one_name_are_a_mistake():
    on(TeaMade, name="tea.serve")(lambda fact: None)

    with pytest.raises(ValueError, match="two jobs"):
        on(TeaMade, name="tea.serve")(lambda fact: None)


@pytest.mark.django_db
def test_news_nobody_listens_to_is_no_job():
    assert announce(FACT) == []


@pytest.mark.django_db(transaction=True)
def test_news_outside_a_transaction_is_refused():
    on(TeaMade, name="tea.serve")(lambda fact: None)

    with pytest.raises(NotInTransaction, match="TeaMade inside an action"):
        announce(FACT)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(FACT)
        raise ZeroDivisionError
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_word_is_no_id():
    on(TeaMade, name="tea.serve")(lambda fact: None)

    with pytest.raises(NotAnId, match="'kind'"):
        announce(TeaMade(**{**vars(FACT), "kind": "Mara likes it green"}))


def test_a_fact_is_frozen_and_made_of_ids():
    @dataclass
    class Melting:
        cup_id: uuid.UUID

    @dataclass(frozen=True)
    class Wordy:
        words: list[str]

    @dataclass(frozen=True)
    class Undecided:
        it: int | str | None

    for fact, complaint in [
        (Melting, "frozen"),
        (str, "frozen"),
        (Wordy, "Wordy.words"),
        (Undecided, "Undecided.it"),
    ]:
        with pytest.raises(TypeError, match=complaint):
            on(fact)(lambda fact: None)


@pytest.mark.django_db
def test_a_reaction_that_fails_leaves_nothing_and_is_tried_again():
    failures = [ValueError(), None]

    @on(TeaMade)
    def pour(fact):
        jobs.enqueue("tests.core.events.test_events.pour", cup_id=1)
        if problem := failures.pop(0):
            raise problem

    (promised,) = announce(FACT)
    jobs.run_due(NOW)

    assert Job.objects.get() == promised
    assert Job.objects.get().error == "ValueError"
