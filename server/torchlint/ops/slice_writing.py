"""Copies of a tensor with one window of it overwritten: `select_scatter`, `slice_scatter`, `diagonal_scatter` and their kin."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import normalize_dim, require_same
from torchlint.ops.registry import op
from torchlint.ops.results import like, result
from torchlint.ops.slicing import slice_of
from torchlint.ops.striding import as_strided, diagonal, select, with_axis
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown


def _overwritten(input: Tensor, window: Tensor, src: Tensor) -> Tensor:
    """A copy of the input whose `window` is `src`, which must have the window's shape."""

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{callee}} overwrites a window of {show_shape(window.shape)}, but {{src}} is {show_shape(src.shape)}",
            blame="src",
            torch=f"expected src to have a size equal to the slice of self. src size = {show_shape(src.shape)}, "
            f"slice size = {show_shape(window.shape)}",
            label=show_shape(src.shape),
            result=like(input),
        )

    if window.ndim != src.ndim:
        raise unfit()
    for wanted, given in zip(window.shape, src.shape):
        require_same(given, wanted, unfit)
    written = result(input.shape, input.dtype, input, src)
    if not input.is_contiguous_by_construction:
        written._strides = None
    return written


@op("torch.select_scatter", "torch.Tensor.select_scatter")
def select_scatter(input: Tensor, src: Tensor, dim: Size, index: Size | Unknown) -> Tensor:
    """A copy with `src` at `index` across `dim`."""
    return _overwritten(input, select(input, dim, index), src)


@op("torch.slice_scatter", "torch.Tensor.slice_scatter")
def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: Size = 0,
    start: Size | Unknown | None = None,
    end: Size | Unknown | None = None,
    step: Size = 1,
) -> Tensor:
    """A copy with `src` in the slices from `start` to `end` across `dim`."""
    axis = normalize_dim(dim, input.ndim)
    _, length, _ = slice_of(slice(start, end, step), input.shape[axis])
    return _overwritten(input, with_axis(input, axis, length), src)


@op("torch.diagonal_scatter", "torch.Tensor.diagonal_scatter")
def diagonal_scatter(input: Tensor, src: Tensor, offset: Size = 0, dim1: Size = 0, dim2: Size = 1) -> Tensor:
    """A copy with `src` on the diagonals of the planes of two dimensions."""
    return _overwritten(input, diagonal(input, offset, dim1, dim2), src)


@op("torch.as_strided_scatter", "torch.Tensor.as_strided_scatter")
def as_strided_scatter(input: Tensor, src: Tensor, size: Shape, stride: Shape, storage_offset: object = None) -> Tensor:
    """A copy with `src` in a view of the storage."""
    return _overwritten(input, as_strided(input, size, stride), src)
