"""Run everything: unit, architecture and library tests on both databases, then the browser.

Whatever follows ``--`` goes to pytest, for example: rapport test -- tests/core -k audit
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from rapport.cli import Trouble

help = "run the whole suite, on both databases and in a browser"
PACKAGES = {"chromium": "chromium", "postgresql": "postgresql"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--fast", action="store_true", help="leave the browser out")
    parser.add_argument("rest", nargs="*", help="what pytest is told")


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    if not (root / "tests" / "settings.py").exists():
        raise Trouble("The tests come with the source. Run this in a clone of Rapport.")
    sys.path.insert(0, str(root))
    from tests.servers import postgres

    parts: dict[str, int] = {}
    wants_postgres = options.database in ("postgres", "both")
    _install(browser=not options.fast, database=wants_postgres)
    if options.database in ("sqlite", "both"):
        given = {"RAPPORT_TEST_DB": "sqlite"}
        parts["encrypted SQLite"] = _pytest(options.rest, "not journey", given)
    if wants_postgres:
        with postgres.cluster() as url:
            given = {"RAPPORT_TEST_DB": "postgres", "DATABASE_URL": url}
            parts["PostgreSQL"] = _pytest(options.rest, "not journey", given)
    if not options.fast:
        given = {"RAPPORT_TEST_DB": "sqlite"}
        parts["browser"] = _pytest(options.rest, "journey", given, workers=0)
    for name, code in parts.items():
        print(f"{name}: {'passed' if code == 0 else 'nothing to run' if code == 5 else 'FAILED'}")
    return 0 if all(code in (0, 5) for code in parts.values()) and 0 in parts.values() else 1


def _pytest(rest: list[str], marked: str, given: dict[str, str], workers: int = 2) -> int:
    call = [sys.executable, "-m", "pytest", "-q", "-m", marked, *rest]
    if workers:
        call += ["-n", str(workers)]
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL",)}
    print(f"\n== {given['RAPPORT_TEST_DB']}, {marked} ==", flush=True)
    return subprocess.run(call, env=environment | given, check=False).returncode


def _install(*, browser: bool, database: bool) -> None:
    """What the suite needs of the system, from Debian's packages."""
    from tests.servers import postgres

    missing = []
    if browser and not (shutil.which("chromium") or shutil.which("chromium-browser")):
        missing.append(PACKAGES["chromium"])
    if database and postgres.tools() is None:
        missing.append(PACKAGES["postgresql"])
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"The suite needs {' and '.join(missing)}. Run: sudo {' '.join(command)}")
    print(f"Installing {' and '.join(missing)} from Debian's packages …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(step, env=quiet, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            raise Trouble(f"{' '.join(step)} failed. Run it by hand and look at what it says.")
