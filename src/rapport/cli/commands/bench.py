"""Measure Rapport on this machine: pages a second, statements a page, memory.

What it measures lies in the folder bench of the source.
"""

import argparse

from rapport.cli import Trouble, source

help = "measure pages a second, statements a page, memory"
takes_more = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Every other word is passed on to the benchmark."


def run(options: argparse.Namespace) -> int:
    if not (source.root() / "bench" / "__main__.py").exists():
        raise Trouble("This source has no folder bench. Fetch a newer one and try again.")
    return source.python("-m", "bench", *options.more)
