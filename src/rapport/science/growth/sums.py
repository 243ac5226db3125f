"""What a growth model needs to know of the rows: a few sums per client, taken once.

With Z = [1 t] and W = [X y] of one client these are S = Z'Z and U = Z'W. Clients seen at the
same times share S, and only the sum of vec(U) vec(U)' over them counts; its square root stands
for them all, so that ten thousand clients of one schedule become a handful of blocks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]
AT_ONCE = 1 << 16  # rows worked on together, so that memory does not grow with the data
COLLINEAR = 1e-10  # what is left of a column's squared length beside the ones before it


class CannotFit(ValueError):
    """These rows do not determine this model. The message says why."""


@dataclass(frozen=True)
class Blocks:
    """Sums of m clients, or stand-ins for them; q columns are the design's and the response.

    Attributes:
        count: how many clients a block's S stands for, shape (m,); 0 for further stand-ins.
        s00, s01, s11: the entries of S, shape (m,).
        u0, u1: the rows of U, shape (m, q).
    """

    count: Floats
    s00: Floats
    s01: Floats
    s11: Floats
    u0: Floats
    u1: Floats

    def at(self, chosen: Any) -> "Blocks":
        return Blocks(
            self.count[chosen], self.s00[chosen], self.s01[chosen], self.s11[chosen],
            self.u0[chosen], self.u1[chosen],
        )  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """Clients of one therapist and one schedule, added up; ``of`` says which therapist's."""

    of: Codes
    blocks: Blocks
    therapists: int


@dataclass(frozen=True)
class Sums:
    """All that is left of the rows.

    The design is made orthonormal (X T with T = ``turn``) and the response is what least
    squares leaves of it, so that no digit is lost to large means; time is (t - centre) / scale.

    Attributes:
        leaves: the residual sum of squares of ordinary least squares.
        plain: its coefficients, shape (p,).
        turn: upper triangular, shape (p, p).
    """

    rows: int
    clients: int
    blocks: Blocks
    cells: Cells | None
    leaves: float
    plain: Floats
    turn: Floats
    centre: float
    scale: float


def numbered(labels: npt.NDArray[Any]) -> tuple[Codes, int]:
    """Labels as 0, 1, 2 ..., and how many there are; quick where equal ones stand together."""
    if len(labels) and labels.dtype.kind in "iu" and bool((labels[1:] >= labels[:-1]).all()):
        codes = np.zeros(len(labels), np.intp)
        np.cumsum(labels[1:] != labels[:-1], out=codes[1:])
        return codes, int(codes[-1]) + 1
    known, codes = np.unique(labels, return_inverse=True)
    return codes.reshape(-1).astype(np.intp, copy=False), len(known)


def taken(
    y: Floats, design: Floats, *, client: Codes, clients: int, time: Floats,
    therapist: Codes | None = None, therapists: int = 0, slope: bool = True,
) -> Sums:  # fmt: skip
    """Take the sums.

    Args:
        y: shape (n,). design: shape (n, p). client, therapist: numbers from 0, shape (n,).
        time: what the slope belongs to, shape (n,). slope: False takes sums for intercepts only.

    Raises:
        CannotFit: collinear columns, a response the columns explain whole, too few rows, or a
            client of two therapists.
    """
    n = len(y)
    turn = _turn(design)
    plain = turn @ (turn.T @ (design.T @ y))
    plain += turn @ (turn.T @ (design.T @ (y - design @ plain)))  # once more, for the last digits
    left = y - design @ plain
    leaves = float(left @ left)
    if not leaves > 1e-20 * max(float(y @ y), 1e-300) or float(np.ptp(y)) == 0:
        raise CannotFit("the response does not vary beyond what the columns explain")
    centre, scale = (float(time.mean()), float(time.std())) if slope else (0.0, 1.0)
    if slope and not scale > 1e-12 * max(1.0, abs(centre)):
        raise CannotFit("time does not vary, so that nobody has a slope")
    blocks = _added(design, left, client, clients, (time - centre) / scale, turn, slope)
    spread = blocks.s00 * blocks.s11 - blocks.s01**2
    ranks = 1 + (slope & (spread > 1e-9 * blocks.s00))
    if not (blocks.s00 - ranks > 0).any():
        raise CannotFit(
            "no client was seen often enough to tell one measurement's error from "
            + ("a slope: three different times are needed" if slope else "a client's own level")
        )
    cells = None
    if therapist is not None:
        cells = _cells(blocks, _one_each(client, clients, therapist), therapists)
    return Sums(n, clients, _collapsed(blocks), cells, leaves, plain, turn, centre, scale)


def _turn(design: Floats) -> Floats:
    """T such that X T has orthonormal columns."""
    gram = design.T @ design
    length = np.sqrt(np.diag(gram))
    if not (length > 0).all():
        raise CannotFit(f"column {int(np.argmin(length)) + 1} of the design is 0 throughout")
    gram = gram / np.outer(length, length)
    lower = np.zeros_like(gram)
    for n in range(len(gram)):  # Cholesky by hand, to name the column that adds nothing
        left = gram[n, n] - lower[n, :n] @ lower[n, :n]
        if not left > COLLINEAR:
            raise CannotFit(f"column {n + 1} of the design follows from the ones before it")
        lower[n, n] = np.sqrt(left)
        lower[n + 1 :, n] = (gram[n + 1 :, n] - lower[n + 1 :, :n] @ lower[n, :n]) / lower[n, n]
    return np.asarray(np.linalg.inv(lower * length[:, None]).T)


def _added(
    design: Floats, left: Floats, client: Codes, clients: int, time: Floats, turn: Floats,
    slope: bool,
) -> Blocks:  # fmt: skip
    def by_client(column: Floats | None) -> Floats:
        return np.bincount(client, column, clients).astype(np.float64, copy=False)

    columns = [*design.T, left]
    u0 = np.column_stack([by_client(column) for column in columns])
    u1 = np.zeros_like(u0)
    s01, s11 = np.zeros(clients), np.zeros(clients)
    if slope:
        u1 = np.column_stack([by_client(column * time) for column in columns])
        s01, s11 = by_client(time), by_client(time * time)
    for u in (u0, u1):
        u[:, :-1] = u[:, :-1] @ turn
    return Blocks(np.ones(clients), by_client(None), s01, s11, u0, u1)


def _schedules(blocks: Blocks, *first: npt.NDArray[Any]) -> tuple[Codes, Codes]:
    """An order in which equal schedules (and equal ``first``) stand together; where each starts."""
    keys = [blocks.s11, blocks.s01, blocks.s00, *first]
    order = np.lexsort(keys)
    new = np.zeros(len(order), np.bool_)
    new[:1] = True
    for key in keys:
        placed = key[order]
        new[1:] |= placed[1:] != placed[:-1]
    return order, np.flatnonzero(new)


def _collapsed(blocks: Blocks) -> Blocks:
    """Fewer blocks with the same sums, where many clients share a schedule."""
    order, starts = _schedules(blocks)
    sizes = np.diff(starts, append=len(order))
    width = 2 * blocks.u0.shape[1]
    if not (sizes > width).any():
        return blocks
    kept, both = [], np.hstack([blocks.u0, blocks.u1])
    small = np.repeat(sizes <= width, sizes)
    kept.append(blocks.at(order[small]))
    for start, size in zip(starts[sizes > width], sizes[sizes > width], strict=True):
        here = order[start : start + size]
        root: Any = np.linalg.qr(both[here], mode="r")
        one = np.full(len(root), here[0])
        count = np.zeros(len(root))
        count[0] = size
        half = width // 2
        kept.append(
            Blocks(
                count,
                blocks.s00[one],
                blocks.s01[one],
                blocks.s11[one],
                root[:, :half],
                root[:, half:],
            )  # fmt: skip
        )
    return Blocks(
        *(np.concatenate([getattr(b, name) for b in kept]) for name in Blocks.__annotations__)
    )


def _one_each(client: Codes, clients: int, therapist: Codes) -> Codes:
    """Each client's therapist."""
    found = np.zeros(clients, np.intp)
    found[client] = therapist
    if not bool((found[client] == therapist).all()):
        raise CannotFit("a client has two therapists; give each such stretch its own client")
    return found


def _cells(blocks: Blocks, therapist: Codes, therapists: int) -> Cells:
    order, starts = _schedules(blocks, therapist)
    first = order[starts]
    added = Blocks(
        np.diff(starts, append=len(order)).astype(np.float64),
        blocks.s00[first], blocks.s01[first], blocks.s11[first],
        np.add.reduceat(blocks.u0[order], starts), np.add.reduceat(blocks.u1[order], starts),
    )  # fmt: skip
    return Cells(therapist[first], added, therapists)
