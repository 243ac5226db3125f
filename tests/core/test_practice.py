"""The practice that a process serves."""

import contextvars

import pytest

from rapport.core import practice


def test_without_one_it_says_how_to_open_one(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(practice, "_installed", None)
        with pytest.raises(practice.NoPractice, match="Start Rapport with a practice folder"):
            contextvars.Context().run(practice.current)


def test_one_used_here_hides_the_one_of_the_process_until_the_end():
    before = practice.current()
    other = practice.Practice(before.folder / "other", before.keyring)

    with practice.use(other):
        assert practice.current() is other
    assert practice.current() is before
