"""Clinicians beside chance: one's own point, colleagues without names, when nothing is drawn."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.policy import System
from rapport.progress.extract import making
from rapport.progress.outcomes import queries
from rapport.science import therapists
from tests.factories import NOW, APlace, APractice, Colleague
from tests.web.stepping import inside

from .test_outcomes import START, answered, ended, text

pytestmark = pytest.mark.django_db

PAGE = "/desk/outcomes/clinicians/"


@pytest.fixture(autouse=True)
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture(params=["rows", "columns"])
def read_from(request, monkeypatch):
    if request.param == "columns":
        monkeypatch.setattr(queries, "_extract", lambda: making.make(by=System("cron"), now=NOW))


def team(house, *, better=(6, 6, 6, 6, 6), clients=12):
    """Five clinicians with twelve clients each, of whom so many got better."""
    people = [Colleague(at=[house], display_name=f"Robin Name-{n}") for n in range(len(better))]
    for who, many in zip(people, better, strict=True):
        for n in range(clients):
            ended(who, house, 14 + n % 5, 4 + n % 5 if n < many else 13 + n % 5)
    return people


def test_ones_own_point_has_a_sentence_and_nobody_a_name(read_from):
    people = team(APlace(), better=(7, 6, 5, 6, 7))

    answer = inside(people[0].account).get(PAGE)

    said = text(answer)
    assert "5 clinicians; of all their clients together 52 % got better" in said
    assert "None differs by more than chance and caseload explain." in said
    assert "Method: A published number of points; 6 points or more" in said
    assert "Your 12 clients: " in said and "within what chance leaves open" in said
    assert "Robin" not in said.replace("Robin Name-0", "")  # who is signed in stands in the bar
    assert said.count("chart__reader") == 1 and 'aria-valuemax="5"' in said
    assert said.count("data-said=") == 5 and said.count('data-said="You: 12;') == 1


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_limits_are_written_as_numbers_are_in_the_language(language):
    people = team(APlace())
    who = people[0].account
    who.language = language
    who.save(update_fields=["language"])

    said = text(inside(who).get(PAGE))

    assert said.count("99,8 %") == 3 and "99.8" not in said  # drawing, legend, and in words


def test_an_owner_without_clients_sees_points_and_none_of_their_own():
    team(APlace())
    owner = Colleague(roles=["OWNER"])

    said = text(inside(owner.account).get(PAGE))

    assert "You have no point of your own here" in said
    assert "You:" not in said and "Robin" not in said


def test_four_clinicians_have_no_points(read_from):
    people = team(APlace(), better=(6, 6, 6, 6))

    said = text(inside(people[0].account).get(PAGE))

    assert "4 clinicians have 10 clients or more with two scores." in said
    assert "data-said" not in said


def test_a_measure_without_a_published_change_judges_nobody(read_from):
    house = APlace()
    who = Colleague(at=[house])
    client = ended(who, house)
    for weeks, total in ((0, 9), (20, 3)):
        answered(client, START + timedelta(weeks=weeks), total, "phq-4")

    said = text(inside(who.account).get(PAGE, {"instrument": "phq-4"}))

    assert "Nobody has published for this measure how large a change must be" in said


def test_days_that_cannot_be_are_told_beside_their_field():
    who = Colleague()

    answer = inside(who.account).get(PAGE, {"since": "2029-12-31", "until": "2029-01-01"})

    assert answer.status_code == 422
    assert "Choose a day that is not before the first." in text(answer)
    assert 'value="2029-12-31"' in text(answer)


def test_it_is_said_what_is_missing_to_tell_how_much_lies_between_clinicians(read_from):
    people = team(APlace())

    said = text(inside(people[0].account).get(PAGE))

    assert "It takes 1,200 clients with two scores and 20 clinicians" in said
    assert "Here there are 60 clients of 5 clinicians." in said


def test_few_clients_are_not_counted_aloud():
    people = team(APlace(), better=(1, 1), clients=2)

    said = text(inside(people[0].account).get(PAGE))

    assert "Here there are fewer than 10 such clients." in said


def test_ones_own_part_is_told_to_oneself_alone(read_from, monkeypatch):
    monkeypatch.setattr(therapists, "LEAST_CLIENTS", 60)
    monkeypatch.setattr(therapists, "LEAST_THERAPISTS", 5)
    people = team(APlace(), better=(12, 1, 6, 6, 6))

    best, worst = (text(inside(who.account).get(PAGE)) for who in people[:2])
    owner = text(inside(Colleague(roles=["OWNER"]).account).get(PAGE))

    for said in (best, worst, owner):
        assert "Of all differences in how far 60 clients moved," in said
        assert "Nobody else is shown this." in said
    assert "Your 12 clients moved" in best and "further for the better" in best
    assert "less far for the better" in worst
    assert "Your own part is told from 10 clients of yours" in owner
    assert "clients moved" not in owner.replace("60 clients moved", "")
