"""Elements written by index tensors: `scatter`, `index_add`, `index_fill`, `masked_scatter` and their in-place twins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require_same
from torchlint.ops.coercion import Number
from torchlint.ops.gathering import require_index_dtype, require_same_rank, require_vector, require_within
from torchlint.ops.indexing import setitem
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import bool_, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Tensor
from torchlint.values.unknown import Unknown


def _copy(input: Tensor) -> Tensor:
    """What a written copy of the input is; its memory order is not modelled but for row-major inputs."""
    if input.is_contiguous_by_construction:
        return result(input.shape, input.dtype, input)
    return result(input.shape, input.dtype, input, strides=None)


def _written(input: Tensor) -> Tensor:
    """The input itself, whose elements are not known any more."""
    input.written()
    return input


def require_dtype_of(input: Tensor, source: Tensor, parameter: str) -> None:
    """What is written has the dtype of what it is written into."""
    if source.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} writes into {input.dtype.name}, but {{{parameter}}} is {source.dtype.name}",
            blame=parameter,
            torch=f"{{callee}}: Expected self.dtype to be equal to {parameter}.dtype",
            label=source.dtype.name,
        )


def _check_scatter(input: Tensor, dim: Size, index: Tensor, src: object) -> None:
    where = normalize_dim(dim, input.ndim)
    require_index_dtype(index)
    if isinstance(src, Tensor):
        require_dtype_of(input, src, "src")
    if index.numel() == 0:
        return
    require_same_rank(input, index)
    require_within(index, input, where)
    if isinstance(src, Tensor):
        require_same_rank(src, index)
        require_within(index, src, None, "src")


def _register_scatter(name: str, check: Callable[..., None]) -> None:
    """`scatter(dim, index, src or value)`, in place and not."""

    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(
        input: Tensor,
        dim: Size,
        index: Tensor,
        src: Tensor | Number | Unknown | None = None,
        reduce: object = None,
        *,
        value: object = None,
        include_self: object = True,
        out: object = None,
    ) -> Tensor:
        check(input, dim, index, src)
        return _copy(input)

    @op(f"torch.Tensor.{name}_")
    def in_place(
        input: Tensor,
        dim: Size,
        index: Tensor,
        src: Tensor | Number | Unknown | None = None,
        reduce: object = None,
        *,
        value: object = None,
        include_self: object = True,
    ) -> Tensor:
        check(input, dim, index, src)
        return _written(input)

    function.__doc__ = f"`{name}`: a copy of the tensor with elements written at `index` along `dim`."
    in_place.__doc__ = f"`{name}`: elements written at `index` along `dim`, in place."


for _name in ("scatter", "scatter_add", "scatter_reduce"):
    _register_scatter(_name, _check_scatter)


def _check_slices(input: Tensor, dim: Size, index: Tensor, source: Tensor) -> None:
    """`index_add` and its kin write one slice of the source for each index."""
    where = normalize_dim(dim, input.ndim)
    require_vector(index)
    require_dtype_of(input, source, "source")
    _require_slices(input, where, index, source)


def _require_slices(input: Tensor, where: int, index: Tensor, source: Tensor) -> None:
    def failure() -> ShapeError:
        return ShapeError(
            "cat-mismatch",
            f"{{callee}} takes one slice of {{source}} {show_shape(source.shape)} for each of {show(index.numel())} "
            f"indices into dimension {where} of {{input}} {show_shape(input.shape)}",
            blame="source",
            torch="source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{show_shape(input.shape)} source.shape = {show_shape(source.shape)}",
            label=show_shape(source.shape),
        )

    if source.ndim == 0 or input.ndim == 0:
        require_same(index.numel(), source.numel(), failure)
        return
    if input.ndim != source.ndim:
        raise failure()
    for dim, (mine, other) in enumerate(zip(input.shape, source.shape)):
        require_same(index.numel() if dim == where else mine, other, failure)


def _check_added(input: Tensor, dim: Size, index: Tensor, source: Tensor) -> None:
    require_index_dtype(index)
    _check_slices(input, dim, index, source)


def _check_copied(input: Tensor, dim: Size, index: Tensor, source: Tensor) -> None:
    require_index_dtype(index, (int64,))
    _check_slices(input, dim, index, source)


def _register_slices(name: str, check: Callable[..., None]) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(input: Tensor, dim: Size, index: Tensor, source: Tensor, reduce: object = None, **options: object) -> Tensor:
        check(input, dim, index, source)
        return _copy(input)

    @op(f"torch.Tensor.{name}_")
    def in_place(input: Tensor, dim: Size, index: Tensor, source: Tensor, reduce: object = None, **options: object) -> Tensor:
        check(input, dim, index, source)
        return _written(input)

    function.__doc__ = f"`{name}`: a copy of the tensor with slices of the source written at `index`."
    in_place.__doc__ = f"`{name}`: slices of the source written at `index`, in place."


_register_slices("index_add", _check_added)
_register_slices("index_copy", _check_copied)
_register_slices("index_reduce", _check_added)


def _check_filled(input: Tensor, dim: Size, index: Tensor, value: Any) -> None:
    normalize_dim(dim, input.ndim)
    require_vector(index)
    require_index_dtype(index, (int64,))
    if isinstance(value, Tensor) and value.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} fills with one value, but {{value}} is {show_shape(value.shape)}",
            blame="value",
            torch=f"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.ndim} dimension(s).",
            label=show_shape(value.shape),
        )


@op("torch.index_fill", "torch.Tensor.index_fill")
def index_fill(input: Tensor, dim: Size, index: Tensor, value: Tensor | Number | Unknown) -> Tensor:
    """A copy of the tensor with `value` in the slices at `index` along `dim`."""
    _check_filled(input, dim, index, value)
    return _copy(input)


@op("torch.Tensor.index_fill_")
def index_fill_in_place(input: Tensor, dim: Size, index: Tensor, value: Tensor | Number | Unknown) -> Tensor:
    """`value` in the slices at `index` along `dim`, in place."""
    _check_filled(input, dim, index, value)
    return _written(input)


def _check_masked(input: Tensor, mask: Tensor, source: Tensor) -> None:
    if mask.dtype is not bool_:
        raise ShapeError(
            "dtype-mismatch",
            f"the mask of {{callee}} must be bool, but {{mask}} is {mask.dtype.name}",
            blame="mask",
            torch="masked_scatter_ only supports boolean masks, but got mask with dtype " + mask.dtype.name,
            label=mask.dtype.name,
        )
    require_dtype_of(input, source, "source")


@op("torch.masked_scatter", "torch.Tensor.masked_scatter")
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The elements of the source, one after the other, where the mask holds; broadcast."""
    _check_masked(input, mask, source)
    shape = broadcast_shapes(input.shape, mask.shape, names=("input", "mask"))
    return result(shape, input.dtype, input, strides=CONTIGUOUS if input.is_contiguous_by_construction else None)


@op("torch.Tensor.masked_scatter_")
def masked_scatter_in_place(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The elements of the source, one after the other, where the mask holds, in place."""
    _check_masked(input, mask, source)
    broadcast_shapes(input.shape, mask.shape, names=("input", "mask"))
    return _written(input)


def _check_put(input: Tensor, index: Tensor, source: Tensor) -> None:
    require_index_dtype(index, (int64,))
    require_dtype_of(input, source, "source")
    require_same(
        index.numel(),
        source.numel(),
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{{callee}} writes one element for each index, but {{source}} is {show_shape(source.shape)} and {{index}} is "
            f"{show_shape(index.shape)}",
            blame="source",
            torch="put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{show(source.numel())}, index.numel() = {show(index.numel())}",
            label=show_shape(source.shape),
        ),
    )


@op("torch.put", "torch.Tensor.put")
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: object = False) -> Tensor:
    """A copy of the tensor with elements written at `index` of its flattened elements."""
    _check_put(input, index, source)
    return _copy(input)


@op("torch.Tensor.put_")
def put_in_place(input: Tensor, index: Tensor, source: Tensor, accumulate: object = False) -> Tensor:
    """Elements written at `index` of the flattened elements, in place."""
    _check_put(input, index, source)
    return _written(input)


@op("torch.index_put", "torch.Tensor.index_put")
def index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: object = False) -> Tensor:
    """A copy of the tensor with `values` at `input[indices]`."""
    setitem(copy := _copy(input), indices, values)
    return copy


@op("torch.index_put_", "torch.Tensor.index_put_")
def index_put_in_place(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: object = False) -> Tensor:
    """`values` at `input[indices]`, in place."""
    setitem(input, indices, values)
    return input
