"""Stretches of minutes, in order and without overlap, so that one is found by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

Span = tuple[int, int]  # half-open [start, end), minutes since 1970-01-01T00:00Z


class Merged:
    """Stretches of anything; those that touch or overlap are one, empty ones are none."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        last = None
        for start, end in sorted(spans):
            if start >= end:
                continue
            if last is None or start > last:
                self.starts.append(start)
                self.ends.append(end)
                last = end
            elif end > last:
                self.ends[-1] = last = end

    def __iter__(self) -> Iterator[Span]:
        return zip(self.starts, self.ends, strict=True)

    def __contains__(self, minute: int) -> bool:
        nth = bisect_right(self.ends, minute)
        return nth < len(self.starts) and self.starts[nth] <= minute

    def left(self, first: int, last: int) -> list[Span]:
        """What they leave of ``[first, last)``, in order."""
        starts, ends, found = self.starts, self.ends, []
        for nth in range(bisect_right(ends, first), len(starts)):
            start = starts[nth]
            if start >= last:
                break
            if first < start:
                found.append((first, start))
            first = ends[nth]
        if first < last:
            found.append((first, last))
        return found

    def parts_left(self, minutes: list[int], first: int) -> list[slice]:
        """What they leave of ``minutes`` (in order) from ``first`` on, as parts of that list."""
        starts, ends, found = self.starts, self.ends, []
        nth, most = bisect_left(minutes, first), len(minutes)
        for n in range(bisect_right(ends, first), len(starts)):
            upto = bisect_left(minutes, starts[n], nth)
            if nth < upto:
                found.append(slice(nth, upto))
            if upto == most:
                return found
            nth = bisect_left(minutes, ends[n], upto)
        if nth < most:
            found.append(slice(nth, most))
        return found
