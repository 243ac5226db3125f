"""Counts, shares and their intervals in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from rapport.science.proportions import wilson


def share(count: int, n: int) -> str:
    """A share with its 95 % interval."""
    found = wilson(count, n)
    return _("%(count)s of %(n)s: %(share)s %% (%(low)s to %(high)s)") % {
        "count": number(count, 0), "n": number(n, 0), "share": round(100 * found.estimate),
        "low": round(100 * found.low), "high": round(100 * found.high),
    }  # fmt: skip


def of(count: int, n: int) -> str:
    """How many of how many."""
    return _("%(count)s of %(n)s: %(share)s %%") % {
        "count": number(count, 0), "n": number(n, 0), "share": round(100 * count / n),
    }  # fmt: skip


def number(value: float, decimals: int) -> str:
    """A number with so many decimals."""
    rounded = round(value, decimals)  # it cuts off by itself
    return str(number_format(rounded, decimals)).replace("-", "−")
