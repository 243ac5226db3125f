"""The command line: one module per command in ``commands``, found by its file."""

import argparse
import importlib
import io
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from rapport import __version__
from rapport.cli import commands

ABOUT = "A psychotherapist's whole workplace: self-hosted, encrypted, yours."


class Trouble(Exception):
    """Something a person can put right. One sentence with the way out."""


def found() -> dict[str, ModuleType]:
    """Every command by name: ``help``, ``add_arguments(parser)``, ``run(options) -> int``.

    One with ``takes_more = True`` finds in ``options.more`` what its parser does not know.
    """
    names = [one.name for one in pkgutil.iter_modules(commands.__path__)]
    return {
        name.rstrip("_").replace("_", "-"): importlib.import_module(f"{commands.__name__}.{name}")
        for name in names
    }


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(prog="rapport", description=ABOUT)
    whole.add_argument("--version", action="version", version=f"Rapport {__version__}")
    each = whole.add_subparsers(dest="command", metavar="command", required=True)
    for name, module in sorted(found().items()):
        one = each.add_parser(
            name, help=module.help, description=module.__doc__, allow_abbrev=False
        )
        module.add_arguments(one)
        one.set_defaults(run=module.run, takes_more=getattr(module, "takes_more", False))
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. Trouble is printed as one sentence.

    A file of the library that does not fit is 2: nothing is worked out with it.
    """
    from rapport.cli.damage import told
    from rapport.core.entries import BadLibrary
    from rapport.core.keys import KeyProblem

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # progress is seen at once, also in a log file
    whole = parser()
    folder = None
    try:
        options, more = whole.parse_known_args(argv)
        if more and not options.takes_more:
            whole.error(f"rapport {options.command} does not know {' '.join(more)}")
        options.more = more
        folder = getattr(options, "practice", None) or getattr(options, "folder", None)
        code: int = options.run(options)
    except (Trouble, KeyProblem) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except BadLibrary as problems:
        print(problems, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except Exception as problem:
        sentence = told(problem, folder)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1
    return code
