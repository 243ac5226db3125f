"""Drawing is pure: the same plot, the same text, and every part where it belongs."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import translation

from rapport.web import axis, chart, courses
from rapport.web.chart import (
    NARROW,
    ROW,
    WIDE,
    Band,
    Dot,
    Expected,
    Foreseen,
    Line,
    Mark,
    Plot,
    Span,
    Trail,
)
from rapport.web.seats import Box, Seat, free

MONDAY = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
BANDS = (Band(0, 9, "Few", 1), Band(10, 20, "Many", 5))


def plot(*values, days=14, bands=BANDS, lines=(), marks=(), joined=True, **more):
    dots = tuple(
        Dot(MONDAY + timedelta(days=days * n), value, f"number {value}", joined=joined and n > 0,
            **more)
        for n, value in enumerate(values)
    )  # fmt: skip
    return Plot("All in a sentence", 0, 20, dots, bands, lines, marks)


def read(text):
    return ElementTree.fromstring(text)


def dots(text):
    """Where each dot lies: (x, y)."""
    found = read(text).iter("circle")
    return [(float(one.get("cx")), float(one.get("cy"))) for one in found]


def test_the_same_plot_is_the_same_text():
    assert chart.draw(plot(3, 12)) == chart.draw(plot(3, 12))


def test_the_scale_is_the_whole_scale_of_the_form():
    (_, top), (_, foot) = dots(chart.draw(plot(20, 0)))
    assert (top, foot) == (WIDE.top, WIDE.foot)
    drawn = chart.draw(plot(3, 4))
    assert ">0<" in drawn
    assert ">20<" in drawn


def test_distances_are_true_in_time_and_in_points():
    (x1, y1), (x2, y2), (x3, y3) = dots(chart.draw(plot(0, 10, 20)))
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 - y2 == pytest.approx(y2 - y3, abs=0.2)


def test_a_single_score_stands_in_the_middle():
    ((x, _y),) = dots(chart.draw(plot(7)))
    assert x == pytest.approx((WIDE.left + WIDE.end) / 2, abs=1)


def test_nothing_to_draw_is_an_empty_scale():
    assert dots(chart.draw(plot())) == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_everything_lies_within_the_drawing(size):
    text = chart.draw(plot(*range(0, 21), lines=(Line(10, "cut-off 10"),)), size=size)
    for x, y in dots(text):
        assert size.left <= x <= size.end
        assert size.top <= y <= size.foot
    for one in read(text).iter("text"):
        assert 0 <= float(one.get("x")) <= size.width
        assert 0 <= float(one.get("y")) <= size.height


def test_a_gap_is_a_gap():
    whole = chart.draw(plot(3, 4, 5))
    broken = plot(3, 4, 5)
    apart = Dot(broken.dots[1].at, 4, "number 4", joined=False)
    broken = Plot("", 0, 20, (broken.dots[0], apart, broken.dots[2]), BANDS)
    assert whole.count("chart__line") == 2
    assert chart.draw(broken).count("chart__line") == 1


def test_what_changed_reliably_is_filled():
    assert "chart__dot--sure" not in chart.draw(plot(3, 4))
    assert chart.draw(plot(3, 4, filled=True)).count("chart__dot--sure") == 2


@pytest.mark.parametrize(("shape", "tag"), [("dot", "circle"), ("diamond", "path")])
def test_a_prorated_score_has_a_shape_of_its_own(shape, tag):
    assert f"<{tag} " in chart.draw(plot(3, shape=shape))


def test_bands_tile_the_scale_and_are_named():
    text = chart.draw(plot(3, 4))
    found = [one for one in read(text).iter("rect") if "chart__band" in one.get("class")]
    edges = [(float(one.get("y")), float(one.get("height"))) for one in found]
    (low_y, low_height), (high_y, high_height) = edges
    assert low_y == pytest.approx(high_y + high_height, abs=0.2)
    assert low_y + low_height == pytest.approx(WIDE.foot, abs=0.2)
    assert high_y == WIDE.top
    assert ">Few<" in text
    assert ">Many<" in text


def test_bands_of_a_scale_with_decimals_meet_halfway_and_begin_where_the_axis_says():
    bands = (Band(1, 2.99, "low", 1), Band(3, 4.3, "normal", 3), Band(4.31, 5, "high", 5))
    found = replace(plot(2.83, bands=bands), lowest=1, highest=5)
    text = chart.draw(found, count=lambda value: f"{value:g}".replace(".", ","))
    rects = [one for one in read(text).iter("rect") if "chart__band" in one.get("class")]
    whole = WIDE.foot - WIDE.top
    shares = [float(one.get("height")) / whole for one in rects]
    assert shares == pytest.approx([1.995 / 4, 1.31 / 4, 0.695 / 4], abs=0.01)
    assert re.findall(r">([\d,]+)</text>", text)[:4] == ["1", "3", "4,31", "5"]
    assert ">2,83<" in text


@pytest.mark.parametrize("size", [WIDE, NARROW, ROW, chart.NARROW_ROW])
@pytest.mark.parametrize("values", [(9, 8, 9, 8, 9), (11, 12, 19, 12, 11), (19, 19, 2, 19, 19)])
def test_names_of_bands_and_lines_stand_where_no_dot_does(size, values):
    found = plot(*values, lines=(Line(10, "cut-off 10"),))
    text = chart.draw(found, size=size)
    where = {one.text: Seat(float(one.get("x")), float(one.get("y")), one.get("text-anchor"))
             for one in read(text).iter("text")}  # fmt: skip
    boxes = [where[name].box(name, size.letters)
             for name in ("Few", "Many", "cut-off 10") if name in where]  # fmt: skip
    assert "cut-off 10" in where
    covered = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in dots(text)]
    assert not [(a, b) for a in boxes for b in covered if a.meets(b)]
    assert not any(a.meets(b) for a, b in itertools.combinations(boxes, 2))


def test_words_stand_on_the_first_seat_that_is_free():
    seats = [Seat(0, 10), Seat(0, 30, "end")]
    assert free("ab", 10, seats, [Box(-99, -99, 99, 99)]) is None
    assert free("ab", 10, seats, [Box(0, 0, 5, 11)]) == seats[1]
    assert free("ab", 10, seats, []) == seats[0]


def test_the_ramp_goes_from_palest_to_darkest():
    assert [chart.level(n, 5) for n in range(5)] == [1, 2, 3, 4, 5]
    assert [chart.level(n, 4) for n in range(4)] == [1, 2, 4, 5]
    assert chart.level(0, 1) == 1


def test_lines_and_marks_say_what_they_are():
    mark = Mark(MONDAY + timedelta(days=3), "a", "Plan review")
    text = chart.draw(plot(3, 4, lines=(Line(10, "cut-off 10"),), marks=(mark,)))
    assert "cut-off 10" in text
    assert "<title>Plan review</title>" in text


def test_words_cannot_break_out_of_the_drawing():
    evil = '"><script>alert(1)</script>'
    found = plot(3, bands=(Band(0, 20, evil, 1),), marks=(Mark(MONDAY, "a", evil),))
    for text in (chart.draw(found), chart.standalone(found)):
        assert "<script" not in text
        read(text)


def test_on_a_page_there_is_neither_style_nor_colour():
    text = chart.draw(plot(3, 4))
    assert not re.search(r'style=|fill=|stroke=|#[0-9a-f]{3,6}"', text)


def test_a_file_of_its_own_has_its_colours_and_no_class():
    text = chart.standalone(plot(3, 4, lines=(Line(10, "cut-off 10"),)))
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    assert "class=" not in text
    assert 'fill="#' in text
    ElementTree.fromstring(text)


def test_colours_on_paper_are_a_ramp_in_grey_too():
    def grey(colour):
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    shades = [grey(chart.INK[f"chart__band--{n}"]["fill"]) for n in range(1, chart.LEVELS + 1)]
    assert shades == sorted(shades, reverse=True)
    assert all(lighter - darker >= 10 for lighter, darker in zip(shades, shades[1:], strict=False))
    assert all(shade > 150 for shade in shades)  # ink stays readable on each


def test_the_axis_has_months_for_a_year_and_days_for_a_fortnight():
    year = axis.spread(date(2030, 1, 7), date(2030, 12, 20), 6)
    assert len(year) <= 6
    assert all(day.day == 1 for day in year)
    days = axis.spread(date(2030, 1, 7), date(2030, 1, 21), 3)
    assert days == [date(2030, 1, 7), date(2030, 1, 14), date(2030, 1, 21)]
    assert axis.spread(date(2030, 1, 7), date(2030, 1, 7), 6) == [date(2030, 1, 7)]
    assert axis.spread(date(2030, 1, 7), date(2030, 1, 8), 6) == [
        date(2030, 1, 7),
        date(2030, 1, 8),
    ]


@pytest.mark.parametrize("weeks", [1, 3, 9, 30, 80, 300, 900, 3000])
def test_days_on_the_axis_never_run_into_each_other(weeks):
    for size in (WIDE, NARROW):
        text = chart.draw(plot(3, 4, days=7 * weeks), size=size, say=lambda day: day.isoformat())
        at = [float(x) for x, words in re.findall(r'x="([\d.]+)"[^>]*>([^<]+)<', text)
              if re.fullmatch(r"\d{4}-\d\d-\d\d", words)]  # fmt: skip
        assert 1 <= len(at) <= size.dates
        assert all(b - a >= 40 for a, b in zip(at, at[1:], strict=False))


def test_only_so_many_dots_carry_their_number():
    few = chart.draw(plot(*[5] * WIDE.numbered))
    many = chart.draw(plot(*[5] * (WIDE.numbered + 1)))
    assert few.count("chart__number") == WIDE.numbered
    assert many.count("chart__number") == 2


@pytest.mark.parametrize(
    ("days", "numbered"), [((0, 2, 4, 180), ["0", "180"]), ((0, 60, 62, 120), ["0", "120"]),
                           ((0, 60, 120, 180), ["0", "60", "120", "180"]), ((0, 1), ["0", "1"])]
)  # fmt: skip
def test_a_number_that_would_cover_a_dot_is_not_written(days, numbered):
    dots = tuple(Dot(MONDAY + timedelta(days=day), day / 10, "") for day in days)
    text = chart.draw(Plot("", 0, 20, dots), count=lambda value: f"{value * 10:g}")

    written = [one.text for one in read(text).iter("text") if one.get("class") == "chart__number"]

    assert written == numbered


def test_of_two_scores_close_together_on_a_long_axis_the_last_has_its_number():
    period = (MONDAY, MONDAY + timedelta(days=300))

    text = chart.draw(replace(plot(3, 7, days=3), period=period))

    assert text.count("chart__number") == 1 and ">7</text>" in text


def test_what_is_expected_next_is_drawn_apart_from_what_was():
    """The range of the first score does not lead to that of all scores."""
    both = replace(foreseen((8, 10, 14), (7, 9, 13), (4, 5, 6), (4, 5, 7)), ahead=2)

    text = chart.draw(replace(plot(10, 9, 8, 7), expected=both))

    bands = [one for one in read(text).iter("path") if one.get("class") == "chart__expected"]
    assert len(bands) == 2
    assert all(one.get("d").count("L") == 3 for one in bands)


def foreseen(*ranges, days=14):
    """A range every so many days from Monday on."""
    points = tuple(Foreseen(MONDAY + timedelta(days=days * n), *one)
                   for n, one in enumerate(ranges))  # fmt: skip
    return Expected("expected, 80 of 100 clients", points)


def test_an_expected_range_is_a_pale_band_from_low_to_high_and_stays_on_the_scale():
    text = chart.draw(replace(plot(10, 8), expected=foreseen((8, 10, 14), (-3, 6, 26))))
    (band,) = [one for one in read(text).iter("path") if one.get("class") == "chart__expected"]
    (middle,) = [one for one in read(text).iter("path") if one.get("class") == "chart__middle"]
    assert band.find("title").text == "expected, 80 of 100 clients"
    corners = [tuple(map(float, one.split())) for one in band.get("d")[1:-1].split("L")]
    (left, right), (x1, y1), (x2, y2) = dots(text), corners[0], corners[1]
    assert (x1, x2) == (left[0], right[0])
    assert y2 == WIDE.top
    assert corners[2] == (right[0], WIDE.foot)
    assert y1 < left[1] < corners[3][1]
    assert middle.get("d").startswith(f"M{left[0]:g} {left[1]:g}")
    assert text.index("chart__expected") < text.index("chart__dot")


def test_one_expected_point_is_no_band_and_a_range_has_its_order():
    assert "chart__expected" not in chart.draw(replace(plot(10, 8), expected=foreseen((8, 9, 10))))
    with pytest.raises(ValueError, match="low <= middle <= high"):
        Foreseen(MONDAY, 5, 4, 6)


def test_between_its_points_the_expected_range_runs_straight():
    found = foreseen((8, 10, 14), (4, 6, 8))
    half = found.at(MONDAY + timedelta(days=7))
    assert (half.low, half.middle, half.high) == (6, 8, 11)
    assert found.at(MONDAY).high == 14
    assert found.at(MONDAY - timedelta(days=1)) is None
    assert found.at(MONDAY + timedelta(days=15)) is None
    assert foreseen((1, 2, 3)).at(MONDAY).middle == 2
    assert foreseen((1, 2, 3), (1, 2, 3), days=0).at(MONDAY).middle == 2


def test_on_one_axis_of_time_the_same_day_lies_at_the_same_place():
    period = (MONDAY - timedelta(days=30), MONDAY + timedelta(days=60))
    one, other = (replace(plot(*values, days=days), period=period)
                  for values, days in (((3, 9), 14), ((20,), 14)))  # fmt: skip
    assert dots(chart.draw(one, size=ROW))[0][0] == dots(chart.draw(other, size=ROW))[0][0]
    empty = replace(plot(), period=period)
    assert "chart__text" in chart.draw(empty, size=ROW)


@pytest.mark.parametrize("size", [ROW, NARROW])
def test_times_of_care_sessions_and_new_versions_lie_on_the_axis(size):
    period = (MONDAY, MONDAY + timedelta(days=100))
    spans = (
        Span(MONDAY - timedelta(days=50), MONDAY + timedelta(days=50), "care, the first"),
        Span(MONDAY + timedelta(days=90), MONDAY + timedelta(days=900), "care, the second"),
        Span(MONDAY - timedelta(days=90), MONDAY - timedelta(days=60), "long before"),
        Span(MONDAY + timedelta(days=900), MONDAY + timedelta(days=901), "long after"),
    )
    turn = Mark(MONDAY + timedelta(days=40), "", "from here on another version")
    found = replace(plot(3, 4), period=period, spans=spans, turns=(turn,),
                    ticks=(MONDAY, MONDAY + timedelta(days=7)))  # fmt: skip
    for text in (chart.draw(found, size=size), chart.standalone(found, size=size)):
        assert "<title>care, the first</title>" in text
        assert "<title>care, the second</title>" in text
        assert "long " not in text
        assert "<title>from here on another version</title>" in text
        for one in read(text).iter():
            if one.tag.endswith("rect"):
                assert size.left <= float(one.get("x")) <= size.end
                assert float(one.get("x")) + float(one.get("width")) <= size.end + 2
    assert chart.draw(found, size=size).count("chart__tick") == 2


def test_many_points_are_small_and_few_letters_run_into_each_other():
    text = chart.draw(plot(*[5] * 61, days=1))
    assert {one.get("r") for one in read(text).iter("circle")} == {"2.475"}
    assert "<title>number" not in text
    many = tuple(Mark(MONDAY + timedelta(hours=n), "a", f"Day {n}") for n in range(40))
    drawn = chart.draw(plot(3, 4, marks=many, days=100))
    assert drawn.count(">a<") + drawn.count("</title>a<") < 5


def test_an_interval_is_an_upright_line_through_its_dot_and_stays_on_the_scale():
    """The number stands above it."""
    bare = read(chart.draw(plot(12, bands=())))
    drawn = read(chart.draw(plot(12, bands=(), reach=(8.0, 25.0))))

    ((x, y),) = dots(chart.draw(plot(12, bands=(), reach=(8.0, 25.0))))
    known = [line.attrib for line in bare.iter("line")]
    (line,) = [one.attrib for one in drawn.iter("line") if one.attrib not in known]
    assert (float(line["x1"]), float(line["x2"])) == (x, x)
    share = (y - WIDE.top) / 8
    assert float(line["y1"]) == pytest.approx(y + 4 * share, abs=0.2)
    assert float(line["y2"]) == WIDE.top


def test_a_trail_breaks_where_it_has_no_value():
    hours = [MONDAY + timedelta(days=n) for n in range(5)]
    places = tuple(zip(hours, (0.0, 10.0, None, 20.0, 10.0), strict=True))
    found = read(chart.draw(replace(plot(0, 20), trails=(Trail("mean", places),))))
    paths = [one.get("d") for one in found.iter("path") if one.get("class") == "chart__limit"]
    assert len(paths) == 2
    assert paths[0].startswith(f"M{WIDE.left + 16} {WIDE.foot}")
    assert "chart__limit" not in chart.standalone(replace(plot(0), trails=(Trail("m", places),)))


def test_a_day_on_the_axis_is_read_from_the_side_of_its_language():
    """Without the mark the number would stand on the left of the month, and be read last."""
    days = date(2030, 1, 27), date(2030, 2, 1)
    with translation.override("ar"):
        said = [courses.short_day(day) for day in days]
    assert [one[0] for one in said] == ["\N{RIGHT-TO-LEFT MARK}"] * 2
    assert said[0].startswith("27", 1) and said[1].endswith("2030")
    with translation.override("en"):
        assert [courses.short_day(day) for day in days] == ["27 Jan", "Feb 2030"]
