"""Vectors along one dimension: `vecdot`, `vander`, `renorm`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim
from torchlint.ops.linalg import require_float
from torchlint.ops.matmul import require_one_dtype
from torchlint.ops.registry import op
from torchlint.ops.results import in_place, result
from torchlint.values.dtype import DType, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor


@op("torch.linalg.vecdot")
def vecdot(x: Tensor, y: Tensor, *, dim: Size = -1, out: object = None) -> Tensor:
    """The dot products along `dim`, broadcast."""
    require_float(x, "x")
    require_one_dtype(x, y, names=("x", "y"))
    shape = broadcast_shapes(x.shape, y.shape, names=("x", "y"))
    axis = normalize_dim(dim, len(shape), tensor="x")
    return result((*shape[:axis], *shape[axis + 1 :]), x.dtype, x, y, strides=None)


@op("torch.linalg.vander")
def linalg_vander(x: Tensor, N: Size | None = None) -> Tensor:
    """The powers 0 to `N - 1` of every element, in a new last dimension of size `N` (the last size unless it is said)."""
    powers = N if N is not None else x.shape[-1] if x.ndim else 1
    if isinstance(powers, int) and powers <= 1:
        raise ShapeError("bad-call", f"{{callee}} makes 2 powers or more, not {powers}", torch="N must be greater than 1.")
    return result((*(x.shape or (1,)), powers), _of_products(x), x, strides=None)


def _of_products(x: Tensor) -> DType:
    """Products of whole numbers are counted in int64."""
    return int64 if x.dtype.is_integral else x.dtype


@op("torch.vander")
def vander(x: Tensor, N: Size | None = None, increasing: object = False) -> Tensor:
    """`[n]` to `[n, N]`: the powers of every element."""
    if x.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [n], but {{x}} is {show_shape(x.shape)}",
            blame="x",
            torch="x must be a one-dimensional tensor.",
            label=show_shape(x.shape),
        )
    return result((x.shape[0], x.shape[0] if N is None else N), _of_products(x), x, strides=None)


@op("torch.renorm", "torch.Tensor.renorm")
def renorm(input: Tensor, p: object, dim: Size, maxnorm: object, *, out: object = None) -> Tensor:
    """`input` with each slice along `dim` scaled to a norm of at most `maxnorm`: the same shape."""
    if input.ndim < 2:
        said = f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
        raise ShapeError("wrong-rank", f"{{callee}} takes 2 dimensions or more, but {{input}} has {input.ndim}", torch=said)
    require_float(input, "input")
    normalize_dim(dim, input.ndim)
    return result(input.shape, input.dtype, input)


@op("torch.Tensor.renorm_")
def renorm_in_place(input: Tensor, p: object, dim: Size, maxnorm: object) -> Tensor:
    """Each slice along `dim` scaled to a norm of at most `maxnorm`, in place."""
    return in_place(input, renorm(input, p, dim, maxnorm))
