"""The stories fit together: templates, totals, lengths, endings, and whom they suit."""

from collections import Counter
from datetime import date
from itertools import product

import pytest

from rapport.demo import cast
from rapport.demo.stories import answers, consents, pick, risk_of_today, stories
from rapport.demo.stories.told import SECTIONS
from rapport.people.clients.models import Client
from rapport.people.episodes.codes import Modality, Problem
from rapport.people.episodes.models import Episode

ALL = [*stories(), risk_of_today()]
KINDS = ("ADULT", "MINOR", "COUPLE", "FAMILY")
ENDED = ("", "COMPLETED", "CLIENT_ENDED", "REFERRED", "MOVED", "LOST")
each = pytest.mark.parametrize("story", ALL, ids=lambda one: one.id)


def texts(session):
    return tuple(session.note.values())


def test_there_is_something_to_choose_from():
    assert len(stories()) >= 14
    assert {one.outcome for one in stories()} == {
        "IMPROVING", "STALLING", "WORSENING", "RELAPSING", "DROPPING_OUT", "MIXED",
    }  # fmt: skip
    assert len({one.modality for one in stories()}) == len(Modality)
    assert {one.template for one in stories()} == set(SECTIONS)
    told = Counter(session.what for one in stories() for session in one.sessions)
    assert all(told[what] >= 3 for what in (
        "KEPT", "MISSED", "CANCELLED", "PHONE", "COLLATERAL", "CRISIS",
    ))  # fmt: skip
    assert sum(session.late for one in stories() for session in one.sessions) >= 3


@each
def test_a_story_speaks_the_codes_of_the_house(story):
    assert story.modality in Modality.values
    assert set(story.problems) <= set(Problem.values)
    assert set(story.kinds) <= set(Client.Kind.values)
    assert set(story.ends) <= set(Episode.Reason.values)
    assert story.ages[0] < story.ages[1]
    assert 6 <= len(story.sessions) <= 14


@each
def test_every_note_fills_every_section_of_its_template(story):
    for session in story.sessions:
        assert tuple(session.note) == SECTIONS[session.template]
        assert session.template == story.template or session.template == "free"


@each
def test_the_first_hour_asks_what_later_hours_compare_with(story):
    assert set(story.sessions[0].scores) == set(story.asks)
    assert {name for one in story.sessions for name in one.scores} == set(story.asks)
    if "MINOR" in story.kinds and story.asks:
        assert story.ages[0] >= 12


@each
def test_only_the_last_hour_is_an_ending_and_every_ending_has_a_reason(story):
    assert [one for one in story.sessions[:-1] if one.ending] == []
    assert story.sessions[-1].ending == bool(story.ends)


@each
def test_a_course_has_its_length_and_totals_that_can_be_answered(story):
    for length, ended in product((0, 1, 2, 3, 5, 8, 13, 34, 55), ENDED):
        course = story.course(length, seed=length, ended=ended)
        assert len(course) == length
        for session in course:
            for name, total in session.scores.items():
                nine = session.item_nine if name == "phq-9" else 0
                assert sum(answers(name, total, 1, item_nine=nine).values()) == total
        if length:
            assert course[-1].ending == bool(ended)
            assert not any(one.ending for one in course[:-1])


@each
def test_no_text_is_told_twice_within_a_course(story):
    for ended, seed in product(ENDED, range(3)):
        for length in (len(story.sessions), story.longest - 1):
            course = story.course(length, seed=seed, ended=ended)
            told = [text for one in course for text in texts(one)]
            assert len(told) == len(set(told))
    told = Counter(texts(one) for one in story.course(2 * story.longest))
    assert told.most_common(1)[0][1] == 1


def test_two_years_of_weekly_hours_with_an_adult_repeat_nothing():
    assert min(one.longest for one in ALL if "ADULT" in one.kinds) >= 104
    assert min(one.longest for one in ALL) >= 13


@each
def test_a_course_is_the_same_for_the_same_seed(story):
    assert story.course(20, seed=4) == story.course(20, seed=4)
    assert story.course(40, seed=4) != story.course(40, seed=5)


@each
def test_a_course_that_goes_on_is_told_from_the_beginning(story):
    arc = [one.what for one in story.sessions if not one.ending]
    if not story.today:
        assert [one.what for one in story.course(4)] == arc[:4]
    told = [one for one in story.course(30) if not one.between]
    assert [one.what for one in told] == arc


@each
def test_nothing_stands_between_a_crisis_and_what_follows_it(story):
    course = story.course(50, seed=2)
    for one, following in zip(course, course[1:], strict=False):
        if one.tight:
            assert not following.between


@each
def test_item_nine_is_zero_where_the_story_does_not_say_otherwise(story):
    said = [one.item_nine for one in story.sessions if one.item_nine]
    assert [one.item_nine for one in story.course(60, seed=1) if one.item_nine] == said


def test_ordinary_hours_bring_totals_on_the_way_and_some_are_missed():
    course = next(one for one in stories() if one.id == "the-flat-winter").course(40, seed=3)
    asked = [one for one in course if one.between and one.scores]
    assert len(asked) >= 8
    assert 2 <= sum(one.between and one.what != "KEPT" for one in course) <= 5
    totals = [one.scores["phq-9"] for one in course if one.scores]
    assert max(totals[:4]) > max(totals[-4:])


def test_pick_suits_kind_and_problem_and_goes_round():
    for kind, problem in product(KINDS, Problem.values):
        for seed in range(6):
            story = pick(problem, kind, seed)
            assert kind in story.kinds
            assert not story.today
    for problem in cast.PROBLEMS:
        for kind in ("ADULT", "MINOR"):
            assert problem in pick(problem, kind, 0).problems
    assert len({pick("TRAUMA", "ADULT", seed).id for seed in range(3)}) == 3
    assert pick("MOOD", "ADULT", 5) == pick("MOOD", "ADULT", 5)


def test_pick_heeds_age_and_how_it_ended_where_a_story_does():
    assert pick("MOOD", "ADULT", 0, age=90).id == "the-slow-clock"
    assert pick("LOSS", "MINOR", 0, age=9).id == "the-button-box"
    assert pick("ANXIETY", "ADULT", 0, age=30, ended="LOST").id == "the-open-evening"
    assert pick("TRAUMA", "ADULT", 1, ended="REFERRED").id == "the-long-corridor"


def test_sixty_clients_hear_many_stories():
    people = cast.clients(60, seed=1, today=date(2030, 3, 1), days=700)
    told = Counter(
        pick(person.stays[-1].problem, person.kind, n).id
        for n, person in enumerate(people)
        if person.stays
    )
    assert len(told) >= 14
    assert max(told.values()) <= 9


def test_two_notes_of_the_intern_came_back_with_remarks():
    back = [
        session.returned
        for story in stories() if story.supervised
        for session in story.course(len(story.sessions)) if session.returned
    ]  # fmt: skip
    assert len(back) >= 2
    assert all(len(one.remark.split()) >= 20 and one.was for one in back)


def test_the_risk_of_today_stands_on_a_safety_plan_and_was_answered_this_morning():
    story = risk_of_today()
    assert (story.answered.instrument, story.answered.item_nine) == ("phq-9", 2)
    given = answers("phq-9", story.answered.total, 1, item_nine=2)
    assert (sum(given.values()), given["9"]) == (story.answered.total, 2)
    for length in (4, 7, 25):
        course = story.course(length)
        assert any("safety plan" in " ".join(texts(one)).lower() for one in course)
        assert "I call before the hour" in course[-1].note["plan"]


def test_consents_fit_a_kind_and_some_lack_something():
    patterns = consents()
    assert len(patterns) >= 6
    assert {kind for one in patterns for kind in one.kinds} == set(KINDS)
    assert any(one.missing for one in patterns) and not all(one.missing for one in patterns)
    for one in patterns:
        assert [paper for paper in one.papers if paper.kind in one.missing] == []
        assert all(
            not paper.withdrawn_after or paper.withdrawn_after > paper.after for paper in one.papers
        )
