"""Threads for pages: the one that worked last works next, and nothing is lost between them."""

import threading
from concurrent.futures import wait

import pytest

from rapport.config.threads import Threads

SOON = 20  # seconds; never waited for in full


def test_one_after_another_is_done_by_one_thread():
    threads = Threads(4)
    meet = threading.Barrier(4)
    wait([threads.submit(meet.wait, SOON) for _ in range(4)], SOON)
    first = threads.submit(threading.get_ident).result(SOON)

    assert {threads.submit(threading.get_ident).result(SOON) for _ in range(20)} == {first}


def test_no_more_than_agreed_work_at_once_and_the_rest_waits_its_turn():
    threads, done, lock = Threads(2), [], threading.Lock()
    gate = threading.Event()
    held = [threads.submit(gate.wait, SOON) for _ in range(2)]

    def work(number):
        with lock:
            done.append(number)
        return threading.get_ident()

    rest = [threads.submit(work, number) for number in range(50)]
    assert done == []
    gate.set()
    wait(held + rest, SOON)

    assert sorted(done) == list(range(50))
    assert len({one.result() for one in rest}) <= 2


def test_what_fails_is_told_and_the_thread_goes_on():
    threads = Threads(1)

    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 / 0).result(SOON)
    assert threads.submit(lambda: "still here").result(SOON) == "still here"
