"""No cent is lost, and no two currencies meet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core.money import MixedCurrencies, Money, total

FIVE = Money(500, "USD")
ONE = Money(100, "USD")
EURO = Money(100, "EUR")


def test_amounts_add_up():
    assert FIVE + ONE == Money(600, "USD")
    assert FIVE - ONE == Money(400, "USD")
    assert -FIVE == Money(-500, "USD")
    assert FIVE * 3 == 3 * FIVE == Money(1500, "USD")


def test_amounts_compare():
    assert ONE < FIVE and ONE <= FIVE and FIVE > ONE and FIVE >= ONE and ONE <= ONE
    assert not FIVE < ONE
    assert ONE != EURO
    assert FIVE and not Money(0, "USD")


@pytest.mark.parametrize("mix", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_currencies_do_not_mix(mix):
    with pytest.raises(MixedCurrencies, match="USD and EUR"):
        getattr(ONE, mix)(EURO)


@pytest.mark.parametrize("other", [1, 1.0, None])
def test_money_adds_to_money_only(other):
    with pytest.raises(TypeError):
        ONE + other


@pytest.mark.parametrize("cents", [1.5, True, "1", Decimal(1)])
def test_cents_are_whole(cents):
    with pytest.raises(TypeError, match="whole cents"):
        Money(cents, "USD")


@pytest.mark.parametrize("currency", ["", "usd", "XYZW", "AAA", "$"])
def test_a_currency_is_an_iso_code(currency):
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


@pytest.mark.parametrize("factor", [1.5, True])
def test_money_is_multiplied_by_whole_numbers(factor):
    with pytest.raises(TypeError, match="whole number"):
        ONE * factor


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(sum),
)
def test_a_split_adds_up_to_the_cent(cents, weights):
    parts = Money(cents, "USD").split(weights)

    assert total(parts, "USD") == Money(cents, "USD")
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.cents - cents * weight / sum(weights)) <= 1
        assert weight or not part


def test_equal_parts_differ_by_a_cent_at_most_and_the_first_gets_it():
    assert [p.cents for p in Money(1000, "USD").split(3)] == [334, 333, 333]
    assert [p.cents for p in Money(-1000, "USD").split(3)] == [-334, -333, -333]


@pytest.mark.parametrize("shares", [0, -1, [], [0, 0], [2, -1]])
def test_a_split_needs_shares(shares):
    with pytest.raises(ValueError, match="share"):
        ONE.split(shares)


def test_the_sum_of_nothing_is_nothing():
    assert total([], "EUR") == Money(0, "EUR")


@pytest.mark.parametrize(
    "money, amount",
    [
        (Money(1250, "USD"), "12.50"),
        (Money(1250, "JPY"), "1250"),
        (Money(1250, "KWD"), "1.250"),
        (Money(-5, "EUR"), "-0.05"),
    ],
)
def test_minor_units_follow_the_currency(money, amount):
    assert money.amount == Decimal(amount)
    assert str(money) == f"{amount} {money.currency}"


@pytest.mark.parametrize(
    "locale, written",
    [
        ("en_US", "$1,234.50"),
        ("en-GB", "US$1,234.50"),
        ("de-DE", "1.234,50\xa0$"),
        ("fr_CA", "1\xa0234,50\xa0$\xa0US"),
    ],
)
def test_money_is_written_as_the_land_writes_it(locale, written):
    assert Money(123450, "USD").format(locale) == written
