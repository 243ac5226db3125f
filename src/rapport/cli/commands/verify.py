"""Check that nothing was changed behind Rapport's back.

Walks the audit chain, every data key and every sealed field, and names the first row that
was changed, removed, inserted, reordered or exchanged.
"""

import argparse

from rapport.cli.setup import add_practice, open_practice

help = "check the audit chain, every key and every sealed field"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from rapport.core.verify import everything

    found = 0
    for name, problem in everything():
        if problem is None:
            print(f"  {name}: checked")
        else:
            found += 1
            print(f"  {name}: {problem}")
    print("Everything is as it was written." if not found else f"{found} problem(s) found.")
    return 1 if found else 0
