"""Several tensors made one: `cat`, `stack` and their kin, `block_diag`, `atleast_*d`."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import normalize_dim, require_same
from torchlint.ops.dtypes import result_type
from torchlint.ops.elements import stored
from torchlint.ops.expanding import all_tensors
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.ops.shaping import reshaped
from torchlint.ops.strides import view_of
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.rounds import Rounds, Series, mentions
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor
from torchlint.values.unknown import Unknown


def _require_some(tensors: Sequence[Tensor]) -> None:
    if not tensors:
        raise ShapeError(
            "cat-mismatch",
            "{callee} is given no tensors",
            blame="tensors",
            torch="expected a non-empty list of Tensors",
        )


def concatenated(tensors: Sequence[Tensor], dim: Size, shapes: Sequence[Shape] | None = None) -> Tensor:
    """The tensors one after the other along `dim`; TL106 cat-mismatch unless all other sizes are equal."""
    _require_some(tensors)
    shapes = shapes or [t.shape for t in tensors]
    dtype = result_type(*tensors)
    kept = [(i, s) for i, s in enumerate(shapes) if s != (0,)]  # [0] joins with anything
    if not kept:
        normalize_dim(dim, 1)
        return result((0,), dtype, *tensors)
    first_index, first = kept[0]
    if not first or any(not s for _, s in kept):
        raise ShapeError(
            "cat-mismatch",
            "{callee} joins tensors along a dimension, but one of {tensors} has none",
            blame="tensors",
            torch=f"zero-dimensional tensor (at position {first_index}) cannot be concatenated",
        )
    axis = normalize_dim(dim, len(first), tensor="tensors")
    total: Size = 0
    for index, shape in kept:
        _require_joinable(first, shape, axis, first_index, index)
        total = total + shape[axis]
    joined = (*first[:axis], total, *first[axis + 1 :])
    known = all(t.is_contiguous_by_construction for t in tensors)
    values = None
    if axis == 0 and all(t.values is not None for t in tensors):
        values = stored(tuple(v for t in tensors for v in t.values or ()), dtype)
    return result(joined, dtype, *tensors, strides=CONTIGUOUS if known else None, values=values)


def _require_joinable(first: Shape, other: Shape, axis: int, first_index: int, index: int) -> None:
    if len(first) != len(other):
        raise ShapeError(
            "cat-mismatch",
            f"{{callee}} joins tensors of equal rank, but {{tensors.{first_index}}} is {show_shape(first)} and "
            f"{{tensors.{index}}} is {show_shape(other)}",
            blame="tensors",
            torch=f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}",
            label=f"{show_shape(first)} and {show_shape(other)}",
        )
    for dim, (a, b) in enumerate(zip(first, other)):
        if dim != axis:
            require_same(a, b, lambda: _unequal(first, other, axis, first_index, index, dim))  # noqa: B023


def _unequal(first: Shape, other: Shape, axis: int, first_index: int, index: int, dim: int) -> ShapeError:
    return ShapeError(
        "cat-mismatch",
        f"{{callee}} joins along dimension {axis}, but {{tensors.{first_index}}} is "
        f"{show_shape(first)} and {{tensors.{index}}} is {show_shape(other)}: "
        f"{show(first[dim])} against {show(other[dim])} in dimension {dim}",
        blame="tensors",
        torch=f"Sizes of tensors must match except in dimension {axis}. Expected size {show(first[dim])} "
        "but got size "
        f"{show(other[dim])} for tensor number {index} in the list.",
        label=f"{show_shape(first)} and {show_shape(other)}",
    )


def _each(tensors: Sequence[Tensor] | Unknown) -> tuple[Sequence[Tensor], list[Size]]:
    """The tensors, each with how often it stands in the sequence: as often as a loop of a symbolic length has rounds."""
    if not isinstance(tensors, Unknown):
        return tensors, [1] * len(tensors)
    if not isinstance(tensors, Series) or tensors.parts is None:
        raise Undecided(tensors.reason)
    found: list[Tensor] = []
    times: list[Size] = []
    for part in tensors.parts:
        for item in part.items if isinstance(part, Rounds) else (part,):
            if not isinstance(item, Tensor) or (isinstance(part, Rounds) and mentions(item, [part.number])):
                raise Undecided(tensors.reason)
            found.append(item)
            times.append(part.count if isinstance(part, Rounds) else 1)
    return found, times


def _joined(tensors: Sequence[Tensor] | Unknown, dim: Size) -> Tensor:
    each, times = _each(tensors)
    if not isinstance(tensors, Unknown):
        return concatenated(each, dim)
    axis = normalize_dim(dim, each[0].ndim, tensor="tensors") if each and each[0].ndim else 0
    shapes = [
        (*t.shape[:axis], t.shape[axis] * n, *t.shape[axis + 1 :]) if t.ndim > axis else t.shape for t, n in zip(each, times)
    ]
    made = concatenated(each, dim, shapes)
    made.values = None
    return made


@op("torch.cat")
def cat(tensors: Sequence[Tensor] | Unknown, dim: Size = 0, *, out: object = None) -> Tensor:
    """The tensors one after the other along `dim`."""
    return _joined(tensors, dim)


@op("torch.concat", "torch.concatenate")
def concat(tensors: Sequence[Tensor] | Unknown, dim: Size = 0, *, axis: Size | None = None, out: object = None) -> Tensor:
    """The tensors one after the other along `dim`."""
    return _joined(tensors, dim if axis is None else axis)


@op("torch.stack")
def stack(tensors: Sequence[Tensor] | Unknown, dim: Size = 0, *, out: object = None) -> Tensor:
    """The tensors side by side along a new dimension `dim`."""
    each, times = _each(tensors)
    _require_some(each)
    first = each[0].shape
    axis = normalize_dim(dim, len(first) + 1, tensor="tensors")
    for index, tensor in enumerate(each):
        _require_equal_shapes(first, tensor.shape, index)
    dtype = result_type(*each)
    values = None
    if axis == 0 and all(t.values is not None for t in each) and not isinstance(tensors, Unknown):
        values = stored(tuple(v for t in each for v in t.values or ()), dtype)
    known = all(t.is_contiguous_by_construction for t in each)
    return result(
        (*first[:axis], sum(times), *first[axis:]),
        dtype,
        *each,
        strides=CONTIGUOUS if known else None,
        values=values,
    )


def _require_equal_shapes(first: Shape, other: Shape, index: int) -> None:
    def unequal() -> ShapeError:
        return ShapeError(
            "cat-mismatch",
            f"{{callee}} needs tensors of one shape, but {{tensors.0}} is {show_shape(first)} and "
            f"{{tensors.{index}}} is {show_shape(other)}",
            blame="tensors",
            torch=f"stack expects each tensor to be equal size, but got {show_shape(first)} at entry 0 and "
            f"{show_shape(other)} at entry {index}",
            label=f"{show_shape(first)} and {show_shape(other)}",
        )

    if len(first) != len(other):
        raise unequal()
    for a, b in zip(first, other):
        require_same(a, b, unequal)


def _padded(tensor: Tensor, rank: int) -> Tensor:
    """At least that many dimensions, as `torch.atleast_*d` adds them."""
    if tensor.ndim >= rank:
        return tensor
    shape = tensor.shape
    if rank == 3:
        shape = (1, *shape, 1) if len(shape) == 1 else (*shape, 1) if len(shape) == 2 else (1, 1, 1)
    else:
        shape = (1,) * (rank - len(shape)) + shape
    return reshaped(tensor, shape)


@op("torch.hstack")
def hstack(tensors: Sequence[Tensor], *, out: object = None) -> Tensor:
    """Joined along dimension 1, or dimension 0 of 1-D tensors."""
    _require_some(tensors)
    given = [_padded(t, 1) for t in tensors]
    return concatenated(given, 0 if given[0].ndim == 1 else 1)


@op("torch.vstack", "torch.row_stack")
def vstack(tensors: Sequence[Tensor], *, out: object = None) -> Tensor:
    """Joined along dimension 0; 1-D tensors are rows."""
    _require_some(tensors)
    return concatenated([_padded(t, 2) for t in tensors], 0)


@op("torch.dstack")
def dstack(tensors: Sequence[Tensor], *, out: object = None) -> Tensor:
    """Joined along dimension 2."""
    _require_some(tensors)
    return concatenated([_padded(t, 3) for t in tensors], 2)


@op("torch.column_stack")
def column_stack(tensors: Sequence[Tensor], *, out: object = None) -> Tensor:
    """Joined along dimension 1; 1-D tensors are columns."""
    _require_some(tensors)
    return concatenated([t if t.ndim > 1 else reshaped(t, (t.numel(), 1)) for t in tensors], 1)


@op("torch.block_diag")
def block_diag(*tensors: Tensor | Sequence[Tensor]) -> Tensor:
    """A matrix with the given matrices on its diagonal."""
    rows: Size = 0
    columns: Size = 0
    given = all_tensors(tensors)
    for tensor in given:
        if tensor.ndim > 2:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes at most 2 dimensions, but one of {{tensors}} is {show_shape(tensor.shape)}",
                blame="tensors",
                torch=f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Got {tensor.ndim}D",
            )
        height, width = ((1,) * (2 - tensor.ndim) + tensor.shape) if tensor.ndim < 2 else tensor.shape
        rows, columns = rows + height, columns + width
    if not given:
        return Tensor((1, 0))
    return result((rows, columns), result_type(*given), *given)


def _atleast(tensors: tuple[object, ...], rank: int) -> Tensor | tuple[Tensor, ...]:
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return _as_view(tensors[0], rank)
    return tuple(_as_view(t, rank) for t in all_tensors(tensors))


def _as_view(tensor: Tensor, rank: int) -> Tensor:
    padded = _padded(tensor, rank)
    return padded if padded is not tensor else view_of(tensor, tensor.shape, tensor.strides, tensor.values)


@op("torch.atleast_1d")
def atleast_1d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each with at least 1 dimension."""
    return _atleast(tensors, 1)


@op("torch.atleast_2d")
def atleast_2d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each with at least 2 dimensions, new ones in front."""
    return _atleast(tensors, 2)


@op("torch.atleast_3d")
def atleast_3d(*tensors: Tensor | Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    """Each with at least 3 dimensions: `[n]` is `[1, n, 1]`, `[n, m]` is `[n, m, 1]`."""
    return _atleast(tensors, 3)
