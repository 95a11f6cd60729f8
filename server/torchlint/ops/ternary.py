"""Elementwise operations of three operands: `where`, `clamp`, `lerp`, `addcmul`, `masked_fill` and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Kind, symbol
from torchlint.ops.agree import broadcast_shapes
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.elements import mapped, of_numbers
from torchlint.ops.elementwise import shape_of
from torchlint.ops.registry import op
from torchlint.ops.results import can_cast, elementwise, in_place, result
from torchlint.values.dtype import DType, bool_, default_float_for, int64, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


@op("torch.where")
def where(
    condition: Tensor,
    input: Tensor | Number | None = None,
    other: Tensor | Number | None = None,
    *,
    out: object = None,
) -> Any:
    """`input` where the condition holds, `other` elsewhere, broadcast; alone, the indices of what is not 0."""
    if input is None and other is None:
        return nonzero_indices(condition)
    if input is None or other is None:
        raise ShapeError("bad-call", "{callee} takes one argument or three", torch="received an invalid combination")
    if condition.dtype.name not in ("bool", "uint8"):
        raise ShapeError(
            "dtype-mismatch",
            f"the condition of {{callee}} must be bool, but {{condition}} is {condition.dtype.name}",
            blame="condition",
            torch=f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype.name}",
            label=condition.dtype.name,
        )
    shape = broadcast_shapes(condition.shape, shape_of(input), shape_of(other), names=("condition", "input", "other"))
    return elementwise(shape, result_type(input, other), condition, input, other)


@op("torch.Tensor.where")
def where_method(input: Tensor, condition: Tensor, other: Tensor | Number) -> Tensor:
    """The tensor's elements where the condition holds, `other` elsewhere."""
    chosen = where(condition, input, other)
    assert isinstance(chosen, Tensor)
    return chosen


def nonzero_indices(input: Tensor) -> tuple[Tensor, ...]:
    """The indices of the elements that are not 0, one tensor for each dimension."""
    count = symbol("n", Kind.DATA, minimum=0)
    return tuple(result((count,), int64, input, strides=None) for _ in range(max(input.ndim, 1)))


def _clamped(input: Tensor, **bounds: Tensor | Number | None) -> Tensor:
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    if not given:
        raise ShapeError(
            "bad-call",
            "{callee} needs `min` or `max`",
            torch="At least one of 'min' or 'max' must not be None",
        )
    mixed = any(isinstance(b, Tensor) and b.ndim for b in given.values())
    if mixed and not all(isinstance(b, Tensor) for b in given.values()):
        raise ShapeError(
            "bad-call",
            "`min` and `max` of {callee} are two numbers or two tensors, not one of each",
            torch="clamp() received an invalid combination of arguments",
        )
    shape = broadcast_shapes(input.shape, *(shape_of(b) for b in given.values()), names=("input", *given))
    operands = (input, *given.values())
    dtype = result_type(*operands)
    values = mapped(of_numbers(_BETWEEN[tuple(given)]), dtype, shape, *operands)
    return elementwise(shape, dtype, *operands, values=values)


_BETWEEN: dict[tuple[str, ...], Callable[..., Any]] = {
    ("min",): lambda x, least: max(x, least),
    ("max",): lambda x, most: min(x, most),
    ("min", "max"): lambda x, least, most: min(max(x, least), most),
}


@op("torch.clamp", "torch.clip", "torch.Tensor.clamp", "torch.Tensor.clip", pointwise=True)
def clamp(
    input: Tensor,
    min: Tensor | Number | None = None,
    max: Tensor | Number | None = None,
    *,
    out: object = None,
) -> Tensor:
    """Every element brought between `min` and `max`, broadcast."""
    return _clamped(input, min=min, max=max)


@op("torch.clamp_", "torch.clip_", "torch.Tensor.clamp_", "torch.Tensor.clip_", pointwise=True)
def clamp_in_place(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """Every element brought between `min` and `max`, in place."""
    return in_place(input, _clamped(input, min=min, max=max))


@op("torch.clamp_min", "torch.Tensor.clamp_min", pointwise=True)
def clamp_min(input: Tensor, min: Tensor | Number, *, out: object = None) -> Tensor:
    """Every element, at least `min`."""
    return _clamped(input, min=min)


@op("torch.clamp_min_", "torch.Tensor.clamp_min_", pointwise=True)
def clamp_min_in_place(input: Tensor, min: Tensor | Number) -> Tensor:
    """Every element, at least `min`, in place."""
    return in_place(input, _clamped(input, min=min))


@op("torch.clamp_max", "torch.Tensor.clamp_max", pointwise=True)
def clamp_max(input: Tensor, max: Tensor | Number, *, out: object = None) -> Tensor:
    """Every element, at most `max`."""
    return _clamped(input, max=max)


@op("torch.clamp_max_", "torch.Tensor.clamp_max_", pointwise=True)
def clamp_max_in_place(input: Tensor, max: Tensor | Number) -> Tensor:
    """Every element, at most `max`, in place."""
    return in_place(input, _clamped(input, max=max))


def _require_dtype(tensor: Tensor, name: str, dtype: DType) -> None:
    if tensor.dtype is not dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} works in {dtype.name}, but {{{name}}} is {tensor.dtype.name}",
            blame=name,
            torch=f"expected dtype {dtype.name} for `{name}`, but got dtype {tensor.dtype.name}",
            label=tensor.dtype.name,
        )


@op("torch.lerp", "torch.Tensor.lerp")
def lerp(input: Tensor, end: Tensor, weight: Tensor | Number, *, out: object = None) -> Tensor:
    """`input + weight * (end - input)`, broadcast; all of one dtype."""
    _require_dtype(end, "end", input.dtype)
    if isinstance(weight, Tensor) and weight.ndim:
        _require_dtype(weight, "weight", input.dtype)
    shape = broadcast_shapes(input.shape, end.shape, shape_of(weight), names=("input", "end", "weight"))
    dtype = result_type(input, end, weight) if isinstance(weight, Tensor) else input.dtype
    return elementwise(shape, dtype, input, end, weight)


@op("torch.Tensor.lerp_")
def lerp_in_place(input: Tensor, end: Tensor, weight: Tensor | Number) -> Tensor:
    """`input + weight * (end - input)`, in place."""
    return in_place(input, lerp(input, end, weight))


def _three(input: Tensor, tensor1: Tensor, tensor2: Tensor, dtype: DType) -> Tensor:
    shape = broadcast_shapes(input.shape, tensor1.shape, tensor2.shape, names=("input", "tensor1", "tensor2"))
    return elementwise(shape, dtype, input, tensor1, tensor2)


@op("torch.addcmul", "torch.Tensor.addcmul")
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: object = 1, out: object = None) -> Tensor:
    """`input + value * tensor1 * tensor2`, broadcast."""
    return _three(input, tensor1, tensor2, result_type(input, tensor1, tensor2))


@op("torch.Tensor.addcmul_")
def addcmul_in_place(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: object = 1) -> Tensor:
    """`input + value * tensor1 * tensor2`, in place."""
    return in_place(input, addcmul(input, tensor1, tensor2))


@op("torch.addcdiv", "torch.Tensor.addcdiv")
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: object = 1, out: object = None) -> Tensor:
    """`input + value * tensor1 / tensor2`, broadcast; integers are not divided by integers."""
    if tensor1.dtype.is_integral and tensor2.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} divides no integers, but {{tensor1}} is {tensor1.dtype.name} and {{tensor2}} is {tensor2.dtype.name}",
            blame="tensor1",
            torch="Integer division with addcdiv is no longer supported",
            label=tensor1.dtype.name,
        )
    return _three(input, tensor1, tensor2, result_type(input, tensor1, tensor2))


@op("torch.Tensor.addcdiv_")
def addcdiv_in_place(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: object = 1) -> Tensor:
    """`input + value * tensor1 / tensor2`, in place."""
    return in_place(input, addcdiv(input, tensor1, tensor2))


def _check_mask(mask: Tensor) -> None:
    if mask.dtype is not bool_:
        raise ShapeError(
            "dtype-mismatch",
            f"the mask of {{callee}} must be bool, but {{mask}} is {mask.dtype.name}",
            blame="mask",
            torch=f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype.name}",
            label=mask.dtype.name,
        )


def _check_fill(input: Tensor, mask: Tensor, value: Tensor | Number | Unknown) -> None:
    _check_mask(mask)
    if isinstance(value, Tensor) and value.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} fills with one value, but {{value}} has {value.ndim} dimension{'s' * (value.ndim > 1)}",
            blame="value",
            torch=f"masked_fill only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s).",
        )
    if isinstance(value, Tensor) and not can_cast(value.dtype, input.dtype):
        raise ShapeError(
            "dtype-mismatch",
            f"{{input}} is {input.dtype.name} and cannot hold {{value}}, which is {value.dtype.name}",
            blame="value",
            torch=f"value cannot be converted to type {input.dtype.name} without overflow",
            label=value.dtype.name,
        )


@op("torch.masked_fill", "torch.Tensor.masked_fill")
def masked_fill(input: Tensor, mask: Tensor, value: Tensor | Number | Unknown) -> Tensor:
    """`input` with `value` where the mask holds, broadcast."""
    _check_fill(input, mask, value)
    return result(broadcast_shapes(input.shape, mask.shape, names=("input", "mask")), input.dtype, input)


@op("torch.Tensor.masked_fill_")
def masked_fill_in_place(input: Tensor, mask: Tensor, value: Tensor | Number | Unknown) -> Tensor:
    """`value` where the mask holds, in place: the mask must not be larger."""
    return in_place(input, masked_fill(input, mask, value))


@op("torch.dist", "torch.Tensor.dist")
def dist(input: Tensor, other: Tensor, p: object = 2) -> Tensor:
    """The p-norm of `input - other`, a scalar."""
    broadcast_shapes(input.shape, other.shape)
    return result((), default_float_for(real_dtype(result_type(input, other))), input, other)
