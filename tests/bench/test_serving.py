"""The benchmark's servers: one that cannot start says why, and none outlives the benchmark."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from bench.serving import ROOT, serving

SOON = 60  # seconds; never waited for in full


def environment(folder):
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    given = {key: value for key, value in os.environ.items() if key not in ours}
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return given | {"PYTHONPATH": paths, "RAPPORT_PRACTICE": str(folder), "RAPPORT_MODE": "serve"}


@pytest.mark.parametrize("way", ["rapport serve", "gunicorn"])
def test_a_server_that_cannot_start_is_named_with_what_it_said(way, tmp_path):
    nothing = environment(tmp_path / "no-practice-here")

    with pytest.raises(SystemExit) as stopped, serving(way, nothing):
        pass

    first, *said = str(stopped.value).splitlines()
    assert first == f"{way} ended at once. It said last:"
    assert any("keys.json" in line or "practice" in line for line in said)


def test_a_benchmark_that_is_stopped_leaves_no_process(tmp_path):
    call = [sys.executable, "-m", "rapport", "bench", "--clients", "20", "--database", "sqlite"]
    started = subprocess.Popen(call, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL)
    us = psutil.Process(started.pid)
    until = time.monotonic() + SOON
    while len(us.children(recursive=True)) < 4 and time.monotonic() < until:
        time.sleep(0.05)  # bench, the two servers and a browser, or what makes the practice
    children = us.children(recursive=True)
    assert children

    started.send_signal(signal.SIGTERM)
    started.wait(SOON)
    _gone, left = psutil.wait_procs(children, SOON)

    assert left == []
    assert started.returncode != 0
