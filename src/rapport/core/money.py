"""An amount of money: whole minor units and a currency, never a fraction of a cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision


class MixedCurrencies(ValueError):
    """Two currencies met in one sum. Convert one of them first."""


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    """Every ISO 4217 code that some land has used."""
    codes: frozenset[str] = frozenset(get_global("all_currencies"))
    return codes


@dataclass(frozen=True)
class Money:
    """``cents`` minor units (cents, pence, whole yen) of an ISO 4217 ``currency``."""

    cents: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError("money is counted in whole cents")
        if self.currency not in currencies():
            raise ValueError("a currency is an ISO 4217 code such as USD or EUR")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + self._same(other).cents, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - self._same(other).cents, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.cents, self.currency)

    def __mul__(self, count: int) -> "Money":
        if type(count) is not int:
            raise TypeError("multiply money by a whole number; split it for shares")
        return Money(self.cents * count, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.cents < self._same(other).cents

    def __le__(self, other: "Money") -> bool:
        return self.cents <= self._same(other).cents

    def __gt__(self, other: "Money") -> bool:
        return self.cents > self._same(other).cents

    def __ge__(self, other: "Money") -> bool:
        return self.cents >= self._same(other).cents

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            raise TypeError("money adds to money and compares with money")
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} and {other.currency} do not mix")
        return other

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact: 1250 cents of USD are 12.50."""
        return Decimal(self.cents).scaleb(-get_currency_precision(self.currency))

    def split(self, shares: int | Sequence[int]) -> list["Money"]:
        """Part the amount so that the parts add up to it, to the cent.

        Args:
            shares: a number of equal parts, or weights (whole, not negative, some > 0).

        Returns:
            One part per share. Left-over cents go to the largest remainders, the earlier
            part first where they tie; a weight of 0 gets nothing.
        """
        weights = [1] * shares if isinstance(shares, int) else list(shares)
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("a split needs at least one share and no negative one")
        sign = -1 if self.cents < 0 else 1
        exact = [divmod(abs(self.cents) * weight, total) for weight in weights]
        parts = [whole for whole, _rest in exact]
        by_remainder = sorted(range(len(parts)), key=lambda i: -exact[i][1])
        for i in by_remainder[: abs(self.cents) - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part, self.currency) for part in parts]

    def format(self, locale: str) -> str:
        """The amount as it is written in ``locale`` (``en_US``, ``de-DE`` …)."""
        return str(format_currency(self.amount, self.currency, locale=locale.replace("-", "_")))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of ``amounts``, which are all in ``currency``; of none, nothing."""
    return sum(amounts, start=Money(0, currency))
