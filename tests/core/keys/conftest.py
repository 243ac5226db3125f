import json

import pytest

from rapport.core import keys
from rapport.core.keys import document


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def made(folder):
    """A practice with a key file: (keyring, sheet)."""
    return keys.create(folder, keys.FileProvider(folder / "master.key"))


@pytest.fixture
def ring(made):
    return made[0]


@pytest.fixture
def sheet(made):
    return made[1]


@pytest.fixture
def edited(folder, made):
    """Change keys.json as somebody would who can also make its checksum right."""

    def edit(change):
        content = json.loads((folder / "keys.json").read_bytes())
        change(content)
        document.write(folder, content)

    return edit


def quick(passphrase):
    """A passphrase provider that does not cost a second in every test."""
    return keys.PassphraseProvider(passphrase, memory_kib=64, iterations=1)
