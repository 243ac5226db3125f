"""Points without names: who has one, what it is held against, and what nobody is told."""

from random import Random

import pytest

from rapport.progress.outcomes.clinicians import Case, Found, Refused, found


def caseload(who, n, better, *, start=15.0, problem="DEPRESSION"):
    return [Case(who, problem, start, 5.0, i < better) for i in range(n)]


def practice(sizes=(20, 20, 30, 30, 40, 60), share=0.5):
    return [case for n, size in enumerate(sizes)
            for case in caseload(f"c{n}", size, round(size * share))]  # fmt: skip


def test_fewer_than_five_clinicians_have_no_points():
    assert found(practice((20, 20, 30, 40, 9)), me="c0") == Refused("clinicians", 4)


def test_where_all_are_better_there_is_nothing_to_tell_apart():
    assert found(practice(share=1), me="c0") == Refused("alike", 6)
    assert found(practice(share=0), me="c0") == Refused("alike", 6)


def test_only_ones_own_caseload_is_exact():
    drawn = found(practice((23, 27, 31, 38, 44, 60)), me="c1")

    assert isinstance(drawn, Found) and drawn.mine is not None
    assert drawn.mine.clients == 27
    assert sorted(one.clients for one in drawn.points if not one.mine) == [20, 30, 40, 40, 60]


def test_whoever_has_no_clients_of_their_own_sees_no_point_of_theirs():
    drawn = found(practice(), me="")

    assert isinstance(drawn, Found) and drawn.mine is None
    assert len(drawn.points) == 6


def test_a_clinician_with_nine_clients_is_left_out_and_counted():
    drawn = found(practice((9, 20, 20, 30, 30, 40)), me="c0")

    assert isinstance(drawn, Found)
    assert (len(drawn.points), drawn.left_out, drawn.mine) == (5, 1, None)


def test_a_point_far_outside_stands_out_and_one_by_chance_does_not():
    cases = practice((60, 60, 60, 60, 60, 60, 60, 60))
    cases = [one for one in cases if one.responsible != "c0"] + caseload("c0", 60, 5)

    drawn = found(cases, me="c0")

    assert isinstance(drawn, Found) and drawn.mine is not None
    assert drawn.mine.place == -2 and drawn.mine.stands_out
    assert not any(one.stands_out for one in drawn.points if not one.mine)


def test_whoever_treats_the_worst_off_is_held_against_their_own_case_mix():
    """From 22 on one in five gets better, below it four in five: nobody differs from that."""
    chance = Random(5)
    cases = []
    for n in range(8):
        hard = n == 0  # one clinician has hard cases alone, the others few
        for _ in range(100):
            start = 22.0 + chance.random() if hard or chance.random() < 0.2 else 12.0
            cases.append(
                Case(f"c{n}", "", start, 5.0, chance.random() < (0.2 if start > 20 else 0.8))
            )

    drawn = found(cases, me="c0")

    assert isinstance(drawn, Found) and drawn.mine is not None
    raw = sum(one.better for one in cases if one.responsible == "c0") / 100
    assert raw < 0.35 and drawn.target > 0.6
    assert drawn.mine.place == 0
    assert abs(drawn.mine.share - drawn.target) < 0.15
    assert drawn.adjusted == ("start",)


def test_a_case_mix_that_cannot_be_told_is_said_and_not_made_up():
    drawn = found(practice(), me="c0")  # every first score is the same

    assert isinstance(drawn, Found)
    assert drawn.adjusted is None


@pytest.mark.parametrize("many", [19, 20])
def test_a_problem_counts_from_twenty_clients_on(many):
    chance = Random(3)
    cases = [Case(f"c{n % 6}", "TRAUMA" if i < many else "DEPRESSION", 10 + chance.random() * 10,
                  5.0, chance.random() < 0.5) for i, n in enumerate(range(240))]  # fmt: skip

    drawn = found(cases, me="c0")

    assert isinstance(drawn, Found)
    assert drawn.adjusted == (("start", "TRAUMA") if many == 20 else ("start",))
