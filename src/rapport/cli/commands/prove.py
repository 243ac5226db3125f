"""Run the long proofs: what must hold a thousand times, and takes minutes to show.

Each is a file in tests/proofs and prints what it did. Without a name all of them run.
What is not an option of this command is passed on to pytest.
"""

import argparse
from pathlib import Path

from rapport.cli import Trouble, source
from rapport.cli.commands import test

help = "run the long proofs"
takes_more = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", action="store_true", help="say which there are")
    parser.add_argument("--database", choices=test.DATABASES, default="both")
    parser.add_argument("names", nargs="*", metavar="name", help="e.g. kill")


def run(options: argparse.Namespace) -> int:
    known = found(source.root())
    if options.list:
        print("\n".join(known))
        return 0
    unknown = sorted(set(options.names) - set(known))
    if unknown:
        raise Trouble(f"There is no proof {unknown[0]}. There are: {', '.join(known)}.")
    files = [str(known[name]) for name in options.names or known]
    codes = []
    for name, address in test.databases(options.database, durable=True):
        print(f"\n== {name} ==", flush=True)
        codes.append(source.pytest("-s", *files, *options.more, database=address, workers=0))
    return max(codes)


def found(root: Path) -> dict[str, Path]:
    """Every proof by name."""
    files = sorted((root / "tests" / "proofs").glob("prove_*.py"))
    return {file.stem.removeprefix("prove_"): file for file in files}
