"""The launcher as a module, and a real practice made by the command line."""

import importlib.machinery
import importlib.util
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rapport import cli

ROOT = Path(__file__).resolve().parents[2]
OURS = ("RAPPORT_PRACTICE", "RAPPORT_MODE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def environment():
    """What a person's shell has: nothing of this test run's own practice."""
    clean = {k: v for k, v in os.environ.items() if k not in OURS}
    return clean | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}


def rapport(*words, **given):
    return subprocess.run(
        [sys.executable, "-m", "rapport", *words], cwd=ROOT, env=environment(),
        text=True, capture_output=True, timeout=120, check=False, **given,
    )  # fmt: skip


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """The launcher's functions, at home in an empty folder."""
    loader = importlib.machinery.SourceFileLoader("launcher_script", str(ROOT / "rapport"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("launcher_script", loader)
    )
    loader.exec_module(module)
    module.HERE = tmp_path
    module.VENV = tmp_path / ".venv"
    module.STAMPS = module.VENV / "stamps"
    module.PYTHON = Path(sys.executable)
    module.VENV.mkdir()
    return module


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A practice as ``rapport init`` makes it; the folder, and what was printed."""
    folder = tmp_path_factory.mktemp("practice") / "new"
    done = rapport("init", "--practice", str(folder), "--name", "Birch Street",
                   "--owner", "owner@example.org", "--owner-name", "Olive Owner")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def feed(monkeypatch):
    """Run the command line in this process, with bytes to read; the exit code."""

    def run(words, given):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        return cli.main(words)

    return run
