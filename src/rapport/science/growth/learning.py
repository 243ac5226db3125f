"""Learn the expected course from a practice's episodes. Needs SciPy: it belongs to jobs."""

from collections.abc import Mapping

import numpy.typing as npt

from rapport.science.growth.course import FIXED, Better, Course, Shape, columns
from rapport.science.growth.fitting import fit


def learn(
    scores: npt.ArrayLike, *, client: npt.ArrayLike, time: npt.ArrayLike, intake: npt.ArrayLike,
    least: float, most: float, better: Better, case_mix: Mapping[str, npt.ArrayLike] | None = None,
    therapist: npt.ArrayLike | None = None, shape: Shape = "log", slope: bool = True,
) -> Course:  # fmt: skip
    """Fit the model of ``course`` by REML, one row a score after the intake.

    Args:
        scores: shape (n,), the intake's own left out. intake: the client's, on each row.
        time: sessions or weeks since the intake, >= 0. case_mix: columns by name.
        least, most: the ends of the scale. better: which way is better.

    Raises:
        CannotFit: the rows do not determine it.
        ValueError: lengths differ, or a number is none.

    >>> import numpy as np
    >>> who, week = np.repeat(np.arange(6), 4), np.tile([1, 2, 3, 4], 6)
    >>> start = np.repeat([10, 14, 18, 11, 15, 19], 4)
    >>> noise = [1, -1, 0, 2, -2, 0, 1, 0, 1, -1, 1, 0, 0, 2, -1, -1, 0, -2, 1, 1, 0, 0, 1, -1]
    >>> found = learn(start - week + noise, client=who, time=week, intake=start, least=0, most=27,
    ...               better="lower", shape="linear", slope=False)
    >>> [(one.name, round(one.value, 2)) for one in found.growth.fixed][1:3]
    [('time', -0.65), ('intake', 1.02)]
    """
    mix = dict(case_mix or {})
    x, f = columns(time, intake, list(mix.values()), shape=shape)
    growth = fit(
        scores, x, client=client, time=f, names=[*FIXED, *mix], therapist=therapist, slope=slope
    )
    return Course(growth, shape, tuple(mix), least, most, better)
