"""Factors of matrices as LAPACK stores them: LU, LDL and Householder reflections, and what is computed from them.

The memory layout of the results is not modelled.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, known_int, require, require_same
from torchlint.ops.linalg import (
    lu,
    lu_factor,
    matrix_result,
    require_matrix,
    require_rows,
    require_same_dtype_of,
    require_square,
)
from torchlint.ops.reductions import require_float
from torchlint.ops.registry import op
from torchlint.ops.slicing import smaller
from torchlint.values.dtype import int32, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor

LUFactorEx = namedtuple("LUFactorEx", ("LU", "pivots", "info"))
LUUnpacked = namedtuple("LUUnpacked", ("P", "L", "U"))
LDLFactor = namedtuple("LDLFactor", ("LD", "pivots"))
LDLFactorEx = namedtuple("LDLFactorEx", ("LD", "pivots", "info"))
Reflections = namedtuple("Reflections", ("a", "tau"))


@op("torch.linalg.lu_factor_ex")
def lu_factor_ex(A: Tensor, *, pivot: object = True, check_errors: object = False, out: object = None) -> LUFactorEx:
    """Both factors in one matrix, the pivots, and LAPACK's code."""
    factors = lu_factor(A)
    return LUFactorEx(factors.LU, factors.pivots, matrix_result(A, A.shape[:-2], int32))


@op("torch.Tensor.lu")
def lu_method(input: Tensor, pivot: object = True, get_infos: bool = False) -> tuple[Tensor, ...]:
    """Both factors in one matrix and the pivots; with `get_infos` LAPACK's code too."""
    return tuple(old_lu(input, pivot, get_infos))


@op("torch.lu")
def old_lu(A: Tensor, pivot: object = True, get_infos: bool = False, out: object = None) -> Any:
    """Both factors in one matrix and the pivots; with `get_infos` LAPACK's code too."""
    factors = lu_factor_ex(A)
    return factors if get_infos else (factors.LU, factors.pivots)


@op("torch.lu_unpack")
def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True, *, out: object = None
) -> LUUnpacked:
    """`P [.., m, m]`, `L [.., m, k]` and `U [.., k, n]`; what is not asked for is empty."""
    if unpack_pivots:
        _require_pivots(LU_pivots, "LU_pivots")
    factors = lu(LU_data)
    nothing = matrix_result(LU_data, (0,))
    permutation = factors.P if unpack_pivots else nothing
    return LUUnpacked(permutation, *((factors.L, factors.U) if unpack_data else (nothing, nothing)))


def _require_pivots(pivots: Tensor, name: str) -> None:
    if pivots.dtype is not int32:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes pivots of int32, but {{{name}}} is {pivots.dtype.name}",
            blame=name,
            torch="pivots should be a Tensor of scalar type torch.int32",
            label=pivots.dtype.name,
        )


@op("torch.linalg.lu_solve")
def lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: object = False, out: object = None
) -> Tensor:
    """`X` of `A X = B`, from the factors of `A`."""
    require_square(LU, "LU")
    require_matrix(B, "B")
    require_same_dtype_of(LU, B)
    _require_pivots(pivots, "pivots")
    _require_shape(pivots, "pivots", LU.shape[:-1], "LU", LU)
    require_rows(LU, B, B.shape[-2] if left else B.shape[-1])
    return _solved(LU, B)


def _solved(A: Tensor, B: Tensor) -> Tensor:
    return matrix_result(B, (*broadcast_shapes(A.shape[:-2], B.shape[:-2], names=("A", "B")), *B.shape[-2:]))


@op("torch.lu_solve", "torch.Tensor.lu_solve")
def old_lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: object = None) -> Tensor:
    """`X` of `A X = input`, from the factors of `A`."""
    return lu_solve(LU_data, LU_pivots, input)


def _require_shape(tensor: Tensor, name: str, shape: Shape, other: str, whole: Tensor) -> None:
    """The tensor has one number for each row or column of the other."""

    def unfit() -> ShapeError:
        return ShapeError(
            "matmul-mismatch",
            f"{{callee}} takes {show_shape(shape)} numbers for {{{other}}} {show_shape(whole.shape)}, but {{{name}}} is "
            f"{show_shape(tensor.shape)}",
            blame=name,
            torch=f"Expected {name} to have shape {show_shape(shape)}, but got {show_shape(tensor.shape)} instead",
            label=show_shape(tensor.shape),
        )

    if tensor.ndim != len(shape):
        raise unfit()
    for given, wanted in zip(tensor.shape, shape):
        require_same(given, wanted, unfit)


@op("torch.linalg.ldl_factor")
def ldl_factor(A: Tensor, *, hermitian: object = False, out: object = None) -> LDLFactor:
    """Both factors in one matrix, and the pivots."""
    require_square(A)
    return LDLFactor(matrix_result(A, A.shape), matrix_result(A, A.shape[:-1], int32))


@op("torch.linalg.ldl_factor_ex")
def ldl_factor_ex(A: Tensor, *, hermitian: object = False, check_errors: object = False, out: object = None) -> LDLFactorEx:
    """Both factors in one matrix, the pivots, and LAPACK's code."""
    return LDLFactorEx(*ldl_factor(A), matrix_result(A, A.shape[:-2], int32))


@op("torch.linalg.ldl_solve")
def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: object = False, out: object = None) -> Tensor:
    """`X` of `A X = B`, from the factors of `A`."""
    require_square(LD, "LD")
    require_matrix(B, "B")
    require_same_dtype_of(LD, B)
    if pivots.dtype not in (int32, int64):
        _require_pivots(pivots, "pivots")
    _require_shape(pivots, "pivots", LD.shape[:-1], "LD", LD)
    require_rows(LD, B, B.shape[-2])
    return _solved(LD, B)


@op("torch.geqrf", "torch.Tensor.geqrf")
def geqrf(input: Tensor, *, out: object = None) -> Reflections:
    """The reflections below the diagonal of `R`, and their factors."""
    require_matrix(input, "input")
    *batch, m, n = input.shape
    return Reflections(matrix_result(input, input.shape), matrix_result(input, (*batch, smaller(m, n))))


@op("torch.linalg.householder_product", "torch.orgqr", "torch.Tensor.orgqr")
def householder_product(A: Tensor, tau: Tensor, *, out: object = None) -> Tensor:
    """The first columns of the product of reflections: the shape of `A`."""
    require_matrix(A)
    *batch, m, n = A.shape
    wide = ShapeError(
        "matmul-mismatch",
        f"{{callee}} takes at least as many rows as columns, but {{A}} is {show_shape(A.shape)}",
        blame="A",
        torch="torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1]",
        label=show_shape(A.shape),
    )
    require(m, ">=", n, lambda: wide)
    _require_factors(A, tau, tuple(batch), n)
    return matrix_result(A, A.shape)


def _require_factors(A: Tensor, tau: Tensor, batch: Shape, most: Size) -> None:
    if tau.dtype is not A.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{tau}} is {tau.dtype.name}, but the reflections are {A.dtype.name}",
            blame="tau",
            torch=f"tau dtype {tau.dtype.scalar_name} does not match input dtype {A.dtype.scalar_name}",
            label=tau.dtype.name,
        )
    if tau.ndim != A.ndim - 1:
        _require_shape(tau, "tau", (*batch, most), "A", A)
    _require_shape(tau, "tau", (*batch, tau.shape[-1]), "A", A)
    many = ShapeError(
        "matmul-mismatch",
        f"{{callee}} takes at most {show(most)} reflections, but {{tau}} is {show_shape(tau.shape)}",
        blame="tau",
        torch="input.shape[-1] must be greater than or equal to tau.shape[-1]",
        label=show_shape(tau.shape),
    )
    require(tau.shape[-1], "<=", most, lambda: many)


@op("torch.ormqr", "torch.Tensor.ormqr")
def ormqr(
    input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: object = False, *, out: object = None
) -> Tensor:
    """The product of reflections with `other`, on the side that `left` says: the shape of `other`."""
    require_matrix(input, "input")
    require_matrix(other, "other")
    *batch, m, _ = input.shape
    side = other.shape[-2] if left else other.shape[-1]
    _require_shape(tau, "tau", (*batch, smaller(side, input.shape[-1])), "input", input)
    require_same(
        side,
        m,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{callee}} of reflections {show_shape(input.shape)} takes {show(m)} {'rows' if left else 'columns'}, but "
            f"{{other}} is {show_shape(other.shape)}",
            blame="other",
            torch=f"torch.ormqr: other.shape[{-2 if left else -1}] must be equal to input.shape[-2]",
            label=show_shape(other.shape),
        ),
    )
    return matrix_result(other, other.shape)


@op("torch.cholesky_inverse", "torch.Tensor.cholesky_inverse")
def cholesky_inverse(input: Tensor, upper: object = False, *, out: object = None) -> Tensor:
    """The inverse of a matrix, from its Cholesky factor."""
    require_square(input, "input")
    return matrix_result(input, input.shape)


@op("torch.svd_lowrank")
def svd_lowrank(A: Tensor, q: Size | None = 6, niter: object = 2, M: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """`U [.., m, k]`, `S [.., k]` and `V [.., n, k]`, `k` being `q` or the smaller size of the matrix."""
    require_matrix(A)
    *batch, m, n = A.shape if M is None else broadcast_shapes(A.shape, M.shape, names=("A", "M"))
    k = smaller(smaller(m, n), 6 if q is None else q)
    factors = ((*batch, m, k), (*batch, k), (*batch, n, k))
    u, s, v = (matrix_result(A, shape) for shape in factors)
    return u, s, v


@op("torch.pca_lowrank")
def pca_lowrank(A: Tensor, q: Size | None = None, center: object = True, niter: object = 2) -> tuple[Tensor, Tensor, Tensor]:
    """`U [.., m, q]`, `S [.., q]` and `V [.., n, q]`, with at most 6 components unless `q` says how many."""
    require_float(A, "mean")
    require_matrix(A)
    *_, m, n = A.shape
    most = smaller(m, n)
    if q is not None:
        many = ShapeError(
            "bad-call",
            f"{{callee}} is asked for {show(q)} components, but {{A}} {show_shape(A.shape)} has at most {show(most)}",
            blame="q",
            torch=f"q(={show(q)}) must be non-negative integer and not greater than min(m, n)={show(most)}",
        )
        require(q, "<=", most, lambda: many)
    return svd_lowrank(A, smaller(most, 6) if q is None else q)


@op("torch.lobpcg")
def lobpcg(
    A: Tensor,
    k: Size | None = None,
    B: Tensor | None = None,
    X: Tensor | None = None,
    n: Size | None = None,
    iK: object = None,
    niter: object = None,
    tol: object = None,
    largest: object = None,
    method: object = None,
    tracker: object = None,
    ortho_iparams: object = None,
    ortho_fparams: object = None,
    ortho_bparams: object = None,
) -> tuple[Tensor, Tensor]:
    """The `k` largest eigenvalues `[.., k]` and their eigenvectors `[.., m, k]` of symmetric matrices."""
    require_square(A)
    count = k if k is not None else 1 if X is None else X.shape[-1]
    known_int(count, "`k`")
    return matrix_result(A, (*A.shape[:-2], count)), matrix_result(A, (*A.shape[:-1], count))
