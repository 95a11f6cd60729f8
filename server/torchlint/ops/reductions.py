"""Reductions over some or all dimensions: `sum`, `mean`, `amax`, `argmax`, `norm`, `all`.

What is ordered (`sort`, `topk`, `max` with indices) is in `ordering.py`, what depends on elements in `counting.py`.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import normalize_dim, same
from torchlint.ops.elements import stored
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, bool_, default_float_for, int64, real_dtype, uint8, uint64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def reduced_dims(input: Tensor, dim: Any) -> tuple[int, ...]:
    """The dimensions that `dim` (a number, some, or None for all) speaks of, counted from the front."""
    if dim is None or dim == ():
        return tuple(range(input.ndim))
    dims = dim if isinstance(dim, tuple) else (dim,)
    found: list[int] = []
    for each in dims:
        index = normalize_dim(each, input.ndim)
        if index in found:
            raise ShapeError(
                "dim-out-of-range",
                f"dimension {index} is reduced twice",
                blame="dim",
                torch=f"dim {index} appears multiple times in the list of dims",
            )
        found.append(index)
    return tuple(found)


def reduced_shape(input: Tensor, dims: tuple[int, ...], keepdim: bool) -> Shape:
    """The input's shape without the reduced dimensions, or with 1 in their places."""
    if keepdim:
        return tuple(1 if i in dims else size for i, size in enumerate(input.shape))
    return tuple(size for i, size in enumerate(input.shape) if i not in dims)


def require_elements(input: Tensor, dims: tuple[int, ...]) -> None:
    """What has no value for nothing (a maximum) needs at least one element."""
    for dim in dims:
        if dim < input.ndim and same(input.shape[dim], 0) is Truth.YES:
            raise ShapeError(
                "empty-output",
                f"{{callee}} of no elements: {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"Expected reduction dim {dim} to have non-zero size.",
                label=show_shape(input.shape),
            )


def require_float(input: Tensor, callee: str) -> None:
    """The dtype is a floating or complex one, or TL115 dtype-mismatch."""
    if input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"{callee}(): could not infer output dtype. Input dtype must be either a floating point or complex "
            f"dtype. Got: {input.dtype.name}",
            label=input.dtype.name,
        )


def _totalled(dtype: DType) -> DType:
    """Sums and products of integers are counted in int64."""
    return int64 if dtype.is_integral else dtype


def _known(input: Tensor, dims: tuple[int, ...], fold: Callable[[Any], Any], dtype: DType) -> tuple[Any, ...] | None:
    if input.values is None or len(dims) != input.ndim:
        return None
    return stored((fold(input.values),), dtype)


def _product(values: tuple[Any, ...]) -> Any:
    return functools.reduce(operator.mul, values, 1)


@op("torch.sum", "torch.Tensor.sum")
def sum_(
    input: Tensor,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The sum over `dim`; of integers in int64."""
    dims = reduced_dims(input, dim)
    kept = dtype or _totalled(input.dtype)
    values = _known(input, dims, sum, kept)
    return result(reduced_shape(input, dims, keepdim), kept, input, values=values)


@op("torch.nansum", "torch.Tensor.nansum")
def nansum(
    input: Tensor,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The sum over `dim` of what is not NaN."""
    dims = reduced_dims(input, dim)
    return result(reduced_shape(input, dims, keepdim), dtype or _totalled(input.dtype), input)


@op("torch.prod", "torch.Tensor.prod")
def prod(
    input: Tensor,
    dim: Size | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The product over `dim`; of integers in int64."""
    dims = reduced_dims(input, dim)
    kept = dtype or _totalled(input.dtype)
    values = _known(input, dims, _product, kept)
    return result(reduced_shape(input, dims, keepdim), kept, input, values=values)


@op("torch.mean", "torch.Tensor.mean")
def mean(
    input: Tensor,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The mean over `dim`, of floats."""
    if dtype is None:
        require_float(input, "mean")
    elif dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"`dtype` of {{callee}} must be a float, not {dtype.name}",
            blame="dtype",
            torch="mean(): could not infer output dtype. Optional dtype must be either a floating point or complex "
            f"dtype. Got: {dtype.name}",
        )
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), dtype or input.dtype, input)


@op("torch.nanmean", "torch.Tensor.nanmean")
def nanmean(
    input: Tensor,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The mean over `dim` of what is not NaN."""
    require_float(input, "nanmean")
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), dtype or input.dtype, input)


def _spread(input: Tensor, dim: Any, unbiased: object, keepdim: bool, callee: str) -> Tensor:
    """A deviation or variance; `std(x, False)` passes `unbiased` where `dim` is."""
    if isinstance(dim, bool):
        dim = None
    require_float(input, callee)
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), real_dtype(input.dtype), input)


def _register_spread(name: str) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(
        input: Tensor,
        dim: Size | Shape | None = None,
        unbiased: object = True,
        keepdim: bool = False,
        *,
        correction: object = 1,
        out: object = None,
    ) -> Tensor:
        return _spread(input, dim, unbiased, keepdim, name)

    function.__doc__ = f"The `{name}` over `dim`, of floats."

    @op(f"torch.{name}_mean")
    def with_mean(
        input: Tensor,
        dim: Size | Shape | None = None,
        unbiased: object = True,
        keepdim: bool = False,
        *,
        correction: object = 1,
        out: object = None,
    ) -> tuple[Tensor, Tensor]:
        spread = _spread(input, dim, unbiased, keepdim, f"{name}_mean")
        return spread, result(spread.shape, input.dtype, input)

    with_mean.__doc__ = f"The `{name}` and the mean over `dim`, of floats."


_register_spread("std")
_register_spread("var")


def _register_extremum(name: str) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(input: Tensor, dim: Size | Shape = (), keepdim: bool = False, *, out: object = None) -> Tensor:
        dims = reduced_dims(input, dim)
        require_elements(input, dims)
        return result(reduced_shape(input, dims, keepdim), input.dtype, input)

    function.__doc__ = f"`{name}`: the extremum over `dim`, without its indices."

    @op(f"torch.arg{name[1:]}", f"torch.Tensor.arg{name[1:]}")
    def index(input: Tensor, dim: Size | None = None, keepdim: bool = False, *, out: object = None) -> Tensor:
        dims = reduced_dims(input, dim)
        shape = reduced_shape(input, dims, keepdim)
        if input.dtype is bool_:
            raise ShapeError(
                "dtype-mismatch",
                "{callee} does not take bool, but {input} is bool",
                blame="input",
                torch=f"arg{name[1:]}(): does not support bool input",
                label="bool",
                result=result(shape, int64, input),
            )
        require_elements(input, dims)
        return result(shape, int64, input)

    index.__doc__ = "The index of the extremum along `dim`, or in the flattened tensor."


_register_extremum("amax")
_register_extremum("amin")


class MinMax(NamedTuple):
    """What `aminmax` returns."""

    min: Tensor
    max: Tensor


@op("torch.aminmax", "torch.Tensor.aminmax")
def aminmax(input: Tensor, *, dim: Size | None = None, keepdim: bool = False, out: object = None) -> MinMax:
    """The least and the greatest element along `dim`, or of all."""
    dims = reduced_dims(input, dim)
    require_elements(input, dims)
    shape = reduced_shape(input, dims, keepdim)
    return MinMax(result(shape, input.dtype, input), result(shape, input.dtype, input))


def _register_test(name: str, fold: Callable[[Any], bool]) -> None:
    @op(f"torch.{name}", f"torch.Tensor.{name}")
    def function(input: Tensor, dim: Size | Shape | None = None, keepdim: bool = False, *, out: object = None) -> Tensor:
        dims = () if dim == () else reduced_dims(input, dim)  # here no dimensions are none, not all
        kept = uint8 if input.dtype is uint8 else bool_
        return result(reduced_shape(input, dims, keepdim), kept, input, values=_known(input, dims, fold, kept))

    function.__doc__ = f"Whether {name} of the elements along `dim` are not 0."


_register_test("all", all)
_register_test("any", any)


@op("torch.count_nonzero", "torch.Tensor.count_nonzero")
def count_nonzero(input: Tensor, dim: Size | Shape | None = None) -> Tensor:
    """How many elements along `dim` are not 0."""
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim=False), int64, input)


@op("torch.logsumexp", "torch.special.logsumexp", "torch.Tensor.logsumexp")
def logsumexp(input: Tensor, dim: Size | Shape, keepdim: bool = False, *, out: object = None) -> Tensor:
    """`log(sum(exp(x)))` over `dim`."""
    if dim == () and keepdim is False and input.ndim and all(same(n, 0) is Truth.NO for n in input.shape):
        raise ShapeError(
            "bad-call",
            "{callee} takes no empty `dim` without `keepdim`",
            blame="dim",
            torch="output with shape [] doesn't match the broadcast shape",
            result=result((), default_float_for(input.dtype), input),
        )
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), default_float_for(input.dtype), input)


@op("torch.norm", "torch.Tensor.norm")
def norm(
    input: Tensor,
    p: object = "fro",
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    out: object = None,
    dtype: DType | None = None,
) -> Tensor:
    """The p-norm over `dim`, a real number; of floats."""
    require_float(input, "norm")
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), real_dtype(dtype or input.dtype), input)


@op("torch.hash_tensor", "torch.Tensor.hash_tensor")
def hash_tensor(
    input: Tensor, dim: Size | Shape = (), *, keepdim: bool = False, mode: object = 0, out: object = None
) -> Tensor:
    """One number for the elements over `dim`."""
    return result(reduced_shape(input, reduced_dims(input, dim), keepdim), uint64, input)
