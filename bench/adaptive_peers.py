"""What girth and catsim need for the same work. Run by the Python of an environment that has them.

Given a file of arrays, prints JSON: seconds of the calibration with what it found, and seconds of
one step of an adaptive test.
"""

import json
import sys
import time

import numpy as np
from catsim.estimation import NumericalSearchEstimator
from catsim.initialization import FixedPointInitializer
from catsim.item_bank import ItemBank
from catsim.selection import MaxInfoSelector
from catsim.simulation import Simulator
from catsim.stopping import TestLengthStopper
from girth import grm_mml


def main(source: str) -> None:
    given = np.load(source)
    start = time.perf_counter()
    found = grm_mml(given["answers"].T.astype(int))
    calibration = time.perf_counter() - start
    parameters = np.column_stack([found["Discrimination"], found["Difficulty"]])

    a, b, questions = given["a"], given["b"], int(given["questions"])
    bank = ItemBank(np.column_stack([a, b, np.zeros_like(a), np.ones_like(a)]))
    test = Simulator(
        bank,
        given["theta"].tolist(),
        FixedPointInitializer(0.0),
        MaxInfoSelector(),
        NumericalSearchEstimator(),
        TestLengthStopper(max_items=questions),
    )
    start = time.perf_counter()
    test.simulate()
    step = (time.perf_counter() - start) / (len(given["theta"]) * questions)
    print(json.dumps({"calibration": calibration, "found": parameters.tolist(), "step": step}))


if __name__ == "__main__":
    main(sys.argv[1])
