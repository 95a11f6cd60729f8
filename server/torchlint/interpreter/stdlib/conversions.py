"""Python's builtins for numbers and texts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.functions import TensorType
from torchlint.interpreter.objects import ClassValue
from torchlint.ops.registry import OPERATIONS, LayerType
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, Unknown


def _abs(m: Any, value: Any) -> Any:
    if isinstance(value, Unknown):
        return m.derived("abs", value)
    if isinstance(value, Tensor):
        return m.call_value(OPERATIONS["torch.abs"], (value,), {})
    method = m.find_method(value, "__abs__")
    if method is not None:
        return m.call_value(method, (), {})
    return m.unknown("the absolute value of a symbolic number") if isinstance(value, (Expr, Real)) else abs(value)


def _round(m: Any, value: Any, digits: Any = None) -> Any:
    if isinstance(value, (Free, Expr)):
        return value.size if isinstance(value, Free) else value
    if isinstance(value, Unknown):
        return m.derived("round", value)
    if isinstance(value, Real):
        return m.unknown("a symbolic number is rounded")
    return round(value) if digits is None else round(value, digits)


def number_in(m: Any, tensor: Tensor) -> Any:
    """The one element of a tensor; it fails as in torch if there are more."""
    if isinstance(tensor, InputTensor) and not tensor.is_decided:
        return m.unknown("a number is read from the elements of a tensor")
    return m.call_operation(OPERATIONS["torch.Tensor.item"], (tensor,), {})


def _int(m: Any, value: Any = 0, base: Any = None) -> Any:
    if isinstance(value, Tensor):
        value = number_in(m, value)
    if isinstance(value, Free):
        return value.size
    if isinstance(value, Unknown):
        return m.derived("int", value)
    if isinstance(value, Expr):
        return value
    if isinstance(value, Real):
        return value.floor()
    return int(value) if base is None else int(value, base)


def _float(m: Any, value: Any = 0.0) -> Any:
    if isinstance(value, Tensor):
        value = number_in(m, value)
    if isinstance(value, Unknown):
        return m.derived("float", value)
    if isinstance(value, Expr):
        return Real(value, 1)
    if isinstance(value, Real):
        return value
    return float(value)


def _str(m: Any, value: Any = "", *rest: Any) -> Any:
    if isinstance(value, Unknown):
        return m.derived("str", value)
    return str(value) if isinstance(value, (str, BaseException)) else _repr(m, value)


def _bool(m: Any, value: Any = False) -> Any:
    if isinstance(value, Unknown):
        return value
    return m.known_truth(value)


def _divmod(m: Any, a: Any, b: Any) -> Any:
    return m.binary(ast.FloorDiv, a, b), m.binary(ast.Mod, a, b)


def _pow(m: Any, a: Any, b: Any, *rest: Any) -> Any:
    return m.binary(ast.Pow, a, b)


def _repr(m: Any, value: Any) -> Any:
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    if isinstance(value, ClassValue):
        return f"<class '{value.scope.module.name}.{value.name}'>"
    if isinstance(value, LayerType):
        return f"<class '{value.name}'>"
    if isinstance(value, TensorType):
        return f"<class '{_WHERE_TENSORS_ARE.get(value.name, 'torch')}.{value.name}'>"
    if isinstance(value, type) and value.__module__ == "builtins":
        return repr(value)
    if type(value) in (tuple, list):
        parts = [_repr(m, v) for v in value]
        unknown = next((p for p in parts if isinstance(p, Unknown)), None)
        if unknown is not None:
            return unknown
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(parts) == 1 else ")")
        return opening + ", ".join(parts) + closing
    return m.unknown("the text of an object is not modelled")


_WHERE_TENSORS_ARE = {"Parameter": "torch.nn.parameter", "Buffer": "torch.nn.parameter"}


FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": _abs, "round": _round, "divmod": _divmod, "pow": _pow, "repr": _repr}
TYPES: dict[type, Callable[..., Any]] = {int: _int, float: _float, str: _str, bool: _bool, complex: lambda m, *a: complex(*a)}
