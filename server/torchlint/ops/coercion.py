"""From what the checked program passes to what an operation's annotation asks for.

The vocabulary of annotations, each of them possibly in a union with `None` and with each other:

- `Tensor`, `Sequence[Tensor]` (a list or tuple of tensors, given to the operation as a tuple)
- `Size` (an int or a symbolic size), `Shape` (a list or tuple of sizes, given as a tuple)
- `Number` (an int, a float, or a symbolic size or real), `bool`, `str`, `DType`
- `Module`
- `Unknown` in a union: the operation takes an Unknown there and copes
- `object`: anything, Unknown included (arguments that no shape depends on)

A wrong type is a `ShapeError`: that is what torch would raise. An Unknown where it is not welcome raises `Undecided`.
"""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.values.code import Code
from torchlint.values.dtype import PYTHON_DTYPES, DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import runtime
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, Unknown

Number = int | float | complex | Expr | Real
"""What annotations call a Number."""

_VOCABULARY = {
    "Tensor", "Sequence[Tensor]", "Size", "Shape", "Number", "bool", "str", "DType", "Module", "Unknown", "object", "None",
}  # fmt: skip
_parsed: dict[str, frozenset[str]] = {}


def _kinds(annotation: str) -> frozenset[str]:
    kinds = _parsed.get(annotation)
    if kinds is None:
        kinds = frozenset(part.strip() for part in annotation.split("|"))
        unknown = kinds - _VOCABULARY
        if unknown:
            raise TypeError(f"an operation's annotation is out of the vocabulary: {annotation!r}")
        _parsed[annotation] = kinds
    return kinds


def coerce(value: object, parameter: Parameter) -> Any:
    """The value as the parameter's annotation wants it."""
    kinds = _kinds(parameter.annotation or "object")
    if isinstance(value, Tensor):
        if "Tensor" in kinds or "object" in kinds:
            return value
        return _from_tensor(value, kinds, parameter)
    if "object" in kinds:
        return value
    if isinstance(value, Unknown):
        return _from_unknown(value, kinds, parameter)
    if value is None:
        if "None" in kinds:
            return None
        is_needed = parameter.default is REQUIRED or parameter.kind is ParameterKind.VAR_POSITIONAL
        if "Tensor" not in kinds and (runtime().supposes_none or not is_needed):
            raise Undecided("an argument is None")  # mostly a default that says: the caller must choose
    elif isinstance(value, bool):
        if "bool" in kinds or "Size" in kinds or "Number" in kinds:
            return value
    elif isinstance(value, (int, Expr)):
        if "Size" in kinds or "Number" in kinds:
            return value
        if "bool" in kinds:
            return value != 0
    elif isinstance(value, (float, complex, Real)):
        if "Number" in kinds:
            return value
        if "Size" in kinds or "Shape" in kinds:
            raise _float_size(value, parameter)
    elif isinstance(value, str):
        if "str" in kinds:
            return value
    elif isinstance(value, (list, tuple)):
        if "Sequence[Tensor]" in kinds and "Shape" not in kinds:
            return tuple(_element_tensor(v, parameter) for v in value)
        if "Shape" in kinds:
            if "Sequence[Tensor]" in kinds and any(isinstance(v, Tensor) for v in value):
                return tuple(_element_tensor(v, parameter) for v in value)
            return tuple(_element_size(v, parameter) for v in value)
        if "Tensor" in kinds:
            raise ShapeError(
                "unpack-mismatch",
                f"{{{parameter.name}}} is a {type(value).__name__} of {len(value)}, not a tensor",
                blame=parameter.name,
                torch=f"argument '{parameter.name}' must be Tensor, not {type(value).__name__}",
            )
    elif isinstance(value, DType):
        if "DType" in kinds:
            return value
    elif isinstance(value, type) and value in PYTHON_DTYPES:
        if "DType" in kinds:
            return PYTHON_DTYPES[value]
    elif isinstance(value, Module):
        if "Module" in kinds:
            return value
    elif not isinstance(value, (Code, dict, type)):
        raise Undecided(f"an argument of type {type(value).__name__} is not modelled")
    raise _wrong_type(value, kinds, parameter)


def _from_unknown(value: Unknown, kinds: frozenset[str], parameter: Parameter) -> Any:
    if isinstance(value, Free) and ("Size" in kinds or "Number" in kinds) and "Tensor" not in kinds:
        return value.size_for(parameter.name)
    if "Unknown" in kinds:
        return value
    raise Undecided(value.reason)


def _is_no_index(value: Tensor) -> bool:
    """Whether Python cannot take the tensor for a whole number: it has other elements than one, or they are fractions."""
    return value.dtype.is_floating_point or value.dtype.is_complex or any(isinstance(s, int) and s != 1 for s in value.shape)


def _require_tensor(value: Tensor) -> None:
    """Raises Undecided for what stands for an argument that nobody has used as a tensor so far."""
    if isinstance(value, InputTensor) and not value.is_decided:
        raise Undecided(f"`{value.name}` may be no tensor")


def _from_tensor(value: Tensor, kinds: frozenset[str], parameter: Parameter) -> Any:
    _require_tensor(value)
    if not kinds & {"Number", "bool", "Sequence[Tensor]", "Unknown"} and _is_no_index(value):
        raise _wrong_type(value, kinds, parameter)
    if ("Size" in kinds or "Number" in kinds or "bool" in kinds) and value.ndim == 0:
        if value.values is not None:
            return value.values[0]
        raise Undecided("a size is read from the elements of a tensor")
    if "Sequence[Tensor]" in kinds:  # a tensor iterates over its first dimension
        raise Undecided("a tensor is used as a sequence of tensors")
    if "Size" in kinds or "Shape" in kinds or "Number" in kinds:
        raise Undecided("a size is read from the elements of a tensor")
    raise _wrong_type(value, kinds, parameter)


def _element_size(value: object, parameter: Parameter) -> Any:
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Free):
        return value.size_for(parameter.name)
    if isinstance(value, Unknown):
        raise Undecided(value.reason)
    if isinstance(value, (float, Real)):
        raise _float_size(value, parameter)
    if isinstance(value, Tensor):
        _require_tensor(value)
    if isinstance(value, Tensor) and value.values is not None and len(value.values) == 1:
        return value.values[0]
    if isinstance(value, Tensor) and _is_no_index(value):
        raise _wrong_type(value, frozenset(["Size"]), parameter)
    if isinstance(value, (list, tuple)):
        return tuple(_element_size(v, parameter) for v in value)
    if isinstance(value, (Code, str, type)):
        raise _wrong_type(value, frozenset(["Size"]), parameter)
    raise Undecided(f"a size of type {type(value).__name__} is not modelled")


def _element_tensor(value: object, parameter: Parameter) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if isinstance(value, Unknown):
        raise Undecided(value.reason)
    raise ShapeError(
        "unpack-mismatch",
        f"{{{parameter.name}}} holds a {type_name(value)} where every element must be a tensor",
        blame=parameter.name,
        torch=f"expected Tensor as element, but got {type_name(value)}",
    )


def _float_size(value: object, parameter: Parameter) -> ShapeError:
    shown = f"the float {value}" if isinstance(value, float) else "a float"
    return ShapeError(
        "dtype-mismatch",
        f"`{parameter.name}` of {{callee}} must be a whole number, but is {shown}",
        blame=parameter.name,
        torch=f"argument '{parameter.name}' must be int, not float",
        notes=("`/` always gives a float; `//` gives a whole number",),
    )


def _wrong_type(value: object, kinds: frozenset[str], parameter: Parameter) -> ShapeError:
    wanted = " or ".join(_SPOKEN[k] for k in sorted(kinds - {"Unknown", "None"})) or "nothing"
    given = "None" if value is None else f"a {type_name(value)}"
    torch = wanted.removeprefix("a ").removeprefix("an ").replace("tensor", "Tensor")
    return ShapeError(
        "bad-call",
        f"`{parameter.name}` of {{callee}} must be {wanted}, but is {given}",
        blame=parameter.name,
        torch=f"argument '{parameter.name}' must be {torch}, not {type_name(value)}",
    )


_SPOKEN = {
    "Tensor": "a tensor", "Sequence[Tensor]": "a list of tensors", "Size": "an int", "Shape": "a list of ints",
    "Number": "a number", "bool": "a bool", "str": "a string", "DType": "a dtype", "Module": "a module", "object": "anything",
}  # fmt: skip


def python_type_name(value: object) -> str:
    """What Python calls the type of a value in an exception of its own."""
    return value.type_name if isinstance(value, Module) else type_name(value)


def type_name(value: object) -> str:
    """The name of the Python type that the checked program sees."""
    if isinstance(value, Expr):
        return "int"
    if isinstance(value, Real):
        return "float"
    if isinstance(value, Module):
        return f"`{value.type_name}` module"
    if value is None:
        return "NoneType"
    if hasattr(value, "python_type"):
        return str(value.python_type)
    if isinstance(value, Tensor):
        return "tensor"
    return type(value).__name__.lower() if isinstance(value, DType) else type(value).__name__
