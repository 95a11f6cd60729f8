"""Known elements of small tensors: what sizes are computed from (`torch.linspace(...).round().int().tolist()`).

Every step rounds to the precision of the dtype, as torch's kernels do. What overflows, divides by 0 or has a symbol where torch
would need its value is not known; neither are complex numbers and floats of 16 bits and less.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Callable, Collection
from typing import Any

from torchlint.dims.expr import Expr, Size, product
from torchlint.values.dtype import Category, DType, float32, float64
from torchlint.values.tensor import Shape, Tensor

MAX_VALUES = 1024
"""Elements of a tensor are known up to this many."""

Elements = tuple[Any, ...]
_NO_VALUE = (ArithmeticError, TypeError, ValueError, struct.error)


def stored(values: Elements | None, dtype: DType) -> Elements | None:
    """Known elements as a tensor of that dtype holds them; None where they do not fit or are not modelled."""
    if values is None or len(values) > MAX_VALUES:
        return None
    try:
        if dtype.category is Category.INTEGER:
            return _whole(values, dtype)
        if any(isinstance(v, Expr) for v in values):
            return None
        if dtype.category is Category.BOOL:
            return tuple(map(bool, values))
        return _rounded(values, dtype)
    except _NO_VALUE:
        return None


def _whole(values: Elements, dtype: DType) -> Elements | None:
    limit = 1 << (dtype.bits - dtype.signed)
    least = -limit if dtype.signed else 0
    whole = tuple(v if isinstance(v, Expr) else int(v) for v in values)
    return whole if all(isinstance(v, Expr) or least <= v < limit for v in whole) else None


def _rounded(values: Elements, dtype: DType) -> Elements | None:
    if dtype is float64:
        return tuple(map(float, values))
    if dtype is float32:
        packing = f"{len(values)}f"
        return struct.unpack(packing, struct.pack(packing, *values))
    return None


def mapped(
    compute: Callable[..., Any], dtype: DType, shape: Shape, *operands: object, common: DType | None = None
) -> Elements | None:
    """`compute` of the operands' elements, broadcast to `shape`, for a result of that dtype.

    The elements are converted to the `common` dtype first, which is `dtype` unless it is given.
    """
    known = [_broadcast(operand, shape, common or dtype) for operand in operands]
    if any(elements is None for elements in known):
        return None
    try:
        return stored(tuple(compute(*elements) for elements in zip(*(e for e in known if e is not None))), dtype)
    except _NO_VALUE:
        return None


def _broadcast(operand: object, shape: Shape, dtype: DType) -> Elements | None:
    """The elements of a tensor or number in that dtype, as many as `shape` has; those of one element are repeated."""
    if isinstance(operand, Tensor):
        elements = operand.values
        if elements is None or (operand.shape != shape and len(elements) != 1):
            return None
        elements = elements if operand.dtype is dtype else stored(elements, dtype)
    elif isinstance(operand, (int, float, Expr)):
        elements = stored((operand,), dtype)
    else:
        return None
    count = 1
    for size in shape:
        if isinstance(size, Expr):
            return None
        count *= size
    if elements is None or count > MAX_VALUES:
        return None
    return elements * count if len(elements) == 1 else elements


def cut(input: Tensor, axis: int, start: Size, length: Size) -> Elements | None:
    """The elements of `input` between `start` and `start + length` along `axis`, where they are known."""
    values = input.values
    if values is None or not isinstance(start, int) or not isinstance(length, int):
        return None
    inner, size = product(input.shape[axis + 1 :]), input.shape[axis]
    if not isinstance(inner, int) or not isinstance(size, int):
        return None
    if axis == 0:
        return values[start * inner : (start + length) * inner]
    rows = range(0, len(values), size * inner)
    return tuple(v for row in rows for v in values[row + start * inner : row + (start + length) * inner])


def flipped(input: Tensor, axes: Collection[int]) -> Elements | None:
    """The elements of `input` in reverse order along the axes, where they are known."""
    values, sizes = input.values, [size for size in input.shape if isinstance(size, int)]
    if values is None or len(sizes) != input.ndim:
        return None
    ranges = [range(size)[::-1] if axis in axes else range(size) for axis, size in enumerate(sizes)]
    steps = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    places = (sum(i * step for i, step in zip(index, steps)) for index in itertools.product(*ranges))
    return tuple(values[place] for place in places)


def of_numbers(compute: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, which leaves open what it would give for symbols."""

    def function(*elements: Any) -> Any:
        if any(isinstance(element, Expr) for element in elements):
            raise TypeError("symbols have no value here")
        return compute(*elements)

    return function
