"""Twenty planted mistakes, one at a time in a copy of the source: the suite notices each.

Run: rapport prove mutations
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mistake:
    """In one file, one text that stands there once, and what somebody might write instead."""

    file: str
    right: str
    wrong: str
    tests: str


POLICY, AUDIT, VAULT = "tests/core/test_policy.py", "tests/core/test_audit.py", "tests/core/vault"
SCOPES, CLIENTS = "tests/people/test_scopes.py", "tests/people/test_clients.py"
STAFF, EPISODES = "tests/people/test_staff.py", "tests/people/test_episodes.py"

MISTAKES = {
    # policy
    "an unwritten permission is allowed": Mistake(
        "core/policy.py", "if line is None:\n        return False",
        "if line is None:\n        return True", POLICY),
    "one standing is not enough any more": Mistake(
        "core/policy.py", "if not any(_standings[name]", "if not all(_standings[name]", POLICY),
    "prohibitions are forgotten": Mistake(
        "core/policy.py",
        "return not any(no.holds(permission, by, **subject) for no in _prohibitions.values())",
        "return True", POLICY),
    "whoever left still works here": Mistake(
        "people/policy.py",
        "return staff if staff is not None and staff.works_on(clock.today()) else None",
        "return staff", STAFF),
    "a part in a care team never ends": Mistake(
        "people/policy.py", "(member.until_on is None or member.until_on > today)", "True",
        CLIENTS),
    "one may add oneself": Mistake(
        "people/policy.py", "return staff == mine or", "return False or", CLIENTS),
    # audit
    "an action is not recorded": Mistake(
        "core/action.py",
        'audit.record(verb=permission, by=by, subject={**given, "result": result})', "pass",
        AUDIT),
    "a refused action is not recorded": Mistake(
        "core/action.py", "audit.refused(verb=permission, by=by, subject=given)", "pass", AUDIT),
    "a refusal is recorded as allowed": Mistake(
        "core/audit/__init__.py", "_line(verb, by, subject, allowed=False)",
        "_line(verb, by, subject, allowed=True)", AUDIT),
    "an undone part stays in the trail": Mistake(
        "core/audit/__init__.py", "del outer.lines[mark:]", "pass", AUDIT),
    "an entry does not lean on the one before": Mistake(
        "core/audit/chain.py", "before + said", "said", AUDIT),
    # vault
    "a sealed text may be moved to another row": Mistake(
        "core/vault/sealing.py", "name, str(row), str(key_version))",
        "name, str(key_version))", VAULT),
    "a sealed text may be moved to another field": Mistake(
        "core/vault/sealing.py", "practice.current().id, name, str(row)",
        "practice.current().id, str(row)", VAULT),
    "indexes of two purposes are one": Mistake(
        "core/vault/sealing.py", 'aead.bound("blind", purpose, value)',
        'aead.bound("blind", value)', VAULT),
    "sealed fields can be searched": Mistake(
        "core/vault/text.py",
        'raise FieldError(f"{self.sealed_name} is sealed and cannot be searched")',
        "return super().get_lookup(lookup_name)", VAULT),
    # actions
    "an action does not ask": Mistake(
        "core/action.py", "if not policy.allows(permission, by, **given):", "if False:", AUDIT),
    "nobody stays responsible": Mistake(
        "people/care_team/actions.py", "if not others.exists():", "if False:", CLIENTS),
    "a glass breaks without a reason": Mistake(
        "people/care_team/actions.py", "if not rules.reason_suffices(reason):", "if False:",
        SCOPES),
    "another client's episode is closed": Mistake(
        "people/episodes/actions.py", "if episode.client_id != client.pk:", "if False:",
        EPISODES),
    "the only owner goes": Mistake(
        "people/staff/actions.py", "if staff.has(Role.OWNER) and _only_owner(staff):",
        "if False:", STAFF),
}  # fmt: skip


@pytest.fixture
def suite(tmp_path):
    """Run tests of a copy of the source, in which ``mistake`` was made if there is one."""
    for part in ("src", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def run(tests, mistake=None):
        if mistake:
            file = tmp_path / "src" / "rapport" / mistake.file
            text = file.read_text()
            assert text.count(mistake.right) == 1, f"{mistake.file} moved on: plant this one anew"
            file.write_text(text.replace(mistake.right, mistake.wrong))
        call = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=no"]
        paths = {"PYTHONPATH": os.pathsep.join(map(str, (tmp_path / "src", tmp_path)))}
        return subprocess.run(
            [*call, *tests], cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True
        )

    return run


@pytest.mark.parametrize("name", MISTAKES)
def test_the_suite_notices(name, suite):
    mistake = MISTAKES[name]
    ran = suite([mistake.tests], mistake)
    noticed = re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE)
    print(f"\n{name}: {noticed[0] if noticed else 'nobody noticed'}", flush=True)
    assert noticed, ran.stdout[-2000:] + ran.stderr[-2000:]


def test_without_a_mistake_the_same_tests_pass(suite):
    ran = suite(sorted({mistake.tests for mistake in MISTAKES.values()}))
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]


def test_there_are_twenty():
    assert len(MISTAKES) == 20
