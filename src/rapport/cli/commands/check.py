"""Look at the source without running it: lint, types, imports, migrations, templates, texts, locks.

Every part runs, also after one failed; the last lines say which. The assets are built once
more: the same source must give the same bytes.
"""

import argparse
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from rapport.cli import source, texts
from rapport.cli.locks import problems

help = "lint, types, imports, migrations, templates, texts, locks and assets"
TEMPLATES = "src/rapport/web/templates"
ASSETS = "src/rapport/web/static/rapport"

PARTS: dict[str, Callable[[], int]] = {
    "lint": lambda: source.tool("ruff", "check", "."),
    "format": lambda: source.tool("ruff", "format", "--check", "--quiet", "."),
    "types": lambda: source.tool("mypy"),
    "imports": lambda: source.tool("lint-imports"),
    "migrations": lambda: _migrations(),
    "templates": lambda: source.tool("djlint", "--lint", "--quiet", TEMPLATES),
    "texts": lambda: _said(texts.problems(source.root())),
    "locks": lambda: _said(problems(source.root())),
    "assets": lambda: _assets(),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=sorted(PARTS), help="one part alone")


def run(options: argparse.Namespace) -> int:
    wanted = {name: part for name, part in PARTS.items() if options.only in (None, name)}
    codes = {}
    for name, part in wanted.items():
        print(f"== {name} ==", flush=True)
        codes[name] = part()
    print()
    for name, code in codes.items():
        print(f"{name}: {'clean' if code == 0 else 'NOT CLEAN'}")
    return 1 if any(codes.values()) else 0


def _migrations() -> int:
    given = ("--settings", "tests.settings", "--pythonpath", str(source.root()))
    return source.tool("django-admin", "makemigrations", "--check", "--dry-run", *given)


def _said(found: Iterable[str]) -> int:
    found = list(found)
    for problem in found:
        print(problem)
    return 1 if found else 0


def _assets() -> int:
    folder = source.root() / ASSETS
    before = _prints(folder)
    if code := source.node("frontend/build.mjs"):
        return code
    after = _prints(folder)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"{name} came out different. Run ./rapport check once more; if it stays, "
                  "the build depends on more than its source.")  # fmt: skip
    return 0 if before == after else 1


def _prints(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }
