"""What orders elements along a dimension: `max` with indices, `sort`, `topk`, `median`, `cumsum`, `quantile`."""

from __future__ import annotations

import itertools
import operator
from typing import Any, NamedTuple

from torchlint.dims.expr import Size, maximum
from torchlint.dims.printing import show
from torchlint.ops.agree import broadcast_shapes, known_int, normalize_dim, require
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.elements import stored
from torchlint.ops.reductions import reduced_dims, reduced_shape, require_elements
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise, like, result
from torchlint.values.dtype import DType, bool_, float32, float64, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import CONTIGUOUS, Tensor
from torchlint.values.unknown import Unknown


class ValuesIndices(NamedTuple):
    """Elements and where they were along the dimension."""

    values: Tensor
    indices: Tensor


def _values_indices(shape: Any, input: Tensor) -> ValuesIndices:
    return ValuesIndices(result(shape, input.dtype, input), result(shape, int64, input))


def _register_extremum(name: str) -> None:
    fold = max if name == "max" else min

    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(
        input: Tensor,
        dim: Tensor | Size | None = None,
        keepdim: bool = False,
        *,
        other: Tensor | None = None,
        out: object = None,
    ) -> Any:
        second = dim if isinstance(dim, Tensor) else other
        if second is not None:
            shape = broadcast_shapes(input.shape, second.shape, names=("input", "dim"))
            return elementwise(shape, result_type(input, second), input, second)
        dims = reduced_dims(input, dim)
        require_elements(input, dims)
        if dim is None:
            known = (fold(input.values),) if input.values and input.dtype.is_integral else None
            known = None if known and not isinstance(known[0], int) else known
            return result((), input.dtype, input, values=known)
        return _values_indices(reduced_shape(input, dims, keepdim), input)

    function.__doc__ = f"The {name} of all elements; along `dim` with its indices; of two tensors, elementwise."


_register_extremum("max")
_register_extremum("min")


def _register_middle(name: str) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(input: Tensor, dim: Size | None = None, keepdim: bool = False, *, out: object = None) -> Any:
        if dim is None:
            return result((), input.dtype, input)
        dims = reduced_dims(input, dim)
        require_elements(input, dims)
        return _values_indices(reduced_shape(input, dims, keepdim), input)

    function.__doc__ = f"The {name} of all elements, or along `dim` with its indices."


_register_middle("median")
_register_middle("nanmedian")


@op("torch.mode", "torch.Tensor.mode")
def mode(input: Tensor, dim: Size = -1, keepdim: bool = False, *, out: object = None) -> ValuesIndices:
    """The most frequent element along `dim`, and an index of it."""
    dims = reduced_dims(input, dim)
    require_elements(input, dims)
    return _values_indices(reduced_shape(input, dims, keepdim), input)


@op("torch.kthvalue", "torch.Tensor.kthvalue")
def kthvalue(input: Tensor, k: Size, dim: Size = -1, keepdim: bool = False, *, out: object = None) -> ValuesIndices:
    """The k-th smallest element along `dim`, and its index."""
    dims = reduced_dims(input, dim)
    require_elements(input, dims)
    _require_k(input, k, normalize_dim(dim, input.ndim))
    return _values_indices(reduced_shape(input, dims, keepdim), input)


def _require_k(input: Tensor, k: Size, dim: int) -> None:
    size = input.shape[dim] if input.ndim else 1
    require(
        k,
        "<=",
        size,
        lambda: ShapeError(
            "dim-out-of-range",
            f"{{callee}} asks for {show(k)} of the {show(size)} elements in dimension {dim} of {{input}}",
            blame="k",
            torch="selected index k out of range",
            label=show(k),
        ),
    )


@op("torch.topk", "torch.Tensor.topk")
def topk(
    input: Tensor,
    k: Size,
    dim: Size = -1,
    largest: object = True,
    sorted: object = True,
    *,
    out: object = None,
) -> ValuesIndices:
    """The k largest elements along `dim`, and their indices."""
    index = normalize_dim(dim, input.ndim)
    _require_k(input, k, index)
    shape = tuple(k if i == index else size for i, size in enumerate(input.shape))
    return _values_indices(shape, input)


@op("torch.sort", "torch.Tensor.sort")
def sort(
    input: Tensor, dim: Size = -1, descending: object = False, stable: object = False, *, out: object = None
) -> ValuesIndices:
    """The elements in order along `dim`, and where they were."""
    normalize_dim(dim, input.ndim)
    return ValuesIndices(like(input), like(input, int64))


@op("torch.msort", "torch.Tensor.msort")
def msort(input: Tensor, *, out: object = None) -> Tensor:
    """The elements in order along dimension 0."""
    return like(input)


@op("torch.argsort", "torch.Tensor.argsort")
def argsort(input: Tensor, dim: Size = -1, descending: object = False, stable: object = False) -> Tensor:
    """The indices that put the elements in order along `dim`."""
    normalize_dim(dim, input.ndim)
    return like(input, int64)


def _register_cumulative(name: str, compute: Any) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(input: Tensor, dim: Size, *, dtype: DType | None = None, out: object = None) -> Tensor:
        normalize_dim(dim, input.ndim)
        kept = dtype or (int64 if input.dtype.is_integral else input.dtype)
        known = input.values if input.ndim == 1 else None
        values = stored(tuple(itertools.accumulate(known, compute)), kept) if known is not None else None
        return result(input.shape, kept, input, values=values)

    function.__doc__ = f"`{name}` along `dim`; of integers in int64."

    @op(f"torch.Tensor.{name}_")
    def in_place(input: Tensor, dim: Size, *, dtype: DType | None = None) -> Tensor:
        normalize_dim(dim, input.ndim)
        input.written()
        return input

    in_place.__doc__ = f"`{name}` along `dim`, in place."


_register_cumulative("cumsum", operator.add)
_register_cumulative("cumprod", operator.mul)


@op("torch.logcumsumexp", "torch.Tensor.logcumsumexp")
def logcumsumexp(input: Tensor, dim: Size, *, out: object = None) -> Tensor:
    """`log(cumsum(exp(x)))` along `dim`."""
    normalize_dim(dim, input.ndim)
    return result(input.shape, input.dtype, input)


@op("torch.cummax", "torch.Tensor.cummax", "torch.cummin", "torch.Tensor.cummin")
def cummax(input: Tensor, dim: Size, *, out: object = None) -> ValuesIndices:
    """The extremum so far along `dim`, and its index."""
    normalize_dim(dim, input.ndim)
    return _values_indices(input.shape, input)


@op("torch.diff", "torch.Tensor.diff")
def diff(
    input: Tensor,
    n: Size = 1,
    dim: Size = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: object = None,
) -> Tensor:
    """Differences of neighbours along `dim`, n times: n elements fewer, at least none."""
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} takes at least 1 dimension, but {input} has none",
            blame="input",
            torch="diff expects input to be at least one-dimensional",
        )
    index = normalize_dim(dim, input.ndim)
    times = known_int(n, "`n`")
    if times < 0:
        raise ShapeError(
            "bad-call",
            f"`n` of {{callee}} must not be negative, but is {times}",
            blame="n",
            torch=f"order must be non-negative but got {times}",
        )
    if times == 0:
        return like(input)
    size = input.shape[index]
    for extra in (prepend, append):
        if extra is not None:
            size = size + (extra.shape[index] if extra.ndim else 1)
    shape = (*input.shape[:index], maximum(size - times, 0), *input.shape[index + 1 :])
    plain = input.ndim == 1 and times == 1 and prepend is None and append is None
    values = _differences(input.values, input.dtype) if plain else None
    row_major = all(t is None or t.is_contiguous_by_construction for t in (input, prepend, append))
    return result(shape, input.dtype, input, strides=CONTIGUOUS if row_major else None, values=values)


def _differences(values: tuple[Any, ...] | None, dtype: DType) -> tuple[Any, ...] | None:
    if values is None or dtype is bool_:
        return None
    return stored(tuple(after - before for before, after in itertools.pairwise(values)), dtype)


def _register_quantile(name: str) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(
        input: Tensor,
        q: Tensor | Number | Unknown,
        dim: Size | None = None,
        keepdim: bool = False,
        *,
        interpolation: object = "linear",
        out: object = None,
    ) -> Tensor:
        if input.dtype not in (float32, float64):
            raise ShapeError(
                "dtype-mismatch",
                f"{{callee}} takes float32 or float64, but {{input}} is {input.dtype.name}",
                blame="input",
                torch=f"{name}() input tensor must be either float or double dtype",
                label=input.dtype.name,
            )
        shape = reduced_shape(input, reduced_dims(input, dim), keepdim)
        if isinstance(q, Unknown):
            raise Undecided(q.reason)
        if isinstance(q, Tensor):
            shape = (*q.shape, *shape)
        return result(shape, input.dtype, input, strides=None)

    function.__doc__ = f"The {name}s along `dim`, in front one dimension for the q that were asked for."


_register_quantile("quantile")
_register_quantile("nanquantile")
