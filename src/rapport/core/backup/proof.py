"""``python -m rapport.core.backup.proof``: start a restored practice and check everything in it.

Exit status 0: well; 3: something was altered (named on the first line); else: did not start.
"""

import sys

import django
from django.core.management import call_command


def main() -> int:
    """Bring the tables to this version, run every check, say what was found."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)

    from rapport.core import verify  # noqa: PLC0415  Django is set up by now

    found = [problem for _name, problem in verify.everything() if problem is not None]
    for problem in found:
        print(problem)
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
