"""What depends on the elements themselves: `nonzero`, `unique`, `bincount`, `histc`.

Sizes that elements decide are symbols of kind DATA.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import normalize_dim, require_same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.ops.ternary import nonzero_indices
from torchlint.values.dtype import Category, float32, float64, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown


@op("torch.nonzero", "torch.Tensor.nonzero")
def nonzero(input: Tensor, *, out: object = None, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not 0: `[n, rank]`, or one tensor for each dimension."""
    if as_tuple:
        return nonzero_indices(input)
    return result((symbol("n", Kind.DATA, minimum=0), input.ndim), int64, input, strides=None)


@op("torch.argwhere", "torch.Tensor.argwhere")
def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0: `[n, rank]`."""
    return result((symbol("n", Kind.DATA, minimum=0), input.ndim), int64, input, strides=None)


def _unique(input: Tensor, inverse: object, counts: object, dim: Size | None, inverse_shape: Any, merge: bool) -> Any:
    if isinstance(inverse, Unknown) or isinstance(counts, Unknown):
        raise Undecided("how many results there are is not known")
    if dim is None and input.values is not None and all(isinstance(v, (int, float)) for v in input.values):
        return _known_unique(input, inverse, counts, inverse_shape, merge)
    count = symbol("n", Kind.DATA, minimum=0)
    if dim is None:
        found = result((count,), input.dtype, input)
    else:
        where = normalize_dim(dim, input.ndim)
        found = result((*input.shape[:where], count, *input.shape[where + 1 :]), input.dtype, input, strides=None)
    parts = [found]
    if inverse:
        parts.append(result(inverse_shape, int64, input, strides=None))
    if counts:
        parts.append(result((count,), int64, input))
    return tuple(parts) if len(parts) > 1 else found


def _known_unique(input: Tensor, inverse: object, counts: object, inverse_shape: Any, merge: bool) -> Any:
    """The different elements where all are known; `merge` says that they need not be neighbours."""
    values = input.values or ()
    runs = [list(run) for _, run in groupby(sorted(values) if merge else values)]
    parts = [result((len(runs),), input.dtype, input, values=tuple(run[0] for run in runs))]
    if inverse:
        parts.append(result(inverse_shape, int64, input, strides=None))
    if counts:
        parts.append(result((len(runs),), int64, input, values=tuple(len(run) for run in runs)))
    return tuple(parts) if len(parts) > 1 else parts[0]


def _inverse_shape(input: Tensor, dim: Size | None) -> Any:
    return input.shape if dim is None else (input.shape[normalize_dim(dim, input.ndim)],)


@op("torch.unique", "torch.Tensor.unique")
def unique(
    input: Tensor,
    sorted: object = True,
    return_inverse: object = False,
    return_counts: object = False,
    dim: Size | None = None,
) -> Any:
    """The different elements (or slices along `dim`), with where each was and how often on request."""
    return _unique(input, return_inverse, return_counts, dim, _inverse_shape(input, dim), merge=True)


@op("torch.unique_consecutive", "torch.Tensor.unique_consecutive")
def unique_consecutive(
    input: Tensor, return_inverse: object = False, return_counts: object = False, dim: Size | None = None
) -> Any:
    """The elements (or slices along `dim`) without repetitions in a row."""
    return _unique(input, return_inverse, return_counts, dim, _inverse_shape(input, dim), merge=False)


@op("torch.bincount", "torch.Tensor.bincount")
def bincount(input: Tensor, weights: Tensor | None = None, minlength: Size = 0) -> Tensor:
    """How often each number occurs, in a size that the largest number decides."""
    if input.ndim != 1 or not input.dtype.is_integral:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes whole numbers in one dimension, but {{input}} is {show_shape(input.shape)} "
            f"of {input.dtype.name}",
            blame="input",
            torch="bincount only supports 1-d non-negative integral inputs.",
            label=show_shape(input.shape),
        )
    if weights is not None:
        _require_weights(input, weights)
    count = symbol("n", Kind.DATA, minimum=0)
    if weights is None:
        return result((count,), int64, input)
    return result((count,), float32 if weights.dtype is float32 else float64, input)


def _require_weights(input: Tensor, weights: Tensor) -> None:
    def failure() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{callee}} takes one weight for each number, but {{input}} is {show_shape(input.shape)} "
            f"and {{weights}} is {show_shape(weights.shape)}",
            blame="weights",
            torch="weights should be 1-d and have the same length as input",
            label=show_shape(weights.shape),
        )

    if weights.ndim != 1:
        raise failure()
    require_same(weights.shape[0], input.shape[0], failure)


@op("torch.nonzero_static", "torch.Tensor.nonzero_static")
def nonzero_static(input: Tensor, *, size: Size, fill_value: object = -1, out: object = None) -> Tensor:
    """The indices of the first `size` elements that are not 0: `[size, rank]`."""
    if isinstance(size, int) and size < 0:
        said = "nonzero_static: 'size' must be an non-negative integer"
        raise ShapeError("bad-call", f"`size` of {{callee}} is {size}", blame="size", torch=said)
    return result((size, input.ndim), int64, input, strides=None)


@op("torch.unravel_index")
def unravel_index(indices: Tensor, shape: Size | Shape) -> tuple[Tensor, ...]:
    """Where the elements of flat indices are in a tensor of that shape: one tensor for each dimension."""
    if indices.dtype.category is not Category.INTEGER:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes whole numbers, but {{indices}} is {indices.dtype.name}",
            blame="indices",
            torch=f"expected 'indices' to be integer dtype, but got {indices.dtype}",
            label=indices.dtype.name,
        )
    return tuple(result(indices.shape, int64, strides=None) for _ in (shape if isinstance(shape, tuple) else (shape,)))
