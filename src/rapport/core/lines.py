"""On which line of a TOML file a value stands, for messages; the parser does not say."""

import re

_HEADER = re.compile(r"\[(?P<list>\[)?(?P<path>[^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"(?P<key>[A-Za-z0-9_-]+)\s*=")
_PATH = re.compile(r"(?P<path>[A-Za-z0-9_-]+(?:\[\d+\])?(?:\.[A-Za-z0-9_-]+(?:\[\d+\])?)*): ")


def line_of(text: str, problem: str) -> int | None:
    """The line that ``problem`` speaks of, or of the nearest table around it, from 1.

    >>> line_of("[a]\\nb = 1\\n[[c]]\\nd = 2\\n[[c]]\\nd = 3", "c[2].d: is wrong")
    6

    Args:
        problem: begins with a path as ``core.shape`` writes it: ``score.total.bands[2]: ...``.
    """
    found = _PATH.match(problem)
    path = found["path"] if found else ""
    places = _places(text)
    while path and path not in places:
        path = path[:-1].rpartition("[" if path.endswith("]") else ".")[0]
    return places.get(path)


def _places(text: str) -> dict[str, int]:
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, array = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table, array = header["path"].strip(), ""
            if header["list"]:
                table = _next(counts, table)
            places.setdefault(re.sub(r"\[\d+\]$", "", table), number)
            places[table] = number
        elif key := _KEY.match(line):
            array = f"{table}.{key['key']}" if table else key["key"]
            places[array] = number
        elif array and line.lstrip().startswith("{"):
            places[_next(counts, array)] = number
    return places


def _next(counts: dict[str, int], path: str) -> str:
    counts[path] = counts.get(path, 0) + 1
    return f"{path}[{counts[path]}]"
