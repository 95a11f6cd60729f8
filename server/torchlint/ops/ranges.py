"""Tensors of evenly spaced numbers: `arange`, `range`, `linspace`, `logspace`; elements known where the bounds are."""

from __future__ import annotations

import math
from typing import Any

from torchlint.dims.expr import Expr, Size, floordiv
from torchlint.dims.printing import show_shape
from torchlint.dims.real import Real
from torchlint.ops.coercion import Number
from torchlint.ops.creation import made
from torchlint.ops.elements import MAX_VALUES, stored
from torchlint.ops.registry import op
from torchlint.values.dtype import DType, float32, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


@op("torch.arange")
def arange(
    start: Number | Tensor,
    end: Number | Tensor | None = None,
    step: Number | Tensor = 1,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """The numbers from `start` (0) below `end`, by `step`: `ceil((end - start) / step)` of them."""
    first, last, by = (_scalar(v) for v in ((0, start, step) if end is None else (start, end, step)))
    whole = all(isinstance(v, (int, Expr)) for v in (first, last, by))
    kept = dtype or (int64 if whole else float32)
    if kept is int64:
        first, last, by = _cut(first), _cut(last), _cut(by) or by
    count = _range_length(first, last, by)
    values = None
    if isinstance(count, int) and count <= MAX_VALUES:
        start_at, step_by = (_cut(first), _cut(by) or by) if kept.is_integral else (first, by)
        values = stored(tuple(start_at + i * step_by for i in range(count)), kept)
    ranged = made((count,), kept, device, requires_grad)
    ranged.values = values
    return ranged


@op("torch.range")
def range_(
    start: Number,
    end: Number,
    step: Number = 1,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """The numbers from `start` to `end`, by `step`, the end among them; floats unless `dtype` says otherwise."""
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)) or not isinstance(step, (int, float)):
        raise Undecided("the length of the range depends on a symbol")
    if step == 0 or (end - start) / step < 0:
        said = "step must be nonzero" if step == 0 else "upper bound and lower bound inconsistent with step sign"
        raise ShapeError("bad-call", f"{{callee}} does not come from {start} to {end} by {step}", blame="step", torch=said)
    return made((int((end - start) / step) + 1,), dtype or float32, device, requires_grad)


def _cut(bound: Any) -> Any:
    """A bound as a range of integers takes it."""
    return int(bound) if isinstance(bound, float) and math.isfinite(bound) else bound


def _scalar(value: Any) -> Any:
    if isinstance(value, Tensor):
        if value.ndim == 0 and value.values is not None:
            return value.values[0]
        raise Undecided("a bound is read from the elements of a tensor")
    return value


def _range_length(first: Any, last: Any, step: Any) -> Any:
    if step == 0:
        raise ShapeError("bad-call", "`step` of {callee} must not be 0", blame="step", torch="step must be nonzero")
    if any(isinstance(v, (Real, complex)) for v in (first, last, step)):
        raise Undecided("the length of the range depends on a symbolic float")
    if all(isinstance(v, (int, float)) for v in (first, last, step)):
        if any(not math.isfinite(v) for v in (first, last, step)):
            raise ShapeError("bad-call", "a bound of {callee} is not finite", torch=f"unsupported range: {first} -> {last}")
        if (last - first) * step < 0:
            raise ShapeError(
                "empty-output",
                f"{{callee}} goes from {first} to {last} by steps of {step}",
                torch="upper bound and lower bound inconsistent with step sign",
            )
        if all(isinstance(v, int) for v in (first, last, step)):
            return -((first - last) // step)
        return math.ceil((last - first) / step)
    if any(isinstance(v, float) for v in (first, last, step)):
        raise Undecided("the length of the range depends on a symbolic float")
    return -floordiv(first - last, step)


@op("torch.linspace")
def linspace(
    start: Tensor | Number | Unknown,
    end: Tensor | Number | Unknown,
    steps: Size,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """`steps` numbers from `start` to `end`, both included."""
    _require_steps(start, end, steps)
    spaced = made((steps,), dtype or float32, device, requires_grad)
    if isinstance(steps, int) and steps <= MAX_VALUES and spaced.dtype.is_floating_point:
        spaced.values = _spaced(start, end, steps)
    return spaced


def _spaced(start: object, end: object, steps: int) -> tuple[float, ...] | None:
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)):
        return None
    gap = (end - start) / (steps - 1) if steps > 1 else 0.0
    return tuple(start + i * gap for i in range(steps))


@op("torch.logspace")
def logspace(
    start: Tensor | Number | Unknown,
    end: Tensor | Number | Unknown,
    steps: Size,
    base: object = 10.0,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """`steps` numbers from `base ** start` to `base ** end`."""
    _require_steps(start, end, steps)
    return made((steps,), dtype or float32, device, requires_grad)


def _require_steps(start: object, end: object, steps: Size) -> None:
    for name, bound in (("start", start), ("end", end)):
        if isinstance(bound, Tensor) and bound.ndim:
            raise ShapeError(
                "wrong-rank",
                f"`{name}` of {{callee}} is a number, but {{{name}}} is {show_shape(bound.shape)}",
                blame=name,
                torch="linspace only supports 0-dimensional start and end tensors, "
                f"but got {name} with {bound.ndim} dimension(s).",
            )
    if isinstance(steps, int) and steps < 0:
        raise ShapeError(
            "empty-output",
            f"{{callee}} takes {steps} steps",
            blame="steps",
            torch="number of steps must be non-negative",
        )
