"""Invented practices whose truth is known. ``RandomState``, because its stream never changes."""

from dataclasses import dataclass

import numpy as np

ERROR = 3.0  # of one measurement, in scale points
LEVEL, DROP = 15.0, -3.0  # at intake; per unit of log(1 + session)
TRUE = {"level_sd": 4.0, "slope_sd": 1.2, "therapist_sd": 1.0}


@dataclass(frozen=True)
class Practice:
    """One entry a row; ``intake``, ``worsening``, ``therapist`` and ``mix`` repeat per row."""

    client: np.ndarray
    therapist: np.ndarray
    session: np.ndarray
    score: np.ndarray
    intake: np.ndarray
    mix: np.ndarray
    worsening: np.ndarray

    def of(self, chosen):
        return Practice(*(getattr(self, name)[chosen] for name in self.__annotations__))

    @property
    def rows(self):
        return len(self.score)


def practice(
    *, clients, seed, sessions=10, therapists=10, level_sd=TRUE["level_sd"],
    slope_sd=TRUE["slope_sd"], therapist_sd=TRUE["therapist_sd"], missing=0.0, irregular=False,
    floor=False, dropout=False, curved=False, worsening=0.0, level=LEVEL,
):  # fmt: skip
    """Scores at intake (session 0, apart) and at sessions 1, 2 ... of each client.

    Args:
        floor: scores are whole and none is below 0 or above 27.
        dropout: the worse the last score, the sooner nobody comes back.
        curved: the drop stops half way and turns.
        worsening: share of clients whose scores rise instead.
    """
    chance = np.random.RandomState(seed)
    who = np.repeat(np.arange(clients), sessions)
    session = np.tile(np.arange(1.0, sessions + 1), clients)
    if irregular:
        session = session + chance.uniform(-0.4, 0.9, len(session))
    start = level + level_sd * chance.normal(size=clients)
    mix = (chance.uniform(size=clients) < 0.4).astype(float)
    slope = DROP - 0.1 * (start - level) + slope_sd * chance.normal(size=clients)
    bad = chance.uniform(size=clients) < worsening
    slope = np.where(bad, 3.0, slope)
    with_whom = np.arange(clients) % therapists
    own = therapist_sd * chance.normal(size=therapists)[with_whom]
    intake = start + ERROR * chance.normal(size=clients)
    f = np.log1p(session)
    if curved:
        f = np.where(session < sessions / 2, 1.6 * f, 1.6 * np.log1p(sessions / 2) - 0.4 * f)
    score = start[who] + own[who] + 0.8 * mix[who] + slope[who] * f
    score += ERROR * chance.normal(size=len(who))
    if floor:
        score, intake = (np.clip(np.rint(x), 0, 27) for x in (score, intake))
    kept = chance.uniform(size=len(who)) >= missing
    if dropout:
        leaves = chance.uniform(size=len(who)) < 0.02 + 0.012 * np.clip(score, 0, 27)
        seen = np.cumsum(leaves.reshape(clients, sessions), axis=1) - leaves.reshape(
            clients, sessions
        )
        kept &= (seen == 0).reshape(-1)
    every = (who, with_whom[who], session, score, intake[who], mix[who], bad[who])
    return Practice(*every).of(kept)


def design(made, *, mix=True):
    """Constant, f, intake, intake x f, and the case mix; f = log(1 + session)."""
    f = np.log1p(made.session)
    columns = [np.ones(made.rows), f, made.intake, made.intake * f]
    return np.column_stack([*columns, made.mix] if mix else columns), f
