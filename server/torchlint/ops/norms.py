"""Vector and matrix norms of `torch.linalg`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import normalize_dim
from torchlint.ops.linalg import require_float, require_matrix, require_square
from torchlint.ops.reductions import reduced_dims, reduced_shape
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import Category, DType, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def _norm_dtype(x: Tensor, dtype: DType | None, name: str) -> DType:
    require_float(x, name)
    if dtype is None:
        return real_dtype(x.dtype)
    wanted = Category.COMPLEX if x.dtype.is_complex else Category.FLOAT
    if dtype.category is not wanted or dtype.bits < x.dtype.bits:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} cannot compute a norm of {x.dtype.name} in {dtype.name}",
            blame="dtype",
            torch=f"linalg.vector_norm: dtype should be {'complex' if x.dtype.is_complex else 'real'} and "
            "at least as "
            f"wide as the input, but got {dtype.name}",
        )
    return real_dtype(dtype)


@op("torch.linalg.vector_norm")
def vector_norm(
    x: Tensor,
    ord: object = 2,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The norm of the elements over `dim`."""
    kept = _norm_dtype(x, dtype, "x")
    return result(reduced_shape(x, reduced_dims(x, dim), keepdim), kept, x)


def _require_plane(A: Tensor, dim: Shape) -> tuple[int, ...]:
    if len(dim) != 2:
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes 2 dimensions, but is given {len(dim)}",
            blame="dim",
            torch=f"linalg.matrix_norm: dim must be a 2-tuple. Got {show_shape(dim)}",
        )
    return reduced_dims(A, dim)


@op("torch.linalg.matrix_norm")
def matrix_norm(
    A: Tensor,
    ord: object = "fro",
    dim: Shape = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """The norm of the matrices in two dimensions."""
    require_matrix(A)
    dims = _require_plane(A, dim)
    return result(reduced_shape(A, dims, keepdim), _norm_dtype(A, dtype, "A"), A, strides=None)


@op("torch.linalg.norm")
def linalg_norm(
    A: Tensor,
    ord: object = None,
    dim: Size | Shape | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
    out: object = None,
) -> Tensor:
    """A vector norm over one dimension (or all, without `ord`), a matrix norm over two."""
    if ord is not None and dim is None and A.ndim not in (1, 2):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} with `ord` and without `dim` takes 1 or 2 dimensions, but {{A}} is {show_shape(A.shape)}",
            blame="A",
            torch=f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.ndim}D.",
            label=show_shape(A.shape),
        )
    if isinstance(dim, tuple) and len(dim) > 2 and ord is not None:
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes 1 or 2 dimensions, but is given {len(dim)}",
            blame="dim",
            torch=f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {show_shape(dim)}",
        )
    kept = _norm_dtype(A, dtype, "A")
    return result(reduced_shape(A, reduced_dims(A, dim), keepdim), kept, A, strides=None)


@op("torch.linalg.cond")
def cond(A: Tensor, p: object = None, *, out: object = None) -> Tensor:
    """The condition number of matrices."""
    if p in (None, 2, -2):
        require_matrix(A)
    else:
        require_square(A)
    return result(A.shape[:-2], real_dtype(A.dtype), A)


@op("torch.frobenius_norm")
def frobenius_norm(input: Tensor, dim: Size | Shape, keepdim: bool = False, *, out: object = None) -> Tensor:
    """The root of the sum of squares over `dim`."""
    return vector_norm(input, 2, dim, keepdim)


@op("torch.nuclear_norm")
def nuclear_norm(input: Tensor, dim: Shape | bool = (-2, -1), keepdim: bool = False, *, out: object = None) -> Tensor:
    """The sum of the singular values of matrices."""
    return matrix_norm(input, "nuc", (-2, -1) if isinstance(dim, bool) else dim, keepdim)


@op("torch.norm_except_dim")
def norm_except_dim(v: Tensor, pow: object = 2, dim: Size = 0) -> Tensor:
    """The norms along every dimension but `dim`, which keep their dimensions; with -1 one norm of everything."""
    kept = _norm_dtype(v, None, "v")
    if dim == -1:
        return result((), kept, v)
    axis = normalize_dim(dim, v.ndim, tensor="v")
    return result(tuple(size if d == axis else 1 for d, size in enumerate(v.shape)), kept, v, strides=None)
