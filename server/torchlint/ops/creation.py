"""Tensors from sizes: `zeros`, `rand`, `eye`, `full_like`, `new_ones` and their kin.

Known elements: constants. Ranges are in `ranges.py`, tensors from data in `data.py`. The default dtype is float32, whatever
`torch.set_default_dtype` says.
"""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr, Size, product
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import known_int, require_chosen
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import dtype_of_number
from torchlint.ops.elements import MAX_VALUES, stored
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise_strides
from torchlint.ops.shaping import sizes_of
from torchlint.values.dtype import DType, float32, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import CONTIGUOUS, Shape, Strides, Tensor, _Contiguous, contiguous_strides
from torchlint.values.unknown import Unknown


def made(
    shape: Shape,
    dtype: DType,
    device: object = None,
    requires_grad: object = False,
    strides: Strides | _Contiguous | None = CONTIGUOUS,
    fill: object = None,
) -> Tensor:
    """A new tensor of that shape; `fill` is its every element where that is known."""
    for size in shape:
        if isinstance(size, int) and size < 0:
            require_chosen()
            raise ShapeError(
                "empty-output",
                f"{{callee}} makes a tensor of {show_shape(shape)}, and {size} is no size",
                torch=f"Trying to create tensor with negative dimension {size}: {show_shape(shape)}",
            )
    return Tensor(
        shape,
        dtype,
        strides=strides,
        requires_grad=requires_grad is True,
        device=device if isinstance(device, str) else None,
        values=_filled(shape, dtype, fill),
    )


def _filled(shape: Shape, dtype: DType, fill: object) -> tuple[Any, ...] | None:
    count = product(shape)
    if fill is None or not isinstance(count, int) or count > MAX_VALUES:
        return None
    if not isinstance(fill, (bool, int, float, Expr)):
        return None
    return stored((fill,) * count, dtype)


_FILLS = {"zeros": 0, "ones": 1, "empty": None, "rand": None, "randn": None}


def _register_filled(name: str, fill: object) -> None:
    @op(f"torch.{name}")
    def function(
        *sizes: Size | Shape,
        size: Shape | None = None,
        generator: object = None,
        names: object = None,
        out: object = None,
        dtype: DType | None = None,
        layout: object = None,
        device: object = None,
        pin_memory: object = False,
        requires_grad: object = False,
        memory_format: object = None,
    ) -> Tensor:
        strides = CONTIGUOUS if memory_format is None else None
        return made(sizes_of(sizes, size), dtype or float32, device, requires_grad, strides, fill)

    function.__doc__ = f"A tensor of the given sizes (`{name}`)."

    @op(f"torch.{name}_like")
    def function_like(
        input: Tensor,
        *,
        generator: object = None,
        dtype: DType | None = None,
        layout: object = None,
        device: object = None,
        requires_grad: object = False,
        memory_format: object = None,
    ) -> Tensor:
        return like_made(input, dtype, device, requires_grad, memory_format, fill)

    function_like.__doc__ = f"A tensor like the input (`{name}`): its shape, dtype and memory order."


def like_made(
    input: Tensor,
    dtype: DType | None,
    device: object,
    requires_grad: object = False,
    memory_format: object = None,
    fill: object = None,
) -> Tensor:
    """A new tensor of the input's shape, dtype, memory order and device, but for what is given."""
    strides = elementwise_strides(input.shape, [input]) if memory_format is None else None
    return made(input.shape, dtype or input.dtype, device or input.device, requires_grad, strides, fill)


for _name, _fill in _FILLS.items():
    _register_filled(_name, _fill)


def _register_new(name: str, fill: object) -> None:
    @op(f"torch.Tensor.new_{name}")
    def function(
        input: Tensor,
        *sizes: Size | Shape,
        size: Shape | None = None,
        dtype: DType | None = None,
        device: object = None,
        requires_grad: object = False,
        layout: object = None,
        pin_memory: object = False,
    ) -> Tensor:
        shape = sizes_of(sizes, size)
        return made(shape, dtype or input.dtype, device or input.device, requires_grad, fill=fill)

    function.__doc__ = f"A tensor of the given sizes (`{name}`), with the input's dtype and device."


for _name in ("zeros", "ones", "empty"):
    _register_new(_name, _FILLS[_name])


@op("torch.full")
def full(
    size: Shape,
    fill_value: Tensor | Number | Unknown,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of that size, every element `fill_value`, whose type decides the dtype."""
    if dtype is None and isinstance(fill_value, Unknown):
        raise Undecided(fill_value.reason)
    inferred = fill_value.dtype if isinstance(fill_value, Tensor) else dtype_of_number(fill_value)
    return made(size, dtype or inferred, device, requires_grad, fill=fill_value)


@op("torch.full_like")
def full_like(
    input: Tensor,
    fill_value: object,
    *,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    """A tensor like the input, every element `fill_value`."""
    return like_made(input, dtype, device, requires_grad, memory_format, fill_value)


@op("torch.Tensor.new_full")
def new_full(
    input: Tensor,
    size: Shape,
    fill_value: object,
    *,
    dtype: DType | None = None,
    device: object = None,
    requires_grad: object = False,
    layout: object = None,
    pin_memory: object = False,
) -> Tensor:
    """A tensor of that size with the input's dtype, every element `fill_value`."""
    return made(size, dtype or input.dtype, device or input.device, requires_grad, fill=fill_value)


@op("torch.Tensor.new")
def new(input: Tensor, *size: Size | Shape | Tensor) -> Tensor:
    """A tensor of the input's dtype: of those sizes, or (of a list) of those elements, which is not followed."""
    sizes = tuple(s for s in size if isinstance(s, (int, Expr)))
    if len(sizes) < len(size):
        raise Undecided("`Tensor.new` of a list")
    return made(sizes or (0,), input.dtype, input.device)


@op("torch.empty_strided")
def empty_strided(
    size: Shape,
    stride: Shape,
    *,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """A tensor of that size with those strides."""
    if len(size) != len(stride):
        raise ShapeError(
            "bad-call",
            f"`size` of {{callee}} has {len(size)} dimensions and `stride` {len(stride)}",
            blame="stride",
            torch=f"mismatch in length of strides and shape: {len(stride)} and {len(size)}",
        )
    return made(size, dtype or float32, device, requires_grad, strides=stride)


@op("torch.Tensor.new_empty_strided")
def new_empty_strided(
    input: Tensor,
    size: Shape,
    stride: Shape,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    pin_memory: object = False,
    requires_grad: object = False,
) -> Tensor:
    """A tensor of that size with those strides and the input's dtype."""
    placed = device or input.device
    return empty_strided(size, stride, dtype=dtype or input.dtype, device=placed, requires_grad=requires_grad)


@op("torch.empty_permuted")
def empty_permuted(
    size: Shape,
    physical_layout: Shape,
    *,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """A tensor of that size whose dimensions lie in memory in the order of `physical_layout`, the outermost first."""
    if len(size) != len(physical_layout):
        raise ShapeError(
            "bad-call",
            f"`size` of {{callee}} has {len(size)} dimensions and `physical_layout` {len(physical_layout)}",
            blame="physical_layout",
            torch="Number of dimensions in size does not match the length of the physical_layout",
        )
    order = [known_int(d, "a dimension") for d in physical_layout]
    if sorted(order) != list(range(len(size))):
        raise ShapeError(
            "dim-out-of-range",
            f"`physical_layout` of {{callee}} is {show_shape(physical_layout)}, not an order of {len(size)} dimensions",
            blame="physical_layout",
            torch="Dimension out of range or duplicate dim not allowed",
        )
    outermost_first = contiguous_strides([size[d] for d in order])
    strides = tuple(outermost_first[order.index(d)] for d in range(len(size)))
    return made(size, dtype or float32, device, requires_grad, strides)


@op("torch.eye")
def eye(
    n: Size,
    m: Size | None = None,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """`[n, m]` with ones on the diagonal."""
    return made((n, n if m is None else m), dtype or float32, device, requires_grad)


@op("torch.randint")
def randint(
    low: Size | Number,
    high: Size | Number | Shape | None = None,
    size: Shape | None = None,
    *,
    generator: object = None,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """Whole numbers from `low` (0) below `high`, at random."""
    if size is None:
        if not isinstance(high, tuple):
            raise ShapeError(
                "bad-call",
                "{callee} is called without `size`",
                torch="received an invalid combination of arguments",
            )
        size = high
    return made(size, dtype or int64, device, requires_grad)


@op("torch.randint_like")
def randint_like(
    input: Tensor,
    low: object = 0,
    high: object = None,
    *,
    generator: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    memory_format: object = None,
) -> Tensor:
    """Whole numbers at random, in a tensor like the input."""
    return like_made(input, dtype, device, requires_grad, memory_format)


@op("torch.randperm")
def randperm(
    n: Size,
    *,
    generator: object = None,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
    pin_memory: object = False,
) -> Tensor:
    """The numbers from 0 below `n`, shuffled."""
    return made((n,), dtype or int64, device, requires_grad)
