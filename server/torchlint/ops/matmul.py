"""Matrix products: `matmul`, `bmm`, `mm`, `addmm`, `tensordot`, `kron` and their kin."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, known_int, normalize_dim, require_same, same
from torchlint.ops.dtypes import result_type
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.errors import ShapeError
from torchlint.values.runtime import spend
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor


def require_one_dtype(*tensors: Tensor, names: tuple[str, ...]) -> None:
    """Products do not promote: TL115 dtype-mismatch if the dtypes differ."""
    for name, tensor in zip(names[1:], tensors[1:]):
        if tensor.dtype is not tensors[0].dtype:
            raise ShapeError(
                "dtype-mismatch",
                f"{{callee}} does not mix dtypes, but {{{names[0]}}} is {tensors[0].dtype.name} and "
                f"{{{name}}} is "
                f"{tensor.dtype.name}",
                blame=name,
                torch=f"expected m1 and m2 to have the same dtype, but got: {tensors[0].dtype.name} != {tensor.dtype.name}",
                label=tensor.dtype.name,
            )


def require_rank_of(tensor: Tensor, rank: int, name: str) -> None:
    """Exactly that many dimensions, or TL111 wrong-rank."""
    if tensor.ndim != rank:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes {rank} dimension{'s' * (rank != 1)}, but {{{name}}} is {show_shape(tensor.shape)}",
            blame=name,
            torch=f"{name} must be a {rank}D tensor, got {tensor.ndim}-D",
            label=show_shape(tensor.shape),
        )


def _require_inner(a: Tensor, b: Tensor, left: int, right: int, names: tuple[str, str], computed: Tensor | None = None) -> None:
    """The summed sizes are equal, or TL105 matmul-mismatch."""
    inner, other = a.shape[left], b.shape[right]
    rows, columns = product(a.shape[:-1]), b.shape[-1]
    require_same(
        inner,
        other,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{{names[0]}}} {show_shape(a.shape)} and {{{names[1]}}} {show_shape(b.shape)} do not multiply: "
            f"{show(inner)} against {show(other)}",
            blame=names[1],
            torch=f"mat1 and mat2 shapes cannot be multiplied ({show(rows)}x{show(inner)} and {show(other)}x{show(columns)})",
            label=show_shape(b.shape),
            result=computed,
        ),
    )


def multiplied(a: Tensor, b: Tensor, names: tuple[str, str] = ("input", "other")) -> Tensor:
    """`a @ b` with batch dimensions broadcast."""
    for tensor, name in ((a, names[0]), (b, names[1])):
        if tensor.ndim == 0:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} needs at least 1 dimension, but {{{name}}} has none",
                blame=name,
                torch=f"both arguments to matmul need to be at least 1D, but they are {a.ndim}D and {b.ndim}D",
            )
    batch = _batch_shape(a, b, names)
    rows = a.shape[-2:-1] if a.ndim > 1 else ()
    columns = b.shape[-1:] if b.ndim > 1 else ()
    shape = (*batch, *rows, *columns)
    # The product of one matrix with a batch may be computed transposed: its strides are torch's choice then.
    plain = a.ndim > 2 or (a.is_contiguous_by_construction and b.is_contiguous_by_construction)
    computed = result(shape, a.dtype, a, b, strides=CONTIGUOUS if plain or len(shape) < 3 else None)
    # Where the second operand would fit transposed, that is what is missing, and the result would be another one.
    transposed = b.ndim > 1 and a.shape[-1] == b.shape[-1]
    _require_inner(a, b, -1, -2 if b.ndim > 1 else -1, names, None if transposed else computed)
    require_one_dtype(a, b, names=names)
    spend(product(shape) * a.shape[-1])
    return computed


def _batch_shape(a: Tensor, b: Tensor, names: tuple[str, str]) -> Shape:
    try:
        return broadcast_shapes(a.shape[:-2], b.shape[:-2], names=names)
    except ShapeError as error:
        if error.rule != "broadcast-mismatch":
            raise
        raise ShapeError(
            "matmul-mismatch",
            f"the batches of {{{names[0]}}} {show_shape(a.shape)} and {{{names[1]}}} {show_shape(b.shape)} do not broadcast",
            blame=names[1],
            torch=error.torch,
            label=show_shape(b.shape),
            contradiction=error.contradiction,
        ) from None


@op("torch.matmul", "torch.Tensor.matmul", "torch.linalg.matmul", ranks=(3, 2))
def matmul(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """`[..., n, k] @ [..., k, m]` is `[..., n, m]`; 1-D operands lose their dimension."""
    return multiplied(input, other)


@op("torch.mm", "torch.Tensor.mm", "torch.spmm", ranks=(2,))
def mm(input: Tensor, mat2: Tensor, *, out: object = None) -> Tensor:
    """`[n, k]` and `[k, m]` to `[n, m]`."""
    require_rank_of(input, 2, "input")
    require_rank_of(mat2, 2, "mat2")
    return multiplied(input, mat2, ("input", "mat2"))


@op("torch.sparse.mm", ranks=(2,))
def sparse_mm(mat1: Tensor, mat2: Tensor, reduce: object = None) -> Tensor:
    """`[n, k]` and `[k, m]` to `[n, m]`, of which one may be sparse; the layout of the result is not modelled."""
    require_rank_of(mat1, 2, "mat1")
    require_rank_of(mat2, 2, "mat2")
    product = multiplied(mat1, mat2, ("mat1", "mat2"))
    product._strides = None
    return product


@op("torch.bmm", "torch.Tensor.bmm", ranks=(3,))
def bmm(input: Tensor, mat2: Tensor, *, out_dtype: object = None, out: object = None) -> Tensor:
    """`[b, n, k]` and `[b, k, m]` to `[b, n, m]`, without broadcasting."""
    require_rank_of(input, 3, "input")
    require_rank_of(mat2, 3, "mat2")
    _require_batches(input, mat2, ("input", "mat2"))
    return multiplied(input, mat2, ("input", "mat2"))


def _require_batches(a: Tensor, b: Tensor, names: tuple[str, str]) -> None:
    require_same(
        a.shape[0],
        b.shape[0],
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{{names[0]}}} {show_shape(a.shape)} and {{{names[1]}}} {show_shape(b.shape)} are batches of "
            f"{show(a.shape[0])} and {show(b.shape[0])}",
            blame=names[1],
            torch="Expected size for first two dimensions of batch2 tensor to be: "
            f"[{show(a.shape[0])}, {show(a.shape[2])}] but got: [{show(b.shape[0])}, {show(b.shape[1])}].",
            label=show_shape(b.shape),
        ),
    )


@op("torch.mv", "torch.Tensor.mv", ranks=(2,))
def mv(input: Tensor, vec: Tensor, *, out: object = None) -> Tensor:
    """`[n, k]` and `[k]` to `[n]`."""
    require_rank_of(input, 2, "input")
    require_rank_of(vec, 1, "vec")
    return multiplied(input, vec, ("input", "vec"))


@op("torch.dot", "torch.Tensor.dot", ranks=(1,))
def dot(input: Tensor, tensor: Tensor, *, out: object = None) -> Tensor:
    """The inner product of two vectors of equal length."""
    require_rank_of(input, 1, "input")
    require_rank_of(tensor, 1, "tensor")
    return multiplied(input, tensor, ("input", "tensor"))


@op("torch.vdot", "torch.Tensor.vdot", ranks=(1,))
def vdot(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """The inner product of two vectors of equal length, the first one conjugated."""
    require_rank_of(input, 1, "input")
    require_rank_of(other, 1, "other")
    return multiplied(input, other)


@op("torch.inner", "torch.Tensor.inner", ranks=(1, 2))
def inner(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """Summed over the last dimension of both."""
    require_one_dtype(input, other, names=("input", "other"))
    if not input.ndim or not other.ndim:
        scaled = input if other.ndim == 0 else other
        return result(scaled.shape, input.dtype, input, other, strides=scaled._strides)
    computed = result((*input.shape[:-1], *other.shape[:-1]), input.dtype, input, other)
    _require_inner(input, other, -1, -1, ("input", "other"), computed)
    spend(computed.numel() * input.shape[-1])
    return computed


@op("torch.outer", "torch.Tensor.outer", "torch.ger", "torch.Tensor.ger", ranks=(1,))
def outer(input: Tensor, vec2: Tensor, *, out: object = None) -> Tensor:
    """`[n]` and `[m]` to `[n, m]`."""
    require_rank_of(input, 1, "input")
    require_rank_of(vec2, 1, "vec2")
    return result((input.shape[0], vec2.shape[0]), result_type(input, vec2), input, vec2)


def _added(input: Tensor, shape: Shape, *factors: Tensor) -> Tensor:
    """`input` broadcast to the shape of a product and added to it."""
    if any(factor.dtype is not input.dtype for factor in factors):
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} does not mix dtypes, but {{input}} is {input.dtype.name} and the product is {factors[0].dtype.name}",
            blame="input",
            torch=f"self and mat2 must have the same dtype, but got {input.dtype.name} and {factors[0].dtype.name}",
            label=input.dtype.name,
        )

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{input}} {show_shape(input.shape)} does not broadcast to the product {show_shape(shape)}",
            blame="input",
            torch=f"The expanded size of the tensor must match: Target sizes: {show_shape(shape)}.  "
            f"Tensor sizes: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )

    if input.ndim > len(shape):
        raise unfit()
    for given, wanted in zip(reversed(input.shape), reversed(shape)):
        if given != 1:
            require_same(given, wanted, unfit)
    return result(shape, input.dtype, input, *factors)


@op("torch.addmm", "torch.Tensor.addmm")
def addmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: object = 1,
    alpha: object = 1,
    out_dtype: object = None,
    out: object = None,
) -> Tensor:
    """`input + mat1 @ mat2`."""
    require_rank_of(mat1, 2, "mat1")
    require_rank_of(mat2, 2, "mat2")
    return _added(input, multiplied(mat1, mat2, ("mat1", "mat2")).shape, mat1, mat2)


@op("torch.addmv", "torch.Tensor.addmv")
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: object = 1, alpha: object = 1, out: object = None) -> Tensor:
    """`input + mat @ vec`."""
    require_rank_of(mat, 2, "mat")
    require_rank_of(vec, 1, "vec")
    return _added(input, multiplied(mat, vec, ("mat", "vec")).shape, mat, vec)


@op("torch.addr", "torch.Tensor.addr")
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: object = 1, alpha: object = 1, out: object = None) -> Tensor:
    """`input + outer(vec1, vec2)`."""
    require_rank_of(vec1, 1, "vec1")
    require_rank_of(vec2, 1, "vec2")
    computed = _added(input, (vec1.shape[0], vec2.shape[0]))
    computed.dtype = result_type(input, vec1, vec2)
    if not input.is_contiguous_by_construction:
        computed._strides = None
    return computed


@op("torch.baddbmm", "torch.Tensor.baddbmm")
def baddbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: object = 1,
    alpha: object = 1,
    out_dtype: object = None,
    out: object = None,
) -> Tensor:
    """`input + batch1 @ batch2`, for each of the batch."""
    return _added(input, _batched(batch1, batch2).shape, batch1, batch2)


@op("torch.addbmm", "torch.Tensor.addbmm")
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: object = 1, alpha: object = 1, out: object = None) -> Tensor:
    """`input` plus the sum of `batch1 @ batch2` over the batch."""
    return _added(input, _batched(batch1, batch2).shape[1:], batch1, batch2)


def _batched(batch1: Tensor, batch2: Tensor) -> Tensor:
    require_rank_of(batch1, 3, "batch1")
    require_rank_of(batch2, 3, "batch2")
    _require_batches(batch1, batch2, ("batch1", "batch2"))
    return multiplied(batch1, batch2, ("batch1", "batch2"))


def _chained(matrices: Sequence[Tensor]) -> Tensor:
    for matrix in matrices:
        require_rank_of(matrix, 2, "matrices")
    return _folded(matrices)


def _folded(factors: Sequence[Tensor]) -> Tensor:
    product_so_far = factors[0]
    for factor in factors[1:]:
        product_so_far = multiplied(product_so_far, factor, ("tensors", "tensors"))
    return product_so_far


@op("torch.chain_matmul")
def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of matrices."""
    if not matrices:
        raise ShapeError("bad-call", "{callee} is given no matrices", torch="Expected one or more matrices")
    return _chained(matrices)


@op("torch.linalg.multi_dot")
def multi_dot(tensors: Sequence[Tensor], *, out: object = None) -> Tensor:
    """The product of matrices; the first and the last may be vectors."""
    if len(tensors) < 2:
        raise ShapeError(
            "bad-call",
            f"{{callee}} needs at least 2 tensors, but gets {len(tensors)}",
            blame="tensors",
            torch=f"multi_dot(): expected at least 2 tensors but got {len(tensors)}",
        )
    for index, tensor in enumerate(tensors):
        ends = index in (0, len(tensors) - 1)
        if tensor.ndim not in ((1, 2) if ends else (2,)):
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} multiplies matrices, but tensor {index} is {show_shape(tensor.shape)}",
                blame="tensors",
                torch=f"multi_dot(): tensor {index} must be {'1D or 2D' if ends else '2D'} but got {tensor.ndim}D",
            )
    return _folded(tensors)


@op("torch.tensordot")
def tensordot(a: Tensor, b: Tensor, dims: Size | Shape | Tensor = 2, out: object = None) -> Tensor:
    """Summed over the last `dims` of `a` and the first of `b`, or over pairs of dimensions."""
    left, right = _contracted(a, b, dims)
    if len(left) != len(right):
        raise ShapeError(
            "matmul-mismatch",
            f"{{callee}} sums over {len(left)} dimensions of {{a}} and {len(right)} of {{b}}",
            blame="dims",
            torch="both dimension lists should have same length",
        )
    for i, j in zip(left, right):
        if same(a.shape[i], 1) is Truth.YES or same(b.shape[j], 1) is Truth.YES:
            continue
        _require_contracted(a, b, i, j)
    require_one_dtype(a, b, names=("a", "b"))
    kept = [n for d, n in enumerate(a.shape) if d not in left] + [n for d, n in enumerate(b.shape) if d not in right]
    computed = result(tuple(kept), a.dtype, a, b)
    spend(computed.numel() * product([a.shape[d] for d in left]))
    return computed


def _require_contracted(a: Tensor, b: Tensor, i: int, j: int) -> None:
    require_same(
        a.shape[i],
        b.shape[j],
        lambda: ShapeError(
            "matmul-mismatch",
            f"dimension {i} of {{a}} {show_shape(a.shape)} and dimension {j} of {{b}} {show_shape(b.shape)} differ",
            blame="b",
            torch=f"contracted dimensions need to match, but first has size {show(a.shape[i])} in dim {i} "
            "and second "
            f"has size {show(b.shape[j])} in dim {j}",
            label=show_shape(b.shape),
        ),
    )


def _contracted(a: Tensor, b: Tensor, dims: object) -> tuple[list[int], list[int]]:
    if isinstance(dims, Tensor):
        dims = dims.values if dims.values is not None else ()
    if isinstance(dims, tuple) and len(dims) == 2:
        first, second = (d if isinstance(d, tuple) else (d,) for d in dims)
        left = [normalize_dim(d, a.ndim, "dims", "a") for d in first]
        return left, [normalize_dim(d, b.ndim, "dims", "b") for d in second]
    count = known_int(dims[0] if isinstance(dims, tuple) else dims, "the number of dimensions")  # type: ignore[arg-type]
    if not 0 <= count <= min(a.ndim, b.ndim):
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} sums over {count} dimensions, but {{a}} is {show_shape(a.shape)} and {{b}} is {show_shape(b.shape)}",
            blame="dims",
            torch=f"tensordot expects dims >= 0, but got dims={count}",
        )
    return list(range(a.ndim - count, a.ndim)), list(range(count))


@op("torch.kron", "torch.Tensor.kron")
def kron(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """Every element of `input` times all of `other`: sizes multiply."""
    pairs = itertools.zip_longest(reversed(input.shape), reversed(other.shape), fillvalue=1)
    shape = tuple(reversed([a * b for a, b in pairs]))
    plain = input.is_contiguous_by_construction and other.is_contiguous_by_construction
    dtype = result_type(input, other)
    return result(shape, dtype, input, other, strides=CONTIGUOUS if plain else None)
