"""Tensors in another dtype, on another device, copied or detached; and elements that leave the world of tensors.

A positional argument of `to` that is Unknown is taken for a device. What elements are is Unknown unless they are known.
"""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, require_same
from torchlint.ops.coercion import Number
from torchlint.ops.elements import mapped, stored
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise_strides, in_place, like, result
from torchlint.ops.strides import is_contiguous, view_of
from torchlint.values.dtype import DTYPES, PYTHON_DTYPES, DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def cast(input: Tensor, dtype: DType | None = None, device: str | None = None, copy: bool = False) -> Tensor:
    """The tensor itself where dtype and device are its own already, else a copy in the same memory order."""
    dtype = dtype or input.dtype
    if dtype is input.dtype and device in (None, input.device) and not copy:
        return input
    converted = like(input, dtype)
    converted.requires_grad = input.requires_grad and not dtype.is_integral
    converted.values = input.values if dtype is input.dtype else stored(input.values, dtype)
    converted.device = device or input.device
    return converted


@op("torch.Tensor.to", pointwise=False)
def to(input: Tensor, *args: object, **kwargs: object) -> Tensor:
    """`to(dtype)`, `to(device, dtype)` or `to(other)`: the same shape."""
    dtype: DType | None = None
    device: str | None = None
    for value in (*args[:2], *(kwargs.get(name) for name in ("dtype", "device", "other", "tensor"))):
        if isinstance(value, DType):
            dtype = value
        elif isinstance(value, type):
            dtype = PYTHON_DTYPES.get(value)
        elif isinstance(value, str):
            device = value
        elif isinstance(value, Tensor):
            dtype, device = value.dtype, value.device
    asked = kwargs.get("dtype")
    if isinstance(asked, Unknown):
        raise Undecided(asked.reason)
    converted = cast(input, dtype, device, copy=kwargs.get("copy") is True)
    if kwargs.get("memory_format") is not None:
        return result(input.shape, converted.dtype, converted, strides=None, values=converted.values)
    return converted


_CASTS = (
    "float", "double", "half", "bfloat16", "int", "long", "short", "char", "byte", "bool", "cfloat", "cdouble", "chalf",
)  # fmt: skip
_BYTES = {"char": "int8", "byte": "uint8"}


def _register_cast(name: str) -> None:
    dtype = DTYPES[_BYTES.get(name, name)]

    @op(f"torch.Tensor.{name}")
    def function(input: Tensor, memory_format: object = None) -> Tensor:
        converted = cast(input, dtype)
        if memory_format is not None:
            return result(input.shape, dtype, converted, strides=None, values=converted.values)
        return converted

    function.__doc__ = f"The same shape in {dtype.name}."


for _name in _CASTS:
    _register_cast(_name)

_TYPE_NAMES = {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16",
    "ByteTensor": "uint8", "CharTensor": "int8", "ShortTensor": "int16", "IntTensor": "int32", "LongTensor": "int64",
    "BoolTensor": "bool",
}  # fmt: skip


@op("torch.Tensor.type")
def type_(input: Tensor, dtype: DType | str | Unknown | None = None, non_blocking: object = False, **kwargs: object) -> Any:
    """In another dtype; without arguments the name of the tensor type."""
    if isinstance(dtype, Unknown):
        raise Undecided(dtype.reason)
    if dtype is None:
        names = {named: name for name, named in _TYPE_NAMES.items()}
        on_cpu = input.device in (None, "cpu") and input.dtype.name in names
        return f"torch.{names[input.dtype.name]}" if on_cpu else Unknown("the name of a tensor type")
    if isinstance(dtype, str):
        name = dtype.rpartition(".")[2]
        if name not in _TYPE_NAMES:
            raise ShapeError("bad-call", f"{dtype!r} is no tensor type", blame="dtype", torch=f"invalid type: '{dtype}'")
        return cast(input, DTYPES[_TYPE_NAMES[name]])
    return cast(input, dtype)


@op("torch.Tensor.type_as")
def type_as(input: Tensor, other: Tensor) -> Tensor:
    """In the dtype of another tensor, on its device."""
    return cast(input, other.dtype, other.device)


@op("torch.Tensor.cpu", pointwise=True)
def cpu(input: Tensor, memory_format: object = None) -> Tensor:
    """On the CPU."""
    return cast(input, device="cpu" if input.device is not None else None)


@op("torch.Tensor.cuda", pointwise=True)
def cuda(input: Tensor, device: object = None, non_blocking: object = False, memory_format: object = None) -> Tensor:
    """On a GPU."""
    return cast(input, device="cuda")


@op("torch.Tensor.contiguous", pointwise=True)
def contiguous(input: Tensor, memory_format: object = None) -> Tensor:
    """Row-major in memory: the tensor itself if it is so already."""
    if memory_format is not None:
        return result(input.shape, input.dtype, input, strides=None, values=input.values)
    if is_contiguous(input) is Truth.YES:
        return input
    return result(input.shape, input.dtype, input, values=input.values)


@op("torch.clone", "torch.Tensor.clone", pointwise=True)
def clone(input: Tensor, *, memory_format: object = None) -> Tensor:
    """A copy in the same memory order."""
    strides = elementwise_strides(input.shape, [input]) if memory_format is None else None
    return result(input.shape, input.dtype, input, strides=strides, values=input.values)


@op("torch.detach", "torch.Tensor.detach", pointwise=True)
def detach(input: Tensor) -> Tensor:
    """The same elements, outside of the graph of gradients."""
    view = view_of(input, input.shape, input.strides, values=input.values)
    view.requires_grad = False
    return view


@op("torch.detach_", "torch.Tensor.detach_", pointwise=True)
def detach_in_place(input: Tensor) -> Tensor:
    """The tensor itself, taken out of the graph of gradients."""
    input.requires_grad = False
    return input


@op("torch.Tensor.requires_grad_", pointwise=True)
def requires_grad_in_place(input: Tensor, requires_grad: object = True) -> Tensor:
    """The tensor itself, with or without gradients."""
    if requires_grad is True and input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"only floats have gradients, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="only Tensors of floating point dtype can require gradients",
            label=input.dtype.name,
            result=input,
        )
    if isinstance(requires_grad, bool):
        input.requires_grad = requires_grad
    return input


@op("torch.Tensor.pin_memory", "torch.Tensor.share_memory_", pointwise=True)
def pin_memory(input: Tensor, device: object = None) -> Tensor:
    """The tensor in memory that others read faster."""
    return input


@op("torch.Tensor.item")
def item(input: Tensor) -> Any:
    """The one element as a Python number."""
    count = input.numel()
    require_same(
        count,
        1,
        lambda: ShapeError(
            "wrong-rank",
            f"{{callee}} takes a tensor of one element, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"a Tensor with {count} elements cannot be converted to Scalar",
            label=show_shape(input.shape),
        ),
    )
    if input.values is not None:
        return input.values[0]
    return Unknown("it is an element of a tensor")


@op("torch.Tensor.tolist")
def tolist(input: Tensor) -> Any:
    """The elements as nested lists."""
    if input.values is None:
        return Unknown("they are elements of a tensor")
    if input.ndim == 0:
        return input.values[0]
    rows: list[Any] = list(input.values)
    for size in reversed(input.shape[1:]):
        if isinstance(size, Expr) or size == 0:
            return Unknown("they are elements of a tensor")
        rows = [rows[i : i + size] for i in range(0, len(rows), size)]
    return rows


@op("torch.Tensor.numpy")
def numpy(input: Tensor, *, force: object = False) -> Tensor:
    """What an array of numpy holds that shares the elements."""
    return detach(input)


@op("torch.Tensor.copy_")
def copy_(input: Tensor, src: Tensor | Number, non_blocking: object = False) -> Tensor:
    """The elements of `src`, broadcast, written into the tensor, in any dtype."""
    if not isinstance(src, Tensor):
        return fill_(input, src)
    shape = broadcast_shapes(input.shape, src.shape, names=("input", "src"))
    values = stored(src.values, input.dtype) if src.shape == input.shape else None
    return in_place(input, result(shape, input.dtype, src, values=values))


def _register_fill(name: str) -> None:
    @op(f"torch.Tensor.{name}")
    def function(input: Tensor, *args: object, **kwargs: object) -> Tensor:
        input.written()
        return input

    function.__doc__ = "The tensor itself, with other elements."


for _name in (
    "bernoulli_", "cauchy_", "exponential_", "geometric_", "log_normal_", "normal_", "random_", "uniform_",
):  # fmt: skip
    _register_fill(_name)


@op("torch.Tensor.fill_", "torch.fill_")
def fill_(input: Tensor, value: object) -> Tensor:
    """The tensor itself, every element the value."""
    if isinstance(value, Tensor) and value.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} fills with one value, but {{value}} is {show_shape(value.shape)}",
            blame="value",
            torch=f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} dimensions.",
            result=input,
        )
    values = mapped(lambda x: x, input.dtype, input.shape, value) if isinstance(value, (int, float)) else None
    input.written(values)
    return input


@op("torch.Tensor.zero_", "torch.zero_", pointwise=True)
def zero_(input: Tensor) -> Tensor:
    """The tensor itself, every element 0."""
    return fill_(input, 0)


@op("torch.fill")
def fill(input: Tensor, value: object) -> Tensor:
    """A copy of the tensor, every element the value."""
    return fill_(like(input), value)


@op("torch.Tensor.to_dense")
def to_dense(input: Tensor, dtype: DType | None = None, *, masked_grad: object = None) -> Tensor:
    """The tensor itself, which is dense, or its elements in another dtype."""
    return input if dtype is None else cast(input, dtype)


@op("torch.Tensor.fill_diagonal_")
def fill_diagonal_(input: Tensor, fill_value: object, wrap: object = False) -> Tensor:
    """The tensor itself, with one value on the diagonal; of more than two dimensions all must be equal."""
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes 2 dimensions or more, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="dimensions must larger than 1",
            label=show_shape(input.shape),
        )
    for size in input.shape[1:] if input.ndim > 2 else ():
        require_same(
            size,
            input.shape[0],
            lambda: ShapeError(
                "wrong-rank",
                f"{{callee}} takes dimensions of one size, but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch="all dimensions of input must be of equal length",
                label=show_shape(input.shape),
            ),
        )
    input.written()
    return input
