"""The expected course of a questionnaire: which columns it has, and what it was learned on.

    y = b0 + b1 f(t) + b2 x1 + b3 x1 f(t) + case mix + u0 + u1 f(t) + e

t is a session's number or weeks since the intake, x1 the score at intake, which is no response.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rapport.science.growth.model import Growth

Shape = Literal["log", "linear"]
Better = Literal["lower", "higher"]
Floats = npt.NDArray[np.float64]
FIXED = ("constant", "time", "intake", "intake x time")


@dataclass(frozen=True)
class Course:
    """A fitted model with all that is needed to predict from it.

    Attributes:
        growth: its coefficients belong to ``FIXED``, then to ``case_mix``.
        shape: f(t) = log(1 + t) or t.
        case_mix: names of further columns, the same at every session of a client.
        least, most: the ends of the scale, in scale points.
        better: which way is better.
    """

    growth: Growth
    shape: Shape
    case_mix: tuple[str, ...]
    least: float
    most: float
    better: Better

    def __post_init__(self) -> None:
        if not self.least < self.most:
            raise ValueError(f"a scale from {self.least} to {self.most} is none")
        if len(self.growth.fixed) != len(FIXED) + len(self.case_mix):
            raise ValueError("the model has other columns than this course")

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "growth": self.growth.as_data(), "shape": self.shape, "better": self.better,
            "case_mix": list(self.case_mix), "least": self.least, "most": self.most,
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Course":
        """What ``as_data`` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            return cls(
                Growth.of(data["growth"]), data["shape"], tuple(data["case_mix"]),
                data["least"], data["most"], data["better"],
            )  # fmt: skip
        except (KeyError, TypeError) as problem:
            raise ValueError(f"this is no course: {problem}") from problem


def moved(time: float, shape: Shape) -> float:
    """f(t): log(1 + t) or t; t >= 0 in sessions or weeks since intake.

    >>> moved(0, "log"), moved(4, "linear")
    (0.0, 4.0)
    """
    if not (math.isfinite(time) and time >= 0):
        raise ValueError(f"time since intake is 0 or more, not {time}")
    return math.log1p(time) if shape == "log" else float(time)


def columns(
    time: npt.ArrayLike, intake: npt.ArrayLike, case_mix: Sequence[npt.ArrayLike] = (),
    *, shape: Shape = "log",
) -> tuple[Floats, Floats]:  # fmt: skip
    """The design of many rows, and their f(t).

    Returns:
        X of shape (n, 4 + case mix), column by column in memory, and f(t) of shape (n,).

    Raises:
        ValueError: a time before the intake, or lengths that differ.

    >>> columns([0, 3], [12, 20], shape="linear")[0].tolist()
    [[1.0, 0.0, 12.0, 0.0], [1.0, 3.0, 20.0, 60.0]]
    """
    t, first, *mix = (np.asarray(one, dtype=np.float64) for one in (time, intake, *case_mix))
    if t.ndim != 1 or any(one.shape != t.shape for one in (first, *mix)):
        raise ValueError("time, intake and case mix have one entry a row")
    if len(t) and not t.min() >= 0:
        raise ValueError("time since intake is 0 or more")
    f = np.log1p(t) if shape == "log" else t
    x = np.empty((len(t), len(FIXED) + len(mix)), order="F")
    x[:, 0], x[:, 1], x[:, 2] = 1.0, f, first
    np.multiply(first, f, out=x[:, 3])
    for n, one in enumerate(mix):
        x[:, len(FIXED) + n] = one
    return x, f
