"""How far therapists differ, and what may be said of one of them.

Only shrunken values with intervals, in the order they came in; no ranks. How large the variance
between therapists is comes from a mixed model that took the clients' scores at intake and their
case mix off before; this module takes it as given.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

LEAST_CLIENTS = 1200
LEAST_THERAPISTS = 20  # a variance from fewer is itself known to a third at best: sqrt(2 / 19)
LEAST_OWN_CLIENTS = 10
LEAST_RELIABILITY = 0.5
Standing = Literal["shown", "too little data", "suppressed"]
Reason = Literal["too few clients", "too few therapists", "no variance between therapists"]


@dataclass(frozen=True)
class Variances:
    """Of a model's residuals, in the square of the outcome's unit.

    Attributes:
        between: therapists, tau^2, 0 or more.
        within: clients of one therapist, sigma^2, > 0.
    """

    between: float
    within: float

    def __post_init__(self) -> None:
        if not (0 <= self.between < math.inf and 0 < self.within < math.inf):
            raise ValueError("variances are numbers, and clients of one therapist differ")

    @property
    def share(self) -> float:
        """Of all variance, how much lies between therapists (ICC), 0 to 1.

        >>> round(Variances(between=5, within=95).share, 2)
        0.05
        """
        return self.between / (self.between + self.within)


@dataclass(frozen=True)
class Caseload:
    """What is known of one therapist.

    Attributes:
        n: clients with a last score, 1 or more.
        residual: their mean outcome less what their case mix leads to expect, positive is better.
    """

    n: int
    residual: float

    def __post_init__(self) -> None:
        if self.n < 1 or not math.isfinite(self.residual):
            raise ValueError(f"a caseload has clients and a mean, got {self.n}, {self.residual}")


@dataclass(frozen=True)
class Effect:
    """What may be said of one therapist.

    Attributes:
        standing: "suppressed" below 10 clients; "too little data" below a reliability of .5.
        n: how many clients; None where it is suppressed.
        reliability: of the mean residual, 0 to 1; None where it is suppressed.
        size, low, high: shrunken effect with its interval, in the outcome's unit; None unless it
            is shown.
    """

    standing: Standing
    n: int | None
    reliability: float | None
    size: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Refused:
    """Why nothing is said at all, in numbers: how many there are, how many there must be."""

    reason: Reason
    have: float
    need: float


@dataclass(frozen=True)
class Therapists:
    """What may be said of all of them.

    Attributes:
        share: of variance that lies between therapists.
        effects: in the order in which caseloads were given.
    """

    share: float
    clients: int
    effects: tuple[Effect, ...]
    level: float


def reliability(n: int, variances: Variances) -> float:
    """How much of the differences between means of ``n`` clients is the therapists' own.

        lambda = n tau^2 / (n tau^2 + sigma^2)

    >>> round(reliability(19, Variances(between=5, within=95)), 3)
    0.5
    """
    if n < 1:
        raise ValueError(f"a mean needs a client, got {n}")
    return n * variances.between / (n * variances.between + variances.within)


def clients_needed(share: float, *, for_reliability: float) -> int:
    """How many clients a therapist's mean needs.

        n = lambda / (1 - lambda) (1 - ICC) / ICC, rounded up

    >>> [clients_needed(0.05, for_reliability=one) for one in (0.5, 0.7, 0.8)]
    [19, 45, 76]
    """
    if not (0 < share < 1 and 0 < for_reliability < 1):
        raise ValueError("both shares lie between 0 and 1")
    exact = for_reliability / (1 - for_reliability) * (1 - share) / share
    return math.ceil(round(exact, 9))


def shrunken(caseload: Caseload, variances: Variances, *, level: float = 0.95) -> Effect:
    """One therapist's effect, pulled towards none by as much as its mean is unreliable.

        size = lambda residual
        low, high = size -+ z tau sqrt(1 - lambda)

    >>> found = shrunken(Caseload(n=76, residual=1.0), Variances(between=5, within=95))
    >>> round(found.size, 2), round(found.low, 2), round(found.high, 2)
    (0.8, -1.16, 2.76)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    if caseload.n < LEAST_OWN_CLIENTS:
        return Effect("suppressed", None, None, None, None, None)
    own = reliability(caseload.n, variances)
    if own < LEAST_RELIABILITY:
        return Effect("too little data", caseload.n, own, None, None, None)
    size = own * caseload.residual
    z = NormalDist().inv_cdf((1 + level) / 2)
    wide = z * math.sqrt(variances.between * (1 - own))
    return Effect("shown", caseload.n, own, size, size - wide, size + wide)


def missing(clients: int, therapists: int) -> Refused | None:
    """What it takes to know how far therapists differ, where it is not there.

    >>> missing(2000, 12)
    Refused(reason='too few therapists', have=12, need=20)
    """
    if clients < LEAST_CLIENTS:
        return Refused("too few clients", clients, LEAST_CLIENTS)
    if therapists < LEAST_THERAPISTS:
        return Refused("too few therapists", therapists, LEAST_THERAPISTS)
    return None


def therapists(
    caseloads: Sequence[Caseload], variances: Variances, *, level: float = 0.95
) -> Therapists | Refused:
    """What may be said of therapists who share a practice.

    Below about 1200 clients or 20 therapists the variance between them is not known well enough
    to say anything; that is the answer then.

    Source:
        Schiefele et al. (2017), Adm Policy Ment Health 44(5):598-613.

    >>> therapists([Caseload(40, 0.2)] * 12, Variances(between=5, within=95))
    Refused(reason='too few clients', have=480, need=1200)
    """
    clients = sum(one.n for one in caseloads)
    if refused := missing(clients, len(caseloads)):
        return refused
    if not variances.between:
        return Refused("no variance between therapists", 0, 0)
    effects = tuple(shrunken(one, variances, level=level) for one in caseloads)
    return Therapists(variances.share, clients, effects, level)
