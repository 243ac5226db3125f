"""The science is a package for people who want the statistics and nothing else."""

import subprocess
import sys
from pathlib import Path

ALONE = """
import importlib, pkgutil, sys
sys.modules["django"] = None  # as where it is not installed
import rapport.science
names = [one.name for one in pkgutil.walk_packages(rapport.science.__path__, "rapport.science.")]
for name in names:
    importlib.import_module(name)
ours = sorted(m for m in sys.modules if m.startswith("rapport.") and ".science" not in m)
print(len(names), ours)
"""


def test_all_of_it_is_imported_where_there_is_no_django():
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", ALONE], env={"PYTHONPATH": str(source)}, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    number, ours = done.stdout.split(maxsplit=1)
    assert int(number) > 30
    assert ours.strip() == "[]"
