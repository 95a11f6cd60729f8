"""Elements picked by index tensors: `gather`, `index_select`, `take`, `searchsorted`, `masked_select`.

Whether indices are in range depends on elements and is not modelled. Writing by index is in `scattering.py`.
"""

from __future__ import annotations

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require, require_same
from torchlint.ops.coercion import Number
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise, result
from torchlint.values.dtype import DType, bool_, int32, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Tensor, _Contiguous


def require_index_dtype(index: Tensor, allowed: tuple[DType, ...] = (int64, int32)) -> None:
    """Indices are whole numbers of the dtypes that torch takes."""
    if index.dtype not in allowed:
        wanted = " or ".join(d.name for d in allowed)
        raise ShapeError(
            "dtype-mismatch",
            f"the indices of {{callee}} must be {wanted}, but {{index}} is {index.dtype.name}",
            blame="index",
            torch=f"Expected dtype {wanted} for index",
            label=index.dtype.name,
        )


def require_same_rank(input: Tensor, index: Tensor, parameter: str = "index") -> None:
    """The index has as many dimensions as the tensor (a scalar counts as one)."""
    if max(input.ndim, 1) != max(index.ndim, 1):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes as many dimensions in `{parameter}` as in the tensor, but {{input}} is "
            f"{show_shape(input.shape)} and {{{parameter}}} is {show_shape(index.shape)}",
            blame=parameter,
            torch="Index tensor must have the same number of dimensions as input tensor",
            label=show_shape(index.shape),
        )


def require_within(index: Tensor, input: Tensor, skipped: int | None, parameter: str = "input") -> None:
    """The index is not larger than the tensor in any dimension but `skipped`."""
    for dim, (mine, whole) in enumerate(zip(index.shape, input.shape)):
        if dim == skipped:
            continue

        def failure(dim: int = dim, mine: object = mine, whole: object = whole) -> ShapeError:
            return ShapeError(
                "dim-out-of-range",
                f"{{index}} {show_shape(index.shape)} is larger than {{{parameter}}} {show_shape(input.shape)} "
                f"in dimension {dim}",
                blame="index",
                torch=f"Size does not match at dimension {dim} expected index {show_shape(index.shape)} to be no "
                f"larger than {parameter} {show_shape(input.shape)}",
                label=show_shape(index.shape),
            )

        require(mine, "<=", whole, failure)


@op("torch.gather", "torch.Tensor.gather")
def gather(input: Tensor, dim: Size, index: Tensor, *, sparse_grad: object = False, out: object = None) -> Tensor:
    """The elements at `index` along `dim`: the shape of the index."""
    where = normalize_dim(dim, input.ndim)
    if index.numel() != 0:
        require_index_dtype(index)
        require_same_rank(input, index)
        require_within(index, input, where)
    return result(index.shape, input.dtype, input)


def _row_major(tensor: Tensor) -> _Contiguous | None:
    """The strides of what is made for each element of a tensor, as far as they are modelled."""
    return CONTIGUOUS if tensor.is_contiguous_by_construction else None


@op("torch.take", "torch.Tensor.take")
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements at `index` of the flattened tensor: the shape of the index."""
    require_index_dtype(index, (int64,))
    return result(index.shape, input.dtype, input, strides=_row_major(index))


@op("torch.take_along_dim", "torch.Tensor.take_along_dim")
def take_along_dim(input: Tensor, indices: Tensor, dim: Size | None = None, *, out: object = None) -> Tensor:
    """The elements at `indices` along `dim`, the other dimensions broadcast."""
    if dim is None:
        return result((indices.numel(),), input.dtype, input)
    if indices.dtype is not int64:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes indices of int64, but {{indices}} is {indices.dtype.name}",
            blame="indices",
            torch=f"torch.take_along_dim(): dtype of indices should be Long but got {indices.dtype.scalar_name}",
            label=indices.dtype.name,
        )
    if input.ndim != indices.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes tensors of one rank, but {{input}} is {show_shape(input.shape)} "
            f"and {{indices}} is {show_shape(indices.shape)}",
            blame="indices",
            torch="torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{input.ndim} dimensions for input, and {indices.ndim} dimensions for indices",
            label=show_shape(indices.shape),
        )
    where = normalize_dim(dim, input.ndim)
    if input.ndim == 0:
        raise ShapeError(
            "dim-out-of-range",
            "{input} has no dimension to take along",
            blame="dim",
            torch="Dimension specified as 0 but tensor has no dimensions",
        )
    rest = broadcast_shapes(
        (*input.shape[:where], 1, *input.shape[where + 1 :]),
        (*indices.shape[:where], 1, *indices.shape[where + 1 :]),
        names=("input", "indices"),
    )
    return result((*rest[:where], indices.shape[where], *rest[where + 1 :]), input.dtype, input)


def require_vector(index: Tensor) -> None:
    """The index is 1-D (a scalar counts as one element)."""
    if index.ndim > 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a 1-D index, but {{index}} is {show_shape(index.shape)}",
            blame="index",
            torch="index_select(): Index is supposed to be a vector",
            label=show_shape(index.shape),
        )


def _one_index(index: Tensor) -> ShapeError:
    return ShapeError(
        "wrong-rank",
        f"{{input}} has no dimension, so {{callee}} takes one index, but {{index}} is {show_shape(index.shape)}",
        blame="index",
        torch="index_select(): Index to scalar can have only 1 value",
        label=show_shape(index.shape),
    )


@op("torch.index_select", "torch.Tensor.index_select")
def index_select(input: Tensor, dim: Size, index: Tensor, *, out: object = None) -> Tensor:
    """The slices at `index` along `dim`."""
    where = normalize_dim(dim, input.ndim)
    if input.ndim == 0:
        require_same(index.numel(), 1, lambda: _one_index(index))
    require_vector(index)
    require_index_dtype(index)
    if input.ndim == 0:
        return result((), input.dtype, input)
    return result((*input.shape[:where], index.numel(), *input.shape[where + 1 :]), input.dtype, input)


@op("torch.masked_select", "torch.Tensor.masked_select")
def masked_select(input: Tensor, mask: Tensor, *, out: object = None) -> Tensor:
    """The elements where the mask holds, in one dimension whose size nobody knows."""
    if mask.dtype is not bool_:
        raise ShapeError(
            "dtype-mismatch",
            f"the mask of {{callee}} must be bool, but {{mask}} is {mask.dtype.name}",
            blame="mask",
            torch="masked_select: expected BoolTensor for mask",
            label=mask.dtype.name,
        )
    broadcast_shapes(input.shape, mask.shape, names=("input", "mask"))
    return result((symbol("n", Kind.DATA, minimum=0),), input.dtype, input)


@op("torch.searchsorted")
def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: object = False,
    right: object = False,
    side: object = None,
    sorter: Tensor | None = None,
    out: object = None,
) -> Tensor:
    """Where each value belongs in its sorted row: the shape of the values."""
    dtype = int32 if out_int32 is True else int64
    if not isinstance(input, Tensor):
        return result((), dtype, sorted_sequence)

    def failure() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{callee}} takes rows of values for rows of boundaries, but {{sorted_sequence}} is "
            f"{show_shape(sorted_sequence.shape)} and {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input "
            "value tensor must match",
            label=show_shape(input.shape),
        )

    if sorted_sequence.ndim != 1:
        if sorted_sequence.ndim != input.ndim:
            raise failure()
        for mine, other in zip(sorted_sequence.shape[:-1], input.shape[:-1]):
            require(mine, "==", other, failure)
    return result(input.shape, dtype, input, strides=_row_major(input))


@op("torch.bucketize")
def bucketize(
    input: Tensor | Number, boundaries: Tensor, *, out_int32: object = False, right: object = False, out: object = None
) -> Tensor:
    """The bucket that each value falls into: the shape of the values."""
    if boundaries.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes 1-D boundaries, but {{boundaries}} is {show_shape(boundaries.shape)}",
            blame="boundaries",
            torch=f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})",
            label=show_shape(boundaries.shape),
        )
    dtype = int32 if out_int32 is True else int64
    return result(input.shape, dtype, input, strides=_row_major(input)) if isinstance(input, Tensor) else result((), dtype)


@op("torch.isin")
def isin(
    elements: Tensor | Number, test_elements: Tensor | Number, *, assume_unique: object = False, invert: object = False
) -> Tensor:
    """Whether each element is among the others: the shape of the elements."""
    if isinstance(elements, Tensor):
        return elementwise(elements.shape, bool_, elements)
    return result((), bool_, test_elements)
