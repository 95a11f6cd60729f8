"""The normal form of sizes: laws by structure, values by sampling."""

from __future__ import annotations

import pytest
from hypothesis import given

from dims.strategies import STEADY, SYMBOLS, Twin, Values, polynomials, twins, valuations
from torchlint.dims.expr import (
    Expr,
    evaluate,
    exact_quotient,
    floordiv,
    maximum,
    minimum,
    mod,
    substitute,
    symbol,
    terms_of,
)


@STEADY
@given(twins(), twins(), twins())
def test_ring_laws_hold_by_structure(x: Twin, y: Twin, z: Twin) -> None:
    """Sums and products that the ring laws make equal are the same expression."""
    a, b, c = x.size, y.size, z.size
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - a == 0
    assert a + 0 == a
    assert a * 1 == a
    assert a * 0 == 0


@STEADY
@given(twins(depth=8), valuations())
def test_values_are_those_of_python(twin: Twin, values: Values) -> None:
    """A normal form is worth what Python computes, for floor division, modulo, max and min too."""
    assert evaluate(twin.size, values) == twin.python(values)


@STEADY
@given(twins(depth=8), valuations())
def test_substitution_of_numbers_gives_the_number(twin: Twin, values: Values) -> None:
    """Putting numbers in for all symbols gives an int, the one that Python computes."""
    assert substitute(twin.size, dict(values)) == twin.python(values)


@STEADY
@given(twins(), twins(symbols=SYMBOLS[:1], depth=3), valuations())
def test_substitution_keeps_values(outer: Twin, inner: Twin, values: Values) -> None:
    """Putting a size in for a symbol means what putting in its value means."""
    a = SYMBOLS[0]
    value = inner.python(values)
    if value >= 1:
        replaced = substitute(outer.size, {a: inner.size})
        assert evaluate(replaced, values) == outer.python({**values, a: value})


@STEADY
@given(polynomials(), polynomials())
def test_what_was_multiplied_divides_exactly(x: Twin, y: Twin) -> None:
    """A product divided by one factor is the other."""
    if y.size != 0:
        assert exact_quotient(x.size * y.size, y.size) == x.size
        assert floordiv(x.size * y.size, y.size) == x.size
        assert mod(x.size * y.size, y.size) == 0


@STEADY
@given(twins())
def test_a_constant_is_an_int(twin: Twin) -> None:
    """An expression always depends on an atom."""
    if isinstance(twin.size, Expr):
        assert any(monomial for monomial, _ in terms_of(twin.size))


def test_nested_floors_become_one() -> None:
    """Two convolutions of stride 2 are one division by 4."""
    h = symbol("H")
    assert ((h - 4) // 2 - 4) // 2 == h // 4 - 3
    assert (2 * h) // 4 == h // 2
    assert (6 * h + 9) % 12 == 6 * ((h + 1) % 2) + 3


def test_sizes_that_differ_by_a_number_are_compared_at_once() -> None:
    """`max(H, H - 2)` is H."""
    h, w = symbol("H"), symbol("W")
    assert maximum(h, h - 2) == h
    assert minimum(h, h - 2, 7) == minimum(7, h - 2)
    assert maximum(maximum(h, 3), maximum(w, 4)) == maximum(4, h, w)


def test_symbols_of_one_name_differ() -> None:
    """Names are for people: two symbols called H are two sizes."""
    assert symbol("H") != symbol("H")


def test_a_symbolic_size_is_no_bool() -> None:
    """`if size:` would be a guess."""
    with pytest.raises(TypeError):
        bool(symbol("H"))


def test_division_by_zero_is_pythons_error() -> None:
    """As for ints."""
    with pytest.raises(ZeroDivisionError):
        floordiv(symbol("H"), 0)
    with pytest.raises(ZeroDivisionError):
        mod(symbol("H"), 0)


def test_a_power_is_not_negative() -> None:
    """There are no fractions."""
    with pytest.raises(ValueError, match="negative"):
        symbol("H") ** -1
