"""`torch.masked`: reductions and normalizations that leave out the elements whose mask is false.

A MaskedTensor is not modelled, only a tensor with its mask beside it.
"""

from __future__ import annotations

from collections.abc import Callable

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim
from torchlint.ops.dtypes import result_type
from torchlint.ops.expanding import expanded
from torchlint.ops.reductions import reduced_dims, reduced_shape, require_elements, require_float
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, default_float_for, int64, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor

DTypeRule = Callable[[Tensor], DType]


def _require_mask(input: Tensor, mask: Tensor | None) -> None:
    """The mask broadcasts to the input."""
    if mask is None:
        return
    if mask.ndim > input.ndim:
        raise ShapeError(
            "broadcast-mismatch",
            f"{{mask}} {show_shape(mask.shape)} has more dimensions than {{input}} {show_shape(input.shape)}",
            blame="mask",
            torch="_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)",
            label=show_shape(mask.shape),
        )
    expanded(mask, input.shape)


def _totalled(input: Tensor) -> DType:
    return int64 if input.dtype.is_integral else input.dtype


def _kept(input: Tensor) -> DType:
    return input.dtype


def _mean(input: Tensor) -> DType:
    require_float(input, "mean")
    return input.dtype


def _spread(input: Tensor) -> DType:
    return default_float_for(input.dtype)


def _norm(input: Tensor) -> DType:
    require_float(input, "linalg.vector_norm")
    return real_dtype(input.dtype)


def _register_reduction(name: str, rule: DTypeRule) -> None:
    @op(f"torch.masked.{name}")
    def function(
        input: Tensor,
        dim: Size | Shape | None = None,
        unbiased: object = None,
        *,
        ord: object = 2.0,
        correction: object = None,
        keepdim: bool | None = False,
        dtype: DType | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        _require_mask(input, mask)
        shape = reduced_shape(input, reduced_dims(input, dim), keepdim is True)
        return result(shape, dtype or rule(input), input, strides=None)

    function.__doc__ = f"The {name} over `dim`."


def _register_along_dim(name: str, is_reduction: bool) -> None:
    """What takes one dimension, and gives the index or the middle of it, or a value for each element."""

    @op(f"torch.masked.{name}")
    def function(
        input: Tensor, dim: Size | None = None, *, keepdim: bool = False, dtype: DType | None = None, mask: Tensor | None = None
    ) -> Tensor:
        _require_mask(input, mask)
        kept = dtype or input.dtype
        if not is_reduction:
            normalize_dim(-1 if dim is None else dim, input.ndim)
            return result(input.shape, kept, input, strides=None)
        dims = reduced_dims(input, -1 if dim is None and name == "median" else dim)
        require_elements(input, dims)
        return result(reduced_shape(input, dims, keepdim), kept, input, strides=None)

    function.__doc__ = f"`{name}` along `dim`."


for _name, _rule in {
    "sum": _totalled, "prod": _totalled, "amax": _kept, "amin": _kept, "mean": _mean, "std": _spread, "var": _spread,
    "logsumexp": _kept,
}.items():  # fmt: skip
    _register_reduction(_name, _rule)
for _name in ("cumsum", "cumprod", "softmax", "log_softmax", "softmin"):
    _register_along_dim(_name, is_reduction=False)
for _name in ("argmax", "argmin", "median"):
    _register_along_dim(_name, is_reduction=True)


@op("torch.masked.norm")
def norm(
    input: Tensor,
    ord: object = 2.0,
    dim: Size | Shape | None = None,
    *,
    keepdim: bool | None = False,
    dtype: DType | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """The norm over `dim`, a real number."""
    _require_mask(input, mask)
    shape = reduced_shape(input, reduced_dims(input, dim), keepdim is True)
    return result(shape, real_dtype(dtype) if dtype is not None else _norm(input), input, strides=None)


@op("torch.masked.normalize")
def normalize(
    input: Tensor, ord: object, dim: Size, *, eps: object = 1e-12, dtype: DType | None = None, mask: Tensor | None = None
) -> Tensor:
    """The elements divided by their norm along `dim`: the same shape."""
    _require_mask(input, mask)
    normalize_dim(dim, input.ndim)
    _norm(input)
    return result(input.shape, dtype or input.dtype, input, strides=None)


@op("torch.masked.logaddexp")
def logaddexp(
    input: Tensor,
    other: Tensor,
    *,
    dtype: DType | None = None,
    input_mask: Tensor | None = None,
    other_mask: Tensor | None = None,
) -> Tensor:
    """`log(exp(input) + exp(other))`, broadcast."""
    _require_mask(input, input_mask)
    _require_mask(other, other_mask)
    shape = broadcast_shapes(input.shape, other.shape)
    return result(shape, dtype or result_type(input, other), input, other, strides=None)
