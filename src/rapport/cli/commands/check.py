"""Look at the source without running it: lint, types, imports, migrations, templates, locks.

Every part runs, also after one failed; the last lines say which.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.locks import problems

help = "lint, types, imports, migrations, templates and locks"
TEMPLATES = "src/rapport/web/templates"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=sorted(parts(Path.cwd())), help="one part alone")


def parts(root: Path) -> dict[str, Callable[[], int]]:
    """Every part by name: what it runs, and the exit code."""
    return {
        "lint": lambda: _python(root, "ruff", "check", "."),
        "types": lambda: _python(root, "mypy"),
        "imports": lambda: _script(root, "lint-imports"),
        "migrations": lambda: _migrations(root),
        "templates": lambda: _script(root, "djlint", "--lint", "--quiet", TEMPLATES),
        "locks": lambda: _locks(root),
    }


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    if not (root / "tests" / "settings.py").exists():
        raise Trouble("Only the source can be checked. Run this in a clone of Rapport.")
    wanted = {n: p for n, p in parts(root).items() if options.only in (None, n)}
    codes = {}
    for name, part in wanted.items():
        print(f"== {name} ==", flush=True)
        codes[name] = part()
    print()
    for name, code in codes.items():
        print(f"{name}: {'clean' if code == 0 else 'NOT CLEAN'}")
    return 1 if any(codes.values()) else 0


def _python(root: Path, module: str, *words: str) -> int:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=root, check=False).returncode


def _script(root: Path, name: str, *words: str) -> int:
    """A tool without ``python -m``; it lies beside this Python."""
    tool = shutil.which(name, path=str(Path(sys.executable).parent))
    if tool is None:
        raise Trouble(f"{name} is not installed. Run this through ./rapport check.")
    return subprocess.run([tool, *words], cwd=root, check=False).returncode


def _migrations(root: Path) -> int:
    return _python(root, "django", "makemigrations", "--check", "--dry-run",
                   "--settings", "tests.settings", "--pythonpath", str(root))  # fmt: skip


def _locks(root: Path) -> int:
    found = list(problems(root))
    for problem in found:
        print(problem)
    return 1 if found else 0
