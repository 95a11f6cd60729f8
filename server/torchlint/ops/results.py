"""Results of operations: the dtype, memory order, gradient and device that they take from the operands.

torch lays the result of an elementwise operation out as its operands are (`TensorIterator::reorder_dimensions`); where the
strides are symbolic and more than one order is possible, the strides of the result are None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.elements import MAX_VALUES, stored
from torchlint.values.dtype import Category, DType
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Shape, Strides, Tensor, _Contiguous


def result(
    shape: Shape,
    dtype: DType,
    *operands: object,
    strides: Strides | _Contiguous | None = CONTIGUOUS,
    values: tuple[Any, ...] | None = None,
) -> Tensor:
    """A tensor computed from the operands: it requires a gradient if one of them does, and is where they are."""
    tensors = [o for o in operands if isinstance(o, Tensor)]
    return Tensor(
        shape,
        dtype,
        strides=strides,
        values=values if values is not None and len(values) <= MAX_VALUES else None,
        requires_grad=dtype.category >= Category.FLOAT and any(t.requires_grad for t in tensors),
        device=next((t.device for t in tensors if t.device is not None), None),
    )


def elementwise(shape: Shape, dtype: DType, *operands: object, values: tuple[Any, ...] | None = None) -> Tensor:
    """The result of an elementwise operation: laid out in memory as its operands are."""
    tensors = [o for o in operands if isinstance(o, Tensor) and o.ndim]
    return result(shape, dtype, *operands, strides=elementwise_strides(shape, tensors), values=values)


def like(input: Tensor, dtype: DType | None = None) -> Tensor:
    """A tensor of the input's shape and memory order, and of its dtype unless another is given."""
    return elementwise(input.shape, dtype or input.dtype, input)


def elementwise_strides(shape: Shape, operands: Sequence[Tensor]) -> Strides | _Contiguous | None:
    """The strides that torch gives the result of an elementwise operation of that shape."""
    if all(o.is_contiguous_by_construction for o in operands):
        return CONTIGUOUS
    if any(o.strides is None for o in operands):
        return None
    if all(o.shape == shape and o.strides == operands[0].strides for o in operands):
        strides = operands[0].strides
        assert strides is not None
        if is_dense(shape, strides):
            return strides
    aligned = [_broadcast_strides(o, shape) for o in operands]
    if not _all_ints(shape) or not all(_all_ints(strides) for strides in aligned):
        return None
    return _iteration_strides(shape, aligned)


def is_dense(shape: Shape, strides: Strides) -> bool:
    """Whether the elements fill a block of memory in some order of the dimensions (False where that is not certain)."""
    left = [(size, stride) for size, stride in zip(shape, strides) if size != 1]
    expected: Size = 1
    while left:
        found = next((item for item in left if item[1] == expected), None)
        if found is None:
            return False
        left.remove(found)
        expected = expected * found[0]
    return True


def _all_ints(sizes: Sequence[Size]) -> bool:
    return all(isinstance(size, int) for size in sizes)


def _broadcast_strides(operand: Tensor, shape: Shape) -> Strides:
    assert operand.strides is not None
    missing = len(shape) - operand.ndim
    own = zip(operand.shape, operand.strides, shape[missing:])
    return (0,) * missing + tuple(0 if size == 1 and whole != 1 else stride for size, stride, whole in own)


def _iteration_strides(shape: Shape, operands: Sequence[Strides]) -> Strides:
    """torch sorts the dimensions by the operands' strides, fastest first, and lays the result out in that order."""
    order = list(range(len(shape) - 1, -1, -1))
    for start in range(1, len(order)):
        right = start
        for left in range(start - 1, -1, -1):
            comparison = _compare_dimensions(order[left], order[right], shape, operands)
            if comparison > 0:
                order[left], order[right] = order[right], order[left]
                right = left
            elif comparison < 0:
                break
    strides: list[Size] = [0] * len(shape)
    step: Size = 1
    for dim in order:
        strides[dim] = step
        step = step * shape[dim]
    return tuple(strides)


def _compare_dimensions(first: int, second: int, shape: Shape, operands: Sequence[Strides]) -> int:
    for strides in operands:
        a, b = strides[first], strides[second]
        assert isinstance(a, int) and isinstance(b, int)
        if a == 0 or b == 0:  # broadcast: this operand does not mind
            continue
        if a != b:
            return -1 if a < b else 1
        if shape[first] > shape[second]:  # type: ignore[operator]  # ints, see `elementwise_strides`
            return 1
    return 0


def in_place(input: Tensor, computed: Tensor) -> Tensor:
    """`input` itself, after writing `computed` into it: the shape must be its own, the dtype must be castable to its own."""
    fits = _cannot_grow(input, computed)
    if input.ndim != computed.ndim:
        raise fits()
    for mine, new in zip(input.shape, computed.shape):
        require_same(mine, new, fits)
    if not can_cast(computed.dtype, input.dtype):
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} works in place: {{input}} is {input.dtype.name}, but the result is {computed.dtype.name}",
            blame="input",
            torch=f"result type {computed.dtype.name} can't be cast to the desired output type {input.dtype.name}",
            label=input.dtype.name,
            result=input,
        )
    input.written(stored(computed.values, input.dtype))
    input.requires_grad = input.requires_grad or computed.requires_grad
    return input


def _cannot_grow(input: Tensor, computed: Tensor) -> Any:
    return lambda: ShapeError(
        "broadcast-mismatch",
        f"{{callee}} works in place: {{input}} is {show_shape(input.shape)}, but the result is {show_shape(computed.shape)}",
        blame="input",
        torch=f"output with shape {show_shape(input.shape)} doesn't match the broadcast shape {show_shape(computed.shape)}",
        label=show_shape(input.shape),
        result=input,
    )


def can_cast(source: DType, target: DType) -> bool:
    """`torch.can_cast`: whether the result of an operation may be stored in a tensor of that dtype."""
    if source.category is target.category:
        return True
    return source.category < target.category
