"""What the stand-ins for numpy import as `_torchlint`: arrays of all that numpy makes arrays of, and the dtypes of results."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.arrays import array_of, result_of, tensor_of
from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import Instance
from torchlint.ops.casting import cast
from torchlint.ops.registry import OPERATIONS
from torchlint.values.dtype import DTYPES, Category, DType, bool_, float64, int64
from torchlint.values.scalar import ScalarFloat, ScalarInt, dtype_of_result, dtype_of_scalar, promoted, scalar
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, SomeInteger, SomeNumber, Unknown

_VERSIONS = "which dtype it has depends on the version of numpy"


def _dtype_of_number(value: Any) -> DType | None:
    """What numpy makes of a number; None of anything else."""
    dtype = dtype_of_scalar(value)
    if dtype is not None:
        return dtype
    if isinstance(value, bool):
        return bool_
    if isinstance(value, (int, Expr, SomeInteger, Free)):
        return int64
    return float64 if isinstance(value, (float, Real, SomeNumber)) else None


def _gathered(m: Any, data: Any) -> Any:
    """The tensor that an array made of `data` holds; Unknown where it would be no array of numbers."""
    if isinstance(data, Tensor):
        return data
    tensor = tensor_of(data)
    if tensor is not None:
        return tensor
    if isinstance(data, range):
        return m.call_value(OPERATIONS["torch.arange"], (data.start, data.stop, data.step), {"dtype": int64})
    method = m.find_method(data, "__array__")
    if method is not None:
        return _gathered(m, m.call_value(method, (), {}))
    dtype: DType | None = float64 if isinstance(data, (list, tuple)) and not data else None
    for leaf in _leaves(data) if isinstance(data, (list, tuple)) else (data,):
        inner = leaf.dtype if isinstance(leaf, Tensor) else _dtype_of_number(leaf)
        if inner is None:
            return leaf if isinstance(leaf, Unknown) else m.unknown("an array of what are no numbers")
        dtype = inner if dtype is None else promoted(dtype, inner)
    if isinstance(data, (list, tuple)) and data and all(_is_held(part) for part in data):
        parts = [m.call_value(OPERATIONS["torch.Tensor.to"], (_gathered(m, part), dtype), {}) for part in data]
        return m.call_value(OPERATIONS["torch.stack"], (parts,), {})
    return m.call_value(OPERATIONS["torch.tensor"], (data,), {"dtype": dtype})


def _is_held(value: Any) -> bool:
    return isinstance(value, Tensor) or tensor_of(value) is not None


def _leaves(data: Any) -> Iterator[Any]:
    for part in data:
        if isinstance(part, (list, tuple)):
            yield from _leaves(part)
        else:
            tensor = tensor_of(part)
            yield part if tensor is None else tensor


def _common_dtype(m: Any, first: Any, second: Any, compares: bool) -> Any:
    """The dtype in which two operands are combined."""
    tensors = _gathered(m, first), _gathered(m, second)
    if not all(isinstance(tensor, Tensor) for tensor in tensors):
        return m.unknown("the dtype of what is not known")
    wide = promoted(tensors[0].dtype, tensors[1].dtype)
    if compares:
        return wide
    arrays = [tensor.dtype for tensor in tensors if tensor.ndim]
    if len(arrays) == 2:
        return wide
    if not arrays:
        return _of_numbers(first, second, wide) or m.unknown(_VERSIONS)
    other, number = (second, tensors[1]) if tensors[0].ndim else (first, tensors[0])
    return _beside_array(arrays[0], other, number) or m.unknown(_VERSIONS)


def _of_numbers(first: Any, second: Any, wide: DType) -> DType | None:
    if dtype_of_scalar(first) is None and dtype_of_scalar(second) is None:
        return wide
    return dtype_of_result(first, second)


def _beside_array(dtype: DType, other: Any, number: Tensor) -> DType | None:
    """The dtype of an array with a number beside it; None where it depends on numpy's version."""
    wide = promoted(dtype, number.dtype)
    is_pythons = dtype_of_scalar(other) is None and tensor_of(other) is None and not isinstance(other, Tensor)
    if wide is dtype or dtype.bits == 64:
        return wide
    if not is_pythons or isinstance(other, Unknown):
        return dtype if is_pythons and dtype.category >= number.dtype.category else None
    if dtype.category < number.dtype.category:
        return number.dtype
    if dtype.category is Category.INTEGER and isinstance(other, int):
        least = -(1 << (dtype.bits - 1)) if dtype.signed else 0
        return dtype if least <= other < 1 << (dtype.bits - dtype.signed) else None
    return dtype if dtype.category is Category.FLOAT else None


def _item(m: Any, array: Any, index: Any) -> Any:
    """`array[index]`: slices may run backwards."""
    tensor = tensor_of(array)
    if tensor is None:
        return m.unknown("an array could not be followed")
    parts = index if isinstance(index, tuple) else (index,)
    flipped: list[int] = []
    for axis, part in enumerate(parts):
        if not isinstance(part, slice) or part.step is None or (isinstance(part.step, int) and part.step > 0):
            continue
        if part.step != -1 or part.start is not None or part.stop is not None or not _are_plain(parts[:axis]):
            return m.unknown("a slice that runs backwards")
        flipped.append(axis)
    if flipped:
        parts = tuple(slice(None) if axis in flipped else part for axis, part in enumerate(parts))
        tensor = m.call_value(OPERATIONS["torch.flip"], (tensor, tuple(flipped)), {})
    parts = tuple(map(_index, parts))
    made = m.get_item(tensor, parts if isinstance(index, tuple) else parts[0])
    given = result_of(m, made)
    if flipped and isinstance(given, Instance) and all(isinstance(part, slice) for part in parts):
        given.attributes["_is_backward"] = True
    return given


def _index(part: Any) -> Any:
    """An array in a subscript of an array: of bool it is a mask, else it holds indices."""
    tensor = tensor_of(part)
    if tensor is None:
        return part
    return cast(tensor, int64) if tensor.dtype.is_integral and tensor.dtype is not bool_ else tensor


def _are_plain(parts: Any) -> bool:
    """Whether each part of a subscript stands for one axis that stays."""
    return all(isinstance(part, slice) for part in parts)


def _plain(m: Any, value: Any) -> Any:
    """A scalar as a number of Python's."""
    if isinstance(value, ScalarInt):
        return int(value)
    return float(value) if isinstance(value, ScalarFloat) else value


def _first_unknown(m: Any, values: Any) -> Any:
    return next((value for value in values if isinstance(value, Unknown)), None)


def _size_product(m: Any, values: Any) -> Any:
    """`numpy.prod` of a list of numbers, which may be symbolic sizes."""
    total: Any = 1
    for value in values:
        total = m.binary(ast.Mult, total, value)
    if isinstance(total, Unknown):
        return total
    return scalar(total if values else 1.0, float64 if isinstance(total, float) or not values else int64)


_NAMES = {
    "f2": "float16", "f4": "float32", "f8": "float64", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64", "?": "bool", "bool_": "bool", "f": "float32", "d": "float64",
    "float": "float64", "int": "int64", "half": "float16", "single": "float32", "double": "float64", "B": "uint8", "b": "int8",
}  # fmt: skip
_DTYPES = {"float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"}


def _torch_dtype(m: Any, given: Any) -> Any:
    """What a dtype of numpy's is in torch, by whatever name; None stays None."""
    if given is None or isinstance(given, (DType, Unknown)):
        return given
    if isinstance(given, Instance) and "_torch" in given.attributes:
        return given.attributes["_torch"]
    name = given.lstrip("<=|") if isinstance(given, str) else getattr(given, "__name__", getattr(given, "name", ""))
    name = _NAMES.get(name, name)
    return DTYPES[name] if name in _DTYPES else m.unknown("a dtype of numpy's that is not modelled")


def _dtype_name(m: Any, dtype: Any) -> Any:
    return dtype.name if isinstance(dtype, DType) else m.derived(".name", dtype)


def _is_tensor(m: Any, value: Any) -> bool:
    return isinstance(value, Tensor)


def _is_array(m: Any, value: Any) -> bool:
    return tensor_of(value) is not None


def _is_list(m: Any, value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _is_number(m: Any, value: Any) -> bool:
    """Whether it is a whole number that is known."""
    return isinstance(value, int)


_TOOLS: dict[str, Any] = {
    "array_of": array_of, "result_of": result_of, "gathered": _gathered, "common_dtype": _common_dtype, "item": _item,
    "is_tensor": _is_tensor, "is_array": _is_array, "is_list": _is_list, "is_number": _is_number, "dtype_name": _dtype_name,
    "torch_dtype": _torch_dtype, "plain": _plain, "first_unknown": _first_unknown, "size_product": _size_product,
}  # fmt: skip
ARRAY_TOOLS = {name: HostFunction(name, function, takes_unknown=True) for name, function in _TOOLS.items()}
