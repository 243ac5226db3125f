"""Run everything: unit, architecture and library tests on both databases, the browser, Spark.

On both databases together they reach every branch of the foundation, the rules and the
policies; else it fails and names the lines.
What is not an option of this command is passed on to pytest: rapport test tests/core -k audit
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from rapport.cli import Trouble, source

help = "run the whole suite, on both databases and in a browser"
takes_more = True
DATABASES = ("sqlite", "postgres", "both")
BROWSERS = 3  # at once, on two cores: half the time of a journey is waiting
NOTHING = 5  # pytest's exit code when no test was chosen
MARKS = "tests/coverage.toml"
MEASURE = ("--cov", "--cov-append", f"--cov-config={MARKS}", "--cov-report=")
BY_SERVER = ("tests/core/backup", "tests/core/test_prepared.py")
"""They reach what runs on PostgreSQL alone."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", choices=DATABASES, default="both")
    parser.add_argument("--fast", action="store_true", help="leave the browser out")


def run(options: argparse.Namespace) -> int:
    if not options.fast:
        install("chromium", found=shutil.which("chromium") or shutil.which("chromium-browser"))
    whole = options.database == "both" and not options.more  # a part reaches only a part
    if whole:
        source.tool("coverage", "erase")
    if whole and not options.fast:
        install("default-jre-headless", found=shutil.which("java"))
    parts = {}
    for name, address in databases(options.database):
        print(f"\n== {name} ==", flush=True)
        parts[name] = 0
        for chosen in _rounds(on_a_server=bool(address)) if whole else [()]:
            more = ("-q", "-m", "not journey", *chosen, *options.more)
            parts[name] = source.pytest(*more, database=address) or parts[name]
    if not options.fast:
        print("\n== browser ==", flush=True)
        # A file shares what it furnished. In their order the longest file is not begun last.
        chosen = ("-q", "-m", "journey", "--dist", "loadfile", "--no-loadscope-reorder")
        parts["browser"] = source.pytest(*chosen, *options.more, workers=BROWSERS)
    if whole and not options.fast:
        print("\n== Spark ==", flush=True)
        parts["Spark"] = source.pytest("-q", "tests/progress/spark_columns.py", workers=0)
    if whole:
        print("\n== reached ==", flush=True)
        parts["reached"] = source.tool(
            "coverage", "report", f"--rcfile={MARKS}", "--fail-under=100"
        )
    print()
    for name, code in parts.items():
        print(f"{name}: {'passed' if code == 0 else 'no test' if code == NOTHING else 'FAILED'}")
    return 0 if set(parts.values()) <= {0, NOTHING} and 0 in parts.values() else 1


def _rounds(*, on_a_server: bool) -> list[tuple[str, ...]]:
    """What pytest is told in each round; measuring nearly doubles what a test takes."""
    if not on_a_server:
        return [MEASURE]
    return [(*BY_SERVER, *MEASURE), tuple(f"--ignore={one}" for one in BY_SERVER)]


def databases(wanted: str, *, durable: bool = False) -> Iterator[tuple[str, str]]:
    """Each wanted database's name and address, running while it is looked at."""
    sys.path.insert(0, str(source.root()))
    from tests.servers import postgres

    if wanted != "sqlite":
        install("postgresql", found=postgres.tools())
    if wanted != "postgres":
        yield "encrypted SQLite", ""
    if wanted != "sqlite":
        with postgres.cluster(durable=durable) as address:
            yield "PostgreSQL", address


def install(package: str, *, found: object) -> None:
    """Install what the suite needs of the system from Debian's packages, unless ``found``.

    Raises:
        Trouble: only a person can install it here; how.
    """
    if found:
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"The suite needs {package}. Run: sudo {' '.join(command)}")
    print(f"Installing {package} from Debian's packages …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(step, env=quiet, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise Trouble(f"{' '.join(step)} failed. Run it by hand and look at what it says.")
