"""``python -m rapport.core.backup.proof``: start a restored practice and check everything in it.

Exit status 0: well; 3: something was altered (named on the first line); else: did not start.
"""

import sys

import django


def main() -> int:
    """Bring the tables to this version, run every check, say what was found."""
    django.setup()

    from rapport.core import tables, verify  # noqa: PLC0415  Django is set up by now

    tables.bring_up()

    found = [problem for _name, problem in verify.everything() if problem is not None]
    for problem in found:
        print(problem)
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
