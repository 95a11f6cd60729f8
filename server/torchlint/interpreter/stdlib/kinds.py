"""Python's builtins that ask of which kind a value is."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.arrays import class_of_scalar
from torchlint.interpreter.functions import BoundMethod, FunctionValue, HostFunction, Partial, TensorType
from torchlint.interpreter.objects import ClassValue, Instance, NamedTuple, NamedTupleType, Namespace  # fmt: skip
from torchlint.interpreter.stdlib.enums import EnumMeta
from torchlint.ops.registry import LAYER_OF_CLASS, LayerType, Operation
from torchlint.values.dtype import float64
from torchlint.values.module import Module
from torchlint.values.rounds import ITERATOR, Series
from torchlint.values.scalar import Scalar
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, Likely, Unknown

_NUMERIC: dict[type, tuple[type, ...]] = {int: (int, Expr), float: (float, Real)}


def is_instance(m: Any, value: Any, classes: Any) -> Any:
    """`isinstance`; Unknown where it cannot be known."""
    if isinstance(classes, tuple):
        results = [is_instance(m, value, c) for c in classes]
        return True if True in results else next((r for r in results if isinstance(r, Unknown)), False)
    if classes is None:  # of a union
        return value is None
    if isinstance(classes, (Tensor, Module, Expr, int, float, str, list, dict)):
        raise m.raise_host(TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union"))
    if isinstance(value, Free):
        return _is_free(m, value, classes)
    if isinstance(value, Series) and value.parts is not None and value.kind is not ITERATOR:
        value = () if value.kind is tuple else [] if value.kind is list else range(1)
    if isinstance(value, Unknown):
        return m.derived("isinstance", value, getattr(classes, "__name__", getattr(classes, "name", "")))
    if isinstance(classes, Unknown):
        if isinstance(value, (Tensor, int, float, str, list, tuple, dict, type(None), Expr)):
            return False  # classes of libraries that are not followed are no builtin types
        return m.suppose_kind(value, Likely(False, m.derived("isinstance", classes)))
    if isinstance(classes, ClassValue):
        return _instance_of_class(m, value, classes)
    if isinstance(classes, LayerType):
        if classes.name in _TENSOR_TYPES:
            return isinstance(value, Tensor) and (value.is_parameter or not classes.name.endswith("Parameter"))
        return isinstance(value, classes.cls)
    if isinstance(value, Scalar) and classes in (int, float):
        return classes is float and value.dtype is float64
    if classes in _NUMERIC:
        return isinstance(value, _NUMERIC[classes])
    if isinstance(classes, NamedTupleType):
        return isinstance(value, NamedTuple) and value.cls is classes
    if classes is bool:
        return isinstance(value, bool)
    if classes is EnumMeta:
        return isinstance(value, ClassValue) and value.members is not None
    if classes is type:
        return isinstance(value, (type, ClassValue, LayerType, TensorType))
    if classes is object:
        return True
    if isinstance(classes, type):
        if isinstance(value, Instance):
            return issubclass(value.cls.host_base, classes) or isinstance(value.payload, classes)
        if isinstance(value, _INTERNAL):
            return False
        return isinstance(value, classes)
    if isinstance(classes, HostFunction) and classes.name in _ABSTRACT:
        return _ABSTRACT[classes.name](m, value)
    return m.unknown("an isinstance test could not be followed")


def _is_free(m: Any, value: Free, classes: Any) -> Any:
    """What the caller chooses is taken for a size first, and for something else after that."""
    test = m.derived("isinstance", value, getattr(classes, "__name__", getattr(classes, "name", "")))
    if classes is int or getattr(classes, "name", "") in ("Number", "Integral", "Real"):
        return test
    return Unknown(test.reason, test.place, ("not", ("is not", test.key)))


_TENSOR_TYPES = {"torch.Tensor", "torch.nn.Parameter"}


_INTERNAL = (Tensor, Module, FunctionValue, Operation, HostFunction, ClassValue, LayerType, Namespace, BoundMethod, Partial)


def _is_callable(m: Any, value: Any) -> bool:
    if isinstance(value, (FunctionValue, Operation, HostFunction, ClassValue, LayerType, BoundMethod, Partial, type, Module)):
        return True
    return m.find_method(value, "__call__") is not None


_ABSTRACT: dict[str, Callable[[Any, Any], bool]] = {
    "Tensor": lambda m, v: isinstance(v, Tensor),
    "Parameter": lambda m, v: isinstance(v, Tensor) and v.is_parameter,
    "Callable": _is_callable,
    "partial": lambda m, v: isinstance(v, Partial),
    "FunctionType": lambda m, v: isinstance(v, (FunctionValue, Operation)),
    "BuiltinFunctionType": lambda m, v: isinstance(v, HostFunction),
    "MethodType": lambda m, v: isinstance(v, BoundMethod),
    "ModuleType": lambda m, v: isinstance(v, Namespace),
    "Iterable": lambda m, v: isinstance(v, (list, tuple, dict, set, str, range, Tensor)) or hasattr(v, "__next__"),
    "Sequence": lambda m, v: isinstance(v, (list, tuple, str, range)),
    "Mapping": lambda m, v: isinstance(v, dict),
    "MutableMapping": lambda m, v: isinstance(v, dict),
    "Number": lambda m, v: isinstance(v, (int, float, Expr, Real)),
    "Integral": lambda m, v: isinstance(v, (int, Expr)),
    "Real": lambda m, v: isinstance(v, (int, float, Expr, Real)),
}


def _instance_of_class(m: Any, value: Any, cls: ClassValue) -> Any:
    if isinstance(value, Scalar):
        owner = class_of_scalar(m, value)
        return owner is not None and cls in owner.mro
    owner = value.interpreted_class if isinstance(value, Module) else value.cls if isinstance(value, Instance) else None
    return isinstance(owner, ClassValue) and any(entry is cls or _are_twins(entry, cls) for entry in owner.mro)


def _are_twins(one: Any, other: ClassValue) -> bool:
    """Whether both are a class of the checked file, as itself and as a module that another file imports."""
    if not isinstance(one, ClassValue) or one.name != other.name or one.unit.checked is other.unit.checked:
        return False
    return os.path.realpath(one.unit.path) == os.path.realpath(other.unit.path)


def _issubclass(m: Any, cls: Any, classes: Any) -> Any:
    if isinstance(classes, tuple):
        results = [_issubclass(m, cls, c) for c in classes]
        return True if True in results else next((r for r in results if isinstance(r, Unknown)), False)
    if isinstance(cls, Unknown) or isinstance(classes, Unknown):
        return m.derived("issubclass", cls, classes)
    if isinstance(cls, ClassValue):
        target = classes.cls if isinstance(classes, LayerType) else classes
        bases = [base for entry in cls.mro if isinstance(entry, ClassValue) for base in entry.bases]
        return target in cls.mro or (isinstance(classes, TensorType) and classes in bases)
    if isinstance(cls, TensorType):
        return cls is classes or (cls.name == "Parameter" and getattr(classes, "name", "") == "Tensor")
    if isinstance(cls, LayerType) and isinstance(classes, LayerType):
        return issubclass(cls.cls, classes.cls)
    if isinstance(cls, type) and isinstance(classes, type):
        return issubclass(cls, classes)
    return False


def _type(m: Any, value: Any, *rest: Any) -> Any:
    if rest:
        return m.unknown("a class made by `type` could not be followed")
    if isinstance(value, Series) and value.parts is not None:
        return value.kind
    if isinstance(value, Unknown):
        return m.derived("type", value)
    if isinstance(value, Module):
        return value.interpreted_class or LAYER_OF_CLASS.get(type(value)) or m.unknown("its class is not known")
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Scalar):
        return class_of_scalar(m, value) or m.unknown("the class of a scalar")
    if isinstance(value, Expr):
        return int
    if isinstance(value, Real):
        return float
    if isinstance(value, Tensor):
        return m.get_attribute(value, "__class__")
    return m.unknown("its class is not known") if isinstance(value, _INTERNAL) else type(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {"isinstance": is_instance, "issubclass": _issubclass, "callable": _is_callable}
TYPES: dict[type, Callable[..., Any]] = {type: _type}
