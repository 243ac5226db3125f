"""A complaint about a file names the line it is about."""

import doctest

import pytest

from rapport.core import lines

FILE = """\
# what it is
id    = "x"
items = [
  { key = "1" },
  { key = "2" },
]

[licence]
text = "free"

[score.total]
of    = ["1"]
bands = [
  { range = [0, 1], name = "low" },
  { range = [3, 4], name = "high" },
]

[[score.total.cutoffs]]
name = "a"

[[examples]]
total = 1

[[examples]]
total = 2
"""


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        ("id: must be y", 2),
        ("items[2].key: must be text", 5),
        ("items: each key stands once", 3),
        ("licence.text: must be text", 9),
        ("licence.rights_holder: is missing", 8),
        ("score.total.bands: high must begin at 2", 13),
        ("score.total.bands[2].range: write [from, to]", 15),
        ("score.total.cutoffs[1]: write either at_least or at_most", 18),
        ("examples[2]: total is 1, not 2", 24),
        ("examples[2].total: must be a number", 25),
        ("no-such-key: nobody reads this key", None),
        ("version counts from 1", None),
        ("is no TOML", None),
    ],
)
def test_it_is_the_line_of_the_value_or_of_what_stands_around_it(problem, line):
    assert lines.line_of(FILE, problem) == line


def test_the_example_holds():
    assert doctest.testmod(lines).failed == 0
