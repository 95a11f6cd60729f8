"""Linear algebra: decompositions, inverses, solvers and norms of (batches of) matrices.

The memory layout of matrix results follows LAPACK's column order and is not modelled.
"""

from __future__ import annotations

from collections import namedtuple

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, require_same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.ops.slicing import smaller
from torchlint.values.dtype import DType, complex_dtype, int32, int64, real_dtype
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown

Eigen = namedtuple("Eigen", ("eigenvalues", "eigenvectors"))
QR = namedtuple("QR", ("Q", "R"))
SlogDet = namedtuple("SlogDet", ("sign", "logabsdet"))
SVD = namedtuple("SVD", ("U", "S", "Vh"))
OldSVD = namedtuple("OldSVD", ("U", "S", "V"))
LeastSquares = namedtuple("LeastSquares", ("solution", "residuals", "rank", "singular_values"))
LUFactor = namedtuple("LUFactor", ("LU", "pivots"))
LU = namedtuple("LU", ("P", "L", "U"))
Inverse = namedtuple("Inverse", ("inverse", "info"))
Cholesky = namedtuple("Cholesky", ("L", "info"))


def require_matrix(A: Tensor, name: str = "A") -> None:
    """At least 2 dimensions of floats."""
    if A.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a matrix, but {{{name}}} is {show_shape(A.shape)}",
            blame=name,
            torch=f"The input tensor {name} must have at least 2 dimensions.",
            label=show_shape(A.shape),
        )
    require_float(A, name)


def require_float(A: Tensor, name: str = "A") -> None:
    """Linear algebra does not promote integers."""
    if A.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{{name}}} is {A.dtype.name}",
            blame=name,
            torch=f"Expected a floating point or complex tensor as input. Got {A.dtype.name}",
            label=A.dtype.name,
        )


def require_square(A: Tensor, name: str = "A") -> None:
    """A (batch of) square matrix."""
    require_matrix(A, name)
    rows, columns = A.shape[-2:]
    require_same(
        rows,
        columns,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{callee}} takes square matrices, but {{{name}}} is {show_shape(A.shape)}",
            blame=name,
            torch=f"{name} must be batches of square matrices, but they are {show(rows)} by {show(columns)} matrices",
            label=show_shape(A.shape),
        ),
    )


def matrix_result(A: Tensor, shape: Shape, dtype: DType | None = None) -> Tensor:
    """A result in the memory order of LAPACK, which is not modelled."""
    return result(shape, dtype or A.dtype, A, strides=None)


@op("torch.linalg.inv", "torch.inverse", "torch.Tensor.inverse")
def inv(A: Tensor, *, out: object = None) -> Tensor:
    """The inverse of square matrices."""
    require_square(A)
    return matrix_result(A, A.shape)


@op("torch.linalg.inv_ex")
def inv_ex(A: Tensor, *, check_errors: object = False, out: object = None) -> Inverse:
    """The inverse of square matrices, and LAPACK's code."""
    return Inverse(inv(A), matrix_result(A, A.shape[:-2], int32))


@op("torch.linalg.matrix_exp", "torch.matrix_exp", "torch.Tensor.matrix_exp")
def matrix_exp(A: Tensor) -> Tensor:
    """The exponential of square matrices."""
    require_square(A)
    return matrix_result(A, A.shape)


@op("torch.linalg.matrix_power", "torch.matrix_power", "torch.Tensor.matrix_power")
def matrix_power(A: Tensor, n: object, *, out: object = None) -> Tensor:
    """The power of square matrices."""
    require_square(A)
    return matrix_result(A, A.shape)


@op("torch.linalg.cholesky", "torch.cholesky", "torch.Tensor.cholesky")
def cholesky(A: Tensor, upper: object = False, *, out: object = None) -> Tensor:
    """The Cholesky factor of square matrices."""
    require_square(A)
    return matrix_result(A, A.shape)


@op("torch.linalg.cholesky_ex")
def cholesky_ex(A: Tensor, *, upper: object = False, check_errors: object = False, out: object = None) -> Cholesky:
    """The Cholesky factor of square matrices, and LAPACK's code."""
    return Cholesky(cholesky(A), matrix_result(A, A.shape[:-2], int32))


@op("torch.linalg.det", "torch.det", "torch.Tensor.det")
def det(A: Tensor, *, out: object = None) -> Tensor:
    """The determinant of square matrices."""
    require_square(A)
    return matrix_result(A, A.shape[:-2])


@op("torch.logdet", "torch.Tensor.logdet")
def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant of square matrices."""
    require_square(input, "input")
    return matrix_result(input, input.shape[:-2])


@op("torch.linalg.slogdet", "torch.slogdet", "torch.Tensor.slogdet")
def slogdet(A: Tensor, *, out: object = None) -> SlogDet:
    """The sign and the logarithm of the determinant of square matrices."""
    require_square(A)
    return SlogDet(matrix_result(A, A.shape[:-2]), matrix_result(A, A.shape[:-2], real_dtype(A.dtype)))


@op("torch.linalg.svd")
def svd(A: Tensor, full_matrices: bool = True, *, driver: object = None, out: object = None) -> SVD:
    """`U [.., m, k]`, `S [.., k]`, `Vh [.., k, n]` of `[.., m, n]`, `k` being the smaller size (or `m` and `n`)."""
    require_matrix(A)
    *batch, m, n = A.shape
    k = smaller(m, n)
    wide, high = (m, n) if full_matrices else (k, k)
    singular = matrix_result(A, (*batch, k), real_dtype(A.dtype))
    return SVD(matrix_result(A, (*batch, m, wide)), singular, matrix_result(A, (*batch, high, n)))


@op("torch.svd", "torch.Tensor.svd")
def old_svd(input: Tensor, some: bool = True, compute_uv: bool = True, *, out: object = None) -> OldSVD:
    """`U [.., m, k]`, `S [.., k]`, `V [.., n, k]`."""
    require_matrix(input, "input")
    *batch, m, n = input.shape
    k = smaller(m, n)
    wide, high = (k, k) if some and compute_uv else (m, n)
    singular = matrix_result(input, (*batch, k), real_dtype(input.dtype))
    return OldSVD(matrix_result(input, (*batch, m, wide)), singular, matrix_result(input, (*batch, n, high)))


@op("torch.linalg.svdvals")
def svdvals(A: Tensor, *, driver: object = None, out: object = None) -> Tensor:
    """The singular values."""
    require_matrix(A)
    return matrix_result(A, (*A.shape[:-2], smaller(*A.shape[-2:])), real_dtype(A.dtype))


@op("torch.linalg.eigh")
def eigh(A: Tensor, UPLO: object = "L", *, out: object = None) -> Eigen:
    """Real eigenvalues `[.., n]` and eigenvectors `[.., n, n]` of symmetric matrices."""
    require_square(A)
    return Eigen(matrix_result(A, A.shape[:-1], real_dtype(A.dtype)), matrix_result(A, A.shape))


@op("torch.linalg.eigvalsh")
def eigvalsh(A: Tensor, UPLO: object = "L", *, out: object = None) -> Tensor:
    """Real eigenvalues `[.., n]` of symmetric matrices."""
    require_square(A)
    return matrix_result(A, A.shape[:-1], real_dtype(A.dtype))


def _complex(A: Tensor) -> DType:
    return A.dtype if A.dtype.is_complex else complex_dtype(A.dtype)


@op("torch.linalg.eig")
def eig(A: Tensor, *, out: object = None) -> Eigen:
    """Complex eigenvalues `[.., n]` and eigenvectors `[.., n, n]`."""
    require_square(A)
    return Eigen(matrix_result(A, A.shape[:-1], _complex(A)), matrix_result(A, A.shape, _complex(A)))


@op("torch.linalg.eigvals")
def eigvals(A: Tensor, *, out: object = None) -> Tensor:
    """Complex eigenvalues `[.., n]`."""
    require_square(A)
    return matrix_result(A, A.shape[:-1], _complex(A))


@op("torch.linalg.qr")
def qr(A: Tensor, mode: str = "reduced", *, out: object = None) -> QR:
    """`Q [.., m, k]` and `R [.., k, n]`."""
    require_matrix(A)
    if mode not in ("reduced", "complete", "r"):
        raise ShapeError(
            "bad-call",
            f"`mode` of {{callee}} must be reduced, complete or r, but is {mode}",
            blame="mode",
            torch=f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'",
        )
    *batch, m, n = A.shape
    k = m if mode == "complete" else smaller(m, n)
    upper = matrix_result(A, (*batch, k, n))
    return QR(matrix_result(A, (0,)) if mode == "r" else matrix_result(A, (*batch, m, k)), upper)


@op("torch.qr", "torch.Tensor.qr")
def old_qr(input: Tensor, some: bool = True, *, out: object = None) -> QR:
    """`Q [.., m, k]` and `R [.., k, n]`."""
    return qr(input, "reduced" if some else "complete")


@op("torch.linalg.lu_factor")
def lu_factor(A: Tensor, *, pivot: object = True, out: object = None) -> LUFactor:
    """Both factors in one matrix, and the pivots."""
    require_matrix(A)
    return LUFactor(matrix_result(A, A.shape), matrix_result(A, (*A.shape[:-2], smaller(*A.shape[-2:])), int32))


@op("torch.linalg.lu")
def lu(A: Tensor, *, pivot: bool = True, out: object = None) -> LU:
    """`P [.., m, m]`, `L [.., m, k]` and `U [.., k, n]`."""
    require_matrix(A)
    *batch, m, n = A.shape
    k = smaller(m, n)
    permutation = matrix_result(A, (*batch, m, m)) if pivot else matrix_result(A, (0,))
    return LU(permutation, matrix_result(A, (*batch, m, k)), matrix_result(A, (*batch, k, n)))


@op("torch.linalg.pinv", "torch.pinverse", "torch.Tensor.pinverse")
def pinv(
    A: Tensor,
    rcond: object = None,
    *,
    atol: object = None,
    rtol: object = None,
    hermitian: bool = False,
    out: object = None,
) -> Tensor:
    """The pseudo-inverse: `[.., m, n]` to `[.., n, m]`."""
    if any(isinstance(t, Tensor) and t.ndim for t in (rcond, atol, rtol)):
        raise Undecided("a tolerance for each matrix is not modelled")
    if hermitian:
        require_square(A)
    else:
        require_matrix(A)
    *batch, m, n = A.shape
    return matrix_result(A, (*batch, n, m))


@op("torch.linalg.matrix_rank")
def matrix_rank(
    A: Tensor,
    tol: object = None,
    *,
    atol: object = None,
    rtol: object = None,
    hermitian: bool = False,
    out: object = None,
) -> Tensor:
    """The rank of matrices."""
    if any(isinstance(t, Tensor) and t.ndim for t in (tol, atol, rtol)):
        raise Undecided("a tolerance for each matrix is not modelled")
    if hermitian:
        require_square(A)
    else:
        require_matrix(A)
    return matrix_result(A, A.shape[:-2], int64)


def require_same_dtype_of(A: Tensor, B: Tensor) -> None:
    """`A` and `B` have one dtype."""
    if A.dtype is not B.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes matrices of one dtype, but {{A}} is {A.dtype.name} and {{B}} is {B.dtype.name}",
            blame="B",
            torch=f"Expected A and B to have the same dtype, but found A of type {A.dtype.name} and B of "
            "type "
            f"{B.dtype.name} instead",
            label=B.dtype.name,
        )


@op("torch.linalg.solve")
def solve(A: Tensor, B: Tensor, *, left: bool = True, out: object = None) -> Tensor:
    """`X` of `A X = B`: `B` is `[.., n, k]`, or `[.., n]` where it is one vector for each matrix."""
    require_square(A)
    require_same_dtype_of(A, B)
    if B.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} takes a vector or matrix, but {B} has no dimension",
            blame="B",
            torch="The input tensor B must have at least 1 dimension",
        )
    # torch reads B as a batch of vectors where its shape is that of A without the last dimension.
    if B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1]):
        if not left:
            raise ShapeError(
                "bad-call",
                "{callee} solves for vectors only with `left=True`",
                blame="left",
                torch="linalg.solve: Vector broadcasting of the left hand side is not supported",
            )
        require_rows(A, B, B.shape[-1])
        return matrix_result(B, B.shape if B.ndim > 1 else (*A.shape[:-2], *B.shape))
    if B.ndim < 2:
        require_matrix(B, "B")
    require_rows(A, B, B.shape[-2] if left else B.shape[-1])
    return matrix_result(B, (*broadcast_shapes(A.shape[:-2], B.shape[:-2], names=("A", "B")), *B.shape[-2:]))


def require_rows(A: Tensor, B: Tensor, rows: Size) -> None:
    """`A X = B`: the columns of `A` are the rows of `B`."""
    require_same(
        A.shape[-1],
        rows,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{A}} {show_shape(A.shape)} and {{B}} {show_shape(B.shape)} do not fit: {show(A.shape[-1])} against {show(rows)}",
            blame="B",
            torch="Incompatible shapes of A and B for the equation AX = B "
            f"({show(A.shape[-2])}x{show(A.shape[-1])} "
            f"and {show(rows)})",
            label=show_shape(B.shape),
        ),
    )


@op("torch.linalg.solve_triangular")
def solve_triangular(
    A: Tensor, B: Tensor, *, upper: object, left: bool = True, unitriangular: object = False, out: object = None
) -> Tensor:
    """`X` of `A X = B` for triangular matrices."""
    require_square(A)
    require_matrix(B, "B")
    require_same_dtype_of(A, B)
    require_rows(A, B, B.shape[-2] if left else B.shape[-1])
    return matrix_result(B, (*broadcast_shapes(A.shape[:-2], B.shape[:-2], names=("A", "B")), *B.shape[-2:]))


@op("torch.cholesky_solve", "torch.Tensor.cholesky_solve")
def cholesky_solve(B: Tensor, L: Tensor, upper: object = False, *, out: object = None) -> Tensor:
    """`X` of `L L.T X = B`."""
    require_matrix(B, "B")
    require_square(L, "L")
    require_rows(L, B, B.shape[-2])
    return matrix_result(B, (*broadcast_shapes(L.shape[:-2], B.shape[:-2], names=("L", "B")), *B.shape[-2:]))


@op("torch.linalg.lstsq")
def lstsq(A: Tensor, B: Tensor, rcond: object = None, *, driver: object = None) -> LeastSquares:
    """The solution `[.., n, k]` of least squares; which of the other results are filled depends on the driver."""
    require_matrix(A)
    require_same_dtype_of(A, B)
    if B.ndim != A.ndim:
        raise Undecided("a least squares problem with vectors is not modelled")
    *batch, _, n = A.shape
    _require_lstsq_rows(A, B)
    batch_shape = broadcast_shapes(tuple(batch), B.shape[:-2], names=("A", "B"))
    solution = matrix_result(B, (*batch_shape, n, B.shape[-1]))
    other = Unknown("which results are filled depends on the driver")
    return LeastSquares(solution, other, other, other)


def _require_lstsq_rows(A: Tensor, B: Tensor) -> None:
    require_same(
        A.shape[-2],
        B.shape[-2],
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{A}} {show_shape(A.shape)} and {{B}} {show_shape(B.shape)} have {show(A.shape[-2])} and "
            f"{show(B.shape[-2])} rows",
            blame="B",
            torch="torch.linalg.lstsq: input.size(-2) should match other.size(-2)",
            label=show_shape(B.shape),
        ),
    )
