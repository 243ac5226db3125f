"""Points in words: a fraction keeps its number in every language."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from rapport.progress.measures.latest import Latest
from rapport.progress.measures.published import ChangeOf
from rapport.progress.models import Score, Sheet
from rapport.web import judging
from rapport.web.counting import counted


@pytest.mark.parametrize(
    ("points", "many"), [(0, 0), (1, 1), (2.0, 2), (6, 6), (0.5, 100), (1.5, 100), (3.5, 100)]
)
def test_a_fraction_counts_as_what_is_said_with_its_number(points, many):
    assert counted(points) == many
    assert isinstance(counted(points), int)


@pytest.mark.parametrize("points", [0.5, 1.5, 3.5])
def test_in_arabic_a_published_fraction_is_said_and_not_one_or_two(points):
    with translation.override("ar"):
        assert judging.number(points) in judging.parameters(a_change(points))
    with translation.override("en"):
        assert judging.parameters(a_change(points)) == f"{points} points or more"


def a_change(points):
    return ChangeOf(name="here", points=points, means="reliable", population="", dated="2001",
                    source="Somebody (2001)", evidence="seen")  # fmt: skip


@pytest.mark.django_db
def test_on_today_a_fraction_is_told_to_a_screen_reader_in_arabic():
    latest = Latest(Score(instrument="brs", total_rounded=1.5, sheet=Sheet(version=1)), -1.5)
    with translation.override("ar"):
        said = render_to_string("desk/_latest.html", {"one": latest})
    assert said.count("1,5") == 3 and "بنقطتين" not in said
