"""One tensor cut into views: `split`, `chunk`, `tensor_split`, `unbind` and their kin."""

from __future__ import annotations

import itertools

from torchlint.dims.expr import Expr, Size
from torchlint.dims.facts import facts
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import known_int, normalize_dim, require_same
from torchlint.ops.elements import cut
from torchlint.ops.registry import op
from torchlint.ops.slicing import slice_of
from torchlint.ops.striding import with_axis, without_axis
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.rounds import Rounds, Series
from torchlint.values.tensor import Shape, Tensor

MAX_PIECES = 4096
"""More pieces than this are not listed: the result is Unknown."""


def _axis_of(input: Tensor, dim: Size) -> int:
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} needs a dimension to cut, but {input} has none",
            blame="input",
            torch="expects at least a 1-dimensional tensor",
        )
    return normalize_dim(dim, input.ndim)


def _pieces(input: Tensor, axis: int, sizes: list[Size]) -> tuple[Tensor, ...]:
    pieces: list[Tensor] = []
    start: Size = 0
    for size in sizes:
        piece = with_axis(input, axis, size)
        piece.values = cut(input, axis, start, size)
        pieces.append(piece)
        start = start + size
    return tuple(pieces)


def _in_steps(input: Tensor, axis: int, step: Size) -> tuple[Tensor, ...] | Series:
    """Pieces of `step`, the last one smaller."""
    size = input.shape[axis]
    if isinstance(step, int) and step < 0:
        raise ShapeError(
            "bad-call",
            f"{{callee}} cannot cut pieces of {step}",
            torch=f"split expects split_size be non-negative, but got split_size={step}",
        )
    if step == 0:
        require_same(
            size,
            0,
            lambda: ShapeError(
                "bad-call",
                f"{{callee}} cannot cut {show(size)} into pieces of 0",
                torch=f"split_size can only be 0 if dimension size is 0, but got dimension size of {show(size)}",
            ),
        )
        return _pieces(input, axis, [size])
    count = facts().resolve((size + step - 1) // step) if isinstance(size, Expr) else -(-size // step)
    if isinstance(count, Expr):
        if count * step == size:
            return Series([Rounds(count, (with_axis(input, axis, step),))], tuple)
        raise Undecided(f"the number of pieces of {show(size)} depends on the input")
    count = max(count, 1)
    if count > MAX_PIECES:
        raise Undecided("there are very many pieces")
    return _pieces(input, axis, [*([step] * (count - 1)), size - step * (count - 1)])


def _by_sizes(input: Tensor, axis: int, sizes: Shape) -> tuple[Tensor, ...]:
    size = input.shape[axis]
    total: Size = 0
    for piece in sizes:
        if isinstance(piece, int) and piece < 0:
            raise ShapeError(
                "dim-out-of-range",
                f"{{callee}} cannot cut a piece of {piece}",
                torch="split_with_sizes expects split_sizes have only non-negative entries",
            )
        total = total + piece
    require_same(
        total,
        size,
        lambda: ShapeError(
            "dim-out-of-range",
            f"{{callee}} cuts pieces of {show_shape(sizes)}, which are {show(total)} together, but "
            f"dimension {axis} of "
            f"{{input}} is {show(size)}",
            blame="input",
            torch=f"split_with_sizes expects split_sizes to sum exactly to {show(size)} (input tensor's "
            "size at "
            f"dimension {axis}), but got split_sizes={show_shape(sizes)}",
            label=show_shape(input.shape),
            result=_pieces(input, axis, list(sizes)),
        ),
    )
    return _pieces(input, axis, list(sizes))


@op("torch.split")
def split(tensor: Tensor, split_size_or_sections: Size | Shape, dim: Size = 0) -> tuple[Tensor, ...] | Series:
    """Pieces of one size, the last one smaller; or of the given sizes."""
    axis = _axis_of(tensor, dim)
    if isinstance(split_size_or_sections, tuple):
        return _by_sizes(tensor, axis, split_size_or_sections)
    return _in_steps(tensor, axis, split_size_or_sections)


@op("torch.Tensor.split")
def split_method(input: Tensor, split_size: Size | Shape, dim: Size = 0) -> tuple[Tensor, ...] | Series:
    """Pieces of one size, the last one smaller; or of the given sizes."""
    return split(input, split_size, dim)


@op("torch.unsafe_split", "torch.Tensor.unsafe_split")
def unsafe_split(input: Tensor, split_size: Size, dim: Size = 0) -> tuple[Tensor, ...] | Series:
    """Pieces of one size, the last one smaller."""
    return split(input, split_size, dim)


@op(
    "torch.split_with_sizes",
    "torch.Tensor.split_with_sizes",
    "torch.unsafe_split_with_sizes",
    "torch.Tensor.unsafe_split_with_sizes",
)
def split_with_sizes(input: Tensor, split_sizes: Shape, dim: Size = 0) -> tuple[Tensor, ...]:
    """Pieces of the given sizes."""
    return _by_sizes(input, _axis_of(input, dim), split_sizes)


@op("torch.chunk", "torch.Tensor.chunk", "torch.unsafe_chunk", "torch.Tensor.unsafe_chunk")
def chunk(input: Tensor, chunks: Size, dim: Size = 0) -> tuple[Tensor, ...] | Series:
    """Pieces of `ceil(size / chunks)` along `dim`, the last one smaller: there may be fewer than `chunks`."""
    axis = _axis_of(input, dim)
    count = known_int(chunks, "the number of chunks")
    if count < 1:
        raise ShapeError(
            "bad-call",
            f"{{callee}} cannot make {count} pieces",
            blame="chunks",
            torch=f"chunk expects `chunks` to be greater than 0, got: {count}",
        )
    size = input.shape[axis]
    if size == 0:
        return _pieces(input, axis, [0] * count)
    if isinstance(size, Expr) and count > 1:
        whole = size // count
        if whole * count == size:
            return _pieces(input, axis, [whole] * count)
    return _in_steps(input, axis, (size + count - 1) // count)


@op("torch.tensor_split", "torch.Tensor.tensor_split")
def tensor_split(
    input: Tensor,
    indices_or_sections: Tensor | Size | Shape | None = None,
    dim: Size = 0,
    *,
    indices: Shape | None = None,
    sections: Size | None = None,
) -> tuple[Tensor, ...]:
    """So many pieces, the first ones larger by 1; or cut at the given indices."""
    axis = _axis_of(input, dim)
    where = indices_or_sections
    if where is None:
        where = indices if indices is not None else sections
    if isinstance(where, Tensor):
        if where.values is None:
            raise Undecided("where to split is read from the elements of a tensor")
        where = where.values if where.ndim else where.values[0]
    if isinstance(where, tuple):
        return _cut_at(input, axis, where)
    if where is None:
        raise ShapeError("bad-call", "{callee} is not told where to split", torch="missing required argument: indices")
    return _in_equal_parts(input, axis, known_int(where, "the number of sections"))


def _cut_at(input: Tensor, axis: int, indices: Shape) -> tuple[Tensor, ...]:
    size = input.shape[axis]
    ends: tuple[Size | None, ...] = (0, *indices, None)
    lengths = [slice_of(slice(a, b), size)[1] for a, b in itertools.pairwise(ends)]
    return _pieces(input, axis, lengths)


def _in_equal_parts(input: Tensor, axis: int, sections: int) -> tuple[Tensor, ...]:
    if sections < 1:
        raise ShapeError(
            "bad-call",
            f"{{callee}} cannot make {sections} pieces",
            torch=f"number of sections must be larger than 0, got {sections}",
        )
    size = input.shape[axis]
    if sections > MAX_PIECES:
        raise Undecided("there are very many pieces")
    return _pieces(input, axis, [(size + sections - 1 - i) // sections for i in range(sections)])


def _stack_split(input: Tensor, where: object, least: int, axis: int) -> tuple[Tensor, ...]:
    if input.ndim < least:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} needs at least {least} dimension{'s' * (least != 1)}, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"requires a tensor with at least {least} dimension, but got a tensor with {input.ndim} dimensions!",
            label=show_shape(input.shape),
        )
    if isinstance(where, tuple):
        return _cut_at(input, axis, where)
    assert isinstance(where, (int, Expr))
    sections = known_int(where, "the number of sections")
    size = input.shape[axis]
    if sections < 1:
        return _in_equal_parts(input, axis, sections)
    require_same(
        size % sections,
        0,
        lambda: ShapeError(
            "reshape-size",
            f"dimension {axis} of {{input}} is {show(size)}, which does not divide into {sections} equal pieces",
            blame="input",
            torch=f"attempted to split along dimension {axis}, but the size of the dimension {show(size)} "
            "is not "
            f"divisible by the split_size {sections}!",
            label=show_shape(input.shape),
        ),
    )
    return _in_equal_parts(input, axis, sections)


@op("torch.hsplit")
def hsplit(input: Tensor, indices_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 1, or dimension 0 of a 1-D tensor."""
    return _stack_split(input, indices_or_sections, 1, 0 if input.ndim == 1 else 1)


@op("torch.vsplit")
def vsplit(input: Tensor, indices_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 0."""
    return _stack_split(input, indices_or_sections, 2, 0)


@op("torch.dsplit")
def dsplit(input: Tensor, indices_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 2."""
    return _stack_split(input, indices_or_sections, 3, 2)


def _one_of(arguments: tuple[object, ...]) -> object:
    if not arguments:
        raise ShapeError("bad-call", "{callee} is not told where to cut", torch="received an invalid combination of arguments")
    return arguments[0] if len(arguments) == 1 else arguments


@op("torch.Tensor.hsplit")
def hsplit_method(input: Tensor, *split_size_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 1, or dimension 0 of a 1-D tensor."""
    return _stack_split(input, _one_of(split_size_or_sections), 1, 0 if input.ndim == 1 else 1)


@op("torch.Tensor.vsplit")
def vsplit_method(input: Tensor, *split_size_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 0."""
    return _stack_split(input, _one_of(split_size_or_sections), 2, 0)


@op("torch.Tensor.dsplit")
def dsplit_method(input: Tensor, *split_size_or_sections: Size | Shape) -> tuple[Tensor, ...]:
    """Cut along dimension 2."""
    return _stack_split(input, _one_of(split_size_or_sections), 3, 2)


@op("torch.unbind", "torch.Tensor.unbind")
def unbind(input: Tensor, dim: Size = 0) -> tuple[Tensor, ...] | Series:
    """The slices across `dim`, without it."""
    axis = _axis_of(input, dim)
    size = facts().resolve(input.shape[axis])
    if isinstance(size, Expr):
        return Series([Rounds(size, (without_axis(input, axis),))], tuple)
    count = known_int(input.shape[axis], "the number of slices")
    if count > MAX_PIECES:
        raise Undecided("there are very many slices")
    pieces = tuple(without_axis(input, axis) for _ in range(count))
    if axis == 0 and input.values is not None and count:
        step = len(input.values) // count
        for index, piece in enumerate(pieces):
            piece.values = input.values[index * step : (index + 1) * step]
    return pieces


@op("torch.Tensor.__iter__")
def iterate(input: Tensor) -> tuple[Tensor, ...] | Series:
    """The slices across dimension 0."""
    if input.ndim == 0:
        raise ShapeError("wrong-rank", "{input} has no dimension to iterate over", torch="iteration over a 0-d tensor")
    return unbind(input)
