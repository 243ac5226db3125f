"""Stands where the learning program should be, and is killed while it is told the scores."""

import os
import signal
import sys

sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
