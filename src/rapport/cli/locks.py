"""What a lock must be: complete, hash-pinned, and silent about where packages come from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host|^-i ", re.M)


def problems(root: Path) -> Iterator[str]:
    """One sentence for each thing that is wrong with the locks in ``root``."""
    for lock in sorted(path.name for path in root.glob("requirements*.txt")):
        text = (root / lock).read_text()
        if ADDRESS.search(text):
            yield f"{lock} names a package server; a lock may not."
        for block in re.split(r"\n(?=[A-Za-z0-9])", text):
            name = PINNED.match(block)
            if name and "--hash=sha256:" not in block:
                yield f"{lock}: {name[1]} has no hash."
    project = tomllib.loads((root / "pyproject.toml").read_text())
    wanted = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": project["dependency-groups"]["dev"],
        "requirements-spark.txt": project["dependency-groups"]["spark"],
    }
    for lock, names in wanted.items():
        pinned = {_plain(n) for n in PINNED.findall((root / lock).read_text())}
        for missing in sorted({_plain(_name(n)) for n in names} - pinned):
            yield f"{lock}: {missing} is wanted in pyproject.toml and not pinned."


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
