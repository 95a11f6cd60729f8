"""Symbolic floats that code makes sizes from: `int(dim * 4.0)`, `int(dim / 2)`.

A `Real` is exactly `numerator / denominator`. Floats that are no short fraction (0.1, 2.6667) make no Real: the interpreter
leaves them Unknown, because Python's rounding of the product cannot be followed for every size.
"""

from __future__ import annotations

from fractions import Fraction

from torchlint.dims.expr import Expr, Size, add, floordiv

_LONGEST_DENOMINATOR = 1 << 20


class Real:
    """The number `numerator / denominator`, where the numerator is symbolic and the denominator a positive int."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Expr, denominator: int) -> None:
        self.numerator = numerator
        self.denominator = denominator

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Real) and self.numerator == other.numerator and self.denominator == other.denominator

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    def floor(self) -> Size:
        """The largest whole number below; `int()` of it, since sizes are not negative."""
        return floordiv(self.numerator, self.denominator)

    def ceil(self) -> Size:
        """The smallest whole number above."""
        return floordiv(add(self.numerator, self.denominator - 1), self.denominator)

    def __repr__(self) -> str:
        return f"Real({self.numerator!r} / {self.denominator})"


Number = int | float | Expr | Real


def as_fraction(value: float | int) -> Fraction | None:
    """The exact fraction of a float if its denominator is short (a power of two, for floats), else None."""
    if value != value or value in (float("inf"), float("-inf")):
        return None
    fraction = Fraction(value)
    return fraction if fraction.denominator <= _LONGEST_DENOMINATOR else None


def _parts(value: Number) -> tuple[Size, int] | None:
    if isinstance(value, Real):
        return value.numerator, value.denominator
    if isinstance(value, Expr):
        return value, 1
    fraction = as_fraction(value)
    return None if fraction is None else (fraction.numerator, fraction.denominator)


def real(numerator: Size, denominator: int) -> Real | float:
    """`numerator / denominator`, a plain float where nothing is symbolic."""
    return numerator / denominator if isinstance(numerator, int) else Real(numerator, denominator)


def real_add(a: Number, b: Number) -> Real | float | None:
    """`a + b` as floats; None where an operand is no short fraction."""
    left, right = _parts(a), _parts(b)
    if left is None or right is None:
        return None
    return real(left[0] * right[1] + right[0] * left[1], left[1] * right[1])


def real_mul(a: Number, b: Number) -> Real | float | None:
    """`a * b` as floats; None where an operand is no short fraction."""
    left, right = _parts(a), _parts(b)
    if left is None or right is None:
        return None
    return real(left[0] * right[0], left[1] * right[1])


def real_div(a: Number, b: int | float) -> Real | float | None:
    """`a / b` as floats; None where an operand is no short fraction. Raises ZeroDivisionError."""
    left, right = _parts(a), as_fraction(b)
    if left is None or right is None:
        return None
    if right == 0:
        raise ZeroDivisionError("division by zero")
    sign = -1 if right < 0 else 1
    return real(left[0] * (right.denominator * sign), left[1] * abs(right.numerator))
