"""Bring the catalogues of translations up to what Rapport says today.

New texts come in empty; translate them in src/rapport/locale. Texts no longer said go.
"""

import argparse

from rapport.cli import source
from rapport.cli.texts import bring_up, catalogues, name, problems, untranslated

help = "bring the translations up to the texts of the source"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    root = source.root()
    bring_up(root)
    found = list(problems(root))
    for problem in found:
        print(problem)
    for language, path in catalogues(root):
        missing = untranslated(root, language)
        print(f"{name(language)}: {missing} without a translation in {path.relative_to(root)}")
    return 1 if found else 0
