"""A turn that is handed to somebody who gives up in the same moment is not lost."""

import threading
from time import sleep

from rapport.core.sqlcipher.turns import Turns


def test_whoever_was_handed_the_turn_while_giving_up_has_it():
    turns, got = Turns(), []
    assert turns.take(0)
    other = threading.Thread(target=lambda: got.append(turns.take(0.05)))
    other.start()
    while not turns._waiting:
        sleep(0.001)

    with turns._guard:  # the other's time is over, and it cannot say so yet
        sleep(0.2)
        turns._waiting.popleft().release()
    other.join()

    assert got == [True]
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)
