"""Arrays of numpy, which a stand-in tells of, where they meet torch.

An array is an object of the stand-in's class that holds a tensor; a scalar is a number (see `values.scalar`). Functions of
torch take arrays only where they make a tensor of them, and in subscripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchlint.dims.truth import Truth
from torchlint.interpreter.objects import ClassValue, Instance
from torchlint.interpreter.standins import path_of
from torchlint.ops.casting import cast
from torchlint.ops.registry import OPERATIONS, Operation
from torchlint.ops.strides import is_contiguous
from torchlint.values.dtype import bool_, int64, uint8
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.scalar import dtype_of_scalar, scalar
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_HOME = "numpy._arrays"
ARRAYS = path_of(_HOME)
"""The file of the stand-in that tells of arrays."""
_CONVERTING = {"torch.tensor", "torch.as_tensor", "torch.asarray", "torch.from_numpy", "torch.Tensor.new_tensor"}
"""What makes tensors of arrays."""
_SUBSCRIPTS = {"torch.Tensor.__getitem__", "torch.Tensor.__setitem__"}
_MAX_DEPTH = 4
_CLASS_NAMES = {"bool": "bool_"}
_NEGATIVE = "At least one stride in the given numpy array is negative"


def tensor_of(value: Any) -> Tensor | None:
    """The tensor that an array holds; None of anything else."""
    if type(value) is not Instance or "_tensor" not in value.attributes:
        return None
    is_array = any(isinstance(c, ClassValue) and c.unit.path == ARRAYS and c.name == "ndarray" for c in value.cls.mro)
    tensor = value.attributes["_tensor"]
    return tensor if is_array and isinstance(tensor, Tensor) else None


def array_of(m: Any, tensor: Any) -> Any:
    """An array that holds the tensor; Unknown is Unknown."""
    if not isinstance(tensor, Tensor):
        return tensor if isinstance(tensor, Unknown) else m.unknown("an array could not be followed")
    cls = m.get_attribute(m.standin(_HOME), "ndarray")
    if not isinstance(cls, ClassValue):
        return m.unknown("numpy could not be followed")
    made = Instance(cls)
    made.attributes["_tensor"] = tensor
    return made


def result_of(m: Any, tensor: Any) -> Any:
    """What a function of numpy gives: a scalar where the tensor has no dimensions, else an array."""
    if not isinstance(tensor, Tensor) or tensor.ndim:
        return array_of(m, tensor)
    known = tensor.values[0] if tensor.values is not None else m.unknown("it is an element of an array")
    return scalar(known, tensor.dtype)


def class_of_scalar(m: Any, value: Any) -> ClassValue | None:
    """The class of a scalar in the stand-in; None of what is no scalar, or while numpy is not used."""
    dtype = dtype_of_scalar(value)
    if dtype is None:
        return None
    cls = m.get_attribute(m.standin("numpy._dtypes"), _CLASS_NAMES.get(dtype.name, dtype.name))
    return cls if isinstance(cls, ClassValue) else None


def with_tensors(m: Any, operation: Operation, bound: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of an operation with tensors in the place of arrays. Raises ShapeError where torch takes none."""
    if operation.name in _SUBSCRIPTS:
        return {name: _of_index(value) if name == "index" else value for name, value in bound.items()}
    if operation.name in _CONVERTING:
        return {name: _of_data(m, value, 0) for name, value in bound.items()}
    for parameter in operation.signature.parameters:
        if parameter.name in bound and "Tensor" in parameter.annotation:
            _refuse(bound[parameter.name], parameter.name, parameter.annotation)
    return bound


def _refuse(value: Any, name: str, annotation: str) -> None:
    if tensor_of(value) is not None and annotation != "Sequence[Tensor]":
        raise ShapeError(
            "bad-call",
            f"`{name}` of {{callee}} must be a tensor, but is a numpy array",
            blame=name,
            torch=f"argument '{name}' must be Tensor, not numpy.ndarray",
            notes=("`torch.from_numpy` makes a tensor of an array",),
        )
    if "Sequence[Tensor]" in annotation and isinstance(value, (list, tuple)) and any(tensor_of(v) is not None for v in value):
        raise ShapeError(
            "bad-call",
            f"{{{name}}} holds a numpy array where every element must be a tensor",
            blame=name,
            torch="expected Tensor as element 0 in argument 0, but got numpy.ndarray",
            notes=("`torch.from_numpy` makes a tensor of an array",),
        )


def _of_index(index: Any) -> Any:
    """A subscript of a tensor. Arrays are what they hold; those of floats torch takes for something else."""
    if type(index) in (tuple, list):
        return type(index)(map(_of_index, index))
    tensor = tensor_of(index)
    if tensor is None:
        return index
    if not tensor.dtype.is_integral:
        raise Undecided("an array of floats is an index")
    return tensor if tensor.dtype in (bool_, uint8) else cast(tensor, int64)


def _of_data(m: Any, data: Any, depth: int) -> Any:
    """What `torch.tensor` makes of arrays, and of lists that hold arrays."""
    tensor = tensor_of(data)
    if tensor is not None:
        if data.attributes.get("_is_backward"):
            raise ShapeError(
                "invalid-operation",
                "the array runs backwards, which no tensor does",
                torch=_NEGATIVE,
                notes=("`.copy()` of the array goes forwards",),
            )
        return _shared(tensor)
    if depth < _MAX_DEPTH and isinstance(data, (list, tuple)) and data and _holds_array(data, depth):
        parts = [_of_data(m, part, depth + 1) for part in data]
        tensors = [p if isinstance(p, Tensor) else m.call_value(OPERATIONS["torch.tensor"], (p,), {}) for p in parts]
        return m.call_value(OPERATIONS["torch.stack"], (tensors,), {})
    return data


def _holds_array(data: Any, depth: int) -> bool:
    return any(
        tensor_of(part) is not None
        or (depth < _MAX_DEPTH and isinstance(part, (list, tuple)) and _holds_array(part, depth + 1))
        for part in data
    )


def _shared(tensor: Tensor) -> Tensor:
    """A tensor of the same memory. How numpy lays a result out is not modelled where it may not be row-major."""
    strides = tensor._strides if is_contiguous(tensor) is Truth.YES else None
    return Tensor(tensor.shape, tensor.dtype, strides=strides, values=tensor.values, storage=tensor.storage)
