"""A complaint about a file names the line it is about."""

import doctest
import tomllib
from pathlib import Path

import pytest

import rapport
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
    ("path", "line"),
    [
        ("id", 2),
        ("items[2].key", 5),
        ("items", 3),
        ("licence.text", 9),
        ("licence.rights_holder", 8),
        ("score.total.bands", 13),
        ("score.total.bands[2].range", 15),
        ("score.total.bands[2].name[1]", 15),
        ("score.total.cutoffs[1]", 18),
        ("score", 11),
        ("examples[2]", 24),
        ("examples[2].total", 25),
        ("examples[7].total", 21),
        ("no-such-key", 1),
        ("no such path", 1),
        ("", 1),
    ],
)
def test_it_is_the_line_of_the_value_or_of_what_stands_around_it(path, line):
    assert lines.line_of(FILE, path) == line


ODD = """\
"a.b" = 1
c.d   = [ # a comment with ] and "
  1, [2,
  3]
]
text = \"\"\"
[not.a.table]
x = 1
\"\"\"
lit = \'\'\'
y = ]\'\'\'
at = 2026-11-26 10:00:00
in = { e = { f = "} [" }, g = [{ h = 1 }] }

[[many]]
name = 'one'
  [many.more]
  deep = 1
  [[many.rows]]
  n = 1
[[many]]
[[many.rows]]
n = 2
[[many.rows]]
n = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.b", 1), ("c.d[1]", 3), ("c.d[2][1]", 3), ("c.d[2][2]", 4), ("text", 6), ("x", 1),
        ("lit", 10), ("at", 12), ("in.e.f", 13), ("in.g[1].h", 13), ("many[1].name", 16),
        ("many[1].more.deep", 18), ("many[1].rows[1].n", 20), ("many[2]", 21),
        ("many[2].rows[1].n", 23), ("many[2].rows[2].n", 25),
    ],
)  # fmt: skip
def test_whatever_toml_may_hold_is_passed_over_as_a_parser_would(path, line):
    assert tomllib.loads(ODD)["many"][1]["rows"][1] == {"n": 3}
    assert lines.line_of(ODD, path) == line


def test_every_value_of_the_library_is_found_on_a_line_that_names_it():
    """The key, or the value itself where it stands in a list."""
    for file in Path(rapport.__file__).parent.joinpath("library/instruments").glob("*.toml"):
        text = file.read_text("utf-8")
        written, found = text.splitlines(), lines.lines_of(text)
        for path, value in leaves(tomllib.loads(text)):
            said = str(value).lower()  # TOML says true
            line = written[found[path] - 1]
            key = path.rpartition(".")[2].partition("[")[0]
            assert key in line or str(value) in line, (file.name, path)
            assert said in line.lower(), (file.name, path)


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for n, one in enumerate(value, 1):
            yield from leaves(one, f"{path}[{n}]")
    elif '"' not in str(value):
        yield path, value


def test_the_example_holds():
    assert doctest.testmod(lines).failed == 0
