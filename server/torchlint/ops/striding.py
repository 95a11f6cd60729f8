"""Windows on the storage of a tensor: `select`, `narrow`, `unfold`, `diagonal`, `as_strided`."""

from __future__ import annotations

from torchlint.dims.expr import Size, maximum, minimum
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import known_int, normalize_dim, require, same
from torchlint.ops.axes import become
from torchlint.ops.registry import op
from torchlint.ops.strides import copy_of, view_of
from torchlint.values.dtype import bool_, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Strides, Tensor
from torchlint.values.unknown import Unknown


def with_axis(input: Tensor, axis: int, size: Size, factor: Size = 1) -> Tensor:
    """A view whose dimension `axis` has another size, its stride times `factor`."""
    strides = input.strides
    if strides is not None:
        strides = (*strides[:axis], strides[axis] * factor, *strides[axis + 1 :])
    return view_of(input, (*input.shape[:axis], size, *input.shape[axis + 1 :]), strides)


def without_axis(input: Tensor, axis: int) -> Tensor:
    """A view of one slice across dimension `axis`."""
    strides = input.strides
    if strides is not None:
        strides = strides[:axis] + strides[axis + 1 :]
    return view_of(input, input.shape[:axis] + input.shape[axis + 1 :], strides)


def require_index(input: Tensor, axis: int, index: Size, blame: str) -> None:
    """A constant index is inside its dimension, or TL112 dim-out-of-range; symbols are assumed to be."""
    if not isinstance(index, int):
        return
    size = input.shape[axis]
    needed = index + 1 if index >= 0 else -index
    require(
        needed,
        "<=",
        size,
        lambda: ShapeError(
            "dim-out-of-range",
            f"index {index} is out of range for dimension {axis} of {{input}}, which has size {show(size)}",
            blame=blame,
            torch=f"index {index} is out of bounds for dimension {axis} with size {show(size)}",
            label=show_shape(input.shape),
            result=without_axis(input, axis),
        ),
    )


def _require_dimension(input: Tensor, what: str) -> None:
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} needs a dimension to {what}, but {{input}} has none",
            blame="input",
            torch=f"{what}() cannot be applied to a 0-dim tensor.",
        )


@op("torch.select", "torch.Tensor.select")
def select(input: Tensor, dim: Size, index: Size | Unknown) -> Tensor:
    """The slice at `index` across `dim`."""
    _require_dimension(input, "select")
    axis = normalize_dim(dim, input.ndim)
    if not isinstance(index, Unknown):
        require_index(input, axis, index, "index")
    return without_axis(input, axis)


@op("torch.narrow", "torch.Tensor.narrow")
def narrow(input: Tensor, dim: Size, start: Size | Tensor | Unknown, length: Size) -> Tensor:
    """`length` slices across `dim`, from `start` on."""
    return _narrowed(input, dim, start, length)


@op("torch.narrow_copy", "torch.Tensor.narrow_copy")
def narrow_copy(input: Tensor, dim: Size, start: Size | Unknown, length: Size) -> Tensor:
    """`length` slices across `dim`, from `start` on, copied."""
    return copy_of(input, _narrowed(input, dim, start, length).shape)


def _narrowed(input: Tensor, dim: Size, start: object, length: Size) -> Tensor:
    _require_dimension(input, "narrow")
    axis = normalize_dim(dim, input.ndim)
    size = input.shape[axis]

    def outside() -> ShapeError:
        return ShapeError(
            "dim-out-of-range",
            f"{{callee}} takes {show(length)} from {_shown(start)} on, but dimension {axis} of {{input}} has size {show(size)}",
            blame="length",
            torch=f"start ({_shown(start)}) + length ({show(length)}) exceeds dimension size ({show(size)}).",
            label=show_shape(input.shape),
            result=with_axis(input, axis, length),
        )

    if isinstance(length, int) and length < 0:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} is asked for {length} slices",
            blame="length",
            torch="narrow(): length must be non-negative.",
        )
    if isinstance(start, Tensor):
        if start.ndim or start.dtype is bool_ or not start.dtype.is_integral:
            raise ShapeError(
                "bad-call",
                f"{{start}} must be one whole number, but is {start.dtype.name} {show_shape(start.shape)}",
                blame="start",
                torch="start must be an 0-dim integral Tensor.",
            )
        start = start.values[0] if start.values is not None and start.ndim == 0 else None
    if isinstance(start, int):
        if start < 0:
            require(-start, "<=", size, outside)
            start = size + start
        require(start + length, "<=", size, outside)
    else:
        require(length, "<=", size, outside)
    return with_axis(input, axis, length)


def _shown(start: object) -> str:
    return str(start) if isinstance(start, int) else "start"


@op("torch.Tensor.unfold")
def unfold(input: Tensor, dimension: Size, size: Size, step: Size) -> Tensor:
    """Windows of `size` every `step` along a dimension; each window is a new last dimension."""
    axis = normalize_dim(dimension, input.ndim, "dimension")
    extent = input.shape[axis] if input.ndim else 1
    require(
        size,
        "<=",
        extent,
        lambda: ShapeError(
            "empty-output",
            f"windows of {show(size)} do not fit into dimension {axis} of {{input}}, which has size {show(extent)}",
            blame="size",
            torch=f"maximum size for tensor at dimension {axis} is {show(extent)} but size is {show(size)}",
            label=show_shape(input.shape),
        ),
    )
    for name, value, least in (("size", size, 0), ("step", step, 1)):
        if isinstance(value, int) and value < least:
            raise ShapeError(
                "empty-output",
                f"`{name}` of {{callee}} must be at least {least}, but is {value}",
                blame=name,
                torch=f"{name} is {value} but must be {'> 0' if least else '>= 0'}",
            )
    if input.ndim == 0:
        return view_of(input, (size,), (1,))
    windows = (extent - size) // step + 1
    strides = input.strides
    shape = (*input.shape[:axis], windows, *input.shape[axis + 1 :], size)
    if strides is None:
        return view_of(input, shape, None)
    return view_of(
        input, shape, (*strides[:axis], strides[axis] * step, *strides[axis + 1 :], strides[axis])
    )  # fmt: skip


@op("torch.as_strided", "torch.Tensor.as_strided")
def as_strided(input: Tensor, size: Shape, stride: Shape, storage_offset: object = None) -> Tensor:
    """Any view of the storage. Whether it stays inside is not judged."""
    if len(size) != len(stride):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} has {len(size)} sizes and {len(stride)} strides",
            blame="stride",
            torch="mismatch in length of strides and shape",
        )
    return view_of(input, size, stride)


@op("torch.as_strided_", "torch.Tensor.as_strided_")
def as_strided_in_place(input: Tensor, size: Shape, stride: Shape, storage_offset: object = None) -> Tensor:
    """The tensor itself as another view of its storage."""
    return become(input, as_strided(input, size, stride))


@op("torch.diagonal", "torch.Tensor.diagonal", ranks=(2, 3))
def diagonal(input: Tensor, offset: Size = 0, dim1: Size = 0, dim2: Size = 1) -> Tensor:
    """The diagonals of the planes of two dimensions, as a new last dimension."""
    first, second = normalize_dim(dim1, input.ndim, "dim1"), normalize_dim(dim2, input.ndim, "dim2")
    return _diagonal(input, offset, first, second)


@op("torch.linalg.diagonal", ranks=(2, 3))
def linalg_diagonal(A: Tensor, *, offset: Size = 0, dim1: Size = -2, dim2: Size = -1) -> Tensor:
    """The diagonals of the planes of two dimensions, as a new last dimension."""
    first, second = normalize_dim(dim1, A.ndim, "dim1", "A"), normalize_dim(dim2, A.ndim, "dim2", "A")
    return _diagonal(A, offset, first, second)


def _diagonal(input: Tensor, offset: Size, first: int, second: int) -> Tensor:
    if first == second:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} needs two dimensions, but both are {first}",
            torch=f"diagonal dimensions cannot be identical {first}, {second}",
        )
    shift = known_int(offset, "the offset")
    rows, columns = input.shape[first], input.shape[second]
    if shift >= 0:
        columns = columns - shift
    else:
        rows = rows + shift
    length = clipped(minimum(rows, columns))
    kept = [d for d in range(input.ndim) if d not in (first, second)]
    strides: Strides | None = input.strides
    if strides is not None:
        strides = (*(strides[d] for d in kept), strides[first] + strides[second])
    return view_of(input, (*(input.shape[d] for d in kept), length), strides)


def clipped(size: Size) -> Size:
    """The size, or 0 where it would be negative."""
    if isinstance(size, int):
        return max(size, 0)
    return size if same(maximum(size, 0), size) is Truth.YES else maximum(size, 0)


@op("torch.diag", "torch.Tensor.diag", ranks=(1, 2))
def diag(input: Tensor, diagonal: Size = 0) -> Tensor:
    """The diagonal of a matrix, or the matrix with this diagonal."""
    if input.ndim == 2:
        return copy_of(input, _diagonal(input, diagonal, 0, 1).shape)
    if input.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [n] or [n, m], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D",
            label=show_shape(input.shape),
        )
    side = input.shape[0] + abs(known_int(diagonal, "the offset"))
    return copy_of(input, (side, side))


@op("torch.diagflat", "torch.Tensor.diagflat")
def diagflat(input: Tensor, offset: Size = 0) -> Tensor:
    """The matrix whose diagonal holds all elements."""
    side = input.numel() + abs(known_int(offset, "the offset"))
    return copy_of(input, (side, side))


@op("torch.diag_embed", "torch.Tensor.diag_embed")
def diag_embed(input: Tensor, offset: Size = 0, dim1: Size = -2, dim2: Size = -1) -> Tensor:
    """The last dimension as the diagonal of a plane of two dimensions."""
    rank = input.ndim + 1
    first, second = normalize_dim(dim1, rank, "dim1"), normalize_dim(dim2, rank, "dim2")
    if first == second:
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} needs two dimensions, but both are {first}",
            torch=f"diagonal dimensions cannot be identical {first}, {second}",
        )
    side = input.shape[-1] + abs(known_int(offset, "the offset"))
    rest = iter(input.shape[:-1])
    return copy_of(input, tuple(side if d in (first, second) else next(rest) for d in range(rank)))


@op("torch.trace", "torch.Tensor.trace", ranks=(2,))
def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix."""
    if input.ndim != 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a matrix, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="trace: expected a matrix",
            label=show_shape(input.shape),
        )
    return copy_of(input, (), int64 if input.dtype.is_integral else None)
