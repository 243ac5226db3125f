"""The suite's settings: a fresh practice folder with real keys for every run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from rapport.core import keys

_folder = Path(tempfile.mkdtemp(prefix="rapport-test-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
KEYRING, SHEET = keys.create(_folder, keys.FileProvider(_folder / "master.key"))
for _part in ("files", "backups"):
    (_folder / _part).mkdir()
os.environ["RAPPORT_PRACTICE"] = str(_folder)
os.environ["RAPPORT_MODE"] = "test"
os.environ.pop("RAPPORT_PASSPHRASE", None)
if os.environ.get("RAPPORT_TEST_DB", "sqlite") == "sqlite":
    os.environ.pop("DATABASE_URL", None)

from rapport.config.settings import *  # noqa: E402, F403

# Made as a new practice makes them; tests/core/test_tables.py goes through every migration.
DATABASES["default"]["TEST"] = {"MIGRATE": False}  # noqa: F405
