"""Similarities and distances of vectors: `cosine_similarity`, `pairwise_distance`, `cdist` and `pdist`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require_same
from torchlint.ops.dtypes import result_type
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.ops.spatial import result_of
from torchlint.values.dtype import Category, default_float_for, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


@op("torch.nn.functional.cosine_similarity", "torch.cosine_similarity", ranks=(2, 3))
def cosine_similarity(x1: Tensor, x2: Tensor, dim: Size = 1, eps: object = 1e-8) -> Tensor:
    """The broadcast shape without `dim`."""
    shape = broadcast_shapes(x1.shape, x2.shape, names=("x1", "x2"))
    dtype = result_type(x1, x2)
    if dtype.category is not Category.FLOAT:
        raise _not_floating("x1", dtype.name, f"expected common dtype to be floating point, yet common dtype is {dtype.name}")
    axis = normalize_dim(dim, len(shape), tensor="x1")
    return result((*shape[:axis], *shape[axis + 1 :]), dtype, x1, x2)


@op("torch.nn.functional.pairwise_distance", "torch.pairwise_distance", ranks=(2,))
def pairwise_distance(x1: Tensor, x2: Tensor, p: object = 2.0, eps: object = 1e-6, keepdim: bool = False) -> Tensor:
    """The broadcast shape without the last dimension, or with 1 for it."""
    shape = broadcast_shapes(x1.shape, x2.shape, names=("x1", "x2"))
    kept = (1,) if keepdim and shape else ()
    dtype = real_dtype(default_float_for(result_type(x1, x2)))
    return result((*shape[:-1], *kept), dtype, x1, x2)


@op("torch.cdist", ranks=(3, 2))
def cdist(x1: Tensor, x2: Tensor, p: object = 2.0, compute_mode: object = None) -> Tensor:
    """`[..., P, M]` and `[..., R, M]` to `[..., P, R]`."""
    for name, tensor in (("x1", x1), ("x2", x2)):
        if tensor.dtype.category is not Category.FLOAT:
            raise _not_floating(name, tensor.dtype.name, f"cdist only supports floating-point dtypes, got: {tensor.dtype.name}")
        if tensor.ndim < 2:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes at least 2 dimensions, but {{{name}}} is {show_shape(tensor.shape)}",
                blame=name,
                torch=f"cdist only supports at least 2D tensors, got: {tensor.ndim}D",
                label=show_shape(tensor.shape),
            )
    left, right = x1.shape[-1], x2.shape[-1]
    require_same(
        left,
        right,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{callee}} compares vectors of {show(left)} elements in {{x1}} with vectors of {show(right)} in {{x2}}",
            blame="x2",
            torch=f"X1 and X2 must have the same number of columns. X1: {show(left)} X2: {show(right)}",
            label=show_shape(x2.shape),
        ),
    )
    if isinstance(p, (int, float)) and p < 0:
        raise ShapeError(
            "bad-call", f"`p` {p} of {{callee}} is negative", blame="p", torch="cdist only supports non-negative p"
        )
    if x1.dtype is not x2.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} compares {x1.dtype.name} with {x2.dtype.name}",
            blame="x2",
            torch=f"expected scalar type {x1.dtype.name} but found {x2.dtype.name}",
            label=x2.dtype.name,
        )
    batch = broadcast_shapes(x1.shape[:-2], x2.shape[:-2], names=("x1", "x2"))
    return result((*batch, x1.shape[-2], x2.shape[-2]), x1.dtype, x1, x2)


@op("torch.nn.functional.pdist", "torch.pdist", ranks=(2,))
def pdist(input: Tensor, p: object = 2.0) -> Tensor:
    """`[N, M]` to the `N * (N - 1) // 2` distances between rows."""
    if input.ndim != 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, M], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"pdist only supports 2D tensors, got: {input.ndim}D",
            label=show_shape(input.shape),
        )
    if input.dtype.category is not Category.FLOAT:
        raise _not_floating("input", input.dtype.name, "pdist only supports floating-point dtypes")
    rows = input.shape[0]
    return result_of(input, (rows * (rows - 1) // 2,))


def _not_floating(name: str, dtype: str, torch: str) -> ShapeError:
    return ShapeError(
        "dtype-mismatch",
        f"{{callee}} takes floating-point numbers, but {{{name}}} is {dtype}",
        blame=name,
        torch=torch,
        label=dtype,
    )


@layer("torch.nn.CosineSimilarity", ranks=(2, 3))
class CosineSimilarity(Module):
    """The broadcast shape of its inputs without `dim`."""

    def __init__(self, dim: Size = 1, eps: object = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return cosine_similarity(x1, x2, self.dim)


@layer("torch.nn.PairwiseDistance", ranks=(2,))
class PairwiseDistance(Module):
    """The broadcast shape of its inputs without the last dimension."""

    def __init__(self, p: object = 2.0, eps: object = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
