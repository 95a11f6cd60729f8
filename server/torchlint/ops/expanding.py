"""Tensors made larger by repeating: `expand`, `repeat`, `tile`, `broadcast_to`, `repeat_interleave`."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require_same, same
from torchlint.ops.registry import op
from torchlint.ops.shaping import sizes_of
from torchlint.ops.strides import copy_of, view_of
from torchlint.values.dtype import int32, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor, TorchSize


def all_tensors(tensors: tuple[object, ...]) -> tuple[Tensor, ...]:
    """The tensors of `f(a, b)` or `f([a, b])`."""
    if len(tensors) == 1 and isinstance(tensors[0], tuple):
        return tensors[0]
    return tensors  # type: ignore[return-value]


def expanded(input: Tensor, shape: Shape) -> Tensor:
    """The view of `input` in a larger shape, -1 keeping a size; TL107 reshape-size where it does not fit."""
    if len(shape) < input.ndim:
        raise ShapeError(
            "reshape-size",
            f"{{callee}} is asked for {show_shape(shape)}, but {{input}} {show_shape(input.shape)} has more dimensions",
            blame="input",
            torch=f"the number of sizes provided ({len(shape)}) must be greater or equal to the number of "
            "dimensions "
            f"in the tensor ({input.ndim})",
            label=show_shape(input.shape),
        )
    new = len(shape) - input.ndim
    old_strides = input.strides
    sizes: list[Size] = []
    strides: list[Size] | None = [] if old_strides is not None else None
    for dim, wanted in enumerate(shape):
        current = input.shape[dim - new] if dim >= new else None
        size, repeats = _expanded_size(input, shape, dim, current, wanted)
        sizes.append(size)
        if strides is not None and old_strides is not None:
            fresh = sizes[dim] if dim < new else None
            strides.append(0 if repeats or fresh is not None else old_strides[dim - new])
    return view_of(input, tuple(sizes), None if strides is None else tuple(strides))


def _expanded_size(input: Tensor, shape: Shape, dim: int, current: Size | None, wanted: Size) -> tuple[Size, bool]:
    """The size in the result, and whether the dimension is repeated."""
    if isinstance(wanted, int) and wanted < 0:
        if wanted == -1 and current is not None:
            return current, False
        raise ShapeError(
            "reshape-size",
            f"size {wanted} in {show_shape(shape)} stands for no dimension of {{input}} {show_shape(input.shape)}",
            blame="input",
            torch=f"The expanded size of the tensor ({wanted}) isn't allowed in a leading, non-existing dimension {dim}",
            label=show_shape(input.shape),
        )
    if current is None:
        return wanted, True
    if same(current, wanted) is Truth.YES:
        return current if isinstance(current, int) else wanted, False
    if same(current, 1) is Truth.YES:
        return wanted, True
    require_same(
        current,
        wanted,
        lambda: ShapeError(
            "reshape-size",
            f"{{input}} {show_shape(input.shape)} cannot be expanded to {show_shape(shape)}: dimension "
            f"{dim} would be "
            f"{show(wanted)}, but is {show(current)}",
            blame="input",
            torch=f"The expanded size of the tensor ({show(wanted)}) must match the existing size "
            f"({show(current)}) at "
            f"non-singleton dimension {dim}.  Target sizes: {show_shape(shape)}.  Tensor sizes: "
            f"{show_shape(input.shape)}",
            label=show_shape(input.shape),
            result=copy_of(input, shape),
        ),
    )
    return wanted, False


@op("torch.Tensor.expand")
def expand(input: Tensor, *size: Size | Shape, implicit: object = False, **keyword: Shape) -> Tensor:
    """Dimensions of size 1 repeated without a copy, and new ones in front; -1 keeps a size."""
    return expanded(input, sizes_of(size, keyword.get("size")))


@op("torch.Tensor.expand_as")
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """Expanded to the shape of `other`."""
    return expanded(input, other.shape)


@op("torch.broadcast_to")
def broadcast_to(input: Tensor, size: Shape) -> Tensor:
    """Expanded to `size`."""
    return expanded(input, size)


@op("torch.Tensor.broadcast_to")
def broadcast_to_method(input: Tensor, *size: Size | Shape, **keyword: Shape) -> Tensor:
    """Expanded to `size`, which may be given one by one."""
    return expanded(input, sizes_of(size, keyword.get("size")))


@op("torch.broadcast_tensors")
def broadcast_tensors(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Each tensor expanded to the shape that they have together."""
    given = all_tensors(tensors)
    shape = broadcast_shapes(*(t.shape for t in given), names=("tensors",) * len(given))
    return tuple(expanded(t, shape) for t in given)


@op("torch.broadcast_shapes")
def broadcast_shapes_of(*shapes: Size | Shape) -> TorchSize:
    """The shape that tensors of these shapes have together."""
    given = tuple(s if isinstance(s, tuple) else (s,) for s in shapes)
    return TorchSize(broadcast_shapes(*given, names=("shapes",) * len(given)))


def _repeated(input: Tensor, repeats: Shape) -> Tensor:
    if len(repeats) < input.ndim:
        raise ShapeError(
            "reshape-size",
            f"{{callee}} is given {len(repeats)} repeat{'s' * (len(repeats) != 1)} "
            f"for the {input.ndim} dimensions of {{input}} {show_shape(input.shape)}",
            blame="input",
            torch="Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
            label=show_shape(input.shape),
        )
    negative = next((r for r in repeats if isinstance(r, int) and r < 0), None)
    if negative is not None:
        raise ShapeError(
            "reshape-size",
            f"{{callee}} cannot repeat {negative} times",
            torch=f"Trying to create tensor with negative dimension {negative}",
        )
    padded = (1,) * (len(repeats) - input.ndim) + input.shape
    return copy_of(input, tuple(n * r for n, r in zip(padded, repeats)))


@op("torch.Tensor.repeat")
def repeat(input: Tensor, *repeats: Size | Shape, **keyword: Shape) -> Tensor:
    """Copied `repeats[i]` times along dimension `i`; more repeats than dimensions add dimensions in front."""
    return _repeated(input, sizes_of(repeats, keyword.get("repeats")))


@op("torch.tile")
def tile(input: Tensor, dims: Shape) -> Tensor:
    """Like `repeat`, with repeats of 1 in front where there are fewer than dimensions."""
    return _repeated(input, (1,) * (input.ndim - len(dims)) + dims)


@op("torch.Tensor.tile")
def tile_method(input: Tensor, *dims: Size | Shape, **keyword: Shape) -> Tensor:
    """Like `repeat`, with repeats of 1 in front where there are fewer than dimensions."""
    return tile(input, sizes_of(dims, keyword.get("dims")))


@op("torch.repeat_interleave", "torch.Tensor.repeat_interleave")
def repeat_interleave(
    input: Tensor,
    repeats: Tensor | Size | None = None,
    dim: Size | None = None,
    *,
    output_size: Size | None = None,
) -> Tensor:
    """Every element (or slice along `dim`) repeated in place."""
    if repeats is None:
        return _repeated_indices(input, output_size)
    if dim is None:
        input, dim = copy_of(input, (input.numel(),)), 0
    axis = normalize_dim(dim, input.ndim)
    size = input.shape[axis] if input.ndim else 1
    count = output_size if output_size is not None else _interleaved_size(size, repeats)
    return copy_of(input, (*input.shape[:axis], count, *input.shape[axis + 1 :]))


def _interleaved_size(size: Size, repeats: Tensor | Size) -> Size:
    if not isinstance(repeats, Tensor):
        if isinstance(repeats, int) and repeats < 0:
            raise ShapeError(
                "reshape-size",
                f"{{callee}} cannot repeat {repeats} times",
                blame="repeats",
                torch=f"Repeats must be non-negative, got {repeats}",
            )
        return size * repeats
    _check_repeats(repeats)
    count = repeats.shape[0] if repeats.ndim else 1
    if repeats.ndim == 0 or count == 1:
        if repeats.values is not None:
            times: Size = repeats.values[0]
            return size * times
    else:
        require_same(
            count,
            size,
            lambda: ShapeError(
                "reshape-size",
                f"{{repeats}} has {show(count)} numbers for the {show(size)} slices of {{input}}",
                blame="repeats",
                torch="repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{show(count)} and "
                f"input.size(0) = {show(size)}",
                label=show_shape(repeats.shape),
            ),
        )
        if repeats.values is not None:
            total: Size = sum(repeats.values)
            return total
    return symbol("n", Kind.DATA, minimum=0)


def _check_repeats(repeats: Tensor) -> None:
    if repeats.ndim > 1:
        raise ShapeError(
            "wrong-rank",
            f"{{repeats}} must be a number or 1-D, but is {show_shape(repeats.shape)}",
            blame="repeats",
            torch="repeats must be 0-dim or 1-dim tensor",
            label=show_shape(repeats.shape),
        )
    if repeats.dtype not in (int32, int64):
        raise ShapeError(
            "dtype-mismatch",
            f"{{repeats}} must be int32 or int64, but is {repeats.dtype.name}",
            blame="repeats",
            torch="repeats has to be Long or Int tensor",
            label=repeats.dtype.name,
        )


def _repeated_indices(repeats: Tensor, output_size: Size | None) -> Tensor:
    """`torch.repeat_interleave(repeats)`: index `i`, `repeats[i]` times."""
    _check_repeats(repeats)
    if repeats.ndim == 0:
        raise ShapeError("wrong-rank", "{callee} takes a 1-D tensor of repeats, but {input} has no dimension", blame="input",
                         torch="repeat_interleave only accept 1D vector as repeat")  # fmt: skip
    if output_size is None:
        output_size = sum(repeats.values) if repeats.values is not None else symbol("n", Kind.DATA, minimum=0)
    return Tensor((output_size,), repeats.dtype, device=repeats.device)
