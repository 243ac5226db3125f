"""What begins with one underscore is a module's own; who needs it elsewhere asks for its name."""

import ast
from pathlib import Path

import rapport

ROOT = Path(rapport.__file__).parent


def reached_into(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.level or "rapport" in (node.module or "")):
            for one in node.names:
                if one.name.startswith("_") and not one.name.startswith("__"):
                    yield f"{path.relative_to(ROOT)}: {one.name}"


def test_no_module_imports_what_is_anothers_own():
    files = [one for one in ROOT.rglob("*.py") if "migrations" not in one.parts]

    assert len(files) > 100
    assert [found for one in files for found in reached_into(one)] == []
