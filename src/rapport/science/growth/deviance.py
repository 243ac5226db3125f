"""The profiled criterion of a growth model and its slope, from sums alone.

With D the covariance of (u0, u1) over sigma^2, k that of therapists, and per client

    V = Z D Z' + I      Q = Z'V^-1 W = (I + S D)^-1 U      P = Z'V^-1 Z = S (I + D S)^-1
    A = sum W'V^-1 W = W'W - sum U'K U        K = D (I + S D)^-1

the criterion is sum log|V| + log|A_xx| + (n - p)(1 + log(2 pi r2 / (n - p))), r2 the Schur
complement of A_xx in A (REML; ML leaves out log|A_xx| and counts n). A therapist j adds a border:
with s = sum P_00 and w = sum Q_0 over his clients, A loses k w w'/(1 + k s), and log|V| gains
log(1 + k s).

Source:
    Bates, Maechler, Bolker & Walker (2015), J Stat Softw 67(1), sections 3.4 and 5; the 2 x 2
    inverses are written out.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from rapport.science.growth.sums import Blocks, Cells, Floats, Sums


@dataclass(frozen=True)
class At:
    """The criterion at one D and k.

    Attributes:
        value: -2 log (restricted) likelihood.
        by_d: its slope by D, symmetric, shape (2, 2): d value = sum(by_d * dD).
        by_k: its slope by k.
        beta: coefficients of the orthonormal design, to be added to plain least squares.
        inverse: of A_xx.
        sigma2: the residual variance.
    """

    value: float
    by_d: Floats
    by_k: float
    beta: Floats
    inverse: Floats
    sigma2: float


@dataclass(frozen=True)
class _Solved:
    """What D makes of blocks: log|I + SD|, the entries of P, and Q."""

    log: Floats
    p00: Floats
    p01: Floats
    p11: Floats
    q0: Floats
    q1: Floats


def _solved(blocks: Blocks, d: Floats) -> _Solved:
    d00, d01, d11 = float(d[0, 0]), float(d[0, 1]), float(d[1, 1])
    volume = max(d00 * d11 - d01 * d01, 0.0)
    s00, s01, s11 = blocks.s00, blocks.s01, blocks.s11
    spread = np.maximum(s00 * s11 - s01 * s01, 0.0)
    det = 1 + d00 * s00 + 2 * d01 * s01 + d11 * s11 + volume * spread
    # (I + S D)^-1 = (I + adj(D) adj(S)) / det, here I + adj(SD) entry by entry
    i00, i01 = (1 + s01 * d01 + s11 * d11) / det, -(s00 * d01 + s01 * d11) / det
    i10, i11 = -(s01 * d00 + s11 * d01) / det, (1 + s00 * d00 + s01 * d01) / det
    u0, u1 = blocks.u0, blocks.u1
    return _Solved(
        np.log(det),
        (s00 + spread * d11) / det, (s01 - spread * d01) / det, (s11 + spread * d00) / det,
        i00[:, None] * u0 + i01[:, None] * u1, i10[:, None] * u0 + i11[:, None] * u1,
    )  # fmt: skip


def criterion(sums: Sums, d: Floats, k: float = 0.0, *, reml: bool = True) -> At:
    """The criterion at D = ``d`` (2 x 2, positive semi-definite, in the sums' own time) and k."""
    blocks, cells = sums.blocks, sums.cells
    p = blocks.u0.shape[1] - 1
    solved = _solved(blocks, d)
    log = float(blocks.count @ solved.log)
    # U'K U = U'D Q, because K = D (I + S D)^-1
    crossed = (
        d[0, 0] * (blocks.u0.T @ solved.q0) + d[0, 1] * (blocks.u0.T @ solved.q1)
        + d[0, 1] * (blocks.u1.T @ solved.q0) + d[1, 1] * (blocks.u1.T @ solved.q1)
    )  # fmt: skip
    a = np.diag([1.0] * p + [sums.leaves]) - (crossed + crossed.T) / 2
    border = _Border.of(cells, d, k) if cells is not None else None
    if border is not None:
        log += border.log
        a -= border.w.T @ (border.g[:, None] * border.w)
    try:
        root = np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return At(math.inf, np.zeros((2, 2)), 0.0, np.zeros(p), np.eye(p), math.nan)
    inverse = np.linalg.inv(a[:p, :p])
    beta = inverse @ a[:p, p]
    r2 = float(root[p, p] ** 2)
    df = sums.rows - p if reml else sums.rows
    value = log + df * (1 + math.log(2 * math.pi * r2 / df))
    if reml:  # log|A_xx| of the design itself, not of its orthonormal turn
        value += 2 * float(np.log(np.diag(root)[:p]).sum())
        value -= 2 * float(np.log(np.abs(np.diag(sums.turn))).sum())
    v = np.append(-beta, 1.0)
    b = df / r2 * np.outer(v, v)
    if reml:
        b[:p, :p] += inverse
    by_d = _slope(blocks, solved, b)
    by_k = 0.0
    if border is not None:
        more, by_k = border.slope(b)
        by_d += more
    return At(value, by_d, by_k, beta, inverse, r2 / df)


def _slope(blocks: Blocks, solved: _Solved, b: Floats) -> Floats:
    """sum P - sum Q B Q' over clients."""
    b0, b1 = solved.q0 @ b, solved.q1 @ b
    n00 = blocks.count @ solved.p00 - np.einsum("ij,ij->", b0, solved.q0)
    n01 = blocks.count @ solved.p01 - np.einsum("ij,ij->", b0, solved.q1)
    n11 = blocks.count @ solved.p11 - np.einsum("ij,ij->", b1, solved.q1)
    return np.array([[n00, n01], [n01, n11]], dtype=np.float64)


@dataclass(frozen=True)
class _Border:
    """What therapists add; s, g = k / (1 + k s) and w are one entry or row a therapist."""

    cells: Cells
    solved: _Solved
    k: float
    s: Floats
    w: Floats
    g: Floats
    log: float

    @classmethod
    def of(cls, cells: Cells, d: Floats, k: float) -> "_Border":
        solved = _solved(cells.blocks, d)
        s: Any = np.bincount(cells.of, cells.blocks.count * solved.p00, cells.therapists)
        w: Any = np.column_stack([np.bincount(cells.of, q, cells.therapists) for q in solved.q0.T])
        log = float(np.log1p(k * s).sum())
        return cls(cells, solved, k, s, w, k / (1 + k * s), log)

    def slope(self, b: Floats) -> tuple[Any, float]:
        """By D (what the border adds to it) and by k."""
        wb = self.w @ b
        wbw = np.einsum("ij,ij->i", wb, self.w)
        of, count, one = self.cells.of, self.cells.blocks.count, self.solved
        # Q becomes Q - g P_0 w', and Z'V^-1 Z becomes P - g P_0 P_0'
        x0, x1 = (np.einsum("ij,ij->i", q, wb[of]) for q in (one.q0, one.q1))
        g = self.g[of]
        own = g * count * (1 + g * wbw[of])
        n00 = (2 * g * one.p00 * x0 - own * one.p00**2).sum()
        n01 = (g * (one.p00 * x1 + one.p01 * x0) - own * one.p00 * one.p01).sum()
        n11 = (2 * g * one.p01 * x1 - own * one.p01**2).sum()
        border = 1 + self.k * self.s
        by_k = float((self.s / border - wbw / border**2).sum())
        return np.array([[n00, n01], [n01, n11]]), by_k
