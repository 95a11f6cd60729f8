"""Linear equations beyond `torch.linalg.solve`: of tensors, of triangular matrices, with LAPACK's code."""

from __future__ import annotations

from collections import namedtuple

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, known_int, normalize_dim, require_same
from torchlint.ops.axes import permuted
from torchlint.ops.linalg import matrix_result, require_float, require_matrix, require_rows, require_square, solve
from torchlint.ops.registry import op
from torchlint.values.dtype import int32
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor

Solution = namedtuple("Solution", ("result", "info"))
TriangularSolution = namedtuple("TriangularSolution", ("solution", "cloned_coefficient"))


@op("torch.linalg.solve_ex")
def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: object = False, out: object = None) -> Solution:
    """`X` of `A X = B`, and LAPACK's code."""
    return Solution(solve(A, B, left=left), matrix_result(A, A.shape[:-2], int32))


@op("torch.triangular_solve", "torch.Tensor.triangular_solve")
def triangular_solve(
    b: Tensor,
    A: Tensor,
    upper: object = True,
    transpose: object = False,
    unitriangular: object = False,
    *,
    out: object = None,
) -> TriangularSolution:
    """`X` of `A X = b` for triangular matrices, and a copy of `A`."""
    require_matrix(b, "b")
    require_square(A)
    require_rows(A, b, b.shape[-2])
    batch = broadcast_shapes(A.shape[:-2], b.shape[:-2], names=("A", "b"))
    return TriangularSolution(matrix_result(b, (*batch, *b.shape[-2:])), matrix_result(A, (*batch, *A.shape[-2:])))


def _require_equal_products(A: Tensor, front: Shape, back: Shape) -> None:
    rows, columns = product(front), product(back)
    require_same(
        rows,
        columns,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{callee}} reads {{A}} {show_shape(A.shape)} as a matrix of {show(rows)} by {show(columns)}, which is not square",
            blame="A",
            torch="Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{show(columns)} != {show(rows)}",
            label=show_shape(A.shape),
        ),
    )


@op("torch.linalg.tensorinv")
def tensorinv(A: Tensor, ind: Size = 2, *, out: object = None) -> Tensor:
    """The inverse of the map from the last dimensions to the first `ind`: the last dimensions come first."""
    cut = known_int(ind, "`ind`")
    if not 0 < cut <= A.ndim:
        raise ShapeError(
            "dim-out-of-range",
            f"`ind` of {{callee}} is {cut}, but {{A}} {show_shape(A.shape)} has {A.ndim} dimensions",
            blame="ind",
            torch=f"Expected a strictly positive integer for 'ind', but got {cut}",
        )
    require_float(A)
    _require_equal_products(A, A.shape[:cut], A.shape[cut:])
    return matrix_result(A, (*A.shape[cut:], *A.shape[:cut]))


@op("torch.linalg.tensorsolve")
def tensorsolve(A: Tensor, B: Tensor, dims: Shape | None = None, *, out: object = None) -> Tensor:
    """`X` of `tensordot(A, X) = B`: the dimensions of `A` behind those of `B`, with `dims` moved to the end."""
    require_float(A)
    moved = A
    if dims is not None:
        last = [normalize_dim(d, A.ndim, "dims", "A") for d in dims]
        moved = permuted(A, (*(d for d in range(A.ndim) if d not in last), *last))
    _require_equal_products(A, moved.shape[: B.ndim], moved.shape[B.ndim :])
    return matrix_result(A, moved.shape[B.ndim :])
