"""Random sizes with what Python makes of the same expression, for property tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st

from torchlint.dims.expr import Kind, Size, Symbol, floordiv, maximum, minimum, mod, of_atom

STEADY = settings(derandomize=True, deadline=None, max_examples=300)
FEW = settings(derandomize=True, deadline=None, max_examples=150)

A, B, C = Symbol("a"), Symbol("b"), Symbol("c")
SYMBOLS = (A, B, C)
BATCH = Symbol("N", Kind.BATCH)

Values = Mapping[Symbol, int]


@dataclass(frozen=True)
class Twin:
    """A size, and the same expression on Python's ints."""

    size: Size
    python: Callable[[Values], int]
    text: str

    def __repr__(self) -> str:
        return self.text


def constant(value: int) -> Twin:
    return Twin(value, lambda values: value, str(value))


def variable(symbol: Symbol) -> Twin:
    return Twin(of_atom(symbol), lambda values: values[symbol], symbol.name)


_PYTHON: dict[str, Callable[[int, int], int]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "//": lambda x, y: x // y,
    "%": lambda x, y: x % y,
    "max": max,
    "min": min,
}
_SIZES: dict[str, Callable[[Size, Size], Size]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "//": floordiv,
    "%": mod,
    "max": maximum,
    "min": minimum,
}


def combine(sign: str, x: Twin, y: Twin) -> Twin:
    compute = _PYTHON[sign]
    return Twin(
        _SIZES[sign](x.size, y.size),
        lambda values: compute(x.python(values), y.python(values)),
        f"({x} {sign} {y})",
    )


def twins(symbols: tuple[Symbol, ...] = SYMBOLS, depth: int = 6) -> st.SearchStrategy[Twin]:
    """Expressions; what divides is a positive number or a symbol, which is at least 1."""
    variables = st.sampled_from([variable(s) for s in symbols])
    leaves = st.integers(-9, 9).map(constant) | variables
    divisors = st.integers(1, 9).map(constant) | variables

    def grow(inner: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
        return st.builds(combine, st.sampled_from(["+", "-", "*", "max", "min"]), inner, inner) | st.builds(
            combine, st.sampled_from(["//", "%"]), inner, divisors
        )

    return st.recursive(leaves, grow, max_leaves=depth)


def polynomials(symbols: tuple[Symbol, ...] = SYMBOLS) -> st.SearchStrategy[Twin]:
    """Sums of products."""
    leaves = st.integers(-9, 9).map(constant) | st.sampled_from([variable(s) for s in symbols])
    return st.recursive(leaves, lambda inner: st.builds(combine, st.sampled_from(["+", "-", "*"]), inner, inner), max_leaves=6)


def valuations(symbols: tuple[Symbol, ...] = SYMBOLS, top: int = 40) -> st.SearchStrategy[dict[Symbol, int]]:
    """A value of at least 1 for each symbol."""
    return st.fixed_dictionaries({s: st.integers(1, top) for s in symbols})
