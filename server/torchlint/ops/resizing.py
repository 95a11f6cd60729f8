"""Tensors that change their own size in memory: `resize_`, `resize_as_`, `set_`; and sums that undo broadcasting."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import decide_same
from torchlint.ops.axes import become
from torchlint.ops.creation import made
from torchlint.ops.reductions import sum_
from torchlint.ops.registry import op
from torchlint.ops.shaping import sizes_of
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor


@op("torch.Tensor.resize_")
def resize_(input: Tensor, *sizes: Size | Shape, memory_format: object = None, **keyword: Shape) -> Tensor:
    """The tensor itself with other sizes, row-major, whatever its elements were."""
    if memory_format is not None:
        raise Undecided("memory formats are not modelled")
    shape = sizes_of(sizes, keyword.get("size"))
    return input if shape == input.shape else become(input, made(shape, input.dtype))


@op("torch.resize_as_", "torch.Tensor.resize_as_")
def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: object = None) -> Tensor:
    """The tensor itself with the sizes of another."""
    return resize_(input, the_template.shape, memory_format=memory_format)


@op("torch.Tensor.sum_to_size")
def sum_to_size(input: Tensor, *size: Size | Shape) -> Tensor:
    """The sum over what was broadcast from `size`: a tensor of that size."""
    shape = sizes_of(size, None)
    new = input.ndim - len(shape)
    unfit = ShapeError(
        "broadcast-mismatch",
        f"{show_shape(shape)} does not broadcast to the {show_shape(input.shape)} of {{input}}",
        blame="input",
        torch=f"size {{{show_shape(shape)}}} is not expandable to size {{{show_shape(input.shape)}}}.",
        label=show_shape(input.shape),
    )
    if new < 0:
        raise unfit
    kept = [d for d in range(new, input.ndim) if decide_same(shape[d - new], input.shape[d])]
    if any(shape[d - new] != 1 for d in range(new, input.ndim) if d not in kept):
        raise unfit
    summed = tuple(d for d in range(input.ndim) if d not in kept)
    if shape and not summed:
        return input
    total = sum_(input)
    return Tensor(shape, total.dtype, requires_grad=total.requires_grad, device=total.device)
