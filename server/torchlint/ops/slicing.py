"""Python slices of sizes that may be symbols: where they start, and how long they are."""

from __future__ import annotations

from torchlint.dims.expr import Expr, Kind, Size, maximum, minimum, symbol
from torchlint.dims.facts import facts
from torchlint.dims.truth import Truth, known
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, Unknown


def at_most(a: Size, b: Size) -> Truth:
    """Whether `a <= b`."""
    if isinstance(a, int) and isinstance(b, int):
        return known(a <= b)
    return facts().compare(a, "<=", b)


def larger(a: Size, b: Size) -> Size:
    """The larger of two sizes: one of them where the pass knows which."""
    if at_most(a, b) is Truth.YES:
        return b
    return a if at_most(b, a) is Truth.YES else maximum(a, b)


def smaller(a: Size, b: Size) -> Size:
    """The smaller of two sizes: one of them where the pass knows which."""
    if at_most(a, b) is Truth.YES:
        return a
    return b if at_most(b, a) is Truth.YES else minimum(a, b)


def slice_of(index: slice, size: Size) -> tuple[Size | None, Size, Size]:
    """(start, length, step) of a slice of a dimension; start is None where it depends on data."""
    try:
        step = _bound(index.step)
    except _DependsOnData:
        raise Undecided("the step of a slice is not known") from None
    step = 1 if step is None else step
    if at_most(step, 0) is Truth.YES:
        raise ShapeError(
            "bad-call",
            "a tensor cannot be sliced with a step below 1",
            torch="step must be greater than zero",
        )
    try:
        start = _bound(index.start)
        stop = _bound(index.stop)
    except _DependsOnData:
        return None, symbol("n", Kind.DATA, minimum=0), step
    first = 0 if start is None else _clamped(start, size)
    last = size if stop is None else _clamped(stop, size)
    return first, (larger(last - first, 0) + step - 1) // step, step


class _DependsOnData(Exception):
    """A bound is an element of a tensor, or unknown."""


def _bound(value: object) -> Size | None:
    if value is None or isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Free):
        return value.size
    if isinstance(value, Unknown):
        raise _DependsOnData
    if isinstance(value, Tensor):
        if value.ndim == 0 and value.values is not None and isinstance(value.values[0], (int, Expr)):
            return value.values[0]
        raise _DependsOnData
    raise ShapeError(
        "dtype-mismatch",
        f"a bound of the slice of {{input}} is a {type(value).__name__.lower()}, not a whole number",
        torch="slice indices must be integers or None or have an __index__ method",
        notes=("`/` always gives a float; `//` gives a whole number",) if not isinstance(value, str) else (),
    )


def _clamped(bound: Size, size: Size) -> Size:
    """The bound counted from the front, between 0 and the size."""
    if at_most(0, bound) is Truth.YES:
        return smaller(bound, size)
    if at_most(bound, -1) is Truth.YES:
        return larger(size + bound, 0)
    raise Undecided("whether a bound of a slice is negative depends on the sizes")
