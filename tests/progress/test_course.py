"""A course: what is joined, what is compared, and how a change is judged."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.core.library import NotInLibrary
from rapport.progress.measures import course, instruments
from rapport.web import courses
from tests.factories import NOW, AScore, ASheet, ClientOf, Colleague

from .conftest import PROGRAM


@pytest.fixture
def scored(mara):
    """Write scores of so many weeks ago: ``scored((6, 20), (4, 14))``."""

    def write(*given, instrument="phq-9", client=None, **more):
        for weeks, total in given:
            at = NOW - timedelta(weeks=weeks)
            sheet = ASheet(client=client or mara, instrument=instrument, answered_at=at,
                           version=more.get("version", 1),
                           language=more.get("language", "en"))  # fmt: skip
            status = more.get("status", "SCORED")
            AScore(sheet=sheet, total=total, status=status, band=more.get("band", "moderate"),
                   total_rounded=None if total is None else int(total + 0.5))  # fmt: skip

    return write


@pytest.fixture
def read(mara, ana):
    def found(instrument="phq-9", by=None, **more):
        return course.of(by=by or ana.account, client=mara, instrument=instrument, **more)

    return found


def test_the_oldest_comes_first_and_is_compared_with_nothing(scored, read):
    scored((2, 14), (6, 20), (4, 18))
    found = read()
    assert [point.shown for point in found.points] == [20, 18, 14]
    first = found.points[0]
    assert (first.since_first, first.since_before, first.joined) == (None, None, False)
    assert found.span == (0, 27)


def test_each_is_compared_with_the_first_and_the_one_before(scored, read):
    scored((6, 20), (4, 18), (2, 14))
    last = read().last
    assert (last.since_first.earlier, last.since_first.points) == (20, -6)
    assert (last.since_before.earlier, last.since_before.points) == (18, -4)
    assert (last.since_first.reliable, last.since_before.reliable) == (True, False)


def test_the_published_rule_decides_and_the_arithmetic_stands_beside_it(scored, read):
    """By hand: SEM = 5.5 sqrt(1 - 0.84) = 2.2; S_diff = 3.111; 1.96 of it are 6.098; 6 of
    them give an index of 1.929. The published rule calls 6 points reliable."""
    scored((4, 20), (2, 14))
    judged = read().last.since_first
    assert judged.published.points == 6
    assert judged.computed.sem == pytest.approx(2.2)
    assert judged.computed.s_diff == pytest.approx(3.1113, abs=1e-4)
    assert judged.computed.index == pytest.approx(-1.9285, abs=1e-4)
    assert judged.computed.needed == pytest.approx(6.0981, abs=1e-4)
    assert (judged.reliable, judged.computed.reliable, judged.disagree) == (True, False, True)


@pytest.mark.parametrize(("weeks", "joined"), [(8, True), (8.1, False)])
def test_after_a_long_pause_the_line_breaks(scored, read, weeks, joined):
    scored((weeks, 20), (0, 14))
    assert read().last.joined is joined


def test_a_sheet_without_a_score_breaks_the_line_and_is_counted(scored, read):
    scored((6, 20), (2, 14))
    scored((4, None), status="NOT_SCORABLE")
    found = read()
    assert [point.shown for point in found.points] == [20, 14]
    assert found.last.joined is False
    assert found.unscored == (NOW - timedelta(weeks=4),)
    assert found.last.since_first.points == -6


def test_other_versions_are_shown_and_not_compared(scored, read):
    scored((6, 20), (2, 14))
    scored((8, 27), (4, 3), version=9)
    old, first, other, last = read().points
    assert [point.current for point in (old, first, other, last)] == [False, True, False, True]
    assert (other.since_first, other.since_before, other.joined) == (None, None, False)
    assert last.since_first.earlier == 20
    assert (last.since_before, last.joined) == (None, False)
    assert first.since_first is None


def test_other_languages_are_shown_and_not_compared(scored, read):
    scored((8, 20), (6, 18))
    scored((4, 4), (2, 12), language="de")
    found = read()
    assert [one.current for one in found.points] == [False, False, True, True]
    assert found.points[2].since_first is None and found.points[2].since_before is None
    assert not found.points[2].joined
    last = found.last
    assert (last.since_first.earlier, last.since_before.earlier) == (4, 4)
    assert found.first is found.points[2]
    assert "not compared" in courses.rows(found)[0].notes[0]


def test_what_belongs_to_an_earlier_episode_is_not_compared_with(scored, read):
    scored((60, 20), (58, 8), (4, 16), (2, 10))
    found = read(since=NOW - timedelta(weeks=6))
    begun, last = found.points[2:]
    assert (begun.since_first, begun.since_before) == (None, None)
    assert (last.since_first.earlier, last.since_before.earlier) == (16, 16)
    assert found.first is begun
    assert found.points[1].since_before.earlier == 20


def test_with_nothing_in_this_episode_all_of_it_is_compared(scored, read):
    scored((60, 20), (58, 8))
    found = read(since=NOW - timedelta(weeks=6))
    assert (found.first.shown, found.last.since_first.points) == (20, -12)


def test_prorated_scores_are_marked(scored, read):
    scored((2, 13.5), status="PRORATED")
    (point,) = read().points
    assert (point.prorated, point.total, point.shown) == (True, 13.5, 14)


def test_a_sheet_that_was_corrected_does_not_count(scored, read, mara):
    scored((4, 20), (2, 27))
    right = ASheet(client=mara, answered_at=NOW - timedelta(weeks=2))
    AScore(sheet=right, total=14, total_rounded=14, band="moderate")
    wrong = mara.scores.get(total=27).sheet
    wrong.replaced_by = right
    wrong.save()
    assert [point.shown for point in read().points] == [20, 14]


@pytest.mark.parametrize(("later", "reached"), [(58, True), (59, False)])
def test_what_somebody_calls_important_stands_beside_and_gives_no_verdict(scored, read, later,
                                                                          reached):  # fmt: skip
    scored((4, 68), (2, later), instrument="who-5")
    judged = read(instrument="who-5").last.since_first
    assert judged.reliable is None
    assert [(one.points, yes) for one, yes in judged.mattered] == [(10, reached)]


def test_without_a_published_rule_the_arithmetic_decides(scored, read):
    plain = [one for one in instruments.with_words().values()
             if not any(c.means == "reliable" for c in one.content.changes)]  # fmt: skip
    for item in plain:
        judged = course.judged(item.content, 10, 2)
        expected = judged.computed.reliable if item.content.norms else None
        assert judged.reliable is expected
        assert judged.disagree is False


def test_it_takes_two_statements_for_many_as_for_few(scored, read, ana, django_assert_num_queries):
    scored(*[(weeks, 10) for weeks in range(30)])
    with django_assert_num_queries(2):  # the other is for what the practice judges change by
        found = read(by=ana.account)
    assert len(found.points) == 30


def test_nobody_reads_the_course_of_another_client(scored, read, ben, mara):
    scored((2, 14))
    fay = Colleague(roles=["FRONT_DESK"], at=[mara.place])
    assert [read(by=who.account).points for who in (ben, fay)] == [(), ()]
    other = ClientOf()
    assert course.of(by=PROGRAM, client=other, instrument="phq-9").points == ()


def test_what_is_no_instrument_has_no_course(read):
    with pytest.raises(NotInLibrary):
        read(instrument="no-such-form")


def test_a_score_comes_with_its_meaning(scored, read):
    with time.at(NOW):
        scored((4, 20), (2, 14), (1, 14), (0, 15))
        found = read()
        said = [courses.sentence(found, point) for point in found.points]
    assert said[0] == "20, moderate"
    assert said[1] == (
        "14, moderate; 6 less than on 10 Dec 2029, more than measurement error explains"
    )
    assert "5 less than on 10 Dec 2029, no more than measurement error explains" in said[3]
    assert courses.latest(found)[1].startswith("Against the one before: 1 more than on 31 Dec")


def test_the_same_number_again_needs_no_verdict(scored, read):
    scored((4, 14), (2, 14))
    assert courses.sentence(read(), read().last) == "14, moderate; the same as on 10 Dec 2029"


def test_the_client_reads_the_numbers_and_no_name_of_a_band(scored, read):
    scored((4, 20), (2, 14))
    found = read()
    words = [*courses.plain(found), *(row.said for row in courses.rows(found, courses.plainly))]
    assert "14 of 27" in " ".join(words)
    assert "moderate" not in " ".join(words).lower()
    drawing = courses.plot(found, say=courses.plainly, named=False)
    assert "moderate" not in "".join(courses.drawn(drawing)).lower()


def test_marks_are_handed_in_by_the_door(scored, read):
    scored((4, 20), (2, 14))
    later, sooner = (courses.Happened(NOW - timedelta(weeks=w), f"week {w}") for w in (2, 3))
    found = courses.plot(read(), happened=[later, sooner])
    assert [(mark.letter, mark.words) for mark in found.marks] == [("a", "week 3"), ("b", "week 2")]
    assert [courses.letter(n) for n in (0, 25, 26, 27)] == ["a", "z", "aa", "ab"]


@pytest.mark.parametrize(
    "name", sorted(id for id, one in instruments.with_words().items() if one.content.has_total)
)
def test_every_instrument_of_the_library_can_be_drawn(scored, read, name):
    lowest, highest = course.Course(instruments.get(name), ()).span
    scored((4, highest), (2, lowest), instrument=name, band="")
    found = read(instrument=name)
    for text in courses.drawn(courses.plot(found)):
        assert text.count("data-point") == 2
    assert len(courses.latest(found)) == 1
