"""Integrals and derivatives of samples: `trapezoid`, `cumulative_trapezoid`, `gradient`."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require, require_same, same
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.reductions import reduced_dims
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import bool_, default_float_for
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown


def _segments(y: Tensor, x: Tensor | Number | Unknown | None, axis: int) -> Tensor:
    """What is summed: one product of width and height for each pair of neighbours along `axis`."""
    pairs = y.shape[axis] - 1
    heights = (*y.shape[:axis], pairs, *y.shape[axis + 1 :])
    if not isinstance(x, Tensor):
        return result(heights, default_float_for(y.dtype) if x is None or y.dtype.is_integral else y.dtype, y, strides=None)
    if x.ndim == 1:
        _require_points(y, x, axis, x.shape[0])
        widths: Shape = (pairs, *(1 for _ in y.shape[axis + 1 :]))
    else:
        at = normalize_dim(axis - y.ndim, x.ndim)
        _require_points(y, x, axis, x.shape[at])
        widths = (*x.shape[:at], x.shape[at] - 1, *x.shape[at + 1 :])
    shape = broadcast_shapes(heights, widths, names=("y", "x"))
    return result(shape, default_float_for(result_type(y, x)), y, x, strides=None)


def _require_points(y: Tensor, x: Tensor, axis: int, points: Size) -> None:
    require_same(
        points,
        y.shape[axis],
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{{callee}} takes one point of {{x}} for each value along dimension {axis} of {{y}}, but {{x}} is "
            f"{show_shape(x.shape)} and {{y}} is {show_shape(y.shape)}",
            blame="x",
            torch="trapezoid(): There must be one `x` value for each sample point",
            label=show_shape(x.shape),
        ),
    )


def _checked_axis(y: Tensor, dim: Size) -> int:
    if y.dtype is bool_:
        raise ShapeError(
            "dtype-mismatch",
            "{callee} takes numbers, but {y} is bool",
            blame="y",
            torch="trapezoid: received a bool input for `y`, but bool is not supported",
            label="bool",
        )
    if y.ndim == 0:
        raise Undecided("the integral of a single number")
    return normalize_dim(dim, y.ndim, tensor="y")


@op("torch.trapezoid", "torch.trapz")
def trapezoid(y: Tensor, x: Tensor | Number | Unknown | None = None, *, dx: object = 1, dim: Size = -1) -> Tensor:
    """The integral along `dim`, by the trapezoidal rule."""
    axis = _checked_axis(y, dim)
    if same(y.shape[axis], 0) is Truth.YES:
        return result((*y.shape[:axis], *y.shape[axis + 1 :]), y.dtype, y, strides=None)
    parts = _segments(y, x, axis)
    at = axis - y.ndim + parts.ndim
    return result((*parts.shape[:at], *parts.shape[at + 1 :]), parts.dtype, parts, strides=None)


@op("torch.cumulative_trapezoid")
def cumulative_trapezoid(y: Tensor, x: Tensor | Number | Unknown | None = None, *, dx: object = 1, dim: Size = -1) -> Tensor:
    """The integral up to each point along `dim` but the first, by the trapezoidal rule."""
    return _segments(y, x, _checked_axis(y, dim))


@op("torch.gradient")
def gradient(
    input: Tensor,
    *,
    spacing: Tensor | Sequence[Tensor] | Number | object = 1,
    dim: Size | Shape | None = None,
    edge_order: Size = 1,
) -> tuple[Tensor, ...]:
    """One derivative for each `dim` (all of them, unless they are said), each of the input's shape."""
    dims = reduced_dims(input, dim)
    if edge_order not in (1, 2):
        raise ShapeError(
            "bad-call",
            f"`edge_order` of {{callee}} is 1 or 2, not {show(edge_order)}",
            blame="edge_order",
            torch="torch.gradient only supports edge_order=1 and edge_order=2.",
        )
    if isinstance(spacing, (list, tuple)) and len(spacing) != len(dims):
        raise ShapeError(
            "bad-call",
            f"{{callee}} has {len(spacing)} spacings for {len(dims)} dimensions",
            blame="spacing",
            torch="torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the "
            f"same length, but got a spacing argument of length {len(spacing)} and a dim argument of length {len(dims)}.",
        )
    for each in dims:
        require(
            input.shape[each],
            ">=",
            edge_order + 1,
            lambda each=each: ShapeError(  # type: ignore[misc]
                "empty-output",
                f"{{callee}} needs {show(edge_order + 1)} points along dimension {each}, but {{input}} is "
                f"{show_shape(input.shape)}",
                blame="input",
                torch="torch.gradient expected each dimension size to be at least edge_order+1",
                label=show_shape(input.shape),
            ),
        )
    return tuple(result(input.shape, default_float_for(input.dtype), input, strides=None) for _ in dims)
