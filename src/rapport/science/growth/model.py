"""A fitted growth model as plain numbers: what a job learns and a page reads."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Method = Literal["REML", "ML"]
Singular = Literal[
    "intercept variance is 0",
    "slope variance is 0",
    "correlation is 1",
    "correlation is -1",
    "therapist variance is 0",
]


@dataclass(frozen=True)
class Fixed:
    """What holds for everybody: one coefficient.

    Attributes:
        value: in scale points per unit of its column.
        error: its standard error, from the inverse information at the fitted variances.
    """

    name: str
    value: float
    error: float

    def interval(self, *, z: float = 1.959964) -> tuple[float, float]:
        """The Wald interval; z 1.96 means 95 %.

        >>> Fixed("time", -0.5, 0.1).interval(z=2)
        (-0.7, -0.3)
        """
        return self.value - z * self.error, self.value + z * self.error


@dataclass(frozen=True)
class Growth:
    """A linear mixed model: y = X b + u0 + u1 t + v + e.

    Attributes:
        fixed: the coefficients b, in the order of the design's columns.
        intercept_sd: of u0 between clients, in scale points.
        slope_sd: of u1 between clients, in scale points per unit of time; 0 where it has none.
        correlation: of u0 and u1, -1 to 1; NaN where one of them does not vary.
        therapist_sd: of v between therapists, in scale points; 0 without that level.
        residual_sd: of e, in scale points, > 0.
        method: how it was fitted.
        criterion: -2 log (restricted) likelihood at the optimum.
        rows, clients, therapists: how much was learned from.
        singular: what lies on the edge of what is possible, by name; empty where nothing does.
            Predictions hold then too; the named numbers are not estimates of anything.
        converged: whether the slope of the criterion is 0 where it should be.
        evaluations: of the criterion.
    """

    fixed: tuple[Fixed, ...]
    intercept_sd: float
    slope_sd: float
    correlation: float
    therapist_sd: float
    residual_sd: float
    method: Method
    criterion: float
    rows: int
    clients: int
    therapists: int
    singular: tuple[Singular, ...]
    converged: bool
    evaluations: int

    @property
    def log_likelihood(self) -> float:
        """Restricted for REML: comparable only between models with the same fixed columns."""
        return -self.criterion / 2

    @property
    def covariance(self) -> float:
        """Of intercept and slope."""
        both = self.intercept_sd * self.slope_sd
        return self.correlation * both if both else 0.0

    @property
    def therapist_share(self) -> float:
        """tau^2 / (tau^2 + client variance at time 0 + sigma^2), 0 to 1."""
        tau = self.therapist_sd**2
        return tau / (tau + self.intercept_sd**2 + self.residual_sd**2)

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON; an undefined correlation becomes None."""
        data = asdict(self)
        data["correlation"] = None if math.isnan(self.correlation) else self.correlation
        return data

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Growth":
        """What ``as_data`` gave.

        Raises:
            ValueError: a number is missing, or is none.
        """
        given = dict(data)
        try:
            given["fixed"] = tuple(Fixed(**one) for one in given["fixed"])
            given["singular"] = tuple(given["singular"])
            if given["correlation"] is None:
                given["correlation"] = math.nan
            found = cls(**given)
            numbers = [found.intercept_sd, found.slope_sd, found.therapist_sd, found.residual_sd]
            numbers += [value for one in found.fixed for value in (one.value, one.error)]
            if not all(map(math.isfinite, numbers)):
                raise ValueError("a growth model has numbers that are none")
        except (KeyError, TypeError) as problem:
            raise ValueError(f"this is no growth model: {problem}") from problem
        return found
