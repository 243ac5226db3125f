import os
from copy import deepcopy

import pytest
from django.db import connection

from rapport.core.sqlcipher.base import DatabaseWrapper


@pytest.fixture(autouse=True)
def _allowed(django_db_blocker):
    """These files are no test database; what is opened here is closed here."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def key():
    return os.urandom(32)


@pytest.fixture
def open_file(tmp_path, key, _allowed):
    """Open an encrypted file of its own: ``open_file("a.db", key=…)`` → DatabaseWrapper."""
    made = []

    def opening(name="practice.db", **options):
        settings = deepcopy({n: v for n, v in connection.settings_dict.items() if n != "OPTIONS"})
        settings["NAME"] = str(tmp_path / name)
        settings["OPTIONS"] = {
            "key": lambda: key,
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL; ",
            **options,
        }
        wrapper = DatabaseWrapper(settings, alias="other")
        wrapper.inc_thread_sharing()
        made.append(wrapper)
        return wrapper

    yield opening
    for wrapper in made:
        wrapper.close()


@pytest.fixture
def database(open_file):
    """A small encrypted database with a planted word."""
    wrapper = open_file()
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE note (id integer PRIMARY KEY, said text)")
        cursor.execute("INSERT INTO note (said) VALUES (%s)", ["planted-chrysanthemum"])
    return wrapper
