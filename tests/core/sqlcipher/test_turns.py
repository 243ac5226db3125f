"""The one writer is shared fairly: whoever writes much keeps nobody else out."""

import contextlib
import threading

import pytest
from django.db import OperationalError


@contextlib.contextmanager
def writing(wrapper):
    """One transaction, as ``atomic`` makes it."""
    wrapper.ensure_connection()
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("INSERT INTO note (said) VALUES ('x')")
            yield
        wrapper.commit()
    except BaseException:
        wrapper.rollback()
        raise
    finally:
        wrapper.set_autocommit(True)


def test_a_page_gets_its_turn_while_a_job_writes_without_a_pause(database, open_file):
    greedy, page = open_file(), open_file()
    rounds, stop, begun = [], threading.Event(), threading.Event()

    def job():
        while not stop.is_set():
            with writing(greedy):
                rounds.append(1)
                begun.set()
                stop.wait(0.02)

    other = threading.Thread(target=job)
    other.start()
    begun.wait()
    waited = []
    try:
        for _ in range(10):
            before = len(rounds)
            with writing(page):
                waited.append(len(rounds) - before)
    finally:
        stop.set()
        other.join()
    assert max(waited) <= 3  # the one that had begun, and what slips in before we queue


def test_who_waits_too_long_is_told_and_the_turn_is_not_lost(database, open_file):
    late = open_file(timeout=0.05)
    with writing(database), pytest.raises(OperationalError, match="locked"), writing(late):
        pass
    with writing(late):
        pass


def test_a_turn_comes_back_after_a_failure_and_after_a_lost_connection(database, open_file):
    second = open_file(timeout=0.05)
    with pytest.raises(ZeroDivisionError), writing(database):
        raise ZeroDivisionError
    with writing(second):
        pass
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    database.in_atomic_block = False
    database.close()
    with writing(second):
        pass


def test_another_program_that_writes_is_waited_for(database, open_file):
    """A second process does not take turns with us; then SQLite itself lets us wait."""
    stranger, ours = open_file(), open_file(timeout=0.05)
    stranger.ensure_connection()
    stranger.connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), writing(ours):
        pass
    stranger.connection.execute("COMMIT")
    with writing(ours):
        pass
