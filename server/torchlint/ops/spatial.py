"""What convolutions, pools and norms share: arguments of one number or one per spatial dimension, batches
that may be missing."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.coercion import coerce
from torchlint.ops.results import result
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.signature import Parameter, ParameterKind
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor


def repeated(value: Size | Shape, dimensions: int) -> Shape:
    """A layer's argument as torch stores it: a tuple as it is, a number once per spatial dimension."""
    return value if isinstance(value, tuple) else (value,) * dimensions


def per_dimension(value: Size | Shape, dimensions: int, name: str, torch: str | None = None) -> Shape:
    """A function's argument, one size per spatial dimension; TL118 bad-call for a tuple of another length."""
    if not isinstance(value, tuple):
        return (value,) * dimensions
    if len(value) == dimensions:
        return value
    if len(value) == 1:
        return value * dimensions
    raise ShapeError(
        "bad-call",
        f"`{name}` of {{callee}} is one number or {dimensions}, but has {len(value)}: {show_shape(value)}",
        blame=name,
        torch=torch
        or f"expected {name} to be a single integer value or a list of {dimensions} values to match the "
        "convolution "
        f"dimensions, but got {name}={show_shape(value)}",
    )


def result_of(input: Tensor, shape: Shape, *others: Tensor | None, dtype: DType | None = None) -> Tensor:
    """A new tensor computed from `input`: row-major if that is; else its memory format depends on the
    backend."""
    strides = CONTIGUOUS if input.is_contiguous_by_construction else None
    return result(shape, dtype or input.dtype, input, *others, strides=strides)


def times(sizes: Shape) -> str:
    """`3 x 5`, as torch writes the sizes of kernels and images."""
    return " x ".join(show(size) for size in sizes)


def is_known_below(size: Size, limit: int) -> bool:
    """Whether the size is a number below the limit."""
    return isinstance(size, int) and size < limit


def image_form(dimensions: int) -> str:
    """The input of a spatial layer in words: `[N, C, H, W] or [C, H, W]`."""
    letters = {1: "L", 2: "H, W", 3: "D, H, W"}[dimensions]
    return f"[N, C, {letters}] or [C, {letters}]"


def require_image(input: Tensor, dimensions: int, torch: str) -> None:
    """`input` has that many spatial dimensions behind the channels, with or without a batch, or TL111
    wrong-rank."""
    if input.ndim not in (dimensions + 1, dimensions + 2):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes {image_form(dimensions)}, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=torch,
            label=show_shape(input.shape),
        )


def require_elements(input: Tensor, sizes: Shape) -> None:
    """None of the sizes is zero, or TL114 empty-output."""
    if any(size == 0 for size in sizes):
        raise ShapeError(
            "empty-output",
            f"{{input}} of {{callee}} is empty: {show_shape(input.shape)}",
            blame="input",
            torch="Expected input to have non-zero size for non-batch dimensions, but input has sizes "
            f"{show_shape(input.shape)}",
            label=show_shape(input.shape),
        )


_SIZE = Parameter("output_size", ParameterKind.POSITIONAL, annotation="Size")


def sizes_or_none(value: object) -> Size | tuple[Size | None, ...] | None:
    """An argument such as `(None, 7)`, whose elements may be None to keep a size of the input."""
    if isinstance(value, (list, tuple)):
        return tuple(None if v is None else coerce(v, _SIZE) for v in value)
    size: Size | None = None if value is None else coerce(value, _SIZE)
    return size
