"""`einops.pack` and `einops.unpack`: tensors of different ranks, joined along the axis that a pattern writes as `*`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.einops import mismatch
from torchlint.ops.joining import concatenated
from torchlint.ops.registry import op
from torchlint.ops.shaping import reshaped
from torchlint.ops.striding import narrow
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor, TorchSize


def _axes_around(pattern: str) -> tuple[int, int]:
    """How many axes stand before and behind the `*`."""
    axes = pattern.split()
    if len(set(axes)) < len(axes):
        raise mismatch("an axis stands twice in {pattern}", f'Duplicates in axes names in "{pattern}"')
    if "*" not in axes:
        raise mismatch("{pattern} has no `*`", f'No *-axis in "{pattern}"')
    wrong = next((axis for axis in axes if axis != "*" and not axis.isidentifier()), None)
    if wrong is not None:
        raise mismatch(f"`{wrong}` in {{pattern}} is no name of an axis", f"Invalid axis name {wrong}")
    before = axes.index("*")
    return before, len(axes) - before - 1


@op("einops.pack")
def pack(tensors: Sequence[Tensor], pattern: str) -> tuple[Tensor, list[Shape]]:
    """The tensors joined along `*`, and what `*` stood for in each of them."""
    before, behind = _axes_around(pattern)
    packed: list[Tensor] = []
    shapes: list[Shape] = []
    for index, tensor in enumerate(tensors):
        if tensor.ndim < before + behind:
            raise mismatch(
                f"tensor {index} of {{tensors}} is {show_shape(tensor.shape)}, but {{pattern}} takes at least "
                f"{before + behind} axes",
                f"packed tensor #{index} has shape {show_shape(tensor.shape)}, while pattern {pattern} assumes at least "
                f"{before + behind} axes",
                "tensors",
                tensor,
            )
        end = tensor.ndim - behind
        shapes.append(TorchSize(tensor.shape[before:end]))
        shape = (*tensor.shape[:before], product(tensor.shape[before:end]), *tensor.shape[end:])
        packed.append(reshaped(tensor, shape))
    return concatenated(packed, before), shapes


@op("einops.unpack")
def unpack(tensor: Tensor, packed_shapes: Shape, pattern: str) -> list[Tensor]:
    """The tensors that `pack` joined: slices along `*`, each in its own shape; one size may be -1."""
    before, behind = _axes_around(pattern)
    if tensor.ndim != before + 1 + behind:
        raise mismatch(
            f"{{tensor}} is {show_shape(tensor.shape)}, but {{pattern}} has {before + 1 + behind} axes",
            f"unpack(..., {pattern}) received input of wrong dim with shape {show_shape(tensor.shape)}",
            "tensor",
            tensor,
        )
    shapes: list[Any] = list(packed_shapes)
    if any(not isinstance(shape, tuple) for shape in shapes):
        raise Undecided("a packed shape is no list of sizes")
    lengths = _lengths(tensor, shapes, tensor.shape[before])
    start: Size = 0
    pieces: list[Tensor] = []
    for shape, length in zip(shapes, lengths):
        known = tuple(size for size in shape if size != -1)
        full = tuple(length // product(known) if size == -1 else size for size in shape)
        piece = narrow(tensor, before, start, length)
        pieces.append(reshaped(piece, (*tensor.shape[:before], *full, *tensor.shape[before + 1 :])))
        start = start + length
    return pieces


def _lengths(tensor: Tensor, shapes: list[Shape], total: Size) -> list[Size]:
    """How many of the packed axis each shape takes; what has a -1 takes what the others leave."""

    def unfit() -> ShapeError:
        wanted = ", ".join(show_shape(shape) for shape in shapes)
        return mismatch(
            f"the {show(total)} of {{tensor}} along `*` are not divided into {wanted}",
            f"could not split axis of size {show(total)} into requested {wanted}",
            "packed_shapes",
            tensor,
        )

    open_ended = [index for index, shape in enumerate(shapes) if -1 in shape]
    if len(open_ended) > 1 or any(shape.count(-1) > 1 for shape in shapes):
        raise mismatch(
            "more than one size in {packed_shapes} is -1",
            "received more than one -1 and can't infer dimensions",
            "packed_shapes",
        )
    lengths = [product(tuple(size for size in shape if size != -1)) for shape in shapes]
    taken: Size = 0
    for index, length in enumerate(lengths):
        if index not in open_ended:
            taken = taken + length
    if not open_ended:
        require_same(taken, total, unfit)
        return lengths
    rest = total - taken
    require(rest, ">=", 0, unfit)
    require(lengths[open_ended[0]], "divides", rest, unfit)
    lengths[open_ended[0]] = rest
    return lengths
